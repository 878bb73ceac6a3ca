//! Linear two-phase commit against its paper: costs, times, dialogue, and every schedule of
//! protocols.md 13 that concerns it. Times in microseconds: messages take 1000, work 500, a force
//! 100.

mod crashes;
mod play;
mod stage;

use commitsim_core::{Decision, Time};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand, TransactionRecord};
use play::{play, scenario};
use stage::{Run, run_of};

const COMMIT: Stand = Stand::Decided(Decision::Commit);
const ABORT: Stand = Stand::Decided(Decision::Abort);
const QUICK: &str = r#""patience": {"votes": "50ms", "decision": "50ms", "acks": "50ms"}"#;

fn linear(keys: &str) -> Run {
    run_of("\"2pc-linear\"", keys)
}

/// With patience of 50 ms, and these nodes and faults.
fn faults(nodes: u64, list: &str) -> Run {
    let run = linear(&format!(r#""nodes": {nodes}, {QUICK}, "faults": [{list}]"#));
    assert_eq!(run.record.idle_faults, []);
    run
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, [], "no violation");
    assert_eq!(run.ending, Ending::Settled);
    &run.transactions[0]
}

fn states(run: &Run) -> Vec<Stand> {
    only(&run.record).nodes.iter().map(|node| node.state).collect()
}

fn decided(tx: &TransactionRecord) -> Vec<u64> {
    tx.nodes.iter().map(|node| node.decided.unwrap_or(Time(u64::MAX)).0).collect()
}

#[test]
fn s12_1_a_commit_costs_what_the_formulas_say() {
    for n in 0..=16 {
        let text = format!(
            r#"{{"format": "commitsim/1", "protocols": ["2pc-linear"], "nodes": {},
                 "disk": {{"force": "0"}}, "work": {{"default": "0"}}}}"#,
            n + 1
        );
        let run = &play(&scenario(&text))[0];
        let tx = only(run);
        assert_eq!(tx.outcome, Outcome::Commit);
        assert_eq!((tx.messages, tx.forced, tx.records), (3 * n, 2 * n + 1, 3 * n + 2), "n = {n}");
        let delays = [tx.client, tx.decided, tx.forgotten].map(|at| at.unwrap().0 / 1_000_000);
        assert_eq!(delays, [2 * n, 2 * n, 3 * n], "n = {n}");
    }
}

/// A NO of node i: i nodes have said YES and forced it, i hear ABORT, the others NO. Aborts are
/// presumed, so nothing else is forced or acknowledged.
#[test]
fn s4_1_an_abort_costs_a_message_to_each_and_the_promises_so_far() {
    for n in 0..=16 {
        for i in 0..=n {
            let text = format!(
                r#"{{"format": "commitsim/1", "protocols": ["2pc-linear"], "nodes": {},
                     "votes": {{"no": ["n{i}"]}}}}"#,
                n + 1
            );
            let run = &play(&scenario(&text))[0];
            let tx = only(run);
            assert_eq!((tx.outcome, tx.forgotten.is_some()), (Outcome::Abort, true));
            let cost = (tx.messages, tx.forced, tx.records);
            assert_eq!(cost, (n + i, i, 2 * i + 1), "n = {n}, i = {i}");
            let all_know = tx.nodes.iter().all(|node| node.state == ABORT);
            assert!(all_know, "n = {n}, i = {i}");
        }
    }
}

/// Who has to pass votes and decisions on cannot leave early.
#[test]
fn a_read_only_vote_costs_what_a_yes_does() {
    let readers = r#""nodes": 4, "votes": {"read_only": ["n1", "n3"]}"#;
    let run = linear(readers);
    let tx = only(&run.record);
    assert_eq!((tx.outcome, tx.messages, tx.forced, tx.records), (Outcome::Commit, 9, 7, 11));
    assert_eq!(states(&run), [COMMIT, Stand::ReadOnly, COMMIT, Stand::ReadOnly]);
}

/// A chain with everything unequal, in nanoseconds.
struct Chain {
    right: Vec<u64>,
    left: Vec<u64>,
    work: Vec<u64>,
    force: u64,
}

impl Chain {
    fn drawn(draw: &mut Stream, n: u64) -> Chain {
        let mut some = |count: u64| (0..count).map(|_| draw.within(1..=9_000_000)).collect();
        let (right, left, work) = (some(n), some(n), some(n + 1));
        Chain { right, left, work, force: draw.within(0..=2_000_000) }
    }

    fn text(&self, votes: &str) -> String {
        let link = |i: usize| {
            let (right, left) = (self.right[i], self.left[i]);
            format!(
                r#"{{"from": "n{i}", "to": "n{next}", "latency": "{right}ns"}},
                   {{"from": "n{next}", "to": "n{i}", "latency": "{left}ns"}}"#,
                next = i + 1
            )
        };
        let links: Vec<String> = (0..self.right.len()).map(link).collect();
        let work: Vec<String> =
            self.work.iter().enumerate().map(|(n, w)| format!(r#""n{n}": "{w}ns""#)).collect();
        format!(
            r#"{{"format": "commitsim/1", "protocols": ["2pc-linear"],
                 "nodes": {}, "votes": {votes}, "disk": {{"force": "{}ns"}},
                 "network": {{"links": [{}]}}, "work": {{"nodes": {{{}}}}}}}"#,
            self.work.len(),
            self.force,
            links.join(","),
            work.join(",")
        )
    }

    /// When node `i` has voted, everybody before it having said YES.
    fn voted(&self, i: usize) -> u64 {
        let before: u64 = (0..i).map(|j| self.work[j] + self.force + self.right[j]).sum();
        before + self.work[i]
    }
}

/// The last node decides when all have worked and forced one after the other; the others when the
/// decision has come back, on which way nobody forces; and all is forgotten when the ACK has run
/// to the right, waiting at each node for its own record.
#[test]
fn commit_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(1), Purpose::Topology);
    for round in 0..300 {
        let chain = Chain::drawn(&mut draw, round % 12);
        let run = &play(&scenario(&chain.text("{}")))[0];
        let n = chain.right.len();
        let mut expected = vec![chain.voted(n) + chain.force];
        for i in (0..n).rev() {
            expected.insert(0, expected[0] + chain.left[i]);
        }
        let tx = only(run);
        assert_eq!(decided(tx), expected);
        assert_eq!(tx.client, Some(Time(expected[0])));
        let on_record = |i: usize| if i == n { expected[n] } else { expected[i] + chain.force };
        let mut acked = on_record(0);
        for i in 1..=n {
            acked = (acked + chain.right[i - 1]).max(on_record(i));
        }
        assert_eq!(tx.forgotten, Some(Time(acked)));
        for (i, node) in tx.nodes.iter().enumerate() {
            let doubt = if i == n { 0 } else { expected[i] - chain.voted(i) - chain.force };
            assert_eq!((node.in_doubt.0, node.blocked.0), (doubt, 0));
        }
    }
}

/// A NO travels both ways at once.
#[test]
fn abort_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(2), Purpose::Topology);
    for round in 0..200 {
        let chain = Chain::drawn(&mut draw, round % 12);
        let n = chain.right.len();
        let refuser = draw.within(0..=n as u64) as usize;
        let votes = format!(r#"{{"no": ["n{refuser}"]}}"#);
        let run = &play(&scenario(&chain.text(&votes)))[0];
        let refused = chain.voted(refuser);
        let to = |i: usize| -> u64 {
            let left: u64 = (i..refuser).map(|j| chain.left[j]).sum();
            let right: u64 = (refuser..i).map(|j| chain.right[j]).sum();
            refused + left + right
        };
        let expected: Vec<u64> = (0..=n).map(to).collect();
        assert_eq!(decided(only(run)), expected);
    }
}

#[test]
fn the_fast_path_is_a_wave_to_the_right_and_one_back() {
    let run = linear("");
    let lines = run.find(&["send", "get", "append", "write", "durable", "decide", "forget"]);
    let expected = [
        "500 n0 append Prepared at 1 tx0",
        "600 n0 durable Prepared at 1 tx0",
        "600 n0 send Yes to n1 tx0",
        "1600 n1 get Yes from n0 tx0",
        "2100 n1 append Prepared at 1 tx0",
        "2200 n1 durable Prepared at 1 tx0",
        "2200 n1 send Yes to n2 tx0",
        "3200 n2 get Yes from n1 tx0",
        "3700 n2 append Committed at 1 tx0",
        "3800 n2 durable Committed at 1 tx0",
        "3800 n2 decide Commit tx0",
        "3800 n2 send Commit to n1 tx0",
        "4800 n1 get Commit from n2 tx0",
        "4800 n1 append Committed at 2 tx0",
        "4800 n1 decide Commit tx0",
        "4800 n1 send Commit to n0 tx0",
        "4900 n1 durable Committed at 2 tx0",
        "5800 n0 get Commit from n1 tx0",
        "5800 n0 append Committed at 2 tx0",
        "5800 n0 decide Commit tx0",
        "5900 n0 durable Committed at 2 tx0",
        "5900 n0 send Ack to n1 tx0",
        "5900 n0 write Ended at 3 tx0",
        "5900 n0 forget tx0",
        "6900 n1 get Ack from n0 tx0",
        "6900 n1 send Ack to n2 tx0",
        "6900 n1 write Ended at 3 tx0",
        "6900 n1 forget tx0",
        "7900 n2 get Ack from n1 tx0",
        "7900 n2 write Ended at 2 tx0",
        "7900 n2 forget tx0",
    ];
    let foreground: Vec<String> =
        lines.into_iter().filter(|line| !line.contains("durable Ended")).collect();
    assert_eq!(foreground, expected);
}

#[test]
fn s4_1_a_node_further_right_has_not_begun() {
    let run = linear(r#""nodes": 4, "votes": {"never": ["n1"]}"#);
    assert_eq!(states(&run), [ABORT; 4]);
    assert_eq!(run.find(&["begin"]), ["0 n0 begin tx0", "1600 n1 begin tx0"]);
    // Its patience ends at the very instant at which n0's does; alarms are older than messages.
    assert_eq!(run.when("n1 decide Abort"), 1_001_600);
}

#[test]
fn s4_1_who_is_asked_before_it_has_voted_refuses() {
    let keys = format!(r#""nodes": 4, {QUICK}, "work": {{"nodes": {{"n2": "40ms"}}}}"#);
    let run = linear(&keys);
    assert_eq!(only(&run.record).outcome, Outcome::Commit, "patience of 50 ms is enough");
    let run = linear(&keys.replace("\"40ms\"", "\"49ms\""));
    // n0 has asked everybody 50 ms after its YES: n3, which has not begun, and n2, which works.
    assert_eq!(states(&run), [ABORT; 4]);
    assert_eq!(run.when("n0 send Inquire"), 50_600);
    assert_eq!(
        run.find(&["n2 decide", "n3 decide"]),
        ["51600 n2 decide Abort tx0", "51600 n3 decide Abort tx0"]
    );
}

/// B3: the decider is gone and everybody else in doubt.
#[test]
fn b3_the_crash_of_the_last_node_blocks_all_others() {
    let gone = r#"{"when": {"received": {"by": "n3", "message": "Yes"}}, "crash": {"node": "n3"}}"#;
    let run = faults(4, gone);
    assert_eq!(states(&run), [Stand::InDoubt, Stand::InDoubt, Stand::InDoubt, Stand::Down]);
    assert!(only(&run.record).nodes[..3].iter().all(|node| node.blocked.0 > 0));
    // Once it is back it knows that it never voted.
    let back = gone.replace(r#""node": "n3""#, r#""node": "n3", "restart_after": "1s""#);
    assert_eq!(states(&faults(4, &back)), [ABORT; 4]);
}

/// The rule about what silence means: to its left a node without information says ABORT.
#[test]
fn a_lost_abort_is_presumed() {
    let lost = r#"{"at": "0", "lose": {"message": "Abort", "from": "n2", "to": "n1"}}"#;
    let run =
        linear(&format!(r#""nodes": 3, {QUICK}, "votes": {{"no": ["n2"]}}, "faults": [{lost}]"#));
    assert_eq!(states(&run), [ABORT; 3]);
    // n0 asks first; n2 has refused and forgotten.
    assert_eq!(run.find(&["n0 send Inquire to n2"]), ["50600 n0 send Inquire to n2 tx0"]);
    assert_eq!(run.find(&["n2 send Abort to n0"]), ["51600 n2 send Abort to n0 tx0"]);
    assert_eq!(run.when("n0 decide Abort"), 52_600);
    // n1 asks 50 ms after its own YES.
    assert_eq!(run.when("n1 decide Abort"), 54_200);
}

/// To its right it says nothing: it may have committed.
#[test]
fn s2_4_trap_a_node_that_has_forgotten_answers_nobody_to_its_right() {
    // n1 passes COMMIT on and crashes before it is on record; n0 commits and forgets; n2, which
    // still knows, is cut off from n1 for a while.
    let run = faults(
        3,
        r#"{"when": {"sent": {"by": "n1", "message": "Commit"}},
            "crash": {"node": "n1", "restart_after": "1ms", "lose_tail": true}},
           {"when": {"sent": {"by": "n1", "message": "Commit"}},
            "isolate": {"node": "n2", "heal_after": "500ms"}}"#,
    );
    assert_eq!(states(&run), [COMMIT; 3]);
    assert!(run.when("n0 forget") < 7_000);
    assert!(run.count("n0 get Inquire from n1") > 1);
    assert_eq!(run.count("send Abort"), 0);
    let again = run.find(&["n1 decide Commit"]);
    assert_eq!(again.len(), 2, "before the crash, and when n2 could answer");
    let at = again[1].split(' ').next().unwrap().parse::<u64>().unwrap();
    assert!(at > 500_000, "{again:?}");
}

#[test]
fn an_acknowledgement_waits_for_the_record_of_the_node_that_passes_it_on() {
    let slow = r#""nodes": 3, "faults": [{"when": {"received": {"by": "n1", "message": "Commit"}},
        "slow_disk": {"node": "n1", "force": "30ms", "for": "1s"}}]"#;
    let run = linear(slow);
    assert_eq!(run.when("n1 get Ack"), 6_900);
    assert_eq!(run.when("n1 send Ack"), 34_800);
    assert_eq!(states(&run), [COMMIT; 3]);
}

#[test]
fn a_lost_acknowledgement_is_given_again_by_a_node_that_has_forgotten() {
    let run = faults(3, r#"{"at": "0", "lose": {"message": "Ack", "from": "n0"}}"#);
    assert_eq!(states(&run), [COMMIT; 3]);
    // n1's record is durable at 4900, and its patience with n0 ends 50 ms later.
    assert_eq!(
        run.find(&["n0 send Ack"]),
        ["5900 n0 send Ack to n1 tx0", "55900 n0 send Ack to n1 tx0"]
    );
    assert!(only(&run.record).forgotten.is_some());
}

/// A vote that arrives when its receiver has restarted in the meantime is refused.
#[test]
fn a_vote_that_comes_after_a_restart_is_refused() {
    let run = faults(4, r#"{"at": "100us", "crash": {"node": "n1", "restart_after": "200us"}}"#);
    assert_eq!(states(&run), [ABORT; 4]);
    let lines = run.find(&["1600 n1 send", "2600 n2 send", "3600 n3 decide"]);
    assert_eq!(
        lines,
        [
            "1600 n1 send No to n2 tx0",
            "1600 n1 send Abort to n0 tx0",
            "2600 n2 send No to n3 tx0",
            "3600 n3 decide Abort tx0",
        ]
    );
}

/// The cut between the last two nodes, each way, from every instant on: nobody disagrees.
#[test]
fn two_generals_a_link_that_is_cut_splits_nothing() {
    for (from, to) in [("n1", "n2"), ("n2", "n1"), ("n0", "n1"), ("n1", "n0")] {
        for at in (0..=8_000).step_by(250) {
            let run = linear(&format!(
                r#""nodes": 3, {QUICK}, "faults": [{{"at": "{at}us", "cut_link":
                   {{"from": "{from}", "to": "{to}", "heal_after": "300ms"}}}}]"#
            ));
            let states = states(&run);
            let aborted = |state: &Stand| [ABORT, Stand::Unaware].contains(state);
            let agreed = states == [COMMIT; 3] || states.iter().all(aborted);
            assert!(agreed, "{from} {to} {at}: {states:?}");
            assert!(only(&run.record).forgotten.is_some());
        }
    }
}

#[test]
fn a_crash_at_any_moment_harms_nobody() {
    let nodes = |n: u64, more: &str| format!(r#""nodes": {n}, {QUICK}{more}"#);
    for restart in ["1ms", "400ms"] {
        let everywhere = |keys: &str| crashes::crash_everywhere("\"2pc-linear\"", keys, restart);
        let found = everywhere(&nodes(4, ""));
        assert!(found.runs > 60 && found.commits > 10 && found.aborts > 10, "{found:?}");
        assert!(found.blocked > 10, "{found:?}");
        let found = everywhere(&nodes(4, r#", "votes": {"no": ["n2"]}"#));
        assert!(found.runs > 30 && found.aborts == found.runs && found.blocked > 0, "{found:?}");
        let found = everywhere(&nodes(1, ""));
        assert!(found.commits > 0 && found.aborts > 0, "{found:?}");
    }
}

//! Three-phase commit with election and termination protocol: what it costs, when who decides, and
//! that no crash splits or blocks it; and that one partition does (protocols.md 8.1, 8.3, 12.1, 13).

mod play;
mod stage;

use commitsim_core::{Decision, Time};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand, TransactionRecord};
use commitsim_spec::Property;
use play::{play, play_seeded, scenario};
use stage::{Run, run_of};

const DECIDED: [Stand; 2] = [Stand::Decided(Decision::Abort), Stand::Decided(Decision::Commit)];

/// A run of `3pc` with these further keys of a scenario.
fn elected(keys: &str) -> Run {
    run_of("\"3pc\"", keys)
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, [], "no violation");
    assert_eq!(run.idle_faults, [], "every fault strikes");
    &run.transactions[0]
}

fn states(tx: &TransactionRecord) -> Vec<Stand> {
    tx.nodes.iter().map(|node| node.state).collect()
}

fn names(from: u64, to: u64) -> String {
    let names: Vec<String> = (from..to).map(|n| format!("\"n{n}\"")).collect();
    format!("[{}]", names.join(","))
}

// What it costs.

/// (messages, forced, records) of both variants, which are the same while nothing fails.
fn cost(n: u64, keys: &str, outcome: Outcome) -> (u64, u64, u64) {
    let nodes = n + 1;
    let text = format!(
        r#"{{"format": "commitsim/1", "protocols": ["3pc", "3pc-naive"], "nodes": {nodes}, {keys}}}"#
    );
    let runs = play(&scenario(&text));
    let cost = |run: &RunRecord| {
        let tx = only(run);
        assert_eq!(tx.outcome, outcome);
        (tx.messages, tx.forced, tx.records)
    };
    assert_eq!(cost(&runs[0]), cost(&runs[1]));
    cost(&runs[0])
}

/// No Begin record, which is one less than the table has.
#[test]
fn s12_1_a_commit_costs_what_the_formulas_say() {
    for n in 0..=16 {
        let found = cost(n, r#""votes": {}"#, Outcome::Commit);
        assert_eq!(found, (6 * n, 3 * n + 2, 3 * n + 3), "n = {n}");
    }
}

#[test]
fn read_only_participants_save_two_phases() {
    for n in 1..=16 {
        for r in 1..=n {
            let votes = format!(r#""votes": {{"read_only": {}}}"#, names(1, r + 1));
            let (yes, found) = (n - r, cost(n, &votes, Outcome::Commit));
            assert_eq!(found, (6 * n - 4 * r, 3 * yes + 2, 3 * yes + 3), "n = {n}, r = {r}");
        }
        let votes = format!(r#""votes": {{"read_only": {}}}"#, names(0, n + 1));
        assert_eq!(cost(n, &votes, Outcome::Commit), (2 * n, 0, 0), "n = {n}");
    }
}

/// The root forces the outcome, who said YES its vote; whoever is told writes the abort lazily.
#[test]
fn an_abort_costs_what_the_log_rules_say() {
    for n in 1..=16 {
        for m in 1..=n {
            let votes = format!(r#""votes": {{"no": {}}}"#, names(1, m + 1));
            let (yes, found) = (n - m, cost(n, &votes, Outcome::Abort));
            assert_eq!(found, (2 * n + 2 * yes, 1 + yes, 2 + 2 * yes + m), "n = {n}, m = {m}");
        }
        let late = r#""votes": {"no": ["n0"]}, "work": {"nodes": {"n0": "9ms"}}"#;
        assert_eq!(cost(n, late, Outcome::Abort), (4 * n, 1 + n, 2 + 2 * n), "n = {n}");
    }
}

/// Delays 4, 5 and 6. The root forgets with the last acknowledgement; the others stay to answer
/// until its low-water mark reaches them, which rides on the messages of later transactions.
#[test]
fn s12_1_delays_are_four_five_and_six() {
    for n in 1..=16 {
        let run = elected(&format!(
            r#""nodes": {}, "disk": {{"force": "0"}}, "work": {{"default": "0"}}"#,
            n + 1
        ));
        let tx = only(&run.record);
        assert_eq!((tx.client, tx.decided), (Some(Time(4_000_000)), Some(Time(5_000_000))));
        assert_eq!(run.find(&["forget"]), ["6000 n0 forget tx0"]);
    }
}

#[test]
fn a_later_transaction_lets_everybody_forget() {
    let keys = r#"{"format": "commitsim/1", "protocols": ["3pc"], "nodes": 5,
                   "workload": {"transactions": 50}}"#;
    let runs = play(&scenario(keys));
    let (last, before) = runs[0].transactions.split_last().unwrap();
    assert_eq!(last.forgotten, None);
    for tx in before {
        assert!(tx.forgotten.is_some(), "{:?}", tx.id);
        assert_eq!((tx.outcome, tx.messages, tx.forced), (Outcome::Commit, 24, 14));
    }
}

// When who decides.

/// One system with everything unequal, in nanoseconds.
struct Star {
    out: Vec<u64>,
    back: Vec<u64>,
    /// Local work, the root's first.
    work: Vec<u64>,
    force: u64,
}

impl Star {
    fn drawn(draw: &mut Stream, n: u64) -> Star {
        let mut some = |count: u64| (0..count).map(|_| draw.within(1..=9_000_000)).collect();
        let (out, back, work) = (some(n), some(n), some(n + 1));
        Star { out, back, work, force: draw.within(0..=2_000_000) }
    }

    fn text(&self, votes: &str) -> String {
        let link = |i: usize| {
            let (n, out, back) = (i + 1, self.out[i], self.back[i]);
            format!(
                r#"{{"from": "n0", "to": "n{n}", "latency": "{out}ns"}},
                   {{"from": "n{n}", "to": "n0", "latency": "{back}ns"}}"#
            )
        };
        let links: Vec<String> = (0..self.out.len()).map(link).collect();
        let work: Vec<String> =
            self.work.iter().enumerate().map(|(n, w)| format!(r#""n{n}": "{w}ns""#)).collect();
        format!(
            r#"{{"format": "commitsim/1", "protocols": ["3pc", "3pc-naive"], "nodes": {},
                 "votes": {votes}, "disk": {{"force": "{}ns"}},
                 "network": {{"links": [{}]}}, "work": {{"nodes": {{{}}}}}}}"#,
            self.work.len(),
            self.force,
            links.join(","),
            work.join(",")
        )
    }
}

fn decided(tx: &TransactionRecord) -> Vec<u64> {
    tx.nodes.iter().map(|node| node.decided.unwrap_or(Time(u64::MAX)).0).collect()
}

/// The root forces the pre-commit when the last vote, its own among them, is in; each participant
/// forces it in its turn; when the last of them has said so, the root forces the commit. That is
/// 4δ + 3Φ where all is equal, and the root's last force.
#[test]
fn s12_1_commit_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(31), Purpose::Topology);
    for round in 0..300 {
        let star = Star::drawn(&mut draw, round % 17);
        let (force, all) = (star.force, 0..star.out.len());
        let yes = |i: usize| star.out[i] + star.work[i + 1] + force;
        let votes = all.clone().map(|i| yes(i) + star.back[i]).max().unwrap_or(0);
        let proposed = votes.max(star.work[0]) + force;
        let known = all.clone().map(|i| proposed + star.out[i] + force + star.back[i]).max();
        let root = known.unwrap_or(proposed) + force;
        let mut expected = vec![root];
        expected.extend(star.out.iter().map(|out| root + out));
        for run in play(&scenario(&star.text("{}"))) {
            let tx = only(&run);
            assert_eq!(decided(tx), expected);
            assert_eq!(tx.client, Some(Time(root)));
            for i in all.clone() {
                assert_eq!(tx.nodes[i + 1].in_doubt.0, expected[i + 1] - yes(i));
                assert_eq!(tx.nodes[i + 1].blocked.0, 0);
            }
            assert_eq!(tx.nodes[0].in_doubt.0, 0, "the root decides for all");
        }
    }
}

/// A refusing node has decided when its work ends, the root when its abort record is durable, the
/// others when they are told.
#[test]
fn abort_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(32), Purpose::Topology);
    for round in 0..200 {
        let mut star = Star::drawn(&mut draw, 2 + round % 8);
        let last = star.out.len() - 1;
        star.work[last + 1] = 40_000_000;
        let refused = star.out[last] + star.work[last + 1];
        let root = refused + star.back[last] + star.force;
        let mut expected = vec![root];
        expected.extend(star.out[..last].iter().map(|out| root + out));
        expected.push(refused);
        for run in play(&scenario(&star.text(&format!(r#"{{"no": ["n{}"]}}"#, last + 1)))) {
            assert_eq!(decided(only(&run)), expected);
        }
    }
}

/// A link of 1 ms, 500 µs of work, 100 µs a force.
#[test]
fn the_dialogue_of_a_commit() {
    let run = elected(r#""nodes": 3"#);
    let expected = "\
0 n0 send Prepare to n1 tx0
0 n0 send Prepare to n2 tx0
500 n0 vote Yes tx0
1500 n1 vote Yes tx0
1500 n1 append Prepared at 1 tx0
1500 n2 vote Yes tx0
1500 n2 append Prepared at 1 tx0
1600 n1 send Yes to n0 tx0
1600 n2 send Yes to n0 tx0
2600 n0 append PreCommitted at 1 tx0
2700 n0 send PreCommit to n1 tx0
2700 n0 send PreCommit to n2 tx0
3700 n1 append PreCommitted at 2 tx0
3700 n2 append PreCommitted at 2 tx0
3800 n1 send PreAck to n0 tx0
3800 n2 send PreAck to n0 tx0
4800 n0 append Committed at 2 tx0
4900 n0 decide Commit tx0
4900 n0 send Commit to n1 tx0
4900 n0 send Commit to n2 tx0
5900 n1 append Committed at 3 tx0
5900 n1 decide Commit tx0
5900 n2 append Committed at 3 tx0
5900 n2 decide Commit tx0
6000 n1 send Ack to n0 tx0
6000 n2 send Ack to n0 tx0
7000 n0 write Ended at 3 tx0
7000 n0 forget tx0";
    let found = run.find(&["send", "vote", "append", "write", "decide", "forget"]);
    assert_eq!(found.join("\n"), expected);
    let alarms = run.find(&["n1 arm", "n0 arm"]);
    assert_eq!(
        alarms,
        [
            "0 n0 arm VotesDue 1000000 tx0",
            "1000 n1 arm VotesDue 2000000 tx0",
            "1600 n1 arm DecisionDue 2000000 tx0",
            "2700 n0 arm PreAcksDue 1000000 tx0",
            "3700 n1 arm DecisionDue 2000000 tx0",
            "4900 n0 arm AcksDue 1000000 tx0",
        ]
    );
}

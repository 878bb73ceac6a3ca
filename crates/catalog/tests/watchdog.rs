//! Vote-register two-phase commit (protocols.md 9.2): what it costs, when it decides, whom it
//! blocks, and that no crash, loss or partition splits it.

mod play;
mod stage;
mod two_crashes;

use commitsim_core::{Decision, Time};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Outcome, RunRecord, Stand, TransactionRecord};
use stage::{Run, run_of};
use two_crashes::Play;

const ID: &str = r#""2pc-watchdog""#;

/// No time but that of messages.
const BARE: &str = r#""disk": {"force": "0", "flush": "0"}, "work": {"default": "0"}"#;

const QUICK: &str = r#""patience": {"votes": "10ms", "decision": "10ms", "acks": "10ms"}"#;

/// Only the root reads registers: nobody is in doubt for long enough to call the watchdog.
const ROOT_ONLY: &str = r#""patience": {"votes": "10ms", "decision": "100ms", "acks": "10ms"}"#;

fn names(from: u64, to: u64) -> String {
    let names: Vec<String> = (from..to).map(|n| format!("\"n{n}\"")).collect();
    format!("[{}]", names.join(","))
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, []);
    assert_eq!(run.transactions.len(), 1);
    &run.transactions[0]
}

fn decided(tx: &TransactionRecord) -> Vec<u64> {
    tx.nodes.iter().map(|node| node.decided.unwrap_or(Time(u64::MAX)).0).collect()
}

fn states(run: &Run) -> Vec<Stand> {
    only(&run.record).nodes.iter().map(|node| node.state).collect()
}

const COMMITTED: Stand = Stand::Decided(Decision::Commit);
const ABORTED: Stand = Stand::Decided(Decision::Abort);

/// 4n messages, N forced records, 2N records; 2, 3 and 4 delays. The registers rest until the
/// root's next message, so the last delay is that until the root itself forgets.
#[test]
fn s12_1_a_commit_costs_what_the_formulas_say() {
    for n in 1..=16 {
        for readers in [0, 1, n] {
            let votes = format!(r#"{{"read_only": {}}}"#, names(1, readers + 1));
            let run = run_of(ID, &format!(r#""nodes": {}, "votes": {votes}, {BARE}"#, n + 1));
            let tx = only(&run.record);
            assert_eq!(tx.outcome, Outcome::Commit);
            assert_eq!((tx.messages, tx.forced, tx.records), (4 * n, n + 1, 2 * n + 2), "n = {n}");
            assert_eq!(tx.client, Some(Time(2_000_000)));
            assert_eq!(run.when("n0 forget"), 4_000);
            if readers == 0 {
                assert_eq!(tx.decided, Some(Time(3_000_000)));
            }
        }
    }
}

/// The watchdog costs nothing where nobody calls it.
#[test]
fn s9_2_nobody_calls_the_watchdog_where_nothing_fails() {
    let run = run_of(ID, "\"nodes\": 4");
    assert_eq!(run.count(" n4 "), 0);
    assert_eq!(run.count("Fence"), 0);
}

#[test]
fn an_abort_with_m_no_votes_tells_those_that_said_yes() {
    for n in 1..=16 {
        for m in 1..=n {
            let votes = format!(r#"{{"no": {}}}"#, names(1, m + 1));
            let run = run_of(ID, &format!(r#""nodes": {}, "votes": {votes}, {BARE}"#, n + 1));
            let tx = only(&run.record);
            let yes = n - m;
            assert_eq!(tx.outcome, Outcome::Abort);
            assert_eq!((tx.messages, tx.forced), (2 * n + 2 * yes, yes + 1), "n = {n}, m = {m}");
            assert_eq!(tx.records, 2 * (yes + 1) + m);
        }
    }
}

/// Its own NO comes before anybody is asked.
#[test]
fn a_refusal_of_the_root_costs_nothing() {
    let run = run_of(ID, r#""nodes": 5, "votes": {"no": ["n0"]}"#);
    let tx = only(&run.record);
    assert_eq!((tx.outcome, tx.messages, tx.forced), (Outcome::Abort, 0, 0));
    assert_eq!(tx.client, Some(Time(500_000)));
}

/// The costs hold for each of many transactions, whose registers the next one lets go.
#[test]
fn costs_do_not_depend_on_what_came_before() {
    let run = run_of(ID, r#""nodes": 5, "workload": {"transactions": 100}"#);
    assert_eq!(run.record.violations, []);
    let all = &run.record.transactions;
    assert!(all.iter().all(|tx| (tx.messages, tx.forced) == (16, 5)));
    assert_eq!(all.iter().filter(|tx| tx.forgotten.is_some()).count(), 99, "all but the last");
}

/// Without faults, written down by hand: work 500 µs, force 100 µs, a message 1 ms. The root's own
/// register comes first; the outcome records wait 10 ms for the flush.
#[test]
fn the_dialogue_of_a_commit() {
    let run = run_of(ID, "\"nodes\": 3");
    assert_eq!(
        run.find(&["send", "durable", "decide ", "enter", "forget"]),
        [
            "600 n0 durable Prepared at 1 tx0",
            "600 n0 enter InDoubt tx0",
            "600 n0 send Prepare to n1 tx0",
            "600 n0 send Prepare to n2 tx0",
            "2200 n1 durable Prepared at 1 tx0",
            "2200 n1 enter InDoubt tx0",
            "2200 n1 send Yes to n0 tx0",
            "2200 n2 durable Prepared at 1 tx0",
            "2200 n2 enter InDoubt tx0",
            "2200 n2 send Yes to n0 tx0",
            "3200 n0 enter Decided(Commit) tx0",
            "3200 n0 decide Commit tx0",
            "3200 n0 send Commit to n1 tx0",
            "3200 n0 send Commit to n2 tx0",
            "4200 n1 enter Decided(Commit) tx0",
            "4200 n1 decide Commit tx0",
            "4200 n2 enter Decided(Commit) tx0",
            "4200 n2 decide Commit tx0",
            "13300 n0 durable Committed at 2 tx0",
            "14300 n1 durable Committed at 2 tx0",
            "14300 n1 send Ack to n0 tx0",
            "14300 n2 durable Committed at 2 tx0",
            "14300 n2 send Ack to n0 tx0",
            "15300 n0 forget tx0",
        ]
    );
}

/// A system with everything unequal, in nanoseconds.
struct Star {
    out: Vec<u64>,
    back: Vec<u64>,
    work: Vec<u64>,
    force: u64,
}

impl Star {
    fn drawn(draw: &mut Stream, n: u64) -> Star {
        let mut some = |count: u64| (0..count).map(|_| draw.within(1..=9_000_000)).collect();
        let (out, back, work) = (some(n), some(n), some(n + 1));
        Star { out, back, work, force: draw.within(0..=2_000_000) }
    }

    fn keys(&self) -> String {
        let link = |(i, (out, back)): (usize, (&u64, &u64))| {
            let n = i + 1;
            format!(
                r#"{{"from": "n0", "to": "n{n}", "latency": "{out}ns"}},
                   {{"from": "n{n}", "to": "n0", "latency": "{back}ns"}}"#
            )
        };
        let links: Vec<String> = self.out.iter().zip(&self.back).enumerate().map(link).collect();
        let work: Vec<String> =
            self.work.iter().enumerate().map(|(n, w)| format!(r#""n{n}": "{w}ns""#)).collect();
        format!(
            r#""nodes": {}, "disk": {{"force": "{}ns"}}, "network": {{"links": [{}]}},
               "work": {{"nodes": {{{}}}}}"#,
            self.work.len(),
            self.force,
            links.join(","),
            work.join(",")
        )
    }
}

/// PREPARE leaves when the root's work and force are done; the root has decided when the last
/// register is known to hold YES, a participant when COMMIT reaches it.
#[test]
fn commit_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(31), Purpose::Topology);
    for round in 0..300 {
        let star = Star::drawn(&mut draw, 1 + round % 16);
        let run = run_of(ID, &star.keys());
        let tx = only(&run.record);
        let asked = star.work[0] + star.force;
        let voted = |i: usize| asked + star.out[i] + star.work[i + 1] + star.force;
        let root = (0..star.out.len()).map(|i| voted(i) + star.back[i]).max().unwrap();
        let mut expected = vec![root];
        expected.extend(star.out.iter().map(|out| root + out));
        assert_eq!(decided(tx), expected);
        assert_eq!(tx.client, Some(Time(root)));
        assert_eq!(tx.nodes[0].in_doubt.0, root - asked, "the root, too, is in doubt");
        for (i, node) in tx.nodes.iter().enumerate().skip(1) {
            assert_eq!(node.in_doubt.0, expected[i] - voted(i - 1));
        }
    }
}

#[test]
fn a_transaction_of_one_node_is_a_local_commit() {
    let run = run_of(ID, "\"nodes\": 1");
    let tx = only(&run.record);
    assert_eq!((tx.messages, tx.forced, tx.client), (0, 1, Some(Time(600_000))));
    assert!(tx.forgotten.is_some());
}

// The rules of 9.2.

/// Rule 2, the root's patience: a fence, and not an abort. n2's YES is late and counts.
#[test]
fn s9_2_the_roots_patience_fences_and_a_late_yes_counts() {
    let run = run_of(
        ID,
        &format!(
            r#""nodes": 3, {ROOT_ONLY},
               "faults": [{{"at": "0",
                            "delay": {{"message": "Yes", "from": "n2", "by": "50ms"}}}}]"#
        ),
    );
    // PREPARE leaves at 600, so the patience ends at 10600; the register comes back at 12600.
    assert_eq!(
        run.find(&["Fence", "Register"]),
        [
            "10600 n0 send Fence to n2 tx0",
            "11600 n2 get Fence from n0 tx0",
            "11600 n2 send Register to n0 tx0",
            "12600 n0 get Register from n2 tx0",
        ]
    );
    assert_eq!(only(&run.record).client, Some(Time(12_600_000)));
    assert_eq!(states(&run), [COMMITTED; 3]);
}

/// The root's first round goes to the silent, the second to everybody, the watchdog included, also
/// where waits do not grow: n1 was told by a watchdog that is gone, n2 is down with its register.
#[test]
fn s9_2_the_roots_second_round_finds_whoever_knows() {
    let run = run_of(
        ID,
        r#""nodes": 3, "patience": {"votes": "30ms", "decision": "10ms", "acks": "30ms",
                                    "max": "1ms"},
           "faults": [{"at": "0", "lose": {"message": "Yes", "from": "n2"}},
                      {"at": "0", "lose": {"message": "Register", "to": "n0", "count": 9}},
                      {"at": "0", "lose": {"message": "Commit", "to": "n0"}},
                      {"when": {"decided": {"by": "n1"}}, "crash": {"node": "watchdog"}},
                      {"when": {"decided": {"by": "n1"}}, "crash": {"node": "n2"}}]"#,
    );
    // Told by the watchdog at 16200; the root fences at 30600 and 60600, and hears at 62600.
    assert_eq!(run.when("n1 decide Commit"), 16_200);
    assert_eq!(run.find(&["n0 send Fence"]).len(), 1 + 3);
    assert_eq!(only(&run.record).client, Some(Time(62_600_000)));
}

/// Rule 2, the empty register: working, or never met, or lost in a crash. It holds NO from then on,
/// forced, and a PREPARE or a YES of its own comes too late.
#[test]
fn s9_2_a_fence_closes_an_empty_register_with_no() {
    let fenced = |keys: &str| run_of(ID, &format!(r#""nodes": 3, {ROOT_ONLY}, {keys}"#));
    // Working: the work takes longer than the root's patience.
    let run = fenced(r#""work": {"nodes": {"n2": "15ms"}}"#);
    assert_eq!(
        run.find(&["n2 append", "n2 send", "n2 decide"])[..3],
        [
            "11600 n2 append Aborted at 1 tx0",
            "11700 n2 decide Abort tx0",
            "11700 n2 send Register to n0 tx0",
        ]
    );
    assert_eq!(states(&run), [ABORTED; 3]);
    // Never met: PREPARE is still on its way.
    let run = fenced(
        r#""faults": [{"at": "0", "delay": {"message": "Prepare", "to": "n2", "by": "50ms"}}]"#,
    );
    assert_eq!(run.count("n2 get Prepare"), 1);
    assert_eq!(run.count("n2 vote"), 0);
    assert_eq!(states(&run), [ABORTED; 3]);
    // Lost: the crash leaves no record, and none is needed.
    let run = fenced(
        r#""faults": [{"when": {"received": {"by": "n2", "message": "Prepare"}},
                       "crash": {"node": "n2", "restart_after": "1ms"}}]"#,
    );
    assert_eq!(run.count("n2 send Register"), 1);
    assert_eq!(run.count("n2 append"), 0);
    assert_eq!(states(&run), [ABORTED; 3]);
}

/// The point of it: the root dies with all votes in hand, and nobody is blocked for longer than
/// the watchdog takes to read the registers.
#[test]
fn s9_2_a_crash_of_the_root_alone_never_blocks() {
    let run = run_of(
        ID,
        &format!(
            r#""nodes": 4, {QUICK},
               "faults": [{{"when": {{"received": {{"by": "n0", "message": "Yes"}}}}, "nth": 3,
                            "crash": {{"node": "n0"}}}}]"#
        ),
    );
    // In doubt from 2200; told 12200; Fence 13200, Register 14200, COMMIT 15200, there 16200.
    let tx = only(&run.record);
    assert_eq!(tx.outcome, Outcome::Commit);
    assert_eq!(decided(tx)[1..], [16_200_000; 3]);
    assert_eq!(tx.nodes[1].blocked.0, 4_000_000);
    assert_eq!(run.when("n4 decide Commit"), 15_200);
}

/// "Blocks only if some register is unreadable": the crash of one participant after its vote.
#[test]
fn s9_2_a_crash_of_a_participant_after_its_vote_blocks() {
    let crash = |more: &str| {
        run_of(
            ID,
            &format!(
                r#""nodes": 3, {QUICK},
                   "faults": [{{"when": {{"forced": {{"by": "n2", "record": "Prepared"}}}},
                                "crash": {{"node": "n2"{more}}}}}]"#
            ),
        )
    };
    let run = crash("");
    assert_eq!(states(&run), [Stand::InDoubt, Stand::InDoubt, Stand::Down]);
    assert_eq!(states(&crash(r#", "restart_after": "100ms""#)), [COMMITTED; 3]);
    // Two-phase commit aborts, because it may.
    let other = run_of(
        "\"2pc\"",
        &format!(
            r#""nodes": 3, {QUICK},
               "faults": [{{"when": {{"forced": {{"by": "n2", "record": "Prepared"}}}},
                            "crash": {{"node": "n2"}}}}]"#
        ),
    );
    assert_eq!(states(&other), [ABORTED, ABORTED, Stand::Down]);
}

/// Rule 5: a register stays until the root's low-water mark, and then a fence hears that all is
/// finished, which stops a watchdog that was called in vain and too late: n1 asks after 2 ms, its
/// question takes 61, and the next transaction has begun after 40.
#[test]
fn s9_2_a_fence_for_what_is_forgotten_hears_that_it_is_finished() {
    let run = run_of(
        ID,
        r#""nodes": 3, "patience": {"votes": "50ms", "decision": "2ms", "acks": "50ms"},
           "workload": {"transactions": 2, "arrivals": {"every": "40ms"}},
           "faults": [{"at": "0", "delay": {"message": "Inquire", "to": "watchdog", "by": "60ms",
                                            "count": 2}},
                      {"at": "0", "delay": {"message": "Commit", "from": "n0", "by": "3ms",
                                            "count": 2}}]"#,
    );
    assert_eq!(run.record.violations, []);
    assert_eq!(run.count("send Register to n3 tx0"), 3, "{}", run.text());
    assert_eq!(run.count("n3 decide Commit tx0"), 0, "it learns no outcome");
    assert_eq!(run.count("n3 forget tx0"), 1, "{}", run.text());
    let outcomes: Vec<_> = run.record.transactions.iter().map(|tx| tx.outcome).collect();
    assert_eq!(outcomes, [Outcome::Commit; 2]);
}

/// Loss of any one message of a commit, an abort or a fenced run changes the time and not more.
#[test]
fn the_loss_of_any_message_is_made_good() {
    for message in ["Prepare", "Yes", "Commit", "Ack", "Fence", "Register", "Inquire", "Abort"] {
        for nth in 1..=4 {
            for keys in ["", r#""votes": {"no": ["n2"]},"#, r#""work": {"nodes": {"n2": "15ms"}},"#]
            {
                let run = run_of(
                    ID,
                    &format!(
                        r#""nodes": 4, {QUICK}, {keys}
                           "faults": [{{"when": {{"sent": {{"by": "n1", "message": "Yes"}}}},
                                        "lose": {{"message": "Commit", "from": "n0"}}}},
                                      {{"at": "0", "lose": {{"message": "{message}",
                                                             "count": {nth}}}}}]"#
                    ),
                );
                let lost = states(&run);
                assert!(lost == [lost[0]; 4], "{message} {nth} {keys} {lost:?}");
                assert!(matches!(lost[0], Stand::Decided(_)));
                assert_eq!(run.count("n0 forget"), 1, "{message} {nth} {keys}\n{}", run.text());
            }
        }
    }
}

const ALONE: &str = r#"{"at": "0", "lose": {"message": "Yes", "from": "n2"}},"#;
/// The root hears nothing, and so does the watchdog of the root.
const APART: &str = r#"{"at": "2.5ms", "isolate": {"node": "n0", "heal_after": "60ms"}},"#;

fn plays() -> Vec<Play<'static>> {
    let play = |keys, faults| Play { protocol: ID, id: "2pc-watchdog", nodes: 3, keys, faults };
    vec![
        play(r#""title": "a commit""#, ""),
        play(r#""votes": {"no": ["n2"]}"#, ""),
        play(r#""title": "a fenced commit""#, ALONE),
        play(r#""work": {"nodes": {"n2": "25ms"}}"#, ""),
        play(r#""title": "two readers at once""#, APART),
    ]
}

/// Crashes of every node at every moment, and of every two at every two: nothing is split, and
/// all is resolved when they are back.
#[test]
fn no_two_crashes_split_it() {
    let tallies: Vec<_> = plays().iter().map(Play::all_that_heal).collect();
    for tally in &tallies {
        assert!(tally.runs > 100 && tally.aborts > 0 && tally.blocked > 0, "{tallies:?}");
    }
    // A NO is never outvoted; the slow worker's YES counts where both who read early have died.
    let commits: Vec<_> = tallies.iter().map(|tally| tally.commits > 0).collect();
    assert_eq!(commits, [true, false, true, true, true], "{tallies:?}");
    let slow = &tallies[3];
    assert!(slow.commits < slow.aborts / 50, "{tallies:?}");
}

/// A crash for good blocks only where a register cannot be read (the oracle holds it to that).
#[test]
fn one_crash_for_good_blocks_only_where_a_register_is_lost() {
    let tallies: Vec<_> = plays().iter().map(Play::all_for_good).collect();
    assert!(tallies[0].stuck > 0, "{tallies:?}");
    assert!(tallies[0].stuck < tallies[0].runs / 2, "{tallies:?}");
}

/// V18 and V19 (protocols.md 13), which split the watchdog of the story.
#[test]
fn v18_and_v19_do_not_split_it() {
    let late = r#""nodes": 2, "patience": {"votes": "5ms", "decision": "10ms"},
        "faults": [{"at": "0", "delay": {"message": "Yes", "by": "20ms"}},
                   {"at": "0", "delay": {"message": "Abort", "by": "50ms"}},
                   {"at": "0", "delay": {"message": "Commit", "from": "n0", "by": "50ms"}}]"#;
    assert_eq!(states(&run_of(ID, late)), [COMMITTED; 2]);
    let silent = r#""nodes": 3, "patience": {"votes": "5ms", "decision": "10ms"},
        "faults": [{"at": "0", "lose": {"message": "Commit", "from": "n0", "to": "n2"}},
                   {"when": {"sent": {"by": "n0", "message": "Commit", "to": "n2"}},
                    "crash": {"node": "n0"}},
                   {"when": {"decided": {"by": "n1"}}, "after": "1us",
                    "crash": {"node": "n1", "restart_after": "200ms", "lose_tail": true}}]"#;
    let run = run_of(ID, silent);
    assert_eq!(states(&run), [COMMITTED; 3]);
    // n1 forgot the outcome in its crash, and reads it from the registers like n2.
    assert!(only(&run.record).nodes[2].blocked.0 > 150_000_000);
}

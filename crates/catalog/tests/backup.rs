//! Two-phase commit with backup coordinators (protocols.md 9.1, acknowledged): what it costs, when
//! it decides, whom it blocks, and that no crash, loss or partition splits it.

mod stage;
mod two_crashes;

use commitsim_core::{Decision, Time};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Outcome, RunRecord, Stand, TransactionRecord};
use stage::{Run, run_of};
use two_crashes::Play;

const ID: &str = r#""2pc-backup""#;

const BARE: &str = r#""disk": {"force": "0"}, "work": {"default": "0"}"#;

const QUICK: &str = r#""patience": {"votes": "10ms", "decision": "10ms", "acks": "10ms"}"#;

const COMMITTED: Stand = Stand::Decided(Decision::Commit);
const ABORTED: Stand = Stand::Decided(Decision::Abort);

/// The protocol with `k` backups.
fn with(k: u64) -> String {
    format!(r#"{{"id": "2pc-backup", "options": {{"backups": "{k}"}}}}"#)
}

fn names(from: u64, to: u64) -> String {
    let names: Vec<String> = (from..to).map(|n| format!("\"n{n}\"")).collect();
    format!("[{}]", names.join(","))
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, []);
    assert_eq!(run.transactions.len(), 1);
    &run.transactions[0]
}

fn states(run: &Run) -> Vec<Stand> {
    only(&run.record).nodes.iter().map(|node| node.state).collect()
}

fn faults(list: &str) -> Run {
    run_of(ID, &format!(r#""nodes": 3, {QUICK}, "faults": [{list}]"#))
}

/// 4n + 2k messages, 2n + 1 + k forced records; 4, 5 and 6 delays. Backups rest until the root's
/// next message, so the last delay is that until the root itself forgets.
#[test]
fn s12_1_a_commit_costs_what_the_formulas_say() {
    for n in 1..=16 {
        for k in 1..=3 {
            for r in [0, 1, n] {
                let votes = format!(r#"{{"read_only": {}}}"#, names(1, r + 1));
                let keys = format!(r#""nodes": {}, "votes": {votes}, {BARE}"#, n + 1);
                let run = run_of(&with(k), &keys);
                let tx = only(&run.record);
                assert_eq!(tx.outcome, Outcome::Commit);
                let expected = (4 * n - 2 * r + 2 * k, 2 * (n - r) + 1 + k);
                assert_eq!((tx.messages, tx.forced), expected, "n = {n}, k = {k}, r = {r}");
                assert_eq!(tx.records, 2 * (n - r) + 2 + k);
                assert_eq!(tx.client, Some(Time(4_000_000)));
                assert_eq!(run.when("n0 forget"), if r == n { 4_000 } else { 6_000 });
                if r == 0 {
                    assert_eq!(tx.decided, Some(Time(5_000_000)));
                }
            }
        }
    }
}

/// Aborts go to the backups too: 2k messages and k records more than in two-phase commit.
#[test]
fn an_abort_with_m_no_votes_is_backed_up_as_well() {
    for n in 1..=16 {
        for m in 1..=n {
            let votes = format!(r#"{{"no": {}}}"#, names(1, m + 1));
            let run = run_of(&with(2), &format!(r#""nodes": {}, "votes": {votes}, {BARE}"#, n + 1));
            let tx = only(&run.record);
            let yes = n - m;
            assert_eq!(tx.outcome, Outcome::Abort);
            let expected = (2 * n + 2 * yes + 4, 1 + 2 * yes + 2);
            assert_eq!((tx.messages, tx.forced), expected, "n = {n}, m = {m}");
        }
    }
}

#[test]
fn all_read_only_leaves_no_record_and_asks_no_backup() {
    let run = run_of(&with(3), r#""nodes": 4, "votes": {"read_only": ["n0", "n1", "n2", "n3"]}"#);
    let tx = only(&run.record);
    assert_eq!((tx.messages, tx.records, tx.outcome), (6, 0, Outcome::Commit));
    assert!(tx.forgotten.is_some());
}

#[test]
fn costs_do_not_depend_on_what_came_before() {
    let run = run_of(&with(2), r#""nodes": 5, "workload": {"transactions": 100}"#);
    assert_eq!(run.record.violations, []);
    let all = &run.record.transactions;
    assert!(all.iter().all(|tx| (tx.messages, tx.forced) == (20, 11)));
    assert_eq!(all.iter().filter(|tx| tx.forgotten.is_some()).count(), 99, "all but the last");
}

/// Without faults, written down by hand: work 500 µs, force 100 µs, a message 1 ms.
#[test]
fn the_dialogue_of_a_commit() {
    let run = run_of(ID, "\"nodes\": 2");
    assert_eq!(
        run.find(&["send", "durable", "decide ", "enter", "forget"]),
        [
            "0 n0 send Prepare to n1 tx0",
            "1600 n1 durable Prepared at 1 tx0",
            "1600 n1 enter InDoubt tx0",
            "1600 n1 send Yes to n0 tx0",
            "2700 n0 durable Committed at 1 tx0",
            "2700 n0 send RecordDecision to n2 tx0",
            "3700 n2 enter Helping tx0",
            "3800 n2 durable Committed at 1 tx0",
            "3800 n2 enter Decided(Commit) tx0",
            "3800 n2 decide Commit tx0",
            "3800 n2 send Recorded to n0 tx0",
            "4800 n0 enter Decided(Commit) tx0",
            "4800 n0 decide Commit tx0",
            "4800 n0 send Commit to n1 tx0",
            "5800 n1 enter Decided(Commit) tx0",
            "5800 n1 decide Commit tx0",
            "5900 n1 durable Committed at 2 tx0",
            "5900 n1 send Ack to n0 tx0",
            "5900 n1 forget tx0",
            "6900 n0 forget tx0",
            "17000 n0 durable Ended at 2 tx0",
        ]
    );
}

/// The root has decided when its own record is durable and the first backup's answer is there.
#[test]
fn commit_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(32), Purpose::Topology);
    for round in 0..300 {
        let (n, k) = (1 + round % 16, 1 + round % 3);
        let mut some =
            |count: u64| -> Vec<u64> { (0..count).map(|_| draw.within(1..=9_000_000)).collect() };
        let (out, back, work) = (some(n + k), some(n + k), some(n + 1));
        let force = draw.within(0..=2_000_000);
        let name = |i: u64| if i <= n { format!("n{i}") } else { format!("backup{}", i - n) };
        let links: Vec<String> = (1..=n + k)
            .map(|i| {
                let (far, to, from) = (name(i), out[i as usize - 1], back[i as usize - 1]);
                format!(
                    r#"{{"from": "n0", "to": "{far}", "latency": "{to}ns"}},
                       {{"from": "{far}", "to": "n0", "latency": "{from}ns"}}"#
                )
            })
            .collect();
        let works: Vec<String> =
            work.iter().enumerate().map(|(i, w)| format!(r#""n{i}": "{w}ns""#)).collect();
        let keys = format!(
            r#""nodes": {}, "disk": {{"force": "{force}ns"}}, "network": {{"links": [{}]}},
               "work": {{"nodes": {{{}}}}}"#,
            n + 1,
            links.join(","),
            works.join(",")
        );
        let run = run_of(&with(k), &keys);
        let tx = only(&run.record);
        let n = n as usize;
        let yes = (0..n).map(|i| out[i] + work[i + 1] + force + back[i]).max().unwrap();
        let first = (n..out.len()).map(|i| out[i] + force + back[i]).min().unwrap();
        let root = yes.max(work[0]) + force + first;
        let mut expected = vec![Some(Time(root))];
        expected.extend(out[..n].iter().map(|out| Some(Time(root + out))));
        assert_eq!(tx.nodes.iter().map(|node| node.decided).collect::<Vec<_>>(), expected);
        assert_eq!(tx.client, Some(Time(root)));
    }
}

/// The root dies before it tells anybody: blocked in two-phase commit, and here the backup knows.
/// In doubt from 1600; asked at 11600 (the root) and 21600 (the backup as well).
#[test]
fn s9_1_a_blocked_participant_asks_a_backup() {
    let dies = r#"{"when": {"decided": {"by": "n0"}}, "crash": {"node": "n0"}}"#;
    let run = faults(dies);
    let tx = only(&run.record);
    assert_eq!(states(&run), [COMMITTED; 3]);
    assert_eq!(tx.nodes[1].decided, Some(Time(23_600_000)));
    let blocked = run_of("\"2pc\"", &format!(r#""nodes": 3, {QUICK}, "faults": [{dies}]"#));
    assert_eq!(states(&blocked), [COMMITTED, Stand::InDoubt, Stand::InDoubt]);
}

/// The backups are asked from the second question on, also where waits do not grow.
#[test]
fn the_second_question_reaches_the_backups_although_the_wait_stays_the_same() {
    let run = run_of(
        ID,
        r#""nodes": 2, "patience": {"decision": "10ms", "acks": "10ms", "max": "1ms"},
           "faults": [{"when": {"decided": {"by": "n0"}}, "crash": {"node": "n0"}}]"#,
    );
    assert_eq!(states(&run), [COMMITTED; 2]);
    assert_eq!(only(&run.record).nodes[1].decided, Some(Time(23_600_000)));
}

/// An abort that only a dead root would know blocks nobody either.
#[test]
fn s9_1_backups_know_aborts() {
    let run = run_of(
        ID,
        &format!(
            r#""nodes": 3, {QUICK}, "votes": {{"no": ["n2"]}},
               "faults": [{{"when": {{"decided": {{"by": "n0"}}}}, "crash": {{"node": "n0"}}}}]"#
        ),
    );
    assert_eq!(states(&run), [ABORTED; 3]);
}

/// Unknown means wait: the decision to the backup is lost with the root.
#[test]
fn s9_1_a_backup_without_the_decision_says_unknown_and_nobody_aborts() {
    let run = faults(
        r#"{"at": "0", "lose": {"message": "RecordDecision"}},
           {"when": {"sent": {"by": "n0", "message": "RecordDecision"}},
            "crash": {"node": "n0", "restart_after": "500ms"}}"#,
    );
    assert!(run.count("send Unknown") > 2);
    assert_eq!(states(&run), [COMMITTED; 3], "when the root is back");
    assert!(only(&run.record).nodes[1].blocked.0 > 400_000_000);
    let run = faults(
        r#"{"at": "0", "lose": {"message": "RecordDecision"}},
           {"when": {"sent": {"by": "n0", "message": "RecordDecision"}}, "crash": {"node": "n0"}}"#,
    );
    assert_eq!(states(&run), [Stand::Down, Stand::InDoubt, Stand::InDoubt]);
}

/// V17 (protocols.md 13): the decision to the backup is lost, one participant hears COMMIT, the
/// root dies. The other one waits.
#[test]
fn v17_does_not_split_it() {
    let run = faults(
        r#"{"at": "0", "lose": {"message": "RecordDecision"}},
           {"when": {"sent": {"by": "n0", "message": "Commit", "to": "n1"}},
            "crash": {"node": "n0"}}"#,
    );
    assert_eq!(states(&run), [COMMITTED, COMMITTED, Stand::InDoubt]);
}

/// "Blocking remains only if C and its backups fail together"; one of several backups is enough.
#[test]
fn s9_1_blocking_remains_only_if_root_and_backups_fail_together() {
    let die = |backups: &[&str]| {
        let crashes: Vec<String> = ["n0"]
            .iter()
            .chain(backups)
            .map(|who| {
                format!(
                    r#"{{"when": {{"decided": {{"by": "n0"}}}}, "crash": {{"node": "{who}"}}}}"#
                )
            })
            .collect();
        let keys = format!(r#""nodes": 3, {QUICK}, "faults": [{}]"#, crashes.join(","));
        states(&run_of(&with(2), &keys))
    };
    assert_eq!(die(&["backup1", "backup2"]), [COMMITTED, Stand::InDoubt, Stand::InDoubt]);
    assert_eq!(die(&["backup1"]), [COMMITTED; 3]);
    assert_eq!(die(&["backup2"]), [COMMITTED; 3]);
}

/// Without any backup the root goes on after `acks`: its own record is there already.
#[test]
fn s9_1_the_root_goes_on_without_backups() {
    let run = faults(r#"{"at": "0", "crash": {"node": "backup1"}}"#);
    assert_eq!(only(&run.record).client, Some(Time(12_700_000)));
    assert_eq!(states(&run), [COMMITTED; 3]);
    assert_eq!(run.count("n0 forget"), 1, "nor does it stay for them");
    let first = run_of(
        &with(3),
        &format!(
            r#""nodes": 3, {QUICK}, "faults": [{{"at": "0", "crash": {{"node": "backup1"}}}},
                                               {{"at": "0", "crash": {{"node": "backup3"}}}}]"#
        ),
    );
    assert_eq!(only(&first.record).client, Some(Time(4_800_000)), "the first answer is enough");
}

/// A root that is back without a record had told no backup: it presumes abort without asking.
#[test]
fn s9_1_a_root_without_a_record_presumes_abort() {
    let run = faults(
        r#"{"when": {"received": {"by": "n0", "message": "Yes"}}, "nth": 2,
            "crash": {"node": "n0", "restart_after": "50ms"}}"#,
    );
    assert_eq!(run.count("RecordDecision"), 0);
    assert_eq!(states(&run), [ABORTED; 3]);
}

/// A backup that was asked before it was told still records what it is told.
#[test]
fn a_backup_that_was_asked_first_still_records() {
    let run = run_of(
        ID,
        r#""nodes": 3, "patience": {"votes": "50ms", "decision": "2ms", "acks": "2ms"},
           "work": {"nodes": {"n2": "20ms"}}"#,
    );
    let of_backup = run.find(&["n3 send", "n3 decide"]);
    assert!(of_backup[0].ends_with("n3 send Unknown to n1 tx0"), "{of_backup:?}");
    assert_eq!(run.count("n3 decide Commit"), 1);
    assert_eq!(states(&run), [COMMITTED; 3]);
}

#[test]
fn the_loss_of_any_message_is_made_good() {
    for message in ["Prepare", "Yes", "No", "Commit", "Ack", "RecordDecision", "Recorded"] {
        for count in 1..=4 {
            for votes in ["[]", r#"["n3"]"#] {
                let run = run_of(
                    &with(2),
                    &format!(
                        r#""nodes": 4, {QUICK}, "votes": {{"no": {votes}}},
                           "faults": [{{"at": "0", "lose": {{"message": "{message}",
                                                             "count": {count}}}}}]"#
                    ),
                );
                let lost = states(&run);
                assert!(lost == [lost[0]; 4], "{message} {count} {lost:?}");
                assert!(matches!(lost[0], Stand::Decided(_)));
                assert_eq!(run.count("n0 forget"), 1, "{message} {count}\n{}", run.text());
            }
        }
    }
}

fn plays() -> Vec<Play<'static>> {
    let play = |keys, faults| Play { protocol: ID, id: "2pc-backup", nodes: 3, keys, faults };
    vec![
        play(r#""title": "a commit""#, ""),
        play(r#""votes": {"no": ["n2"]}"#, ""),
        play(
            r#""title": "a backup that is not told""#,
            r#"{"at": "0", "lose": {"message": "RecordDecision"}},"#,
        ),
        play(
            r#""title": "the root is away, and the backup knows""#,
            r#"{"when": {"decided": {"by": "n0"}},
                "isolate": {"node": "n0", "heal_after": "60ms"}},"#,
        ),
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
    let commits: Vec<_> = tallies.iter().map(|tally| tally.commits > 0).collect();
    assert_eq!(commits, [true, false, true, true], "{tallies:?}");
}

/// A crash for good blocks only where the root dies before a backup knows.
#[test]
fn one_crash_for_good_blocks_only_before_a_backup_knows() {
    let tallies: Vec<_> = plays().iter().map(Play::all_for_good).collect();
    assert!(tallies[0].stuck > 0 && tallies[0].stuck < tallies[0].runs / 2, "{tallies:?}");
}

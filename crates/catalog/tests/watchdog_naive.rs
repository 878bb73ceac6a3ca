//! Two-phase commit with the watchdog of the story: it costs what two-phase commit does, it helps
//! where the story says so, and it is unsafe in the three ways that protocols.md 9.2 names.

mod play;
mod stage;

use commitsim_core::{Decision, Time};
use commitsim_rng::Seed;
use commitsim_sim::{Outcome, Stand, TransactionRecord};
use commitsim_spec::Property;
use play::{play_seeded, scenario};
use stage::{Run, run_of};

const ID: &str = r#""2pc-watchdog-naive""#;

const BARE: &str = r#""disk": {"force": "0"}, "work": {"default": "0"}"#;

const QUICK: &str = r#""patience": {"votes": "10ms", "decision": "10ms", "acks": "50ms"}"#;

const COMMITTED: Stand = Stand::Decided(Decision::Commit);
const ABORTED: Stand = Stand::Decided(Decision::Abort);

fn names(from: u64, to: u64) -> String {
    let names: Vec<String> = (from..to).map(|n| format!("\"n{n}\"")).collect();
    format!("[{}]", names.join(","))
}

fn only(run: &Run) -> &TransactionRecord {
    assert_eq!(run.record.transactions.len(), 1);
    &run.record.transactions[0]
}

fn states(run: &Run) -> Vec<Stand> {
    only(run).nodes.iter().map(|node| node.state).collect()
}

fn broken(run: &Run) -> Vec<Property> {
    run.record.violations.iter().map(|violation| violation.property).collect()
}

/// Where nothing fails it is two-phase commit, presumed nothing.
#[test]
fn s3_5_it_costs_what_two_phase_commit_does() {
    for n in 1..=16 {
        for r in [0, 1, n] {
            let votes = format!(r#"{{"read_only": {}}}"#, names(1, r + 1));
            let keys = format!(r#""nodes": {}, "votes": {votes}, {BARE}"#, n + 1);
            let (naive, plain) = (run_of(ID, &keys), run_of("\"2pc\"", &keys));
            assert_eq!(broken(&naive), []);
            assert_eq!(only(&naive).messages, 4 * n - 2 * r);
            assert_eq!(only(&naive).forced, 2 * (n - r) + 1);
            let times = |run: &Run| {
                let tx = only(run);
                (tx.outcome, tx.client, tx.decided, tx.forgotten, tx.records)
            };
            assert_eq!(times(&naive), times(&plain));
        }
        for m in 1..=n {
            let votes = format!(r#"{{"no": {}}}"#, names(1, m + 1));
            let run = run_of(ID, &format!(r#""nodes": {}, "votes": {votes}, {BARE}"#, n + 1));
            let yes = n - m;
            assert_eq!(only(&run).outcome, Outcome::Abort);
            assert_eq!((only(&run).messages, only(&run).forced), (2 * n + 2 * yes, 1 + 2 * yes));
        }
    }
}

/// The story: the coordinator leaves with the votes in hand, and the watchdog finishes for it. In
/// doubt from 1600; told 11600; Fence 12600, Register 13600, COMMIT 14600, there 15600.
#[test]
fn s9_2_the_watchdog_finishes_what_the_coordinator_leaves() {
    let keys = format!(
        r#""nodes": 3, {QUICK},
           "faults": [{{"when": {{"received": {{"by": "n0", "message": "Yes"}}}}, "nth": 2,
                        "crash": {{"node": "n0"}}}}]"#
    );
    let run = run_of(ID, &keys);
    assert_eq!(broken(&run), []);
    assert_eq!(states(&run), [Stand::Down, COMMITTED, COMMITTED]);
    assert_eq!(only(&run).nodes[1].decided, Some(Time(15_600_000)));
    assert_eq!(run.find(&["send Fence"]).len(), 2, "the remote participants only");
}

/// The same, and the coordinator comes back with no record of a decision. It presumes abort for
/// itself, after everybody else has committed.
#[test]
fn s9_2_a_coordinator_that_comes_back_has_undone_it() {
    let run = run_of(
        ID,
        &format!(
            r#""nodes": 3, {QUICK},
               "faults": [{{"when": {{"received": {{"by": "n0", "message": "Yes"}}}}, "nth": 2,
                            "crash": {{"node": "n0", "restart_after": "100ms"}}}}]"#
        ),
    );
    assert_eq!(broken(&run), [Property::Ac1]);
    assert_eq!(states(&run), [ABORTED, COMMITTED, COMMITTED]);
}

/// V18: a YES that is late, an ABORT that is slow. No crash, and nothing is lost.
#[test]
fn v18_the_votes_do_not_determine_the_decision() {
    let run = run_of(
        ID,
        &format!(
            r#""nodes": 2, {QUICK},
               "faults": [{{"at": "0", "delay": {{"message": "Yes", "by": "15ms"}}}},
                          {{"at": "0", "delay": {{"message": "Abort", "by": "30ms"}}}}]"#
        ),
    );
    assert_eq!(broken(&run), [Property::Ac1]);
    assert_eq!(states(&run), [ABORTED, COMMITTED]);
    assert_eq!(only(&run).client, Some(Time(10_100_000)), "the client was told abort");
}

/// V19: n1 has been told COMMIT and has forgotten; its silence is taken for NO.
#[test]
fn v19_silence_is_not_a_no() {
    let run = run_of(
        ID,
        &format!(
            r#""nodes": 3, {QUICK},
               "faults": [{{"when": {{"sent": {{"by": "n0", "message": "Commit", "to": "n1"}}}},
                            "crash": {{"node": "n0"}}}}]"#
        ),
    );
    assert_eq!(broken(&run), [Property::Ac1]);
    assert_eq!(states(&run), [COMMITTED, COMMITTED, ABORTED]);
}

/// Two deciders, and nobody asks the root: the root refuses, and the watchdog commits without it.
#[test]
fn s9_2_the_root_is_slow_and_not_dead() {
    let run = run_of(
        ID,
        r#""nodes": 3, "patience": {"votes": "50ms", "decision": "10ms", "acks": "50ms"},
           "work": {"nodes": {"n0": "30ms"}}, "votes": {"no": ["n0"]}"#,
    );
    assert_eq!(broken(&run), [Property::Ac3, Property::Ac1]);
    assert_eq!(states(&run), [ABORTED, COMMITTED, COMMITTED]);
}

/// A story that storms tell by themselves: the first seed that splits it is among the first few.
#[test]
fn storms_catch_it() {
    let stormy = |families: &str| {
        scenario(&format!(
            r#"{{"format": "commitsim/1", "protocols": [{ID}], "nodes": 4,
                 "network": {{"latency": {{"uniform": ["1ms", "20ms"]}}}},
                 "patience": {{"votes": "60ms", "decision": "60ms", "acks": "60ms", "max": "1s"}},
                 "workload": {{"transactions": 20, "arrivals": {{"every": "20ms"}}}},
                 "storm": {{"until": "500ms", "families": [{families}]}}, "horizon": "60s"}}"#
        ))
    };
    for family in ["crash", "loss", "delay", "partition", "pause"] {
        let scenario = stormy(&format!("\"{family}\""));
        let splits = |seed: &u64| {
            let run = &play_seeded(&scenario, Seed(*seed))[0];
            run.violations.iter().any(|violation| violation.property == Property::Ac1)
        };
        let first = (0..1_000).find(splits);
        assert!(first.is_some_and(|seed| seed < 100), "{family}: {first:?}");
    }
}

//! Three-phase commit with the textbook's timeouts: right while nothing fails, and split by one
//! crash (protocols.md 8.2, V11). What it costs and when it decides is in `three_phase.rs`.

mod stage;

use commitsim_core::{Decision, Time};
use commitsim_rng::Seed;
use commitsim_sim::{Outcome, RunRecord, Stand};
use commitsim_spec::Property;
use stage::{Run, run_of};

fn naive(keys: &str) -> Run {
    run_of("\"3pc-naive\"", keys)
}

fn properties(run: &RunRecord) -> Vec<Property> {
    run.violations.iter().map(|violation| violation.property).collect()
}

/// Nobody stays to answer, so all is forgotten after six delays.
#[test]
fn delays_are_four_five_and_six() {
    for nodes in 2..=17 {
        let zero = r#""disk": {"force": "0"}, "work": {"default": "0"}"#;
        let run = naive(&format!(r#""nodes": {nodes}, {zero}"#));
        let tx = &run.record.transactions[0];
        let times = (tx.client, tx.decided, tx.forgotten);
        let millis = |count: u64| Some(Time(count * 1_000_000));
        assert_eq!(times, (millis(4), millis(5), millis(6)));
    }
}

/// V11: the root dies between two of its PRE-COMMITs. One crash, nothing lost.
#[test]
fn v11_one_crash_in_the_broadcast_splits_it() {
    let run = naive(
        r#""nodes": 3, "faults": [{"when": {"sent": {"by": "n0", "message": "PreCommit"}},
            "crash": {"node": "n0"}}]"#,
    );
    assert_eq!(properties(&run.record), [Property::Ac1]);
    // w aborts two seconds after its YES, p commits two seconds after PRE-COMMIT.
    assert_eq!(
        run.find(&["decide"]),
        ["2001600 n2 decide Abort tx0", "2003700 n1 decide Commit tx0"]
    );
}

/// Each row of the table of 8.2 where a timeout is right: all stand alike.
#[test]
fn timeouts_are_right_where_all_stand_alike() {
    let dies = |when: &str| {
        let crash = r#""crash": {"node": "n0", "lose_tail": true}"#;
        let run = naive(&format!(r#""nodes": 3, "faults": [{{"when": {when}, {crash}}}]"#));
        assert_eq!(run.record.violations, []);
        let nodes = &run.record.transactions[0].nodes;
        assert_eq!(nodes[1].state, nodes[2].state);
        nodes[1].state
    };
    let (abort, commit) = (Stand::Decided(Decision::Abort), Stand::Decided(Decision::Commit));
    // P in q, P in w, P in p.
    assert_eq!(dies(r#"{"received": {"by": "n0", "message": "Yes"}}"#), abort);
    assert_eq!(dies(r#"{"forced": {"by": "n0", "record": "PreCommitted"}}"#), abort);
    assert_eq!(dies(r#"{"sent": {"by": "n0", "message": "PreCommit", "to": "n2"}}"#), commit);
    // C waiting for votes, C waiting for acknowledgements: a participant dies.
    let lost = |when: &str| {
        let crash = r#""crash": {"node": "n1", "restart_after": "9s"}"#;
        let run = naive(&format!(r#""nodes": 3, "faults": [{{"when": {when}, {crash}}}]"#));
        assert_eq!(run.record.violations, []);
        run.record.transactions[0].outcome
    };
    assert_eq!(lost(r#"{"began": {"by": "n1"}}"#), Outcome::Abort);
    assert_eq!(lost(r#"{"forced": {"by": "n1", "record": "PreCommitted"}}"#), Outcome::Commit);
}

/// Recovery by one's own state is as wrong as a timeout: the others have gone on without it.
#[test]
fn a_participant_that_recovers_uncertain_aborts_what_the_others_commit() {
    let run = naive(
        r#""nodes": 3, "faults": [{"when": {"sent": {"by": "n1", "message": "Yes"}},
            "crash": {"node": "n1", "restart_after": "50ms"}}]"#,
    );
    assert_eq!(properties(&run.record), [Property::Ac1]);
    assert_eq!(run.record.transactions[0].outcome, Outcome::Split);
}

/// Storms of crashes alone find it. The budget is a thousand seeds; 126 of these split it.
#[test]
fn storms_of_crashes_find_the_split_soon() {
    let scenario = stage::scenario(
        "\"3pc-naive\", \"3pc\"",
        r#""nodes": 4, "workload": {"transactions": 10, "arrivals": {"every": "50ms"}},
           "network": {"latency": {"uniform": ["100us", "9ms"]}},
           "patience": {"votes": "200ms", "decision": "200ms", "acks": "200ms", "max": "1s"},
           "storm": {"until": "1s", "families": ["crash"]}"#,
    );
    let run = |choice, seed| stage::simulate(&scenario, choice, Seed(seed), stage::USUAL, None);
    let splits = |seed: &u64| properties(&run(0, *seed)).contains(&Property::Ac1);
    let first = (0..1_000).find(splits).expect("one of a thousand storms splits it");
    assert!(first < 100, "the first was {first}");
    // The same storms do nothing to the protocol that elects.
    for seed in 0..1_000 {
        assert_eq!(run(1, seed).violations, [], "seed {seed}");
    }
}

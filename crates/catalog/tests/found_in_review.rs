//! What a sceptical reader of the engine has found, made small: each was a defect once.

mod play;

use commitsim_core::{Decision, Time};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand};
use play::{play, scenario};

fn runs(keys: &str) -> Vec<RunRecord> {
    let runs = play(&scenario(&format!(r#"{{"format": "commitsim/1", {keys}}}"#)));
    for run in &runs {
        assert_eq!(run.violations, []);
    }
    runs
}

/// A repair shortly before the horizon: nobody had the time to use it, so nobody is to blame.
#[test]
fn who_has_just_been_repaired_is_given_time() {
    for run in runs(
        r#""protocols": ["2pc", "2pc-pra"], "faults": [
            {"when": {"received": {"by": "n0", "message": "Yes"}}, "nth": 2,
             "crash": {"node": "n0", "restart_after": "58s"}}]"#,
    ) {
        assert_eq!(run.ending, Ending::Inconclusive);
    }
}

/// A repair that would come after the horizon is to come all the same: the run was cut short.
#[test]
fn a_repair_behind_the_horizon_makes_a_run_inconclusive() {
    let crash = r#""crash": {"node": "n0", "restart_after": "60s"}"#;
    let isolate = r#""isolate": {"node": "n0", "heal_after": "60s"}"#;
    for fault in [crash, isolate] {
        let keys = format!(r#""protocols": ["2pc"], "faults": [{{"at": "2ms", {fault}}}]"#);
        assert_eq!(runs(&keys)[0].ending, Ending::Inconclusive, "{fault}");
    }
    let keys = r#""protocols": ["2pc"], "faults": [{"at": "2ms", "crash": {"node": "n0"}}]"#;
    assert_eq!(runs(keys)[0].ending, Ending::Settled, "gone for good: blocked is the result");
}

/// A root decides for the others, whatever it voted itself.
#[test]
fn a_read_only_root_is_not_done_before_it_has_decided() {
    let keys = r#""protocols": ["2pc"], "nodes": 2, "votes": {"read_only": ["n0"], "no": ["n1"]},
        "network": {"links": [{"from": "n1", "to": "n0", "latency": "5s"}]},
        "patience": {"votes": "20s"}, "horizon": "3s""#;
    let run = &runs(keys)[0];
    assert_eq!(run.ending, Ending::Inconclusive);
    assert_eq!(run.transactions[0].nodes[0].state, Stand::Working);
    assert_eq!(run.transactions[0].decided, None);
    let keys = r#""protocols": ["2pc"], "votes": {"read_only": ["n0"], "no": ["n1", "n2"]},
        "workload": {"transactions": 2}"#;
    let run = &runs(keys)[0];
    assert_eq!(Some(run.transactions[1].began), run.transactions[0].client);
}

/// What weather, queues and clocks made late may still come.
#[test]
fn lateness_is_not_standstill() {
    let weather = r#""protocols": ["2pc"], "network": {"fifo": true},
        "patience": {"votes": "100ms", "decision": "100ms", "acks": "100ms", "max": "1s"},
        "faults": [{"at": "2ms", "latency": {"times": 100000, "for": "10ms"}}]"#;
    assert_eq!(runs(weather)[0].ending, Ending::Inconclusive);
    let clock = r#""protocols": ["2pc-prc"], "faults": [
        {"at": "0", "clock": {"node": "n1", "rate": 0.001}},
        {"at": "0", "lose": {"message": "Commit", "to": "n1"}},
        {"at": "5ms", "clock": {"node": "n1", "rate": 1}}]"#;
    assert_eq!(runs(clock)[0].ending, Ending::Inconclusive);
    let far = r#""protocols": ["2pc"], "network": {"latency": "70s"}"#;
    assert_eq!(runs(far)[0].ending, Ending::Inconclusive);
}

/// A node that its restart made abort has no memory of having begun: it refuses when it is asked
/// to prepare, but it cannot tell who asks, as a read-only voter that restarted could not either.
#[test]
fn who_undid_a_transaction_at_restart_does_not_know_it() {
    let keys = r#""protocols": [{"id": "2pc", "options": {"termination": "cooperative"}}],
        "work": {"nodes": {"n2": "5s"}}, "faults": [
            {"at": "2ms", "crash": {"node": "n0"}},
            {"at": "10ms", "crash": {"node": "n2", "restart_after": "10ms"}}]"#;
    let run = &runs(keys)[0];
    assert_eq!(run.transactions[0].nodes[1].state, Stand::InDoubt);
    assert_eq!(run.transactions[0].nodes[2].state, Stand::Decided(Decision::Abort));
    assert_eq!(run.ending, Ending::Settled, "blocked, as long as the root is out");
}

/// An outcome that is not durable yet does not make the vote's record dispensable.
#[test]
fn a_forgotten_transaction_keeps_its_records_until_its_outcome_is_durable() {
    let crash = r#""crash": {"node": "n1", "restart_after": "1ms", "lose_tail": true}"#;
    let after_first = format!(
        r#"{{"when": {{"received": {{"by": "n1", "message": "Commit"}}}},
            "after": "1us", {crash}}}"#
    );
    let after_second = format!(
        r#"{{"at": "0", "duplicate": {{"message": "Commit", "to": "n1"}}}},
           {{"when": {{"received": {{"by": "n1", "message": "Commit"}}}}, "nth": 2,
             "after": "1us", {crash}}}"#
    );
    for faults in [after_first, after_second] {
        let keys =
            format!(r#""protocols": ["2pc-prc"], "disk": {{"flush": "1s"}}, "faults": [{faults}]"#);
        let run = &runs(&keys)[0];
        assert_eq!(run.transactions[0].messages, 8, "n1 finds its vote and asks");
        assert_eq!(run.transactions[0].outcome, Outcome::Commit);
    }
}

#[test]
fn forgetting_is_not_undone_by_a_later_crash_and_not_before_deciding() {
    let keys = r#""protocols": ["2pc"], "faults": [{"at": "30s", "crash": {"node": "n1"}}]"#;
    assert_eq!(runs(keys)[0].transactions[0].forgotten, Some(Time(4_800_000)));
    let keys = r#""protocols": ["2pc-pra"], "votes": {"no": ["n0"]}, "work": {"default": "0"},
        "faults": [{"at": "0", "lose": {"message": "Prepare", "count": 2}}]"#;
    let tx = &runs(keys)[0].transactions[0];
    assert_eq!((tx.decided, tx.forgotten), (Some(Time(1_000_000)), Some(Time(1_000_000))));
}

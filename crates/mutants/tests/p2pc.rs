//! Mistakes in peer-to-peer commit: each has a schedule that shows it, and the same schedule does
//! the correct protocol no harm. Schedules and names are those of protocols.md 13.

use commitsim_mutants::P2PC;
use commitsim_spec::Property::{self, Ac1, Ac2, Ac5, Cost, WriteAhead};

use crate::bench::{assert_resolved, broken, run, run_correct, scenario};

/// Runs the schedule with a mistake, which must break exactly the properties `expected`, and with
/// the correct protocol, which must break none and leave nobody in doubt.
fn schedule(name: &str, options: &str, expected: &[Property], rest: &str) {
    let mutant = P2PC.iter().find(|plant| plant.name == name).expect("it is in the table");
    let protocol = format!(r#"{{"id": "p2pc", "options": {{{options}}}}}"#);
    let scenario = scenario(&protocol, rest);
    let caught = run(mutant, &scenario, 0, None);
    assert_eq!(broken(&caught), expected, "{name}: {:#?}", caught.violations);
    assert!(expected.contains(&mutant.property), "{name} is known for another property");
    assert_eq!(caught.idle_faults, [], "{name}: a fault of the schedule had no effect");
    assert_resolved(name, &run_correct(&scenario, 0));
}

/// V8, without any failure: n0 is ready at 0.6 ms and gives up 20 ms later, n1 has finished its
/// work and commits at 21.0 ms, and hears of it at 21.6.
#[test]
fn v8_a_ready_node_that_gives_up_splits_the_transaction() {
    schedule(
        "p2pc-impatient",
        "",
        &[Ac1],
        r#""nodes": 2, "work": {"nodes": {"n1": "19900us"}}, "patience": {"decision": "20ms"}"#,
    );
}

/// V9: n1 is the last to know, commits and dies; its READY is lost, and its record was in memory.
#[test]
fn v9_the_last_to_know_forces_before_it_speaks() {
    schedule(
        "p2pc-lazy-commit",
        "",
        &[Ac1, Ac2, WriteAhead],
        r#""nodes": 2, "work": {"nodes": {"n1": "3ms"}}, "faults": [
            {"at": "0", "lose": {"message": "Ready", "from": "n1"}},
            {"when": {"sent": {"by": "n1", "message": "Ready"}},
             "crash": {"node": "n1", "restart_after": "1s", "lose_tail": true}}]"#,
    );
}

/// G10: READYs cross; n0 says COMMITTED and dies before its record is on disk; n1 forgets. n0
/// comes back in doubt and is told ABORT.
#[test]
fn g10_committed_is_said_when_it_is_on_disk() {
    schedule(
        "p2pc-eager-farewell",
        "",
        &[Ac2, WriteAhead],
        r#""nodes": 2, "work": {"nodes": {"n1": "400us"}}, "faults": [
            {"when": {"sent": {"by": "n0", "message": "Committed"}},
             "crash": {"node": "n0", "restart_after": "100ms", "lose_tail": true}}]"#,
    );
}

/// V10: n2 commits with n1 and forgets; n0 hears nothing, n1 dies, and n0 asks n2.
#[test]
fn v10_a_stranger_that_has_forgotten_proves_nothing() {
    schedule(
        "p2pc-presumes-for-strangers",
        "",
        &[Ac1],
        r#""topology": "chain", "faults": [
            {"at": "0", "lose": {"message": "Ready", "from": "n1", "to": "n0"}},
            {"at": "0", "lose": {"message": "Committed", "from": "n1", "to": "n0"}},
            {"when": {"sent": {"by": "n1", "message": "Committed", "to": "n2"}},
             "crash": {"node": "n1", "restart_after": "10s"}}]"#,
    );
}

/// V23: with its vote on disk and a fast clock, n1 refuses, is heard by its client, and dies. It
/// comes back ready, and all commit.
#[test]
fn v23_a_vote_on_disk_is_taken_back_on_disk() {
    schedule(
        "p2pc-lazy-refusal",
        r#""vote_force": "early""#,
        &[Ac1, Ac2],
        r#""topology": "chain", "work": {"nodes": {"n0": "50ms", "n2": "50ms"}},
           "patience": {"votes": "100ms"}, "faults": [
            {"at": "0", "clock": {"node": "n1", "rate": 10}},
            {"when": {"decided": {"by": "n1"}},
             "crash": {"node": "n1", "restart_after": "5ms", "lose_tail": true}}]"#,
    );
}

/// G8: n1 commits and forgets, what it said is lost, and n0 asks who knows nothing any more.
#[test]
fn g8_nobody_forgets_before_its_neighbours_are_safe() {
    schedule(
        "p2pc-forgets",
        "",
        &[Ac1],
        r#""nodes": 2, "work": {"nodes": {"n1": "3ms"}}, "faults": [
            {"at": "0", "lose": {"message": "Ready", "from": "n1"}},
            {"at": "0", "lose": {"message": "Committed", "from": "n1"}}]"#,
    );
}

/// G21: n1 refuses, its ABORT is lost, and the work of n0 never ends.
#[test]
fn g21_who_has_not_voted_has_an_alarm() {
    schedule(
        "p2pc-no-alarm",
        "",
        &[Ac5],
        r#""nodes": 2, "votes": {"no": ["n1"], "never": ["n0"]},
           "faults": [{"at": "0", "lose": {"message": "Abort"}}]"#,
    );
}

/// Without a failure a mutant decides as it should; at most it writes, or saves, too much.
#[test]
fn without_failures_nobody_decides_wrongly() {
    for mutant in &P2PC {
        let correct = scenario(r#""p2pc""#, r#""nodes": 5, "topology": {"tree": {"arity": 2}}"#);
        let record = run(mutant, &correct, 0, None);
        let harmless = broken(&record).iter().all(|p| matches!(p, WriteAhead | Cost));
        assert!(harmless, "{}: {:?}", mutant.name, record.violations);
    }
}

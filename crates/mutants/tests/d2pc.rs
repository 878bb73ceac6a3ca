//! Mistakes in dynamic two-phase commit: each has a schedule that shows it, and the same schedule
//! does the correct protocol no harm. Schedules and names are those of protocols.md 13.

use commitsim_mutants::D2PC;
use commitsim_spec::Property::{self, Ac1, Ac2, Ac5, Cost, WriteAhead};

use crate::bench::{assert_resolved, broken, run, run_correct, scenario};

/// Runs the schedule with a mistake, which must break exactly the properties `expected`, and with
/// the correct protocol, which must break none and leave nobody in doubt.
fn schedule(name: &str, options: &str, expected: &[Property], rest: &str) {
    let mutant = D2PC.iter().find(|plant| plant.name == name).expect("it is in the table");
    let protocol = format!(r#"{{"id": "d2pc", "options": {{{options}}}}}"#);
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
        "d2pc-impatient",
        "",
        &[Ac1],
        r#""nodes": 2, "work": {"nodes": {"n1": "19900us"}}, "patience": {"decision": "20ms"}"#,
    );
}

/// Rule 2: n1, the last to know, tells n0 and dies; its record, which was its vote as well, is
/// gone, and n2 is told that there is none.
#[test]
fn the_coordinator_forces_before_it_speaks() {
    schedule(
        "d2pc-lazy-commit",
        "",
        &[Ac1, Ac2, WriteAhead],
        r#""topology": "chain", "work": {"nodes": {"n1": "4ms"}}, "faults": [
            {"when": {"sent": {"by": "n1", "message": "Commit", "to": "n0"}},
             "crash": {"node": "n1", "restart_after": "100ms", "lose_tail": true}}]"#,
    );
}

/// Rule 4: n0 acknowledges and dies before its record is on disk; n1 forgets. n0 comes back in
/// doubt and is told ABORT.
#[test]
fn the_ack_is_said_when_the_outcome_is_on_disk() {
    schedule(
        "d2pc-eager-ack",
        "",
        &[Ac2],
        r#""nodes": 2, "work": {"nodes": {"n1": "3ms"}}, "faults": [
            {"when": {"sent": {"by": "n0", "message": "Ack"}},
             "crash": {"node": "n0", "restart_after": "100ms", "lose_tail": true}}]"#,
    );
}

/// V10: n1 decides, n2 commits, acknowledges and forgets; n0 hears nothing, n1 dies, and n0 asks
/// n2.
#[test]
fn v10_who_has_forgotten_answers_nothing_but_ready() {
    schedule(
        "d2pc-presumes-for-strangers",
        "",
        &[Ac1],
        r#""topology": "chain", "work": {"nodes": {"n1": "4ms"}}, "faults": [
            {"at": "0", "lose": {"message": "Commit", "to": "n0"}},
            {"when": {"sent": {"by": "n1", "message": "Commit", "to": "n2"}},
             "crash": {"node": "n1", "restart_after": "10s"}}]"#,
    );
}

/// V3: n1 decides, its COMMIT is lost, it forgets, and n0 asks who knows nothing any more.
#[test]
fn v3_nobody_forgets_before_it_is_acknowledged() {
    schedule(
        "d2pc-forgets",
        "",
        &[Ac1],
        r#""nodes": 2, "work": {"nodes": {"n1": "3ms"}},
           "faults": [{"at": "0", "lose": {"message": "Commit"}}]"#,
    );
}

/// G21: n1 refuses, its ABORT is lost, and the work of n0 never ends.
#[test]
fn g21_who_has_not_voted_has_an_alarm() {
    schedule(
        "d2pc-no-alarm",
        "",
        &[Ac5],
        r#""nodes": 2, "votes": {"no": ["n1"], "never": ["n0"]},
           "faults": [{"at": "0", "lose": {"message": "Abort"}}]"#,
    );
}

/// Without a failure a mutant decides as it should; at most it writes, or saves, too much.
#[test]
fn without_failures_nobody_decides_wrongly() {
    for mutant in &D2PC {
        let correct = scenario(r#""d2pc""#, r#""nodes": 5, "topology": {"tree": {"arity": 2}}"#);
        let record = run(mutant, &correct, 0, None);
        let harmless = broken(&record).iter().all(|p| matches!(p, WriteAhead | Cost));
        assert!(harmless, "{}: {:?}", mutant.name, record.violations);
    }
}

//! Mistakes in linear two-phase commit are caught, and the same schedules do the correct protocol
//! no harm. n0 is the root, the last node decides; the times are those of the default scenario:
//! YES arrives at n1 after 1600 µs and at n2 after 3200, COMMIT at n1 after 4800 and at n0 after
//! 5800, ACK at n1 after 6900 and at n2 after 7900.

use commitsim_mutants::{LINEAR, LinearMistake};
use commitsim_spec::Property::{self, Ac1, Ac2, WriteAhead};

use crate::bench::{assert_resolved, broken, run, run_correct, scenario};

fn schedule(mistake: LinearMistake, expected: &[Property], faults: &str) {
    let plant = LINEAR.iter().find(|plant| plant.mistake == mistake).expect("all are in the list");
    let scenario = scenario("\"2pc-linear\"", &format!(r#""faults": [{faults}]"#));
    let caught = run(plant, &scenario, 0, None);
    assert_eq!(broken(&caught), expected, "{mistake:?}: {:#?}", caught.violations);
    assert!(expected.contains(&plant.property), "{mistake:?} is known for another property");
    assert_eq!(caught.idle_faults, [], "{mistake:?}: a fault of the schedule had no effect");
    assert_resolved(plant.name, &run_correct(&scenario, 0));
}

/// V1: n2 commits and dies without its record, and its COMMIT is lost; it comes back, knows of
/// nothing, and says so.
#[test]
fn v1_commit_not_forced() {
    schedule(
        LinearMistake::CommitsFromMemory,
        &[Ac1, Ac2, WriteAhead],
        r#"{"at": "0", "lose": {"message": "Commit", "from": "n2"}},
           {"when": {"sent": {"by": "n2", "message": "Commit"}},
            "crash": {"node": "n2", "restart_after": "1s", "lose_tail": true}}"#,
    );
}

/// V2: n1 votes from memory and dies; n2 commits; n1 comes back and undoes.
#[test]
fn v2_prepared_not_forced() {
    schedule(
        LinearMistake::VotesFromMemory,
        &[Ac1, WriteAhead],
        r#"{"when": {"sent": {"by": "n1", "message": "Yes"}},
            "crash": {"node": "n1", "restart_after": "1s", "lose_tail": true}}"#,
    );
}

/// The YES of n1 is two seconds late, and n1 does not wait; n2 commits.
#[test]
fn a_decision_that_is_not_its_to_take() {
    schedule(
        LinearMistake::AbortsInDoubt,
        &[Ac1],
        r#"{"at": "0", "delay": {"message": "Yes", "from": "n1", "by": "2s"}}"#,
    );
}

/// V3: COMMIT is lost, and n2 has forgotten when n1 asks.
#[test]
fn v3_the_decider_forgets_at_once() {
    schedule(
        LinearMistake::ForgetsAtOnce,
        &[Ac1],
        r#"{"at": "0", "lose": {"message": "Commit", "from": "n2", "to": "n1"}}"#,
    );
}

/// n1 passes the ACK on, so that n2 forgets, and dies before its own record is on disk.
#[test]
fn an_acknowledgement_that_runs_ahead_of_the_record() {
    schedule(
        LinearMistake::AcknowledgesTooSoon,
        &[Ac2],
        r#"{"when": {"received": {"by": "n1", "message": "Commit"}},
            "slow_disk": {"node": "n1", "force": "50ms", "for": "1s"}},
           {"at": "10ms", "crash": {"node": "n1", "restart_after": "1ms", "lose_tail": true}}"#,
    );
}

/// V4: n1 passes COMMIT on and dies without its record; n2 is out of reach when n1 is back; n0,
/// which has committed and forgotten, takes the question for one about an abort.
#[test]
fn v4_no_information_is_not_abort_to_the_right() {
    schedule(
        LinearMistake::PresumesToTheRight,
        &[Ac2],
        r#"{"when": {"sent": {"by": "n1", "message": "Commit"}},
            "crash": {"node": "n1", "restart_after": "4ms", "lose_tail": true}},
           {"when": {"sent": {"by": "n1", "message": "Commit"}},
            "isolate": {"node": "n2", "heal_after": "500ms"}}"#,
    );
}

//! Mistakes in decentralized two-phase commit are caught, and the same schedules do the correct
//! protocol no harm. The times are those of the default scenario: the YES of n0 arrives after 1600
//! µs, the others after 3200, DONE after 4300.

use commitsim_mutants::{DECENTRALIZED, DecentralizedMistake};
use commitsim_spec::Property::{self, Ac1, Ac2, Ac3, WriteAhead};

use crate::bench::{assert_resolved, broken, run, run_correct, scenario};

fn schedule(mistake: DecentralizedMistake, expected: &[Property], rest: &str) {
    let found = DECENTRALIZED.iter().find(|plant| plant.mistake == mistake);
    let plant = found.expect("all are in the list");
    let scenario = scenario("\"2pc-decentralized\"", rest);
    let caught = run(plant, &scenario, 0, None);
    assert_eq!(broken(&caught), expected, "{mistake:?}: {:#?}", caught.violations);
    assert!(expected.contains(&plant.property), "{mistake:?} is known for another property");
    assert_eq!(caught.idle_faults, [], "{mistake:?}: a fault of the schedule had no effect");
    assert_resolved(plant.name, &run_correct(&scenario, 0));
}

/// What n0 misses: the vote of n2, and everybody's DONE.
const N0_MISSES_IT: &str = r#""faults": [
    {"at": "0", "lose": {"message": "Yes", "from": "n2", "to": "n0"}},
    {"at": "0", "lose": {"message": "Done", "to": "n0", "count": 2}}]"#;

/// V2: n1 votes from memory and dies; the others commit; n1 comes back and undoes.
#[test]
fn v2_prepared_not_forced() {
    schedule(
        DecentralizedMistake::VotesFromMemory,
        &[Ac1, WriteAhead],
        r#""faults": [{"when": {"sent": {"by": "n1", "message": "Yes", "to": "n2"}},
            "crash": {"node": "n1", "restart_after": "1s", "lose_tail": true}}]"#,
    );
}

#[test]
fn a_decision_that_is_not_its_to_take() {
    schedule(DecentralizedMistake::AbortsInDoubt, &[Ac1], N0_MISSES_IT);
}

/// V3: whoever n0 asks has forgotten.
#[test]
fn v3_forgets_before_all_have_said_done() {
    schedule(DecentralizedMistake::ForgetsAtOnce, &[Ac1], N0_MISSES_IT);
}

/// n1 says DONE, so that the others forget, and dies before its record is on disk.
#[test]
fn a_done_that_runs_ahead_of_the_record() {
    schedule(
        DecentralizedMistake::DoneTooSoon,
        &[Ac2],
        r#""faults": [{"when": {"received": {"by": "n1", "message": "Yes", "from": "n2"}},
            "slow_disk": {"node": "n1", "force": "50ms", "for": "1s"}},
           {"at": "10ms", "crash": {"node": "n1", "restart_after": "1ms", "lose_tail": true}}]"#,
    );
}

/// The YES of n1 arrives twice, and n0 takes the second one for that of n2, which refuses.
#[test]
fn a_vote_counts_once() {
    schedule(
        DecentralizedMistake::CountsVotes,
        &[Ac1, Ac3],
        r#""votes": {"no": ["n2"]}, "work": {"nodes": {"n2": "20ms"}},
           "faults": [{"at": "0", "duplicate": {"message": "Yes", "from": "n1", "to": "n0"}}]"#,
    );
}

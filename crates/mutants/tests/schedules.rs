//! Each bug has a schedule that shows it, and the same schedule does the correct protocol no harm.
//!
//! The schedules are those of protocols.md 13, as far as they are about two-phase commit, and one
//! for each row of reliability.md 9 that the mutants cover. Node n0 is the coordinator C of the
//! documents, n1 and n2 are their participants P1 and P2.

use crate::bench::{assert_resolved, broken, run, run_correct, scenario_for};
use commitsim_mutants::{all, find};
use commitsim_spec::Property::{self, Ac1, Ac2, Ac3, Ac5, Cost, TCommit, WriteAhead};

/// Runs the schedule with the mutant `name`, which must break exactly the properties `expected`,
/// and with the correct protocol, which must break none and leave nobody in doubt.
fn schedule(name: &str, expected: &[Property], rest: &str) {
    let mutant = find(name).unwrap_or_else(|| panic!("there is no mutant {name}"));
    let scenario = scenario_for(mutant, rest);
    let caught = run(mutant, &scenario, 0, None);
    assert_eq!(broken(&caught), expected, "{name}: {:#?}", caught.violations);
    assert!(expected.contains(&mutant.property), "{name} is known for another property");
    assert_eq!(caught.idle_faults, [], "{name}: a fault of the schedule had no effect");
    assert_resolved(name, &run_correct(&scenario, 0));
}

/// n1 dies with its YES on the wire and its vote not on disk; the others commit.
#[test]
fn eager_yes() {
    schedule(
        "eager-yes",
        &[Ac1, WriteAhead],
        r#"
        "faults": [{"when": {"sent": {"by": "n1", "message": "Yes"}},
            "crash": {"node": "n1", "restart_after": "1s", "lose_tail": true}}]
        "#,
    );
}

/// V2: n1 votes from memory and dies; the others commit; n1 comes back and undoes.
#[test]
fn v2_prepared_not_forced() {
    schedule(
        "lazy-prepared",
        &[Ac1, WriteAhead],
        r#"
        "faults": [{"when": {"received": {"by": "n0", "message": "Yes", "from": "n1"}},
            "crash": {"node": "n1", "restart_after": "1s", "lose_tail": true}}]
        "#,
    );
}

/// The root dies between its two COMMITs, its record on the way to disk.
#[test]
fn eager_commit() {
    schedule(
        "eager-commit",
        &[Ac1, WriteAhead],
        r#"
        "faults": [{"when": {"sent": {"by": "n0", "message": "Commit", "to": "n1"}},
            "crash": {"node": "n0", "restart_after": "100ms", "lose_tail": true}}]
        "#,
    );
}

/// V1: the same with a record that was not even on the way.
#[test]
fn v1_commit_not_forced() {
    schedule(
        "lazy-commit",
        &[Ac1, WriteAhead],
        r#"
        "faults": [{"when": {"sent": {"by": "n0", "message": "Commit", "to": "n1"}},
            "crash": {"node": "n0", "restart_after": "100ms", "lose_tail": true}}]
        "#,
    );
}

/// The ACK lets the root forget; n1 dies without the record and has to ask.
#[test]
fn eager_ack() {
    schedule(
        "eager-ack",
        &[Ac2],
        r#"
        "faults": [{"when": {"sent": {"by": "n1", "message": "Ack"}},
            "crash": {"node": "n1", "restart_after": "1s", "lose_tail": true}}]
        "#,
    );
}

/// n2 refuses; n1 does not hear the ABORT and asks, when the root has forgotten.
#[test]
fn opposite_presumption() {
    schedule(
        "opposite-presumption",
        &[Ac1, Ac3, WriteAhead],
        r#"
        "votes": {"no": ["n2"]},
        "faults": [{"at": "0", "lose": {"message": "Abort", "from": "n0", "to": "n1"}}]
        "#,
    );
}

/// V5: n1 is prepared, n2 still at work when the root dies. A blank root presumes commit.
#[test]
fn v5_collecting_not_forced() {
    schedule(
        "lazy-collecting",
        &[Ac1, Ac3, WriteAhead],
        r#"
        "work": {"nodes": {"n2": "10s"}},
        "faults": [{"when": {"received": {"by": "n0", "message": "Yes", "from": "n1"}},
            "crash": {"node": "n0", "restart_after": "100ms", "lose_tail": true}}]
        "#,
    );
}

/// n2 refuses; the root dies with its abort untold, and comes back blank.
#[test]
fn no_collecting() {
    schedule(
        "no-collecting",
        &[Ac1, Ac3, WriteAhead],
        r#"
        "votes": {"no": ["n2"]},
        "faults": [{"when": {"decided": {"by": "n0"}},
            "crash": {"node": "n0", "restart_after": "100ms"}}]
        "#,
    );
}

/// V3: the only COMMIT is lost, the root has forgotten and presumes abort.
#[test]
fn v3_forgets_before_acks() {
    schedule(
        "no-acks",
        &[Ac1],
        r#"
        "nodes": 2,
        "faults": [{"at": "0", "lose": {"message": "Commit", "from": "n0", "to": "n1"}}]
        "#,
    );
}

/// V6: n2 refuses, n1's ABORT is lost, the root has forgotten and presumes commit.
#[test]
fn v6_forgets_an_abort() {
    schedule(
        "no-abort-acks",
        &[Ac1, Ac3, WriteAhead],
        r#"
        "votes": {"no": ["n2"]},
        "faults": [{"at": "0", "lose": {"message": "Abort", "from": "n0", "to": "n1"}}]
        "#,
    );
}

/// No fault but a slow COMMIT: n2 asks when n1 has acknowledged.
#[test]
fn first_ack() {
    schedule(
        "first-ack",
        &[Ac1],
        r#"
        "faults": [{"at": "0", "delay": {"message": "Commit", "to": "n2", "by": "3s"}}]
        "#,
    );
}

/// V7: the COMMIT to n1, which would not acknowledge it, is lost; n2 acknowledges.
#[test]
fn v7_mixed_presumptions() {
    schedule(
        "mixed-presumptions",
        &[Ac1],
        r#"
        "faults": [{"at": "0", "lose": {"message": "Commit", "from": "n0", "to": "n1"}}]
        "#,
    );
}

/// The YES of n1 arrives twice before n2 can refuse.
#[test]
fn counts_votes() {
    schedule(
        "counts-votes",
        &[Ac1, Ac3],
        r#"
        "votes": {"no": ["n2"]},
        "work": {"nodes": {"n2": "50ms"}},
        "faults": [{"at": "0", "duplicate": {"message": "Yes", "from": "n1"}}]
        "#,
    );
}

/// No fault but slow work at n2, which ends it by itself.
#[test]
fn silence_is_yes() {
    schedule(
        "silence-is-yes",
        &[Ac1, Ac3],
        r#"
        "work": {"nodes": {"n2": "5s"}}
        "#,
    );
}

/// No fault but a slow COMMIT.
#[test]
fn impatient() {
    schedule(
        "impatient",
        &[Ac1],
        r#"
        "faults": [{"at": "0", "delay": {"message": "Commit", "to": "n1", "by": "3s"}}]
        "#,
    );
}

/// n1 is slow, the root aborts and dies; when it is back it hears a YES.
#[test]
fn collects_anew() {
    schedule(
        "collects-anew",
        &[Ac1, Ac2],
        r#"
        "nodes": 2,
        "work": {"nodes": {"n1": "1200ms"}},
        "faults": [{"when": {"decided": {"by": "n0"}},
            "crash": {"node": "n0", "restart_after": "50ms"}}]
        "#,
    );
}

/// The root dies between its two COMMITs.
#[test]
fn overlooks_commit() {
    schedule(
        "overlooks-commit",
        &[Ac1, Ac2],
        r#"
        "faults": [{"when": {"sent": {"by": "n0", "message": "Commit", "to": "n1"}},
            "crash": {"node": "n0", "restart_after": "100ms"}}]
        "#,
    );
}

/// n1 dies between its vote and the record; a second PREPARE comes after its restart. Of the
/// two copies the second is on time.
#[test]
fn votes_again() {
    schedule(
        "votes-again",
        &[Ac1, WriteAhead],
        r#"
        "faults": [
            {"at": "0", "duplicate": {"message": "Prepare", "to": "n1"}},
            {"at": "0", "delay": {"message": "Prepare", "to": "n1", "by": "20ms"}},
            {"at": "1550us", "crash": {"node": "n1", "restart_after": "5ms", "lose_tail": true}}]
        "#,
    );
}

/// n2 refuses, and the ABORT reaches n1 before its PREPARE.
#[test]
fn abort_overtakes_prepare() {
    schedule(
        "shrugs-off-abort",
        &[Ac5],
        r#"
        "votes": {"no": ["n2"]},
        "faults": [{"at": "0", "delay": {"message": "Prepare", "to": "n1", "by": "100ms"}}]
        "#,
    );
}

/// A second PREPARE comes when all is over: who prepares again asks a root that presumes
/// abort. Hosts do not let a protocol come to this; the mutant stays alive to get there.
#[test]
fn late_prepare() {
    schedule(
        "begins-again",
        &[Ac2, TCommit],
        r#"
        "faults": [
            {"at": "0", "duplicate": {"message": "Prepare", "to": "n1"}},
            {"at": "0", "delay": {"message": "Prepare", "to": "n1", "by": "5s"}}]
        "#,
    );
}

/// Nothing fails: only the price is wrong.
#[test]
fn tells_readers() {
    schedule(
        "tells-readers",
        &[Cost],
        r#"
        "votes": {"read_only": ["n2"]}
        "#,
    );
}

/// The COMMIT is lost twice, and the only question too.
#[test]
fn repeats_once() {
    schedule(
        "repeats-once",
        &[Ac5],
        r#"
        "nodes": 2,
        "faults": [
            {"at": "0", "lose": {"message": "Commit", "count": 2}},
            {"at": "0", "lose": {"message": "Inquire"}}]
        "#,
    );
}

/// The commit record takes longer than the root's patience with the voters.
#[test]
fn stale_alarm() {
    schedule(
        "stale-alarm",
        &[Ac2],
        r#"
        "faults": [{"at": "0", "slow_disk": {"node": "n0", "force": "2s", "for": "5s"}}]
        "#,
    );
}

/// The table and the schedules know the same mutants.
#[test]
fn every_mutant_has_a_schedule() {
    let text = include_str!("schedules.rs");
    for mutant in all() {
        let called = format!("schedule(\n        \"{}\",", mutant.about.id);
        assert!(text.contains(&called), "{} has no schedule", mutant.about.id);
    }
}

//! Cooperative termination of the correct protocol while the coordinator is away: who knows the
//! outcome tells it, and nobody is blamed for what he no longer knows.

use crate::bench::{assert_resolved, run_correct, scenario, undecided};
use commitsim_core::NodeId;
use commitsim_sim::Ending;

const VARIANTS: [&str; 3] = ["2pc", "2pc-pra", "2pc-prc"];

fn cooperative(id: &str) -> String {
    format!(r#"{{"id": "{id}", "options": {{"termination": "cooperative"}}}}"#)
}

/// Under presumed commit a participant may lose its lazy commit record after it has decided. Then
/// it is in doubt again, and together with n2 rightly blocked until the root is back.
#[test]
fn who_has_lost_the_outcome_cannot_tell_it() {
    let faults = |then: &str| {
        format!(
            r#""faults": [
                {{"when": {{"sent": {{"by": "n0", "message": "Commit", "to": "n1"}}}},
                    "crash": {{"node": "n0"{then}}}}},
                {{"when": {{"decided": {{"by": "n1"}}}},
                    "crash": {{"node": "n1", "restart_after": "20s", "lose_tail": true}}}}]"#
        )
    };
    let blocked = run_correct(&scenario(&cooperative("2pc-prc"), &faults("")), 0);
    assert_eq!(blocked.violations, []);
    assert_eq!((blocked.ending, undecided(&blocked)), (Ending::Settled, vec![NodeId(2)]));
    let back = faults(r#", "restart_after": "40s""#);
    assert_resolved("2pc-prc", &run_correct(&scenario(&cooperative("2pc-prc"), &back), 0));
}

/// n1 is asked before it has heard of the transaction, and aborts it. It tells n2, which dies, and
/// later n3, which had been cut off: n1 alone knows, and has to say it again.
#[test]
fn who_aborted_on_a_question_answers_the_next_one_too() {
    for id in VARIANTS {
        let scenario = scenario(
            &cooperative(id),
            r#""nodes": 4,
            "faults": [
                {"at": "0", "lose": {"message": "Prepare", "to": "n1"}},
                {"at": "80ms", "partition": {
                    "groups": [["n1", "n2"], ["n3"]], "heal_after": "20s"}},
                {"at": "80ms", "crash": {"node": "n0"}},
                {"at": "10s", "crash": {"node": "n2"}}]"#,
        );
        assert_resolved(id, &run_correct(&scenario, 0));
    }
}

/// The ABORT has overtaken n1's PREPARE; n2's is lost; n3, which refused, and the root die. Only
/// n1 can tell n2.
#[test]
fn who_was_told_to_abort_what_it_never_met_tells_it_too() {
    for id in VARIANTS {
        let scenario = scenario(
            &cooperative(id),
            r#""nodes": 4,
            "votes": {"no": ["n3"]},
            "faults": [
                {"at": "0", "delay": {"message": "Prepare", "to": "n1", "by": "50ms"}},
                {"at": "0", "lose": {"message": "Abort", "from": "n0", "to": "n2", "count": 9}},
                {"at": "80ms", "crash": {"node": "n0"}},
                {"at": "80ms", "crash": {"node": "n3"}}]"#,
        );
        assert_resolved(id, &run_correct(&scenario, 0));
    }
}

/// A reader dies after its vote. It comes back without a record, and must not be taken, or take
/// itself, for a node that never voted: the root may have committed.
#[test]
fn a_reader_without_memory_does_not_abort_for_others() {
    for id in VARIANTS {
        let scenario = scenario(
            &cooperative(id),
            r#""nodes": 3,
            "votes": {"read_only": ["n2"]},
            "faults": [
                {"when": {"sent": {"by": "n2", "message": "ReadOnly"}},
                    "crash": {"node": "n2", "restart_after": "500ms"}},
                {"at": "0", "lose": {"message": "Commit", "from": "n0", "to": "n1", "count": 9}}]"#,
        );
        assert_resolved(id, &run_correct(&scenario, 0));
    }
}

/// The same, asked for its vote a second time: of the two copies of PREPARE the second is on time.
#[test]
fn a_reader_without_memory_that_is_asked_again_refuses_without_effect() {
    for id in VARIANTS {
        let scenario = scenario(
            &cooperative(id),
            r#""nodes": 3,
            "votes": {"read_only": ["n2"]},
            "faults": [
                {"at": "0", "duplicate": {"message": "Prepare", "to": "n2"}},
                {"at": "0", "delay": {"message": "Prepare", "to": "n2", "by": "900ms"}},
                {"when": {"sent": {"by": "n2", "message": "ReadOnly"}},
                    "crash": {"node": "n2", "restart_after": "500ms"}}]"#,
        );
        assert_resolved(id, &run_correct(&scenario, 0));
    }
}

/// Presumed commit, and n1's question is so late that its abort has been acknowledged meanwhile.
/// The root knows nothing any more and answers COMMIT, as it must; nobody believes it.
#[test]
fn a_question_that_comes_too_late_is_answered_and_harmless() {
    let scenario = scenario(
        &cooperative("2pc-prc"),
        r#""votes": {"no": ["n2"]},
        "faults": [
            {"at": "0", "delay": {"message": "Inquire", "from": "n1", "to": "n0", "by": "5s"}},
            {"at": "0", "lose": {"message": "Abort", "from": "n0", "to": "n1"}},
            {"at": "0", "lose": {"message": "Abort", "from": "n2", "to": "n1"}}]"#,
    );
    assert_resolved("2pc-prc", &run_correct(&scenario, 0));
}

/// An outcome that nobody acknowledges lets the root's low-water mark pass at once, and with the
/// next transaction those who know forget. n2, who was not told, is then blocked with the root, and
/// goes on with it.
#[test]
fn who_may_forget_an_outcome_without_acknowledgements_cannot_tell_it() {
    for (id, message, votes) in [("2pc-pra", "Abort", r#"["n3"]"#), ("2pc-prc", "Commit", "[]")] {
        let faults = |then: &str| {
            format!(
                r#""nodes": 4,
                "votes": {{"no": {votes}}},
                "workload": {{"transactions": 3, "arrivals": {{"every": "20ms"}}}},
                "faults": [
                    {{"at": "0", "lose": {{
                        "message": "{message}", "from": "n0", "to": "n2", "count": 2}}}},
                    {{"at": "80ms", "crash": {{"node": "n0"{then}}}}}]"#
            )
        };
        let blocked = run_correct(&scenario(&cooperative(id), &faults("")), 0);
        assert_eq!(blocked.violations, [], "{id}");
        assert_eq!(undecided(&blocked), [NodeId(2), NodeId(2)], "{id}");
        let freed = faults(r#", "restart_after": "20s""#);
        assert_resolved(id, &run_correct(&scenario(&cooperative(id), &freed), 0));
    }
}

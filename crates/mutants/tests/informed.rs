//! Cooperative termination of the correct protocol while the coordinator is away: who knows the
//! outcome tells it, and nobody is blamed for what he no longer knows.

mod bench;

use bench::{assert_resolved, run_correct, scenario, undecided};
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
                {"at": "80ms", "partition": {"groups": [["n1", "n2"], ["n3"]], "heal_after": "20s"}},
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

//! Where two-phase commit must block it blocks, and no longer than it must.
//!
//! Schedules B1 and B2 of protocols.md 13.2. Blocking is right, so there is no mutant for it; the
//! mutant that refuses to block is caught as soon as the coordinator is back.

use crate::bench::{assert_resolved, broken, run, run_correct, scenario, scenario_for, undecided};
use commitsim_core::{Decision, NodeId};
use commitsim_mutants::find;
use commitsim_sim::{Ending, RunRecord, Stand};
use commitsim_spec::Property;

const VARIANTS: [&str; 3] = ["2pc", "2pc-pra", "2pc-prc"];

const N1: NodeId = NodeId(1);
const N2: NodeId = NodeId(2);

fn choice(id: &str, termination: &str) -> String {
    format!(r#"{{"id": "{id}", "options": {{"termination": "{termination}"}}}}"#)
}

/// Exactly `nodes` are blocked at the end, and nobody minds.
fn assert_blocked(name: &str, record: &RunRecord, nodes: &[NodeId]) {
    assert_eq!(record.violations, [], "{name}");
    assert_eq!(record.ending, Ending::Settled, "{name}");
    assert_eq!(undecided(record), nodes, "{name}");
    for node in record.transactions[0].nodes.iter().filter(|node| nodes.contains(&node.node)) {
        assert_eq!(node.state, Stand::InDoubt, "{name}");
        assert!(node.blocked.0 > 0, "{name}: it never asked");
    }
}

fn assert_all_decided(name: &str, record: &RunRecord, decision: Decision) {
    assert_resolved(name, record);
    for node in &record.transactions[0].nodes {
        assert_eq!(node.state, Stand::Decided(decision), "{name}: {node:?}");
    }
}

/// B1: the root dies with all votes in hand, its decision on disk and no COMMIT sent.
fn b1(then: &str) -> String {
    format!(
        r#""faults": [{{"when": {{"forced": {{"by": "n0", "record": "Committed"}}}},
            "crash": {{"node": "n0"{then}}}}}]"#
    )
}

#[test]
fn b1_blocks_every_participant_until_the_coordinator_is_back() {
    for id in VARIANTS {
        for termination in ["none", "cooperative"] {
            let chosen = choice(id, termination);
            let blocked = run_correct(&scenario(&chosen, &b1("")), 0);
            assert_blocked(&chosen, &blocked, &[N1, N2]);
            let freed = run_correct(&scenario(&chosen, &b1(r#", "restart_after": "20s""#)), 0);
            assert_all_decided(&chosen, &freed, Decision::Commit);
        }
    }
}

/// The same a moment earlier, with the last YES on the doorstep: who has decided nothing comes
/// back to an abort.
#[test]
fn b1_ends_in_abort_if_the_coordinator_had_not_decided() {
    let crash = |then: &str| {
        format!(
            r#""faults": [{{"when": {{"received": {{"by": "n0", "message": "Yes", "from": "n2"}}}},
                "crash": {{"node": "n0"{then}}}}}]"#
        )
    };
    for id in VARIANTS {
        for termination in ["none", "cooperative"] {
            let chosen = choice(id, termination);
            let blocked = run_correct(&scenario(&chosen, &crash("")), 0);
            assert_blocked(&chosen, &blocked, &[N1, N2]);
            let freed = run_correct(&scenario(&chosen, &crash(r#", "restart_after": "20s""#)), 0);
            assert_all_decided(&chosen, &freed, Decision::Abort);
        }
    }
}

#[test]
fn who_does_not_block_in_b1_has_guessed() {
    let mutant = find("impatient").expect("it is in the table");
    let unseen = run(mutant, &scenario_for(mutant, &b1("")), 0, None);
    assert_eq!(undecided(&unseen), [], "the guess lets everybody go on");
    let caught = run(mutant, &scenario_for(mutant, &b1(r#", "restart_after": "20s""#)), 0, None);
    assert_eq!(broken(&caught), [Property::Ac1]);
}

/// B2: the COMMIT reaches n1 only; then the root and n1 die.
fn b2(then: &str) -> String {
    format!(
        r#""faults": [
            {{"when": {{"sent": {{"by": "n0", "message": "Commit", "to": "n1"}}}},
                "crash": {{"node": "n0"}}}},
            {{"when": {{"decided": {{"by": "n1"}}}}, "after": "20ms",
                "crash": {{"node": "n1"}}}}
            {then}]"#
    )
}

fn back(node: &str) -> String {
    format!(r#", {{"at": "20s", "restart": {{"node": "{node}"}}}}"#)
}

#[test]
fn b2_blocks_the_uninformed_participant() {
    for id in VARIANTS {
        let chosen = choice(id, "cooperative");
        let blocked = run_correct(&scenario(&chosen, &b2("")), 0);
        assert_blocked(&chosen, &blocked, &[N2]);
    }
}

#[test]
fn b2_ends_when_either_of_those_who_know_is_back() {
    for id in VARIANTS {
        for node in ["n0", "n1"] {
            let chosen = choice(id, "cooperative");
            let freed = run_correct(&scenario(&chosen, &b2(&back(node))), 0);
            assert_all_decided(&chosen, &freed, Decision::Commit);
        }
    }
}

#[test]
fn b2_without_cooperation_only_the_coordinator_helps() {
    for id in VARIANTS {
        let chosen = choice(id, "none");
        let blocked = run_correct(&scenario(&chosen, &b2(&back("n1"))), 0);
        assert_blocked(&chosen, &blocked, &[N2]);
        let freed = run_correct(&scenario(&chosen, &b2(&back("n0"))), 0);
        assert_all_decided(&chosen, &freed, Decision::Commit);
    }
}

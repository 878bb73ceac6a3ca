//! Where news go from neighbour to neighbour, reaching everybody is not enough.

use commitsim_core::{
    Cost, Formation, Necessary, NodeId, NodeSet, Promise, Status, Time, TxId, Vote, WriteAhead,
};
use commitsim_spec::{Circumstances, Observation, Property, Spec, What};

const TX: TxId = TxId(0);

/// Three nodes are in doubt, and messages get from the first of these to the second nowhere.
fn objections(necessary: Necessary, cut: &[(u16, u16)]) -> Vec<Property> {
    let promise = Promise {
        formation: Formation::STAR,
        glare: Cost::NONE,
        necessary,
        ahead: WriteAhead { vote: false, commit: false, presumes_commit: false, members: false },
        commit_cost: |_, _| Cost::NONE,
    };
    let mut spec = Spec::new(promise, 3);
    spec.open(TX, NodeId(0), &NodeSet::first(3));
    for node in (0..3).map(NodeId) {
        let begun = What::Begin { tx: TX };
        let voted = What::Vote { tx: TX, vote: Vote::Yes };
        let waits = What::Enter { tx: TX, status: Status::InDoubt };
        for what in [begun, voted, waits] {
            spec.observe(&Observation { at: Time::ZERO, node, what });
        }
    }
    let reaches = |from: NodeId, to: NodeId| !cut.contains(&(from.0, to.0));
    let settled = |_| true;
    spec.judge(&Circumstances { at: Time::ZERO, reaches: &reaches, settled: &settled });
    spec.violations().iter().map(|violation| violation.property).collect()
}

#[test]
fn nodes_that_all_reach_each_other_must_get_on() {
    assert_eq!(objections(Necessary::ConnectedOrInformed, &[]), [Property::Ac5]);
    assert_eq!(objections(Necessary::AllOrInformed, &[]), [Property::Ac5]);
}

/// n0 reaches both others, but the way from n2 to n1 is cut.
#[test]
fn a_cut_between_two_others_excuses_a_node() {
    assert_eq!(objections(Necessary::ConnectedOrInformed, &[(2, 1)]), []);
    assert_eq!(objections(Necessary::AllOrInformed, &[(2, 1)]), [Property::Ac5]);
}

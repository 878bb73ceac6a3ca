//! One broken property does not hide another.

use commitsim_core::{
    Cost, Decision, Formation, Necessary, NodeId, NodeSet, Promise, Time, TxId, Vote, Why,
    WriteAhead,
};
use commitsim_spec::{Observation, Property, Spec, What};

const TX: TxId = TxId(0);

fn broken(seen: &[(u16, What)]) -> Vec<Property> {
    let promise = Promise {
        formation: Formation::STAR,
        glare: Cost::NONE,
        necessary: Necessary::Root,
        ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: false },
        commit_cost: |_, _| Cost { messages: 0, forced: 0 },
    };
    let mut spec = Spec::new(promise, 2);
    spec.open(TX, NodeId(0), &NodeSet::first(2));
    for (node, what) in seen {
        spec.observe(&Observation { at: Time::ZERO, node: NodeId(*node), what: *what });
    }
    spec.violations().iter().map(|violation| violation.property).collect()
}

fn decides(decision: Decision) -> What {
    What::Decide { tx: TX, decision, why: Why::Protocol }
}

const NO: What = What::Vote { tx: TX, vote: Vote::No };

#[test]
fn a_commit_without_a_yes_is_one_also_when_others_have_aborted() {
    let seen = [(1, NO), (1, decides(Decision::Abort)), (0, decides(Decision::Commit))];
    assert_eq!(broken(&seen), [Property::Ac1, Property::Ac3]);
}

#[test]
fn a_commit_without_a_yes_is_one_also_when_it_reverses_an_abort() {
    let seen = [(1, NO), (1, decides(Decision::Abort)), (1, decides(Decision::Commit))];
    assert_eq!(broken(&seen), [Property::Ac2, Property::Ac3]);
}

#[test]
fn a_needless_abort_is_one_also_when_others_have_committed() {
    let yes = What::Vote { tx: TX, vote: Vote::Yes };
    let commits = decides(Decision::Commit);
    let seen = [(0, yes), (1, yes), (0, commits), (1, decides(Decision::Abort))];
    assert_eq!(broken(&seen), [Property::Ac1, Property::Ac4]);
}

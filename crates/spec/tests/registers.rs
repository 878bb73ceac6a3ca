//! When a protocol of vote registers may block: no reader within reach gets at what it needs.

use commitsim_core::{
    Cost, Decision, Formation, Lsn, Necessary, NodeId, NodeSet, Promise, Shape, Status, Time, TxId,
    Vote, Why, WriteAhead,
};
use commitsim_spec::{Circumstances, Observation, Property, Spec, What};

const TX: TxId = TxId(0);

const ROOT: u16 = 0;
const HELPER: u16 = 3;

/// Three voters, the root among them, and a helper. n1 and n2 are in doubt; those in `down` are
/// down, those in `informed` know the outcome, and the pairs in `cut` do not reach each other.
/// Whether the oracle objects that somebody did not get on.
fn objects(down: &[u16], informed: &[u16], cut: &[(u16, u16)]) -> bool {
    let promise = Promise {
        formation: Formation { shape: Shape::Star, helpers: 1 },
        glare: Cost::NONE,
        necessary: Necessary::RegistersOrInformed,
        ahead: WriteAhead { vote: false, commit: false, presumes_commit: false, members: false },
        commit_cost: |_, _| Cost::NONE,
    };
    let mut spec = Spec::new(promise, 4);
    spec.open(TX, NodeId(ROOT), &NodeSet::first(3));
    let mut see = |node: u16, what| {
        spec.observe(&Observation { at: Time::ZERO, node: NodeId(node), what });
    };
    for node in 0..3 {
        see(node, What::Begin { tx: TX });
        see(node, What::Vote { tx: TX, vote: Vote::Yes });
        see(node, What::Enter { tx: TX, status: Status::InDoubt });
    }
    for &node in informed {
        see(node, What::Decide { tx: TX, decision: Decision::Commit, why: Why::Protocol });
        see(node, What::Enter { tx: TX, status: Status::Decided(Decision::Commit) });
    }
    for &node in down {
        see(node, What::Crash { kept: Lsn::NONE, appended: Lsn::NONE });
    }
    let apart = |a: NodeId, b: NodeId| cut.contains(&(a.0, b.0)) || cut.contains(&(b.0, a.0));
    let reaches = |from, to| !apart(from, to);
    let settled = |_| true;
    spec.judge(&Circumstances { at: Time::ZERO, reaches: &reaches, settled: &settled });
    let properties: Vec<Property> = spec.violations().iter().map(|v| v.property).collect();
    assert!(properties.is_empty() || properties == [Property::Ac5]);
    !properties.is_empty()
}

#[test]
fn either_reader_is_enough_where_all_registers_can_be_read() {
    assert!(objects(&[], &[], &[]));
    assert!(objects(&[ROOT], &[], &[]), "the root's own register is not needed");
    assert!(objects(&[HELPER], &[], &[]));
    assert!(!objects(&[ROOT, HELPER], &[], &[]));
}

#[test]
fn a_register_that_cannot_be_read_blocks() {
    assert!(!objects(&[2], &[], &[]));
    assert!(!objects(&[ROOT, 2], &[], &[]));
}

#[test]
fn a_reader_that_knows_or_reaches_one_that_knows_is_enough() {
    assert!(objects(&[2], &[HELPER], &[]));
    assert!(objects(&[2], &[ROOT], &[]));
    assert!(objects(&[ROOT], &[2], &[]), "n1 learns it from n2 by the helper");
    assert!(!objects(&[ROOT, HELPER], &[2], &[]), "nobody asks n2");
    assert!(!objects(&[2, ROOT], &[2], &[]), "n2 knew, and is down");
}

/// It is the reader that has to reach the registers, not who is in doubt.
#[test]
fn a_reader_that_is_cut_off_helps_nobody() {
    assert!(!objects(&[ROOT], &[], &[(HELPER, 2)]));
    assert!(objects(&[ROOT], &[], &[(1, 2)]));
    assert!(!objects(&[ROOT], &[], &[(HELPER, 1), (HELPER, 2)]));
}

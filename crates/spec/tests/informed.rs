//! Who counts as knowing the outcome when nodes that could have asked are judged.

use commitsim_core::{
    Cost, Decision, Formation, Lsn, Necessary, NodeId, NodeSet, Promise, Status, Time, TxId, Vote,
    Why, WriteAhead,
};
use commitsim_spec::{Circumstances, Observation, Property, Spec, What};

const TX: TxId = TxId(0);

const CRASH: What = What::Crash { kept: Lsn::NONE, appended: Lsn::NONE };

fn stands(status: Status) -> What {
    What::Enter { tx: TX, status }
}

/// The root is down, n1 committed, n2 is in doubt; then `more` happens, and all is judged.
fn broken(more: &[(u16, What)]) -> Vec<Property> {
    let promise = Promise {
        formation: Formation::STAR,
        glare: Cost::NONE,
        necessary: Necessary::RootOrInformed,
        ahead: WriteAhead { vote: false, commit: false, presumes_commit: false, members: false },
        commit_cost: |_, _| Cost { messages: 0, forced: 0 },
    };
    let mut spec = Spec::new(promise, 3);
    spec.open(TX, NodeId(0), &NodeSet::first(3));
    let begin = What::Begin { tx: TX };
    let yes = What::Vote { tx: TX, vote: Vote::Yes };
    let commits = What::Decide { tx: TX, decision: Decision::Commit, why: Why::Protocol };
    let start = [
        (0, begin),
        (0, yes),
        (1, begin),
        (1, yes),
        (1, stands(Status::InDoubt)),
        (2, begin),
        (2, yes),
        (2, stands(Status::InDoubt)),
        (0, commits),
        (0, CRASH),
        (1, commits),
        (1, stands(Status::Decided(Decision::Commit))),
    ];
    for (node, what) in start.iter().chain(more) {
        spec.observe(&Observation { at: Time::ZERO, node: NodeId(*node), what: *what });
    }
    let reaches = |_, _| true;
    let settled = |_| true;
    spec.judge(&Circumstances { at: Time::ZERO, reaches: &reaches, settled: &settled });
    spec.violations().iter().map(|violation| violation.property).collect()
}

#[test]
fn a_node_in_doubt_beside_one_that_knows_has_to_get_on() {
    assert_eq!(broken(&[]), [Property::Ac5]);
}

/// The root's low-water mark frees it to, also when an outcome that nobody acknowledges is over.
#[test]
fn a_node_that_has_forgotten_cannot_help() {
    assert_eq!(broken(&[(1, What::Forget { tx: TX })]), []);
}

#[test]
fn a_node_that_lost_the_outcome_in_a_crash_cannot_help() {
    let back =
        [(1, CRASH), (1, What::Restart), (1, What::Begin { tx: TX }), (1, stands(Status::InDoubt))];
    assert_eq!(broken(&back), []);
}

#[test]
fn a_node_whose_records_brought_the_outcome_back_can_help() {
    let back = [
        (1, CRASH),
        (1, What::Restart),
        (1, What::Begin { tx: TX }),
        (1, stands(Status::Decided(Decision::Commit))),
    ];
    assert_eq!(broken(&back), [Property::Ac5]);
}

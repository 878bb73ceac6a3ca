//! On a tree a read-only voter leaves only if everybody below it does, and the formula of the cost
//! counts as readers those that may leave.

use commitsim_core::{
    Cost, Decision, Formation, Meaning, Necessary, NodeId, NodeSet, Promise, Shape, Time, TxId,
    Vote, Why, Word, WriteAhead,
};
use commitsim_spec::{Objection, Observation, Spec, What};

const TX: TxId = TxId(0);

/// A commit on the chain 0 – 1 – 2 – 3 with these votes and this many messages: how many the
/// oracle would have wanted, if it objects.
fn wanted(shape: Shape, votes: [Vote; 4], messages: u64) -> Option<u64> {
    let mut spec = Spec::new(
        Promise {
            formation: Formation { shape, helpers: 0 },
            glare: Cost::NONE,
            necessary: Necessary::Root,
            ahead: WriteAhead {
                vote: false,
                commit: false,
                presumes_commit: false,
                members: false,
            },
            commit_cost: |n, r| Cost { messages: 4 * n - 2 * r, forced: 0 },
        },
        4,
    );
    // Twice, since a case that was closed is used again.
    for tx in [TxId(7), TX] {
        spec.open(tx, NodeId(0), &NodeSet::first(4));
        spec.plant(tx, [None, Some(0), Some(1), Some(2)].map(|n| n.map(NodeId)).into_iter());
        let mut see =
            |node, what| spec.observe(&Observation { at: Time::ZERO, node: NodeId(node), what });
        for (node, vote) in (0..).zip(votes) {
            see(node, What::Vote { tx, vote });
        }
        for id in 0..messages {
            let word = Word { tag: 0, detail: 0, meaning: Meaning::Other };
            see(0, What::Send { tx, to: NodeId(1), id, word });
        }
        see(0, What::Decide { tx, decision: Decision::Commit, why: Why::Protocol });
        spec.close(Time::ZERO, tx);
    }
    let objections = spec.violations().iter().map(|violation| &violation.objection);
    let mut formula = objections.map(|objection| match objection {
        Objection::CostDiffers { formula, .. } => formula.messages,
        other => panic!("{other:?}"),
    });
    formula.next_back()
}

const YES: Vote = Vote::Yes;
const READ: Vote = Vote::ReadOnly;

#[test]
fn a_reader_above_a_writer_does_not_count() {
    assert_eq!(wanted(Shape::Tree, [YES, READ, YES, READ], 10), None);
    assert_eq!(wanted(Shape::Tree, [YES, READ, YES, READ], 8), Some(10));
    assert_eq!(wanted(Shape::Tree, [YES, YES, READ, READ], 8), None);
    assert_eq!(wanted(Shape::Tree, [YES, READ, READ, YES], 8), Some(12));
}

#[test]
fn beside_a_tree_every_reader_counts() {
    assert_eq!(wanted(Shape::Star, [YES, READ, YES, READ], 8), None);
    assert_eq!(wanted(Shape::Star, [YES, READ, READ, YES], 12), Some(8));
}

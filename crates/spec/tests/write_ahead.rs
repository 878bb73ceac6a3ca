//! What is on disk before a message leaves, and when a message claims nothing.

use commitsim_core::{
    Cost, Decision, Formation, Lsn, Meaning, Necessary, NodeId, NodeSet, Promise, Time, TxId, Why,
    Word, WriteAhead,
};
use commitsim_spec::{Observation, Property, Spec, What};

const TX: TxId = TxId(0);

const COMMIT: Word = Word { tag: 0, detail: 0, meaning: Meaning::Decision(Decision::Commit) };

fn broken(presumes_commit: bool, seen: &[(u16, What)]) -> Vec<Property> {
    let promise = Promise {
        formation: Formation::STAR,
        glare: Cost::NONE,
        necessary: Necessary::Root,
        ahead: WriteAhead { vote: true, commit: true, presumes_commit, members: false },
        commit_cost: |_, _| Cost { messages: 0, forced: 0 },
    };
    let mut spec = Spec::new(promise, 2);
    spec.open(TX, NodeId(0), &NodeSet::first(2));
    for (node, what) in seen {
        spec.observe(&Observation { at: Time::ZERO, node: NodeId(*node), what: *what });
    }
    spec.violations().iter().map(|violation| violation.property).collect()
}

fn sends_commit() -> What {
    What::Send { tx: TX, to: NodeId(1), id: 1, word: COMMIT }
}

#[test]
fn a_commit_leaves_after_its_record_is_durable() {
    let append = What::Append { tx: TX, lsn: Lsn(1), word: COMMIT, forced: true };
    let durable = What::Durable { tx: TX, lsn: Lsn(1), word: COMMIT };
    assert_eq!(broken(false, &[(0, append), (0, sends_commit())]), [Property::WriteAhead]);
    assert_eq!(broken(false, &[(0, append), (0, durable), (0, sends_commit())]), []);
}

#[test]
fn a_presumed_commit_is_no_news_to_who_has_aborted() {
    let aborts = (1, What::Decide { tx: TX, decision: Decision::Abort, why: Why::Protocol });
    let late = [aborts, (0, sends_commit())];
    // The abort is needless as well, which is none of this test's business.
    assert_eq!(broken(true, &late), [Property::Ac4]);
    assert_eq!(broken(false, &late), [Property::Ac4, Property::WriteAhead]);
    // Who is in doubt would believe it.
    assert_eq!(broken(true, &[(0, sends_commit())]), [Property::WriteAhead]);
}

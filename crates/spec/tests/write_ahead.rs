//! What is on disk before a message leaves, and when a message claims nothing.

use commitsim_core::{
    Cost, Decision, Lsn, Meaning, Necessary, NodeId, NodeSet, Promise, Time, TxId, Why, Word,
    WriteAhead,
};
use commitsim_spec::{Observation, Property, Spec, What};

const TX: TxId = TxId(0);

const COMMIT: Word = Word { tag: 0, detail: 0, meaning: Meaning::Decision(Decision::Commit) };

fn broken(members: bool, seen: &[(u16, What)]) -> Vec<Property> {
    let promise = Promise {
        necessary: Necessary::Root,
        ahead: WriteAhead { vote: true, commit: true, members },
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

/// The record is appended, and the node dies before a force has covered it.
fn dies_and_keeps(kept: Lsn) -> [(u16, What); 4] {
    [
        (0, What::Append { tx: TX, lsn: Lsn(1), word: COMMIT, forced: true }),
        (0, What::Crash { kept, appended: Lsn(1) }),
        (0, What::Restart),
        (0, sends_commit()),
    ]
}

#[test]
fn what_a_crash_leaves_of_the_log_is_durable() {
    assert_eq!(broken(false, &dies_and_keeps(Lsn(1))), []);
    assert_eq!(broken(false, &dies_and_keeps(Lsn::NONE)), [Property::WriteAhead]);
}

#[test]
fn a_force_covers_everything_before_it() {
    let append = |lsn: Lsn| What::Append { tx: TX, lsn, word: COMMIT, forced: false };
    let durable = |lsn: Lsn| What::Durable { tx: TX, lsn, word: COMMIT };
    let seen = [(0, append(Lsn(1))), (0, append(Lsn(2))), (0, durable(Lsn(1)))];
    assert_eq!(broken(false, &[&seen[..], &[(0, sends_commit())]].concat()), []);
    assert_eq!(
        broken(false, &[&seen[..2], &[(0, sends_commit())]].concat()),
        [Property::WriteAhead]
    );
}

#[test]
fn a_presumed_commit_is_no_news_to_who_has_aborted() {
    let aborts = (1, What::Decide { tx: TX, decision: Decision::Abort, why: Why::Protocol });
    let late = [aborts, (0, sends_commit())];
    // The abort is needless as well, which is none of this test's business.
    assert_eq!(broken(true, &late), [Property::Ac4]);
    assert_eq!(broken(false, &late), [Property::Ac4, Property::WriteAhead]);
    assert_eq!(broken(true, &[(0, sends_commit())]), [Property::WriteAhead]);
}

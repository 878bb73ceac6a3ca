//! What happens on a way, in words that need no protocol's types.

use commitsim_core::{Alarm, Lsn, NodeId, NodeSet, Protocol, Spoken, Vote, Word};

use crate::choice::{Choice, Envelope};

/// One thing that happens on a way, with words for messages and numbers for alarms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// The transaction begins at its root.
    Begin,
    /// A message arrives; at a node that is down it is lost.
    Deliver(Said),
    /// A message arrives, and a second copy of it is still under way.
    Duplicate(Said),
    /// A message is lost.
    Lose(Said),
    /// The local work of a node ends.
    Vote(NodeId, Vote),
    /// All that a node has appended becomes durable.
    Sync(NodeId),
    /// An alarm goes off: its place in the protocol's list.
    Fire(NodeId, u8),
    /// A node dies; of its log everything up to there is left.
    Crash(NodeId, Lsn),
    /// A node dies in the middle of a step, after so many of its acts, and so much of its log is
    /// left.
    Amid(Box<Step>, u32, Lsn),
    /// A node comes back.
    Restart(NodeId),
    /// The network falls into these nodes and all others.
    Part(NodeSet),
    /// The parts of the network find each other again.
    Mend,
    /// Everything that is under way is lost.
    Silence,
}

/// A message under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Said {
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// What it says.
    pub word: Word,
}

impl<P: Protocol> Choice<P> {
    /// The same without the protocol's types.
    #[must_use]
    pub fn step(&self) -> Step {
        match self {
            Choice::Begin => Step::Begin,
            Choice::Deliver(envelope) => Step::Deliver(said(envelope)),
            Choice::Duplicate(envelope) => Step::Duplicate(said(envelope)),
            Choice::Lose(envelope) => Step::Lose(said(envelope)),
            Choice::Vote(node, vote) => Step::Vote(*node, *vote),
            Choice::Sync(node) => Step::Sync(*node),
            Choice::Fire(node, timer) => Step::Fire(*node, timer.index()),
            Choice::Crash(node, survives) => Step::Crash(*node, *survives),
            Choice::Amid(step, acts, survives) => {
                Step::Amid(Box::new(step.step()), *acts, *survives)
            }
            Choice::Restart(node) => Step::Restart(*node),
            Choice::Part(part) => Step::Part(part.clone()),
            Choice::Mend => Step::Mend,
            Choice::Silence => Step::Silence,
        }
    }
}

fn said<M: Spoken>(envelope: &Envelope<M>) -> Said {
    Said { from: envelope.from, to: envelope.to, word: envelope.message.word() }
}

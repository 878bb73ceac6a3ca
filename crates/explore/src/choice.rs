//! What can happen next.

use commitsim_core::{Lsn, NodeId, NodeSet, Protocol, TxId, Vote};

/// A message under way.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Envelope<M> {
    /// Its receiver.
    pub to: NodeId,
    /// Its sender.
    pub from: NodeId,
    /// The sender's low-water mark when it left.
    pub settled: TxId,
    /// What it says.
    pub message: M,
}

/// One thing that can happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice<P: Protocol> {
    /// The transaction begins at its root.
    Begin,
    /// A message arrives; at a node that is down it is lost.
    Deliver(Envelope<P::Message>),
    /// A message arrives, and a second copy of it is still under way.
    Duplicate(Envelope<P::Message>),
    /// A message is lost.
    Lose(Envelope<P::Message>),
    /// The local work of a node ends.
    Vote(NodeId, Vote),
    /// All that a node has appended becomes durable; that a part of it does, and the node goes on,
    /// is not looked at.
    Sync(NodeId),
    /// An alarm goes off.
    Fire(NodeId, P::Timer),
    /// A node dies; of its log everything up to there is left.
    Crash(NodeId, Lsn),
    /// A node dies in the middle of a step, after so many of its acts, and so much of its log is
    /// left.
    Amid(Box<Choice<P>>, u32, Lsn),
    /// A node comes back.
    Restart(NodeId),
    /// The network falls into these nodes and all others; what is under way between them is lost.
    Part(NodeSet),
    /// The parts of the network find each other again.
    Mend,
    /// Everything that is under way is lost.
    Silence,
}

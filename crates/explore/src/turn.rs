//! What can happen next, in numbers.

use commitsim_core::{Lsn, NodeId, Vote};

use crate::state::Nodes;

/// One thing that can happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Turn {
    pub(crate) step: Step,
    /// A node dies in the middle of it: after how many of its acts, and how much of its log is
    /// left.
    pub(crate) cut: Option<(u32, Lsn)>,
}

/// The same from its beginning to its end; messages are numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Begin,
    Deliver(u32),
    Duplicate(u32),
    Lose(u32),
    Vote(NodeId, Vote),
    Sync(NodeId),
    /// An alarm, by its place in the protocol's list.
    Fire(NodeId, u8),
    Crash(NodeId, Lsn),
    Restart(NodeId),
    Part(Nodes),
    Mend,
    Silence,
}

impl From<Step> for Turn {
    fn from(step: Step) -> Turn {
        Turn { step, cut: None }
    }
}

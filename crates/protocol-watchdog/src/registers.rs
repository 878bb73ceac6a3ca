//! What a reader knows of the vote registers.

use commitsim_core::{NodeId, NodeSet};

/// The registers of all voters but the root, as far as they are read. The root's own holds YES:
/// its PREPARE said so, and without a PREPARE nobody reads registers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Registers {
    /// Whose register has not been read.
    pub unread: NodeSet,
    /// Whose register holds NO.
    pub refused: NodeSet,
}

impl Registers {
    pub(crate) fn of(participants: NodeSet) -> Registers {
        Registers { unread: participants, refused: NodeSet::EMPTY }
    }

    /// Reads one register; the same one may be read often. Says whether it is the first NO.
    pub(crate) fn read(&mut self, voter: NodeId, yes: bool) -> bool {
        if !self.unread.remove(voter) || yes {
            return false;
        }
        let first = self.refused.is_empty();
        self.refused.insert(voter);
        first
    }

    /// Whether every register holds YES.
    pub(crate) fn all_agree(&self) -> bool {
        self.unread.is_empty() && self.refused.is_empty()
    }
}

//! The count of votes, at the root and at the watchdog.

use commitsim_core::{NodeId, NodeSet, Vote};

/// Who has voted, and how.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Votes {
    /// Who has not voted.
    pub(crate) missing: NodeSet,
    /// Who voted YES.
    pub(crate) yes: NodeSet,
    /// Whether somebody voted NO.
    pub(crate) refused: bool,
}

impl Votes {
    pub(crate) fn of(voters: &NodeSet) -> Votes {
        Votes { missing: voters.clone(), yes: NodeSet::EMPTY, refused: false }
    }

    /// Counts voters, not votes: a vote that arrives twice is one vote. Says whether it was the
    /// first NO.
    pub(crate) fn count(&mut self, voter: NodeId, vote: Vote) -> bool {
        if !self.missing.remove(voter) {
            return false;
        }
        if vote == Vote::Yes {
            self.yes.insert(voter);
        }
        vote == Vote::No && !core::mem::replace(&mut self.refused, true)
    }

    /// Whether everybody has voted and nobody refused.
    pub(crate) fn all_agree(&self) -> bool {
        self.missing.is_empty() && !self.refused
    }
}

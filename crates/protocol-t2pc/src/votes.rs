//! A node's count of the votes of its subtree.

use commitsim_core::{NodeId, NodeSet, Vote};

/// What a node knows of the votes of its subtree: its own, and one word from each child.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Votes {
    /// Who has not answered; the node itself is among them while its own work goes on.
    pub missing: NodeSet,
    /// Who is bound and has to hear the outcome: children that said READY, and the node itself
    /// if it voted YES.
    pub yes: NodeSet,
    /// Whether somebody refused.
    pub refused: bool,
    /// What is on disk of this node's own vote.
    pub record: VoteRecord,
}

/// What is on disk of a node's vote while other votes are missing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum VoteRecord {
    /// Nothing: a crash undoes the work, and so aborts.
    Absent,
    /// Early force: the record is on its way.
    Forcing,
    /// Early force: a crash leaves the node in doubt.
    Durable,
}

impl Votes {
    pub(crate) fn of(voters: NodeSet) -> Votes {
        let record = VoteRecord::Absent;
        Votes { missing: voters, yes: NodeSet::EMPTY, refused: false, record }
    }

    /// Counts voters, not votes: who has answered has answered. A child that left read-only and
    /// has since restarted refuses a second PREPARE, and that is no refusal of the subtree.
    pub(crate) fn count(&mut self, voter: NodeId, vote: Vote) {
        if self.missing.remove(voter) {
            self.refused |= vote == Vote::No;
            if vote == Vote::Yes {
                self.yes.insert(voter);
            }
        }
    }
}

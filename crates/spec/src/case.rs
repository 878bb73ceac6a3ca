//! What the oracle remembers of one transaction.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use commitsim_core::{Decision, NodeId, NodeSet, Status, Vote};

use crate::Property;

/// One transaction, as the oracle sees it. Nothing in it is cleared by a crash, but where a
/// machine stands (protocols.md 0.3, point 8).
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub root: NodeId,
    pub voters: NodeSet,
    /// Who is above whom on the protocol's tree, by node number; empty where it has none.
    pub parents: Vec<Option<NodeId>>,
    /// How many voters there are, because counting them takes longer than all else about a vote.
    pub voter_count: u32,
    /// Whether anything failed or any patience ran out in it.
    pub disturbed: bool,
    /// Whether the root's record of the participants is durable.
    pub members_durable: bool,
    /// Whether a commit record is durable somewhere.
    pub commit_durable: bool,
    pub messages: u64,
    pub forced: u64,
    /// By node number.
    pub parts: Vec<Part>,
    /// How many voters agree: their last vote is YES or read-only.
    pub willing: u32,
    /// How many nodes decided first for commit, and how many for abort.
    pub commits: u32,
    pub aborts: u32,
    /// What was objected to already: one violation of a kind is enough.
    pub objected: Vec<Property>,
}

/// One node's part in a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Part {
    /// It took part at some time.
    pub met: bool,
    /// It was down at some time since the transaction began.
    pub fell: bool,
    pub vote: Option<Vote>,
    pub vote_durable: bool,
    /// Its first decision.
    pub decided: Option<Decision>,
    /// Where its machine stands, in its present life.
    pub status: Option<Status>,
}

impl Part {
    pub(crate) fn agrees(&self) -> bool {
        matches!(self.vote, Some(Vote::Yes | Vote::ReadOnly))
    }
}

impl Case {
    pub(crate) fn part(&mut self, node: NodeId) -> &mut Part {
        &mut self.parts[usize::from(node.0)]
    }

    pub(crate) fn hash_memory<H: Hasher>(&self, state: &mut H) {
        (self.disturbed, self.members_durable, self.commit_durable).hash(state);
        (&self.parts, &self.objected).hash(state);
    }

    /// A node crashes; all else about it stays.
    pub(crate) fn crash(&mut self, node: NodeId) {
        self.disturbed = true;
        let part = self.part(node);
        part.status = None;
        part.fell = true;
    }

    /// The nodes for whose part `holds` is true, helpers included.
    pub(crate) fn nodes(&self, holds: impl Fn(&Part) -> bool) -> Vec<NodeId> {
        let numbered = self.parts.iter().zip(0u16..);
        numbered.filter(|(part, _)| holds(part)).map(|(_, node)| NodeId(node)).collect()
    }

    /// The last node where the voters stand in a row: the root first, the others in node order.
    pub(crate) fn last(&self) -> NodeId {
        self.voters.without(self.root).iter().last().unwrap_or(self.root)
    }

    /// Whether `holds` is true for the part of every voter.
    pub(crate) fn all_voters(&self, holds: impl Fn(&Part) -> bool) -> bool {
        self.voters.iter().all(|node| holds(&self.parts[usize::from(node.0)]))
    }

    /// How many voters left read-only: they and everybody below them voted so.
    pub(crate) fn readers(&self) -> u64 {
        let reads = |node: &NodeId| self.parts[usize::from(node.0)].vote == Some(Vote::ReadOnly);
        let readers = self.voters.iter().filter(reads).count() as u64;
        if readers == 0 || self.parents.is_empty() {
            return readers;
        }
        let mut stays = NodeSet::EMPTY;
        for voter in self.voters_that(|part| part.vote != Some(Vote::ReadOnly)) {
            let above = |node: &NodeId| self.parents.get(usize::from(node.0)).copied().flatten();
            for node in core::iter::successors(Some(voter), above) {
                stays.insert(node);
            }
        }
        self.voters.iter().filter(|voter| !stays.contains(*voter)).count() as u64
    }

    /// The voters for whose part `holds` is true.
    pub(crate) fn voters_that(&self, holds: impl Fn(&Part) -> bool) -> Vec<NodeId> {
        self.voters.iter().filter(|node| holds(&self.parts[usize::from(node.0)])).collect()
    }
}

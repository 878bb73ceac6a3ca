//! Who plays in a transaction.

use crate::{NodeId, NodeSet};

/// Who plays in one transaction, seen from one node.
///
/// Flat two-phase commit reads it as a tree of depth one: the root's neighbours are the
/// participants, a participant's only neighbour is the root.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cast {
    /// The node at which the transaction begins and which answers the client.
    pub root: NodeId,
    /// The neighbour on the way to the root; none at the root.
    pub parent: Option<NodeId>,
    /// The nodes that this one exchanges messages with in the normal course.
    pub neighbours: NodeSet,
    /// The nodes that hold data and vote, wherever they are; the root too if it holds data.
    pub voters: NodeSet,
    /// The nodes that hold no data and help: a watchdog, backups. They know the whole cast.
    pub helpers: NodeSet,
}

impl Cast {
    /// Whether `me` could have decided, or voted, and now has no record of it: a helper could not.
    #[must_use]
    #[inline]
    pub fn decides_or_votes(&self, me: NodeId) -> bool {
        self.voters.contains(me) || self.root == me
    }

    /// The neighbours that are not on the way to the root.
    #[must_use]
    pub fn children(&self) -> NodeSet {
        let mut children = self.neighbours.clone();
        if let Some(parent) = self.parent {
            children.remove(parent);
        }
        children
    }
}

/// How the nodes of a protocol stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Formation {
    /// Which nodes are neighbours.
    pub shape: Shape,
    /// How many nodes help that hold no data.
    pub helpers: u16,
}

impl Formation {
    /// Everybody and the root, without helpers.
    pub const STAR: Formation = Formation { shape: Shape::Star, helpers: 0 };

    /// Everybody and a root, which votes or does not, and helpers.
    #[must_use]
    pub const fn star(coordinator_votes: bool, helpers: u16) -> Formation {
        let shape = if coordinator_votes { Shape::Star } else { Shape::Monitor };
        Formation { shape, helpers }
    }
}

/// Which nodes are neighbours of each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Everybody and the root.
    Star,
    /// Everybody and a root that holds no data: a transaction monitor, which does not vote. A
    /// transaction of the root alone has nobody else to vote.
    Monitor,
    /// Each node and the next, from the root on in node order.
    Chain,
    /// All nodes of each other.
    Complete,
    /// Those of the scenario's tree.
    Tree,
}

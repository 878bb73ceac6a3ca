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
}

impl Cast {
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

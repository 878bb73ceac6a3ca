//! Who plays what in a transaction, from the shape that its protocol has.

use std::sync::Arc;

use commitsim_core::{Cast, Formation, NodeId, NodeSet, Shape};

use crate::setup::{Network, Setup, Topology};
use crate::topology::Tree;

/// The cast of a transaction of all nodes with node 0 as its root, one entry a node, helpers last.
/// All links are alike.
#[must_use]
pub fn casts(formation: Formation, topology: &Topology, nodes: u16) -> Arc<[Cast]> {
    let network = Network::alike();
    let formations = Formations::among(formation, topology, nodes, &network);
    formations.cast(NodeId(0), &NodeSet::first(nodes))
}

/// Makes the casts of transactions.
pub(crate) struct Formations {
    shape: Shape,
    nodes: u16,
    helpers: NodeSet,
    /// Only where the protocol runs on one.
    tree: Option<Tree>,
}

impl Formations {
    pub(crate) fn new(formation: Formation, setup: &Setup) -> Formations {
        Formations::among(formation, &setup.topology, setup.nodes, &setup.network)
    }

    fn among(
        formation: Formation,
        topology: &Topology,
        nodes: u16,
        network: &Network,
    ) -> Formations {
        let tree = (formation.shape == Shape::Tree).then(|| Tree::new(topology, nodes, network));
        let helpers = (nodes..nodes + formation.helpers).map(NodeId).collect();
        Formations { shape: formation.shape, nodes, helpers, tree }
    }

    /// How many nodes a run has, helpers included; those come last.
    pub(crate) fn nodes(&self) -> u16 {
        self.nodes + self.helpers.len() as u16
    }

    /// The cast of a transaction of these nodes, among them `root`; one entry a node.
    pub(crate) fn cast(&self, root: NodeId, nodes: &NodeSet) -> Arc<[Cast]> {
        let monitored = self.shape == Shape::Monitor && nodes.len() > 1;
        let voters = if monitored { &nodes.without(root) } else { nodes };
        let parents = self.parents(root, nodes);
        let mut neighbours = vec![NodeSet::EMPTY; usize::from(self.nodes())];
        for (node, parent) in (0..).map(NodeId).zip(&parents) {
            if let Some(parent) = *parent {
                neighbours[usize::from(node.0)].insert(parent);
                neighbours[usize::from(parent.0)].insert(node);
            }
        }
        if self.shape == Shape::Complete {
            for node in voters.iter() {
                neighbours[usize::from(node.0)] = voters.without(node);
            }
        }
        let cast = |(neighbours, parent): (NodeSet, Option<NodeId>)| Cast {
            root,
            parent,
            neighbours,
            voters: voters.clone(),
            helpers: self.helpers.clone(),
        };
        neighbours.into_iter().zip(parents).map(cast).collect()
    }

    /// The neighbour of each node on the way to the root, by node number.
    fn parents(&self, root: NodeId, voters: &NodeSet) -> Vec<Option<NodeId>> {
        let mut parents = vec![None; usize::from(self.nodes())];
        let full = self.tree.as_ref().map(|tree| tree.rooted_at(root));
        let mut before = root;
        for node in voters.without(root).iter() {
            let parent = match &full {
                Some(full) => nearest(full, voters, node).unwrap_or(root),
                None if self.shape == Shape::Chain => before,
                None => root,
            };
            parents[usize::from(node.0)] = Some(parent);
            before = node;
        }
        parents
    }
}

/// The first node on the way to the root that takes part: who does not is passed over.
fn nearest(parents: &[Option<NodeId>], voters: &NodeSet, node: NodeId) -> Option<NodeId> {
    let up = |node: &NodeId| parents[usize::from(node.0)];
    std::iter::successors(up(&node), up).find(|node| voters.contains(*node))
}

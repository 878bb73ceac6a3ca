//! Who talks to whom in protocols that run on a tree.

use std::collections::VecDeque;

use commitsim_core::NodeId;

use crate::setup::{Network, Topology};

/// A tree over the nodes that hold data: the neighbours of each, by node number.
pub(crate) struct Tree {
    neighbours: Vec<Vec<NodeId>>,
}

impl Tree {
    /// The tree that `topology` means among `nodes` nodes on this network.
    pub(crate) fn new(topology: &Topology, nodes: u16, network: &Network) -> Tree {
        let edges: Vec<(NodeId, NodeId)> = match topology {
            Topology::Star => (1..nodes).map(|n| (NodeId(0), NodeId(n))).collect(),
            Topology::Chain => (1..nodes).map(|n| (NodeId(n - 1), NodeId(n))).collect(),
            Topology::Tree { arity } => {
                (1..nodes).map(|n| (NodeId((n - 1) / arity), NodeId(n))).collect()
            }
            Topology::Edges(edges) => edges.clone(),
            Topology::MinDiameter => crate::diameter::least(&round_trips(nodes, network)),
        };
        let mut neighbours = vec![Vec::new(); usize::from(nodes)];
        for (one, other) in edges {
            neighbours[usize::from(one.0)].push(other);
            neighbours[usize::from(other.0)].push(one);
        }
        Tree { neighbours }
    }

    /// The neighbour of each node on the way to `root`; none at the root itself.
    pub(crate) fn rooted_at(&self, root: NodeId) -> Vec<Option<NodeId>> {
        let mut parents = vec![None; self.neighbours.len()];
        let mut queue = VecDeque::from([root]);
        while let Some(node) = queue.pop_front() {
            for &next in &self.neighbours[usize::from(node.0)] {
                if parents[usize::from(node.0)] != Some(next) {
                    parents[usize::from(next.0)] = Some(node);
                    queue.push_back(next);
                }
            }
        }
        parents
    }
}

/// The mean latency there and back between any two nodes, in nanoseconds.
fn round_trips(nodes: u16, network: &Network) -> Vec<Vec<u64>> {
    let all = usize::from(nodes);
    let usual = network.usual.latency.mean();
    let mut means = vec![vec![usual; all]; all];
    for (from, to, link) in &network.links {
        // Helpers stand beside the tree.
        if let Some(mean) =
            means.get_mut(usize::from(from.0)).and_then(|row| row.get_mut(usize::from(to.0)))
        {
            *mean = link.latency.mean();
        }
    }
    let trip = |one: usize, other: usize| means[one][other].saturating_add(means[other][one]);
    (0..all).map(|one| (0..all).map(|other| trip(one, other)).collect()).collect()
}

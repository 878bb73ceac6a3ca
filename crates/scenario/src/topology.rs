//! Who talks to whom in tree protocols.

use std::collections::VecDeque;

use commitsim_core::NodeId;
use commitsim_sim::Topology;

use crate::form_system::{TOPOLOGY, TREE};
use crate::json::{Json, Value};
use crate::limits;
use crate::place::Place;
use crate::reader::Reader;

impl Reader {
    pub(crate) fn topology(&mut self, json: &Json<'_>) -> Option<Topology> {
        if let Value::Text(_) = json.value {
            let choices =
                [("star", 0), ("chain", 1), ("min-diameter", 2), ("tree", 3), ("edges", 4)];
            return match self.one_of(json, "a topology", &choices)? {
                0 => Some(Topology::Star),
                1 => Some(Topology::Chain),
                2 => Some(Topology::MinDiameter),
                3 => {
                    let hint = r#"write {"tree": {"arity": 2}}"#;
                    self.refuse(json.place, "this tree has no arity", "", hint);
                    None
                }
                _ => {
                    let hint = r#"write {"edges": [["n0", "n1"]]}"#;
                    self.refuse(json.place, "the edges are missing", "", hint);
                    None
                }
            };
        }
        let also = "`star`, `chain`, `min-diameter`, or ";
        let (kind, json) = self.choice(json, &TOPOLOGY, also)?;
        if kind == "edges" {
            return self.edges(json).map(Topology::Edges);
        }
        let fields = self.object(json, &TREE)?;
        let arity = self.integer(fields.get("arity")?, 1, limits::NODES)?;
        u16::try_from(arity).ok().map(|arity| Topology::Tree { arity })
    }

    fn edges(&mut self, json: &Json<'_>) -> Option<Vec<(NodeId, NodeId)>> {
        let mut edges: Vec<(NodeId, NodeId)> = Vec::new();
        for item in self.list(json, "edges, as pairs of nodes")? {
            let [one, other] = self.list(item, "two nodes")? else {
                self.refuse(item.place, "an edge has not two ends", "two nodes", "");
                return None;
            };
            let (one, other) = (self.voter(one), self.voter(other));
            let edge = (one?, other?);
            // The path that the ends have already and the new edge make the cycle.
            if let Some(path) = self.path(&edges, edge.0, edge.1) {
                self.refuse_cycle(item.place, &path);
                return None;
            }
            edges.push(edge);
        }
        self.check_orphans(json.place, &edges);
        Some(edges)
    }

    fn refuse_cycle(&mut self, place: Place, path: &[NodeId]) {
        let found = match path {
            [node] => format!("this edge leads from {0} to {0}", self.names.of(*node)),
            [one, other] => {
                let (one, other) = (self.names.of(*one), self.names.of(*other));
                format!("{one} and {other} are neighbours already")
            }
            _ => {
                let shown = path.iter().chain(path.first()).map(|node| self.names.of(*node));
                format!("this edge closes a cycle: {}", shown.collect::<Vec<_>>().join(" – "))
            }
        };
        self.refuse(place, found, "a tree: one way between any two nodes", "take the edge out");
    }

    fn check_orphans(&mut self, place: Place, edges: &[(NodeId, NodeId)]) {
        let reached = self.search(edges, NodeId(0));
        let orphans: Vec<&str> = self
            .names
            .iter()
            .zip(&reached)
            .filter_map(|(name, step)| step.is_none().then_some(name))
            .take(10)
            .collect();
        if !orphans.is_empty() {
            let root = self.names.of(NodeId(0));
            let found = format!("no way leads from {root} to {}", orphans.join(", "));
            self.refuse(place, found, "a tree that spans all nodes", "");
        }
    }

    /// The nodes on the way from one node to another, both included.
    fn path(&self, edges: &[(NodeId, NodeId)], from: NodeId, to: NodeId) -> Option<Vec<NodeId>> {
        let reached = self.search(edges, to);
        let mut path = vec![from];
        let mut at = from;
        while at != to {
            at = (*reached.get(usize::from(at.0))?)?;
            path.push(at);
        }
        Some(path)
    }

    /// For each node that can be reached from the start, its neighbour on the way back; the start
    /// is its own. There are fewer edges than nodes, because no cycle has been let in.
    fn search(&self, edges: &[(NodeId, NodeId)], start: NodeId) -> Vec<Option<NodeId>> {
        let count = usize::from(self.names.count());
        let mut neighbours: Vec<Vec<NodeId>> = vec![Vec::new(); count];
        for &(one, other) in edges {
            neighbours[usize::from(one.0)].push(other);
            neighbours[usize::from(other.0)].push(one);
        }
        let mut back: Vec<Option<NodeId>> = vec![None; count];
        let mut queue = VecDeque::from([start]);
        if let Some(place) = back.get_mut(usize::from(start.0)) {
            *place = Some(start);
        }
        while let Some(node) = queue.pop_front() {
            for &next in neighbours.get(usize::from(node.0)).into_iter().flatten() {
                let place = &mut back[usize::from(next.0)];
                if place.is_none() {
                    *place = Some(node);
                    queue.push_back(next);
                }
            }
        }
        back
    }
}

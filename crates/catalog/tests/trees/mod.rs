//! Random trees with everything unequal, and when votes meet on them: worked out from the timing
//! model (interface.md 3) and protocols.md 6 and 7.5, without a protocol.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeSet;

use commitsim_rng::{Bits, Stream};

/// A tree over nodes 0 to n − 1 with node 0 as the root; times are in nanoseconds.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) neighbours: Vec<Vec<usize>>,
    /// From the first node to the second, for neighbours.
    pub(crate) latency: Vec<Vec<u64>>,
    pub(crate) work: Vec<u64>,
    pub(crate) force: u64,
}

/// Where and when the votes come together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meeting {
    /// This node is the last to know, and has not said READY. Whether it has a READY record all
    /// the same, because the last READY came while that was being forced (G22).
    At { node: usize, at: u64, recorded: bool },
    /// Two READYs cross on this edge. The times are when each end has the other's.
    Across { ends: (usize, usize), at: (u64, u64) },
}

impl Tree {
    /// Labels are drawn too, so that parents have greater numbers as often as smaller ones.
    pub(crate) fn drawn(draw: &mut Stream, nodes: usize, force: u64) -> Tree {
        let mut labels: Vec<usize> = (1..nodes).collect();
        draw.shuffle(&mut labels);
        labels.insert(0, 0);
        let mut neighbours = vec![Vec::new(); nodes];
        let mut latency = vec![vec![0; nodes]; nodes];
        for child in 1..nodes {
            let parent = draw.within(0..=child as u64 - 1) as usize;
            let (one, other) = (labels[parent], labels[child]);
            neighbours[one].push(other);
            neighbours[other].push(one);
            latency[one][other] = draw.within(1..=9_000_000);
            latency[other][one] = draw.within(1..=9_000_000);
        }
        // Now and then one node is slow enough that the votes meet there.
        let longest = [1_000_000, 9_000_000, 60_000_000][draw.within(0..=2) as usize];
        let work = (0..nodes).map(|_| draw.within(1..=longest)).collect();
        Tree { neighbours, latency, work, force }
    }

    pub(crate) fn nodes(&self) -> usize {
        self.work.len()
    }

    /// The keys of a scenario with this system.
    pub(crate) fn keys(&self) -> String {
        let (mut edges, mut links, mut work) = (Vec::new(), Vec::new(), Vec::new());
        for (one, others) in self.neighbours.iter().enumerate() {
            work.push(format!(r#""n{one}": "{}ns""#, self.work[one]));
            for &other in others {
                let latency = self.latency[one][other];
                links.push(format!(
                    r#"{{"from": "n{one}", "to": "n{other}", "latency": "{latency}ns"}}"#
                ));
                if one < other {
                    edges.push(format!(r#"["n{one}", "n{other}"]"#));
                }
            }
        }
        format!(
            r#""nodes": {}, "topology": {{"edges": [{}]}}, "network": {{"links": [{}]}},
               "work": {{"nodes": {{{}}}}}, "disk": {{"force": "{}ns"}}"#,
            self.nodes(),
            edges.join(","),
            links.join(","),
            work.join(","),
            self.force
        )
    }

    /// The way from `from` to each node over the edges: d(from, x).
    pub(crate) fn ways_from(&self, from: usize) -> Vec<u64> {
        let mut ways = vec![None; self.nodes()];
        ways[from] = Some(0);
        let mut reached = vec![from];
        while let Some(node) = reached.pop() {
            for &next in &self.neighbours[node] {
                if ways[next].is_none() {
                    ways[next] = ways[node].map(|way: u64| way + self.latency[node][next]);
                    reached.push(next);
                }
            }
        }
        ways.into_iter().map(Option::unwrap).collect()
    }

    /// When the local work of each node is done; the wave of PREPAREs starts it.
    pub(crate) fn done(&self) -> Vec<u64> {
        self.ways_from(0).iter().zip(&self.work).map(|(way, work)| way + work).collect()
    }

    /// The nodes on `node`'s side of the edge to `beyond`.
    pub(crate) fn side(&self, node: usize, beyond: usize) -> BTreeSet<usize> {
        let mut side = BTreeSet::from([node]);
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            for &other in &self.neighbours[next] {
                if (next, other) != (node, beyond) && side.insert(other) {
                    open.push(other);
                }
            }
        }
        side
    }

    /// The first wave of READYs, each after a force: a node whose own work is done says READY to
    /// the last neighbour that has not.
    pub(crate) fn meeting(&self) -> Meeting {
        let mut events: BTreeSet<(u64, Event)> = BTreeSet::new();
        for (node, at) in self.done().into_iter().enumerate() {
            events.insert((at, Event::Done(node)));
        }
        let mut nodes: Vec<Racer> = self.neighbours.iter().map(|all| Racer::new(all)).collect();
        let mut first_end = None;
        while let Some((at, event)) = events.pop_first() {
            let node = event.node();
            let racer = &mut nodes[node];
            match event {
                Event::Done(_) => racer.done = true,
                Event::Heard(_, from) => {
                    racer.missing.remove(&from);
                    if racer.said == Some(from) {
                        match first_end.replace((node, at)) {
                            None => continue,
                            Some((other, earlier)) => {
                                return Meeting::Across { ends: (other, node), at: (earlier, at) };
                            }
                        }
                    }
                }
                Event::Forced(_, to) if racer.missing.is_empty() => {
                    assert_eq!(racer.forcing, Some(to));
                    return Meeting::At { node, at, recorded: true };
                }
                Event::Forced(_, to) => {
                    racer.said = Some(to);
                    events.insert((at + self.latency[node][to], Event::Heard(to, node)));
                }
            }
            let racer = &mut nodes[node];
            if !racer.done || racer.forcing.is_some() {
                continue;
            }
            let mut missing = racer.missing.iter().copied();
            match (missing.next(), missing.next()) {
                (None, _) => return Meeting::At { node, at, recorded: false },
                (Some(to), None) => {
                    racer.forcing = Some(to);
                    events.insert((at + self.force, Event::Forced(node, to)));
                }
                _ => {}
            }
        }
        unreachable!("votes meet on every tree")
    }
}

struct Racer {
    done: bool,
    missing: BTreeSet<usize>,
    forcing: Option<usize>,
    said: Option<usize>,
}

impl Racer {
    fn new(neighbours: &[usize]) -> Racer {
        let missing = neighbours.iter().copied().collect();
        Racer { done: false, missing, forcing: None, said: None }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Event {
    /// Done first of one instant, as interface.md 3 rule 7 has it for forces without length.
    Forced(usize, usize),
    Done(usize),
    Heard(usize, usize),
}

impl Event {
    fn node(self) -> usize {
        let (Event::Forced(node, _) | Event::Done(node) | Event::Heard(node, _)) = self;
        node
    }
}

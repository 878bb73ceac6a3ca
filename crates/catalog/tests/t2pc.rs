//! Tree two-phase commit: what it costs, when each node decides, and what it claims, on stars,
//! chains, complete trees and random ones (protocols.md 5, 7.5, 12 and 13; interface.md 3).

mod play;
mod stage;

use commitsim_core::{Decision, Time};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Family, Outcome, RunRecord, Stand, TransactionRecord};
use play::{play, play_seeded, scenario};
use stage::{Run, run_of};

const LATE: &str = r#""t2pc""#;
const EARLY: &str = r#"{"id": "t2pc", "options": {"vote_force": "early"}}"#;
const LAZY: &str = r#"{"id": "t2pc", "options": {"outcome_force": "lazy"}}"#;
const EARLY_LAZY: &str =
    r#"{"id": "t2pc", "options": {"vote_force": "early", "outcome_force": "lazy"}}"#;

/// A system with a tree of its own, times in nanoseconds; node 0 is the root.
struct Tree {
    /// Of each node but the root, whose entry means nothing.
    parent: Vec<usize>,
    /// To each node from its parent, and back.
    down: Vec<u64>,
    up: Vec<u64>,
    work: Vec<u64>,
    force: u64,
}

impl Tree {
    /// Every latency a unit, nothing else takes time.
    fn plain(parent: Vec<usize>) -> Tree {
        let all = parent.len();
        let unit = vec![1_000_000; all];
        Tree { parent, down: unit.clone(), up: unit, work: vec![0; all], force: 0 }
    }

    /// A random tree with everything unequal.
    fn drawn(draw: &mut Stream, all: usize) -> Tree {
        let mut names: Vec<usize> = (1..all).collect();
        draw.shuffle(&mut names);
        names.insert(0, 0);
        let mut parent = vec![0; all];
        for at in 1..all {
            parent[names[at]] = names[draw.within(0..=at as u64 - 1) as usize];
        }
        let mut some = || (0..all).map(|_| draw.within(1..=9_000_000)).collect();
        let (down, up, work) = (some(), some(), some());
        Tree { parent, down, up, work, force: draw.within(1..=2_000_000) }
    }

    fn all(&self) -> usize {
        self.parent.len()
    }

    fn remote(&self) -> u64 {
        self.all() as u64 - 1
    }

    fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        (1..self.all()).filter(move |child| self.parent[*child] == node)
    }

    /// From `node` up to the root, both included.
    fn path(&self, node: usize) -> Vec<usize> {
        let above = |at: &usize| (*at != 0).then(|| self.parent[*at]);
        std::iter::successors(Some(node), above).collect()
    }

    fn height(&self) -> u64 {
        (0..self.all()).map(|node| self.path(node).len() as u64 - 1).max().unwrap_or(0)
    }

    fn inner(&self) -> u64 {
        (1..self.all()).filter(|node| self.children(*node).next().is_some()).count() as u64
    }

    /// From the root to `node`.
    fn way_down(&self, node: usize) -> u64 {
        self.path(node).iter().filter(|at| **at != 0).map(|at| self.down[*at]).sum()
    }

    /// From `node` to the root.
    fn way_up(&self, node: usize) -> u64 {
        self.path(node).iter().filter(|at| **at != 0).map(|at| self.up[*at]).sum()
    }

    /// From `one` to `other`, up and then down.
    fn way(&self, one: usize, other: usize) -> u64 {
        let (from, to) = (self.path(one), self.path(other));
        let up = from.iter().filter(|at| !to.contains(at)).map(|at| self.up[*at]).sum::<u64>();
        up + to.iter().filter(|at| !from.contains(at)).map(|at| self.down[*at]).sum::<u64>()
    }

    /// When the work of `node` is done: the PREPARE wave, then the work.
    fn worked(&self, node: usize) -> u64 {
        self.way_down(node) + self.work[node]
    }

    /// Late force: when READY of `node`'s subtree leaves, or at the root when the last vote is in.
    fn complete(&self, node: usize) -> u64 {
        let votes = self.children(node).map(|child| self.complete(child) + self.up[child]);
        let force = if node == 0 { 0 } else { self.force };
        votes.fold(self.worked(node), u64::max) + force
    }

    /// When ACK of `node`'s subtree leaves, or at the root when the last one is in, if it knows
    /// the outcome at `told`.
    fn over(&self, node: usize, told: u64) -> u64 {
        let own = told + if node == 0 { 0 } else { self.force };
        let acks = self
            .children(node)
            .map(|child| self.over(child, told + self.down[child]) + self.up[child]);
        acks.fold(own, u64::max)
    }

    fn text(&self, protocols: &str, keys: &str) -> String {
        let remote = || 1..self.all();
        let edges: Vec<String> =
            remote().map(|n| format!(r#"["n{}", "n{n}"]"#, self.parent[n])).collect();
        let link = |from, to, latency: u64| {
            format!(r#"{{"from": "n{from}", "to": "n{to}", "latency": "{latency}ns"}}"#)
        };
        let links: Vec<String> = remote()
            .flat_map(|n| {
                [link(self.parent[n], n, self.down[n]), link(n, self.parent[n], self.up[n])]
            })
            .collect();
        let work: Vec<String> =
            (0..self.all()).map(|n| format!(r#""n{n}": "{}ns""#, self.work[n])).collect();
        format!(
            r#"{{"format": "commitsim/1", "protocols": [{protocols}], "nodes": {},
                 "topology": {{"edges": [{}]}}, "network": {{"links": [{}]}},
                 "disk": {{"force": "{}ns"}}, "work": {{"nodes": {{{}}}}},
                 "patience": {{"votes": "9s", "decision": "9s", "acks": "9s"}} {keys}}}"#,
            self.all(),
            edges.join(","),
            links.join(","),
            self.force,
            work.join(",")
        )
    }

    fn runs(&self, protocols: &str, keys: &str) -> Vec<RunRecord> {
        play(&scenario(&self.text(protocols, keys)))
    }
}

fn star(all: usize) -> Vec<usize> {
    vec![0; all]
}

fn chain(all: usize) -> Vec<usize> {
    (0..all).map(|node| node.saturating_sub(1)).collect()
}

fn complete(all: usize, arity: usize) -> Vec<usize> {
    (0..all).map(|node| node.saturating_sub(1) / arity).collect()
}

/// One tree of each kind, and a few random ones, with this many nodes.
fn shapes(draw: &mut Stream, all: usize) -> Vec<Vec<usize>> {
    let mut shapes = vec![star(all), chain(all), complete(all, 2), complete(all, 3)];
    shapes.extend((0..4).map(|_| Tree::drawn(draw, all).parent));
    shapes
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, [], "no violation");
    assert_eq!(run.transactions.len(), 1);
    assert!(run.transactions[0].forgotten.is_some(), "everything is forgotten");
    &run.transactions[0]
}

fn decided(tx: &TransactionRecord) -> Vec<u64> {
    tx.nodes.iter().map(|node| node.decided.unwrap_or(Time(u64::MAX)).0).collect()
}

// Costs (12.1, 12.4, 2.7).

#[test]
fn s12_1_a_commit_costs_what_the_table_says() {
    let mut draw = Stream::new(Seed(1), Purpose::Topology);
    for all in (1..=17).chain([33, 64]) {
        for parent in shapes(&mut draw, all) {
            let tree = Tree::plain(parent);
            let (n, h, inner) = (tree.remote(), tree.height(), tree.inner());
            let leaves = n - inner;
            let runs = tree.runs(&[LATE, EARLY, LAZY, EARLY_LAZY].join(","), "");
            for (run, forced) in runs.iter().zip([2 * n + 1, 2 * n + 1, n + 1, n + 1]) {
                let tx = only(run);
                assert_eq!(tx.outcome, Outcome::Commit);
                let records = 2 + 3 * inner + 2 * leaves;
                assert_eq!((tx.messages, tx.forced, tx.records), (4 * n, forced, records));
                let delays = |count: u64| Some(Time(count * h * 1_000_000));
                assert_eq!((tx.client, tx.decided), (delays(2), delays(3)));
            }
            assert_eq!(only(&runs[0]).forgotten, Some(Time(4 * h * 1_000_000)));
        }
    }
}

/// Two-level trees are stars, and there the protocol is the presumed abort of R*.
#[test]
fn on_a_star_it_is_flat_presumed_abort() {
    let mut draw = Stream::new(Seed(2), Purpose::Topology);
    for all in 1..=9 {
        let mut tree = Tree::drawn(&mut draw, all);
        tree.parent = star(all);
        for votes in ["{}", r#"{"read_only": ["n0"]}"#, r#"{"no": ["n0"]}"#] {
            let late = r#","work": {"nodes": {"n0": "90ms"}}"#;
            let keys = format!(r#","votes": {votes} {}"#, if votes.len() > 2 { "" } else { "" });
            let _ = late;
            let runs = tree.runs(r#""t2pc", "2pc-pra""#, &keys);
            let of = |run: &RunRecord| {
                let tx = only(run);
                (tx.outcome, tx.client, decided(tx), tx.forced)
            };
            assert_eq!(of(&runs[0]), of(&runs[1]), "{votes}");
        }
    }
}

//! Tree two-phase commit: what it costs, when each node decides, and what it claims, on stars,
//! chains, complete trees and random ones (protocols.md 5, 7.5, 12 and 13; interface.md 3).

mod play;
mod stage;

use commitsim_core::{
    Cast, Cx, Decision, Effects, Factor, Gone, NodeId, NodeSet, Patience, Protocol, Span, Time,
    TxId,
};
use commitsim_protocol_t2pc::{Config, Message, OutcomeForce, TreeTwoPhase, VoteForce};
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

/// A two-level tree is a star, and there the protocol is the presumed abort of R*.
#[test]
fn on_a_star_it_is_flat_presumed_abort() {
    let mut draw = Stream::new(Seed(2), Purpose::Topology);
    for all in 2..=9 {
        let mut tree = Tree::drawn(&mut draw, all);
        tree.parent = star(all);
        for votes in ["{}", r#"{"read_only": ["n0"]}"#, r#"{"read_only": ["n1"]}"#] {
            let runs = tree.runs(r#""t2pc", "2pc-pra""#, &format!(r#","votes": {votes}"#));
            let of = |run: &RunRecord| {
                let tx = only(run);
                let costs = (tx.messages, tx.forced, tx.records);
                (tx.outcome, tx.client, decided(tx), tx.forgotten, costs)
            };
            assert_eq!(of(&runs[0]), of(&runs[1]), "{votes}");
        }
        // A refusal after all votes are in; before that it matters who has voted.
        let last = all - 1;
        tree.work[last] = 90_000_000;
        let runs =
            tree.runs(r#""t2pc", "2pc-pra""#, &format!(r#","votes": {{"no": ["n{last}"]}}"#));
        let of = |run: &RunRecord| (decided(only(run)), only(run).messages, only(run).forced);
        assert_eq!(of(&runs[0]), of(&runs[1]));
    }
}

/// A subtree in which nobody changed anything spends PREPARE and READ-ONLY on each of its edges and
/// no record; a reader above somebody who did has to relay, and saves nothing.
#[test]
fn s2_7_whole_subtrees_that_only_read_leave() {
    let mut draw = Stream::new(Seed(3), Purpose::Topology);
    let (mut left, mut relayed) = (0, 0);
    for round in 0..300 {
        let tree = Tree::drawn(&mut draw, 2 + round % 12);
        let reads: Vec<bool> = (0..tree.all()).map(|n| n > 0 && draw.within(0..=2) > 0).collect();
        let readers: Vec<usize> = (0..tree.all()).filter(|n| reads[*n]).collect();
        // Who stays: the others, and everybody above them.
        let others = (0..tree.all()).filter(|n| !reads[*n]);
        let stay: std::collections::BTreeSet<usize> = others.flat_map(|n| tree.path(n)).collect();
        let names: Vec<String> = readers.iter().map(|n| format!("\"n{n}\"")).collect();
        let keys = format!(r#","votes": {{"read_only": [{}]}}"#, names.join(","));
        let (n, r) = (tree.remote(), (tree.all() - stay.len()) as u64);
        for (run, each) in
            tree.runs(&[LATE, EARLY, EARLY_LAZY].join(","), &keys).iter().zip([2, 2, 1])
        {
            let tx = only(run);
            assert_eq!(tx.outcome, Outcome::Commit);
            assert_eq!((tx.messages, tx.forced), (4 * n - 2 * r, each * (n - r) + 1));
            for (at, node) in tx.nodes.iter().enumerate() {
                assert_eq!(node.state == Stand::ReadOnly, reads[at]);
                assert_eq!(node.in_doubt.0 > 0, at > 0 && stay.contains(&at), "n{at}");
            }
        }
        left += r;
        relayed += readers.len() as u64 - r;
    }
    assert!(left > 100 && relayed > 100, "{left} left, {relayed} relayed");
}

#[test]
fn s2_7_a_transaction_that_changed_nothing_leaves_no_record() {
    let mut draw = Stream::new(Seed(4), Purpose::Topology);
    for all in 1..=16 {
        let tree = Tree::drawn(&mut draw, all);
        let names: Vec<String> = (0..all).map(|n| format!("\"n{n}\"")).collect();
        let keys = format!(r#","votes": {{"read_only": [{}]}}"#, names.join(","));
        for run in tree.runs(&[LATE, EARLY].join(","), &keys) {
            let tx = only(&run);
            assert_eq!(tx.outcome, Outcome::Commit);
            assert_eq!((tx.messages, tx.forced, tx.records), (2 * tree.remote(), 0, 0));
        }
    }
}

/// One node refuses when everybody else has voted, as far as they can: nobody above it has said
/// READY, everybody else has. One ABORT crosses every edge, outwards.
#[test]
fn s3_1_an_abort_crosses_every_edge_once_and_costs_no_force() {
    let mut draw = Stream::new(Seed(5), Purpose::Topology);
    for round in 0..300 {
        let mut tree = Tree::drawn(&mut draw, 1 + round % 16);
        let refuser = draw.within(0..=tree.remote()) as usize;
        tree.work[refuser] = 1_000_000_000;
        let keys = format!(r#","votes": {{"no": ["n{refuser}"]}}"#);
        let n = tree.remote();
        let ready = n + 1 - tree.path(refuser).len() as u64;
        let at = tree.worked(refuser);
        let expected: Vec<u64> = (0..tree.all()).map(|node| at + tree.way(refuser, node)).collect();
        for (run, early) in tree.runs(&[LATE, EARLY].join(","), &keys).iter().zip([false, true]) {
            let tx = only(run);
            assert_eq!(decided(tx), expected);
            assert_eq!(tx.messages, n + ready + n);
            // With early force those above the refuser, but the root, have their vote on disk too.
            let above = tree.path(refuser).iter().filter(|at| **at != 0 && **at != refuser).count();
            let votes = ready + if early { above as u64 } else { 0 };
            assert_eq!((tx.forced, tx.records), (votes, votes + n));
        }
    }
}

/// Refusals that arrive in one instant are counted before anybody is told, and votes of that
/// instant too: on a star the formula of presumed abort (3.5) holds for any number of them.
#[test]
fn s3_5_refusals_of_one_instant_are_one() {
    for n in 1..=12 {
        for m in 1..=n {
            let tree = Tree::plain(star(n as usize + 1));
            let names: Vec<String> = (1..=m).map(|node| format!("\"n{node}\"")).collect();
            let keys = format!(r#","votes": {{"no": [{}]}}"#, names.join(","));
            for run in tree.runs(r#""t2pc", "2pc-pra""#, &keys) {
                let tx = only(&run);
                let costs = (tx.messages, tx.forced, tx.records);
                assert_eq!(costs, (2 * n + (n - m), n - m, 2 * (n - m) + m), "{n} {m}");
            }
        }
    }
    // Everybody below the root refuses at the same time: ABORT crosses each edge of a chain once
    // in each direction, as nobody has heard of the other's.
    let mut tree = Tree::plain(chain(5));
    tree.work = vec![9_000_000, 3_000_000, 2_000_000, 1_000_000, 0];
    let runs = tree.runs(LATE, r#","votes": {"no": ["n1", "n2", "n3", "n4"]}"#);
    assert_eq!((only(&runs[0]).messages, only(&runs[0]).forced), (4 + 4 + 3, 0));
}

// Times (5, 7.5).

/// Without force times, on every tree: C_i = max over x of (p_x + d(x, r)) + d(r, i).
#[test]
fn s7_5_without_forces_the_closed_form_holds_to_the_nanosecond() {
    let mut draw = Stream::new(Seed(6), Purpose::Topology);
    for round in 0..play::rounds(400) {
        let mut tree = Tree::drawn(&mut draw, 1 + round % 20);
        tree.force = 0;
        let votes = (0..tree.all()).map(|x| tree.worked(x) + tree.way_up(x));
        let root = votes.max().unwrap_or(0);
        let expected: Vec<u64> = (0..tree.all()).map(|i| root + tree.way_down(i)).collect();
        for run in tree.runs(&[LATE, EARLY].join(","), "") {
            assert_eq!(decided(only(&run)), expected);
            assert_eq!(only(&run).client, Some(Time(root)));
        }
    }
}

/// With early force the form still holds: p_x has one force in it, below the root. With late force
/// every level adds one (7.5, the recursion). Then the root's own.
#[test]
fn s7_5_with_forces_early_votes_keep_the_closed_form_and_late_ones_the_recursion() {
    let mut draw = Stream::new(Seed(7), Purpose::Topology);
    let mut later = 0;
    for round in 0..play::rounds(400) {
        let tree = Tree::drawn(&mut draw, 1 + round % 20);
        let prepared = |x| tree.worked(x) + if x == 0 { 0 } else { tree.force };
        let votes = (0..tree.all()).map(|x| prepared(x) + tree.way_up(x));
        let early = votes.max().unwrap_or(0) + tree.force;
        let late = tree.complete(0) + tree.force;
        later += u32::from(late > early);
        let protocols = [LATE, EARLY, LAZY, EARLY_LAZY].join(",");
        for (run, root) in tree.runs(&protocols, "").iter().zip([late, early, late, early]) {
            let tx = only(run);
            let expected: Vec<u64> = (0..tree.all()).map(|i| root + tree.way_down(i)).collect();
            assert_eq!(decided(tx), expected);
            assert_eq!(tx.client, Some(Time(root)));
        }
    }
    assert!(later > 200, "late force cost nothing in most of them");
}

/// A node is in doubt from its READY to the COMMIT that reaches it, and never blocked.
#[test]
fn doubt_lasts_from_ready_to_commit() {
    let mut draw = Stream::new(Seed(8), Purpose::Topology);
    for round in 0..100 {
        let tree = Tree::drawn(&mut draw, 2 + round % 12);
        let run = &tree.runs(LATE, "")[0];
        let root = tree.complete(0) + tree.force;
        for (at, node) in only(run).nodes.iter().enumerate().skip(1) {
            assert_eq!(node.in_doubt.0, root + tree.way_down(at) - tree.complete(at));
            assert_eq!(node.blocked.0, 0);
        }
    }
}

/// ACK leaves when the node's own record is durable and all its children have acknowledged.
#[test]
fn s5_forgetting_waits_for_the_last_acknowledgement_of_every_subtree() {
    let mut draw = Stream::new(Seed(9), Purpose::Topology);
    for round in 0..200 {
        let tree = Tree::drawn(&mut draw, 2 + round % 12);
        let run = &tree.runs(LATE, "")[0];
        let root = tree.complete(0) + tree.force;
        assert_eq!(only(run).forgotten, Some(Time(tree.over(0, root))));
    }
}

/// A relay passes COMMIT on before its own force, however slow its disk (interface.md 3, rule 5).
#[test]
fn a_slow_disk_holds_up_no_decision_below_it_only_the_acknowledgement() {
    let run = run_of(
        LATE,
        r#""topology": "chain", "faults": [
            {"when": {"sent": {"by": "n1", "message": "Ready"}},
             "slow_disk": {"node": "n1", "force": "300ms", "for": "1s"}}]"#,
    );
    assert_eq!(run.find(&["decide"]).len(), 3);
    assert_eq!(run.when("n2 decide Commit"), 6800);
    assert_eq!(run.when("n1 durable Committed"), 305_800);
    assert_eq!(run.when("n1 send Ack"), 305_800, "though n2 acknowledged at 7900");
    assert_eq!(run.record.violations, []);
}

// Dialogues, written down from the protocol before they were compared.

const SAID: [&str; 6] = ["send", "append", "write", "durable Ready", "durable Committed", "decide"];

/// A chain of three: the vote comes up, the outcome goes down, the acknowledgement comes up.
#[test]
fn dialogue_of_a_commit_on_a_chain() {
    let run = run_of(LATE, r#""topology": "chain""#);
    let expected = [
        "0 n0 send Prepare to n1 tx0",
        "1000 n1 send Prepare to n2 tx0",
        "2500 n2 append Ready at 1 tx0",
        "2600 n2 durable Ready at 1 tx0",
        "2600 n2 send Ready to n1 tx0",
        "3600 n1 append Ready at 1 tx0",
        "3700 n1 durable Ready at 1 tx0",
        "3700 n1 send Ready to n0 tx0",
        "4700 n0 append Committed at 1 tx0",
        "4800 n0 durable Committed at 1 tx0",
        "4800 n0 decide Commit tx0",
        "4800 n0 send Commit to n1 tx0",
        "5800 n1 append Committed at 2 tx0",
        "5800 n1 decide Commit tx0",
        "5800 n1 send Commit to n2 tx0",
        "5900 n1 durable Committed at 2 tx0",
        "6800 n2 append Committed at 2 tx0",
        "6800 n2 decide Commit tx0",
        "6900 n2 durable Committed at 2 tx0",
        "6900 n2 send Ack to n1 tx0",
        "7900 n1 send Ack to n0 tx0",
        "7900 n1 write Ended at 3 tx0",
        "8900 n0 write Ended at 2 tx0",
    ];
    assert_eq!(run.find(&SAID), expected);
}

/// The same with early force: n1 has its vote on disk when that of n2 arrives.
#[test]
fn dialogue_of_an_early_vote_on_a_chain() {
    let run = run_of(EARLY, r#""topology": "chain""#);
    let expected = [
        "0 n0 send Prepare to n1 tx0",
        "1000 n1 send Prepare to n2 tx0",
        "1500 n1 append Ready at 1 tx0",
        "1600 n1 durable Ready at 1 tx0",
        "2500 n2 append Ready at 1 tx0",
        "2600 n2 durable Ready at 1 tx0",
        "2600 n2 send Ready to n1 tx0",
        "3600 n1 send Ready to n0 tx0",
        "4600 n0 append Committed at 1 tx0",
    ];
    assert_eq!(run.find(&SAID)[..expected.len()], expected);
}

/// In the middle of a chain of five somebody refuses: ABORT goes both ways, and n0's own word is
/// not needed. The READY of n4 has crossed the ABORT, and is answered once more (interface.md 3,
/// rule 10).
#[test]
fn dialogue_of_a_refusal_in_the_middle() {
    let run = run_of(
        LATE,
        r#""topology": "chain", "nodes": 5, "votes": {"no": ["n2"]},
           "work": {"nodes": {"n4": "100us"}}"#,
    );
    let expected = [
        "0 n0 send Prepare to n1 tx0",
        "1000 n1 send Prepare to n2 tx0",
        "2000 n2 send Prepare to n3 tx0",
        "2500 n2 write Aborted at 1 tx0",
        "2500 n2 decide Abort tx0",
        "2500 n2 send Abort to n1 tx0",
        "2500 n2 send Abort to n3 tx0",
        "3000 n3 send Prepare to n4 tx0",
        "3500 n1 write Aborted at 1 tx0",
        "3500 n1 decide Abort tx0",
        "3500 n1 send Abort to n0 tx0",
        "3500 n3 write Aborted at 1 tx0",
        "3500 n3 decide Abort tx0",
        "3500 n3 send Abort to n4 tx0",
        "4100 n4 append Ready at 1 tx0",
        "4200 n4 durable Ready at 1 tx0",
        "4200 n4 send Ready to n3 tx0",
        "4500 n0 decide Abort tx0",
        "4500 n4 write Aborted at 2 tx0",
        "4500 n4 decide Abort tx0",
        "5200 n3 send Abort to n4 tx0",
    ];
    let mut found = run.find(&SAID);
    let mut expected: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
    // Of what happens in one instant only the order at each node matters here.
    found.sort_by_key(|line| by_node(line));
    expected.sort_by_key(|line| by_node(line));
    assert_eq!(found, expected);
    assert_eq!(run.record.violations, []);
}

fn by_node(line: &str) -> (u64, String) {
    let mut words = line.split(' ');
    let at = words.next().unwrap().parse().unwrap();
    (at, words.next().unwrap().to_owned())
}

// Schedules (13) and claims.

const QUICK: &str = r#""patience": {"votes": "50ms", "decision": "50ms", "acks": "50ms"}"#;

/// A run on the chain n0 – n1 – n2 (or longer) with faults. Without them PREPARE reaches n1 and n2
/// at 1000 and 2000 µs, READY leaves n2 at 2600 and n1 at 3700, the root decides at 4800.
fn on_chain(protocol: &str, keys: &str) -> Run {
    let run = run_of(protocol, &format!(r#"{QUICK}, "topology": "chain", {keys}"#));
    assert_eq!(run.record.violations, [], "{}", run.text());
    assert_eq!(run.record.idle_faults, [], "every fault has an effect");
    run
}

fn stands(run: &Run) -> Vec<Stand> {
    run.record.transactions[0].nodes.iter().map(|node| node.state).collect()
}

const COMMITTED: Stand = Stand::Decided(Decision::Commit);
const ABORTED: Stand = Stand::Decided(Decision::Abort);

/// B7: the inner node dies after its READY. Its child asks the root too, and need not wait.
#[test]
fn b7_a_child_whose_parent_is_dead_hears_from_the_root() {
    let run = on_chain(
        LATE,
        r#""faults": [{"when": {"sent": {"by": "n1", "message": "Ready"}},
                       "crash": {"node": "n1"}}]"#,
    );
    assert_eq!(stands(&run), [COMMITTED, Stand::Down, COMMITTED]);
    // In doubt since 2600, it waits 50 ms and asks both; the root's answer takes two delays.
    assert_eq!(run.when("n2 send Inquire to n0"), 52_600);
    assert_eq!(run.when("n2 send Inquire to n1"), 52_600);
    assert_eq!(run.when("n2 decide Commit"), 54_600);
}

/// The same with the inner node back later: it asks, tells its child again, and acknowledges when
/// that has acknowledged to it.
#[test]
fn b7_and_the_parent_comes_back_and_acknowledges_for_both() {
    let run = on_chain(
        LATE,
        r#""faults": [{"when": {"sent": {"by": "n1", "message": "Ready"}},
                       "crash": {"node": "n1", "restart_after": "1s"}}]"#,
    );
    assert_eq!(stands(&run), [COMMITTED; 3]);
    let back = 1_003_700;
    let expected = [
        (back, "n1 send Inquire to n0"),
        (back + 2000, "n1 decide Commit"),
        (back + 2000, "n1 send Commit to n2"),
        (back + 4000, "n1 send Ack to n0"),
    ];
    for (at, what) in expected {
        assert_eq!(run.when(what), at, "{what}");
    }
    assert_eq!(run.count("n2 send Ack to n1"), 2, "its own was lost with the parent");
    assert!(run.record.transactions[0].forgotten.is_some());
}

/// B4, the half of T2PC: the path A – B – C rooted at B, and C dies before it has voted. The root
/// aborts when its patience ends; who has said READY is told.
#[test]
fn b4_a_root_between_a_ready_and_a_dead_node_aborts() {
    let run = run_of(
        LATE,
        r#""patience": {"votes": "50ms", "decision": "50ms", "acks": "50ms"},
           "nodes": ["b", "a", "c"], "topology": {"edges": [["a", "b"], ["b", "c"]]},
           "faults": [{"when": {"began": "c"}, "crash": {"node": "c"}}]"#,
    );
    assert_eq!(stands(&run), [ABORTED, ABORTED, Stand::Down]);
    assert_eq!((run.when("n0 decide Abort"), run.when("n1 decide Abort")), (50_000, 51_000));
    assert_eq!(run.record.violations, []);
}

/// In the slow case without failures the root decides, on every tree: its patience ends first.
#[test]
fn the_roots_patience_ends_first() {
    let mut draw = Stream::new(Seed(10), Purpose::Topology);
    for round in 0..100 {
        let mut tree = Tree::drawn(&mut draw, 2 + round % 12);
        let silent = 1 + draw.within(0..=tree.remote() - 1) as usize;
        tree.work[silent] = 1_000_000_000_000;
        let runs = tree.runs(&[LATE, EARLY].join(","), "");
        for run in &runs {
            let expected: Vec<u64> =
                (0..tree.all()).map(|node| 9_000_000_000 + tree.way_down(node)).collect();
            assert_eq!(decided(only(run)), expected);
        }
    }
    let run = on_chain(LATE, r#""nodes": 5, "votes": {"never": ["n3"]}"#);
    assert_eq!(run.find(&["fire VotesDue"]), ["50000 n0 fire VotesDue tx0"]);
}

/// If the root's ABORT never comes, nodes that have promised nothing end their wait by themselves,
/// `votes` and `decision` after PREPARE.
#[test]
fn below_a_dead_root_who_has_not_voted_aborts() {
    let run = on_chain(
        LATE,
        r#""votes": {"never": ["n2"]},
           "faults": [{"when": {"received": {"by": "n1", "message": "Prepare"}},
                       "crash": {"node": "n0"}}]"#,
    );
    assert_eq!(stands(&run), [Stand::Down, ABORTED, ABORTED]);
    // n1 is first, and tells n2, whose own patience would end in the same instant.
    assert_eq!(run.find(&["decide Abort"])[0], "101000 n1 decide Abort tx0");
}

/// V23: with its vote on disk a node that gives up forces that before anybody hears of it.
#[test]
fn v23_an_early_vote_is_taken_back_on_disk_before_anybody_hears_of_it() {
    let keys = |restart: &str| {
        format!(
            r#""votes": {{"never": ["n2"]}}, "disk": {{"force": "3ms"}}, "faults": [
                {{"when": {{"received": {{"by": "n1", "message": "Prepare"}}}},
                  "crash": {{"node": "n0"}}}},
                {{"when": {{"sent": {{"by": "n1", "message": "Abort", "to": "n0"}}}},
                  "crash": {{"node": "n1" {restart}}}}}]"#
        )
    };
    let run = on_chain(EARLY, &keys(r#", "restart_after": "1s", "lose_tail": true"#));
    let said = run.find(&["n1 append", "n1 send Abort", "n1 decide", "n1 send Inquire"]);
    assert_eq!(
        said,
        [
            "1500 n1 append Ready at 1 tx0",
            "101000 n1 append Aborted at 2 tx0",
            "104000 n1 decide Abort tx0",
            "104000 n1 send Abort to n0 tx0",
            "1104000 n1 decide Abort tx0",
        ],
        "it comes back as one that aborted, not as one in doubt"
    );
    // With late force there is no vote to take back: nothing is forced.
    let run = on_chain(LATE, &keys(""));
    assert_eq!(run.find(&["n1 append"]), Vec::<String>::new());
    assert_eq!(run.when("n1 decide Abort"), 101_000);
}

/// Somebody else's ABORT needs no force, also while one's own is being forced.
#[test]
fn v23_an_abort_from_above_is_obeyed_at_once() {
    let run = on_chain(
        EARLY,
        r#""votes": {"never": ["n2"]}, "disk": {"force": "20ms"}, "faults": [
            {"at": "0", "delay": {"message": "Abort", "from": "n0", "by": "50500us"}}]"#,
    );
    assert_eq!(run.when("n1 append Aborted"), 101_000);
    assert_eq!(run.when("n1 decide Abort"), 101_500, "not 121000");
    assert_eq!(run.find(&["n1 send Abort"]), ["101500 n1 send Abort to n2 tx0"]);
}

/// While the record of giving up is being forced, a child that aborts by itself need not be told.
#[test]
fn v23_a_child_that_refuses_meanwhile_is_not_told() {
    let run = on_chain(
        EARLY,
        r#""disk": {"force": "20ms"}, "work": {"nodes": {"n2": "108ms"}}, "votes": {"no": ["n2"]},
           "faults": [{"at": "0", "lose": {"message": "Abort", "from": "n0"}}]"#,
    );
    // n2 refuses at 110 ms, n1 hears of it at 111 ms and is on disk at 121 ms.
    assert_eq!(run.find(&["n1 send Abort"]), ["121000 n1 send Abort to n0 tx0"]);
}

/// The parent forgot nothing, it never promised anything: restarted without a record, it answers a
/// child in doubt with a fact, even if the root is out of reach.
#[test]
fn a_parent_that_came_back_without_a_record_knows_the_outcome() {
    let run = on_chain(
        LATE,
        r#""work": {"nodes": {"n1": "20ms"}}, "faults": [
            {"at": "10ms", "crash": {"node": "n1", "restart_after": "5ms"}},
            {"at": "10ms", "isolate": {"node": "n0"}}]"#,
    );
    assert_eq!(stands(&run), [ABORTED; 3]);
    assert_eq!(
        run.find(&["n1 send", "n2 decide"])[1..],
        ["53600 n1 send Abort to n2 tx0", "54600 n2 decide Abort tx0",]
    );
}

/// A parent in doubt says nothing, and passes the outcome on when it has it.
#[test]
fn a_parent_in_doubt_does_not_answer() {
    let run = on_chain(
        LATE,
        r#""faults": [{"when": {"sent": {"by": "n1", "message": "Ready"}},
                       "isolate": {"node": "n0", "heal_after": "200ms"}}]"#,
    );
    assert!(run.count("n1 get Inquire from n2") > 0);
    assert_eq!(run.count("n1 send Abort") + run.count("n1 send Commit to n2"), 1);
    assert_eq!(stands(&run), [ABORTED; 3], "READY was lost, and the root had to give up");
}

/// What has come is no longer waited for, however long the disk takes afterwards.
#[test]
fn alarms_stop_with_what_they_wait_for() {
    let slow = |node: &str, moment: &str| {
        on_chain(
            LATE,
            &format!(
                r#""faults": [{{"when": {moment},
                   "slow_disk": {{"node": "{node}", "force": "300ms", "for": "1s"}}}}]"#
            ),
        )
    };
    let inner = slow("n1", r#"{"sent": {"by": "n1", "message": "Ready"}}"#);
    assert_eq!(inner.find(&["n1 fire"]), Vec::<String>::new(), "neither decision nor acks");
    let root = slow("n0", r#"{"received": {"by": "n0", "message": "Ready"}}"#);
    assert_eq!(root.find(&["n0 fire"]), Vec::<String>::new(), "nor votes");
}

/// A node that was down when PREPARE came, and is told to abort when it is back, has aborted.
#[test]
fn rule_10_who_restarted_before_it_heard_of_it_aborts_with_the_others() {
    let run = on_chain(
        LATE,
        r#""faults": [{"at": "1ms", "crash": {"node": "n2", "restart_after": "10ms"}}]"#,
    );
    assert_eq!(stands(&run), [ABORTED; 3]);
    assert_eq!(run.when("n2 decide Abort"), 52_000, "when ABORT has come from the root");
}

/// A vote that comes when a child has refused is not written any more. It takes a pause to bring
/// the two into one instant in this order.
#[test]
fn an_early_vote_after_a_refusal_is_not_forced() {
    let run = on_chain(
        EARLY,
        r#""votes": {"no": ["n2"]}, "work": {"nodes": {"n1": "10ms"}},
           "faults": [{"at": "3ms", "pause": {"node": "n1", "for": "17ms"}}]"#,
    );
    assert_eq!(
        run.find(&["n1 vote", "n1 append", "n1 decide"]),
        ["20000 n1 vote Yes tx0", "20000 n1 decide Abort tx0",]
    );
}

/// ABORT overtakes PREPARE, which finds the transaction closed.
#[test]
fn an_abort_that_comes_first_is_the_outcome() {
    let run = on_chain(
        LATE,
        r#""votes": {"no": ["n1"]},
           "faults": [{"at": "0", "delay": {"message": "Prepare", "from": "n1", "by": "9ms"}}]"#,
    );
    assert_eq!(
        run.find(&[" n2 get Abort", " n2 decide"]),
        ["2500 n2 get Abort from n1 tx0", "2500 n2 decide Abort tx0"]
    );
    assert_eq!(run.find(&[" n2 get Prepare", " n2 work", " n2 send"]).len(), 1, "{}", run.text());
    assert_eq!(stands(&run), [ABORTED; 3]);
}

/// Without information only the root, and a parent to its own children, may say ABORT. Nobody else
/// is asked; if it were, it would say nothing (7.2 G16).
#[test]
fn without_information_a_stranger_says_nothing() {
    let some = |nodes: &[u16]| -> NodeSet { nodes.iter().copied().map(NodeId).collect() };
    let cast = |parent: Option<u16>, neighbours: &[u16]| Cast {
        root: NodeId(0),
        parent: parent.map(NodeId),
        neighbours: some(neighbours),
        voters: some(&[0, 1, 2, 3]),
        helpers: NodeSet::EMPTY,
    };
    let (span, backoff) = (Span(1), Factor::TWO);
    let patience = Patience { votes: span, decision: span, acks: span, backoff, max: span };
    let (vote_force, outcome_force) = (VoteForce::Late, OutcomeForce::Forced);
    let config = Config { vote_force, outcome_force, patience };
    let answers = |me: u16, cast: &Cast, from: u16| {
        let cx = Cx { me: NodeId(me), tx: TxId(0), cast, config: &config };
        let mut fx = Effects::new();
        for gone in [Gone::Forgotten, Gone::Lost] {
            TreeTwoPhase::afterwards(&cx, gone, NodeId(from), Message::Inquire, &mut fx);
        }
        fx.drain().count()
    };
    // The chain 0 – 1 – 2 – 3.
    assert_eq!((answers(0, &cast(None, &[1]), 1), answers(0, &cast(None, &[1]), 3)), (2, 2));
    let middle = cast(Some(0), &[0, 2]);
    assert_eq!([2, 3, 0].map(|from| answers(1, &middle, from)), [2, 0, 0]);
}

/// Acknowledgements go to the parent only: the root counts its own children's.
#[test]
fn the_roots_answer_is_not_acknowledged_to_the_root() {
    let run = on_chain(
        LATE,
        r#""disk": {"force": "0"}, "faults": [
            {"when": {"sent": {"by": "n1", "message": "Ready"}}, "crash": {"node": "n1"}},
            {"at": "0", "duplicate": {"message": "Commit", "to": "n2"}}]"#,
    );
    assert_eq!(run.count("n2 get Commit from n0"), 2);
    assert_eq!(run.find(&["n2 send Ack"]).len(), 1);
    assert_eq!(run.count("n2 send Ack to n1"), 1);
}

/// Any other node is never asked, so that nobody's ignorance is taken for an abort (7.2 G16).
#[test]
fn only_the_parent_and_the_root_are_asked() {
    let run = on_chain(
        LATE,
        r#""nodes": 6, "faults": [{"when": {"decided": {"by": "n0"}},
                                    "pause": {"node": "n0", "for": "900ms"}}]"#,
    );
    assert_eq!(stands(&run), [COMMITTED; 6]);
    for node in 1..6 {
        let mut asked = run.find(&[&format!("n{node} send Inquire")]);
        asked.retain(|line| !line.ends_with("to n0 tx0"));
        let parent = format!("to n{} tx0", node - 1);
        assert!(asked.iter().all(|line| line.ends_with(&parent)), "{asked:?}");
    }
    assert!(run.count("n5 send Inquire to n0") > 1);
}

/// The root does not forget while one ACK at the bottom is missing (V3 in a tree).
#[test]
fn v3_nobody_above_forgets_before_the_whole_subtree_has_it_on_disk() {
    let run = on_chain(
        LATE,
        r#""nodes": 4, "faults": [{"at": "0", "lose": {"message": "Commit", "to": "n3"}}]"#,
    );
    // n3, in doubt since it voted at 3600, asks after 50 ms, before n2 repeats itself.
    assert_eq!(run.when("n3 send Inquire"), 53_600);
    assert_eq!(run.when("n3 decide Commit"), 55_600);
    assert!(run.when("n2 forget") > 55_600 && run.when("n0 forget") > run.when("n1 forget"));
    assert_eq!(stands(&run), [COMMITTED; 4]);
}

/// An inner node that dies with the commit on disk tells its children again when it is back, and
/// only then acknowledges.
#[test]
fn s2_5_an_inner_node_recovers_its_second_phase() {
    let run = on_chain(
        LATE,
        r#""faults": [
            {"at": "0", "lose": {"message": "Commit", "from": "n1"}},
            {"when": {"forced": {"by": "n1", "record": "Committed"}},
             "crash": {"node": "n1", "restart_after": "10ms"}}]"#,
    );
    let back = 15_900;
    assert_eq!(run.find(&["n1 send Commit"])[1..], [format!("{back} n1 send Commit to n2 tx0")]);
    assert_eq!(run.when("n2 decide Commit"), back + 1000);
    assert_eq!(run.when("n1 send Ack"), back + 2100, "n2 forces before it acknowledges");
    assert_eq!(stands(&run), [COMMITTED; 3]);
}

/// After its end an inner node has nothing left to do, whenever it dies, but to acknowledge again.
#[test]
fn s2_5_who_has_ended_only_acknowledges_again() {
    let run = on_chain(
        LATE,
        r#""disk": {"flush": "1ms"}, "faults": [
            {"at": "0", "lose": {"message": "Ack", "from": "n1"}},
            {"at": "20ms", "crash": {"node": "n1", "restart_after": "10ms"}}]"#,
    );
    assert_eq!(run.count("n2 get Commit"), 1);
    assert_eq!(run.find(&["n1 send Ack"]).len(), 2);
    assert!(run.record.transactions[0].forgotten.is_some());
}

/// A leaf that left read-only and has restarted refuses a second PREPARE. Its subtree has voted,
/// and that counts.
#[test]
fn a_reader_that_came_back_takes_nothing_back() {
    let slow = r#"{"uniform": ["1ms", "12ms"]}"#;
    let (mut late, mut in_doubt) = (0, 0);
    for seed in 0..40 {
        let run = on_chain(
            LATE,
            &format!(
                r#""seed": {seed}, "votes": {{"read_only": ["n2"]}},
                   "work": {{"nodes": {{"n1": "5ms"}}}},
                   "network": {{"links": [
                    {{"from": "n1", "to": "n0", "latency": "30ms"}},
                    {{"from": "n1", "to": "n2", "latency": {slow}}}]}},
                   "faults": [
                    {{"at": "0", "duplicate": {{"message": "Prepare", "to": "n2"}}}},
                    {{"when": {{"sent": {{"by": "n2", "message": "ReadOnly"}}}},
                      "crash": {{"node": "n2", "restart_after": "100us"}}}}]"#
            ),
        );
        late += run.count("n2 send Abort");
        let told = |line: &String| line.contains("n1 get Abort") || line.contains("n1 send Ready");
        let lines: Vec<String> = run.lines().into_iter().filter(told).collect();
        in_doubt += usize::from(lines.len() == 2 && lines[1].contains("get Abort"));
        assert_eq!(stands(&run), [COMMITTED, COMMITTED, Stand::ReadOnly]);
    }
    assert!(late > in_doubt && in_doubt > 5, "{late} late refusals, {in_doubt} in doubt");
}

/// `min-diameter` picks the tree that one expects: here everybody is near the hotel, and the bank,
/// the root, has one cheap link only.
#[test]
fn min_diameter_goes_through_the_middle() {
    let run = run_of(
        LATE,
        r#""nodes": ["bank", "airline", "hotel", "car"], "topology": "min-diameter",
           "network": {"latency": "20ms", "links": [
            {"between": ["hotel", "bank"], "latency": "2ms"},
            {"from": "hotel", "to": "airline", "latency": "1ms"},
            {"from": "airline", "to": "hotel", "latency": "5ms"},
            {"between": ["car", "airline"], "latency": "4ms"}]}"#,
    );
    // Round trips: hotel – bank 4 ms, hotel – airline 6, airline – car 8, all others 40.
    assert_eq!(
        run.find(&["send Prepare"]),
        [
            "0 n0 send Prepare to n2 tx0",
            "2000 n2 send Prepare to n1 tx0",
            "3000 n1 send Prepare to n3 tx0",
        ]
    );
    assert_eq!(run.record.violations, []);
}

/// Who does not take part is passed over, and every coordinator roots the tree at itself.
#[test]
fn trees_of_some_rooted_anywhere_cost_the_same() {
    let text = format!(
        r#"{{"format": "commitsim/1", "protocols": [{LATE}, {EARLY}], "nodes": 9,
             "topology": {{"tree": {{"arity": 2}}}},
             "workload": {{"transactions": 300, "coordinator": "random",
                           "participants": {{"random": 4}}}}}}"#
    );
    for run in play(&scenario(&text)) {
        assert_eq!(run.violations, []);
        for tx in &run.transactions {
            let n = tx.nodes.len() as u64 - 1;
            assert_eq!((tx.messages, tx.forced), (4 * n, 2 * n + 1));
        }
    }
}

// Crashes everywhere, and storms.

/// Everything that any node of a run without faults does or sees, as moments at which a crash can
/// strike: who, and the moment.
fn moments(run: &Run) -> Vec<(String, String)> {
    let mut moments = Vec::new();
    for line in run.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let by = words[1];
        let moment = match &words[2..] {
            ["begin", ..] => format!(r#"{{"began": "{by}"}}"#),
            ["send", message, "to", to, ..] => {
                format!(r#"{{"sent": {{"by": "{by}", "message": "{message}", "to": "{to}"}}}}"#)
            }
            ["get", message, "from", from, ..] => format!(
                r#"{{"received": {{"by": "{by}", "message": "{message}", "from": "{from}"}}}}"#
            ),
            ["durable", record, ..] => {
                format!(r#"{{"forced": {{"by": "{by}", "record": "{record}"}}}}"#)
            }
            ["decide", ..] => format!(r#"{{"decided": {{"by": "{by}"}}}}"#),
            _ => continue,
        };
        moments.push((by.to_owned(), moment));
    }
    moments
}

/// Every role dies at everything it does or sees: nothing is violated, whoever can reach what it
/// needs decides, and when the dead are back everybody decides and forgets.
#[test]
fn a_crash_of_anybody_at_any_moment_breaks_nothing() {
    let (mut crashes, mut commits, mut aborts) = (0, 0, 0);
    for protocol in [LATE, EARLY, LAZY, EARLY_LAZY] {
        for votes in
            [r#"{}"#, r#"{"no": ["n3"]}"#, r#"{"read_only": ["n1", "n3"]}"#, r#"{"never": ["n4"]}"#]
        {
            let keys = format!(
                r#"{QUICK}, "nodes": 6, "votes": {votes}, "work": {{"nodes": {{"n4": "8ms"}}}},
                   "topology": {{"edges": [["n0", "n1"], ["n0", "n2"], ["n1", "n3"], ["n1", "n4"],
                                           ["n4", "n5"]]}}"#
            );
            for (node, moment) in moments(&run_of(protocol, &keys)) {
                for after in [
                    r#""lose_tail": true"#,
                    r#""lose_tail": true, "restart_after": "1ms""#,
                    r#""restart_after": "400ms""#,
                ] {
                    let fault = format!(
                        r#"{keys}, "faults": [
                            {{"when": {moment}, "crash": {{"node": "{node}", {after}}}}}]"#
                    );
                    let run = run_of(protocol, &fault);
                    let tx = &run.record.transactions[0];
                    let told = || format!("{protocol} {votes} {moment} {after}\n{}", run.text());
                    assert_eq!(run.record.violations, [], "{}", told());
                    assert_eq!(run.record.idle_faults, [], "{}", told());
                    assert_eq!(run.record.ending, Ending::Settled, "{}", told());
                    if after.contains("restart") {
                        let open =
                            |stand| matches!(stand, Stand::InDoubt | Stand::Working | Stand::Down);
                        assert!(!stands(&run).into_iter().any(open), "{}", told());
                        assert!(tx.forgotten.is_some(), "{}", told());
                    }
                    crashes += 1;
                    commits += u32::from(tx.outcome == Outcome::Commit);
                    aborts += u32::from(tx.outcome == Outcome::Abort);
                }
            }
        }
    }
    assert!(crashes > 2000 && commits > 500 && aborts > 500, "{crashes} {commits} {aborts}");
}

/// Random trees, readers, refusals and faults of every family; then everything heals.
#[test]
fn storms_on_random_trees_break_nothing_and_leave_nobody_behind() {
    let families: Vec<&str> = Family::ALL.iter().map(|(name, _)| *name).collect();
    let (mut commits, mut aborts, mut blocked, mut crashes, mut lost) = (0, 0, 0, 0, 0);
    for seed in 0..400 {
        let mut draw = Stream::new(Seed(seed), Purpose::Swarm);
        let all = draw.within(2..=9) as usize;
        let tree = Tree::drawn(&mut draw, all);
        let reader = draw.within(1..=all as u64 - 1);
        let mut some = families.clone();
        draw.shuffle(&mut some);
        some.truncate(draw.within(1..=7) as usize);
        let keys = format!(
            r#","votes": {{"no_rate": "{}%", "read_only": ["n{reader}"]}}, "horizon": "600s",
               "workload": {{"transactions": 8, "arrivals": {{"poisson": {{"mean": "60ms"}}}},
                             "coordinator": "random"}},
               "storm": {{"until": "1s", "families": {some:?}}}"#,
            draw.within(0..=10),
        );
        let patience = draw.within(20..=200);
        let text = tree
            .text(&[LATE, EARLY, LAZY, EARLY_LAZY].join(","), &keys)
            .replace(r#""9s""#, &format!(r#""{patience}ms""#));
        for run in play_seeded(&scenario(&text), Seed(seed)) {
            assert_eq!(run.violations, [], "seed {seed}");
            assert_eq!(run.ending, Ending::Settled, "seed {seed}");
            crashes += run.totals.crashes;
            lost += run.totals.lost;
            for tx in &run.transactions {
                assert!(tx.forgotten.is_some(), "seed {seed} {:?}", tx.id);
                let open = |stand| matches!(stand, Stand::InDoubt | Stand::Working | Stand::Down);
                assert!(!tx.nodes.iter().any(|node| open(node.state)), "seed {seed} {:?}", tx.id);
                commits += u64::from(tx.outcome == Outcome::Commit);
                aborts += u64::from(tx.outcome == Outcome::Abort);
                blocked += u64::from(tx.nodes.iter().any(|node| node.blocked.0 > 0));
            }
        }
    }
    let counts = [commits, aborts, blocked, crashes, lost];
    assert!(counts.iter().all(|count| *count > 500), "{counts:?}");
}

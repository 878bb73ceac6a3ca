//! What every protocol costs when nothing fails: the formula beside what a run counts, for stars of
//! 2 to 17 nodes and trees of up to 64, as a table that is kept in `results/costs.md`.

mod play;

use std::fs;
use std::path::Path;

use commitsim_catalog::{Options, Runnable, all};
use commitsim_core::{Cost, Shape, Time};
use commitsim_sim::{Outcome, TransactionRecord};
use play::{play, scenario};

/// One millisecond, the latency of every link here.
const DELAY: u64 = 1_000_000;

/// A run on links of one delay each where work and forces take no time, so that times count
/// delays. Lazy records are written out at once.
fn unhurried(id: &str, votes: bool, nodes: u64, topology: &str) -> TransactionRecord {
    let options = if votes { "" } else { r#", "options": {"coordinator_votes": false}"# };
    let text = format!(
        r#"{{"format": "commitsim/1", "protocols": [{{"id": "{id}"{options}}}], "nodes": {nodes},
             "topology": {topology}, "work": {{"default": "0"}},
             "disk": {{"force": "0", "flush": "0"}},
             "patience": {{"votes": "1h", "decision": "1h", "acks": "1h", "max": "1h"}}}}"#
    );
    let run = &play(&scenario(&text))[0];
    assert_eq!(run.violations, [], "{id}, {nodes} nodes, {topology}");
    assert_eq!(run.transactions[0].outcome, Outcome::Commit);
    run.transactions[0].clone()
}

/// The trees that are tried, as scenarios write them, with how many children a node has.
fn trees(nodes: u64) -> [(&'static str, &'static str, u64); 4] {
    [
        ("star", r#""star""#, nodes),
        ("chain", r#""chain""#, 1),
        ("binary tree", r#"{"tree": {"arity": 2}}"#, 2),
        ("ternary tree", r#"{"tree": {"arity": 3}}"#, 3),
    ]
}

/// The nodes from `node` up to the root, both included.
fn way_up(node: u64, arity: u64) -> Vec<u64> {
    let up = |node: &u64| (*node > 0).then(|| (node - 1) / arity);
    std::iter::successors(Some(node), up).collect()
}

/// How many edges are between two nodes that have these ways up.
fn distance(one: &[u64], other: &[u64]) -> u64 {
    let shared = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    (one.len() + other.len() - 2 * shared) as u64
}

/// How many delays after the beginning the last node can have decided where votes race on a tree: a
/// node cannot before the vote of whomever PREPARE reached last has come to it (protocols.md 7.5).
fn race(nodes: u64, arity: u64) -> u64 {
    let ways: Vec<_> = (0..nodes).map(|node| way_up(node, arity)).collect();
    let vote = |from: &[u64], to: &[u64]| from.len() as u64 - 1 + distance(from, to);
    ways.iter().flat_map(|from| ways.iter().map(|to| vote(from, to))).max().unwrap_or_default()
}

/// A formula of the delays, `2n` or `3h + g`, as the least and the most that it can be.
fn delays(formula: &str, n: u64, h: u64) -> (u64, u64) {
    let (main, crossing) = match formula.strip_suffix(" + g") {
        Some(main) => (main, 1),
        None => (formula, 0),
    };
    let value = match main.strip_suffix(['n', 'h']) {
        Some("") => {
            if main == "n" {
                n
            } else {
                h
            }
        }
        Some(factor) => factor.parse::<u64>().unwrap() * if main.ends_with('n') { n } else { h },
        None => main.parse().unwrap(),
    };
    (value, value + crossing)
}

fn in_delays(time: Option<Time>) -> Option<u64> {
    let Time(ns) = time?;
    assert_eq!(ns % DELAY, 0, "whole delays");
    Some(ns / DELAY)
}

/// One line of the table; panics where a measurement is not what its formula says.
fn line(runnable: &dyn Runnable, nodes: u64, shape: &str, topology: &str, arity: u64) -> String {
    let about = runnable.about();
    let votes = shape != MONITOR;
    let options = Options::new(about, (!votes).then_some(("coordinator_votes", "false"))).unwrap();
    let promise = runnable.promise(&options);
    let tx = unhurried(about.id, votes, nodes, topology);
    let (n, h) = (nodes - 1, way_up(nodes - 1, arity).len() as u64 - 1);
    let least = (promise.commit_cost)(n, 0);
    let most = Cost {
        messages: least.messages + promise.glare.messages,
        forced: least.forced + promise.glare.forced,
    };
    let place = format!("{}, {nodes} nodes, {shape}", about.id);
    assert!((least.messages..=most.messages).contains(&tx.messages), "{place}: {}", tx.messages);
    assert!((least.forced..=most.forced).contains(&tx.forced), "{place}: {}", tx.forced);
    let found = [tx.client, tx.decided, tx.forgotten].map(in_delays);
    // Where votes race each other on a tree, the formulas of all nodes but the root are upper
    // bounds, and the race says what is the least.
    let racing = promise.formation.shape == Shape::Tree && about.id != "t2pc";
    let decided = race(nodes, arity);
    let mut cells = Vec::new();
    for (column, (found, formula)) in found.into_iter().zip(about.delays).enumerate() {
        let (least, most) = delays(formula, n, h);
        let Some(found) = found else {
            cells.push(format!("- ({formula})"));
            continue;
        };
        let low = if racing && column > 0 { decided } else { least };
        assert!((low..=most).contains(&found), "{place}: {found} delays, not {formula}");
        cells.push(format!("{found} ({formula})"));
    }
    let cost = |found: u64, least: u64, most: u64| {
        if least == most {
            format!("{found} = {least}")
        } else {
            format!("{found} in {least}–{most}")
        }
    };
    format!(
        "| `{}` | {shape} | {nodes} | {h} | {} | {} | {} |\n",
        about.id,
        cost(tx.messages, least.messages, most.messages),
        cost(tx.forced, least.forced, most.forced),
        cells.join(" | ")
    )
}

fn table() -> String {
    let mut text = String::from(
        "# What a commit costs when nothing fails

Made, and held to its formulas, by `cargo test -p commitsim-catalog --test cost_table`; links of one
delay, work and forces of no time. *Messages* and *forced* are what a run counted and what the
formula says (a range where votes may cross on their way); *root*, *all* and *forgotten* are the
message delays until the root has decided, until all have, and until all is forgotten, with the
formula in brackets, which for `d2pc` and `p2pc` is an upper bound. A dash: the last transaction of
a run is kept in memory until the next one of its root. A *monitor* is a root without data
(`coordinator_votes` is `false`): its costs are those that are published without co-location, with
all nodes but one as participants.

| protocol | shape | nodes | height | messages | forced | root | all | forgotten |
|---|---|---:|---:|---|---|---|---|---|
",
    );
    for runnable in all() {
        let shape = runnable.promise(&Options::default()).formation.shape;
        if shape == Shape::Tree {
            for nodes in [2, 3, 4, 7, 16, 33, 64] {
                for (name, topology, arity) in trees(nodes) {
                    text.push_str(&line(*runnable, nodes, name, topology, arity));
                }
            }
            continue;
        }
        let name = match shape {
            Shape::Star | Shape::Monitor => "star",
            Shape::Chain => "chain",
            Shape::Complete => "complete graph",
            Shape::Tree => unreachable!("dealt with above"),
        };
        for nodes in 2..=17 {
            let arity = if shape == Shape::Chain { 1 } else { nodes };
            text.push_str(&line(*runnable, nodes, name, r#""star""#, arity));
        }
        let options = runnable.about().options;
        if options.iter().any(|choice| choice.name == "coordinator_votes") {
            for nodes in [2, 3, 4, 9, 17] {
                text.push_str(&line(*runnable, nodes, MONITOR, r#""star""#, nodes));
            }
        }
    }
    text
}

/// A star whose root holds no data: the published counts, without co-location.
const MONITOR: &str = "star with a monitor";

/// `COMMITSIM_UPDATE=1` writes the file anew; read the difference before it is committed.
#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that writes the file anew")]
fn the_table_in_the_results_is_what_runs_cost() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/costs.md");
    let table = table();
    if std::env::var("COMMITSIM_UPDATE").is_ok() {
        fs::write(&file, &table).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == table, "results/costs.md is out of date; COMMITSIM_UPDATE=1 renews it");
}

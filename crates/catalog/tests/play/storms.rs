//! Storms: random systems, random work, random faults of random families, then healing.

use commitsim_catalog::{Options, Runnable, all};
use commitsim_core::{About, Necessary, Tolerance};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand};

use super::{play_seeded, scenario};

/// A protocol with options, and what storms may do to it.
pub(crate) struct Played {
    /// As it stands in a scenario's list of protocols.
    pub choice: String,
    pub about: &'static About,
    /// Whether every node forgets in the end. Where somebody stays to answer questions until the
    /// next transaction of the same root, the last one is remembered.
    forgets: bool,
}

/// Everything that promises agreement under crashes, with its options one by one and all together.
pub(crate) fn played() -> Vec<Played> {
    let safe = |runnable: &&&dyn Runnable| runnable.about().tolerates.crashes;
    all().iter().filter(safe).flat_map(|runnable| with_options(*runnable)).collect()
}

fn with_options(runnable: &'static dyn Runnable) -> Vec<Played> {
    let about = runnable.about();
    let mut sets: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for choice in about.options {
        sets.extend(choice.values[1..].iter().map(|value| vec![(choice.name, *value)]));
    }
    if about.options.len() > 1 {
        let last = |choice: &commitsim_core::Choice| (choice.name, *choice.values.last().unwrap());
        sets.push(about.options.iter().map(last).collect());
    }
    let played = |set: Vec<(&str, &str)>| {
        let options = Options::new(about, set.iter().copied()).unwrap();
        let promise = runnable.promise(&options);
        let rests = options.is("termination", "cooperative")
            || promise.necessary == Necessary::Survivor
            || promise.formation.helpers > 0;
        let pairs: Vec<String> =
            set.iter().map(|(name, value)| format!(r#""{name}": "{value}""#)).collect();
        let choice = format!(r#"{{"id": "{}", "options": {{{}}}}}"#, about.id, pairs.join(", "));
        Played { choice, about, forgets: !rests }
    };
    sets.into_iter().map(played).collect()
}

/// What happened in the storms of one protocol. A storm in which nothing goes wrong proves
/// nothing, so the things that ought to happen are counted.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Tally {
    pub runs: u64,
    pub transactions: u64,
    pub commits: u64,
    pub aborts: u64,
    /// Transactions in which somebody was blocked for a while.
    pub blocked: u64,
    pub crashes: u64,
    pub lost: u64,
    pub duplicated: u64,
    /// Objections of the oracle.
    pub violations: u64,
    /// Nodes that were left without an outcome, and runs that did not come to an end.
    pub unresolved: u64,
    /// Transactions that somebody will remember for ever.
    pub remembered: u64,
}

/// The families of faults that a protocol promises to bear. Where messages may be neither lost nor
/// late, disks and nodes may not be slow either.
fn families(tolerates: Tolerance) -> Vec<&'static str> {
    let Tolerance { crashes, loss, partitions } = tolerates;
    let all = [
        (crashes, "crash"),
        (partitions, "partition"),
        (loss, "loss"),
        (loss, "delay"),
        (loss, "duplicate"),
        (loss, "pause"),
        (loss, "disk"),
    ];
    all.into_iter().filter_map(|(bears, family)| bears.then_some(family)).collect()
}

/// The scenario of one seed: each draws its own subset of families and its own scales, because
/// some faults hide others.
pub(crate) fn text(played: &Played, seed: u64) -> String {
    let mut draw = Stream::new(Seed(seed), Purpose::Swarm);
    let tolerates = played.about.tolerates;
    let mut families = families(tolerates);
    draw.shuffle(&mut families);
    families.truncate(draw.within(1..=7) as usize);
    let nodes = draw.within(1..=6);
    let transactions = draw.within(1..=25);
    let every = draw.within(1..=200);
    let arrivals = match draw.within(0..=3) {
        0 => r#""serial""#.to_owned(),
        1 => format!(r#"{{"every": "{every}ms"}}"#),
        2 => format!(r#"{{"poisson": {{"mean": "{every}ms"}}}}"#),
        _ => format!(r#"{{"closed": {{"clients": {}, "think": "1ms"}}}}"#, draw.within(1..=8)),
    };
    let coordinator = ["first", "round-robin", "random"][draw.within(0..=2) as usize];
    // Who takes silence for a crash must wait longer than anything takes.
    let patience = draw.within(5..=400) + if tolerates.loss { 0 } else { 200 };
    let network = draw.within(1..=20);
    let fifo = draw.within(0..=1) == 1;
    let force = draw.within(1..=3_000);
    let flush = draw.within(1..=30);
    let work = draw.within(1..=30);
    let refusals = draw.within(0..=30);
    let reader = if nodes > 2 && draw.within(0..=3) == 0 { r#""n2""# } else { "" };
    let acks = draw.within(5..=400);
    format!(
        r#"{{"format": "commitsim/1", "protocols": [{}], "nodes": {nodes}, "topology": {},
             "network": {{"latency": {{"uniform": ["100us", "{network}ms"]}}, "fifo": {fifo}}},
             "disk": {{"force": {{"uniform": ["0", "{force}us"]}}, "flush": "{flush}ms"}},
             "work": {{"default": {{"uniform": ["0", "{work}ms"]}}}},
             "votes": {{"no_rate": "{refusals}%", "read_only": [{reader}]}},
             "patience": {{"votes": "{patience}ms", "decision": "{patience}ms",
                           "acks": "{acks}ms", "max": "500ms"}},
             "workload": {{"transactions": {transactions}, "arrivals": {arrivals},
                           "coordinator": "{coordinator}"}},
             "storm": {{"until": "2s", "families": {families:?}}}, "horizon": "600s"}}"#,
        played.choice,
        topology(&mut draw, nodes),
    )
}

/// Any tree over the nodes, drawn last because many protocols do not look at it.
fn topology(draw: &mut Stream, nodes: u64) -> String {
    match draw.within(0..=4) {
        0 => r#""star""#.to_owned(),
        1 => r#""chain""#.to_owned(),
        2 => format!(r#"{{"tree": {{"arity": {}}}}}"#, draw.within(1..=3)),
        3 => r#""min-diameter""#.to_owned(),
        _ => {
            let edge = |node| format!(r#"["n{}", "n{node}"]"#, draw.within(0..=node - 1));
            let edges: Vec<String> = (1..nodes).map(edge).collect();
            format!(r#"{{"edges": [{}]}}"#, edges.join(","))
        }
    }
}

/// Plays the storm of `seed` under one protocol and adds up what happened. Returns a sentence for
/// each thing that must not happen.
pub(crate) fn brave(played: &Played, seed: u64, tally: &mut Tally) -> Vec<String> {
    let scenario = scenario(&text(played, seed));
    let mut complaints = Vec::new();
    for run in play_seeded(&scenario, Seed(seed)) {
        let mut told = judge(&run, played.forgets, tally);
        let planned = scenario.setup.workload.transactions as usize;
        if run.transactions.len() < planned {
            told.push(format!("{} of {planned} transactions began", run.transactions.len()));
        }
        complaints.extend(told.into_iter().map(|c| format!("{} seed {seed}: {c}", played.choice)));
    }
    complaints
}

fn judge(run: &RunRecord, forgets: bool, tally: &mut Tally) -> Vec<String> {
    let mut complaints = Vec::new();
    tally.runs += 1;
    tally.crashes += run.totals.crashes;
    tally.lost += run.totals.lost;
    tally.duplicated += run.totals.duplicated;
    tally.violations += run.violations.len() as u64;
    complaints.extend(run.violations.iter().map(|violation| format!("{violation:?}")));
    if run.ending != Ending::Settled {
        tally.unresolved += 1;
        complaints.push("the run did not come to an end".to_owned());
    }
    for tx in &run.transactions {
        tally.transactions += 1;
        tally.commits += u64::from(tx.outcome == Outcome::Commit);
        tally.aborts += u64::from(tx.outcome == Outcome::Abort);
        tally.blocked += u64::from(tx.nodes.iter().any(|node| node.blocked.0 > 0));
        if forgets && tx.forgotten.is_none() {
            tally.remembered += 1;
            complaints.push(format!("{:?} is remembered for ever", tx.id));
        }
        for node in &tx.nodes {
            if matches!(node.state, Stand::InDoubt | Stand::Working | Stand::Down) {
                tally.unresolved += 1;
                complaints
                    .push(format!("{:?} was left {:?} in {:?}", node.node, node.state, tx.id));
            }
        }
    }
    complaints
}

//! Storms: random systems, random work, random faults of random families, then healing.

use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Family, Outcome, RunRecord, Stand};

use super::{play_seeded, scenario};

/// What a storm is played with.
pub(crate) const PLAYED: [&str; 6] = [
    r#""2pc""#,
    r#""2pc-pra""#,
    r#""2pc-prc""#,
    r#"{"id": "2pc", "options": {"termination": "cooperative"}}"#,
    r#"{"id": "2pc-pra", "options": {"termination": "cooperative", "outcome_force": "lazy"}}"#,
    r#"{"id": "2pc-prc", "options": {"termination": "cooperative"}}"#,
];

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
}

/// The scenario of one seed: each draws its own subset of families and its own scales, because
/// some faults hide others.
pub(crate) fn text(seed: u64) -> String {
    let mut draw = Stream::new(Seed(seed), Purpose::Swarm);
    let mut families: Vec<&str> = Family::ALL.iter().map(|(name, _)| *name).collect();
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
    let patience = draw.within(5..=400);
    format!(
        r#"{{"format": "commitsim/1", "protocols": [{}], "nodes": {nodes},
             "network": {{"latency": {{"uniform": ["100us", "{}ms"]}}, "fifo": {}}},
             "disk": {{"force": {{"uniform": ["0", "{}us"]}}, "flush": "{}ms"}},
             "work": {{"default": {{"uniform": ["0", "{}ms"]}}}},
             "votes": {{"no_rate": "{}%", "read_only": [{}]}},
             "patience": {{"votes": "{patience}ms", "decision": "{patience}ms",
                           "acks": "{}ms", "max": "500ms"}},
             "workload": {{"transactions": {transactions}, "arrivals": {arrivals},
                           "coordinator": "{coordinator}"}},
             "storm": {{"until": "2s", "families": {families:?}}}, "horizon": "600s"}}"#,
        PLAYED.join(","),
        draw.within(1..=20),
        draw.within(0..=1) == 1,
        draw.within(1..=3_000),
        draw.within(1..=30),
        draw.within(1..=30),
        draw.within(0..=30),
        if nodes > 2 && draw.within(0..=3) == 0 { r#""n2""# } else { "" },
        draw.within(5..=400),
    )
}

/// Plays the storm of `seed` under every protocol and adds up what happened, by protocol. Returns
/// a sentence for each thing that must not happen.
pub(crate) fn brave(seed: u64, tallies: &mut [Tally; PLAYED.len()]) -> Vec<String> {
    let scenario = scenario(&text(seed));
    let runs = play_seeded(&scenario, Seed(seed));
    let mut complaints = Vec::new();
    for ((run, tally), played) in runs.iter().zip(tallies).zip(PLAYED) {
        complaints.extend(
            judge(run, tally).into_iter().map(|what| format!("{played} seed {seed}: {what}")),
        );
    }
    complaints
}

fn judge(run: &RunRecord, tally: &mut Tally) -> Vec<String> {
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

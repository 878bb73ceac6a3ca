//! One small fault at every place where it can strike, one run each.
#![allow(dead_code, reason = "each test program uses a part of it")]

use commitsim_catalog::find;
use commitsim_core::TxId;
use commitsim_sim::{Ending, Outcome, RunRecord, Stand};
use commitsim_spec::{Observation, What};

use crate::stage::{Keeper, USUAL, scenario, simulate};

/// What came of many runs with small faults.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Tally {
    pub(crate) runs: u32,
    pub(crate) commits: u32,
    pub(crate) aborts: u32,
    pub(crate) blocked: u32,
}

impl Tally {
    /// A run in which every fault struck: it must be resolved without a violation.
    fn count(&mut self, record: &RunRecord, keys: &str) {
        let tx = &record.transactions[0];
        self.runs += 1;
        self.commits += u32::from(tx.outcome == Outcome::Commit);
        self.aborts += u32::from(tx.outcome == Outcome::Abort);
        self.blocked += u32::from(tx.nodes.iter().any(|node| node.blocked.0 > 0));
        assert_eq!(record.violations, [], "{keys}");
        assert_eq!(record.ending, Ending::Settled, "{keys}");
        assert!(tx.forgotten.is_some(), "{keys}");
        for node in &tx.nodes {
            // Whom nobody has asked yet may never hear of what was aborted before.
            let unaware = node.state == Stand::Unaware && tx.outcome == Outcome::Abort;
            assert!(matches!(node.state, Stand::Decided(_)) || unaware, "{keys}\n{tx:?}");
        }
    }
}

/// Plays the protocol with these faults. Nothing where one of them never struck.
fn play(protocol: &str, keys: &str, faults: &str) -> Option<(RunRecord, String)> {
    let keys = format!("{keys}, {PATIENCE}, \"faults\": [{faults}]");
    let scenario = scenario(protocol, &keys);
    let record = simulate(&scenario, 0, scenario.seed, USUAL, None);
    record.idle_faults.is_empty().then(|| (record, format!("{protocol} {keys}")))
}

const PATIENCE: &str =
    r#""patience": {"votes": "20ms", "decision": "10ms", "acks": "5ms", "max": "40ms"}"#;

/// All moments by node, message and record, without their numbers.
fn moments(protocol: &str, nodes: u16) -> Vec<String> {
    let choice = scenario(protocol, "").protocols.remove(0);
    let about = find(choice.id).unwrap().about();
    let mut moments = Vec::new();
    for by in 0..nodes {
        for message in about.messages {
            for kind in ["sent", "received"] {
                moments.push(format!(r#"{{"{kind}": {{"by": "n{by}", "message": "{message}"}}}}"#));
            }
        }
        for record in about.records {
            moments.push(format!(r#"{{"forced": {{"by": "n{by}", "record": "{record}"}}}}"#));
        }
        moments.push(format!(r#"{{"decided": {{"by": "n{by}"}}}}"#));
        moments.push(format!(r#"{{"began": {{"by": "n{by}"}}}}"#));
    }
    moments
}

/// Crashes each of the first `nodes` nodes at each moment of any of them, with and without the end
/// of its log, and brings it back; besides, `also` strikes.
pub(crate) fn crash_everywhere(protocol: &str, keys: &str, nodes: u16, also: &str) -> Tally {
    let mut tally = Tally::default();
    for moment in moments(protocol, nodes) {
        for dies in 0..nodes {
            for tail in [true, false] {
                for nth in 1.. {
                    let crash = format!(
                        r#"{{"when": {moment}, "nth": {nth}, "crash": {{"node": "n{dies}",
                            "restart_after": "25ms", "lose_tail": {tail}}}}}{also}"#
                    );
                    let Some((record, keys)) = play(protocol, keys, &crash) else { break };
                    tally.count(&record, &keys);
                }
            }
        }
    }
    tally
}

/// Loses, or doubles and delays, each kind of message on each way between the nodes, once and
/// three times.
pub(crate) fn lose_everything(protocol: &str, keys: &str, nodes: u16) -> Tally {
    let mut tally = Tally::default();
    let choice = scenario(protocol, "").protocols.remove(0);
    for message in find(choice.id).unwrap().about().messages {
        for (from, to) in (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to))) {
            for count in [1, 3] {
                let which = format!(
                    r#""message": "{message}", "from": "n{from}", "to": "n{to}", "count": {count}"#
                );
                let fates = [
                    format!(r#"{{"at": "0", "lose": {{{which}}}}}"#),
                    format!(r#"{{"at": "0", "delay": {{{which}, "by": "70ms"}}}}"#),
                    format!(
                        r#"{{"at": "0", "duplicate": {{{which}}}}},
                           {{"at": "0", "delay": {{{which}, "by": "3ms"}}}}"#
                    ),
                ];
                for fault in fates {
                    if from == to {
                        continue;
                    }
                    if let Some((record, keys)) = play(protocol, keys, &fault) {
                        tally.count(&record, &keys);
                    }
                }
            }
        }
    }
    tally
}

/// All that was seen of the storms of these seeds, by transaction, with the number of nodes.
pub(crate) fn watched(
    protocol: &str,
    keys: &str,
    seeds: u64,
) -> Vec<(RunRecord, Vec<Observation>)> {
    let scenario = scenario(protocol, keys);
    let run = |seed| {
        let mut keeper = Keeper::default();
        let seed = commitsim_rng::Seed(seed);
        let record = simulate(&scenario, 0, seed, USUAL, Some(&mut keeper));
        assert_eq!(record.violations, []);
        (record, keeper.0)
    };
    (0..seeds).map(run).collect()
}

/// The observations of one transaction, in their order.
pub(crate) fn of(tx: TxId, seen: &[Observation]) -> Vec<Observation> {
    seen.iter().copied().filter(|seen| seen.what.tx() == Some(tx)).collect()
}

/// Whether this is a send of the message with this name's tag.
pub(crate) fn sends(seen: &Observation, tag: u8) -> Option<(usize, usize)> {
    match seen.what {
        What::Send { to, word, .. } if word.tag == tag => {
            Some((usize::from(seen.node.0), usize::from(to.0)))
        }
        _ => None,
    }
}

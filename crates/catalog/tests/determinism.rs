//! The same build, scenario, protocol and seed give the same trace, and luck stays where it is.

mod stage;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use commitsim_catalog::abouts;
use commitsim_core::{NodeId, TxId, Vote};
use commitsim_rng::Seed;
use commitsim_scenario::{Replay, Scenario, read_replay};
use commitsim_sim::{Keep, Manner, QueueKind, RunRecord};
use commitsim_spec::{Observation, Violation, What};

use stage::{Keeper, USUAL, scenario, simulate};

const ALL: &str = r#""2pc", "2pc-pra", "2pc-prc",
    {"id": "2pc-pra", "options": {"termination": "cooperative"}},
    {"id": "2pc-prc", "options": {"outcome_force": "lazy"}},
    "2pc-linear", "2pc-decentralized", "2pc-watchdog-naive", "2pc-watchdog", "2pc-backup",
    "t2pc", {"id": "t2pc", "options": {"vote_force": "early"}}, "d2pc", "p2pc",
    {"id": "p2pc", "options": {"vote_force": "early", "outcome_force": "lazy"}},
    "3pc-naive", "3pc""#;

/// Everything that draws, and every family of faults.
const STORMY: &str = r#"
    "nodes": 4,
    "network": {"latency": {"exponential": {"mean": "1ms"}}, "loss": "1%", "duplicate": "1%"},
    "disk": {"force": {"uniform": ["50us", "500us"]}, "flush": "3ms"},
    "work": {"default": {"lognormal": {"median": "1ms", "sigma": 0.5, "max": "1s"}}},
    "votes": {"no_rate": "5%"},
    "patience": {"votes": "10ms", "decision": "10ms", "acks": "5ms", "max": "100ms"},
    "workload": {"transactions": 25, "arrivals": {"poisson": {"mean": "1ms"}},
                 "coordinator": "random", "participants": {"random": 2}},
    "storm": {"until": "30ms"}, "horizon": "2s""#;

/// The usual way, but on this queue and with this kept.
fn manner(queue: QueueKind, keep: Keep) -> Manner {
    Manner { queue, keep }
}

fn run(scenario: &Scenario, choice: usize, seed: u64) -> RunRecord {
    simulate(scenario, choice, Seed(seed), USUAL, None)
}

fn seen(scenario: &Scenario, choice: usize, seed: u64) -> (RunRecord, Vec<Observation>) {
    let mut keeper = Keeper::default();
    let record = simulate(scenario, choice, Seed(seed), USUAL, Some(&mut keeper));
    (record, keeper.0)
}

#[test]
fn a_run_repeats_itself_watched_or_not_on_either_queue() {
    let stormy = scenario(ALL, STORMY);
    let mut hashes = Vec::new();
    for seed in 0..300 {
        for choice in 0..stormy.protocols.len() {
            let record = run(&stormy, choice, seed);
            assert_eq!(record, run(&stormy, choice, seed), "seed {seed}");
            let (watched, observations) = seen(&stormy, choice, seed);
            assert_eq!(record, watched, "seed {seed}, watched");
            let keyed = manner(QueueKind::Keyed, Keep::Transactions);
            let mut keeper = Keeper::default();
            let other = simulate(&stormy, choice, Seed(seed), keyed, Some(&mut keeper));
            assert!(keeper.0 == observations, "seed {seed}: the queues part");
            assert_eq!(record, other, "seed {seed}, on the other queue");
            hashes.push(record.trace_hash);
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
    // Two variants that differ in aborts only may make the same run where none happens.
    assert!(hashes.len() > 1450, "{} different runs", hashes.len());
}

#[test]
fn what_is_kept_changes_nothing() {
    let stormy = scenario(ALL, STORMY);
    for seed in 100..150 {
        let totals = manner(QueueKind::Lazy, Keep::Totals);
        let flat = simulate(&stormy, 0, Seed(seed), totals, None);
        let full = run(&stormy, 0, seed);
        assert_eq!(flat.trace_hash, full.trace_hash);
        assert_eq!((flat.totals, flat.violations), (full.totals, full.violations));
        assert!(flat.transactions.is_empty() && full.transactions.len() == 25);
    }
}

/// Luck is bound to the message, not to the order in which things are asked for.
#[test]
fn what_can_have_no_effect_changes_no_hash() {
    let calm = STORMY.replace(r#""storm": {"until": "30ms"},"#, "");
    let plain = scenario(ALL, &calm);
    let never = [
        (r#""loss": "1%""#, r#""loss": "10000ppm""#),
        (r#""duplicate": "1%"}"#, r#""duplicate": 0.01, "fifo": false}"#),
        (r#""nodes": 4"#, r#""faults": [], "nodes": 4"#),
        (
            r#""nodes": 4"#,
            r#""nodes": 4, "faults": [{"when": {"forced": {"by": "n1", "record": "Prepared"}},
                "nth": 1000, "crash": {"node": "n1"}},
               {"when": {"decided": {"by": "n0", "transaction": 24}}, "nth": 3, "heal": {}}]"#,
        ),
        (
            r#""horizon": "2s""#,
            r#""horizon": "2s", "topology": "chain", "title": "Another", "notes": "x""#,
        ),
        (r#""horizon": "2s""#, r#""horizon": "3s""#),
    ];
    for (old, new) in never {
        assert!(calm.contains(old));
        let other = scenario(ALL, &calm.replace(old, new));
        for seed in 0..20 {
            assert_eq!(run(&plain, 1, seed).trace_hash, run(&other, 1, seed).trace_hash, "{new}");
        }
    }
}

/// What a fault that strikes in vain adds to a trace is that it struck.
#[test]
fn what_strikes_in_vain_moves_no_luck() {
    let calm = STORMY.replace(r#""storm": {"until": "30ms"},"#, "");
    let plain = scenario(ALL, &calm);
    let vain = [
        r#"{"at": "0", "loss": {"rate": 0}}"#,
        r#"{"at": "5ms", "latency": {"times": 1, "for": "9ms"}}"#,
        r#"{"at": "0", "lose": {"message": "ReadOnly", "count": 9}}"#,
        r#"{"at": "3ms", "clock": {"node": "n2", "rate": 1}}"#,
        r#"{"at": "3ms", "partition": {"groups": [["n0", "n1", "n2", "n3"]]}}"#,
        r#"{"at": "3ms", "restart": {"node": "n2"}}"#,
        r#"{"at": "3ms", "slow_disk": {"node": "n2", "force": {"uniform": ["50us", "500us"]}}}"#,
    ];
    for fault in vain {
        let other = scenario(ALL, &format!(r#"{calm}, "faults": [{fault}]"#));
        for seed in 0..10 {
            let told = |scenario| {
                let (_, mut seen) = seen(scenario, 0, seed);
                seen.retain(|one| !matches!(one.what, What::Strike { .. } | What::Ease { .. }));
                seen.iter().map(without_number).collect::<Vec<_>>()
            };
            assert!(told(&plain) == told(&other), "{fault} with seed {seed}");
        }
    }
}

/// Numbers of messages are taken from one counter, which a cut uses too.
fn without_number(seen: &Observation) -> Observation {
    let mut seen = *seen;
    match &mut seen.what {
        What::Send { id, .. } | What::Deliver { id, .. } | What::Lose { id, .. } => *id = 0,
        What::Duplicate { id, copy, .. } => (*id, *copy) = (0, 0),
        _ => {}
    }
    seen
}

/// When each message between two nodes arrived, in the order in which they were sent.
fn latencies(seen: &[Observation], from: u16, to: u16) -> Vec<Option<u64>> {
    let sent = seen.iter().filter(|one| one.node.0 == from);
    sent.filter_map(|one| match one.what {
        What::Send { to: receiver, id, .. } if receiver.0 == to => Some((one.at.0, id)),
        _ => None,
    })
    .map(|(at, id)| {
        let mut arrivals = seen
            .iter()
            .filter(|one| matches!(one.what, What::Deliver { id: arrived, .. } if arrived == id));
        arrivals.next().map(|one| one.at.0 - at)
    })
    .collect()
}

#[test]
fn taking_one_message_away_leaves_all_else_as_it_was() {
    let keys = r#""network": {"latency": {"uniform": ["1ms", "5ms"]}, "loss": "5%"},
        "patience": {"votes": "30ms", "decision": "30ms", "acks": "30ms"},
        "work": {"default": {"uniform": ["1ms", "2ms"]}}, "horizon": "10s",
        "disk": {"force": {"uniform": ["50us", "500us"]}},
        "workload": {"transactions": 20, "arrivals": {"every": "3ms"}}"#;
    let plain = scenario("\"2pc\"", keys);
    let lose = r#", "faults": [{"at": "30ms", "lose": {"message": "Ack", "from": "n1"}}]"#;
    let other = scenario("\"2pc\"", &format!("{keys}{lose}"));
    for seed in 0..30 {
        let ((_, before), (_, after)) = (seen(&plain, 0, seed), seen(&other, 0, seed));
        let differs = |one: &Observation| matches!(one.what, What::Strike { .. });
        let rest: Vec<_> = after.iter().filter(|one| !differs(one)).copied().collect();
        let parted = before.iter().zip(&rest).position(|(one, two)| one != two);
        let Some(parted) = parted else { continue };
        // Everything is the same up to the message's loss.
        assert!(matches!(rest[parted].what, What::Lose { .. }), "{:?}", rest[parted]);
        // And the n-th message on every link, and the n-th force of every disk, have the luck that
        // they had, whatever they now are.
        let (mut same, mut changed) = (0, 0);
        for (from, to) in [(0, 1), (0, 2), (1, 0), (2, 0)] {
            let (one, two) = (latencies(&before, from, to), latencies(&after, from, to));
            same += one.iter().zip(&two).filter(|(one, two)| one == two).count();
            changed += one.iter().zip(&two).filter(|(one, two)| one != two).count();
        }
        assert!(changed <= 1 && same > 150, "seed {seed}: {changed} changed, {same} did not");
        let (one, two) = (work(&before), work(&after));
        assert!(one.iter().all(|(key, luck)| two.get(key).is_none_or(|other| other == luck)));
        assert!(one.len() > 50 && two.len() > 50);
    }
}

/// How long the local work of each node took for each transaction, and how it ended.
fn work(seen: &[Observation]) -> BTreeMap<(TxId, NodeId), (u64, Vote)> {
    let mut begun = BTreeMap::new();
    let mut work = BTreeMap::new();
    for one in seen {
        match one.what {
            What::Work { tx } => {
                begun.insert((tx, one.node), one.at.0);
            }
            What::Vote { tx, vote } => {
                let key = (tx, one.node);
                work.insert(key, (one.at.0 - begun[&key], vote));
            }
            _ => {}
        }
    }
    work
}

/// Two protocols under one seed meet the same work, votes, and luck on the links.
#[test]
fn protocols_share_their_luck() {
    let keys = r#""network": {"latency": {"uniform": ["1ms", "5ms"]}},
        "work": {"default": {"uniform": ["1ms", "2ms"]}}, "votes": {"no_rate": "20%"},
        "workload": {"transactions": 50, "arrivals": {"every": "20ms"}}"#;
    let both = scenario(ALL, keys);
    for seed in 0..10 {
        let (_, first) = seen(&both, 0, seed);
        let votes = work(&first);
        for choice in [1, 2] {
            let (_, other) = seen(&both, choice, seed);
            // Work that an abort cut short leaves no vote.
            let shared = work(&other);
            let same = shared.iter().filter(|(key, _)| votes.contains_key(key));
            assert!(same.clone().count() > 100);
            assert!(same.clone().all(|(key, luck)| votes[key] == *luck), "seed {seed}");
            let (one, two) = (latencies(&first, 0, 1), latencies(&other, 0, 1));
            assert!(one.iter().zip(&two).all(|(one, two)| one == two), "seed {seed}");
        }
    }
}

// Golden hashes.

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden_hashes.txt");

const HEADER: &str = "\
# Trace hashes: scenario, protocol by its place in the scenario, seed, hash of the trace.
#
# `cargo test -p commitsim-catalog --test determinism` compares them with what this build gives,
# and so has every other build to: optimised as tests are, `--profile dev` without optimisation,
# `--release` without overflow checks, on any machine. A difference is a change of behaviour or a
# broken promise. Where it is meant, `COMMITSIM_UPDATE=1` before the command rewrites this file,
# and the commit says why.
";

const GOLDEN_SCENARIOS: [(&str, &str); 12] = [
    ("plain", r#""title": "nothing is said""#),
    ("one-node", r#""nodes": 1, "workload": {"transactions": 3}"#),
    ("serial", r#""nodes": 5, "workload": {"transactions": 20}, "votes": {"no_rate": "10%"}"#),
    ("readers", r#""nodes": 4, "votes": {"read_only": ["n1", "n3"]}"#),
    ("silent", r#""nodes": 4, "votes": {"never": ["n2"]}, "workload": {"transactions": 2}"#),
    (
        "shapes",
        r#""network": {"latency": {"pareto": {"min": "1ms", "shape": 1.5, "max": "1s"}},
             "fifo": true, "links": [{"between": ["n0", "n2"],
             "latency": {"histogram": [["1ms", 10], ["50ms", 1]]}}]},
           "work": {"default": {"lognormal": {"median": "2ms", "sigma": 0.5, "max": "1s"}},
             "nodes": {"n1": {"exponential": {"mean": "2ms", "min": "500us", "max": "1s"}}}},
           "workload": {"transactions": 30, "arrivals": {"poisson": {"mean": "2ms"}}}"#,
    ),
    (
        "clients",
        r#""nodes": 6, "disk": {"force": {"uniform": ["50us", "500us"]}, "flush": "2ms"},
           "workload": {"transactions": 60, "arrivals": {"closed": {"clients": 8, "think": "1ms"}},
             "coordinator": "round-robin", "participants": {"random": 2}}"#,
    ),
    (
        "regions",
        r#""nodes": ["bank", "airline", "hotel"], "network": {"regions": {
             "table": "azure-2026-07-p95",
             "place": {"bank": "east-us", "airline": "uk-south", "hotel": "japan-east"}}},
           "workload": {"transactions": 4}"#,
    ),
    (
        "faults",
        r#""nodes": 4, "patience": {"votes": "20ms", "decision": "20ms", "acks": "10ms"},
           "network": {"latency": {"uniform": ["1ms", "3ms"]}},
           "workload": {"transactions": 20, "arrivals": {"every": "2ms"}},
           "faults": [
             {"when": {"sent": {"by": "n0", "message": "Commit"}}, "nth": 4,
              "crash": {"node": "n0", "restart_after": "30ms"}},
             {"at": "5ms", "partition": {"groups": [["n1"]], "heal_after": "9ms",
              "in_flight": "hold"}},
             {"at": "6ms", "pause": {"node": "n2", "for": "7ms"}},
             {"at": "7ms", "slow_disk": {"node": "n3", "force": "4ms", "for": "9ms"}},
             {"at": "8ms", "loss": {"rate": "20%", "for": "20ms"}},
             {"at": "9ms", "latency": {"times": 2.5, "for": "20ms"}},
             {"at": "9ms", "clock": {"node": "n1", "rate": 1.25}},
             {"at": "9ms", "duplicate": {"message": "Yes", "count": 5}},
             {"at": "9ms", "delay": {"message": "Ack", "by": "7ms", "count": 5}},
             {"at": "60ms", "cut_link": {"from": "n0", "to": "n1", "heal_after": "20ms"}},
             {"at": "100ms", "heal": {}}]"#,
    ),
    ("storm", STORMY),
    (
        "crashes",
        r#""nodes": 5, "patience": {"votes": "20ms", "decision": "20ms", "acks": "10ms"},
           "workload": {"transactions": 30, "arrivals": {"every": "1ms"}},
           "storm": {"until": "40ms", "families": ["crash", "partition"]}"#,
    ),
    (
        "weather",
        r#""nodes": 3, "patience": {"votes": "20ms", "decision": "20ms", "acks": "10ms"},
           "network": {"latency": {"uniform": ["1ms", "3ms"]}, "loss": "2%", "duplicate": "2%"},
           "workload": {"transactions": 30, "arrivals": {"every": "1ms"}}, "horizon": "5s",
           "storm": {"until": "40ms",
                     "families": ["loss", "delay", "duplicate", "pause", "disk"]}"#,
    ),
];

#[test]
#[expect(clippy::disallowed_methods, reason = "the golden file is rewritten by an explicit switch")]
fn hashes_are_those_of_every_other_build() {
    let mut found = HEADER.to_owned();
    for (name, keys) in GOLDEN_SCENARIOS {
        let scenario = scenario(ALL, keys);
        for choice in 0..scenario.protocols.len() {
            for seed in [0, 7, u64::MAX] {
                let hash = run(&scenario, choice, seed).trace_hash;
                writeln!(found, "{name} {choice} {seed} {hash:032x}").unwrap();
            }
        }
    }
    if std::env::var_os("COMMITSIM_UPDATE").is_some_and(|value| value == "1") {
        fs::write(GOLDEN, &found).unwrap();
    }
    let kept = fs::read_to_string(GOLDEN).unwrap_or_default();
    let differing = kept.lines().zip(found.lines()).filter(|(kept, found)| kept != found);
    let differing: Vec<_> = differing.collect();
    assert!(differing.is_empty(), "kept and found: {differing:#?}");
    assert_eq!(kept.lines().count(), found.lines().count());
}

/// What hunts and searches once found, and was kept because of it, in every build. Its trace may be
/// another since protocols talk differently; which it is, `commitsim replay` says.
#[test]
fn kept_counterexamples_break_what_they_broke() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/regressions");
    let mut files: Vec<_> =
        fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 7);
    for file in files {
        let (name, text) = (file.display().to_string(), fs::read(&file).unwrap());
        let Replay { scenario, breach, .. } =
            read_replay(&name, &text, &abouts()).unwrap_or_else(|problems| panic!("{problems}"));
        for queue in [QueueKind::Lazy, QueueKind::Keyed] {
            let manner = manner(queue, Keep::Transactions);
            let record = simulate(&scenario, 0, scenario.seed, manner, None);
            let same = |found: &Violation| {
                (found.property, found.tx, &found.nodes)
                    == (breach.property, breach.tx, &breach.nodes)
            };
            assert!(record.violations.iter().any(same), "{name}: {:?}", record.violations);
        }
    }
}

//! The data under the protocols: what transactions do to it, and what storms, crashes and
//! operators must not.

mod play;
mod stage;

use commitsim_catalog::all;
use commitsim_core::{Decision, NodeId, Time};
use commitsim_rng::Seed;
use commitsim_sim::{Action, Ending, Fault, Outcome, RunRecord, Tail, Trigger};
use commitsim_spec::{Property, What};
use play::rounds;
use stage::{Keeper, USUAL, scenario, simulate};

/// Every protocol that promises to be safe under crashes.
fn correct() -> Vec<&'static str> {
    let abouts = all().iter().map(|runnable| runnable.about());
    abouts.filter(|about| about.tolerates.crashes).map(|about| about.id).collect()
}

/// Each kind of data, with what makes life hard for those who manage it.
const KINDS: [&str; 6] = [
    r#"{"kind": "transfers", "per_node": 4, "touch": 2, "skew": 0.9, "opening": 20, "buffer": 0}"#,
    r#"{"kind": "seats", "per_node": 3, "touch": 1, "opening": 6, "buffer": 1, "conflict": "no"}"#,
    r#"{"kind": "orders", "per_node": 3, "opening": 150, "amount": 5, "buffer": 2,
        "deadlock": {"timeout": "5ms"}}"#,
    r#"{"kind": "cards", "per_node": 3, "touch": 2, "opening": 30, "buffer": 0, "log_space": 9}"#,
    r#"{"kind": "transfers", "per_node": 3, "touch": 2, "opening": 20, "lend": true, "buffer": 1,
        "read_only": 0.2}"#,
    r#"{"kind": "transfers", "per_node": 4, "touch": 1, "read_only": 0.4, "readers": "leave"}"#,
];

fn storm(id: &str, keys: &str) -> commitsim_scenario::Scenario {
    scenario(
        &format!("\"{id}\""),
        &format!(
            r#""nodes": 4, "topology": {{"tree": {{"arity": 2}}}},
            "network": {{"latency": {{"uniform": ["500us", "2ms"]}}}},
            "disk": {{"force": "200us", "flush": "3ms"}},
            "patience": {{"votes": "12ms", "decision": "12ms", "acks": "12ms", "max": "60ms"}},
            "workload": {{"transactions": 24, "arrivals": {{"closed": {{"clients": 4}}}},
                          "coordinator": "random", "participants": {{"random": 2}},
                          "keys": {keys}}},
            "storm": {{"until": "60ms"}}"#
        ),
    )
}

fn broken(record: &RunRecord) -> Vec<String> {
    let says = |node: NodeId| format!("n{}", node.0);
    record.violations.iter().map(|violation| violation.says(&says)).collect()
}

/// Money is conserved, seats are not oversold, limits hold, and what is on each node is what was
/// committed there: for every correct protocol, in storms.
#[test]
fn data_survives_storms() {
    let (mut committed, mut borrowed, mut crashes) = (0, 0, 0);
    for id in correct() {
        for keys in KINDS {
            let stormy = storm(id, keys);
            for seed in 0..rounds(4) as u64 {
                let record = simulate(&stormy, 0, Seed(seed), USUAL, None);
                let wrong = if id.starts_with("3pc") {
                    // It takes silence for a crash, and may split: not the data's fault.
                    record.violations.iter().filter(|v| v.property == Property::Data).count()
                } else {
                    record.violations.len()
                };
                assert_eq!(wrong, 0, "{id}, {keys}, seed {seed}: {:?}", broken(&record));
                let data = record.data.unwrap();
                committed += data.committed;
                borrowed += data.borrowed;
                crashes += record.totals.crashes;
            }
        }
    }
    assert!(committed > 1_000, "{committed} commits");
    assert!(borrowed > 20, "{borrowed} loans");
    assert!(crashes > 300, "{crashes} crashes");
}

/// Found by ten thousand storms: a transaction that all had forgotten was no longer read at
/// recovery, while the log that had its images was not yet cut and its changes were not on disk.
#[test]
fn what_is_forgotten_is_on_disk() {
    let record = simulate(&storm("2pc", KINDS[5]), 0, Seed(82), USUAL, None);
    assert_eq!(broken(&record), Vec::<String>::new());
}

/// A small workload, and each node dies at each instant at which anything happens at it, with each
/// part of its log that a crash could leave: it recovers to what was committed.
#[test]
fn crashes_at_every_log_position() {
    let mut tried = 0;
    for id in correct() {
        for keys in [KINDS[0], KINDS[4]] {
            let quiet = scenario(
                &format!("\"{id}\""),
                &format!(
                    r#""disk": {{"force": "200us", "flush": "3ms"}},
                    "workload": {{"transactions": 4, "arrivals": {{"every": "1500us"}},
                                  "keys": {keys}}}"#
                ),
            );
            let mut keeper = Keeper::default();
            let usual = simulate(&quiet, 0, Seed(3), USUAL, Some(&mut keeper));
            assert_eq!(usual.violations, [], "{id}");
            for node in (0..3).map(NodeId) {
                for (at, durable, appended) in positions(&keeper, node) {
                    for kept in durable..=appended {
                        let record = crashed(&quiet, node, at, kept);
                        let faults = broken(&record);
                        let place = format!("{id}, {node:?} at {at:?}, {kept} of {appended} left");
                        assert!(faults.is_empty(), "{place}: {faults:?}");
                        assert_eq!(record.ending, Ending::Settled, "{place}");
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 1_500, "{tried} crashes");
}

/// When anything happens at a node, and what a crash just before could leave of its log.
fn positions(keeper: &Keeper, node: NodeId) -> Vec<(Time, u64, u64)> {
    let (mut durable, mut appended) = (0, 0);
    let mut found: Vec<(Time, u64, u64)> = Vec::new();
    for seen in keeper.0.iter().filter(|seen| seen.node == node) {
        if found.last().is_none_or(|(at, ..)| *at < seen.at) {
            found.push((seen.at, durable, appended));
        }
        match seen.what {
            What::Append { lsn, .. } => appended = lsn.0,
            What::Durable { lsn, .. } => durable = lsn.0,
            _ => {}
        }
    }
    found
}

fn crashed(quiet: &commitsim_scenario::Scenario, node: NodeId, at: Time, kept: u64) -> RunRecord {
    let mut crashing = quiet.clone();
    let tail = Tail::Kept(commitsim_core::Lsn(kept));
    let restart_after = Some(commitsim_core::Span::from_millis(20));
    let action = Action::Crash { node, restart_after, tail };
    crashing.setup.faults.push(Fault { trigger: Trigger::At(at), action });
    simulate(&crashing, 0, Seed(3), USUAL, None)
}

/// What an operator guesses is AC1 where the guess is wrong, and money is made or lost; where it is
/// right nothing is said. Either way the locks are free at once.
#[test]
fn an_operator_guesses() {
    for guess in ["abort", "commit"] {
        let dead = scenario(
            r#""2pc""#,
            &format!(
                r#""nodes": 2,
                "workload": {{"keys": {{"per_node": 1}}}},
                "faults": [
                    {{"when": {{"forced": {{"by": "n0", "record": "Committed"}}}},
                      "crash": {{"node": "n0", "restart_after": "5s"}}}},
                    {{"at": "2s", "decide": {{"node": "n1", "transaction": 0,
                                              "as": "{guess}"}}}}]"#
            ),
        );
        let record = simulate(&dead, 0, Seed(1), USUAL, None);
        assert_eq!(record.idle_faults, []);
        let data = record.data.clone().unwrap();
        let tx = &record.transactions[0];
        let part = tx.nodes.iter().find(|part| part.node == NodeId(1)).unwrap();
        assert_eq!(part.decided, Some(Time(2_000_000_000)));
        let properties: Vec<Property> = record.violations.iter().map(|v| v.property).collect();
        if guess == "abort" {
            assert_eq!(tx.outcome, Outcome::Split);
            assert_eq!(properties, [Property::Ac1], "{:?}", broken(&record));
            assert_ne!(data.damage, 0);
        } else {
            assert_eq!(tx.outcome, Outcome::Commit);
            assert_eq!(properties, [], "{:?}", broken(&record));
            assert_eq!(data.damage, 0);
        }
    }
}

/// What is not in doubt cannot be decided by hand.
#[test]
fn an_operator_comes_too_early() {
    let early = scenario(
        r#""2pc""#,
        r#""faults": [{"at": "100us", "decide": {"node": "n1", "transaction": 0, "as": "abort"}}]"#,
    );
    let record = simulate(&early, 0, Seed(1), USUAL, None);
    assert_eq!(record.idle_faults, [(0, commitsim_sim::Idle::NotInDoubt)]);
    assert_eq!(record.transactions[0].outcome, Outcome::Commit);
}

/// Every refusal of the data is a NO, and counted by its cause.
#[test]
fn the_data_refuses() {
    let refused = |keys: &str, every: &str, more: &str| {
        let text = format!(
            r#""nodes": 3, "workload": {{"transactions": 12, "arrivals": {{"every": "{every}"}},
                "keys": {keys}}} {more}"#
        );
        let record = simulate(&scenario(r#""2pc-pra""#, &text), 0, Seed(5), USUAL, None);
        assert_eq!(record.violations, [], "{keys}");
        record.data.unwrap()
    };
    let count =
        |data: &commitsim_sim::DataRecord, cause: commitsim_sim::Cause| data.aborts[cause as usize];
    use commitsim_sim::Cause;
    let data = refused(r#"{"kind": "seats", "per_node": 1, "opening": 2}"#, "6ms", "");
    assert!(count(&data, Cause::Rule) > 0 && data.committed <= 2, "{data:?}");
    let data = refused(r#"{"per_node": 1, "conflict": "no"}"#, "300us", "");
    assert!(count(&data, Cause::Conflict) > 0, "{data:?}");
    let data = refused(r#"{"per_node": 1}"#, "300us", "");
    assert!(count(&data, Cause::Died) > 0, "{data:?}");
    let data = refused(r#"{"per_node": 1, "deadlock": {"timeout": "1ms"}}"#, "300us", "");
    assert!(count(&data, Cause::TimedOut) > 0 && data.waits > 0, "{data:?}");
    let data = refused(r#"{"per_node": 50, "log_space": 2}"#, "300us", "");
    assert!(count(&data, Cause::LogFull) > 0, "{data:?}");
    let lending =
        r#"{"kind": "seats", "per_node": 1, "lend": true, "deadlock": {"timeout": "1s"}}"#;
    let data =
        refused(lending, "300us", r#", "votes": {"no": ["n2"]}, "work": {"nodes": {"n2": "9ms"}}"#);
    assert!(count(&data, Cause::Lender) > 0 && data.borrowed > 0, "{data:?}");
    assert_eq!(data.committed, 0);
}

/// What the one loses the other gains, and both were locked meanwhile.
#[test]
fn a_single_transfer_moves_money() {
    let one = scenario(r#""2pc""#, r#""nodes": 2, "workload": {"keys": {"per_node": 1}}"#);
    let mut keeper = Keeper::default();
    let record = simulate(&one, 0, Seed(1), USUAL, Some(&mut keeper));
    let change = |seen: &commitsim_spec::Observation| match seen.what {
        What::Change { before, after, .. } => Some(after - before),
        _ => None,
    };
    let changes: Vec<i64> = keeper.0.iter().filter_map(change).collect();
    assert_eq!(changes.len(), 2);
    assert_eq!(changes.iter().sum::<i64>(), 0);
    let decided = |seen: &commitsim_spec::Observation| match seen.what {
        What::Decide { decision, .. } => Some(decision),
        _ => None,
    };
    assert!(keeper.0.iter().filter_map(decided).all(|d| d == Decision::Commit));
    let data = record.data.unwrap();
    assert_eq!((data.opening, data.closing, data.damage), (200, 200, 0));
    assert!(data.lock_hold > commitsim_core::Span::ZERO);
}

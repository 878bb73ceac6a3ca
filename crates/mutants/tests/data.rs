//! Mistakes of a resource manager, under a protocol without any: storms show each of them, and
//! nothing where there is none.

use commitsim_catalog::abouts;
use commitsim_core::{Factor, Patience};
use commitsim_data::Manager;
use commitsim_mutants::data::{Careless, NO_REDO, NO_RELOCK, NO_UNDO, NO_WRITE_AHEAD};
use commitsim_protocol_2pc::{Config, OutcomeForce, Presumption, Termination, TwoPhase};
use commitsim_rng::Seed;
use commitsim_scenario::{Overrides, Scenario, read};
use commitsim_sim::{Holdings, Keep, Manner, QueueKind, simulate_over};
use commitsim_spec::Property;

/// How many storms are tried. Each mistake shows in several of them.
const STORMS: u64 = 60;

/// `buffer` changed items stay in memory: with none, changes reach the disk soon, committed or not;
/// with many, a crash finds few of them there. The longer a force takes, the more often a crash
/// comes before it is done.
fn stormy(buffer: u32, force: &str) -> Scenario {
    let text = r#"{
        "format": "commitsim/1", "protocols": ["2pc"], "nodes": 3,
        "disk": {"force": "FORCE", "flush": "3ms"},
        "patience": {"votes": "12ms", "decision": "12ms", "acks": "12ms", "max": "40ms"},
        "workload": {"transactions": 40, "arrivals": {"closed": {"clients": 4}},
                     "coordinator": "random",
                     "keys": {"per_node": 4, "touch": 2, "opening": 40, "buffer": BUFFER}},
        "votes": {"no_rate": 0.2},
        "storm": {"until": "60ms", "families": ["crash", "loss", "delay"]}}"#;
    let text = text.replace("BUFFER", &buffer.to_string()).replace("FORCE", force);
    read("storm", text.as_bytes(), &abouts(), &Overrides::default())
        .unwrap_or_else(|e| panic!("{e}"))
}

/// In how many storms the data is not what was committed.
fn caught<D: Holdings>(buffer: u32, force: &str) -> usize {
    let scenario = stormy(buffer, force);
    let Patience { votes, decision, acks, max, .. } = scenario.patience;
    let patience = Patience { votes, decision, acks, backoff: Factor::TWO, max };
    let config = Config {
        presumption: Presumption::Nothing,
        termination: Termination::None,
        outcome_force: OutcomeForce::Forced,
        coordinator_votes: true,
        patience,
    };
    let manner = Manner { queue: QueueKind::Lazy, keep: Keep::Totals };
    let spoilt = |seed: &u64| {
        let seed = Seed(*seed);
        let run = simulate_over::<TwoPhase, D>;
        let record = run(&scenario.setup, config, &patience, seed, manner, None);
        let others: Vec<_> =
            record.violations.iter().filter(|v| v.property != Property::Data).collect();
        assert!(others.is_empty(), "{others:?}");
        !record.violations.is_empty()
    };
    (0..STORMS).filter(spoilt).count()
}

#[test]
fn each_mistake_is_caught() {
    for (buffer, force) in [(0, "500us"), (50, "500us"), (0, "3ms")] {
        assert_eq!(caught::<Manager>(buffer, force), 0, "without a mistake");
    }
    let found = [
        caught::<Careless<NO_UNDO>>(0, "500us"),
        caught::<Careless<NO_REDO>>(50, "500us"),
        caught::<Careless<NO_RELOCK>>(50, "500us"),
        caught::<Careless<NO_WRITE_AHEAD>>(0, "3ms"),
    ];
    assert!(found.iter().all(|found| *found > 0), "undo, redo, locks, write-ahead: {found:?}");
}

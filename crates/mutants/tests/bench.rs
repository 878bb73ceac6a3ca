//! What the tests share: scenarios from text, runs of mutants and of what they are mutants of.

use commitsim_catalog::{Job, Options, Runnable};
use commitsim_core::{About, NodeId};
use commitsim_mutants::Mutant;
use commitsim_rng::Seed;
use commitsim_scenario::{Overrides, Scenario, read};
use commitsim_sim::{Ending, Keep, Manner, QueueKind, RunRecord, Stand, Watch};
use commitsim_spec::Property;

pub(crate) const MANNER: Manner = Manner { queue: QueueKind::Lazy, keep: Keep::Transactions };

/// A scenario of one protocol; `rest` is everything but the format and the protocol.
pub(crate) fn scenario(protocol: &str, rest: &str) -> Scenario {
    let text = format!(
        r#"{{"format": "commitsim/1", "protocols": [{protocol}], "horizon": "5min", {rest}}}"#
    );
    let known: Vec<&'static About> = commitsim_catalog::abouts();
    read("schedule.json", text.as_bytes(), &known, &Overrides::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// A scenario of the protocol that `mutant` is a mutant of.
pub(crate) fn scenario_for(mutant: &Mutant, rest: &str) -> Scenario {
    scenario(&format!("\"{}\"", mutant.original), rest)
}

/// One run of `runnable` in place of the scenario's own protocol.
pub(crate) fn run(
    runnable: &dyn Runnable,
    scenario: &Scenario,
    seed: u64,
    watch: Option<&mut dyn Watch>,
) -> RunRecord {
    let chosen = scenario.protocols[0].options.iter();
    let own = runnable.about().options;
    let pairs = chosen
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| own.iter().any(|choice| choice.name == *name));
    let options = Options::new(runnable.about(), pairs).expect("the scenario was checked");
    let job = Job {
        setup: &scenario.setup,
        patience: scenario.patience,
        options: &options,
        seed: Seed(seed),
        manner: MANNER,
    };
    match watch {
        Some(watch) => runnable.simulate(&job, Some(watch)),
        None => runnable.simulate(&job, None),
    }
}

/// One run of the scenario's own protocol.
pub(crate) fn run_correct(scenario: &Scenario, seed: u64) -> RunRecord {
    let correct = commitsim_catalog::find(scenario.protocols[0].id).expect("it is in the catalog");
    run(correct, scenario, seed, None)
}

/// The properties that a run broke, each once, in their order.
pub(crate) fn broken(record: &RunRecord) -> Vec<Property> {
    let mut properties: Vec<Property> = record.violations.iter().map(|v| v.property).collect();
    properties.sort_unstable();
    properties.dedup();
    properties
}

/// The nodes of the first transaction that do not know how it ended and should.
pub(crate) fn undecided(record: &RunRecord) -> Vec<NodeId> {
    let nodes = record.transactions.iter().flat_map(|transaction| &transaction.nodes);
    nodes
        .filter(|node| matches!(node.state, Stand::InDoubt | Stand::Working))
        .map(|node| node.node)
        .collect()
}

/// Nothing was objected to, and everybody who is up and took part knows the outcome.
pub(crate) fn assert_resolved(name: &str, record: &RunRecord) {
    assert_eq!(record.violations, [], "{name}: the correct protocol was objected to");
    assert_eq!(record.ending, Ending::Settled, "{name}");
    assert_eq!(undecided(record), [], "{name}: somebody does not know the outcome");
}

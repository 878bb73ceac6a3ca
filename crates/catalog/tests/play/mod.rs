//! Plays a scenario, written as in a file, under each of its protocols.

#![allow(dead_code, reason = "each test uses what it needs of it")]

pub(crate) mod storms;

use commitsim_catalog::{Job, Options, abouts, find};
use commitsim_rng::Seed;
use commitsim_scenario::{Overrides, Scenario, read};
use commitsim_sim::{Keep, Manner, QueueKind, RunRecord};

/// The scenario that `text` describes.
pub(crate) fn scenario(text: &str) -> Scenario {
    read("test", text.as_bytes(), &abouts(), &Overrides::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// One run for each of its protocols, in their order.
pub(crate) fn play(scenario: &Scenario) -> Vec<RunRecord> {
    play_seeded(scenario, scenario.seed)
}

/// The same with another seed.
pub(crate) fn play_seeded(scenario: &Scenario, seed: Seed) -> Vec<RunRecord> {
    let run = |choice: &commitsim_scenario::ProtocolChoice| {
        let protocol = find(choice.id).expect("the reader knows only what the catalog has");
        let pairs = choice.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let options = Options::new(protocol.about(), pairs).expect("the reader checked them");
        let job = Job {
            setup: &scenario.setup,
            patience: scenario.patience,
            options: &options,
            seed,
            manner: Manner { queue: QueueKind::Lazy, keep: Keep::Transactions },
        };
        protocol.simulate(&job, None)
    };
    scenario.protocols.iter().map(run).collect()
}

/// How many random systems a test of closed forms tries: a few hundred, or as many as
/// `scripts/timing` asks for.
#[expect(clippy::disallowed_methods, reason = "the number that the script hands over")]
pub(crate) fn rounds(usual: usize) -> usize {
    let asked = std::env::var("COMMITSIM_ROUNDS").ok();
    asked.map_or(usual, |asked| asked.parse().expect("COMMITSIM_ROUNDS is a number"))
}

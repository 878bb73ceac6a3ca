//! How many seeds a hunt takes to find each mutant: `{"mutant", "property", "seed"}`, a line each.
//!
//! `cargo run --release --locked -p commitsim-mutants --example hunt -- [MOST] [FIRST LETTERS]`
//! tries up to `MOST` seeds (100,000 if nothing is said) for each mutant whose name begins so.
//! `seed` is the number of seeds tried, the one that found it included, or null.

use std::env;
use std::process::ExitCode;

use commitsim_catalog::Options;
use commitsim_hunt::{Family, Swarm, seeds_until_found};
use commitsim_mutants::{Specimen, roster};
use commitsim_scenario::{Overrides, Scenario, read};

/// A few transactions, close enough to overlap, on a tree that is no star.
const SYSTEM: &str = r#""nodes": 4, "topology": {"tree": {"arity": 2}},
    "network": {"latency": {"uniform": ["500us", "4ms"]}},
    "disk": {"force": {"uniform": ["100us", "2ms"]}, "flush": "10ms"},
    "work": {"default": {"uniform": ["500us", "20ms"]}},
    "patience": {"votes": "40ms", "decision": "40ms", "acks": "40ms", "max": "200ms"},
    "workload": {"transactions": 5, "arrivals": {"every": "50ms"}}, "horizon": "10s""#;

/// What three-phase commit has to be given: more patience than anything takes.
const PATIENT: &str = r#""nodes": 4, "network": {"latency": {"uniform": ["500us", "4ms"]}},
    "disk": {"force": {"uniform": ["100us", "2ms"]}, "flush": "10ms"},
    "work": {"default": {"uniform": ["500us", "20ms"]}},
    "patience": {"votes": "200ms", "decision": "200ms", "acks": "200ms", "max": "400ms"},
    "workload": {"transactions": 3, "arrivals": {"every": "50ms"}}, "horizon": "10s""#;

/// What three-phase commit does not bear even without a mistake: here any fault may be drawn.
const OUTSIDE: [&str; 4] = ["three-no-epochs", "three-naive", "three-asynchronous", "three-lossy"];

fn scenario(mutant: &Specimen) -> Scenario {
    let system = if mutant.original.starts_with("3pc") { PATIENT } else { SYSTEM };
    let original = mutant.original;
    let text = format!(r#"{{"format": "commitsim/1", "protocols": ["{original}"], {system}}}"#);
    let known = commitsim_catalog::abouts();
    read("hunt", text.as_bytes(), &known, &Overrides::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// How many seeds it takes, counted from 1, until a hunt shows the property broken; none where the
/// first `most` do not. Faults are drawn from what the original promises to bear, so that it is the
/// mistake that is found.
fn seeds(mutant: &Specimen, most: u64) -> Option<u64> {
    let Scenario { setup, patience, .. } = scenario(mutant);
    let original = commitsim_catalog::find(mutant.original)?;
    let families = if OUTSIDE.contains(&mutant.name) {
        Family::ALL.map(|(_, family)| family).to_vec()
    } else {
        Family::promised(original.about().tolerates)
    };
    let swarm = |options: Options| {
        let swarm = Swarm::new(mutant.runnable, &options, &setup, patience, families.clone());
        (options, swarm)
    };
    let swarms: Vec<(Options, Swarm)> = options(mutant).into_iter().map(swarm).collect();
    seeds_until_found(mutant.runnable, &swarms, patience, mutant.property, most)
}

/// The original's options: the defaults, and each other value by itself.
fn options(mutant: &Specimen) -> Vec<Options> {
    let about = mutant.runnable.about();
    let others = about.options.iter().flat_map(|choice| {
        let values = choice.values.iter().skip(1);
        values.filter_map(|value| Options::new(about, [(choice.name, *value)]).ok())
    });
    [Options::default()].into_iter().chain(others).collect()
}

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let Ok(most) = arguments.next().map_or(Ok(100_000), |most| most.parse::<u64>()) else {
        eprintln!("error: the first argument is a number of seeds");
        return ExitCode::from(2);
    };
    let first = arguments.next().unwrap_or_default();
    let (mut found, mut all) = (0, 0);
    for mutant in roster().iter().filter(|mutant| mutant.name.starts_with(&first)) {
        let seeds = seeds(mutant, most);
        let seed = seeds.map_or("null".to_string(), |seeds| seeds.to_string());
        let (name, property) = (mutant.name, mutant.property.name());
        println!(r#"{{"mutant":"{name}","property":"{property}","seed":{seed}}}"#);
        all += 1;
        found += u64::from(seeds.is_some());
    }
    eprintln!("{found} of {all} mutants were found within {most} seeds each");
    ExitCode::SUCCESS
}

//! How fast a hunt is: seeds per second on one thread, drawing, simulating and judging each.
//!
//! `cargo bench -p commitsim-hunt` prints one line a protocol, `… -- 2000` tries so many seeds for
//! each. Rates depend on the machine; nothing asserts them.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark reads a clock"
)]

use std::time::Instant;

use commitsim_catalog::Options;
use commitsim_hunt::{Family, Look, Swarm, Tally};
use commitsim_rng::Seed;
use commitsim_scenario::{Overrides, read};

const SYSTEM: &str = r#""nodes": 4, "network": {"latency": {"uniform": ["500us", "4ms"]}},
    "workload": {"transactions": 5, "arrivals": {"every": "50ms"}}"#;

fn main() {
    let seeds = std::env::args().find_map(|argument| argument.parse::<u64>().ok());
    let seeds = seeds.unwrap_or(10_000);
    println!("4 nodes, 5 transactions, all families of faults, oracle on, one thread");
    println!("{:<20} {:>10} {:>12} {:>10}", "", "seeds/s", "events/s", "violated");
    let known = commitsim_catalog::abouts();
    for runnable in commitsim_catalog::all() {
        let id = runnable.about().id;
        let text = format!(r#"{{"format": "commitsim/1", "protocols": ["{id}"], {SYSTEM}}}"#);
        let scenario = read("bench", text.as_bytes(), &known, &Overrides::default());
        let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
        let families = Family::ALL.map(|(_, family)| family).to_vec();
        let (options, patience) = (Options::default(), scenario.patience);
        let swarm = Swarm::new(*runnable, &options, &scenario.setup, patience, families);
        let mut tally = Tally::default();
        let begun = Instant::now();
        for seed in 0..seeds {
            tally.add(&Look::at(*runnable, &swarm, patience, &options, Seed(seed)).tally);
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{id:<20} {:>10.0} {:>12.0} {:>10}",
            tally.runs as f64 / seconds,
            tally.events as f64 / seconds,
            tally.violated
        );
    }
}

//! Plays many storms over every protocol and prints what happened, one line a protocol.
//!
//! `cargo run --release -p commitsim-catalog --example storms -- 10000` plays the seeds 0 to 9,999;
//! `… -- show 314` prints the scenario of seed 314, to be run with `commitsim run - --seed 314`.

#[path = "../tests/play/mod.rs"]
mod play;

use std::process::ExitCode;

use play::storms::{PLAYED, Tally, brave, text};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).map_or(Ok(10_000), |count| count.parse::<u64>());
    if arguments.first().is_some_and(|word| word == "show")
        && let Ok(seed) = number(1)
    {
        println!("{}", text(seed));
        return ExitCode::SUCCESS;
    }
    let Ok(seeds) = number(0) else {
        eprintln!("usage: storms [NUMBER OF SEEDS] | storms show SEED");
        return ExitCode::from(2);
    };
    let mut tallies = [Tally::default(); PLAYED.len()];
    let mut complaints = 0;
    for seed in 0..seeds {
        for complaint in brave(seed, &mut tallies) {
            complaints += 1;
            eprintln!("{complaint}");
        }
    }
    for (tally, played) in tallies.iter().zip(PLAYED) {
        println!("{played}\n  {tally:?}");
    }
    println!("{seeds} storms for each of {} protocols, {complaints} complaints", PLAYED.len());
    ExitCode::from(u8::from(complaints > 0))
}

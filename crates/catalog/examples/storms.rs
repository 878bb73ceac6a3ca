//! Plays many storms over every protocol and prints what happened, one line a protocol.
//!
//! `cargo run --release -p commitsim-catalog --example storms -- 10000` plays the seeds 0 to 9,999;
//! a second argument picks the protocols whose text holds it; `… -- show 314 p2pc` prints the
//! scenario of seed 314 for each of these, to be run with `commitsim run - --seed 314`.

#[path = "../tests/play/mod.rs"]
mod play;

use std::process::ExitCode;

use play::storms::{Tally, brave, played, text};

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let show = arguments.first().is_some_and(|word| word == "show");
    if show {
        arguments.remove(0);
    }
    let number = arguments.first().map_or(Ok(10_000), |count| count.parse::<u64>());
    let Ok(number) = number else {
        eprintln!("usage: storms [NUMBER OF SEEDS [PROTOCOL]] | storms show SEED [PROTOCOL]");
        return ExitCode::from(2);
    };
    let mut chosen = played();
    if let Some(part) = arguments.get(1) {
        chosen.retain(|played| played.choice.contains(part.as_str()));
    }
    if show {
        for played in &chosen {
            println!("{}", text(played, number));
        }
        return ExitCode::SUCCESS;
    }
    let mut complaints = 0;
    for played in &chosen {
        let mut tally = Tally::default();
        for complaint in (0..number).flat_map(|seed| brave(played, seed, &mut tally)) {
            complaints += 1;
            eprintln!("{complaint}");
        }
        println!("{}\n  {tally:?}", played.choice);
    }
    println!("{number} storms for each of {} protocols, {complaints} complaints", chosen.len());
    ExitCode::from(u8::from(complaints > 0))
}

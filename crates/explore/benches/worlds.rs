//! How fast a search is: worlds per second of two-phase commit, one thread.
//!
//! `cargo bench -p commitsim-explore` prints one line a search. Rates depend on the machine;
//! nothing asserts them.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark reads a clock"
)]

#[path = "../tests/small/mod.rs"]
mod small;

use std::time::Instant;

use commitsim_explore::{Alone, Bounds, Quest, explore};
use commitsim_protocol_2pc::Presumption;

use small::{QUEST, world};

fn main() {
    let anything = Bounds { unreliable: true, ..Bounds::NONE };
    let searches = [
        ("3 nodes, 1 crash", Bounds { crashes: 1, ..Bounds::NONE }, true),
        ("3 nodes, 1 crash, safety only", Bounds { crashes: 1, ..Bounds::NONE }, false),
        ("3 nodes, 1 crash, any losses", Bounds { crashes: 1, ..anything }, true),
        ("3 nodes, 2 crashes, any losses", Bounds { crashes: 2, ..anything }, true),
    ];
    println!("{:<34} {:>10} {:>12} {:>8}", "presumed abort", "worlds", "worlds/s", "MB");
    for (name, bounds, recovery) in searches {
        let quest = Quest { recovery, ..QUEST };
        let begun = Instant::now();
        let found = explore(world(Presumption::Abort, 3, bounds), &quest, &Alone, &mut |_| true);
        let walk = found.walk();
        let rate = walk.worlds as f64 / begun.elapsed().as_secs_f64();
        println!("{name:<34} {:>10} {rate:>12.0} {:>8}", walk.worlds, walk.bytes >> 20);
    }
}

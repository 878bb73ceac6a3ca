//! Prints what a draw costs. Run it with `cargo run --release --example rate`.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a measurement reads a clock"
)]

use commitsim_rng::{Bits, Keyed, Purpose, Ratio, Seed, Shape, Stream};
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: u64 = 50_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let keyed = Keyed::new(Seed(1), Purpose::Latency);
    let mut stream = Stream::new(Seed(1), Purpose::Workload);
    let rare = black_box(Ratio::new(1, 400)?);
    let uniform = black_box(Shape::uniform(1_000_000, 5_000_000)?);
    let exponential = black_box(Shape::exponential(2_000_000, 1, 1_000_000_000)?);
    let log_normal = black_box(Shape::log_normal(2_000_000, 500_000, 1_000_000_000)?);
    let pareto = black_box(Shape::pareto(1_000_000, 1_500_000, 1_000_000_000)?);

    measure("stream word", |_| stream.bits());
    measure("keyed draw and first word", |n| keyed.draw(3, 5, n).bits());
    measure("keyed draw, awaited", chained(|last| keyed.draw(3, last, 7).bits()));
    measure("happens 1/400", |n| u64::from(keyed.draw(3, 5, n).happens(rare)));
    for (name, shape) in [
        ("uniform", uniform),
        ("exponential", exponential),
        ("lognormal", log_normal),
        ("pareto", pareto),
    ] {
        measure(name, |n| shape.sample(&mut keyed.draw(3, 5, n)));
    }
    Ok(())
}

/// Feeds every result into the next call, so that nothing overlaps.
fn chained(call: impl Fn(u64) -> u64) -> impl FnMut(u64) -> u64 {
    let mut last = 0;
    move |_| {
        last = call(last);
        last
    }
}

fn measure(name: &str, mut call: impl FnMut(u64) -> u64) {
    let start = Instant::now();
    let mut sum: u64 = 0;
    for round in 0..ROUNDS {
        sum = sum.wrapping_add(call(black_box(round)));
    }
    black_box(sum);
    let picoseconds = start.elapsed().as_nanos() * 1000 / u128::from(ROUNDS);
    println!("{name:26} {}.{:02} ns", picoseconds / 1000, picoseconds % 1000 / 10);
}

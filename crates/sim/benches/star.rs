//! How fast the simulator is: delivered messages and events per second of two-phase commit on a
//! star with five remote participants, oracle and trace hash on, trace file off.
//!
//! `cargo bench -p commitsim-sim` prints one line a configuration, `… -- 2000 lazy` does so for
//! 2,000 transactions each and only where the name contains the word. Rates depend on the
//! machine; nothing asserts them. The last but one column counts only the time in which this
//! process had a processor, where the system tells it (Linux): on a machine with other things to
//! do it is closer to what a quiet one shows.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark reads a clock"
)]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use commitsim_core::{Factor, NodeId, NodeSet, Patience, Span, Time};
use commitsim_protocol_2pc::{Config, OutcomeForce, Presumption, Termination, TwoPhase};
use commitsim_rng::{Bits, Purpose, Ratio, Seed, Shape, Stream};
use commitsim_sim::{
    Arrivals, Coordinator, Disk, Keep, Link, Luck, Manner, Network, Order, Participants, QueueKind,
    Setup, Topology, Votes, Workload, simulate,
};

const MILLISECOND: u64 = 1_000_000;

fn main() {
    let wanted = std::env::args().find_map(|argument| argument.parse::<u32>().ok());
    let many = wanted.unwrap_or(200_000);
    let serial = Arrivals::Serial;
    let busy = Arrivals::Closed { clients: 64, think: Span::ZERO };
    println!("star, 5 remote participants, messages 1 to 5 ms, presumed nothing, oracle on");
    println!(
        "{:<34} {:>12} {:>12} {:>14} {:>10}",
        "", "messages/s", "events/s", "messages/cpu s", "peak MB"
    );
    bare_loop(many);
    for (queue, name) in [(QueueKind::Lazy, "lazy"), (QueueKind::Keyed, "keyed")] {
        for (arrivals, flight) in [(&serial, "one at a time"), (&busy, "64 in flight")] {
            for (force, disk) in [(0, "force 0"), (200_000, "force 0.2 ms")] {
                measure(&format!("{name}, {flight}, {disk}"), queue, arrivals, force, many);
            }
        }
    }
    if wanted.is_none() {
        measure("lazy, one at a time, a million", QueueKind::Lazy, &serial, 200_000, 1_000_000);
        measure("lazy, 64 in flight, a million", QueueKind::Lazy, &busy, 200_000, 1_000_000);
    }
}

fn measure(name: &str, queue: QueueKind, arrivals: &Arrivals, force: u64, transactions: u32) {
    let chosen = std::env::args().skip(1).find(|word| word.parse::<u32>().is_err());
    if chosen.is_some_and(|word| word != "--bench" && !name.contains(&word)) {
        return;
    }
    let setup = star(arrivals.clone(), force, transactions);
    let second = Span::from_millis(1_000);
    let patience = Patience {
        votes: second,
        decision: second,
        acks: second,
        backoff: Factor::TWO,
        max: Span::from_millis(10_000),
    };
    let config = Config {
        presumption: Presumption::Nothing,
        termination: Termination::None,
        outcome_force: OutcomeForce::Forced,
        coordinator_votes: true,
        patience,
    };
    let manner = Manner { queue, keep: Keep::Totals };
    let (start, worked) = (Instant::now(), processor_seconds());
    let record = simulate::<TwoPhase>(&setup, config, &patience, Seed(7), manner, None);
    let seconds = start.elapsed().as_secs_f64();
    let worked = processor_seconds().zip(worked).map(|(now, before)| now - before);
    assert!(record.violations.is_empty(), "{:?}", record.violations);
    assert_eq!(record.totals.messages, 20 * u64::from(transactions));
    println!(
        "{name:<34} {:>12.0} {:>12.0} {:>14} {:>10}",
        record.totals.delivered as f64 / seconds,
        record.totals.events as f64 / seconds,
        rate(record.totals.delivered, worked),
        peak_megabytes().map_or("?".to_owned(), |peak| peak.to_string()),
    );
}

fn star(arrivals: Arrivals, force: u64, transactions: u32) -> Setup {
    let latency = Shape::uniform(MILLISECOND, 5 * MILLISECOND).expect("1 ms is below 5 ms");
    let link = Link { latency, loss: Ratio::ZERO, duplicate: Ratio::ZERO };
    Setup {
        nodes: 6,
        topology: Topology::Star,
        network: Network { order: Order::Any, usual: link, links: Vec::new() },
        disk: Disk { force: Shape::fixed(force), flush: Span::from_millis(10) },
        work: vec![Shape::fixed(0); 6],
        votes: Votes {
            no: NodeSet::EMPTY,
            read_only: NodeSet::EMPTY,
            never: NodeSet::EMPTY,
            no_rate: Ratio::ZERO,
        },
        workload: Workload {
            keys: None,
            transactions,
            arrivals,
            coordinator: Coordinator::Node(NodeId(0)),
            participants: Participants::All,
        },
        faults: Vec::new(),
        storm: None,
        luck: Luck::default(),
        horizon: Time(u64::MAX),
        event_limit: u64::MAX,
    }
}

/// The same messages in a bare loop over the standard library's heap: no protocol, no log, no
/// oracle. It tells a slow machine from slow code.
fn bare_loop(transactions: u32) {
    let mut draw = Stream::new(Seed(7), Purpose::Latency);
    let mut heap = BinaryHeap::new();
    let (mut sequence, mut delivered) = (0u64, 0u64);
    let (start, worked) = (Instant::now(), processor_seconds());
    for _ in 0..transactions {
        for _ in 0..5 {
            sequence += 1;
            heap.push(Reverse((draw.within(MILLISECOND..=5 * MILLISECOND), sequence, 1u8)));
        }
        while let Some(Reverse((at, _, leg))) = heap.pop() {
            delivered += 1;
            if leg < 4 {
                sequence += 1;
                let next = at + draw.within(MILLISECOND..=5 * MILLISECOND);
                heap.push(Reverse((next, sequence, leg + 1)));
            }
        }
    }
    let all = delivered as f64 / start.elapsed().as_secs_f64();
    let worked = processor_seconds().zip(worked).map(|(now, before)| now - before);
    let own = rate(delivered, worked);
    println!("{:<34} {all:>12.0} {all:>12.0} {own:>14}", "bare loop over a standard heap");
}

fn rate(count: u64, seconds: Option<f64>) -> String {
    seconds.map_or("?".to_owned(), |seconds| format!("{:.0}", count as f64 / seconds))
}

/// For how long this process has had a processor, where the system says so.
fn processor_seconds() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: f64 = status.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// The most memory this process ever held, where the system says so.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

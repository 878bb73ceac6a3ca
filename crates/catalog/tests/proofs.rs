//! Every protocol in small worlds, searched to the end within what it promises; `scripts/prove`
//! does so in larger ones. The numbers of worlds are kept: one that changes is a change of the
//! protocol, of the host or of what a search tells apart.

use commitsim_catalog::{End, Inquiry, Options, abouts, find};
use commitsim_explore::{Alone, Bounds, Quest, Synchrony};
use commitsim_sim::Topology;

/// Searches a protocol without options and returns how many worlds there are, in all of which
/// everything holds.
fn holds(id: &str, nodes: u16, bounds: Bounds, reduced: bool) -> u64 {
    let quest =
        Quest { properties: Vec::new(), recovery: true, reduced, worlds: 300_000, memory: 1 << 30 };
    let (topology, options) = (&Topology::Chain, &Options::default());
    let inquiry = Inquiry { nodes, topology, options, bounds, quest: &quest };
    let protocol = find(id).expect("it is in the catalog");
    let explored = protocol.explore(&inquiry, &Alone, &mut |_| true);
    assert_eq!(explored.end, End::Holds, "{id}: {:#?}", explored.way);
    explored.walk.worlds
}

/// Nothing goes wrong and no alarm goes off, so that whoever agrees commits (AC4) at the price of
/// the formula; nodes may vote NO or read-only.
#[test]
fn undisturbed_every_protocol_commits_at_its_price() {
    let bounds = Bounds { alarms: Some(0), readers: true, ..Bounds::NONE };
    let counts: Vec<(&str, u64)> =
        abouts().iter().map(|about| (about.id, holds(about.id, 3, bounds, true))).collect();
    assert_eq!(counts, UNDISTURBED);
}

/// One crash, and a network that does what it likes.
#[test]
fn every_safe_protocol_bears_a_crash_and_any_losses() {
    let bounds = Bounds { crashes: 1, unreliable: true, ..Bounds::NONE };
    let safe = abouts().into_iter().filter(|about| about.tolerates.loss);
    let counts: Vec<(&str, u64, u64)> = safe
        .map(|about| {
            let id = about.id;
            (id, holds(id, 2, bounds, true), holds(id, 2, bounds, false))
        })
        .collect();
    assert_eq!(counts, UNRELIABLE);
}

/// Three-phase commit takes for granted that patience exceeds every delay.
#[test]
fn three_phase_commit_bears_two_crashes_of_two_nodes() {
    let bounds = Bounds { crashes: 2, synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };
    assert_eq!(holds("3pc", 2, bounds, true), 0);
}

const UNDISTURBED: [(&str, u64); 1] = [("", 0)];

const UNRELIABLE: [(&str, u64, u64); 1] = [("", 0, 0)];

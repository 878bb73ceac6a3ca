//! Every protocol in small worlds, searched to the end within what it promises; `scripts/prove`
//! does so in larger ones. The numbers of worlds are kept: one that changes is a change of the
//! protocol, of the host or of what a search tells apart.

use commitsim_catalog::{End, Inquiry, Options, abouts, find};
use commitsim_explore::{Alone, Bounds, Quest, Synchrony};
use commitsim_sim::Topology;

/// Searches a protocol without options and returns how many worlds there are, in all of which
/// everything holds.
fn holds(id: &str, nodes: u16, bounds: Bounds) -> u64 {
    let (end, worlds) = search(id, nodes, bounds, true, 300_000);
    assert_eq!(end, End::Holds, "{id}");
    worlds
}

fn search(id: &str, nodes: u16, bounds: Bounds, reduced: bool, most: u64) -> (End, u64) {
    let quest =
        Quest { properties: Vec::new(), recovery: true, reduced, worlds: most, memory: 1 << 30 };
    let (topology, options) = (&Topology::Chain, &Options::default());
    let inquiry = Inquiry { nodes, topology, options, bounds, quest: &quest };
    let protocol = find(id).expect("it is in the catalog");
    let explored = protocol.explore(&inquiry, &Alone, &mut |_| true);
    (explored.end, explored.walk.worlds)
}

/// Nothing goes wrong and no alarm goes off, so that whoever agrees commits (AC4) at the price of
/// the formula; nodes may vote NO or read-only.
#[test]
fn undisturbed_every_protocol_commits_at_its_price() {
    let bounds = Bounds { alarms: Some(0), readers: true, ..Bounds::NONE };
    let counts: Vec<(&str, u64)> =
        abouts().iter().map(|about| (about.id, holds(about.id, 3, bounds))).collect();
    assert_eq!(counts, UNDISTURBED);
}

/// One crash, and a network that does what it likes. Where a search that leaves nothing out comes
/// to an end as well, it says the same of more worlds.
#[test]
fn every_safe_protocol_bears_a_crash_and_any_losses() {
    let bounds = Bounds { crashes: 1, unreliable: true, ..Bounds::NONE };
    let safe = abouts().into_iter().filter(|about| about.tolerates.loss);
    let counts: Vec<(&str, u64)> =
        safe.map(|about| (about.id, holds(about.id, 2, bounds))).collect();
    assert_eq!(counts, UNRELIABLE);
    let mut compared = 0;
    for (id, some) in counts {
        let (end, all) = search(id, 2, bounds, false, 8_000);
        assert!(matches!(end, End::Holds | End::Unfinished), "{id}: {end:?}");
        assert!(some <= all || end == End::Unfinished, "{id}: {some} of {all}");
        compared += u32::from(end == End::Holds);
    }
    assert!(compared > 2, "only {compared} full searches came to their end");
}

/// Three-phase commit takes for granted that patience exceeds every delay.
#[test]
fn three_phase_commit_bears_two_crashes_of_two_nodes() {
    let bounds = Bounds { crashes: 2, synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };
    assert_eq!(holds("3pc", 2, bounds), 4_260);
}

const UNDISTURBED: [(&str, u64); 13] = [
    ("2pc", 541),
    ("2pc-pra", 541),
    ("2pc-prc", 523),
    ("2pc-linear", 298),
    ("2pc-decentralized", 19_700),
    ("2pc-watchdog-naive", 541),
    ("2pc-watchdog", 542),
    ("2pc-backup", 562),
    ("t2pc", 425),
    ("d2pc", 7_241),
    ("p2pc", 28_297),
    ("3pc-naive", 590),
    ("3pc", 590),
];

const UNRELIABLE: [(&str, u64); 10] = [
    ("2pc", 1_269),
    ("2pc-pra", 563),
    ("2pc-prc", 1_011),
    ("2pc-linear", 309),
    ("2pc-decentralized", 441),
    ("2pc-watchdog", 4_561),
    ("2pc-backup", 6_864),
    ("t2pc", 524),
    ("d2pc", 906),
    ("p2pc", 1_239),
];

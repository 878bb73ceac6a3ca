//! What a search finds, the simulator finds too when it goes the same way.

mod stage;

use commitsim_catalog::{Enactment, End, Explored, Inquiry, Job, Options, abouts, find};
use commitsim_core::About;
use commitsim_explore::{Alone, Bounds, Quest, Synchrony};
use commitsim_rng::Seed;
use commitsim_sim::{Manner, QueueKind, RunRecord, Setup, Topology};
use commitsim_spec::Property;
use stage::{USUAL, scenario};

const MESSAGES_FIRST: Bounds = Bounds { synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };

/// The first thing that a search for `property` finds.
fn found(id: &str, nodes: u16, bounds: Bounds, property: Property) -> Explored {
    let recovery = property == Property::Ac5;
    let quest = Quest {
        properties: vec![property],
        recovery,
        worlds: 3_000_000,
        reduced: true,
        memory: 4 << 30,
    };
    let topology = Topology::Chain;
    let inquiry =
        Inquiry { nodes, topology: &topology, options: &Options::default(), bounds, quest: &quest };
    let explored = find(id).unwrap().explore(&inquiry, &Alone, &mut |_| true);
    assert!(matches!(explored.end, End::Broken(_) | End::Stuck(_)), "{id}: {:?}", explored.end);
    explored
}

fn about(id: &str) -> &'static About {
    abouts().into_iter().find(|about| about.id == id).unwrap()
}

fn setup(id: &str, nodes: u16, explored: &Explored) -> Setup {
    let base = scenario(&format!("\"{id}\""), &format!(r#""nodes": {nodes}, "topology": "chain""#));
    Enactment::new(&explored.timetable, about(id)).within(base.setup)
}

fn run(id: &str, setup: &Setup, manner: Manner) -> RunRecord {
    let patience = scenario("\"2pc\"", "").patience;
    let job = Job { setup, patience, options: &Options::default(), seed: Seed(0), manner };
    find(id).unwrap().simulate(&job, None)
}

/// The simulator goes the way of the search, and breaks the same property on either queue.
fn reproduces(id: &str, nodes: u16, bounds: Bounds, property: Property) {
    let explored = found(id, nodes, bounds, property);
    let setup = setup(id, nodes, &explored);
    let record = run(id, &setup, USUAL);
    let broken: Vec<Property> = record.violations.iter().map(|v| v.property).collect();
    assert!(broken.contains(&property), "{id}: {broken:?}, {:#?}\n{setup:#?}", explored.way);
    assert_eq!(record.idle_faults, [], "{id}: {:#?}\n{:#?}", explored.way, setup.faults);
    assert_eq!(run(id, &setup, Manner { queue: QueueKind::Keyed, ..USUAL }), record);
}

#[test]
fn v11_naive_three_phase_commit_is_split_by_one_crash() {
    reproduces("3pc-naive", 3, Bounds { crashes: 1, ..MESSAGES_FIRST }, Property::Ac1);
}

#[test]
fn v12_three_phase_commit_is_split_by_a_partition() {
    reproduces("3pc", 3, Bounds { partitions: 1, ..MESSAGES_FIRST }, Property::Ac1);
}

#[test]
fn three_phase_commit_is_split_by_late_messages_alone() {
    reproduces("3pc", 2, Bounds::NONE, Property::Ac1);
}

#[test]
fn v18_the_naive_watchdog_splits_two_phase_commit() {
    reproduces("2pc-watchdog-naive", 2, Bounds { crashes: 1, ..Bounds::NONE }, Property::Ac1);
}

/// Messages that arrive twice, and others that never do.
#[test]
fn what_an_unreliable_network_splits_is_split_by_the_simulator() {
    let unreliable = |crashes| Bounds { crashes, unreliable: true, ..Bounds::NONE };
    reproduces("2pc-watchdog-naive", 2, unreliable(0), Property::Ac1);
    reproduces("3pc", 2, unreliable(0), Property::Ac1);
    reproduces("3pc-naive", 2, unreliable(1), Property::Ac1);
}

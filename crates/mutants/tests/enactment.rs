//! What a search finds of a mutant, the simulator finds too when it goes the same way.

use commitsim_catalog::{Enactment, End, Explored, Inquiry, Options, Runnable};
use commitsim_explore::{Alone, Bounds, Quest};
use commitsim_mutants::{Mutant, all};
use commitsim_sim::Topology;

use crate::bench::{broken, run, scenario_for};

/// Small worlds, the smallest first: nodes, crashes, losses, duplicates.
const WORLDS: [(u16, u8, u8, u8); 6] =
    [(2, 0, 0, 0), (2, 1, 0, 0), (2, 0, 1, 0), (2, 0, 0, 1), (3, 0, 0, 0), (3, 1, 0, 0)];

/// The first small world in which the mutant's property is broken.
fn found(mutant: &Mutant) -> Option<(u16, Explored)> {
    let properties = vec![mutant.property];
    let quest =
        Quest { properties, recovery: true, worlds: 200_000, reduced: true, memory: 4 << 30 };
    WORLDS.iter().find_map(|&(nodes, crashes, losses, duplicates)| {
        let bounds = Bounds { crashes, losses, duplicates, ..Bounds::NONE };
        let (topology, options) = (&Topology::Star, &Options::default());
        let inquiry = Inquiry { nodes, topology, options, bounds, quest: &quest };
        let explored = mutant.explore(&inquiry, &Alone, &mut |_| true);
        let is_found = !matches!(explored.end, End::Holds | End::Unfinished);
        is_found.then_some((nodes, explored))
    })
}

#[test]
fn the_simulator_goes_the_way_of_the_search() {
    let (mut reproduced, mut missed) = (0, Vec::new());
    for mutant in all() {
        let Some((nodes, explored)) = found(mutant) else { continue };
        let mut scenario = scenario_for(mutant, &format!(r#""nodes": {nodes}"#));
        let enactment = Enactment::new(&explored.timetable, mutant.about());
        scenario.setup = enactment.within(scenario.setup);
        let record = run(mutant, &scenario, 0, None);
        if broken(&record).contains(&mutant.property) {
            reproduced += 1;
        } else {
            println!("{}: {:?} {:?}", mutant.about.id, explored.end, broken(&record));
            missed.push(mutant.about.id);
        }
    }
    assert_eq!(missed, [""; 0]);
    assert!(reproduced > 15, "only {reproduced} mutants were found at all");
}

//! What hunts find, and what becomes of it.

use commitsim_catalog::{Options, Runnable, find};
use commitsim_hunt::{Budget, Case, Family, Kind, Look, Shape, Shrunk, Swarm, shrink};
use commitsim_rng::Seed;
use commitsim_scenario::{Overrides, Scenario, read};
use commitsim_spec::Property;

fn scenario(protocol: &str, keys: &str) -> Scenario {
    let text = format!(r#"{{"format": "commitsim/1", "protocols": ["{protocol}"]{keys}}}"#);
    let known = commitsim_catalog::abouts();
    read("test", text.as_bytes(), &known, &Overrides::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// A hunt through one protocol.
struct Hunt {
    runnable: &'static dyn Runnable,
    scenario: Scenario,
    options: Options,
    swarm: Swarm,
}

impl Hunt {
    fn new(protocol: &str, keys: &str, families: &[Family]) -> Hunt {
        let (runnable, scenario) = (find(protocol).unwrap(), scenario(protocol, keys));
        let options = Options::default();
        let (setup, patience) = (&scenario.setup, scenario.patience);
        let swarm = Swarm::new(runnable, &options, setup, patience, families.to_vec());
        Hunt { runnable, scenario, options, swarm }
    }

    fn look(&self, seed: u64) -> Look {
        Look::at(self.runnable, &self.swarm, self.scenario.patience, &self.options, Seed(seed))
    }

    fn case(&self, seed: u64) -> Case {
        let seed = Seed(seed);
        Case::new(self.swarm.draw(seed), self.scenario.patience, self.options.clone(), seed)
    }

    /// The first case among so many seeds that breaks `property`, made small.
    fn found(&self, property: Property, most: u64) -> (u64, Shrunk) {
        let breaks =
            |seed: &u64| self.look(*seed).violations.iter().any(|v| v.property == property);
        let seed = (0..most).find(breaks).expect("it is found");
        let budget = Budget::default();
        let mut before = None;
        let mut tell = |best: &Shrunk| {
            assert!(before.as_ref() != Some(&best.case), "the same case twice");
            before = Some(best.case.clone());
            true
        };
        let shrunk = shrink(self.runnable, self.case(seed), property, budget, &mut tell);
        (seed, shrunk.expect("it breaks the property"))
    }
}

const ALL: [Family; 17] = {
    let mut all = [Family::Crash; 17];
    let mut n = 0;
    while n < 17 {
        all[n] = Family::ALL[n].1;
        n += 1;
    }
    all
};

const FIVE: &str = r#", "nodes": 5, "network": {"latency": {"uniform": ["1ms", "4ms"]}},
    "workload": {"transactions": 4, "arrivals": {"every": "20ms"}}"#;

fn small(protocol: &str, families: &[Family]) -> Shrunk {
    let hunt = Hunt::new(protocol, FIVE, families);
    let (seed, shrunk) = hunt.found(Property::Ac1, 3_000);
    let setup = &shrunk.case.setup;
    println!("{protocol}: seed {seed}, {} runs: {:?}", shrunk.runs, setup);
    assert!(setup.faults.len() <= 3, "{:?}", setup.faults);
    assert!(setup.nodes <= 4 && setup.workload.transactions == 1, "{setup:?}");
    assert!(shrunk.runs < 5_000, "{} runs", shrunk.runs);
    let again = shrunk.case.breaks(hunt.runnable, Property::Ac1);
    assert_eq!(again.as_ref(), Some(&shrunk.found));
    shrunk
}

#[test]
fn naive_three_phase_commit_is_found_and_made_small() {
    small("3pc-naive", &ALL);
}

#[test]
fn the_naive_watchdog_is_found_and_made_small() {
    small("2pc-watchdog-naive", &ALL);
}

#[test]
fn three_phase_commit_is_found_and_made_small_under_partition() {
    let shrunk = small("3pc", &[Family::Partition, Family::Cut]);
    let tolerates = find("3pc").unwrap().about().tolerates;
    assert_eq!(Kind::outside(&shrunk.case.setup, tolerates), [Kind::Partitions]);
}

#[test]
fn nothing_is_found_within_what_is_promised() {
    for runnable in commitsim_catalog::all() {
        let about = runnable.about();
        if !about.tolerates.crashes {
            continue;
        }
        let hunt = Hunt::new(about.id, FIVE, &Family::promised(about.tolerates));
        for seed in 0..150 {
            let look = hunt.look(seed);
            assert_eq!(look.violations, [], "{} with seed {seed}", about.id);
        }
    }
}

/// The same seed is the same case, whatever was drawn before; and no two families share luck.
#[test]
fn a_seed_is_one_case() {
    let hunt = Hunt::new("2pc", FIVE, &ALL);
    let first = hunt.case(7);
    hunt.look(3);
    assert_eq!(hunt.case(7), first);
    assert_ne!(hunt.case(8), first);
    assert_eq!(hunt.look(7), hunt.look(7));
}

#[test]
fn every_family_strikes() {
    for (name, family) in Family::ALL {
        let hunt = Hunt::new("2pc", FIVE, &[family]);
        let struck = (0..60).filter(|seed| hunt.look(*seed).tally.struck == 1).count();
        // Votes are no fault, and the dead of `permanent` are counted as such.
        assert!(struck >= 10 || family == Family::Votes, "{name} struck in {struck} of 60 runs");
    }
}

#[test]
fn a_budget_is_kept_and_a_stop_is_heard() {
    let hunt = Hunt::new("3pc-naive", FIVE, &ALL);
    let (seed, whole) = hunt.found(Property::Ac1, 3_000);
    let shrink = |runs, tell: &mut dyn FnMut(&Shrunk) -> bool| {
        let budget = Budget { runs, worlds: 0 };
        shrink(hunt.runnable, hunt.case(seed), Property::Ac1, budget, tell).unwrap()
    };
    let poor = shrink(10, &mut |_| true);
    assert!(poor.runs <= 12 && whole.runs > 12);
    let mut told = 0;
    let stopped = shrink(u64::MAX, &mut |_| {
        told += 1;
        told < 2
    });
    assert_eq!(told, 2);
    assert!(stopped.case.breaks(hunt.runnable, Property::Ac1).is_some());
}

#[test]
fn a_case_that_breaks_nothing_cannot_be_shrunk() {
    let hunt = Hunt::new("2pc", "", &[Family::Duplicate]);
    let shrunk =
        shrink(hunt.runnable, hunt.case(1), Property::Ac1, Budget::default(), &mut |_| true);
    assert_eq!(shrunk, None);
}

#[test]
fn findings_of_one_shape_are_one() {
    let first = small("3pc-naive", &[Family::Crash]);
    let hunt = Hunt::new("3pc-naive", ", \"nodes\": 4", &[Family::Crash]);
    let (_, second) = hunt.found(Property::Ac1, 3_000);
    let shape = |shrunk: &Shrunk| Shape::of(&shrunk.case, &shrunk.found.violation);
    assert_eq!(shape(&first), shape(&second));
}

//! The wrapper for mistakes in any protocol: without a mistake it makes no difference, and with
//! one it makes the same difference as the wrapper that knows two-phase commit.

use commitsim_catalog::{Options, Runnable};
use commitsim_core::{Cx, Effects, Patience, Protocol};
use commitsim_mutants::{Event, Haste, Mistake, Plant, Planted, PlantedConfig, find};
use commitsim_protocol_2pc::{
    ABOUT, Config, Message, OutcomeForce, Presumption, Record, Termination, Timer, TwoPhase,
};
use commitsim_rng::Seed;
use commitsim_sim::simulate;
use commitsim_spec::Property;

use crate::bench::{MANNER, run, run_correct, scenario};

/// Rows 2 and 10 of reliability.md 9 once more.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Slip {
    VotesFromMemory,
    AbortsInDoubt,
}

impl Mistake<TwoPhase> for Slip {
    fn haste(self, cx: &Cx<'_, TwoPhase>, record: &Record) -> Option<Haste> {
        let vote = *record == Record::Prepared && cx.me != cx.cast.root;
        (self == Slip::VotesFromMemory && vote).then_some(Haste::Written)
    }

    fn event(
        self,
        cx: &Cx<'_, TwoPhase>,
        machine: &mut TwoPhase,
        event: &Event<TwoPhase>,
        fx: &mut Effects<TwoPhase>,
    ) -> bool {
        let hit = self == Slip::AbortsInDoubt && *event == Event::Timer(Timer::DecisionDue);
        if hit {
            machine.on_message(cx, cx.cast.root, Message::Abort, fx);
        }
        hit
    }
}

fn config(_: &Options, patience: Patience) -> Config {
    Config {
        presumption: Presumption::Nothing,
        termination: Termination::None,
        outcome_force: OutcomeForce::Forced,
        coordinator_votes: true,
        patience,
    }
}

const STORMY: &str = r#""nodes": 4, "workload": {"transactions": 8, "arrivals": {"every": "20ms"}},
    "patience": {"votes": "20ms", "decision": "20ms", "acks": "20ms", "max": "200ms"},
    "storm": {"until": "300ms"}"#;

#[test]
fn without_a_mistake_the_wrapper_makes_no_difference() {
    let stormy = scenario("\"2pc\"", STORMY);
    for seed in 0..50 {
        let config =
            PlantedConfig { protocol: config(&Options::default(), stormy.patience), mistake: None };
        let (setup, patience) = (&stormy.setup, &stormy.patience);
        let wrapped =
            simulate::<Planted<TwoPhase, Slip>>(setup, config, patience, Seed(seed), MANNER, None);
        assert_eq!(wrapped.trace_hash, run_correct(&stormy, seed).trace_hash);
    }
}

#[test]
fn a_mistake_makes_the_difference_that_it_is() {
    let stormy = scenario("\"2pc\"", STORMY);
    for (mistake, known) in
        [(Slip::VotesFromMemory, "lazy-prepared"), (Slip::AbortsInDoubt, "impatient")]
    {
        let plant: Plant<TwoPhase, Slip> = Plant {
            name: known,
            title: "",
            source: "",
            property: Property::Ac1,
            original: &ABOUT[0],
            mistake,
            config,
        };
        assert_eq!(plant.about().id, "2pc");
        let known = find(known).expect("it is in the table");
        let mut objections = 0;
        for seed in 0..50 {
            let (one, other) = (run(&plant, &stormy, seed, None), run(known, &stormy, seed, None));
            assert_eq!(one.trace_hash, other.trace_hash);
            objections += one.violations.len();
        }
        assert!(objections > 0, "{mistake:?} was never seen");
    }
}

//! What can be broken in dynamic two-phase commit.

use commitsim_catalog::Options;
use commitsim_core::{Cx, Effect, Effects, Gone, NodeId, Patience, Protocol};
use commitsim_protocol_d2pc::{
    ABOUT, Config, DynamicTwoPhase, Message, OutcomeForce, Record, Timer,
};
use commitsim_spec::Property;

use crate::bug::Haste;
use crate::planted::{Event, Mistake, Plant};

/// One mistake in dynamic two-phase commit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RaceSlip {
    /// A node that has said READY aborts when its patience runs out.
    AbortsInDoubt,
    /// The coordinator announces COMMIT with its only record still in memory.
    CommitsFromMemory,
    /// A node acknowledges while its record is still on the way to disk.
    AcknowledgesTooSoon,
    /// A node that has forgotten answers ABORT to whatever it is asked.
    PresumesForStrangers,
    /// The coordinator forgets when it has said COMMIT.
    ForgetsAtOnce,
    /// A node has no patience for votes.
    WaitsForVotes,
}

impl Mistake<DynamicTwoPhase> for RaceSlip {
    fn haste(self, _: &Cx<'_, DynamicTwoPhase>, record: &Record) -> Option<Haste> {
        match (self, record) {
            (RaceSlip::CommitsFromMemory, Record::Committed(None)) => Some(Haste::Written),
            (RaceSlip::AcknowledgesTooSoon, Record::Committed(Some(_))) => Some(Haste::Forced),
            _ => None,
        }
    }

    fn event(
        self,
        cx: &Cx<'_, DynamicTwoPhase>,
        machine: &mut DynamicTwoPhase,
        event: &Event<DynamicTwoPhase>,
        fx: &mut Effects<DynamicTwoPhase>,
    ) -> bool {
        let gives_up =
            self == RaceSlip::AbortsInDoubt && *event == Event::Timer(Timer::DecisionDue);
        if gives_up {
            machine.on_message(cx, cx.me, Message::Abort, fx);
        }
        gives_up
    }

    fn effect(
        self,
        _: &Cx<'_, DynamicTwoPhase>,
        machine: &DynamicTwoPhase,
        effect: Effect<DynamicTwoPhase>,
    ) -> Option<Effect<DynamicTwoPhase>> {
        let waits =
            matches!(machine, DynamicTwoPhase::Committed { silent, .. } if !silent.is_empty());
        match (self, &effect) {
            (RaceSlip::ForgetsAtOnce, Effect::Arm(Timer::AcksDue, _)) if waits => {
                Some(Effect::Forget)
            }
            (RaceSlip::WaitsForVotes, Effect::Arm(Timer::VotesDue, _)) => None,
            _ => Some(effect),
        }
    }

    fn afterwards(
        self,
        _: &Cx<'_, DynamicTwoPhase>,
        _: Gone,
        from: NodeId,
        message: &Message,
        fx: &mut Effects<DynamicTwoPhase>,
    ) -> bool {
        let presumes = self == RaceSlip::PresumesForStrangers && *message == Message::Inquire;
        if presumes {
            fx.send(from, Message::Abort);
        }
        presumes
    }
}

const fn plant(
    name: &'static str,
    title: &'static str,
    source: &'static str,
    property: Property,
    mistake: RaceSlip,
) -> Plant<DynamicTwoPhase, RaceSlip> {
    Plant { name, title, source, property, original: &ABOUT, mistake, config }
}

fn config(options: &Options, patience: Patience) -> Config {
    let lazy = options.is("outcome_force", "lazy");
    Config { outcome_force: if lazy { OutcomeForce::Lazy } else { OutcomeForce::Forced }, patience }
}

/// All of them.
pub const D2PC: [Plant<DynamicTwoPhase, RaceSlip>; 6] = [
    plant(
        "d2pc-impatient",
        "aborts in doubt when its patience runs out",
        "protocols.md V8",
        Property::Ac1,
        RaceSlip::AbortsInDoubt,
    ),
    plant(
        "d2pc-lazy-commit",
        "the coordinator announces COMMIT before its record is on disk",
        "protocols.md 6 rule 2; V1, V9",
        Property::Ac1,
        RaceSlip::CommitsFromMemory,
    ),
    plant(
        "d2pc-eager-ack",
        "acknowledges before its record is on disk",
        "protocols.md 6 rule 4; trait-check.md 5",
        Property::Ac2,
        RaceSlip::AcknowledgesTooSoon,
    ),
    plant(
        "d2pc-presumes-for-strangers",
        "answers any question ABORT when it has forgotten",
        "protocols.md V10",
        Property::Ac1,
        RaceSlip::PresumesForStrangers,
    ),
    plant(
        "d2pc-forgets",
        "the coordinator forgets before it is acknowledged",
        "protocols.md V3",
        Property::Ac1,
        RaceSlip::ForgetsAtOnce,
    ),
    plant(
        "d2pc-no-alarm",
        "has no alarm while it waits for votes",
        "trait-check.md 4 G21",
        Property::Ac5,
        RaceSlip::WaitsForVotes,
    ),
];

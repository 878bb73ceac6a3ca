//! What can be broken in peer-to-peer commit.

use commitsim_catalog::Options;
use commitsim_core::{Cx, Effect, Effects, Gone, NodeId, Patience, Protocol};
use commitsim_protocol_p2pc::{
    ABOUT, Config, Message, OutcomeForce, PeerToPeer, Record, Timer, VoteForce,
};
use commitsim_spec::Property;

use crate::bug::Haste;
use crate::planted::{Event, Mistake, Plant};

/// One mistake in peer-to-peer commit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PeerSlip {
    /// A node that has said READY aborts when its patience runs out.
    AbortsInDoubt,
    /// The last to know says READY with its only record still in memory.
    CommitsFromMemory,
    /// A node says COMMITTED while its record is still on the way to disk.
    SettlesTooSoon,
    /// A node that has forgotten tells strangers what it tells neighbours.
    PresumesForStrangers,
    /// A node whose vote is on disk refuses from memory.
    RefusesFromMemory,
    /// A node forgets when it has said COMMITTED.
    ForgetsAtOnce,
    /// A node has no patience for votes.
    WaitsForVotes,
}

impl Mistake<PeerToPeer> for PeerSlip {
    fn haste(self, _: &Cx<'_, PeerToPeer>, record: &Record) -> Option<Haste> {
        match (self, record) {
            (PeerSlip::CommitsFromMemory, Record::Committed)
            | (PeerSlip::RefusesFromMemory, Record::Aborted) => Some(Haste::Written),
            (PeerSlip::SettlesTooSoon, Record::Committed) => Some(Haste::Forced),
            _ => None,
        }
    }

    fn event(
        self,
        cx: &Cx<'_, PeerToPeer>,
        machine: &mut PeerToPeer,
        event: &Event<PeerToPeer>,
        fx: &mut Effects<PeerToPeer>,
    ) -> bool {
        let gives_up =
            self == PeerSlip::AbortsInDoubt && *event == Event::Timer(Timer::DecisionDue);
        if gives_up {
            machine.on_message(cx, cx.me, Message::Abort, fx);
        }
        gives_up
    }

    fn effect(
        self,
        _: &Cx<'_, PeerToPeer>,
        machine: &PeerToPeer,
        effect: Effect<PeerToPeer>,
    ) -> Option<Effect<PeerToPeer>> {
        let waits = matches!(machine, PeerToPeer::Committed { silent, .. } if !silent.is_empty());
        match (self, &effect) {
            (PeerSlip::ForgetsAtOnce, Effect::Arm(Timer::AcksDue, _)) if waits => {
                Some(Effect::Forget)
            }
            (PeerSlip::WaitsForVotes, Effect::Arm(Timer::VotesDue, _)) => None,
            _ => Some(effect),
        }
    }

    fn afterwards(
        self,
        _: &Cx<'_, PeerToPeer>,
        _: Gone,
        from: NodeId,
        message: &Message,
        fx: &mut Effects<PeerToPeer>,
    ) -> bool {
        let presumes = self == PeerSlip::PresumesForStrangers && *message == Message::Inquire;
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
    mistake: PeerSlip,
) -> Plant<PeerToPeer, PeerSlip> {
    Plant { name, title, source, property, original: &ABOUT, mistake, config }
}

fn config(options: &Options, patience: Patience) -> Config {
    let early = options.is("vote_force", "early");
    let lazy = options.is("outcome_force", "lazy");
    Config {
        vote_force: if early { VoteForce::Early } else { VoteForce::Late },
        outcome_force: if lazy { OutcomeForce::Lazy } else { OutcomeForce::Forced },
        patience,
    }
}

/// All of them.
pub const P2PC: [Plant<PeerToPeer, PeerSlip>; 7] = [
    plant(
        "p2pc-impatient",
        "aborts in doubt when its patience runs out",
        "protocols.md V8",
        Property::Ac1,
        PeerSlip::AbortsInDoubt,
    ),
    plant(
        "p2pc-lazy-commit",
        "the last to know says READY before its only record is on disk",
        "protocols.md V9",
        Property::Ac2,
        PeerSlip::CommitsFromMemory,
    ),
    plant(
        "p2pc-eager-farewell",
        "says COMMITTED before its record is on disk",
        "protocols.md 7.2 G10",
        Property::Ac2,
        PeerSlip::SettlesTooSoon,
    ),
    plant(
        "p2pc-presumes-for-strangers",
        "presumes abort towards strangers, as if they were neighbours",
        "protocols.md V10",
        Property::Ac1,
        PeerSlip::PresumesForStrangers,
    ),
    plant(
        "p2pc-lazy-refusal",
        "refuses from memory with its vote on disk",
        "protocols.md V23",
        Property::Ac2,
        PeerSlip::RefusesFromMemory,
    ),
    plant(
        "p2pc-forgets",
        "forgets before its neighbours have the outcome on disk",
        "protocols.md 7.2 G8, G10",
        Property::Ac1,
        PeerSlip::ForgetsAtOnce,
    ),
    plant(
        "p2pc-no-alarm",
        "has no alarm while it waits for votes",
        "trait-check.md 4 G21",
        Property::Ac5,
        PeerSlip::WaitsForVotes,
    ),
];

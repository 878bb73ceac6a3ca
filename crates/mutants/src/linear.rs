//! Mistakes in linear two-phase commit.

use commitsim_core::{Cx, Effects, Gone, NodeId, Protocol};
use commitsim_protocol_linear::{ABOUT, Config, Linear, Message, Record, Timer};
use commitsim_spec::Property;

use crate::{Event, Haste, Mistake, Plant};

/// One mistake in linear two-phase commit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LinearMistake {
    /// The last node writes its commit record lazily and sends COMMIT at once (V1).
    CommitsFromMemory,
    /// A node writes its vote lazily and says YES at once (V2).
    VotesFromMemory,
    /// A node in doubt aborts when its patience runs out.
    AbortsInDoubt,
    /// The last node forgets as soon as COMMIT is out (V3).
    ForgetsAtOnce,
    /// A node passes the ACK on while its own record is on the way to disk.
    AcknowledgesTooSoon,
    /// A node that has forgotten says ABORT to its right as well (the trap of 2.4, V4).
    PresumesToTheRight,
}

use LinearMistake::{
    AbortsInDoubt, AcknowledgesTooSoon, CommitsFromMemory, ForgetsAtOnce, PresumesToTheRight,
    VotesFromMemory,
};

impl Mistake<Linear> for LinearMistake {
    fn haste(self, cx: &Cx<'_, Linear>, record: &Record) -> Option<Haste> {
        let last = cx.cast.children().is_empty();
        match (self, record) {
            (CommitsFromMemory, Record::Committed) if last => Some(Haste::Written),
            (VotesFromMemory, Record::Prepared) => Some(Haste::Written),
            (AcknowledgesTooSoon, Record::Committed) if !last => Some(Haste::Forced),
            _ => None,
        }
    }

    fn event(
        self,
        cx: &Cx<'_, Linear>,
        machine: &mut Linear,
        event: &Event<Linear>,
        fx: &mut Effects<Linear>,
    ) -> bool {
        match (self, &*machine, event) {
            (AbortsInDoubt, Linear::Prepared(_), Event::Timer(Timer::DecisionDue)) => {
                machine.on_message(cx, cx.me, Message::Abort, fx);
                true
            }
            (ForgetsAtOnce, Linear::Deciding, Event::Durable(record)) => {
                machine.on_durable(cx, record, fx);
                if let Some(left) = cx.cast.parent {
                    machine.on_message(cx, left, Message::Ack, fx);
                }
                true
            }
            _ => false,
        }
    }

    fn afterwards(
        self,
        _: &Cx<'_, Linear>,
        gone: Gone,
        from: NodeId,
        message: &Message,
        fx: &mut Effects<Linear>,
    ) -> bool {
        let asked = gone == Gone::Forgotten && *message == Message::Inquire;
        let hit = self == PresumesToTheRight && asked;
        if hit {
            fx.send(from, Message::Abort);
        }
        hit
    }
}

/// Linear two-phase commit with each of the mistakes.
pub static LINEAR: [Plant<Linear, LinearMistake>; 6] = [
    plant(CommitsFromMemory, "linear-lazy-commit", "the decision is not forced", Property::Ac2),
    plant(VotesFromMemory, "linear-lazy-prepared", "votes are not forced", Property::Ac1),
    plant(AbortsInDoubt, "linear-impatient", "who is in doubt aborts in the end", Property::Ac1),
    plant(
        ForgetsAtOnce,
        "linear-forgetful",
        "the decider does not wait for the ACK",
        Property::Ac1,
    ),
    plant(
        AcknowledgesTooSoon,
        "linear-eager-ack",
        "an ACK is passed on before the own record lasts",
        Property::Ac2,
    ),
    plant(
        PresumesToTheRight,
        "linear-presumes-to-the-right",
        "who has forgotten says abort to everybody",
        Property::Ac2,
    ),
];

const fn plant(
    mistake: LinearMistake,
    name: &'static str,
    title: &'static str,
    property: Property,
) -> Plant<Linear, LinearMistake> {
    Plant {
        name,
        title,
        source: "protocols.md 4.1, 13.1",
        property,
        original: &ABOUT,
        mistake,
        config: |_, patience| Config { patience },
    }
}

//! Mistakes in decentralized two-phase commit.

use commitsim_core::{Cx, Effects, NodeId, Protocol};
use commitsim_protocol_decentralized::{ABOUT, Config, Decentralized, Message, Record, Timer};
use commitsim_spec::Property;

use crate::{Event, Haste, Mistake, Plant};

/// One mistake in decentralized two-phase commit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DecentralizedMistake {
    /// A node writes its vote lazily and says YES at once (V2).
    VotesFromMemory,
    /// A node in doubt aborts when its patience runs out.
    AbortsInDoubt,
    /// A node forgets when it has said DONE (V3).
    ForgetsAtOnce,
    /// A node says DONE while its record is on the way to disk.
    DoneTooSoon,
    /// A node counts YES votes instead of the nodes that cast them.
    CountsVotes,
}

use DecentralizedMistake::{
    AbortsInDoubt, CountsVotes, DoneTooSoon, ForgetsAtOnce, VotesFromMemory,
};

impl Mistake<Decentralized> for DecentralizedMistake {
    fn haste(self, _: &Cx<'_, Decentralized>, record: &Record) -> Option<Haste> {
        match (self, record) {
            (VotesFromMemory, Record::Prepared) => Some(Haste::Written),
            (DoneTooSoon, Record::Committed) => Some(Haste::Forced),
            _ => None,
        }
    }

    fn event(
        self,
        cx: &Cx<'_, Decentralized>,
        machine: &mut Decentralized,
        event: &Event<Decentralized>,
        fx: &mut Effects<Decentralized>,
    ) -> bool {
        match (self, &mut *machine, event) {
            (AbortsInDoubt, Decentralized::Prepared(..), Event::Timer(Timer::DecisionDue)) => {
                machine.on_message(cx, cx.me, Message::Abort, fx);
                true
            }
            (ForgetsAtOnce, Decentralized::Finishing(_), Event::Durable(record)) => {
                machine.on_durable(cx, record, fx);
                // Whom it still waited for may have said DONE already.
                if !fx.forgets() {
                    fx.forget();
                }
                true
            }
            (
                CountsVotes,
                Decentralized::Preparing(missing) | Decentralized::Prepared(missing, _),
                Event::Message(from, Message::Yes(_)),
            ) if !missing.contains(*from) => {
                let somebody: Option<NodeId> = missing.iter().find(|node| *node != cx.me);
                if let Some(somebody) = somebody {
                    missing.remove(somebody);
                }
                false
            }
            _ => false,
        }
    }
}

/// Decentralized two-phase commit with each of the mistakes.
pub static DECENTRALIZED: [Plant<Decentralized, DecentralizedMistake>; 5] = [
    plant(VotesFromMemory, "decentralized-lazy-prepared", "votes are not forced", Property::Ac1),
    plant(
        AbortsInDoubt,
        "decentralized-impatient",
        "who is in doubt aborts in the end",
        Property::Ac1,
    ),
    plant(ForgetsAtOnce, "decentralized-forgetful", "nobody waits for DONE", Property::Ac1),
    plant(
        DoneTooSoon,
        "decentralized-eager-done",
        "DONE is said before the own record lasts",
        Property::Ac2,
    ),
    plant(CountsVotes, "decentralized-counts-votes", "a vote counts twice", Property::Ac3),
];

const fn plant(
    mistake: DecentralizedMistake,
    name: &'static str,
    title: &'static str,
    property: Property,
) -> Plant<Decentralized, DecentralizedMistake> {
    Plant {
        name,
        title,
        source: "protocols.md 4.3, 13.1",
        property,
        original: &ABOUT,
        mistake,
        config: |_, patience| Config { patience },
    }
}

//! Mistakes in two-phase commit with vote registers (protocols.md 9.2 and 13).

use commitsim_catalog::Options;
use commitsim_core::{Cx, Effects, Gone, NodeId, Patience, Protocol};
use commitsim_protocol_watchdog::{ABOUT, Config, Holds, Message, Record, Timer, Watchdog};
use commitsim_spec::Property;

use crate::{Event, Haste, Mistake, Plant};

/// One mistake with registers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RegisterSlip {
    /// The root aborts when its patience ends, as it would in two-phase commit.
    AbortsOnPatience,
    /// The watchdog takes a register that it cannot read for NO.
    TakesSilenceForNo,
    /// Who has forgotten tells a fence that its register holds NO.
    ForgottenIsNo,
    /// A fence at an empty register is told NO, and the register stays open.
    StaysOpen,
    /// PREPARE leaves while the root's own YES is in memory only.
    AsksFromMemory,
}

impl Mistake<Watchdog> for RegisterSlip {
    fn haste(self, cx: &Cx<'_, Watchdog>, record: &Record) -> Option<Haste> {
        let own_yes = *record == Record::Prepared && cx.me == cx.cast.root;
        (self == RegisterSlip::AsksFromMemory && own_yes).then_some(Haste::Written)
    }

    fn event(
        self,
        cx: &Cx<'_, Watchdog>,
        machine: &mut Watchdog,
        event: &Event<Watchdog>,
        fx: &mut Effects<Watchdog>,
    ) -> bool {
        match (self, &*machine, event) {
            (
                RegisterSlip::AbortsOnPatience,
                Watchdog::Reading(..),
                Event::Timer(Timer::VotesDue),
            )
            | (
                RegisterSlip::TakesSilenceForNo,
                Watchdog::Watching(..),
                Event::Timer(Timer::VotesDue),
            ) => machine.on_timer(cx, Timer::Tally, fx),
            (RegisterSlip::StaysOpen, Watchdog::Working, Event::Message(from, Message::Fence)) => {
                fx.send(*from, Message::Register(Holds::No))
            }
            _ => return false,
        }
        true
    }

    fn afterwards(
        self,
        _: &Cx<'_, Watchdog>,
        gone: Gone,
        from: NodeId,
        message: &Message,
        fx: &mut Effects<Watchdog>,
    ) -> bool {
        let erased = gone == Gone::Forgotten && *message == Message::Fence;
        let wrong = self == RegisterSlip::ForgottenIsNo && erased;
        if wrong {
            fx.send(from, Message::Register(Holds::No));
        }
        wrong
    }
}

fn config(_: &Options, patience: Patience) -> Config {
    Config { patience }
}

/// Every mistake with registers.
pub static REGISTERS: [Plant<Watchdog, RegisterSlip>; 5] = [
    plant(
        "register-patience",
        RegisterSlip::AbortsOnPatience,
        "the root aborts when its patience ends",
        "protocols.md 13, V18",
    ),
    plant(
        "register-silence",
        RegisterSlip::TakesSilenceForNo,
        "the watchdog takes silence for NO",
        "protocols.md 13, V19",
    ),
    plant(
        "register-forgotten",
        RegisterSlip::ForgottenIsNo,
        "a fence for what is forgotten is told NO",
        "protocols.md 9.2, rule 5; trait-check.md 2",
    ),
    plant(
        "register-open",
        RegisterSlip::StaysOpen,
        "a fence is told NO, and the register stays open",
        "protocols.md 9.2, rule 2",
    ),
    plant(
        "register-memory",
        RegisterSlip::AsksFromMemory,
        "PREPARE leaves before the root's own YES is durable",
        "protocols.md 13, V2",
    ),
];

const fn plant(
    name: &'static str,
    mistake: RegisterSlip,
    title: &'static str,
    source: &'static str,
) -> Plant<Watchdog, RegisterSlip> {
    let property = Property::Ac1;
    Plant { name, title, source, property, original: &ABOUT, mistake, config }
}

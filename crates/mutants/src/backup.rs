//! Mistakes in two-phase commit with backup coordinators (protocols.md 9.1 and 13).

use commitsim_catalog::Options;
use commitsim_core::{Cx, Effects, Patience, Protocol};
use commitsim_protocol_backup::{ABOUT, BackedUp, Config, Message, Record};
use commitsim_spec::Property;

use crate::{Event, Haste, Mistake, Plant};

/// One mistake with backups.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BackupSlip {
    /// A participant takes a backup that does not know for one that knows of an abort.
    UnknownIsAbort,
    /// The root tells its backups before the decision is on its own disk.
    TellsFromMemory,
}

impl Mistake<BackedUp> for BackupSlip {
    fn haste(self, cx: &Cx<'_, BackedUp>, record: &Record) -> Option<Haste> {
        let decision = *record == Record::Committed && cx.me == cx.cast.root;
        (self == BackupSlip::TellsFromMemory && decision).then_some(Haste::Written)
    }

    fn event(
        self,
        cx: &Cx<'_, BackedUp>,
        machine: &mut BackedUp,
        event: &Event<BackedUp>,
        fx: &mut Effects<BackedUp>,
    ) -> bool {
        let Event::Message(from, Message::Unknown) = event else { return false };
        let wrong = self == BackupSlip::UnknownIsAbort;
        if wrong {
            machine.on_message(cx, *from, Message::Abort, fx);
        }
        wrong
    }
}

fn config(_: &Options, patience: Patience) -> Config {
    Config { backups: 1, coordinator_votes: true, patience }
}

/// Every mistake with backups.
pub static BACKUPS: [Plant<BackedUp, BackupSlip>; 2] = [
    plant(
        "backup-unknown",
        BackupSlip::UnknownIsAbort,
        "a participant reads unknown as abort",
        "protocols.md 13, V17",
    ),
    plant(
        "backup-memory",
        BackupSlip::TellsFromMemory,
        "backups are told before the root's own record is durable",
        "interface.md 1",
    ),
];

const fn plant(
    name: &'static str,
    mistake: BackupSlip,
    title: &'static str,
    source: &'static str,
) -> Plant<BackedUp, BackupSlip> {
    let property = Property::Ac1;
    Plant { name, title, source, property, original: &ABOUT, mistake, config }
}

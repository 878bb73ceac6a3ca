//! What two-phase commit with backup coordinators is called, allows and promises.

use commitsim_core::{
    About, Alarm, Choice, Cost, Formation, Necessary, Patience, Promise, Shape, Spoken, Tolerance,
    WriteAhead,
};

use crate::{Message, Record, Timer};

/// How many backups there are, and patience.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// From one to three.
    pub backups: u16,
    /// How long timers wait.
    pub patience: Patience,
}

impl Config {
    /// What this configuration promises to the oracle. A backup knows the decision once it has it
    /// on disk.
    #[must_use]
    pub fn promise(&self) -> Promise {
        Promise {
            formation: Formation { shape: Shape::Star, helpers: self.backups },
            necessary: Necessary::RootOrInformed,
            ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: false },
            commit_cost: match self.backups {
                1 => cost::<1>,
                2 => cost::<2>,
                _ => cost::<3>,
            },
            glare: Cost::NONE,
        }
    }
}

/// Two-phase commit and, for each of the `K` backups, two messages and one forced record
/// (protocols.md 9.1).
fn cost<const K: u64>(remote: u64, readers: u64) -> Cost {
    Cost { messages: 4 * remote - 2 * readers + 2 * K, forced: 2 * (remote - readers) + 1 + K }
}

/// Two-phase commit, presumed nothing, with backup coordinators.
pub const ABOUT: About = About {
    id: "2pc-backup",
    title: "two-phase commit with backup coordinators",
    source: "Reddy & Kitsuregawa 1998, with acknowledged records",
    assumptions: "nodes recover with their durable log",
    tolerates: Tolerance { crashes: true, loss: true, partitions: true },
    delays: ["4", "5", "6"],
    helpers: &["backup1", "backup2", "backup3"],
    options: &[Choice {
        name: "backups",
        values: &["1", "2", "3"],
        meaning: "how many backups are told the decision before the participants",
    }],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

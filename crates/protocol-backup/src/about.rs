//! What two-phase commit with backup coordinators is called, allows and promises.

use commitsim_core::{
    About, Alarm, Choice, Cost, Formation, Necessary, Patience, Promise, Spoken, Tolerance,
    WriteAhead,
};

use crate::{Message, Record, Timer};

/// How many backups there are, and patience.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// From one to three.
    pub backups: u16,
    /// Whether the root holds data and votes, or is a transaction monitor.
    pub coordinator_votes: bool,
    /// How long timers wait.
    pub patience: Patience,
}

impl Config {
    /// What this configuration promises to the oracle. A backup knows the decision once it has it
    /// on disk.
    #[must_use]
    pub fn promise(&self) -> Promise {
        Promise {
            formation: Formation::star(self.coordinator_votes, self.backups),
            necessary: Necessary::RootOrInformed,
            ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: false },
            commit_cost: match (self.coordinator_votes, self.backups) {
                (true, 1) => cost::<1>,
                (true, 2) => cost::<2>,
                (true, _) => cost::<3>,
                (false, 1) => unless_all_read::<1>,
                (false, 2) => unless_all_read::<2>,
                (false, _) => unless_all_read::<3>,
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

/// With a monitor the same, but where all leave read-only there is no outcome to be recorded.
fn unless_all_read<const K: u64>(remote: u64, readers: u64) -> Cost {
    // Of a transaction of the root alone the root is the voter, and its YES is recorded.
    if remote > 0 && readers == remote {
        return Cost { messages: 2 * remote, forced: 0 };
    }
    cost::<K>(remote, readers)
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
    options: &[
        Choice {
            name: "backups",
            values: &["1", "2", "3"],
            meaning: "how many backups are told the decision before the participants",
        },
        Choice {
            name: "coordinator_votes",
            values: &["true", "false"],
            meaning: "whether the coordinator is a database with a vote, or a monitor without data",
        },
    ],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

//! What two-phase commit with vote registers is called and promises.

use commitsim_core::{
    About, Alarm, Cost, Formation, Necessary, Patience, Promise, Shape, Spoken, Tolerance,
    WriteAhead,
};

use crate::{Message, Record, Timer};

/// Patience; there are no variants.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// How long timers wait.
    pub patience: Patience,
}

/// Needs and costs. A commit needs no record of its own: that all registers hold YES is the
/// evidence, and it is on disk at every voter.
pub(crate) const PROMISE: Promise = Promise {
    formation: Formation { shape: Shape::Star, helpers: 1 },
    necessary: Necessary::RegistersOrInformed,
    ahead: WriteAhead { vote: true, commit: false, presumes_commit: false, members: false },
    commit_cost: cost,
    glare: Cost::NONE,
};

/// 4n messages and n + 1 forced records (protocols.md 12.1); who votes read-only has a register
/// like everybody else.
fn cost(remote: u64, _readers: u64) -> Cost {
    Cost { messages: 4 * remote, forced: remote + 1 }
}

/// Two-phase commit whose decision is what the vote registers say.
pub const ABOUT: About = About {
    id: "2pc-watchdog",
    title: "vote-register two-phase commit with a watchdog",
    source: "the rule of Cornus (Guo et al., VLDB 2022) without shared storage",
    assumptions: "nodes recover with their durable log; registers are written once",
    tolerates: Tolerance { crashes: true, loss: true, partitions: true },
    delays: ["2", "3", "4"],
    helpers: &["watchdog"],
    options: &[],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

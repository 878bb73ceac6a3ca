//! What two-phase commit with the watchdog of the story is called and promises.

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

/// Needs and costs. The watchdog says COMMIT without a record; that is in the story, and is not
/// what is wrong with it.
pub(crate) const PROMISE: Promise = Promise {
    formation: Formation { shape: Shape::Star, helpers: 1 },
    necessary: Necessary::RootOrHelper,
    ahead: WriteAhead { vote: true, commit: false, presumes_commit: false, members: false },
    commit_cost: cost,
    glare: Cost::NONE,
};

/// That of two-phase commit (protocols.md 3.5 and 2.7): nobody calls the watchdog.
fn cost(remote: u64, readers: u64) -> Cost {
    Cost { messages: 4 * remote - 2 * readers, forced: 2 * (remote - readers) + 1 }
}

/// Two-phase commit in which a watchdog finishes what the root leaves.
pub const ABOUT: About = About {
    id: "2pc-watchdog-naive",
    title: "two-phase commit with the watchdog of the story (unsafe)",
    source: "the story as textbooks tell it",
    assumptions: "nobody is silent but the dead, and the root decides by nothing but the votes",
    tolerates: Tolerance { crashes: false, loss: false, partitions: false },
    delays: ["2", "3", "4"],
    helpers: &["watchdog"],
    options: &[],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

//! What decentralized two-phase commit is called, and what it promises.

use commitsim_core::{
    About, Alarm, Cost, Formation, Necessary, Patience, Promise, Shape, Spoken, Tolerance,
    WriteAhead,
};

use crate::{Message, Record, Timer};

/// There are no variants.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// How long timers wait.
    pub patience: Patience,
}

/// What it promises to the oracle. No commit record has to be on disk before anybody acts on the
/// commit: that all votes are on disk says it already.
pub(crate) const PROMISE: Promise = Promise {
    formation: Formation { shape: Shape::Complete, helpers: 0 },
    necessary: Necessary::AllOrInformed,
    ahead: WriteAhead { vote: true, commit: false, presumes_commit: false, members: false },
    commit_cost: |remote, _| Cost {
        messages: 2 * (remote * remote + remote),
        forced: 2 * remote + 2,
    },
    glare: Cost::NONE,
};

/// The description for lists.
pub const ABOUT: About = About {
    id: "2pc-decentralized",
    title: "decentralized (one-round broadcast) two-phase commit",
    source: "Skeen 1981; Bernstein, Hadzilacos & Goodman 1987, section 7.4",
    assumptions: "nodes recover with their durable log; everybody can reach everybody",
    tolerates: Tolerance { crashes: true, loss: true, partitions: true },
    delays: ["2", "2", "3"],
    helpers: &[],
    options: &[],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

//! What linear two-phase commit is called, and what it promises.

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

/// What it promises to the oracle. The last node decides, so it is the one that a node in doubt
/// needs (B3).
pub(crate) const PROMISE: Promise = Promise {
    formation: Formation { shape: Shape::Chain, helpers: 0 },
    necessary: Necessary::LastOrInformed,
    ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: false },
    commit_cost: |remote, _| Cost { messages: 3 * remote, forced: 2 * remote + 1 },
    glare: Cost::NONE,
};

/// The description for lists.
pub const ABOUT: About = About {
    id: "2pc-linear",
    title: "linear (nested) two-phase commit",
    source: "Gray 1978 (nested); Bernstein, Hadzilacos & Goodman 1987, section 7.4",
    assumptions: "nodes recover with their durable log; everybody knows the whole chain",
    tolerates: Tolerance { crashes: true, loss: true, partitions: true },
    delays: ["2n", "2n", "3n"],
    helpers: &[],
    options: &[],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

//! What dynamic two-phase commit is called, allows and promises.

use commitsim_core::{
    About, Alarm, Choice, Cost, Formation, Necessary, Patience, Promise, Shape, Spoken, Tolerance,
    WriteAhead,
};

use crate::{Message, Record, Timer};

/// How a node that is told writes the outcome before it acknowledges it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutcomeForce {
    /// It forces the record.
    Forced,
    /// It writes the record and acknowledges when something else has made it durable.
    Lazy,
}

/// Variant and patience.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// How nodes that are told write the outcome.
    pub outcome_force: OutcomeForce,
    /// How long timers wait.
    pub patience: Patience,
}

impl Config {
    /// What this variant promises to the oracle.
    #[must_use]
    pub fn promise(&self) -> Promise {
        Promise {
            formation: Formation { shape: Shape::Tree, helpers: 0 },
            necessary: Necessary::ConnectedOrInformed,
            ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: false },
            commit_cost: match self.outcome_force {
                OutcomeForce::Forced => forced_cost,
                OutcomeForce::Lazy => lazy_cost,
            },
            // READY in both directions of one edge, and the coordinator's own READY record.
            glare: Cost { messages: 1, forced: 1 },
        }
    }
}

/// Section 6, with N = remote + 1 nodes: 4(N − 1) messages, 2N − 1 forced records. Who votes
/// read-only takes part like everybody else.
fn forced_cost(remote: u64, _: u64) -> Cost {
    Cost { messages: 4 * remote, forced: 2 * remote + 1 }
}

/// The same with lazy outcome records at the nodes that are told.
fn lazy_cost(remote: u64, _: u64) -> Cost {
    Cost { messages: 4 * remote, forced: remote + 1 }
}

/// The one variant.
pub const ABOUT: About = About {
    id: "d2pc",
    title: "dynamic two-phase commit",
    source: "Raz 1995, the dynamic two-phase commitment protocol",
    assumptions: "a tree without cycles; nodes recover with their durable log",
    tolerates: Tolerance { crashes: true, loss: true, partitions: true },
    delays: ["2h + g", "3h + g", "4h + g"],
    helpers: &[],
    options: &[Choice {
        name: "outcome_force",
        values: &["forced", "lazy"],
        meaning: "whether nodes that are told force the outcome before they acknowledge it",
    }],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

//! What peer-to-peer commit is called, allows and promises.

use commitsim_core::{
    About, Alarm, Choice, Cost, Formation, Necessary, Patience, Promise, Shape, Spoken, Tolerance,
    WriteAhead,
};

use crate::{Message, Record, Timer};

/// When a node makes its vote durable (protocols.md 7.2 G6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VoteForce {
    /// When all neighbours but one have said READY: no record where somebody refuses before.
    Late,
    /// When its own work is done: no hop of the first wave of READYs waits for a disk.
    Early,
}

/// How a node that has said READY writes the outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutcomeForce {
    /// It forces the record.
    Forced,
    /// It writes the record, and says COMMITTED when something else has made it durable.
    Lazy,
}

/// Variant and patience.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// When a node makes its vote durable.
    pub vote_force: VoteForce,
    /// How a node that has said READY writes the outcome.
    pub outcome_force: OutcomeForce,
    /// How long timers wait.
    pub patience: Patience,
}

impl Config {
    /// What this variant promises to the oracle.
    #[must_use]
    pub fn promise(&self) -> Promise {
        let at_a_glare = |forced| Cost { messages: 0, forced };
        let (commit_cost, glare): (fn(u64, u64) -> Cost, Cost) =
            match (self.vote_force, self.outcome_force) {
                (VoteForce::Late, OutcomeForce::Forced) => (forced_cost, at_a_glare(1)),
                (VoteForce::Early, OutcomeForce::Forced) => (early_cost, Cost::NONE),
                (_, OutcomeForce::Lazy) => (lazy_cost, Cost::NONE),
            };
        Promise {
            formation: Formation { shape: Shape::Tree, helpers: 0 },
            necessary: Necessary::ConnectedOrInformed,
            ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: false },
            commit_cost,
            glare,
        }
    }
}

/// Section 7.4, with N = remote + 1 nodes: 5(N − 1) messages, 2N − 1 forced records, one more at a
/// glare. Who votes read-only takes part like everybody else.
fn forced_cost(remote: u64, _: u64) -> Cost {
    Cost { messages: 5 * remote, forced: 2 * remote + 1 }
}

/// With early votes no node saves its READY record.
fn early_cost(remote: u64, _: u64) -> Cost {
    Cost { messages: 5 * remote, forced: 2 * remote + 2 }
}

/// With lazy outcome records: one forced record a node, early or late, glare or not.
fn lazy_cost(remote: u64, _: u64) -> Cost {
    Cost { messages: 5 * remote, forced: remote + 1 }
}

/// The one variant.
pub const ABOUT: About = About {
    id: "p2pc",
    title: "peer-to-peer two-phase commit",
    source: "the article \"P2PC: A better distributed transaction protocol\", its gaps closed",
    assumptions: "a tree without cycles; nodes recover with their durable log",
    tolerates: Tolerance { crashes: true, loss: true, partitions: true },
    delays: ["2h", "3h", "3h + g"],
    helpers: &[],
    options: &[
        Choice {
            name: "vote_force",
            values: &["late", "early"],
            meaning: "whether a node forces its vote when its neighbours' votes are in, or its own",
        },
        Choice {
            name: "outcome_force",
            values: &["forced", "lazy"],
            meaning: "whether nodes that have voted force the outcome before they say COMMITTED",
        },
    ],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

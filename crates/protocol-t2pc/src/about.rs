//! What tree two-phase commit is called, allows and promises.

use commitsim_core::{
    About, Alarm, Choice, Cost, Formation, Necessary, Patience, Promise, Shape, Spoken, Tolerance,
    WriteAhead,
};

use crate::{Message, Record, Timer};

/// When a node below the root forces its vote record (protocols.md 7.2 G6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VoteForce {
    /// When the whole subtree has voted, as R* does: every level adds a force to the vote's way.
    Late,
    /// When its own work is done: no level adds one, but giving up has to be forced too (V23).
    Early,
}

/// How a node that is told the outcome writes it before it acknowledges it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutcomeForce {
    /// It forces the record, as R* does.
    Forced,
    /// It writes the record and acknowledges when something else has made it durable.
    Lazy,
}

/// Variant and patience.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// When the vote record is forced.
    pub vote_force: VoteForce,
    /// How the outcome is written below the root.
    pub outcome_force: OutcomeForce,
    /// How long timers wait.
    pub patience: Patience,
}

impl Config {
    /// What this variant promises to the oracle.
    ///
    /// A node in doubt needs the root and nobody else: it asks the root directly, and the root
    /// waits for nobody longer than its patience.
    #[must_use]
    pub fn promise(&self) -> Promise {
        Promise {
            formation: Formation { shape: Shape::Tree, helpers: 0 },
            necessary: Necessary::Root,
            ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: false },
            commit_cost: match self.outcome_force {
                OutcomeForce::Forced => acknowledged_cost,
                OutcomeForce::Lazy => lazily_acknowledged_cost,
            },
            glare: Cost::NONE,
        }
    }
}

/// Protocols.md 5 and 12.1: PREPARE, READY, COMMIT and ACK over every edge, and two forced records
/// a node but one at the root. A subtree that only read spends PREPARE and READ-ONLY an edge;
/// `readers` counts the nodes of such subtrees.
fn acknowledged_cost(remote: u64, readers: u64) -> Cost {
    Cost { messages: 4 * remote - 2 * readers, forced: 2 * (remote - readers) + 1 }
}

/// The same with lazy outcome records below the root.
fn lazily_acknowledged_cost(remote: u64, readers: u64) -> Cost {
    Cost { messages: 4 * remote - 2 * readers, forced: remote - readers + 1 }
}

/// The protocol's description.
pub const ABOUT: About = About {
    id: "t2pc",
    title: "tree two-phase commit, presumed abort",
    source: "Mohan, Lindsay & Obermarck 1986, sections 2 and 3, on a tree of any height",
    assumptions: "nodes recover with their durable log",
    tolerates: Tolerance { crashes: true, loss: true, partitions: true },
    delays: ["2h", "3h", "4h"],
    helpers: &[],
    options: &[
        Choice {
            name: "vote_force",
            values: &["late", "early"],
            meaning: "whether a node forces its vote when its subtree has voted, or when its own \
                      work is done",
        },
        Choice {
            name: "outcome_force",
            values: &["forced", "lazy"],
            meaning: "whether nodes below the root force the outcome before they acknowledge it",
        },
    ],
    messages: Message::NAMES,
    records: Record::NAMES,
    timers: Timer::NAMES,
};

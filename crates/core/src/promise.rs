//! What a protocol needs and promises, as data.

use crate::Formation;

/// What a configured protocol needs and promises. The simulator, the oracle, the hunt and the
/// reports read it; nothing about a protocol is written down twice.
#[derive(Clone, Copy, Debug)]
pub struct Promise {
    /// How its nodes stand to each other.
    pub formation: Formation,
    /// Which nodes a node in doubt needs in order to get on.
    pub necessary: Necessary,
    /// Which records must be on disk before which messages leave.
    pub ahead: WriteAhead,
    /// The cost of a commit in which nothing fails: `(remote, read_only)` to messages and forced
    /// records, where `remote` counts the voting nodes but the root and `read_only` those of
    /// them that voted read-only, and below whom on a tree everybody did. Defined for a root that
    /// votes YES.
    pub commit_cost: fn(u64, u64) -> Cost,
    /// What a commit may cost besides where votes cross on their way (a glare), at most.
    pub glare: Cost,
}

/// Which nodes must be up and within reach so that a node in doubt learns the outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Necessary {
    /// Nobody: its own patience decides.
    Nobody,
    /// The root.
    Root,
    /// The last node of the chain, or any node that knows the decision.
    LastOrInformed,
    /// The root or a helper.
    RootOrHelper,
    /// The root, or any node that knows the decision.
    RootOrInformed,
    /// The root or a helper, and within its reach either all voters but the root or a node that
    /// knows the decision.
    RegistersOrInformed,
    /// All voters, or any node that knows the decision.
    AllOrInformed,
    /// All voters, within reach of each other too; or any node that knows the decision.
    ConnectedOrInformed,
    /// A voter that has been up since the transaction began and has not left with a read-only
    /// vote, itself if it has; or any node that knows the decision; or, when all have failed, all
    /// voters.
    Survivor,
}

/// Write-ahead rules: which messages may leave only after which record is durable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WriteAhead {
    /// A YES needs the sender's vote record.
    pub vote: bool,
    /// A COMMIT needs a commit record at some node.
    pub commit: bool,
    /// A node without a machine may say COMMIT without any record: it presumes so.
    pub presumes_commit: bool,
    /// The first PREPARE needs the root's record of the participants.
    pub members: bool,
}

/// What a transaction costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// Messages between different nodes, until everything is forgotten.
    pub messages: u64,
    /// Forced records.
    pub forced: u64,
}

impl Cost {
    /// No cost at all.
    pub const NONE: Cost = Cost { messages: 0, forced: 0 };
}

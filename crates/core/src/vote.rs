//! What participants answer and what is decided.

/// A node's answer to "can you commit?".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Vote {
    /// It can, and promises to be able to until it is told the outcome.
    Yes,
    /// It cannot, and has aborted.
    No,
    /// It has nothing to commit and does not want to hear the outcome.
    ReadOnly,
}

/// The outcome of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Decision {
    /// Its changes stay.
    Commit,
    /// Its changes are undone.
    Abort,
}

/// Who made a decision.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Why {
    /// The protocol.
    Protocol,
    /// Nobody: the node had begun work, crashed without a record of it, and undid it at restart
    /// (interface.md 3, rule 10).
    LostInCrash,
    /// An operator, by hand, while the node was in doubt: a heuristic decision.
    Operator,
}

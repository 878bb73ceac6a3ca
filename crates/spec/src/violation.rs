//! What the oracle says when a run breaks a property.

use alloc::string::String;
use alloc::vec::Vec;

use commitsim_core::{NodeId, Time, TxId};

/// A broken property.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Which property.
    pub property: Property,
    /// In which transaction.
    pub tx: TxId,
    /// When it was seen.
    pub at: Time,
    /// The nodes concerned, in node order.
    pub nodes: Vec<NodeId>,
    /// One sentence for people.
    pub says: String,
}

/// The properties of atomic commitment (Bernstein, Hadzilacos & Goodman 1987, chapter 7) and
/// what else a run must keep to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Property {
    /// All nodes that decide decide the same.
    Ac1,
    /// No node reverses its decision.
    Ac2,
    /// Commit is decided only if every voter voted YES or read-only.
    Ac3,
    /// Without failures, and if all vote YES, the decision is commit.
    Ac4,
    /// When faults are over, every node decides.
    Ac5,
    /// Every step is one of the transaction-commit specification (Gray & Lamport 2006, section 2).
    TCommit,
    /// What a message claims is on disk before it leaves.
    WriteAhead,
    /// A commit without failures costs what the protocol's formula says.
    Cost,
}

impl Property {
    /// All properties, in the order in which they are listed.
    pub const ALL: [Property; 8] = [
        Property::Ac1,
        Property::Ac2,
        Property::Ac3,
        Property::Ac4,
        Property::Ac5,
        Property::TCommit,
        Property::WriteAhead,
        Property::Cost,
    ];

    /// The name in scenarios and results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Property::Ac1 => "AC1",
            Property::Ac2 => "AC2",
            Property::Ac3 => "AC3",
            Property::Ac4 => "AC4",
            Property::Ac5 => "AC5",
            Property::TCommit => "TCommit",
            Property::WriteAhead => "write-ahead",
            Property::Cost => "cost",
        }
    }
}

//! Names of nodes, transactions and log positions.

/// A node: a crash unit with one log. Nodes of a run are numbered from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct NodeId(pub u16);

/// A transaction. Transactions of a run are numbered from 0 in the order in which they begin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TxId(pub u32);

impl TxId {
    /// The transaction that begins after this one.
    #[must_use]
    pub fn next(self) -> TxId {
        TxId(self.0 + 1)
    }
}

/// A position in a node's log: the first record has position 1, so 0 means "no record yet".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Lsn(pub u64);

impl Lsn {
    /// The position before the first record.
    pub const NONE: Lsn = Lsn(0);

    /// The position behind this one.
    #[must_use]
    pub fn next(self) -> Lsn {
        Lsn(self.0 + 1)
    }
}

//! Which node plays what in which transaction.

use alloc::sync::Arc;

use commitsim_core::{Cast, NodeId, TxId};
use commitsim_table::TxTable;

/// The casts of all transactions of a run.
///
/// Most runs have one cast for all; where the root or the participants change, the driver assigns
/// one before the transaction begins and releases it when no node remembers the transaction.
#[derive(Clone, Debug)]
pub struct Casts {
    usual: Arc<[Cast]>,
    own: TxTable<Arc<[Cast]>>,
}

impl Casts {
    /// `usual` has one entry a node; it is the cast of every transaction without one of its own.
    #[must_use]
    pub fn new(usual: Arc<[Cast]>) -> Casts {
        Casts { usual, own: TxTable::new() }
    }

    /// What `node` plays in `tx`.
    ///
    /// # Panics
    /// If the run has no such node.
    #[must_use]
    #[inline]
    pub fn of(&self, tx: TxId, node: NodeId) -> &Cast {
        let cast = if self.own.is_empty() { None } else { self.own.get(tx) };
        &cast.unwrap_or(&self.usual)[usize::from(node.0)]
    }

    /// Gives `tx` a cast of its own, one entry a node.
    pub fn assign(&mut self, tx: TxId, cast: Arc<[Cast]>) {
        assert_eq!(cast.len(), self.usual.len(), "a cast has one entry a node");
        self.own.insert(tx, cast);
    }

    /// No node will ask for the cast of `tx` again.
    pub fn release(&mut self, tx: TxId) {
        self.own.remove(tx);
    }
}

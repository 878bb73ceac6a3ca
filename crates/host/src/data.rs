//! The place of the resource manager: what the data under a node needs of its log.

use core::fmt::Debug;
use core::hash::Hash;

use commitsim_core::{Decision, TxId};

/// The data under a node. Protocols know nothing of it; the host calls it at the few points where
/// data and log must move together. `()` holds no data and costs nothing.
pub trait Data: Clone + Eq + Hash + Debug {
    /// What undo and redo need; rides in the log entry. The default says nothing.
    type Images: Clone + Eq + Hash + Debug + Default;

    /// The images of the transaction's work that no log entry carries yet. Asked for each forced
    /// record, so that they become durable with the first one (the vote, or the root's outcome).
    fn images(&mut self, tx: TxId) -> Self::Images;

    /// An entry with these images is durable.
    fn logged(&mut self, _tx: TxId, _images: &Self::Images) {}

    /// The outcome is known: redo or undo, and let the locks go.
    fn finish(&mut self, tx: TxId, decision: Decision);

    /// Restart: take back what these images say, locks included, before anything else happens.
    fn reload(&mut self, tx: TxId, images: &Self::Images);

    /// The log cuts off an entry of `tx`, which is over here: what its images were needed for must
    /// be on disk when this returns.
    fn cut(&mut self, _tx: TxId) {}

    /// The node crashed: what was not on disk is gone.
    fn crash(&mut self);
}

impl Data for () {
    type Images = ();

    fn images(&mut self, _: TxId) {}

    fn finish(&mut self, _: TxId, _: Decision) {}

    fn reload(&mut self, _: TxId, (): &()) {}

    fn crash(&mut self) {}
}

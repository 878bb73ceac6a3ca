//! What a host keeps of one transaction.

use core::hash::{Hash, Hasher};

use commitsim_core::Lsn;

/// What only saves work, and so is no part of what a host is: hosts are compared without it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hint(pub(crate) bool);

impl PartialEq for Hint {
    fn eq(&self, _: &Hint) -> bool {
        true
    }
}

impl Eq for Hint {}

impl Hash for Hint {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// This node's share of one transaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Share<P> {
    /// None once the node's part is over.
    pub(crate) machine: Option<P>,
    /// Its oldest and newest record; [`Lsn::NONE`] without one.
    pub(crate) first: Lsn,
    pub(crate) last: Lsn,
    /// Only while down: records survived the crash, and [`Protocol::recover`] has to read them.
    pub(crate) unread: bool,
}

impl<P> Default for Share<P> {
    fn default() -> Share<P> {
        Share::without_records(None)
    }
}

impl<P> Share<P> {
    pub(crate) fn without_records(machine: Option<P>) -> Share<P> {
        Share { machine, first: Lsn::NONE, last: Lsn::NONE, unread: false }
    }
}

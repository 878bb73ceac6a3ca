//! Who takes the acts of a host.

use alloc::vec::Vec;

use commitsim_core::{Protocol, TxId};

use crate::Act;

/// Takes the acts of a host, one by one and in order, and carries them out or keeps them.
///
/// A driver that may stop a node in the middle of a step has to keep them all, in a vector: when
/// the host has handed them out it has done its step, and can be stopped.
pub trait Actor<P: Protocol> {
    /// The host does this. `settled` is the mark ([`crate::Host::settled`]) that is to ride on
    /// the message if it is one; it is the same for all messages of a step.
    fn act(&mut self, settled: TxId, act: Act<P>);
}

impl<P: Protocol> Actor<P> for Vec<Act<P>> {
    #[inline]
    fn act(&mut self, _: TxId, act: Act<P>) {
        self.push(act);
    }
}

//! What a host keeps of one transaction.

use core::hash::{Hash, Hasher};

use commitsim_core::{Lsn, Protocol, Status};

/// What only saves work, and so is no part of what a host is: hosts are compared without it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hint<T>(pub(crate) T);

impl<T> PartialEq for Hint<T> {
    fn eq(&self, _: &Hint<T>) -> bool {
        true
    }
}

impl<T> Eq for Hint<T> {}

impl<T> Hash for Hint<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// This node's share of one transaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Share<P> {
    /// None once the node's part is over.
    pub(crate) machine: Option<P>,
    /// Where the machine stands, if there is one; asking it before each step as well as after it
    /// takes longer.
    status: Hint<Status>,
    /// Its oldest and newest record; [`Lsn::NONE`] without one.
    pub(crate) first: Lsn,
    pub(crate) last: Lsn,
    /// Only while down: records survived the crash, and [`Protocol::recover`] has to read them.
    pub(crate) unread: bool,
}

impl<P> Default for Share<P> {
    fn default() -> Share<P> {
        let status = Hint(Status::Working);
        Share { machine: None, status, first: Lsn::NONE, last: Lsn::NONE, unread: false }
    }
}

impl<P: Protocol> Share<P> {
    /// Puts a machine in that stands there.
    #[inline]
    pub(crate) fn open(&mut self, machine: P, status: Status) {
        self.machine = Some(machine);
        self.status = Hint(status);
    }

    /// Where the machine stands, if there is one.
    #[inline]
    pub(crate) fn status(&self) -> Option<Status> {
        self.machine.is_some().then_some(self.status.0)
    }

    /// Lets the machine do something, if there is one. Says where it stands then, if that is not
    /// where it stood.
    #[inline(always)]
    pub(crate) fn step(&mut self, act: impl FnOnce(&mut P)) -> Option<Status> {
        let machine = self.machine.as_mut()?;
        act(machine);
        let status = machine.status();
        let before = core::mem::replace(&mut self.status, Hint(status)).0;
        (status != before).then_some(status)
    }
}

//! A node's write-ahead log.

use alloc::collections::VecDeque;

use commitsim_core::{Lsn, TxId};

/// One record in a log.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Entry<R, I> {
    /// Whose record.
    pub tx: TxId,
    /// What is remembered.
    pub record: R,
    /// Whether someone waits until it is durable.
    pub forced: bool,
    /// The data's undo and redo images that ride along.
    pub images: I,
}

/// A node's log: a durable prefix and a volatile tail, the oldest part cut off.
///
/// The contract, kept by every driver: records of all transactions share the log in append order;
/// when a record becomes durable, so has everything before it; a crash keeps a prefix, never less
/// than the durable part.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Log<R, I> {
    entries: VecDeque<Entry<R, I>>,
    /// The position of the newest entry that was cut off.
    cut: Lsn,
    durable: Lsn,
}

impl<R, I> Log<R, I> {
    pub(crate) const fn new() -> Log<R, I> {
        Log { entries: VecDeque::new(), cut: Lsn::NONE, durable: Lsn::NONE }
    }

    /// The newest position.
    #[must_use]
    pub fn appended(&self) -> Lsn {
        Lsn(self.cut.0 + self.entries.len() as u64)
    }

    /// The newest durable position.
    #[must_use]
    pub fn durable(&self) -> Lsn {
        self.durable
    }

    /// The newest position that has been cut off.
    #[must_use]
    pub fn cut(&self) -> Lsn {
        self.cut
    }

    /// The entries that are still kept, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry<R, I>> {
        self.entries.iter()
    }

    /// Appends an entry and returns its position.
    pub(crate) fn append(&mut self, entry: Entry<R, I>) -> Lsn {
        self.entries.push_back(entry);
        self.appended()
    }

    /// The oldest entry that is not durable.
    #[inline]
    pub(crate) fn next(&self) -> Option<&Entry<R, I>> {
        self.entries.get((self.durable.0 - self.cut.0) as usize)
    }

    /// Makes the next entry durable, if there is one up to `upto`.
    pub(crate) fn advance(&mut self, upto: Lsn) -> Option<(Lsn, &Entry<R, I>)> {
        assert!(upto <= self.appended(), "nothing becomes durable before it is appended");
        if self.durable >= upto {
            return None;
        }
        self.durable = self.durable.next();
        Some((self.durable, &self.entries[(self.durable.0 - self.cut.0 - 1) as usize]))
    }

    /// Cuts off the oldest durable entries as long as `dispensable` agrees, and tells `gone`.
    #[inline]
    pub(crate) fn truncate(
        &mut self,
        mut dispensable: impl FnMut(TxId) -> bool,
        mut gone: impl FnMut(TxId),
    ) {
        while self.cut < self.durable {
            let Some(entry) = self.entries.front() else { return };
            if !dispensable(entry.tx) {
                return;
            }
            gone(entry.tx);
            self.entries.pop_front();
            self.cut = self.cut.next();
        }
    }

    /// Keeps only what is at or before `survives`, all of it durable from now on.
    pub(crate) fn crash(&mut self, survives: Lsn) {
        assert!(self.durable <= survives, "durable records survive every crash");
        assert!(survives <= self.appended(), "a crash leaves no record that never was");
        self.entries.truncate((survives.0 - self.cut.0) as usize);
        self.durable = survives;
    }
}

//! The lock table.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;

use commitsim_core::TxId;

/// How an item is locked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// For reading, together with others that read.
    Shared,
    /// For writing, alone.
    Exclusive,
}

impl Mode {
    fn conflicts(self, other: Mode) -> bool {
        self == Mode::Exclusive || other == Mode::Exclusive
    }
}

/// Who holds which item, and who waits for it, first come first served.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Locks {
    table: BTreeMap<u32, Lock>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Lock {
    holders: Vec<(TxId, Mode)>,
    queue: VecDeque<(TxId, Mode)>,
}

impl Locks {
    /// Whether `tx` holds the item in this mode or a stronger one.
    pub(crate) fn holds(&self, tx: TxId, item: u32, mode: Mode) -> bool {
        let holders = self.table.get(&item).map_or(&[][..], |lock| &lock.holders);
        holders.iter().any(|(holder, held)| *holder == tx && *held >= mode)
    }

    /// The other holders that this request conflicts with.
    pub(crate) fn rivals(&self, tx: TxId, item: u32, mode: Mode) -> Vec<TxId> {
        let holders = self.table.get(&item).map_or(&[][..], |lock| &lock.holders);
        in_the_way(holders.iter(), tx, mode)
    }

    /// Those in the queue that this request conflicts with, and would stand behind.
    pub(crate) fn ahead(&self, tx: TxId, item: u32, mode: Mode) -> Vec<TxId> {
        self.table.get(&item).map_or(Vec::new(), |lock| in_the_way(lock.queue.iter(), tx, mode))
    }

    /// Gives the item to `tx`, whoever else has it.
    pub(crate) fn grant(&mut self, tx: TxId, item: u32, mode: Mode) {
        let lock = self.table.entry(item).or_default();
        lock.holders.retain(|(holder, _)| *holder != tx);
        lock.holders.push((tx, mode));
    }

    pub(crate) fn enqueue(&mut self, tx: TxId, item: u32, mode: Mode) {
        self.table.entry(item).or_default().queue.push_back((tx, mode));
    }

    /// Who is next in the queue for the item.
    pub(crate) fn first(&self, item: u32) -> Option<(TxId, Mode)> {
        self.table.get(&item)?.queue.front().copied()
    }

    pub(crate) fn dequeue(&mut self, item: u32) {
        if let Some(lock) = self.table.get_mut(&item) {
            lock.queue.pop_front();
        }
    }

    /// The items that `tx` holds or waits for, in their order.
    pub(crate) fn of(&self, tx: TxId) -> Vec<u32> {
        let about = |lock: &Lock| lock.holders.iter().chain(&lock.queue).any(|(who, _)| *who == tx);
        self.table.iter().filter(|(_, lock)| about(lock)).map(|(item, _)| *item).collect()
    }

    /// Takes from `tx` what it holds of these items and its places in their queues.
    pub(crate) fn release(&mut self, tx: TxId, items: &[u32]) {
        for item in items {
            let Some(lock) = self.table.get_mut(item) else { continue };
            lock.holders.retain(|(holder, _)| *holder != tx);
            lock.queue.retain(|(waiter, _)| *waiter != tx);
            if lock.holders.is_empty() && lock.queue.is_empty() {
                self.table.remove(item);
            }
        }
    }
}

fn in_the_way<'a>(
    others: impl Iterator<Item = &'a (TxId, Mode)>,
    tx: TxId,
    mode: Mode,
) -> Vec<TxId> {
    let conflicting = others.filter(|(other, held)| *other != tx && mode.conflicts(*held));
    conflicting.map(|(other, _)| *other).collect()
}

//! A map from transactions to values, made for ids that come in order.

use alloc::vec::Vec;
use core::fmt::{self, Debug};
use core::hash::{Hash, Hasher};

use commitsim_core::TxId;

/// A map keyed by transaction.
///
/// A transaction's home is its number modulo the table's size, so that transactions which begin
/// one after the other lie side by side, as in a ring; an old one that stays does not make the
/// ring grow, the others step around it. Nothing here depends on a hash.
#[derive(Clone)]
pub struct TxTable<T> {
    /// Never without slots, so that a search need not ask.
    slots: Vec<Slot<T>>,
    /// One less than the number of slots, kept because every search wants it.
    mask: u32,
    used: usize,
    /// How many are not at home: while nobody is, nobody has to move when one leaves. (Asking
    /// each neighbour took a fortieth of the run time.)
    away: usize,
}

#[derive(Clone, Default)]
struct Slot<T> {
    /// One more than the transaction's number; zero where the slot is empty. (An optional pair
    /// took two comparisons to find and a third to open.)
    key: u64,
    value: T,
}

impl<T> Slot<T> {
    #[inline]
    fn tx(&self) -> Option<TxId> {
        Some(TxId(self.key.checked_sub(1)? as u32))
    }
}

/// How many slots a table has at least; a power of two, as every size.
const SLOTS: usize = 2;

#[inline]
fn key(tx: TxId) -> u64 {
    u64::from(tx.0) + 1
}

impl<T: Default> TxTable<T> {
    /// An empty table.
    #[must_use]
    pub fn new() -> TxTable<T> {
        TxTable { slots: empty(SLOTS), mask: SLOTS as u32 - 1, used: 0, away: 0 }
    }

    /// Sets the value of `tx` and returns the one it had.
    #[inline]
    pub fn insert(&mut self, tx: TxId, value: T) -> Option<T> {
        if let Some(old) = self.get_mut(tx) {
            return Some(core::mem::replace(old, value));
        }
        if !self.has_room() {
            self.grow();
        }
        self.place(Slot { key: key(tx), value });
        self.used += 1;
        None
    }

    /// The value of `tx`, which is the default if it had none.
    #[inline(always)]
    pub fn get_or_default(&mut self, tx: TxId) -> &mut T {
        let home = self.home(tx);
        let resident = self.slots[home].key;
        if resident == 0 && self.has_room() {
            // What lies in an empty slot is the default already.
            self.used += 1;
            self.slots[home].key = key(tx);
        } else if resident != key(tx) {
            let at = self.find_or_take(tx);
            return &mut self.slots[at].value;
        }
        &mut self.slots[home].value
    }

    #[inline(never)]
    fn find_or_take(&mut self, tx: TxId) -> usize {
        let home = self.home(tx);
        if self.slots[home].key != 0
            && let Some(at) = self.find_further(tx, home)
        {
            return at;
        }
        if !self.has_room() {
            self.grow();
        }
        self.used += 1;
        let at = self.free_place(tx);
        self.slots[at].key = key(tx);
        at
    }

    /// Takes `tx` out and returns its value.
    #[inline(always)]
    pub fn remove(&mut self, tx: TxId) -> Option<T> {
        let hole = self.find(tx)?;
        let Slot { value, .. } = core::mem::take(&mut self.slots[hole]);
        self.used -= 1;
        if self.away > 0 {
            self.away -= usize::from(self.home(tx) != hole);
            self.close_up(hole);
        }
        Some(value)
    }

    #[inline(never)]
    fn close_up(&mut self, mut hole: usize) {
        // Whoever stepped around the hole moves up, so that a search may stop at an empty slot.
        let mask = self.slots.len() - 1;
        let mut next = (hole + 1) & mask;
        while let Some(resident) = self.slots[next].tx() {
            let home = resident.0 as usize & mask;
            if (next.wrapping_sub(home) & mask) >= (next.wrapping_sub(hole) & mask) {
                self.slots.swap(hole, next);
                self.away -= usize::from(hole == home);
                hole = next;
            }
            next = (next + 1) & mask;
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let larger = empty(self.slots.len() * 2);
        self.mask = larger.len() as u32 - 1;
        let old = core::mem::replace(&mut self.slots, larger);
        self.away = 0;
        for slot in old.into_iter().filter(|slot| slot.key != 0) {
            self.place(slot);
        }
    }

    #[inline]
    fn place(&mut self, slot: Slot<T>) {
        let at = self.free_place(TxId((slot.key as u32).wrapping_sub(1)));
        self.slots[at] = slot;
    }

    /// The empty slot that is nearest to home.
    #[inline]
    fn free_place(&mut self, tx: TxId) -> usize {
        let mask = self.slots.len() - 1;
        let home = self.home(tx);
        let mut at = home;
        while self.slots[at].key != 0 {
            at = (at + 1) & mask;
        }
        self.away += usize::from(at != home);
        at
    }
}

impl<T> TxTable<T> {
    /// How many transactions are in it.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.used
    }

    /// Whether no transaction is in it.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The value of `tx`.
    #[must_use]
    #[inline(always)]
    pub fn get(&self, tx: TxId) -> Option<&T> {
        let home = &self.slots[self.home(tx)];
        if home.key == key(tx) {
            return Some(&home.value);
        }
        let at = self.find(tx)?;
        Some(&self.slots[at].value)
    }

    /// The value of `tx`, to be changed.
    #[inline(always)]
    pub fn get_mut(&mut self, tx: TxId) -> Option<&mut T> {
        // Nearly everybody is at home, and a slot that was looked at needs no second check.
        let home = self.home(tx);
        if self.slots[home].key == key(tx) {
            return Some(&mut self.slots[home].value);
        }
        let at = self.find(tx)?;
        Some(&mut self.slots[at].value)
    }

    /// All transactions in it, in their order.
    #[must_use]
    pub fn ids(&self) -> Vec<TxId> {
        let mut ids: Vec<TxId> = self.slots.iter().filter_map(Slot::tx).collect();
        ids.sort_unstable();
        ids
    }

    #[inline]
    fn home(&self, tx: TxId) -> usize {
        (tx.0 & self.mask) as usize
    }

    /// Whether another transaction fits in: half of the slots stay empty.
    #[inline]
    fn has_room(&self) -> bool {
        self.used <= (self.mask / 2) as usize
    }

    #[inline]
    fn find(&self, tx: TxId) -> Option<usize> {
        let home = self.home(tx);
        let resident = self.slots[home].key;
        if resident == key(tx) {
            return Some(home);
        }
        if resident == 0 { None } else { self.find_further(tx, home) }
    }

    #[cold]
    #[inline(never)]
    fn find_further(&self, tx: TxId, home: usize) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut at = home;
        while self.slots[at].key != 0 {
            if self.slots[at].key == key(tx) {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
        None
    }
}

fn empty<T: Default>(size: usize) -> Vec<Slot<T>> {
    core::iter::repeat_with(Slot::default).take(size).collect()
}

impl<T: Default> Default for TxTable<T> {
    fn default() -> TxTable<T> {
        TxTable::new()
    }
}

/// Tables are equal when they hold the same values, however those came to lie.
impl<T: PartialEq> PartialEq for TxTable<T> {
    fn eq(&self, other: &TxTable<T>) -> bool {
        self.used == other.used && self.ids().into_iter().all(|tx| self.get(tx) == other.get(tx))
    }
}

impl<T: Eq> Eq for TxTable<T> {}

impl<T: Hash> Hash for TxTable<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for tx in self.ids() {
            (tx, self.get(tx)).hash(state);
        }
    }
}

impl<T: Debug> Debug for TxTable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.ids().iter().map(|tx| (tx, self.get(*tx)))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

    fn away<T>(table: &TxTable<T>) -> usize {
        let mask = table.slots.len() - 1;
        let strays = |(at, slot): &(usize, &Slot<T>)| {
            slot.tx().is_some_and(|tx| tx.0 as usize & mask != *at)
        };
        table.slots.iter().enumerate().filter(strays).count()
    }

    /// The table agrees with an ordered map while ids move on and stragglers stay behind.
    #[test]
    fn behaves_as_a_map() {
        let mut table = TxTable::new();
        let mut model = BTreeMap::new();
        let mut step: u32 = 7;
        for n in 0..20_000u32 {
            step = step.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let tx = TxId(n / 4 + (step >> 16) % 40);
            match step >> 30 {
                0 | 1 => assert_eq!(table.insert(tx, n), model.insert(tx, n)),
                _ => assert_eq!(table.remove(tx), model.remove(&tx)),
            }
            assert_eq!(table.len(), model.len());
            assert_eq!(table.away, away(&table));
            assert_eq!(table.get(tx), model.get(&tx));
            if n % 64 == 0 {
                assert_eq!(table.ids(), model.keys().copied().collect::<Vec<_>>());
                assert!(model.iter().all(|(tx, value)| table.get(*tx) == Some(value)));
            }
        }
    }

    #[test]
    fn a_straggler_does_not_make_it_grow() {
        let mut table = TxTable::new();
        table.insert(TxId(0), ());
        for n in 1..100_000 {
            table.insert(TxId(n), ());
            table.remove(TxId(n));
        }
        // Half of the slots stay empty, and two transactions are there at once.
        assert_eq!(table.slots.len(), 4);
        assert!(table.get(TxId(0)).is_some());
    }

    #[test]
    fn equality_ignores_the_way_there() {
        let mut one = TxTable::new();
        let mut two = TxTable::new();
        for n in 0..40 {
            one.insert(TxId(n), n);
        }
        for n in 0..38 {
            one.remove(TxId(n));
        }
        two.insert(TxId(39), 39);
        two.insert(TxId(38), 38);
        assert_eq!(one, two);
        two.insert(TxId(38), 0);
        assert_ne!(one, two);
    }
}

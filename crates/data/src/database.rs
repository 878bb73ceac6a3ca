//! The resource manager, as textbooks have it (Gray & Reuter 1993, chapters 7 and 10; Bernstein,
//! Hadzilacos & Goodman 1987, chapters 3 and 6; protocols.md 2.2 and 11.5).
//!
//! A transaction begins, locks items, reads and writes them in place, and is prepared: from then on
//! it can be committed or rolled back, whatever happens to the node. Locks are kept to the end.
//! Undo needs the before-images, redo the after-images; both are in the log before a prepared
//! transaction's vote leaves, and before a page that it changed reaches the disk.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use commitsim_core::{Decision, TxId, Vote};
use commitsim_host::Data;

use crate::locks::Locks;
use crate::storage::Storage;
use crate::{Conflict, Image, Images, Mode, Refusal, Rules};

/// The items of one node, and the transactions that are at work on them.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Manager {
    rules: Rules,
    storage: Storage,
    locks: Locks,
    /// The pending-transactions table: every transaction that has neither ended nor been refused.
    pending: BTreeMap<TxId, Work>,
    /// What ended and is still in the log: which items it changed.
    logged: BTreeMap<TxId, Vec<u32>>,
    notes: Vec<Note>,
}

/// One transaction's work here.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Work {
    prepared: bool,
    /// Whether it has all its locks, here and elsewhere: only then may it lend them.
    offered: bool,
    /// Whether it would be prepared if its lenders had committed.
    waits_for_lenders: bool,
    images: Images,
    /// Whether its images were handed to the log, and whether the log has them on disk.
    appended: bool,
    durable: bool,
    /// Prepared transactions whose items it uses.
    lenders: BTreeSet<TxId>,
}

/// What becomes of a request for a lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The item may be used.
    Granted,
    /// A note will say when it is granted.
    Waits,
    /// It is not, and the transaction has been rolled back.
    Refused(Refusal),
}

/// What becomes of a request to prepare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Readiness {
    /// The vote: YES, with all locks kept, or read-only, with all locks gone.
    Vote(Vote),
    /// The vote is NO, and the transaction has been rolled back.
    Refused(Refusal),
    /// It has borrowed, and has to wait for the outcome of its lenders. A note will say when to
    /// ask again.
    Later,
}

/// Something that happened to the data, for whoever watches or drives it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Note {
    /// A lock was granted.
    Locked {
        /// To whom.
        tx: TxId,
        /// On what.
        item: u32,
        /// How.
        mode: Mode,
        /// Whether it had to wait, and can now go on.
        waited: bool,
    },
    /// A request for a lock waits.
    Waits {
        /// Whose.
        tx: TxId,
        /// For what.
        item: u32,
        /// For whom: the first of those in its way.
        behind: TxId,
    },
    /// A lock was granted although a prepared transaction holds it.
    Borrowed {
        /// To whom.
        tx: TxId,
        /// On what.
        item: u32,
        /// Who holds it too.
        lender: TxId,
    },
    /// All locks of a transaction are gone.
    Unlocked {
        /// Whose.
        tx: TxId,
    },
    /// An item has another value; undoing counts.
    Changed {
        /// By whom.
        tx: TxId,
        /// Which.
        item: u32,
        /// What it was.
        before: i64,
        /// What it is.
        after: i64,
    },
    /// All lenders have committed.
    Freed {
        /// Who may now be prepared.
        tx: TxId,
    },
    /// A lender has aborted, and its borrower has been rolled back before it.
    Doomed {
        /// The borrower.
        tx: TxId,
    },
}

/// The verbs of a database.
impl Manager {
    /// So many items, each of this value.
    #[must_use]
    pub fn new(items: u32, opening: i64, rules: Rules) -> Manager {
        Manager {
            rules,
            storage: Storage::new(items, opening, rules.buffer),
            locks: Locks::default(),
            pending: BTreeMap::new(),
            logged: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// A transaction begins its work here.
    pub fn begin(&mut self, tx: TxId) {
        self.pending.insert(tx, Work::default());
    }

    /// Asks for a lock, which is kept until the transaction ends.
    pub fn lock(&mut self, tx: TxId, item: u32, mode: Mode) -> Answer {
        if self.locks.holds(tx, item, mode) {
            return Answer::Granted;
        }
        let mut obstacles = self.obstacles(tx, item, mode);
        obstacles.extend(self.locks.ahead(tx, item, mode));
        let Some(first) = obstacles.first().copied() else {
            self.grant(tx, item, mode, false);
            return Answer::Granted;
        };
        let refusal = match self.rules.conflict {
            Conflict::Refuse => Some(Refusal::Conflict),
            Conflict::WaitDie if obstacles.iter().any(|other| *other < tx) => Some(Refusal::Died),
            Conflict::WaitDie | Conflict::Wait => None,
        };
        if let Some(refusal) = refusal {
            self.rollback(tx);
            return Answer::Refused(refusal);
        }
        self.locks.enqueue(tx, item, mode);
        self.notes.push(Note::Waits { tx, item, behind: first });
        Answer::Waits
    }

    /// The value of an item that is locked.
    #[must_use]
    pub fn read(&self, tx: TxId, item: u32) -> i64 {
        debug_assert!(self.locks.holds(tx, item, Mode::Shared), "{tx:?} reads what it has locked");
        self.storage.page(item).value
    }

    /// Changes an item that is locked, in place.
    pub fn write(&mut self, tx: TxId, item: u32, after: i64) {
        debug_assert!(self.locks.holds(tx, item, Mode::Exclusive), "{tx:?} writes what is its own");
        let page = self.storage.page(item);
        let image = Image { item, before: page.value, after, version: page.version + 1 };
        let Some(work) = self.pending.get_mut(&tx) else { return };
        work.images.0.push(image);
        self.storage.change(item, |page| page.redo(&image));
        self.notes.push(Note::Changed { tx, item, before: image.before, after });
        self.make_room();
    }

    /// The work is done: can it be committed? From a YES on it can be committed or rolled back
    /// until the outcome is told.
    pub fn prepare(&mut self, tx: TxId) -> Readiness {
        let Some(work) = self.pending.get_mut(&tx) else {
            return Readiness::Refused(Refusal::Rule);
        };
        work.waits_for_lenders = !work.lenders.is_empty();
        if work.waits_for_lenders {
            return Readiness::Later;
        }
        let images = work.images.0.len();
        if images == 0 && self.rules.readers_leave {
            self.commit_prepared(tx);
            return Readiness::Vote(Vote::ReadOnly);
        }
        let full = |space: u32| self.log_used() + images > space as usize;
        if images > 0 && self.rules.log_space.is_some_and(full) {
            self.rollback(tx);
            return Readiness::Refused(Refusal::LogFull);
        }
        if let Some(work) = self.pending.get_mut(&tx) {
            work.prepared = true;
        }
        self.lend(tx);
        Readiness::Vote(Vote::Yes)
    }

    /// The transaction has all its locks, here and at every other node, so that it waits for
    /// nobody: once it is prepared, it may lend. A lender that still waited for a lock elsewhere
    /// could wait for its own borrower.
    pub fn offer(&mut self, tx: TxId) {
        if let Some(work) = self.pending.get_mut(&tx) {
            work.offered = true;
            self.lend(tx);
        }
    }

    /// The outcome is commit: the changes stay, the locks go, borrowers owe nothing any more.
    pub fn commit_prepared(&mut self, tx: TxId) {
        let Some(work) = self.pending.remove(&tx) else { return };
        self.end(tx, &work);
        for (borrower, work) in &mut self.pending {
            if work.lenders.remove(&tx) && work.waits_for_lenders && work.lenders.is_empty() {
                self.notes.push(Note::Freed { tx: *borrower });
            }
        }
    }

    /// The outcome is abort: whoever borrowed goes first, then the changes are undone, newest
    /// first, and the locks go.
    pub fn rollback_prepared(&mut self, tx: TxId) {
        // It lends no more, not even to those whom the borrowers make room for.
        if let Some(work) = self.pending.get_mut(&tx) {
            work.prepared = false;
        }
        let owes = |(_, work): &(&TxId, &Work)| work.lenders.contains(&tx);
        let borrowers: Vec<TxId> = self.pending.iter().filter(owes).map(|(tx, _)| *tx).collect();
        for borrower in borrowers {
            self.notes.push(Note::Doomed { tx: borrower });
            self.rollback(borrower);
        }
        self.rollback(tx);
    }

    /// The transactions that are prepared and wait for their outcome, oldest first.
    pub fn list_prepared(&self) -> impl Iterator<Item = TxId> {
        self.pending.iter().filter(|(_, work)| work.prepared).map(|(tx, _)| *tx)
    }

    /// Gives up a transaction that has promised nothing: one that waited too long, or that breaks
    /// a rule of its application.
    pub fn rollback(&mut self, tx: TxId) {
        let Some(work) = self.pending.remove(&tx) else { return };
        for image in work.images.0.iter().rev() {
            if self.storage.change(image.item, |page| page.undo(image, work.appended)) {
                let (before, after) = (image.after, image.before);
                self.notes.push(Note::Changed { tx, item: image.item, before, after });
            }
        }
        self.end(tx, &work);
    }
}

/// Recovery: what was logged is done again, before any new work is let in.
impl Manager {
    /// Repeats history: every logged change that a page does not have.
    pub fn redo(&mut self, images: &Images) {
        for image in &images.0 {
            self.storage.change(image.item, |page| page.redo(image));
        }
        self.make_room();
    }

    /// Puts a transaction back on the list: its outcome will be told.
    pub fn adopt(&mut self, tx: TxId, images: &Images) {
        let work = self.pending.entry(tx).or_default();
        (work.prepared, work.appended, work.durable) = (true, true, true);
        work.images.0.extend(&images.0);
    }

    /// Takes its locks again, from the images: only writers need them to the end.
    pub fn relock(&mut self, tx: TxId, images: &Images) {
        for image in &images.0 {
            self.grant(tx, image.item, Mode::Exclusive, false);
        }
    }
}

/// What drivers and watchers may ask.
impl Manager {
    /// Whether nobody is at work here.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.pending.is_empty()
    }

    /// Whether `tx` is at work here, or prepared.
    #[must_use]
    pub fn knows(&self, tx: TxId) -> bool {
        self.pending.contains_key(&tx)
    }

    /// Whether `tx` has borrowed and is not yet free.
    #[must_use]
    pub fn is_borrowing(&self, tx: TxId) -> bool {
        self.pending.get(&tx).is_some_and(|work| !work.lenders.is_empty())
    }

    /// How many items there are.
    #[must_use]
    pub fn items(&self) -> u32 {
        self.storage.items()
    }

    /// The value of every item, or nothing where it may yet be undone.
    #[must_use]
    pub fn settled_values(&self) -> Vec<Option<i64>> {
        let all = (0..self.items()).map(|item| Some(self.storage.page(item).value));
        let mut values: Vec<Option<i64>> = all.collect();
        for image in self.pending.values().flat_map(|work| &work.images.0) {
            values[image.item as usize] = None;
        }
        values
    }

    /// What happened since the last time.
    pub fn take_notes(&mut self) -> Vec<Note> {
        core::mem::take(&mut self.notes)
    }
}

impl Manager {
    /// Who else has the item and does not lend it.
    fn obstacles(&self, tx: TxId, item: u32, mode: Mode) -> Vec<TxId> {
        let mut rivals = self.locks.rivals(tx, item, mode);
        rivals.retain(|rival| !self.lends(*rival));
        rivals
    }

    fn lends(&self, tx: TxId) -> bool {
        let work = self.pending.get(&tx).filter(|_| self.rules.lend);
        work.is_some_and(|work| work.prepared && work.offered)
    }

    /// Whoever waits for a transaction that lends may borrow from it.
    fn lend(&mut self, tx: TxId) {
        if self.lends(tx) {
            self.serve(&self.locks.of(tx));
        }
    }

    /// A prepared rival is no obstacle where it lends, but then its outcome is the borrower's too.
    fn grant(&mut self, tx: TxId, item: u32, mode: Mode, waited: bool) {
        let lenders = self.locks.rivals(tx, item, mode);
        self.locks.grant(tx, item, mode);
        self.notes.push(Note::Locked { tx, item, mode, waited });
        let Some(work) = self.pending.get_mut(&tx).filter(|work| !work.prepared) else { return };
        for lender in lenders {
            work.lenders.insert(lender);
            self.notes.push(Note::Borrowed { tx, item, lender });
        }
    }

    /// Lets the locks go, to whoever waits for them.
    fn end(&mut self, tx: TxId, work: &Work) {
        if work.appended {
            let items = work.images.0.iter().map(|image| image.item);
            self.logged.insert(tx, items.collect());
        }
        let items = self.locks.of(tx);
        self.locks.release(tx, &items);
        self.notes.push(Note::Unlocked { tx });
        self.serve(&items);
        self.make_room();
    }

    /// Grants what can be granted to those at the heads of these queues.
    fn serve(&mut self, items: &[u32]) {
        for item in items {
            while let Some((tx, mode)) = self.locks.first(*item) {
                if !self.obstacles(tx, *item, mode).is_empty() {
                    break;
                }
                self.locks.dequeue(*item);
                self.grant(tx, *item, mode, true);
            }
        }
    }

    fn log_used(&self) -> usize {
        let prepared = self.pending.values().filter(|work| work.prepared);
        prepared.map(|work| work.images.0.len()).sum::<usize>()
            + self.logged.values().map(Vec::len).sum::<usize>()
    }

    fn make_room(&mut self) {
        let pending = &self.pending;
        self.storage.make_room(|| unlogged(pending));
    }
}

/// The changes that could not be taken back after a crash: only memory knows of them.
fn unlogged(pending: &BTreeMap<TxId, Work>) -> Vec<&Image> {
    pending.values().filter(|work| !work.durable).flat_map(|work| &work.images.0).collect()
}

/// Where data and log move together: what a host asks of the data under it.
impl Data for Manager {
    type Images = Images;

    /// Before the promise that they back, so that one force makes both durable.
    fn images(&mut self, tx: TxId) -> Images {
        match self.pending.get_mut(&tx) {
            Some(work) if work.prepared && !work.appended => {
                work.appended = true;
                work.images.clone()
            }
            _ => Images::default(),
        }
    }

    fn logged(&mut self, tx: TxId, images: &Images) {
        if let Some(work) = self.pending.get_mut(&tx) {
            work.durable |= work.appended && work.images == *images;
        }
    }

    fn finish(&mut self, tx: TxId, decision: Decision) {
        match decision {
            Decision::Commit => self.commit_prepared(tx),
            Decision::Abort => self.rollback_prepared(tx),
        }
    }

    fn reload(&mut self, tx: TxId, images: &Images) {
        if !images.0.is_empty() {
            self.redo(images);
            self.adopt(tx, images);
            self.relock(tx, images);
        }
    }

    /// The checkpoint that lets a log be cut: pages go to disk before the log forgets them.
    fn cut(&mut self, tx: TxId) {
        for item in self.logged.remove(&tx).unwrap_or_default() {
            self.storage.write_out(item, &unlogged(&self.pending));
        }
    }

    fn crash(&mut self) {
        self.storage.crash();
        self.locks = Locks::default();
        self.pending.clear();
        self.logged.clear();
        self.notes.clear();
    }
}

//! Stretches of time at a node: in doubt, blocked, down, at work, writing, locking and waiting.

use std::collections::BTreeMap;

use crate::{Excerpt, Means, Observation, Standing, What, visible};

use super::words::Words;

/// What a stretch shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// The node is down.
    Down,
    /// Local work, up to the vote.
    Work,
    /// The node has voted YES and does not know the outcome.
    Doubt,
    /// Of that, the part after it has asked.
    Blocked,
    /// A record on its way to disk that somebody waits for.
    Forced,
    /// One that nobody waits for.
    Lazy,
    /// A lock is held.
    Lock,
    /// A lock is waited for.
    Wait,
}

/// The stretches of a run, a list for each of their properties.
#[derive(Debug, Default, serde::Serialize)]
pub(super) struct Spans {
    pub(super) kind: Vec<Kind>,
    pub(super) node: Vec<u32>,
    pub(super) tx: Vec<Option<u32>>,
    /// The observations in which it begins and ends; none beyond the ends of the excerpt.
    pub(super) from: Vec<Option<u32>>,
    pub(super) to: Vec<Option<u32>>,
    /// The record or the item, a number of [`Words`].
    pub(super) says: Vec<u32>,
    #[serde(skip)]
    open: BTreeMap<Key, usize>,
}

/// What tells apart the stretches that are open at a time: the last is a place in a log, or an
/// item.
type Key = (Kind, u32, Option<u32>, u64);

impl Spans {
    /// What goes on where the excerpt begins.
    pub(super) fn before(excerpt: &Excerpt, names: &[&str], words: &mut Words) -> Spans {
        let mut spans = Spans::default();
        let nothing = words.number("");
        for (node, name) in (0..).zip(names) {
            if excerpt.before.is_down(name) {
                spans.open((Kind::Down, node, None, 0), None, nothing);
            }
            for tx in excerpt.before.doubts_of(name) {
                spans.open((Kind::Doubt, node, tx, 0), None, nothing);
            }
            for tx in excerpt.before.blocked_in(name) {
                spans.open((Kind::Blocked, node, tx, 0), None, nothing);
            }
        }
        spans
    }

    fn open(&mut self, key: Key, from: Option<u32>, says: u32) {
        self.open_for(key.2, key, from, says);
    }

    fn open_for(&mut self, tx: Option<u32>, key: Key, from: Option<u32>, says: u32) {
        let (kind, node, ..) = key;
        if self.open.contains_key(&key) {
            return;
        }
        self.open.insert(key, self.kind.len());
        self.kind.push(kind);
        self.node.push(node);
        self.tx.push(tx);
        self.from.push(from);
        self.to.push(None);
        self.says.push(says);
    }

    fn is_open(&self, key: Key) -> bool {
        self.open.contains_key(&key)
    }

    fn close(&mut self, at: u32, key: Key) {
        if let Some(span) = self.open.remove(&key) {
            self.to[span] = Some(at);
        }
    }

    /// Closes all stretches of these kinds at a node, of all transactions or of one.
    fn close_all(&mut self, at: u32, node: u32, tx: Option<Option<u32>>, kinds: &[Kind]) {
        for kind in kinds {
            let first = (*kind, node, tx.unwrap_or(None), 0);
            let last = (*kind, node, tx.unwrap_or(Some(u32::MAX)), u64::MAX);
            let keys: Vec<Key> = self.open.range(first..=last).map(|(key, _)| *key).collect();
            keys.into_iter().for_each(|key| self.close(at, key));
        }
    }

    /// Takes in an observation, which is the `at`-th.
    pub(super) fn see(&mut self, at: u32, seen: &Observation, node: u32, words: &mut Words) {
        let (tx, here) = (seen.tx, Some(at));
        let key = |kind| (kind, node, tx, 0);
        match &seen.what {
            What::Crash { .. } => {
                use Kind::{Blocked, Doubt, Forced, Lazy, Lock, Wait, Work};
                let all = [Work, Doubt, Blocked, Forced, Lazy, Lock, Wait];
                self.close_all(at, node, None, &all);
                self.open((Kind::Down, node, None, 0), here, words.number(""));
            }
            What::Restart => self.close(at, (Kind::Down, node, None, 0)),
            What::Work => self.open(key(Kind::Work), here, words.number("")),
            What::Vote { .. } => self.close(at, key(Kind::Work)),
            What::Enter { status: Standing::InDoubt } => {
                self.open(key(Kind::Doubt), here, words.number(""));
            }
            What::Send { means: Some(Means::Question), .. } if self.is_open(key(Kind::Doubt)) => {
                self.open(key(Kind::Blocked), here, words.number(""));
            }
            What::Decide { .. } | What::Forget => {
                self.close_all(at, node, Some(tx), &[Kind::Work, Kind::Doubt, Kind::Blocked]);
            }
            What::Append { lsn, record, forced, .. } => {
                let kind = if *forced { Kind::Forced } else { Kind::Lazy };
                // A place in the log belongs to one transaction, so the place alone is the key.
                let says = words.number(&visible(record));
                self.open_for(tx, (kind, node, None, *lsn), here, says);
            }
            What::Durable { lsn, .. } => {
                self.close(at, (Kind::Forced, node, None, *lsn));
                self.close(at, (Kind::Lazy, node, None, *lsn));
            }
            What::Lock { item, mode } => {
                let item = u64::from(*item);
                self.close(at, (Kind::Wait, node, tx, item));
                let says = words.number(&format!("item {item}, {}", mode.word()));
                self.open((Kind::Lock, node, tx, item), here, says);
            }
            What::Wait { item, behind } => {
                let says = words.number(&format!("item {item}, behind transaction {behind}"));
                self.open((Kind::Wait, node, tx, u64::from(*item)), here, says);
            }
            What::Unlock => self.close_all(at, node, Some(tx), &[Kind::Lock, Kind::Wait]),
            _ => {}
        }
    }
}

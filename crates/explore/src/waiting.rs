//! The worlds that wait to be looked at.

use std::collections::{BTreeMap, VecDeque};

use crate::state::State;

/// A world with its place among those that were met, and how many choices led to it.
pub(crate) struct Met {
    pub(crate) place: u32,
    pub(crate) depth: u32,
    pub(crate) state: State,
}

impl Met {
    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        (size_of::<Met>() - size_of::<State>()) as u64 + self.state.bytes()
    }
}

/// Worlds by rank, the lowest first; within a rank in the order in which they were met.
pub(crate) struct Waiting {
    ranks: BTreeMap<u32, VecDeque<Met>>,
    many: u64,
    bytes: u64,
}

impl Waiting {
    pub(crate) fn new() -> Waiting {
        Waiting { ranks: BTreeMap::new(), many: 0, bytes: 0 }
    }

    pub(crate) fn push(&mut self, rank: u32, met: Met) {
        self.many += 1;
        self.bytes += met.bytes();
        self.ranks.entry(rank).or_default().push_back(met);
    }

    /// At most so many worlds, all of the lowest rank; none when none wait.
    pub(crate) fn take(&mut self, most: usize) -> Vec<Met> {
        let Some(mut entry) = self.ranks.first_entry() else { return Vec::new() };
        let lowest = entry.get_mut();
        let block: Vec<Met> = lowest.drain(..most.min(lowest.len())).collect();
        if lowest.is_empty() {
            entry.remove();
        }
        self.many -= block.len() as u64;
        self.bytes -= block.iter().map(Met::bytes).sum::<u64>();
        block
    }

    /// How many wait.
    pub(crate) fn len(&self) -> u64 {
        self.many
    }

    /// About how much memory they take, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

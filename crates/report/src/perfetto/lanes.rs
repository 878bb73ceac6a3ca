//! Threads for slices: on one thread slices lie beside or within each other. Those of messages lie
//! beside each other only: of two that begin together on one thread, the reader would hang the
//! arrows of both on one.

use std::collections::{BTreeMap, BTreeSet};

use crate::visible;

use super::slices::{Group, Slice, Slices};

/// The threads of a run, by number.
#[derive(Debug)]
pub(super) struct Lanes {
    names: Vec<String>,
}

impl Lanes {
    /// Gives each slice a thread: of its node and group the first on which it overlaps none.
    pub(super) fn of(slices: &mut Slices) -> Lanes {
        // The ends of the slices within which the next may lie, of each thread so far.
        let mut open: BTreeMap<(usize, Group), Vec<Vec<u64>>> = BTreeMap::new();
        let mut places = Vec::new();
        for (n, slice) in slices.all.iter().enumerate() {
            let threads = open.entry((slice.node, slice.group)).or_default();
            places.push((n, (slice.node, slice.group, thread_of(slice, threads))));
        }
        // Nodes in their order, and the threads of a node together.
        let inhabited: BTreeSet<Place> = places.iter().map(|(_, place)| *place).collect();
        let numbers: BTreeMap<Place, u32> = inhabited.iter().copied().zip(1..).collect();
        let named = |(node, group, thread): &Place| name(&slices.nodes[*node], *group, *thread);
        let names = inhabited.iter().map(named).collect();
        for (n, place) in places {
            slices.all[n].thread = numbers[&place];
        }
        Lanes { names }
    }

    /// The threads' numbers and names.
    pub(super) fn names(&self) -> impl Iterator<Item = (u32, &str)> {
        (1..).zip(self.names.iter().map(String::as_str))
    }
}

/// A thread before it has a number: its node and group, and which of these it is.
type Place = (usize, Group, usize);

/// The first thread on which a slice lies beside or within the others.
fn thread_of(slice: &Slice, threads: &mut Vec<Vec<u64>>) -> usize {
    let Some(lasts) = slice.lasts_ns else {
        return 0;
    };
    let end = slice.at_ns.saturating_add(lasts);
    let alone = slice.group == Group::Messages;
    for (n, ends) in threads.iter_mut().enumerate() {
        while ends.last().is_some_and(|last| *last <= slice.at_ns) {
            ends.pop();
        }
        if ends.last().is_none_or(|last| end <= *last && !alone) {
            ends.push(end);
            return n;
        }
    }
    threads.push(vec![end]);
    threads.len() - 1
}

fn name(node: &str, group: Group, thread: usize) -> String {
    let node: String = visible(node).chars().take(60).collect();
    let what = match group {
        Group::Messages => "",
        Group::Log => " log",
        Group::Stance => " stands",
        Group::Locks => " locks",
    };
    if thread == 0 { format!("{node}{what}") } else { format!("{node}{what} {}", thread + 1) }
}

//! A set of nodes, in node order.

use alloc::boxed::Box;
use alloc::vec;

use crate::NodeId;

/// A set of nodes. Up to 64 nodes it is one machine word; beyond, words on the heap.
///
/// Equal sets are equal values however they came about: the heap form is used only while a node
/// of number 64 or more is in the set, and never has an empty last word.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeSet(Words);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Words {
    One(u64),
    Many(Box<[u64]>),
}

impl NodeSet {
    /// The set without nodes.
    pub const EMPTY: NodeSet = NodeSet(Words::One(0));

    /// The nodes 0 to `count` − 1.
    #[must_use]
    pub fn first(count: u16) -> NodeSet {
        (0..count).map(NodeId).collect()
    }

    /// Whether `node` is in the set.
    #[must_use]
    #[inline]
    pub fn contains(&self, node: NodeId) -> bool {
        let (word, bit) = place(node);
        match &self.0 {
            Words::One(bits) => word == 0 && bits & bit != 0,
            Words::Many(words) => words.get(word).is_some_and(|bits| bits & bit != 0),
        }
    }

    /// Whether no node is in the set.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Words::One(0))
    }

    /// How many nodes are in the set.
    #[must_use]
    #[inline]
    pub fn len(&self) -> u32 {
        self.words().iter().map(|w| w.count_ones()).sum()
    }

    /// Adds `node`; says whether it was new.
    #[inline]
    pub fn insert(&mut self, node: NodeId) -> bool {
        let (word, bit) = place(node);
        if let (Words::One(bits), 0) = (&mut self.0, word) {
            let new = *bits & bit == 0;
            *bits |= bit;
            return new;
        }
        self.insert_large(word, bit)
    }

    #[inline(never)]
    fn insert_large(&mut self, word: usize, bit: u64) -> bool {
        if word >= self.words().len() {
            let mut longer = vec![0; word + 1];
            longer[..self.words().len()].copy_from_slice(self.words());
            self.0 = Words::Many(longer.into_boxed_slice());
        }
        let words = self.words_mut();
        let new = words[word] & bit == 0;
        words[word] |= bit;
        new
    }

    /// Takes `node` out; says whether it was there.
    #[inline]
    pub fn remove(&mut self, node: NodeId) -> bool {
        let (word, bit) = place(node);
        match &mut self.0 {
            Words::One(bits) => {
                let there = word == 0 && *bits & bit != 0;
                *bits &= !(if there { bit } else { 0 });
                there
            }
            Words::Many(_) => self.remove_large(word, bit),
        }
    }

    #[inline(never)]
    fn remove_large(&mut self, word: usize, bit: u64) -> bool {
        let Some(bits) = self.words_mut().get_mut(word) else { return false };
        let there = *bits & bit != 0;
        *bits &= !bit;
        self.trim();
        there
    }

    /// The nodes of either set.
    #[must_use]
    pub fn union(&self, other: &NodeSet) -> NodeSet {
        if let (Words::One(a), Words::One(b)) = (&self.0, &other.0) {
            return NodeSet(Words::One(a | b));
        }
        self.iter().chain(other.iter()).collect()
    }

    /// The nodes of this set but `node`.
    #[must_use]
    #[inline]
    pub fn without(&self, node: NodeId) -> NodeSet {
        let mut rest = self.clone();
        rest.remove(node);
        rest
    }

    /// The nodes in ascending order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = NodeId> + '_ {
        match &self.0 {
            Words::One(bits) => Nodes { bits: *bits, base: 0, rest: &[] },
            Words::Many(words) => Nodes { bits: words[0], base: 0, rest: &words[1..] },
        }
    }

    fn words(&self) -> &[u64] {
        match &self.0 {
            Words::One(word) => core::slice::from_ref(word),
            Words::Many(words) => words,
        }
    }

    fn words_mut(&mut self) -> &mut [u64] {
        match &mut self.0 {
            Words::One(word) => core::slice::from_mut(word),
            Words::Many(words) => words,
        }
    }

    fn trim(&mut self) {
        let Words::Many(words) = &self.0 else { return };
        let used = words.iter().rposition(|&w| w != 0).map_or(1, |last| last + 1);
        if used == 1 {
            self.0 = Words::One(words[0]);
        } else if used < words.len() {
            self.0 = Words::Many(words[..used].into());
        }
    }
}

impl Default for NodeSet {
    fn default() -> NodeSet {
        NodeSet::EMPTY
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> NodeSet {
        let mut set = NodeSet::EMPTY;
        for node in nodes {
            set.insert(node);
        }
        set
    }
}

/// The nodes of the present word that are still to come, and the words behind it.
struct Nodes<'a> {
    bits: u64,
    base: u16,
    rest: &'a [u64],
}

impl Iterator for Nodes<'_> {
    type Item = NodeId;

    #[inline]
    fn next(&mut self) -> Option<NodeId> {
        while self.bits == 0 {
            let (bits, rest) = self.rest.split_first()?;
            (self.bits, self.rest) = (*bits, rest);
            self.base += 64;
        }
        let lowest = self.bits.trailing_zeros() as u16;
        self.bits &= self.bits - 1;
        Some(NodeId(self.base + lowest))
    }
}

fn place(node: NodeId) -> (usize, u64) {
    (usize::from(node.0 / 64), 1 << (node.0 % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    /// Every operation agrees with the standard library's set on a fixed walk through small and
    /// large node numbers, and equal sets are equal values.
    #[test]
    fn behaves_as_an_ordered_set() {
        let mut set = NodeSet::EMPTY;
        let mut model = BTreeSet::new();
        let mut step: u32 = 1;
        for _ in 0..5_000 {
            step = step.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let node = NodeId([3, 17, 63, 64, 65, 127, 128, 300][(step >> 20) as usize % 8]);
            if step >> 31 == 0 {
                assert_eq!(set.insert(node), model.insert(node));
            } else {
                assert_eq!(set.remove(node), model.remove(&node));
            }
            assert_eq!(set.iter().collect::<Vec<_>>(), model.iter().copied().collect::<Vec<_>>());
            assert_eq!(set.len() as usize, model.len());
            assert_eq!(set.is_empty(), model.is_empty());
            assert_eq!(set.contains(node), model.contains(&node));
            assert_eq!(set, model.iter().copied().collect());
        }
    }

    #[test]
    fn union_and_without() {
        let low: NodeSet = [NodeId(1), NodeId(2)].into_iter().collect();
        let high: NodeSet = [NodeId(2), NodeId(90)].into_iter().collect();
        assert_eq!(low.union(&high), [NodeId(1), NodeId(2), NodeId(90)].into_iter().collect());
        assert_eq!(high.without(NodeId(90)), [NodeId(2)].into_iter().collect());
        assert_eq!(NodeSet::first(3).len(), 3);
    }
}

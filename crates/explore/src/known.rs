//! Which worlds need not be looked at any more.

use commitsim_core::Protocol;

use crate::reader::Reader;
use crate::richest::Richest;
use crate::state::State;
use crate::visited::Visited;

/// The worlds that a search has met.
pub(crate) enum Known {
    /// Every one.
    All(Visited),
    /// Those in which the most was sent; the others can do no more.
    Richest(Richest),
}

/// What a world is looked up by.
pub(crate) struct Key {
    /// The fingerprint of the whole world, or of all but what was sent.
    pub(crate) digest: u128,
    /// What was sent, in the order of the numbers.
    messages: Vec<u32>,
}

impl Known {
    pub(crate) fn key<P: Protocol>(&self, reader: &Reader<'_, P>, state: &State) -> Key {
        match self {
            Known::All(_) => Key { digest: reader.digest(state), messages: Vec::new() },
            Known::Richest(_) => {
                let mut messages = state.flying().to_vec();
                messages.sort_unstable();
                Key { digest: reader.digest_of_rest(state), messages }
            }
        }
    }

    pub(crate) fn covers(&self, key: &Key) -> bool {
        match self {
            Known::All(visited) => visited.contains(key.digest),
            Known::Richest(richest) => richest.covers(key.digest, &key.messages),
        }
    }

    /// Notes a world, and returns its place if it has to be looked at.
    pub(crate) fn insert(&mut self, key: &Key, from: u32, choice: u32) -> Option<u32> {
        match self {
            Known::All(visited) => visited.insert(key.digest, from, choice),
            Known::Richest(richest) => richest.insert(key.digest, &key.messages, from, choice),
        }
    }

    /// Whether the world at `place` need not be looked at any more.
    pub(crate) fn is_passed(&self, place: u32) -> bool {
        match self {
            Known::All(_) => false,
            Known::Richest(richest) => richest.is_passed(place),
        }
    }

    /// Worlds of the lowest rank are looked at first: those that take the fewest choices, or in
    /// which the most was sent, so that few are looked at for nothing.
    pub(crate) fn rank(&self, depth: u32, state: &State) -> u32 {
        match self {
            Known::All(_) => depth,
            Known::Richest(_) => u32::MAX - state.flying().len() as u32,
        }
    }

    /// The choices that led to the world at `place`, first to last. The first world is its own
    /// predecessor.
    pub(crate) fn way_to(&self, place: u32) -> Vec<u32> {
        let mut way = Vec::new();
        let mut at = place;
        while at != 0 {
            let (from, choice) = match self {
                Known::All(visited) => visited.origin(at),
                Known::Richest(richest) => richest.origin(at),
            };
            way.push(choice);
            at = from;
        }
        way.reverse();
        way
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Known::All(visited) => visited.len(),
            Known::Richest(richest) => richest.len(),
        }
    }

    /// How much memory it holds, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Known::All(visited) => visited.bytes(),
            Known::Richest(richest) => richest.bytes(),
        }
    }
}

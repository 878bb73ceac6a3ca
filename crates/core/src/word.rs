//! What the outside may know of a message or a record without knowing the protocol.

use core::fmt::Debug;
use core::hash::Hash;

use crate::{Decision, Vote};

/// What sending a message, or having a record on disk, commits its author to.
///
/// The oracle judges protocols by these meanings alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Meaning {
    /// Asks for a vote (PREPARE).
    Request,
    /// The author's own vote.
    Vote(Vote),
    /// The outcome.
    Decision(Decision),
    /// Asks for the outcome.
    Question,
    /// Names the participants before anyone is asked (the collecting record of presumed commit).
    Members,
    /// Nothing that an outsider has to know.
    Other,
}

/// A message or a record, as the outside sees it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Word {
    /// Its place in [`Spoken::NAMES`].
    pub tag: u8,
    /// Whatever else it carries, so that two different values never look the same in a trace.
    pub detail: u32,
    /// What it commits its author to.
    pub meaning: Meaning,
}

/// A message or a record: a value with a name and a meaning.
pub trait Spoken: Clone + Eq + Ord + Hash + Debug + Send + Sync + 'static {
    /// The names of all values of this type, as scenarios, moments and traces write them.
    const NAMES: &'static [&'static str];

    /// The value as the outside sees it.
    fn word(&self) -> Word;
}

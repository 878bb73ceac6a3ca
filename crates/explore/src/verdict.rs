//! What a search found.

use commitsim_core::Protocol;
use commitsim_spec::Violation;

use crate::choice::Choice;
use crate::heal::Ill;

/// What a search found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict<P: Protocol> {
    /// Nothing that can happen within the bounds breaks a property.
    Holds(Walk),
    /// A shortest way to a broken property; a longer one where a reduced search has found it and
    /// the search for a shortest was given up.
    Broken {
        /// What happens, first to last.
        way: Vec<Choice<P>>,
        /// What the oracle says to the last of it.
        violations: Vec<Violation>,
        /// How far the search was.
        walk: Walk,
    },
    /// A way, as short, to a world that does not recover when nothing goes wrong any more.
    Ill {
        /// What happens, first to last.
        way: Vec<Choice<P>>,
        /// What is wrong with where it leads.
        ill: Ill,
        /// How far the search was.
        walk: Walk,
    },
    /// The search was given up before its end; nothing was found up to there.
    Unfinished(Walk),
}

/// How far a search went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Walk {
    /// How many different worlds were met, those not counted that were left out.
    pub worlds: u64,
    /// How many choices led to them.
    pub choices: u64,
    /// The length of the longest way to a world; of the shortest ways, where none was left out.
    pub depth: u32,
    /// Memory of the fingerprints of all worlds, and of those that are known to recover, in bytes.
    pub fingerprints: u64,
    /// The most worlds that were in memory at a time, waiting to be looked at.
    pub waiting: u64,
    /// The most memory that such worlds took, in bytes; estimated.
    pub waiting_bytes: u64,
    /// Memory of what worlds have in common, hosts and oracles, in bytes; estimated.
    pub shared: u64,
    /// The most memory in all, in bytes.
    pub bytes: u64,
}

impl<P: Protocol> Verdict<P> {
    /// How far the search went.
    #[must_use]
    pub fn walk(&self) -> Walk {
        match self {
            Verdict::Holds(walk) | Verdict::Unfinished(walk) => *walk,
            Verdict::Broken { walk, .. } | Verdict::Ill { walk, .. } => *walk,
        }
    }
}

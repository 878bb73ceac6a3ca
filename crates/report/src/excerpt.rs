//! The part of a trace that is shown.

use std::collections::BTreeSet;

use crate::{Decided, Means, Observation, Standing, What};

/// Which observations are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Selection {
    /// Nothing before this time, in nanoseconds.
    pub from_ns: u64,
    /// Nothing after this time, in nanoseconds.
    pub until_ns: u64,
    /// Only this transaction, and what happens to nodes and network as a whole.
    pub tx: Option<u32>,
    /// At most this many observations.
    pub limit: u64,
}

/// The selected observations, and how things stood before the first of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {
    /// The observations, in the order of the trace.
    pub observations: Vec<Observation>,
    /// How many more would have been shown, had there been no limit.
    pub left_out: u64,
    /// How nodes stood where the excerpt begins.
    pub before: Stances,
    selection: Selection,
}

/// Which nodes are down, in doubt or blocked. Those in doubt are listed by transaction.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stances {
    down: BTreeSet<String>,
    in_doubt: BTreeSet<(String, Option<u32>)>,
    blocked: BTreeSet<(String, Option<u32>)>,
}

impl Selection {
    /// Everything.
    pub const ALL: Selection =
        Selection { from_ns: 0, until_ns: u64::MAX, tx: None, limit: u64::MAX };

    /// Whether an observation is of this transaction, or of none, and not too late.
    fn concerns(&self, seen: &Observation) -> bool {
        let of_it = self.tx.is_none() || seen.tx.is_none() || seen.tx == self.tx;
        of_it && seen.t_ns <= self.until_ns
    }

    /// What to say where nothing of these observations is what was asked for.
    #[must_use]
    pub fn in_vain<'o>(&self, shown: impl IntoIterator<Item = &'o Observation>) -> Option<String> {
        let mut shown = shown.into_iter();
        match self.tx {
            Some(tx) if shown.all(|seen| seen.tx != Some(tx)) => {
                Some(format!("nothing of transaction {tx} is in this part of the trace"))
            }
            None if shown.next().is_none() => {
                Some("nothing is in this part of the trace".to_string())
            }
            _ => None,
        }
    }

    /// Whether an observation is shown, were there no limit.
    #[must_use]
    pub fn shows(&self, seen: &Observation) -> bool {
        self.concerns(seen) && seen.t_ns >= self.from_ns
    }
}

impl Excerpt {
    /// Nothing yet.
    #[must_use]
    pub fn new(selection: Selection) -> Excerpt {
        let before = Stances::default();
        Excerpt { observations: Vec::new(), left_out: 0, before, selection }
    }

    /// Looks at the next observation of a trace and keeps it if it is selected.
    pub fn see(&mut self, seen: Observation) {
        if !self.selection.concerns(&seen) {
            return;
        }
        if !self.selection.shows(&seen) {
            self.before.change(&seen);
        } else if (self.observations.len() as u64) < self.selection.limit {
            self.observations.push(seen);
        } else {
            self.left_out += 1;
        }
    }

    /// What to say where something was left out.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        (self.left_out > 0).then(|| {
            format!(
                "cut after {} observations, {} more follow; --from, --until, --tx and --limit \
                 choose others",
                self.observations.len(),
                self.left_out
            )
        })
    }

    /// What to say where there is nothing to see.
    #[must_use]
    pub fn vain(&self) -> Option<String> {
        self.selection.in_vain(&self.observations)
    }
}

impl Stances {
    /// Whether the node is down.
    #[must_use]
    pub fn is_down(&self, node: &str) -> bool {
        self.down.contains(node)
    }

    /// Whether the node is in doubt about any transaction.
    #[must_use]
    pub fn is_in_doubt(&self, node: &str) -> bool {
        self.in_doubt.iter().any(|(other, _)| other == node)
    }

    /// Whether the node is in doubt and has asked for the outcome.
    #[must_use]
    pub fn is_blocked(&self, node: &str) -> bool {
        self.blocked.iter().any(|(other, _)| other == node)
    }

    /// The transactions about which the node is in doubt.
    pub(crate) fn doubts_of(&self, node: &str) -> impl Iterator<Item = Option<u32>> {
        self.in_doubt.iter().filter(move |(other, _)| other == node).map(|(_, tx)| *tx)
    }

    /// Those in which it is blocked.
    pub(crate) fn blocked_in(&self, node: &str) -> impl Iterator<Item = Option<u32>> {
        self.blocked.iter().filter(move |(other, _)| other == node).map(|(_, tx)| *tx)
    }

    /// Takes an observation in.
    pub fn change(&mut self, seen: &Observation) {
        let part = || (seen.node.clone(), seen.tx);
        match &seen.what {
            What::Crash { .. } => {
                self.down.insert(seen.node.clone());
                self.in_doubt.retain(|(node, _)| *node != seen.node);
                self.blocked.retain(|(node, _)| *node != seen.node);
            }
            What::Restart => {
                self.down.remove(&seen.node);
            }
            What::Enter { status: Standing::InDoubt } => {
                self.in_doubt.insert(part());
            }
            What::Send { means: Some(Means::Question), .. } if self.in_doubt.contains(&part()) => {
                self.blocked.insert(part());
            }
            What::Decide { decision: Decided::Commit | Decided::Abort, .. } | What::Forget => {
                self.in_doubt.remove(&part());
                self.blocked.remove(&part());
            }
            _ => {}
        }
    }
}

//! The rules that other tools have for what they read, as far as their code and damaged files
//! taught them. Each checker reads the text alone and says what it found, or which rule is broken.

pub(crate) mod mermaid;
pub(crate) mod perfetto;
pub(crate) mod shiviz;
pub(crate) mod svg;

use std::collections::{BTreeMap, BTreeSet};

use commitsim_report::{Excerpt, What};

/// What an excerpt holds, counted straightforwardly.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Counted {
    /// By kind.
    pub(crate) kinds: BTreeMap<&'static str, usize>,
    /// Arrivals and losses of messages whose sending is in the excerpt too.
    pub(crate) arrows: usize,
    pub(crate) crosses: usize,
}

pub(crate) fn counted(excerpt: &Excerpt) -> Counted {
    let mut counted = Counted::default();
    let mut sent = BTreeSet::new();
    for seen in &excerpt.observations {
        let kind = match &seen.what {
            What::Send { id, .. } => {
                sent.insert(*id);
                "send"
            }
            What::Duplicate { id, copy, .. } => {
                if sent.contains(id) {
                    sent.insert(*copy);
                }
                "duplicate"
            }
            What::Deliver { id, .. } => {
                counted.arrows += usize::from(sent.contains(id));
                "deliver"
            }
            What::Lose { id, .. } => {
                counted.crosses += usize::from(sent.contains(id));
                "lose"
            }
            What::Arm { .. } | What::Disarm { .. } => "alarm",
            What::Decide { .. } => "decide",
            What::Crash { .. } => "crash",
            What::Append { forced: true, .. } => "forced",
            _ => "other",
        };
        *counted.kinds.entry(kind).or_default() += 1;
    }
    counted
}

impl Counted {
    pub(crate) fn of(&self, kind: &str) -> usize {
        self.kinds.get(kind).copied().unwrap_or(0)
    }

    pub(crate) fn all(&self) -> usize {
        self.kinds.values().sum()
    }
}

/// The rule is broken unless this holds.
pub(crate) fn rule(holds: bool, says: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(says()) }
}

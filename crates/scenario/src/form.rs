//! What each object of a scenario may hold: its keys, and one line about each.
//!
//! The reader refuses what is not listed here, and lists of keys for people are made from here,
//! so that the two cannot differ.

use crate::form_data::{COMMITS, DEADLOCK, DECIDE, KEYS};
use crate::form_faults::{
    AMID, BEGAN, CLOCK, CRASH, CRASH_LOOP, CUT_LINK, DECIDED, DELAY, DUPLICATE, EXPIRE, FAULT,
    FORCED, HEAL, ISOLATE, LATENCY, LOSE, LOSS, MOMENT, PARTITION, PAUSE, RECEIVED, RESTART,
    RESTARTED, SENT, SLOW_DISK, SOME_LINKS, STORM, SWIZZLE,
};
use crate::form_luck::{LABOUR, LUCK, PASSAGE, RHYTHM, RING};
use crate::form_sweep::{AXIS, PLOT, SWEEP};
use crate::form_system::{
    ARRIVALS, CLOSED, DISK, EXPECTED, EXPONENTIAL, LINK, LOG_NORMAL, NETWORK, PARETO, PARTICIPANTS,
    PATIENCE, POISSON, PROTOCOL, REGIONS, SCENARIO, SHAPE, TOPOLOGY, TREE, VOTES, WORK, WORKLOAD,
};
use crate::kind::Kind;

/// An object of a scenario, or one value of it that is written as an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Form {
    /// What the schema calls it, different for each.
    pub id: &'static str,
    /// What it is, with an article, as messages call it.
    pub name: &'static str,
    /// Its keys, in the order in which they are listed.
    pub keys: &'static [Key],
    /// What holds between its keys.
    pub rules: &'static [Rule],
}

/// What holds between the keys of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Exactly one of these groups of keys is there, as a whole.
    One(&'static [&'static [&'static str]]),
    /// At least one of these keys is there.
    Some(&'static [&'static str]),
    /// Where the first key is, there is the second.
    Needs(&'static str, &'static str),
}

/// A key of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// How it is written.
    pub name: &'static str,
    /// Whether it has to be there.
    pub need: Need,
    /// What its value may be.
    pub value: Kind,
    /// What it says, in one line, with the default.
    pub says: &'static str,
}

/// Whether a key has to be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// It has to be there.
    Required,
    /// It may be left out.
    Optional,
}

/// All forms, for those who describe the format.
pub static FORMS: [&Form; 61] = [
    &SCENARIO,
    &PROTOCOL,
    &NETWORK,
    &LINK,
    &SOME_LINKS,
    &REGIONS,
    &DISK,
    &WORK,
    &VOTES,
    &PATIENCE,
    &WORKLOAD,
    &ARRIVALS,
    &POISSON,
    &CLOSED,
    &PARTICIPANTS,
    &TOPOLOGY,
    &TREE,
    &SHAPE,
    &EXPONENTIAL,
    &LOG_NORMAL,
    &PARETO,
    &FAULT,
    &AMID,
    &MOMENT,
    &BEGAN,
    &SENT,
    &RECEIVED,
    &FORCED,
    &DECIDED,
    &RESTARTED,
    &CRASH,
    &CRASH_LOOP,
    &RESTART,
    &PARTITION,
    &CUT_LINK,
    &ISOLATE,
    &SWIZZLE,
    &LOSE,
    &DELAY,
    &DUPLICATE,
    &LOSS,
    &LATENCY,
    &PAUSE,
    &SLOW_DISK,
    &CLOCK,
    &EXPIRE,
    &HEAL,
    &STORM,
    &LUCK,
    &PASSAGE,
    &RING,
    &LABOUR,
    &RHYTHM,
    &EXPECTED,
    &KEYS,
    &DEADLOCK,
    &DECIDE,
    &COMMITS,
    &SWEEP,
    &AXIS,
    &PLOT,
];

pub(crate) const fn required(name: &'static str, value: Kind, says: &'static str) -> Key {
    Key { name, need: Need::Required, value, says }
}

pub(crate) const fn optional(name: &'static str, value: Kind, says: &'static str) -> Key {
    Key { name, need: Need::Optional, value, says }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn keys_are_unique_and_described() {
        let ids: BTreeSet<_> = FORMS.iter().map(|form| form.id).collect();
        assert_eq!(ids.len(), FORMS.len());
        for form in FORMS {
            let names: BTreeSet<_> = form.keys.iter().map(|key| key.name).collect();
            assert_eq!(names.len(), form.keys.len(), "{}", form.name);
            assert!(form.keys.iter().all(|key| key.says.len() > 5), "{}", form.name);
        }
    }
}

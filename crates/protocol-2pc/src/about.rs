//! The variants of two-phase commit: what they are called, allow and promise.

use commitsim_core::{
    About, Alarm, Choice, Cost, Decision, Formation, Necessary, Patience, Promise, Spoken,
    Tolerance, WriteAhead,
};

use crate::{Message, Record, Timer};

/// What the root answers about a transaction of which it has no information
/// (Mohan, Lindsay & Obermarck 1986; protocols.md 3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presumption {
    /// Abort, but aborts are logged and acknowledged like commits (PrN).
    Nothing,
    /// Abort; aborts are neither logged by the root nor acknowledged (PrA).
    Abort,
    /// Commit; commits are not acknowledged, so participants must be on record before they are
    /// asked (PrC).
    Commit,
}

/// Whom a participant in doubt asks (protocols.md 2.4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Termination {
    /// Only the root.
    None,
    /// Everybody; participants keep their decision for as long as somebody might ask.
    Cooperative,
}

/// How a participant writes the outcome before it acknowledges it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutcomeForce {
    /// It forces the record, as R* does.
    Forced,
    /// It writes the record and acknowledges when something else has made it durable.
    Lazy,
}

/// Variant and patience.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// What no information means.
    pub presumption: Presumption,
    /// Whom a participant in doubt asks.
    pub termination: Termination,
    /// How participants write the outcome.
    pub outcome_force: OutcomeForce,
    /// Whether the root holds data and votes, or is a transaction monitor.
    pub coordinator_votes: bool,
    /// How long timers wait.
    pub patience: Patience,
}

impl Config {
    /// Whether participants acknowledge this outcome, and so make it durable (protocols.md 3.3).
    #[must_use]
    pub fn acknowledged(&self, decision: Decision) -> bool {
        match (self.presumption, decision) {
            (Presumption::Nothing, _) => true,
            (Presumption::Abort, decision) => decision == Decision::Commit,
            (Presumption::Commit, decision) => decision == Decision::Abort,
        }
    }

    /// What the root answers when it has no information.
    #[must_use]
    pub fn presumed(&self) -> Decision {
        match self.presumption {
            Presumption::Nothing | Presumption::Abort => Decision::Abort,
            Presumption::Commit => Decision::Commit,
        }
    }

    /// What this variant promises to the oracle.
    #[must_use]
    pub fn promise(&self) -> Promise {
        Promise {
            formation: Formation::star(self.coordinator_votes, 0),
            necessary: match self.termination {
                Termination::None => Necessary::Root,
                Termination::Cooperative => Necessary::RootOrInformed,
            },
            ahead: WriteAhead {
                vote: true,
                commit: true,
                presumes_commit: self.presumed() == Decision::Commit,
                members: self.presumption == Presumption::Commit,
            },
            commit_cost: match (self.presumption, self.outcome_force, self.coordinator_votes) {
                (Presumption::Commit, _, true) => presumed_commit_cost,
                (Presumption::Commit, _, false) => unless_all_read::<1>,
                (_, OutcomeForce::Forced, true) => acknowledged_cost,
                (_, OutcomeForce::Forced, false) => unless_all_read::<2>,
                (_, OutcomeForce::Lazy, true) => lazily_acknowledged_cost,
                (_, OutcomeForce::Lazy, false) => unless_all_read::<3>,
            },
            glare: Cost::NONE,
        }
    }
}

/// PrN and PrA (protocols.md 3.5 and 2.7): 4n − 2r messages, 2(n − r) + 1 forced records.
fn acknowledged_cost(remote: u64, readers: u64) -> Cost {
    Cost { messages: 4 * remote - 2 * readers, forced: 2 * (remote - readers) + 1 }
}

/// The same with the participants' outcome records lazy.
fn lazily_acknowledged_cost(remote: u64, readers: u64) -> Cost {
    Cost { messages: 4 * remote - 2 * readers, forced: remote - readers + 1 }
}

/// PrC (protocols.md 3.5): 3n − r messages, n − r + 2 forced records.
fn presumed_commit_cost(remote: u64, readers: u64) -> Cost {
    Cost { messages: 3 * remote - readers, forced: remote - readers + 2 }
}

/// With a monitor the same (the counts as published, without co-location), but where all leave
/// read-only nothing was changed anywhere: no outcome is forced (protocols.md 2.7).
fn unless_all_read<const VARIANT: u8>(remote: u64, readers: u64) -> Cost {
    let cost = match VARIANT {
        1 => presumed_commit_cost(remote, readers),
        2 => acknowledged_cost(remote, readers),
        _ => lazily_acknowledged_cost(remote, readers),
    };
    // Of a transaction of the root alone the root is the voter, and its YES is recorded.
    let outcome = u64::from(remote > 0 && readers == remote);
    Cost { forced: cost.forced - outcome, ..cost }
}

/// Safe under every fault that this simulator knows, as long as durable records last.
const SAFE: Tolerance = Tolerance { crashes: true, loss: true, partitions: true };

const TERMINATION: Choice = Choice {
    name: "termination",
    values: &["none", "cooperative"],
    meaning: "whom a participant in doubt asks: only the root, or everybody",
};

const OUTCOME_FORCE: Choice = Choice {
    name: "outcome_force",
    values: &["forced", "lazy"],
    meaning: "whether participants force the outcome before they acknowledge it",
};

const COORDINATOR_VOTES: Choice = Choice {
    name: "coordinator_votes",
    values: &["true", "false"],
    meaning: "whether the coordinator is a database with a vote, or a monitor without data",
};

const fn about(
    id: &'static str,
    title: &'static str,
    source: &'static str,
    forgotten: &'static str,
) -> About {
    About {
        id,
        title,
        source,
        assumptions: "nodes recover with their durable log",
        tolerates: SAFE,
        delays: ["2", "3", forgotten],
        helpers: &[],
        options: &[TERMINATION, OUTCOME_FORCE, COORDINATOR_VOTES],
        messages: Message::NAMES,
        records: Record::NAMES,
        timers: Timer::NAMES,
    }
}

/// The three variants: presumed nothing, presumed abort, presumed commit.
pub const ABOUT: [About; 3] = [
    about(
        "2pc",
        "two-phase commit, presumed nothing",
        "Bernstein, Hadzilacos & Goodman 1987, section 7.4; Lampson & Lomet 1993",
        "4",
    ),
    about(
        "2pc-pra",
        "two-phase commit, presumed abort",
        "Mohan, Lindsay & Obermarck 1986, section 3",
        "4",
    ),
    about(
        "2pc-prc",
        "two-phase commit, presumed commit",
        "Mohan, Lindsay & Obermarck 1986, section 4",
        "3",
    ),
];

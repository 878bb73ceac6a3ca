//! The variants of three-phase commit: what they are called and promise.

use commitsim_core::{
    About, Alarm, Cost, Formation, Necessary, Patience, Promise, Span, Spoken, Tolerance,
    WriteAhead,
};

use crate::{Message, Record, Timer};

/// What ends the doubt of a participant whose coordinator is silent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Termination {
    /// A new coordinator is elected and asks how everybody stands (protocols.md 8.3).
    Elected,
    /// Its own state does: the timeout transitions of the textbook (protocols.md 8.2).
    Naive,
}

/// Variant and patience.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// What ends a doubt.
    pub termination: Termination,
    /// How long timers wait.
    pub patience: Patience,
}

impl Config {
    /// How long a participant bears the silence of a coordinator that may itself be waiting for
    /// others, `rounds` times for `votes` each: suspecting it earlier would suspect the living.
    pub(crate) fn silence_after(&self, rounds: u8) -> Span {
        (0..rounds).fold(self.patience.decision, |wait, _| wait.plus(self.patience.votes))
    }

    /// What this variant promises to the oracle.
    #[must_use]
    pub fn promise(&self) -> Promise {
        Promise {
            formation: Formation::STAR,
            necessary: match self.termination {
                Termination::Elected => Necessary::Survivor,
                Termination::Naive => Necessary::Nobody,
            },
            ahead: WriteAhead { vote: true, commit: true, presumes_commit: false, members: false },
            commit_cost: cost,
            glare: Cost::NONE,
        }
    }
}

/// protocols.md 12.1: 6n messages and 3n + 2 forced records. A read-only participant answers
/// PREPARE and leaves, which saves four messages and three forced records. The root forces both of
/// its records in any case.
fn cost(remote: u64, readers: u64) -> Cost {
    Cost { messages: 6 * remote - 4 * readers, forced: 3 * (remote - readers) + 2 }
}

const fn about(
    id: &'static str,
    title: &'static str,
    source: &'static str,
    assumptions: &'static str,
    crashes: bool,
) -> About {
    About {
        id,
        title,
        source,
        assumptions,
        tolerates: Tolerance { crashes, loss: false, partitions: false },
        delays: ["4", "5", "6"],
        helpers: &[],
        options: &[],
        messages: Message::NAMES,
        records: Record::NAMES,
        timers: Timer::NAMES,
    }
}

/// Three-phase commit, and its negative example.
pub const ABOUT: [About; 2] = [
    about(
        "3pc",
        "three-phase commit with election and termination protocol",
        "Skeen 1981; Bernstein, Hadzilacos & Goodman 1987, section 7.5",
        "patience exceeds every delay and nothing is lost, so that silence means a crash",
        true,
    ),
    about(
        "3pc-naive",
        "three-phase commit with the textbook's timeouts (unsafe, the negative example)",
        "Skeen 1981, without its termination protocol",
        "nobody crashes, nothing is lost, and patience exceeds every delay",
        false,
    ),
];

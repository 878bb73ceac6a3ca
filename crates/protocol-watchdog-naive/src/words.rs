//! What two-phase commit with the watchdog of the story says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, Spoken, Vote, Word};

/// What travels (protocols.md 2; 9.2 for the watchdog).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// The root asks for a vote.
    Prepare,
    /// A participant can commit, and promises to.
    Yes,
    /// A participant cannot, and has aborted.
    No,
    /// A participant has nothing to commit and leaves.
    ReadOnly,
    /// The outcome is commit.
    Commit,
    /// The outcome is abort.
    Abort,
    /// A participant will never ask about the outcome again.
    Ack,
    /// A participant in doubt asks for the outcome.
    Inquire,
    /// The watchdog asks what a participant has voted.
    Fence,
    /// A participant remembers that it voted YES, or has not voted and says NO now.
    Register {
        /// Whether it voted YES.
        yes: bool,
    },
}

impl Message {
    pub(crate) fn outcome(decision: Decision) -> Message {
        match decision {
            Decision::Commit => Message::Commit,
            Decision::Abort => Message::Abort,
        }
    }

    fn tag(self) -> u8 {
        match self {
            Message::Prepare => 0,
            Message::Yes => 1,
            Message::No => 2,
            Message::ReadOnly => 3,
            Message::Commit => 4,
            Message::Abort => 5,
            Message::Ack => 6,
            Message::Inquire => 7,
            Message::Fence => 8,
            Message::Register { .. } => 9,
        }
    }
}

impl Spoken for Message {
    const NAMES: &'static [&'static str] = &[
        "Prepare", "Yes", "No", "ReadOnly", "Commit", "Abort", "Ack", "Inquire", "Fence",
        "Register",
    ];

    #[inline]
    fn word(&self) -> Word {
        let vote = |yes| Meaning::Vote(if yes { Vote::Yes } else { Vote::No });
        let (meaning, detail) = match *self {
            Message::Prepare => (Meaning::Request, 0),
            Message::Yes => (vote(true), 0),
            Message::No => (vote(false), 0),
            Message::ReadOnly => (Meaning::Vote(Vote::ReadOnly), 0),
            Message::Commit => (Meaning::Decision(Decision::Commit), 0),
            Message::Abort => (Meaning::Decision(Decision::Abort), 0),
            Message::Ack => (Meaning::Other, 0),
            Message::Inquire | Message::Fence => (Meaning::Question, 0),
            Message::Register { yes } => (vote(yes), 1 + u32::from(yes)),
        };
        Word { tag: self.tag(), detail, meaning }
    }
}

/// What the log remembers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Record {
    /// Participant: YES is promised.
    Prepared,
    /// The outcome is commit.
    Committed,
    /// The outcome is abort.
    Aborted,
    /// Root: nobody will ask any more.
    Ended,
}

impl Record {
    pub(crate) fn outcome(decision: Decision) -> Record {
        match decision {
            Decision::Commit => Record::Committed,
            Decision::Abort => Record::Aborted,
        }
    }

    /// The outcome that the records of a transaction know.
    pub(crate) fn known(log: &[Record]) -> Option<Decision> {
        log.iter().find_map(|record| match record {
            Record::Committed => Some(Decision::Commit),
            Record::Aborted => Some(Decision::Abort),
            Record::Prepared | Record::Ended => None,
        })
    }
}

impl Spoken for Record {
    const NAMES: &'static [&'static str] = &["Prepared", "Committed", "Aborted", "Ended"];

    #[inline]
    fn word(&self) -> Word {
        let meaning = match self {
            Record::Prepared => Meaning::Vote(Vote::Yes),
            Record::Committed => Meaning::Decision(Decision::Commit),
            Record::Aborted => Meaning::Decision(Decision::Abort),
            Record::Ended => Meaning::Other,
        };
        Word { tag: *self as u8, detail: 0, meaning }
    }
}

/// What a node waits for with an alarm set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// Votes: the root's and the watchdog's patience, a participant's with its own work.
    VotesDue,
    /// Root, after a NO: the other votes of the same instant.
    Tally,
    /// Participant in doubt: the outcome.
    DecisionDue,
    /// Root: the acknowledgements.
    AcksDue,
}

impl Alarm for Timer {
    const ALL: &'static [Timer] =
        &[Timer::VotesDue, Timer::Tally, Timer::DecisionDue, Timer::AcksDue];

    const NAMES: &'static [&'static str] = &["VotesDue", "Tally", "DecisionDue", "AcksDue"];

    #[inline]
    fn index(self) -> u8 {
        self as u8
    }
}

//! What two-phase commit with backup coordinators says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, Spoken, Vote, Word};

/// What travels (protocols.md 2, and 9.1 for the backups).
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
    /// A backup has no decision on disk, which means nothing but that.
    Unknown,
    /// The root wants the decision on disk at a backup.
    RecordDecision(Decision),
    /// A backup has it there.
    Recorded,
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
            Message::Unknown => 8,
            Message::RecordDecision(_) => 9,
            Message::Recorded => 10,
        }
    }
}

impl Spoken for Message {
    const NAMES: &'static [&'static str] = &[
        "Prepare",
        "Yes",
        "No",
        "ReadOnly",
        "Commit",
        "Abort",
        "Ack",
        "Inquire",
        "Unknown",
        "RecordDecision",
        "Recorded",
    ];

    #[inline]
    fn word(&self) -> Word {
        let meaning = match *self {
            Message::Prepare => Meaning::Request,
            Message::Yes => Meaning::Vote(Vote::Yes),
            Message::No => Meaning::Vote(Vote::No),
            Message::ReadOnly => Meaning::Vote(Vote::ReadOnly),
            Message::Commit => Meaning::Decision(Decision::Commit),
            Message::Abort => Meaning::Decision(Decision::Abort),
            Message::RecordDecision(decision) => Meaning::Decision(decision),
            Message::Ack | Message::Unknown | Message::Recorded => Meaning::Other,
            Message::Inquire => Meaning::Question,
        };
        let detail = u32::from(*self == Message::RecordDecision(Decision::Abort));
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
    /// Votes: the root's patience with the participants, a participant's with its own work.
    VotesDue,
    /// Root, after a NO: the other votes of the same instant.
    Tally,
    /// Participant in doubt: the outcome.
    DecisionDue,
    /// Root: the first backup, then the acknowledgements.
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

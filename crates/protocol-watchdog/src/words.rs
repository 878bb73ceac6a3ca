//! What two-phase commit with vote registers says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, Spoken, Vote, Word};

/// What travels (protocols.md 9.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// The root asks for a vote, and says that its own register holds YES.
    Prepare,
    /// A participant's register holds YES.
    Yes,
    /// A participant's register holds NO.
    No,
    /// The outcome is commit.
    Commit,
    /// The outcome is abort.
    Abort,
    /// A participant has the outcome on disk and will never ask again.
    Ack,
    /// A participant in doubt asks for the outcome.
    Inquire,
    /// A reader asks for a register, and closes it if it is empty.
    Fence,
    /// The answer to a fence of one that does not know the outcome.
    Register(Holds),
}

/// What a fence finds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Holds {
    /// The register holds YES.
    Yes,
    /// It holds NO, perhaps because of this fence.
    No,
    /// It was erased: every voter has the outcome on disk.
    Finished,
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
            Message::Commit => 3,
            Message::Abort => 4,
            Message::Ack => 5,
            Message::Inquire => 6,
            Message::Fence => 7,
            Message::Register(_) => 8,
        }
    }
}

impl Spoken for Message {
    const NAMES: &'static [&'static str] =
        &["Prepare", "Yes", "No", "Commit", "Abort", "Ack", "Inquire", "Fence", "Register"];

    #[inline]
    fn word(&self) -> Word {
        let (meaning, detail) = match self {
            // PREPARE is the root's vote as well: its record must be durable before it leaves.
            Message::Prepare | Message::Yes => (Meaning::Vote(Vote::Yes), 0),
            Message::No => (Meaning::Vote(Vote::No), 0),
            Message::Commit => (Meaning::Decision(Decision::Commit), 0),
            Message::Abort => (Meaning::Decision(Decision::Abort), 0),
            Message::Ack => (Meaning::Other, 0),
            Message::Inquire | Message::Fence => (Meaning::Question, 0),
            Message::Register(Holds::Yes) => (Meaning::Vote(Vote::Yes), 1),
            Message::Register(Holds::No) => (Meaning::Vote(Vote::No), 2),
            Message::Register(Holds::Finished) => (Meaning::Other, 3),
        };
        Word { tag: self.tag(), detail, meaning }
    }
}

/// What the log remembers. The first record of a transaction is what its register holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Record {
    /// The register holds YES.
    Prepared,
    /// The outcome is commit.
    Committed,
    /// The outcome is abort; alone, the register holds NO.
    Aborted,
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
            Record::Prepared => None,
            Record::Committed => Some(Decision::Commit),
            Record::Aborted => Some(Decision::Abort),
        })
    }
}

impl Spoken for Record {
    const NAMES: &'static [&'static str] = &["Prepared", "Committed", "Aborted"];

    #[inline]
    fn word(&self) -> Word {
        let meaning = match self {
            Record::Prepared => Meaning::Vote(Vote::Yes),
            Record::Committed => Meaning::Decision(Decision::Commit),
            Record::Aborted => Meaning::Decision(Decision::Abort),
        };
        Word { tag: *self as u8, detail: 0, meaning }
    }
}

/// What a node waits for with an alarm set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// Votes: a reader's patience with registers, a voter's with its own work.
    VotesDue,
    /// A reader, after a NO: the other registers of the same instant.
    Tally,
    /// Participant in doubt: the outcome.
    DecisionDue,
    /// Root: the acknowledgements. Watchdog: that the root has them all.
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

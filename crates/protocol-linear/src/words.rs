//! What linear two-phase commit says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, Spoken, Vote, Word};

/// What travels (protocols.md 4.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// To the right: everybody up to here can commit, and promises to. It is also the request.
    Yes,
    /// To the right: somebody cannot, and all abort.
    No,
    /// To the left, or to who asks: the outcome is commit.
    Commit,
    /// To the left, or to who asks: the outcome is abort.
    Abort,
    /// To the right: everybody up to here has the commit on record.
    Ack,
    /// A node in doubt asks for the outcome.
    Inquire,
}

impl Spoken for Message {
    const NAMES: &'static [&'static str] = &["Yes", "No", "Commit", "Abort", "Ack", "Inquire"];

    #[inline]
    fn word(&self) -> Word {
        let meaning = match self {
            Message::Yes => Meaning::Vote(Vote::Yes),
            Message::No => Meaning::Vote(Vote::No),
            Message::Commit => Meaning::Decision(Decision::Commit),
            Message::Abort => Meaning::Decision(Decision::Abort),
            Message::Ack => Meaning::Other,
            Message::Inquire => Meaning::Question,
        };
        Word { tag: *self as u8, detail: 0, meaning }
    }
}

/// What the log remembers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Record {
    /// All but the last node: YES is promised.
    Prepared,
    /// The outcome is commit.
    Committed,
    /// The outcome is abort.
    Aborted,
    /// Nobody to the left will ask any more.
    Ended,
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
    /// Its own work.
    VotesDue,
    /// In doubt: the outcome.
    DecisionDue,
    /// The acknowledgement from the left.
    AcksDue,
}

impl Alarm for Timer {
    const ALL: &'static [Timer] = &[Timer::VotesDue, Timer::DecisionDue, Timer::AcksDue];

    const NAMES: &'static [&'static str] = &["VotesDue", "DecisionDue", "AcksDue"];

    #[inline]
    fn index(self) -> u8 {
        self as u8
    }
}

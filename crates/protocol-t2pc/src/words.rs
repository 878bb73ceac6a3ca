//! What tree two-phase commit says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, Spoken, Vote, Word};

/// What travels (protocols.md 5). There is no NO: who refuses has aborted, and says so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Down: vote, you and everybody below you.
    Prepare,
    /// Up: this whole subtree can commit, and promises to.
    Ready,
    /// Up: this whole subtree has nothing to commit and leaves.
    ReadOnly,
    /// Down, or the root's answer: the outcome is commit.
    Commit,
    /// Up, down, or an answer: the outcome is abort.
    Abort,
    /// Up: nobody in this subtree will ever ask about the outcome again.
    Ack,
    /// To the parent and to the root: what is the outcome?
    Inquire,
}

impl Spoken for Message {
    const NAMES: &'static [&'static str] =
        &["Prepare", "Ready", "ReadOnly", "Commit", "Abort", "Ack", "Inquire"];

    #[inline]
    fn word(&self) -> Word {
        let meaning = match self {
            Message::Prepare => Meaning::Request,
            Message::Ready => Meaning::Vote(Vote::Yes),
            Message::ReadOnly => Meaning::Vote(Vote::ReadOnly),
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
    /// All but the root: READY is, or may be, promised.
    Ready,
    /// The outcome is commit.
    Committed,
    /// All but the root: the outcome is abort.
    Aborted,
    /// All but leaves: nobody below will ask any more.
    Ended,
}

impl Spoken for Record {
    const NAMES: &'static [&'static str] = &["Ready", "Committed", "Aborted", "Ended"];

    #[inline]
    fn word(&self) -> Word {
        let meaning = match self {
            Record::Ready => Meaning::Vote(Vote::Yes),
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
    /// The votes of the subtree.
    VotesDue,
    /// After a refusal: the other votes of the same instant.
    Tally,
    /// In doubt: the outcome.
    DecisionDue,
    /// The children's acknowledgements.
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

//! What three-phase commit says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, NodeId, Spoken, Vote, Word};

/// One coordinator's time in office. The root's is the first; whoever takes over opens the next
/// round, and of two that do so at once the higher number prevails.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Epoch {
    /// How often somebody has taken over, as far as its leader knew.
    pub round: u8,
    /// Who leads in it.
    pub leader: NodeId,
}

impl Epoch {
    pub(crate) fn first(root: NodeId) -> Epoch {
        Epoch { round: 0, leader: root }
    }

    pub(crate) fn next(self, leader: NodeId) -> Epoch {
        Epoch { round: self.round.saturating_add(1), leader }
    }

    /// Whether it is the root's own.
    pub(crate) fn is_first(self) -> bool {
        self.round == 0
    }

    fn detail(self) -> u32 {
        u32::from(self.round) << 16 | u32::from(self.leader.0)
    }
}

/// What a STATE-REPORT says of its sender (protocols.md 8.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// It has aborted, or will.
    Aborted,
    /// It has voted YES and knows no more.
    Uncertain,
    /// It knows that everybody agreed.
    Committable,
    /// It has committed, or will.
    Committed,
    /// It follows a later coordinator, whose epoch the report names (rule 1).
    Refused,
    /// It is not bound by a YES and never will be: it voted read-only and left, or came back
    /// without a record. It neither hinders nor carries a decision.
    Bystander,
    /// It came back with a YES on record and asks, like the receiver (rules 2 and 3).
    BackUncertain,
    /// It came back with a pre-commit on record and asks, like the receiver.
    BackCommittable,
}

impl State {
    pub(crate) fn outcome(decision: Decision) -> State {
        match decision {
            Decision::Commit => State::Committed,
            Decision::Abort => State::Aborted,
        }
    }
}

/// What travels (protocols.md 8.1 and 8.3).
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
    /// Everybody agreed, says the coordinator of this epoch.
    PreCommit(Epoch),
    /// The sender has that on record.
    PreAck(Epoch),
    /// The outcome is commit.
    Commit,
    /// The outcome is abort.
    Abort,
    /// A participant will never ask about the outcome again.
    Ack,
    /// A recovered node asks for the outcome.
    Inquire,
    /// The coordinator of a new epoch asks how everybody stands.
    StateReq(Epoch),
    /// The answer.
    StateReport(Epoch, State),
}

impl Message {
    pub(crate) fn outcome(decision: Decision) -> Message {
        match decision {
            Decision::Commit => Message::Commit,
            Decision::Abort => Message::Abort,
        }
    }
}

impl Spoken for Message {
    #[rustfmt::skip]
    const NAMES: &'static [&'static str] = &[
        "Prepare", "Yes", "No", "ReadOnly", "PreCommit", "PreAck", "Commit", "Abort", "Ack",
        "Inquire", "StateReq", "StateReport",
    ];

    #[inline]
    fn word(&self) -> Word {
        let (tag, detail, meaning) = match *self {
            Message::Prepare => (0, 0, Meaning::Request),
            Message::Yes => (1, 0, Meaning::Vote(Vote::Yes)),
            Message::No => (2, 0, Meaning::Vote(Vote::No)),
            Message::ReadOnly => (3, 0, Meaning::Vote(Vote::ReadOnly)),
            Message::PreCommit(epoch) => (4, epoch.detail(), Meaning::Other),
            Message::PreAck(epoch) => (5, epoch.detail(), Meaning::Other),
            Message::Commit => (6, 0, Meaning::Decision(Decision::Commit)),
            Message::Abort => (7, 0, Meaning::Decision(Decision::Abort)),
            Message::Ack => (8, 0, Meaning::Other),
            Message::Inquire => (9, 0, Meaning::Question),
            Message::StateReq(epoch) => (10, epoch.detail(), Meaning::Other),
            Message::StateReport(epoch, state) => {
                (11, (state as u32) << 24 | epoch.detail(), Meaning::Other)
            }
        };
        Word { tag, detail, meaning }
    }
}

/// What the log remembers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Record {
    /// Participant: YES is promised.
    Prepared,
    /// Everybody agreed.
    PreCommitted,
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
            Record::Prepared | Record::PreCommitted | Record::Ended => None,
        })
    }
}

impl Spoken for Record {
    const NAMES: &'static [&'static str] =
        &["Prepared", "PreCommitted", "Committed", "Aborted", "Ended"];

    #[inline]
    fn word(&self) -> Word {
        let meaning = match self {
            Record::Prepared => Meaning::Vote(Vote::Yes),
            Record::Committed => Meaning::Decision(Decision::Commit),
            Record::Aborted => Meaning::Decision(Decision::Abort),
            Record::PreCommitted | Record::Ended => Meaning::Other,
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
    /// Coordinator: the acknowledgements of PRE-COMMIT.
    PreAcksDue,
    /// In doubt: a word of the coordinator. Recovered: an answer.
    DecisionDue,
    /// New coordinator: how the others stand.
    ReportsDue,
    /// Root: the last acknowledgements.
    AcksDue,
}

impl Alarm for Timer {
    const ALL: &'static [Timer] = &[
        Timer::VotesDue,
        Timer::Tally,
        Timer::PreAcksDue,
        Timer::DecisionDue,
        Timer::ReportsDue,
        Timer::AcksDue,
    ];

    const NAMES: &'static [&'static str] =
        &["VotesDue", "Tally", "PreAcksDue", "DecisionDue", "ReportsDue", "AcksDue"];

    #[inline]
    fn index(self) -> u8 {
        self as u8
    }
}

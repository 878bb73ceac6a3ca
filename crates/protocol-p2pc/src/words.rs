//! What peer-to-peer commit says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, NodeId, Spoken, Vote, Word};

/// What travels (protocols.md 7.3, and what closing its gaps takes).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Asks for votes; passed on from neighbour to neighbour (C0, G1).
    Prepare,
    /// Everybody on the sender's side of the edge has voted YES (C1 to C3).
    Ready {
        /// Whether it was said before and asks for an answer now. Only this one is answered, and
        /// only a node in doubt says it, so two who are done do not talk for ever (G19).
        again: bool,
    },
    /// The outcome is abort (A1, A2).
    Abort,
    /// The outcome is commit, and the sender has it on disk.
    Committed,
    /// The answer to a [`Message::Committed`] that was answered before, or that meets nobody who
    /// remembers: the sender has it on disk too. Never answered itself (G19).
    Settled,
    /// A node that lost in a crash what it had heard asks for READY again (READY-REQ, G20).
    ReadyReq,
    /// A node in doubt asks everybody for the outcome (7.3, termination).
    Inquire,
    /// The answer of a node that is in doubt too, with the neighbour whose vote it waits for, if
    /// it knows which one.
    Uncertain(Option<NodeId>),
}

impl Spoken for Message {
    const NAMES: &'static [&'static str] =
        &["Prepare", "Ready", "Abort", "Committed", "Settled", "ReadyReq", "Inquire", "Uncertain"];

    #[inline]
    fn word(&self) -> Word {
        let (tag, detail, meaning) = match self {
            Message::Prepare => (0, 0, Meaning::Request),
            Message::Ready { again } => (1, u32::from(*again), Meaning::Vote(Vote::Yes)),
            Message::Abort => (2, 0, Meaning::Decision(Decision::Abort)),
            Message::Committed => (3, 0, Meaning::Decision(Decision::Commit)),
            Message::Settled => (4, 0, Meaning::Other),
            Message::ReadyReq => (5, 0, Meaning::Other),
            Message::Inquire => (6, 0, Meaning::Question),
            Message::Uncertain(to) => (7, numbered(*to), Meaning::Other),
        };
        Word { tag, detail, meaning }
    }
}

/// What the log remembers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Record {
    /// This node agrees. With a neighbour: READY is promised to it, and all others have said it.
    Ready(Option<NodeId>),
    /// The outcome is commit.
    Committed,
    /// The outcome is abort.
    Aborted,
    /// Every neighbour has the outcome on disk.
    Ended,
}

impl Spoken for Record {
    const NAMES: &'static [&'static str] = &["Ready", "Committed", "Aborted", "Ended"];

    #[inline]
    fn word(&self) -> Word {
        let (tag, detail, meaning) = match self {
            Record::Ready(to) => (0, numbered(*to), Meaning::Vote(Vote::Yes)),
            Record::Committed => (1, 0, Meaning::Decision(Decision::Commit)),
            Record::Aborted => (2, 0, Meaning::Decision(Decision::Abort)),
            Record::Ended => (3, 0, Meaning::Other),
        };
        Word { tag, detail, meaning }
    }
}

/// Where a record is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OnDisk {
    /// There is none.
    No,
    /// On its way.
    Soon,
    /// On stable storage.
    Yes,
}

fn numbered(node: Option<NodeId>) -> u32 {
    node.map_or(0, |node| u32::from(node.0) + 1)
}

/// What a node waits for with an alarm set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// Its own vote and those of all neighbours but one.
    VotesDue,
    /// The last vote, or the outcome, after its READY.
    DecisionDue,
    /// The COMMITTED of its neighbours.
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

//! What dynamic two-phase commit says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, NodeId, Spoken, Vote, Word};

/// What travels (protocols.md 6).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Asks for votes; passed on from neighbour to neighbour.
    Prepare,
    /// Everybody on the sender's side of the edge has voted YES.
    Ready {
        /// Whether it was said before and is a question now. A first READY that comes late is
        /// none, and answering it would make two who are done talk.
        again: bool,
    },
    /// The outcome is commit.
    Commit,
    /// The outcome is abort.
    Abort,
    /// The sender, and whoever learns the outcome through it, will never ask about it again.
    Ack,
    /// A node in doubt asks for the outcome.
    Inquire,
    /// The answer of a node that is in doubt too: it has said READY to this neighbour.
    Uncertain(NodeId),
}

impl Spoken for Message {
    const NAMES: &'static [&'static str] =
        &["Prepare", "Ready", "Commit", "Abort", "Ack", "Inquire", "Uncertain"];

    #[inline]
    fn word(&self) -> Word {
        let (tag, detail, meaning) = match self {
            Message::Prepare => (0, 0, Meaning::Request),
            Message::Ready { again } => (1, u32::from(*again), Meaning::Vote(Vote::Yes)),
            Message::Commit => (2, 0, Meaning::Decision(Decision::Commit)),
            Message::Abort => (3, 0, Meaning::Decision(Decision::Abort)),
            Message::Ack => (4, 0, Meaning::Other),
            Message::Inquire => (5, 0, Meaning::Question),
            Message::Uncertain(to) => (6, u32::from(to.0), Meaning::Other),
        };
        Word { tag, detail, meaning }
    }
}

/// What the log remembers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Record {
    /// READY is promised to this neighbour; all others have said READY.
    Ready(NodeId),
    /// The outcome is commit, and this neighbour, which told it, waits for an ACK.
    Committed(Option<NodeId>),
    /// The outcome is abort.
    Aborted,
    /// Nobody will ask this node any more.
    Ended,
}

impl Spoken for Record {
    const NAMES: &'static [&'static str] = &["Ready", "Committed", "Aborted", "Ended"];

    #[inline]
    fn word(&self) -> Word {
        let (tag, detail, meaning) = match self {
            Record::Ready(to) => (0, u32::from(to.0), Meaning::Vote(Vote::Yes)),
            Record::Committed(up) => {
                let up = up.map_or(0, |up| u32::from(up.0) + 1);
                (1, up, Meaning::Decision(Decision::Commit))
            }
            Record::Aborted => (2, 0, Meaning::Decision(Decision::Abort)),
            Record::Ended => (3, 0, Meaning::Other),
        };
        Word { tag, detail, meaning }
    }
}

/// What a node waits for with an alarm set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// Its own vote and those of all neighbours but one.
    VotesDue,
    /// The outcome, after its READY.
    DecisionDue,
    /// The acknowledgements.
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

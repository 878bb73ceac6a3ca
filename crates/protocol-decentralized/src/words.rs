//! What decentralized two-phase commit says, remembers and waits for.

use commitsim_core::{Alarm, Decision, Meaning, NodeSet, Spoken, Vote, Word};

/// What travels (protocols.md 4.3).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// The sender can commit, and promises to; and so do these, as far as it has heard: itself
    /// alone in a broadcast, all that it knows of in an answer. The first one is the request.
    Yes(NodeSet),
    /// The sender cannot, and has aborted.
    No,
    /// The outcome is commit: to who asks, and to who has not said DONE.
    Commit,
    /// The outcome is abort: to who asks.
    Abort,
    /// The sender has the commit on record, and will never ask again.
    Done,
    /// A node in doubt asks, which says that it has voted YES.
    Inquire,
}

impl Spoken for Message {
    const NAMES: &'static [&'static str] = &["Yes", "No", "Commit", "Abort", "Done", "Inquire"];

    #[inline]
    fn word(&self) -> Word {
        let (tag, detail, meaning) = match self {
            Message::Yes(known) => (0, summary(known), Meaning::Vote(Vote::Yes)),
            Message::No => (1, 0, Meaning::Vote(Vote::No)),
            Message::Commit => (2, 0, Meaning::Decision(Decision::Commit)),
            Message::Abort => (3, 0, Meaning::Decision(Decision::Abort)),
            // It says no less than COMMIT, and is taken so where it arrives first.
            Message::Done => (4, 0, Meaning::Decision(Decision::Commit)),
            Message::Inquire => (5, 0, Meaning::Question),
        };
        Word { tag, detail, meaning }
    }
}

/// The set in 32 bits: exact as long as nobody in it has a number above 31.
fn summary(nodes: &NodeSet) -> u32 {
    nodes.iter().map(|node| u32::from(node.0)).fold(0, |sum, node| match node {
        0..=31 => sum | 1 << node,
        _ => (sum ^ node).wrapping_mul(0x9E37_79B9).rotate_left(7),
    })
}

/// What the log remembers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Record {
    /// YES is promised to everybody, who are on this record too.
    Prepared,
    /// The outcome is commit.
    Committed,
    /// The outcome is abort.
    Aborted,
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
    /// Its own work.
    VotesDue,
    /// In doubt: the votes that are missing.
    DecisionDue,
    /// The DONEs that are missing.
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

#[cfg(test)]
mod tests {
    use super::*;
    use commitsim_core::NodeId;

    #[test]
    fn sets_of_the_first_32_nodes_look_different() {
        let pair = |a: u16, b: u16| summary(&[NodeId(a), NodeId(b)].into_iter().collect());
        assert_eq!(pair(0, 31), 0x8000_0001);
        assert_ne!(pair(0, 32), pair(0, 64));
        assert_ne!(pair(1, 2), pair(33, 34));
    }
}

//! What a host wants done, and what it lets an observer see.

use commitsim_core::{Decision, Lsn, NodeId, Protocol, Span, Status, TxId, Why};

/// One thing that a host does. The order has a meaning: a crash in the middle of a step lets a
/// prefix of its acts happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act<P: Protocol> {
    /// From here on the node takes part in the transaction.
    Opened {
        /// Which one.
        tx: TxId,
    },
    /// A message to another node leaves.
    Send {
        /// Its receiver.
        to: NodeId,
        /// Which transaction it is about.
        tx: TxId,
        /// What it says.
        message: P::Message,
    },
    /// A record is appended. If `forced`, the driver has to make the log durable up to here.
    Append {
        /// Whose.
        tx: TxId,
        /// Where.
        lsn: Lsn,
        /// What is remembered.
        record: P::Record,
        /// Whether someone waits for it.
        forced: bool,
    },
    /// A record has become durable; what follows from that comes next.
    Durable {
        /// Whose.
        tx: TxId,
        /// Where.
        lsn: Lsn,
        /// Which.
        record: P::Record,
        /// Whether someone waited for it.
        forced: bool,
    },
    /// Set an alarm; replaces the same one.
    Arm {
        /// Whose.
        tx: TxId,
        /// Which.
        timer: P::Timer,
        /// How long it waits, by the node's own clock.
        span: Span,
    },
    /// Stop an alarm, set or not.
    Disarm {
        /// Whose.
        tx: TxId,
        /// Which.
        timer: P::Timer,
    },
    /// Let the local work begin; its answer is [`crate::Input::Vote`].
    AskVote {
        /// For which transaction.
        tx: TxId,
    },
    /// The machine stands somewhere else than before. A machine begins as working, unless said.
    Entered {
        /// Whose.
        tx: TxId,
        /// Where.
        status: Status,
    },
    /// The outcome is known here.
    Decided {
        /// Of which transaction.
        tx: TxId,
        /// The outcome.
        decision: Decision,
        /// Who says so.
        why: Why,
    },
    /// The machine is gone; its alarms are to be dropped.
    Forgot {
        /// Whose.
        tx: TxId,
    },
}

impl<P: Protocol> Act<P> {
    /// The transaction that it is about.
    #[must_use]
    pub fn tx(&self) -> TxId {
        match *self {
            Act::Opened { tx }
            | Act::Send { tx, .. }
            | Act::Append { tx, .. }
            | Act::Durable { tx, .. }
            | Act::Arm { tx, .. }
            | Act::Disarm { tx, .. }
            | Act::AskVote { tx }
            | Act::Entered { tx, .. }
            | Act::Decided { tx, .. }
            | Act::Forgot { tx } => tx,
        }
    }
}

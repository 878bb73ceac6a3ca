//! What can be seen of a run. Traces, hashes, measurements and the oracle all read this.

use commitsim_core::{Decision, Lsn, NodeId, Span, Status, Time, TxId, Vote, Why, Word};

/// One thing seen, at an instant, at a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Observation {
    /// When.
    pub at: Time,
    /// Where. For what happens to the network as a whole, node 0.
    pub node: NodeId,
    /// What.
    pub what: What,
}

/// What was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// The node takes part in the transaction from here on.
    Begin {
        /// Which one.
        tx: TxId,
    },
    /// A message leaves.
    Send {
        /// About which transaction.
        tx: TxId,
        /// Its receiver.
        to: NodeId,
        /// Its number, which its arrival or loss repeats.
        id: u64,
        /// The message.
        word: Word,
    },
    /// A message arrives at a node that is up.
    Deliver {
        /// About which transaction.
        tx: TxId,
        /// Its sender.
        from: NodeId,
        /// Its number.
        id: u64,
        /// The message.
        word: Word,
    },
    /// A message is lost on the way to this node.
    Lose {
        /// About which transaction.
        tx: TxId,
        /// Its sender.
        from: NodeId,
        /// Its number.
        id: u64,
        /// The message.
        word: Word,
    },
    /// The network makes a second copy of a message to this node.
    Duplicate {
        /// About which transaction.
        tx: TxId,
        /// Its sender.
        from: NodeId,
        /// The number of the first copy.
        id: u64,
        /// The number of the second.
        copy: u64,
        /// The message.
        word: Word,
    },
    /// A record is appended.
    Append {
        /// Whose.
        tx: TxId,
        /// Where in the log.
        lsn: Lsn,
        /// The record.
        word: Word,
        /// Whether someone waits for it.
        forced: bool,
    },
    /// The log is being made durable up to here.
    Force {
        /// The last position covered.
        upto: Lsn,
    },
    /// A record is durable.
    Durable {
        /// Whose.
        tx: TxId,
        /// Where in the log.
        lsn: Lsn,
        /// The record.
        word: Word,
    },
    /// Local work begins.
    Work {
        /// For which transaction.
        tx: TxId,
    },
    /// Local work ends with a vote.
    Vote {
        /// In which transaction.
        tx: TxId,
        /// The vote.
        vote: Vote,
    },
    /// The machine stands somewhere else than before.
    Enter {
        /// In which transaction.
        tx: TxId,
        /// Where.
        status: Status,
    },
    /// The outcome is known here.
    Decide {
        /// Of which transaction.
        tx: TxId,
        /// The outcome.
        decision: Decision,
        /// Who says so.
        why: Why,
    },
    /// The machine is gone.
    Forget {
        /// Of which transaction.
        tx: TxId,
    },
    /// An alarm is set.
    Arm {
        /// Whose.
        tx: TxId,
        /// Which.
        timer: u8,
        /// How long it waits, by the node's own clock.
        span: Span,
    },
    /// An alarm that was set is stopped.
    Disarm {
        /// Whose.
        tx: TxId,
        /// Which.
        timer: u8,
    },
    /// An alarm goes off.
    Fire {
        /// Whose.
        tx: TxId,
        /// Which.
        timer: u8,
    },
    /// The node dies.
    Crash {
        /// What is left of its log.
        kept: Lsn,
        /// What was appended before.
        appended: Lsn,
    },
    /// The node comes back.
    Restart,
    /// A fault other than a crash begins. Its number is its place in the run's plan.
    Strike {
        /// Which one.
        fault: u32,
    },
    /// A fault other than a crash ends.
    Ease {
        /// Which one.
        fault: u32,
    },
    /// Everything is healed.
    Heal,
    /// An item is locked.
    Lock {
        /// By whom.
        tx: TxId,
        /// Which.
        item: u32,
        /// Whether it is for writing.
        exclusive: bool,
    },
    /// A request for a lock waits.
    Wait {
        /// Whose.
        tx: TxId,
        /// For which item.
        item: u32,
        /// For whom, first of all.
        behind: TxId,
    },
    /// A lock was granted on an item of a prepared transaction.
    Borrow {
        /// To whom.
        tx: TxId,
        /// Which.
        item: u32,
        /// Whose item it is.
        lender: TxId,
    },
    /// All locks of the transaction at the node are gone.
    Unlock {
        /// Whose.
        tx: TxId,
    },
    /// An item has another value; undoing counts.
    Change {
        /// By whom.
        tx: TxId,
        /// Which.
        item: u32,
        /// What it was.
        before: i64,
        /// What it is.
        after: i64,
    },
}

impl What {
    /// The transaction it is about, if it is about one.
    #[must_use]
    pub fn tx(&self) -> Option<TxId> {
        match *self {
            What::Begin { tx }
            | What::Send { tx, .. }
            | What::Deliver { tx, .. }
            | What::Lose { tx, .. }
            | What::Duplicate { tx, .. }
            | What::Append { tx, .. }
            | What::Durable { tx, .. }
            | What::Work { tx }
            | What::Vote { tx, .. }
            | What::Enter { tx, .. }
            | What::Decide { tx, .. }
            | What::Forget { tx }
            | What::Arm { tx, .. }
            | What::Disarm { tx, .. }
            | What::Fire { tx, .. }
            | What::Lock { tx, .. }
            | What::Wait { tx, .. }
            | What::Borrow { tx, .. }
            | What::Unlock { tx }
            | What::Change { tx, .. } => Some(tx),
            What::Force { .. }
            | What::Crash { .. }
            | What::Restart
            | What::Strike { .. }
            | What::Ease { .. }
            | What::Heal => None,
        }
    }

    /// The name of its kind, as traces write it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            What::Begin { .. } => "begin",
            What::Send { .. } => "send",
            What::Deliver { .. } => "deliver",
            What::Lose { .. } => "lose",
            What::Duplicate { .. } => "duplicate",
            What::Append { .. } => "append",
            What::Force { .. } => "force",
            What::Durable { .. } => "durable",
            What::Work { .. } => "work",
            What::Vote { .. } => "vote",
            What::Enter { .. } => "enter",
            What::Decide { .. } => "decide",
            What::Forget { .. } => "forget",
            What::Arm { .. } => "arm",
            What::Disarm { .. } => "disarm",
            What::Fire { .. } => "fire",
            What::Crash { .. } => "crash",
            What::Restart => "restart",
            What::Strike { .. } => "strike",
            What::Ease { .. } => "ease",
            What::Heal => "heal",
            What::Lock { .. } => "lock",
            What::Wait { .. } => "wait",
            What::Borrow { .. } => "borrow",
            What::Unlock { .. } => "unlock",
            What::Change { .. } => "change",
        }
    }
}

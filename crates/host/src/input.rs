//! What can happen to a host.

use commitsim_core::{Lsn, NodeId, Protocol, TxId, Vote};

/// One thing that happens to a host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input<P: Protocol> {
    /// A transaction begins here. It must be younger than every one that began here before.
    Begin {
        /// Which one.
        tx: TxId,
    },
    /// A message arrives.
    Deliver {
        /// Its sender.
        from: NodeId,
        /// The sender's low-water mark: all transactions rooted there with a smaller id are over.
        settled: TxId,
        /// Which transaction it is about.
        tx: TxId,
        /// What it says.
        message: P::Message,
    },
    /// An alarm goes off.
    Fire {
        /// Whose.
        tx: TxId,
        /// Which.
        timer: P::Timer,
    },
    /// The log is on stable storage up to and including this position.
    Durable {
        /// The last durable position.
        upto: Lsn,
    },
    /// The local work answers.
    Vote {
        /// For which transaction.
        tx: TxId,
        /// The answer.
        vote: Vote,
    },
}

//! What is scheduled, and what has to wait.

use commitsim_core::{NodeId, Protocol, Time, TxId, Vote};
use commitsim_host::{Act, Input};

use crate::queue::Alarm;

/// What waits for a node that pauses.
pub(crate) enum Held<P: Protocol> {
    Event(u64, Event<P>),
    Alarm {
        alarm: Alarm,
        life: u32,
    },
    /// What arrived at the very moment of the pause.
    Input {
        node: NodeId,
        life: u32,
        input: Input<P>,
    },
    /// The rest of a step in which the pause began.
    Acts {
        node: NodeId,
        life: u32,
        acts: Vec<Act<P>>,
    },
}

impl<P: Protocol> Held<P> {
    /// Whether a step in `tx` waits that has begun already, so that nothing else tells of it.
    pub(crate) fn is_about(&self, tx: TxId) -> bool {
        match self {
            Held::Input { input: Input::Deliver { tx: about, .. }, .. } => *about == tx,
            Held::Acts { acts, .. } => acts.iter().any(|act| act.tx() == tx),
            _ => false,
        }
    }
}

/// What is scheduled.
pub(crate) enum Event<P: Protocol> {
    Arrive {
        to: NodeId,
        from: NodeId,
        tx: TxId,
        settled: TxId,
        message: P::Message,
    },
    Vote {
        node: NodeId,
        life: u32,
        tx: TxId,
        vote: Vote,
    },
    /// A wait for a lock that began then has lasted long enough.
    Tired {
        node: NodeId,
        life: u32,
        tx: TxId,
        since: Time,
    },
    Synced {
        node: NodeId,
        life: u32,
    },
    Flush {
        node: NodeId,
        life: u32,
    },
    /// A sleeping disk writes.
    Write {
        node: NodeId,
    },
    /// A sleeping disk wakes.
    Wake {
        node: NodeId,
    },
    Begin,
    Strike {
        fault: u32,
    },
    Ease {
        fault: u32,
    },
    /// A fault that goes on comes to its next stage.
    Stage {
        fault: u32,
        stage: u32,
    },
    Restart {
        node: NodeId,
        life: u32,
    },
}

//! What a node makes of what happens to it.

use commitsim_core::{NodeId, Protocol, Spoken as _};
use commitsim_host::Act;
use commitsim_spec::What;

use crate::library::TX;

/// What comes of something that happens to a node.
pub(crate) struct Outcome<P: Protocol> {
    pub(crate) node: NodeId,
    /// The node afterwards.
    pub(crate) host: u32,
    /// What the oracle hears before all acts.
    pub(crate) before: Vec<What>,
    pub(crate) acts: Vec<Act<P>>,
    /// The same acts.
    pub(crate) deeds: Vec<Deed>,
}

/// What an act means to a world.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Deed {
    Send(u32),
    Arm(u8),
    Disarm(u8),
    AskVote,
    Forget,
    /// Only the oracle is told.
    Tell,
}

/// What the oracle hears of an act.
pub(crate) fn seen<P: Protocol>(act: &Act<P>) -> Option<What> {
    match act {
        Act::Opened { .. } => Some(What::Begin { tx: TX }),
        Act::Send { to, message, .. } => {
            Some(What::Send { tx: TX, to: *to, id: 0, word: message.word() })
        }
        Act::Append { lsn, record, forced, .. } => {
            Some(What::Append { tx: TX, lsn: *lsn, word: record.word(), forced: *forced })
        }
        Act::Durable { lsn, record, .. } => {
            Some(What::Durable { tx: TX, lsn: *lsn, word: record.word() })
        }
        Act::Entered { status, .. } => Some(What::Enter { tx: TX, status: *status }),
        Act::Decided { decision, why, .. } => {
            Some(What::Decide { tx: TX, decision: *decision, why: *why })
        }
        Act::Forgot { .. } => Some(What::Forget { tx: TX }),
        Act::Arm { .. } | Act::Disarm { .. } | Act::AskVote { .. } => None,
    }
}

//! What a node in doubt knows, and how it asks for the rest.

use alloc::collections::BTreeSet;

use commitsim_core::{Cx, Effects, NodeId, NodeSet};

use crate::{Message, PeerToPeer, Timer};

/// What a node in doubt knows.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Doubt {
    /// The neighbour whose READY is missing, and to which this node said READY; none where a crash
    /// took the READYs of the others.
    pub to: Option<NodeId>,
    /// Which neighbours have said READY.
    pub heard: NodeSet,
    /// Who is known to be ready, and towards whom.
    pub ready: BTreeSet<(NodeId, Option<NodeId>)>,
    /// Whether the neighbour that it waits for has been asked, and was silent.
    pub asked: bool,
    /// Counts repeats.
    pub repeats: u8,
}

impl Doubt {
    pub(crate) fn of(cx: &Cx<'_, PeerToPeer>, to: Option<NodeId>, heard: NodeSet) -> Doubt {
        Doubt { to, heard, ready: BTreeSet::from([(cx.me, to)]), asked: false, repeats: 0 }
    }

    /// Whether all N votes are proven: either two neighbours are ready towards each other, which
    /// covers both sides of their edge and so the tree, or everybody has said that it is ready.
    pub(crate) fn is_over(&self, cx: &Cx<'_, PeerToPeer>) -> bool {
        let mutual = |&(one, to): &(NodeId, Option<NodeId>)| {
            to.is_some_and(|to| self.ready.contains(&(to, Some(one))))
        };
        let ready: NodeSet = self.ready.iter().map(|(node, _)| *node).collect();
        self.ready.iter().any(mutual) || ready == cx.cast.voters
    }

    /// First the neighbour whose vote is missing; if it is silent, everybody.
    pub(crate) fn ask(&mut self, cx: &Cx<'_, PeerToPeer>, fx: &mut Effects<PeerToPeer>) {
        match self.to {
            Some(to) => fx.send(to, Message::Ready { again: true }),
            None => fx.broadcast(&cx.cast.neighbours, &Message::ReadyReq),
        }
        if core::mem::replace(&mut self.asked, true) {
            fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Inquire);
        }
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(&mut self.repeats));
    }
}

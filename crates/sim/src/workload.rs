//! Which transactions begin when, where, and among whom.

use std::sync::Arc;

use commitsim_core::{Cast, NodeId, NodeSet, Span, Time, TxId};
use commitsim_rng::{Bits, Keyed, Purpose, Seed, Shape, Stream};

use crate::formation::Formations;
use crate::setup::{self, Arrivals, Coordinator, Participants, Setup};

/// The transactions of a run that are still to come.
pub(crate) struct Workload {
    setup: setup::Workload,
    nodes: u16,
    formations: Formations,
    next: TxId,
    arrivals: Stream,
    cast: Keyed,
    /// The casts with everybody in them, by root.
    everybody: Vec<Option<Arc<[Cast]>>>,
    /// The transaction that the next one waits for, where they come one by one.
    pub(crate) current: Option<TxId>,
}

impl Workload {
    pub(crate) fn new(setup: &Setup, formations: Formations, seed: Seed) -> Workload {
        let nodes = setup.nodes;
        Workload {
            setup: setup.workload.clone(),
            nodes,
            formations,
            next: TxId(0),
            arrivals: Stream::new(seed, Purpose::Workload),
            cast: Keyed::new(seed, Purpose::Cast),
            everybody: vec![None; usize::from(nodes)],
            current: None,
        }
    }

    /// When the first transactions begin.
    pub(crate) fn first(&mut self) -> Vec<Time> {
        match self.setup.arrivals {
            Arrivals::Serial | Arrivals::Every(_) => vec![Time::ZERO],
            Arrivals::Poisson { .. } => vec![Time::ZERO + self.interval()],
            Arrivals::Closed { clients, .. } => {
                vec![Time::ZERO; clients.min(self.setup.transactions) as usize]
            }
        }
    }

    /// How long after one beginning the next follows, where arrivals follow a clock.
    pub(crate) fn follows(&mut self) -> Option<Span> {
        matches!(self.setup.arrivals, Arrivals::Every(_) | Arrivals::Poisson { .. })
            .then(|| self.interval())
    }

    /// How long a client waits after an answer, where there are clients.
    pub(crate) fn think(&self) -> Option<Span> {
        match self.setup.arrivals {
            Arrivals::Closed { think, .. } => Some(think),
            _ => None,
        }
    }

    pub(crate) fn is_serial(&self) -> bool {
        self.setup.arrivals == Arrivals::Serial
    }

    /// Whether another transaction is to come.
    pub(crate) fn has_more(&self) -> bool {
        self.next.0 < self.setup.transactions
    }

    /// The id of the next transaction: all smaller ones have begun.
    pub(crate) fn next_id(&self) -> TxId {
        self.next
    }

    /// The root of the next transaction. Where roots change, a client whose turn meets a node
    /// that is down goes to the next one that is up; where they do not, it has to wait.
    pub(crate) fn next_root(&self, is_up: impl Fn(NodeId) -> bool) -> Option<NodeId> {
        let nodes = u32::from(self.nodes);
        let first = match self.setup.coordinator {
            Coordinator::Node(node) => return is_up(node).then_some(node),
            Coordinator::RoundRobin => self.next.0 % nodes,
            Coordinator::Random => {
                let mut draw = self.cast.draw(u64::from(self.next.0), 0, 0);
                draw.within(0..=u64::from(nodes) - 1) as u32
            }
        };
        let in_turn = (0..nodes).map(|step| NodeId(((first + step) % nodes) as u16));
        in_turn.into_iter().find(|node| is_up(*node))
    }

    /// Takes the next transaction, to begin at `root`: its id and its cast, by node.
    pub(crate) fn take(&mut self, root: NodeId) -> (TxId, Arc<[Cast]>) {
        let tx = self.next;
        self.next = tx.next();
        let cast = match self.setup.participants {
            Participants::All => self.everybody(root),
            Participants::Random(count) => {
                let mut draw = self.cast.draw(u64::from(tx.0), 1, 0);
                let mut others: Vec<NodeId> =
                    (0..self.nodes).map(NodeId).filter(|node| *node != root).collect();
                draw.shuffle(&mut others);
                others.truncate(usize::from(count));
                let mut voters: NodeSet = others.into_iter().collect();
                voters.insert(root);
                self.formations.cast(root, &voters)
            }
        };
        (tx, cast)
    }

    /// Whether all transactions have the same cast.
    pub(crate) fn is_usual(&self) -> bool {
        matches!(self.setup.coordinator, Coordinator::Node(_))
            && matches!(self.setup.participants, Participants::All)
    }

    /// The cast of every transaction, if all have the same.
    pub(crate) fn usual(&mut self) -> Option<Arc<[Cast]>> {
        match (self.setup.coordinator, self.setup.participants) {
            (Coordinator::Node(root), Participants::All) => Some(self.everybody(root)),
            _ => None,
        }
    }

    /// A cast with everybody in it.
    pub(crate) fn everybody(&mut self, root: NodeId) -> Arc<[Cast]> {
        let (nodes, formations) = (self.nodes, &self.formations);
        let known = &mut self.everybody[usize::from(root.0)];
        known.get_or_insert_with(|| formations.cast(root, &NodeSet::first(nodes))).clone()
    }

    fn interval(&mut self) -> Span {
        match self.setup.arrivals {
            Arrivals::Every(span) => span,
            Arrivals::Poisson { mean } => {
                // Fifty means is more than the sampler can draw, so nothing is cut off.
                let shape = Shape::exponential(mean.0, 0, mean.0.saturating_mul(50));
                Span(shape.map_or(mean.0, |shape| shape.sample(&mut self.arrivals)))
            }
            Arrivals::Serial | Arrivals::Closed { .. } => Span::ZERO,
        }
    }
}

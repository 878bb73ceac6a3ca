//! A small world between two steps, in numbers.

use std::hash::Hasher as _;

use commitsim_core::NodeId;

use crate::bounds::{Bounds, Synchrony};
use crate::digest::Digest;

/// How many nodes a world can have, helpers included.
pub(crate) const MOST_NODES: u16 = 16;

/// All there is: nodes, messages, alarms, work, and what may still go wrong. Hosts, messages and
/// the oracle are numbers; who reads them knows what they stand for.
#[derive(Clone)]
pub(crate) struct State {
    /// The hosts by node, and behind them what is under way, each message once however often it
    /// was sent: who sends for ever would else make worlds without end. So what is sent again while
    /// it is under way arrives again only where the bounds have a duplicate for it. Where the
    /// network is unreliable: all that was ever sent. In the messages' order.
    pub(crate) numbers: Vec<u32>,
    /// The alarms that are set: a bit for each place in the protocol's list, by node.
    pub(crate) armed: [u8; MOST_NODES as usize],
    pub(crate) oracle: u32,
    pub(crate) nodes: u16,
    pub(crate) up: Nodes,
    pub(crate) working: Nodes,
    /// One part of a network that fell into two; nobody where it is whole.
    pub(crate) parted: Nodes,
    pub(crate) began: bool,
    pub(crate) left: Bounds,
}

/// A set of nodes: a bit for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Nodes(pub(crate) u16);

impl Nodes {
    pub(crate) const NOBODY: Nodes = Nodes(0);

    pub(crate) fn first(count: u16) -> Nodes {
        Nodes(((1u32 << count) - 1) as u16)
    }

    pub(crate) fn contains(self, node: NodeId) -> bool {
        self.0 >> node.0 & 1 == 1
    }

    pub(crate) fn insert(&mut self, node: NodeId) {
        self.0 |= 1 << node.0;
    }

    pub(crate) fn remove(&mut self, node: NodeId) {
        self.0 &= !(1 << node.0);
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = NodeId> {
        (0..MOST_NODES).map(NodeId).filter(move |node| self.contains(*node))
    }
}

impl State {
    pub(crate) fn host(&self, node: NodeId) -> u32 {
        self.numbers[usize::from(node.0)]
    }

    pub(crate) fn set_host(&mut self, node: NodeId, host: u32) {
        self.numbers[usize::from(node.0)] = host;
    }

    pub(crate) fn flying(&self) -> &[u32] {
        &self.numbers[usize::from(self.nodes)..]
    }

    pub(crate) fn down(&self) -> Nodes {
        Nodes(Nodes::first(self.nodes).0 & !self.up.0)
    }

    /// The alarms that are set, by node and place in the protocol's list.
    pub(crate) fn alarms(&self) -> impl Iterator<Item = (NodeId, u8)> + use<> {
        let (armed, nodes) = (self.armed, self.nodes);
        let set = move |node: u16| (0..8).filter(move |n| armed[usize::from(node)] >> n & 1 == 1);
        (0..nodes).flat_map(move |node| set(node).map(move |timer| (NodeId(node), timer)))
    }

    pub(crate) fn is_armed(&self, node: NodeId, timer: u8) -> bool {
        self.armed[usize::from(node.0)] >> timer & 1 == 1
    }

    pub(crate) fn arm(&mut self, node: NodeId, timer: u8) {
        self.armed[usize::from(node.0)] |= 1 << timer;
    }

    pub(crate) fn disarm(&mut self, node: NodeId, timer: u8) {
        self.armed[usize::from(node.0)] &= !(1 << timer);
    }

    /// The node does nothing of its own accord any more.
    pub(crate) fn stop(&mut self, node: NodeId) {
        self.armed[usize::from(node.0)] = 0;
        self.working.remove(node);
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        (size_of::<State>() + size_of_val(&self.numbers[..]) + ALLOCATED) as u64
    }

    /// Writes what tells two worlds apart, but for what its numbers stand for.
    pub(crate) fn write(&self, digest: &mut Digest) {
        let State { up, working, parted, began, left, .. } = self;
        let sets = [up.0, working.0, parted.0, u16::from(*began)];
        digest.write_u64(sets.iter().fold(0, |all, set| all << 16 | u64::from(*set)));
        for half in self.armed.chunks_exact(8) {
            digest.write_u64(half.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)));
        }
        let counts = [left.crashes, left.losses, left.duplicates, left.partitions];
        let counts = counts.iter().fold(0, |all, count| all << 8 | u64::from(*count));
        let alarms = left.alarms.map_or(1 << 8, u64::from);
        let asynchronous = left.synchrony == Synchrony::Asynchronous;
        let flags = [left.unreliable, left.refusals, left.readers, asynchronous];
        let flags = flags.iter().fold(0, |all, flag| all << 1 | u64::from(*flag));
        digest.write_u64(counts << 32 | alarms << 8 | flags);
    }
}

/// What the allocator adds to a list, in bytes.
const ALLOCATED: usize = 16;

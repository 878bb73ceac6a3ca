//! Alarms in a priority queue that re-arms and removes by key.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use commitsim_core::{NodeId, TxId};
use commitsim_table::TxTable;
use priority_queue::PriorityQueue;

use super::pending::Item;
use super::{Alarm, Moment, Next, Slot};

/// The hasher has fixed keys, so that not even the layout of the table differs between runs; the
/// order comes from the moments alone, which are unique.
type FixedHasher = BuildHasherDefault<DefaultHasher>;

pub(super) struct KeyedQueue {
    events: BinaryHeap<Item<Slot>>,
    alarms: PriorityQueue<Alarm, Reverse<Moment>, FixedHasher>,
    /// By node and transaction, which alarms are set, one bit each.
    set: Vec<TxTable<u8>>,
}

/// Nothing of it is compiled into its callers, which are built for speed with the other queue.
impl KeyedQueue {
    pub(super) fn new(nodes: u16) -> KeyedQueue {
        KeyedQueue {
            events: BinaryHeap::new(),
            alarms: PriorityQueue::with_default_hasher(),
            set: (0..nodes).map(|_| TxTable::new()).collect(),
        }
    }

    #[inline(never)]
    pub(super) fn push(&mut self, moment: Moment, event: Slot) {
        self.events.push(Item { moment, event });
    }

    #[inline(never)]
    pub(super) fn arm(&mut self, alarm: Alarm, moment: Moment) {
        self.alarms.push(alarm, Reverse(moment));
        let set = &mut self.set[usize::from(alarm.node.0)];
        let bits = set.get(alarm.tx).copied().unwrap_or(0) | 1 << alarm.timer;
        set.insert(alarm.tx, bits);
    }

    #[inline(never)]
    pub(super) fn disarm(&mut self, alarm: Alarm) -> bool {
        if let Some(bits) = self.set[usize::from(alarm.node.0)].get_mut(alarm.tx) {
            *bits &= !(1 << alarm.timer);
        }
        self.alarms.remove(&alarm).is_some()
    }

    pub(super) fn armed(&self, node: NodeId) -> Vec<Alarm> {
        let set = &self.set[usize::from(node.0)];
        let of = |tx| {
            let bits = set.get(tx).copied().unwrap_or(0);
            let timers = (0..8).filter(move |timer| bits & 1 << timer != 0);
            timers.map(move |timer| Alarm { node, tx, timer })
        };
        set.ids().into_iter().flat_map(of).collect()
    }

    #[inline(never)]
    pub(super) fn disarm_all(&mut self, node: NodeId, tx: TxId) {
        let bits = self.set[usize::from(node.0)].remove(tx).unwrap_or(0);
        for timer in (0..8).filter(|timer| bits & 1 << timer != 0) {
            self.alarms.remove(&Alarm { node, tx, timer });
        }
    }

    pub(super) fn disarm_node(&mut self, node: NodeId) {
        for tx in self.set[usize::from(node.0)].ids() {
            self.disarm_all(node, tx);
        }
    }

    #[inline(never)]
    pub(super) fn pop(&mut self, rung: &mut Alarm) -> Option<(Moment, Next)> {
        let alarm = self.alarms.peek().map(|(_, Reverse(moment))| *moment);
        let event = self.events.peek().map(|item| item.moment);
        if alarm.is_some_and(|alarm| event.is_none_or(|event| alarm < event)) {
            let (alarm, Reverse(moment)) = self.alarms.pop()?;
            if let Some(bits) = self.set[usize::from(alarm.node.0)].get_mut(alarm.tx) {
                *bits &= !(1 << alarm.timer);
            }
            *rung = alarm;
            return Some((moment, Next::Alarm));
        }
        let item = self.events.pop()?;
        Some((item.moment, Next::Event(item.event)))
    }
}

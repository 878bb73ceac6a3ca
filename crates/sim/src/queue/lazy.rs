//! Alarms that are stopped by forgetting them, one wake-up a node.
//!
//! Almost every alarm is stopped before it goes off. Here stopping costs one store: the alarm
//! stays in its node's heap and is skipped when its time comes. Only the earliest alarm of a node
//! has a place among the events, so that the stopped ones do not slow down everybody else.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use commitsim_core::{NodeId, TxId};
use commitsim_table::TxTable;

use super::pending::Pending;
use super::{ALARMS, Alarm, Moment, Next};

pub(super) struct LazyQueue<E> {
    events: Pending<Entry<E>>,
    nodes: Vec<Alarms>,
}

enum Entry<E> {
    Event(E),
    /// Look at this node's alarms.
    Wake(NodeId),
}

struct Alarms {
    /// The sequence number of each alarm that is set; zero where it is not.
    set: TxTable<[u64; ALARMS]>,
    /// Every alarm that was set and has not come up yet.
    due: BinaryHeap<Reverse<(Moment, TxId, u8)>>,
    /// The earliest wake-up among the events.
    wake: Option<Moment>,
}

impl<E> LazyQueue<E> {
    pub(super) fn new(nodes: u16) -> LazyQueue<E> {
        let alarms = || Alarms { set: TxTable::new(), due: BinaryHeap::new(), wake: None };
        LazyQueue { events: Pending::new(), nodes: (0..nodes).map(|_| alarms()).collect() }
    }

    #[inline]
    pub(super) fn push(&mut self, moment: Moment, event: E) {
        self.events.push(moment, Entry::Event(event));
    }

    #[inline]
    pub(super) fn arm(&mut self, alarm: Alarm, moment: Moment) {
        let alarms = &mut self.nodes[usize::from(alarm.node.0)];
        let timer = usize::from(alarm.timer);
        match alarms.set.get_mut(alarm.tx) {
            Some(set) => set[timer] = moment.seq,
            None => {
                let mut set = [0; ALARMS];
                set[timer] = moment.seq;
                alarms.set.insert(alarm.tx, set);
            }
        }
        alarms.due.push(Reverse((moment, alarm.tx, alarm.timer)));
        if alarms.wake.is_none_or(|wake| moment < wake) {
            alarms.wake = Some(moment);
            self.events.push(moment, Entry::Wake(alarm.node));
        }
    }

    #[inline]
    pub(super) fn disarm(&mut self, alarm: Alarm) -> bool {
        let Some(set) = self.nodes[usize::from(alarm.node.0)].set.get_mut(alarm.tx) else {
            return false;
        };
        std::mem::take(&mut set[usize::from(alarm.timer)]) != 0
    }

    #[inline]
    pub(super) fn disarm_all(&mut self, node: NodeId, tx: TxId) {
        self.nodes[usize::from(node.0)].set.remove(tx);
    }

    pub(super) fn disarm_node(&mut self, node: NodeId) {
        self.nodes[usize::from(node.0)].set = TxTable::new();
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<(Moment, Next<E>)> {
        loop {
            let item = self.events.pop()?;
            match item.event {
                Entry::Event(event) => return Some((item.moment, Next::Event(event))),
                Entry::Wake(node) => {
                    if let Some(alarm) = self.wake(node, item.moment) {
                        return Some((item.moment, Next::Alarm(alarm)));
                    }
                }
            }
        }
    }

    /// The alarm of `node` that goes off at this very moment, if one does.
    fn wake(&mut self, node: NodeId, moment: Moment) -> Option<Alarm> {
        let alarms = &mut self.nodes[usize::from(node.0)];
        if alarms.wake == Some(moment) {
            alarms.wake = None;
        }
        let mut gone_off = None;
        while let Some(Reverse((due, tx, timer))) = alarms.due.peek().copied() {
            let set = alarms.set.get_mut(tx).map(|set| &mut set[usize::from(timer)]);
            let armed = set.filter(|seq| **seq == due.seq);
            match armed {
                Some(_) if due > moment => break,
                Some(seq) => {
                    *seq = 0;
                    gone_off = Some(Alarm { node, tx, timer });
                }
                None => {}
            }
            alarms.due.pop();
        }
        if let Some(Reverse((due, ..))) = alarms.due.peek().copied()
            && alarms.wake.is_none_or(|wake| due < wake)
        {
            alarms.wake = Some(due);
            self.events.push(due, Entry::Wake(node));
        }
        gone_off
    }
}

//! Alarms that are stopped by forgetting them, one wake-up a node.
//!
//! Almost every alarm is stopped before it goes off. Here stopping costs one store: the alarm
//! stays where it lies and is skipped when its time comes. Only the earliest alarm of a node has
//! a place among the events, so that the stopped ones do not slow down everybody else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use commitsim_core::{NodeId, TxId};
use commitsim_table::TxTable;

use super::pending::Pending;
use super::{ALARMS, Alarm, Moment, Next, Slot};

pub(super) struct LazyQueue {
    events: Pending<Entry>,
    nodes: Vec<Alarms>,
}

/// An event, or the wake-up of a node: to look at its alarms.
///
/// One number, since what is queued is moved often, and an enumeration of two kinds of numbers is
/// moved with detours.
#[derive(Clone, Copy, Default)]
struct Entry(u32);

/// Places of events have smaller numbers.
const WAKES: u32 = u32::MAX - u16::MAX as u32;

impl Entry {
    #[inline]
    fn wake(node: NodeId) -> Entry {
        Entry(WAKES + u32::from(node.0))
    }

    /// The place of the event, or else the node.
    #[inline]
    fn open(self) -> Result<Slot, NodeId> {
        if self.0 < WAKES { Ok(Slot(self.0)) } else { Err(NodeId((self.0 - WAKES) as u16)) }
    }
}

struct Alarms {
    /// The sequence number of each alarm that is set; zero where it is not.
    set: TxTable<[u64; ALARMS]>,
    /// Every alarm that was set and has not come up yet, by kind: alarms of one kind mostly wait
    /// equally long, and so come in order.
    lanes: [VecDeque<Due>; ALARMS],
    /// Those that came out of order.
    strays: BinaryHeap<Reverse<Due>>,
    /// The earliest wake-up among the events.
    wake: Option<Moment>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    moment: Moment,
    tx: TxId,
    timer: u8,
}

impl LazyQueue {
    pub(super) fn new(nodes: u16) -> LazyQueue {
        let nodes = (0..nodes).map(|_| Alarms::new()).collect();
        LazyQueue { events: Pending::new(), nodes }
    }

    #[inline]
    pub(super) fn push(&mut self, moment: Moment, event: Slot) {
        self.events.push(moment, Entry(event.0));
    }

    #[inline(always)]
    pub(super) fn arm(&mut self, alarm: Alarm, moment: Moment) {
        let alarms = &mut self.nodes[usize::from(alarm.node.0)];
        alarms.arm(Due { moment, tx: alarm.tx, timer: alarm.timer });
        if alarms.wake.is_none_or(|wake| moment < wake) {
            alarms.wake = Some(moment);
            self.events.push(moment, Entry::wake(alarm.node));
        }
    }

    #[inline]
    pub(super) fn disarm(&mut self, alarm: Alarm) -> bool {
        let Some(set) = self.nodes[usize::from(alarm.node.0)].set.get_mut(alarm.tx) else {
            return false;
        };
        std::mem::take(&mut set[usize::from(alarm.timer)]) != 0
    }

    pub(super) fn armed(&self, node: NodeId) -> Vec<Alarm> {
        let set = &self.nodes[usize::from(node.0)].set;
        let of = |tx| {
            let timers = set.get(tx).into_iter().flatten().zip(0u8..);
            timers.filter(|(seq, _)| **seq != 0).map(move |(_, timer)| Alarm { node, tx, timer })
        };
        set.ids().into_iter().flat_map(of).collect()
    }

    #[inline]
    pub(super) fn disarm_all(&mut self, node: NodeId, tx: TxId) {
        self.nodes[usize::from(node.0)].set.remove(tx);
    }

    pub(super) fn disarm_node(&mut self, node: NodeId) {
        self.nodes[usize::from(node.0)].set = TxTable::new();
    }

    #[inline(always)]
    pub(super) fn pop(&mut self, rung: &mut Alarm) -> Option<(Moment, Next)> {
        loop {
            let item = self.events.pop()?;
            match item.event.open() {
                Ok(slot) => return Some((item.moment, Next::Event(slot))),
                Err(node) => {
                    if let Some(alarm) = self.wake(node, item.moment) {
                        *rung = alarm;
                        return Some((item.moment, Next::Alarm));
                    }
                }
            }
        }
    }

    /// The alarm of `node` that goes off at this very moment, if one does.
    #[cold]
    #[inline(never)]
    fn wake(&mut self, node: NodeId, moment: Moment) -> Option<Alarm> {
        let alarms = &mut self.nodes[usize::from(node.0)];
        if alarms.wake == Some(moment) {
            alarms.wake = None;
        }
        let now = alarms.earliest().filter(|due| due.moment == moment);
        let gone_off = now.map(|Due { tx, timer, .. }| Alarm { node, tx, timer });
        if let Some(due) = now
            && let Some(set) = alarms.set.get_mut(due.tx)
        {
            set[usize::from(due.timer)] = 0;
        }
        if let Some(Due { moment, .. }) = alarms.earliest()
            && alarms.wake.is_none_or(|wake| moment < wake)
        {
            alarms.wake = Some(moment);
            self.events.push(moment, Entry::wake(node));
        }
        gone_off
    }
}

impl Alarms {
    fn new() -> Alarms {
        Alarms {
            set: TxTable::new(),
            lanes: [const { VecDeque::new() }; ALARMS],
            strays: BinaryHeap::new(),
            wake: None,
        }
    }

    #[inline(always)]
    fn arm(&mut self, due: Due) {
        let timer = usize::from(due.timer);
        self.set.get_or_default(due.tx)[timer] = due.moment.seq();
        let lane = &mut self.lanes[timer];
        if lane.back().is_none_or(|last| last.moment < due.moment) {
            lane.push_back(due);
        } else {
            self.strays.push(Reverse(due));
        }
    }

    /// The next alarm that is set. Those before it, which were stopped, are gone for good.
    fn earliest(&mut self) -> Option<Due> {
        let set = &self.set;
        let is_set = |due: &Due| {
            set.get(due.tx).is_some_and(|set| set[usize::from(due.timer)] == due.moment.seq())
        };
        while self.strays.peek().is_some_and(|Reverse(due)| !is_set(due)) {
            self.strays.pop();
        }
        for lane in &mut self.lanes {
            while lane.front().is_some_and(|due| !is_set(due)) {
                lane.pop_front();
            }
        }
        let lanes = self.lanes.iter().filter_map(|lane| lane.front().copied());
        lanes.chain(self.strays.peek().map(|Reverse(due)| *due)).min()
    }
}

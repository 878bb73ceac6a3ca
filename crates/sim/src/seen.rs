//! What is seen of a run, and what waits for it to be seen.

use commitsim_core::{NodeId, Protocol, Span, TxId};
use commitsim_spec::{Observation, What};

use crate::event::{Event, Held};
use crate::faults::Event as Seen;
use crate::holdings::Holdings;
use crate::world::World;

impl<P: Protocol, D: Holdings> World<'_, P, D> {
    /// Alarms of `tx` that waited for a pause to end, and were about to go off, do not; says
    /// whether there was one.
    #[inline]
    pub(crate) fn recall(&mut self, node: NodeId, tx: TxId, timer: Option<u8>) -> bool {
        !self.instant.is_empty() && self.recall_from_instant(node, tx, timer)
    }

    #[cold]
    #[inline(never)]
    fn recall_from_instant(&mut self, node: NodeId, tx: TxId, timer: Option<u8>) -> bool {
        let before = self.instant.len();
        self.instant.retain(|held| {
            let Held::Alarm { alarm, .. } = held else { return true };
            let same = timer.is_none_or(|timer| alarm.timer == timer);
            !(alarm.node == node && alarm.tx == tx && same)
        });
        before != self.instant.len()
    }

    /// Compiled into every caller, where the kind of observation is known and most of this falls
    /// away; a third of the run time went here when it was not.
    #[inline(always)]
    pub(crate) fn observe(&mut self, node: NodeId, what: What) {
        let seen = Observation { at: self.now, node, what };
        self.hash.fold(&seen);
        self.spec.observe(&seen);
        self.ledger.observe(&seen);
        if self.watch.is_some() {
            // A copy, so that without a watcher the observation need never be put into memory.
            self.show(Observation { ..seen });
        }
    }

    #[cold]
    #[inline(never)]
    fn show(&mut self, seen: Observation) {
        if let Some(watch) = &mut self.watch {
            watch.observe(&seen);
        }
    }

    /// Lets the faults strike that waited for this.
    #[inline(always)]
    pub(crate) fn moment(&mut self, node: NodeId, tx: TxId, seen: Seen) {
        if self.plan.watches() {
            self.strike_at_moment(node, tx, seen);
        }
    }

    /// Lets the faults strike that waited for a node to have done so many acts of a step.
    #[inline]
    pub(crate) fn strike_amid(&mut self, node: NodeId, acts: u32) {
        if self.plan.watches() {
            for fault in self.plan.amid(node, self.now, acts) {
                self.strike(fault, Some(node));
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn strike_at_moment(&mut self, node: NodeId, tx: TxId, seen: Seen) {
        for (fault, after) in self.plan.matching(node, tx, seen) {
            if after == Span::ZERO {
                self.strike(fault, Some(node));
            } else {
                self.queue.push_first(self.now + after, Event::Strike { fault });
            }
        }
    }
}

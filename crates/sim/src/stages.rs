//! Faults that go on in stages, crash loops and swizzles, and alarms that all go off at once.

use commitsim_core::{NodeId, NodeSet, Protocol, Time};
use commitsim_spec::What;

use crate::event::{Event, Held};
use crate::holdings::Holdings;
use crate::record::Idle;
use crate::setup::{Action, InFlight};
use crate::strike::{Active, Kind};
use crate::world::{World, index};

impl<P: Protocol, D: Holdings> World<'_, P, D> {
    /// Fault `number` strikes and goes on from there.
    pub(crate) fn begin_stages(&mut self, number: u32) -> Option<Idle> {
        if let Action::CrashLoop { node, .. } = self.plan.faults[number as usize].action
            && !self.is_up(node)
        {
            return Some(Idle::AlreadyDown);
        }
        self.standing.going.push(number);
        self.stage(number, 0);
        None
    }

    /// Fault `number` comes to a stage, unless everything was healed before.
    pub(crate) fn stage(&mut self, number: u32, stage: u32) {
        if !self.standing.going.contains(&number) {
            return;
        }
        self.standing.last_trouble = self.standing.last_trouble.max(self.now);
        let next = match self.plan.faults[number as usize].action.clone() {
            Action::CrashLoop { node, times, down, up, tail } => {
                // Another fault may have been faster.
                self.crash(node, Some(down), tail);
                (stage + 1 < times).then(|| self.now + down.plus(up))
            }
            Action::Swizzle { close, open, every } => {
                let at = stage as usize;
                match close.get(at) {
                    Some(node) => self.clog(number, *node),
                    None => self.unclog(number, open[at - close.len()]),
                }
                (at + 1 < close.len() + open.len()).then(|| self.now + every)
            }
            _ => None,
        };
        match next {
            Some(at) => self.next_stage(at, number, stage + 1),
            None => self.standing.going.retain(|going| *going != number),
        }
    }

    fn next_stage(&mut self, at: Time, fault: u32, stage: u32) {
        self.standing.repairs += 1;
        self.queue.push_first(at, Event::Stage { fault, stage });
    }

    fn clog(&mut self, number: u32, node: NodeId) {
        self.observe(node, What::Strike { fault: number });
        let alone: NodeSet = [node].into_iter().collect();
        let pairs = self.links.between(&[alone]);
        let under_way = self.queue.stamp();
        for (from, to) in &pairs {
            self.links.cut(*from, *to, InFlight::Hold, under_way);
        }
        self.standing.active.push(Active { fault: number, kind: Kind::Clog { node, pairs } });
    }

    fn unclog(&mut self, number: u32, node: NodeId) {
        let here = |active: &Active| {
            active.fault == number
                && matches!(active.kind, Kind::Clog { node: clogged, .. } if clogged == node)
        };
        let Some(at) = self.standing.active.iter().position(here) else { return };
        let active = self.standing.active.remove(at);
        self.observe(node, What::Ease { fault: number });
        self.end(active);
    }

    /// The alarms of one node, or of all, go off in this instant, before anything else happens.
    pub(crate) fn expire(&mut self, node: Option<NodeId>) -> Option<Idle> {
        let all = 0..self.nodes.len() as u16;
        let mut any = false;
        for node in all.map(NodeId).filter(|here| node.is_none_or(|node| node == *here)) {
            let life = self.nodes[index(node)].life;
            for alarm in self.queue.armed(node) {
                any = true;
                self.queue.disarm(alarm);
                self.instant.push_back(Held::Alarm { alarm, life });
            }
        }
        (!any).then_some(Idle::NothingChanged)
    }
}

//! What faults do when they strike, and what ends with them.

use commitsim_core::{Decision, NodeId, NodeSet, Protocol, Span, Time, TxId};
use commitsim_rng::Ratio;
use commitsim_spec::What;

use crate::event::{Event, Held};
use crate::holdings::Holdings;
use crate::network::{Passage, Weather};
use crate::record::Idle;
use crate::setup::{Action, InFlight, Scale, Tail};
use crate::world::{World, index};

/// The faults that are in force.
pub(crate) struct Standing<P: Protocol> {
    pub active: Vec<Active>,
    /// Faults with stages to come.
    pub going: Vec<u32>,
    /// Messages that wait behind a partition.
    pub held: Vec<(u64, Event<P>)>,
    /// When something last went wrong or was put right.
    pub last_trouble: Time,
    /// How many restarts and ends of faults are still to come.
    pub repairs: u32,
}

pub(crate) struct Active {
    pub fault: u32,
    pub kind: Kind,
}

pub(crate) enum Kind {
    Cut { pairs: Vec<(NodeId, NodeId)>, in_flight: InFlight },
    Clog { node: NodeId, pairs: Vec<(NodeId, NodeId)> },
    Weather,
    Pause { node: NodeId },
    SlowDisk { node: NodeId },
}

impl<P: Protocol> Standing<P> {
    pub(crate) fn new() -> Standing<P> {
        Standing {
            active: Vec::new(),
            going: Vec::new(),
            held: Vec::new(),
            last_trouble: Time::ZERO,
            repairs: 0,
        }
    }

    /// Whether a fault is in force that ends by itself or slows everything down.
    pub(crate) fn passing(&self) -> bool {
        self.active.iter().any(|active| !matches!(active.kind, Kind::Cut { .. }))
    }
}

impl<P: Protocol, D: Holdings> World<'_, P, D> {
    /// Fault `number` strikes, at a moment of node `by` or at its time.
    pub(crate) fn strike(&mut self, number: u32, by: Option<NodeId>) {
        if self.plan.is_over(number) {
            return;
        }
        self.standing.last_trouble = self.standing.last_trouble.max(self.now);
        let action = self.plan.faults[number as usize].action.clone();
        if !tells_itself(&action) {
            let node = by.unwrap_or_default();
            self.observe(node, What::Strike { fault: number });
        }
        let idle = match action {
            Action::Crash { node, restart_after, tail } => self.crash(node, restart_after, tail),
            Action::CrashLoop { .. } | Action::Swizzle { .. } => self.begin_stages(number),
            Action::Expire(node) => self.expire(node),
            Action::Restart(node) => {
                let idle = self.is_up(node).then_some(Idle::AlreadyUp);
                if idle.is_none() {
                    self.restart(node);
                }
                idle
            }
            Action::Partition { groups, heal_after, in_flight } => {
                let pairs = self.links.between(&groups);
                self.cut(number, pairs, heal_after, in_flight)
            }
            Action::CutLink { from, to, heal_after } => {
                self.cut(number, vec![(from, to)], heal_after, InFlight::Drop)
            }
            Action::Isolate { node, heal_after } => {
                let alone: NodeSet = [node].into_iter().collect();
                let pairs = self.links.between(&[alone]);
                self.cut(number, pairs, heal_after, InFlight::Drop)
            }
            Action::Lose(_) | Action::Delay(..) | Action::Duplicate(_) => {
                self.plan.add_rule::<P>(number);
                return;
            }
            Action::Loss { rate, burst, lasts, links, luck } => {
                let luck = luck.unwrap_or(number);
                let times = Scale::ONE;
                let weather = Weather { fault: number, luck, loss: rate, burst, times, links };
                self.bring(weather, lasts)
            }
            Action::Latency { times, lasts, links } => {
                let (loss, burst) = (Ratio::ZERO, 1);
                let weather = Weather { fault: number, luck: number, loss, burst, times, links };
                self.bring(weather, lasts)
            }
            Action::Pause { node, lasts } => self.pause(number, node, lasts),
            Action::SlowDisk { node, force, lasts } => {
                self.disks.slow(node, number, force);
                self.stand(number, Kind::SlowDisk { node }, lasts);
                None
            }
            Action::Clock { node, rate } => {
                let clock = &mut self.nodes[index(node)].clock;
                let before = std::mem::replace(clock, rate);
                (before == rate).then_some(Idle::NothingChanged)
            }
            Action::Decide { node, tx, decision } => self.decree(node, tx, decision),
            Action::Heal { last } => self.heal_with(number, last),
        };
        self.plan.struck(number, idle);
    }

    /// Fault `number` ends, unless it was healed before.
    pub(crate) fn ease(&mut self, number: u32) {
        let Some(at) = self.standing.active.iter().position(|active| active.fault == number) else {
            return;
        };
        let active = self.standing.active.remove(at);
        self.standing.last_trouble = self.standing.last_trouble.max(self.now);
        self.observe(NodeId(0), What::Ease { fault: number });
        self.end(active);
    }

    pub(crate) fn crash(
        &mut self,
        node: NodeId,
        restart_after: Option<Span>,
        tail: Tail,
    ) -> Option<Idle> {
        if !self.is_up(node) {
            return Some(Idle::AlreadyDown);
        }
        self.stop(node, tail);
        if let Some(span) = restart_after {
            let life = self.nodes[index(node)].life;
            self.standing.repairs += 1;
            self.queue.push_first(self.now + span, Event::Restart { node, life });
        }
        None
    }

    fn cut(
        &mut self,
        number: u32,
        pairs: Vec<(NodeId, NodeId)>,
        heal_after: Option<Span>,
        in_flight: InFlight,
    ) -> Option<Idle> {
        let idle = pairs.is_empty().then_some(Idle::NothingChanged);
        let under_way = self.queue.stamp();
        for (from, to) in &pairs {
            self.links.cut(*from, *to, in_flight, under_way);
        }
        self.stand(number, Kind::Cut { pairs, in_flight }, heal_after);
        idle
    }

    fn bring(&mut self, weather: Weather, lasts: Option<Span>) -> Option<Idle> {
        let changes = weather.loss != Ratio::ZERO || weather.times != Scale::ONE;
        self.stand(weather.fault, Kind::Weather, lasts);
        self.links.add_weather(weather);
        (!changes).then_some(Idle::NothingChanged)
    }

    /// Everything heals.
    fn heal_with(&mut self, number: u32, last: bool) -> Option<Idle> {
        // A storm ends with its own healing: what still waited for a moment is over too.
        let listed = self.setup.faults.len();
        if last {
            self.plan.stop_watching(0);
        } else if number as usize >= listed {
            self.plan.stop_watching(listed);
        }
        self.heal()
    }

    fn pause(&mut self, number: u32, node: NodeId, lasts: Span) -> Option<Idle> {
        if !self.is_up(node) {
            return Some(Idle::AlreadyDown);
        }
        self.nodes[index(node)].pauses += 1;
        self.upsets += 1;
        self.stand(number, Kind::Pause { node }, Some(lasts));
        None
    }

    /// An operator decides by hand.
    fn decree(&mut self, node: NodeId, tx: TxId, decision: Decision) -> Option<Idle> {
        let mut acts = Vec::new();
        let known =
            self.is_up(node) && self.crew().hosts[index(node)].decree(tx, decision, &mut acts);
        self.carry_out(node, acts);
        (!known).then_some(Idle::NotInDoubt)
    }

    /// Notes that a fault is in force, and schedules its end.
    fn stand(&mut self, number: u32, kind: Kind, lasts: Option<Span>) {
        self.standing.active.push(Active { fault: number, kind });
        if let Some(span) = lasts {
            self.standing.repairs += 1;
            self.queue.push_first(self.now + span, Event::Ease { fault: number });
        }
    }

    pub(crate) fn end(&mut self, active: Active) {
        match active.kind {
            Kind::Cut { pairs, in_flight } => {
                for (from, to) in pairs {
                    self.links.join(from, to, in_flight);
                }
                self.let_through();
            }
            Kind::Clog { pairs, .. } => {
                for (from, to) in pairs {
                    self.links.join(from, to, InFlight::Hold);
                }
                self.let_through();
            }
            Kind::Weather => self.links.clear_weather(active.fault),
            Kind::Pause { node } => {
                let state = &mut self.nodes[index(node)];
                state.pauses -= 1;
                if state.pauses == 0 {
                    let held = std::mem::take(&mut state.held);
                    // What was held may be the rest of a step of which the data knows all.
                    let at_once = held.is_empty();
                    self.release(held);
                    self.wake_clients();
                    if at_once {
                        self.attend(node);
                    }
                }
            }
            Kind::SlowDisk { node } => self.disks.quicken(node, active.fault),
        }
    }

    /// Messages that were held, and no longer are, arrive now.
    fn let_through(&mut self) {
        let held = std::mem::take(&mut self.standing.held);
        let mut free = Vec::new();
        for (id, event) in held {
            let passage = match &event {
                Event::Arrive { to, from, .. } => self.links.arrive(*from, *to, id),
                _ => Passage::Open,
            };
            match passage {
                Passage::Held => self.standing.held.push((id, event)),
                Passage::Open | Passage::Lost => free.push(Held::Event(id, event)),
            }
        }
        self.release(free);
    }

    /// Ends everything that is wrong, and restarts whoever is down.
    fn heal(&mut self) -> Option<Idle> {
        self.observe(NodeId(0), What::Heal);
        let mut changed = self.plan.clear_rules();
        changed |= !std::mem::take(&mut self.standing.going).is_empty();
        for active in std::mem::take(&mut self.standing.active) {
            changed = true;
            self.end(active);
        }
        for node in (0..self.nodes.len() as u16).map(NodeId) {
            changed |= self.nodes[index(node)].clock != Scale::ONE;
            self.nodes[index(node)].clock = Scale::ONE;
            if !self.is_up(node) {
                changed = true;
                self.restart(node);
            }
        }
        (!changed).then_some(Idle::NothingChanged)
    }
}

/// Whether it is seen anyway when the fault strikes.
fn tells_itself(action: &Action) -> bool {
    matches!(
        action,
        Action::Crash { .. }
            | Action::CrashLoop { .. }
            | Action::Swizzle { .. }
            | Action::Restart(_)
            | Action::Heal { .. }
    )
}

//! How the faults of one family are drawn.

use commitsim_core::{About, NodeId, NodeSet, Span, Time};
use commitsim_rng::{Bits, Ratio, Shape, Stream};
use commitsim_sim::{Action, Fault, InFlight, Matching, Moment, Scale, Seen, Setup, Tail, Trigger};

use crate::family::Family;

/// Draws faults, one after the other.
pub(crate) struct Draws<'a> {
    draw: &'a mut Stream,
    about: &'static About,
    nodes: u16,
    until: Time,
    /// Spans that matter in this system.
    pub(crate) waits: [Span; 3],
    /// Up to which match of a moment faults wait.
    pub(crate) moments: u32,
}

impl<'a> Draws<'a> {
    pub(crate) fn new(
        draw: &'a mut Stream,
        about: &'static About,
        nodes: u16,
        until: Time,
    ) -> Draws<'a> {
        Draws { draw, about, nodes, until, waits: [Span(1); 3], moments: 1 }
    }

    /// Adds some faults of `family`.
    pub(crate) fn add(&mut self, family: Family, setup: &mut Setup) {
        match family {
            Family::Votes => return self.votes(setup),
            Family::Silence => return self.silence(setup),
            Family::Permanent => return,
            _ => {}
        }
        // One is the most telling number.
        let count = *self.draw.choose(&[1, 1, 1, 2, 2, 3, 5]).unwrap_or(&1);
        for _ in 0..count {
            self.fault(family, &mut setup.faults);
        }
    }

    fn fault(&mut self, family: Family, faults: &mut Vec<Fault>) {
        if family == Family::Recovery {
            return self.recovery(faults);
        }
        // Crashes wait for moments more often, for a protocol is most vulnerable between two of
        // its own steps.
        let aimed = if family == Family::Crash { 3 } else { 2 };
        let trigger = if self.draw.within(1..=4) <= aimed { self.moment() } else { self.time() };
        let action = match family {
            Family::Crash => self.crash(&trigger),
            Family::CrashLoop => Action::CrashLoop {
                node: self.node(),
                times: self.draw.within(2..=5) as u32,
                down: self.a_while(),
                up: self.a_while(),
                tail: Tail::Drawn,
            },
            Family::Partition => Action::Partition {
                groups: vec![self.some_nodes()],
                heal_after: self.an_end(),
                in_flight: self.in_flight(),
            },
            Family::Cut => self.cut(),
            Family::Swizzle => self.swizzle(),
            Family::Loss | Family::Burst => self.loss(family),
            Family::Delay => self.delay(),
            Family::Duplicate => {
                let matching = self.matching(6);
                // The more telling copy is one that arrives when all is over.
                if self.one_in(2) {
                    let late = Action::Delay(matching.clone(), self.a_while());
                    faults.push(Fault { trigger: trigger.clone(), action: late });
                }
                Action::Duplicate(matching)
            }
            Family::Pause => Action::Pause { node: self.node(), lasts: self.a_while() },
            Family::Disk => Action::SlowDisk {
                node: self.node(),
                force: Shape::fixed(self.a_while().0),
                lasts: self.an_end(),
            },
            Family::Clock => Action::Clock { node: self.node(), rate: self.rate() },
            _ => Action::Expire(self.one_in(2).then(|| self.node())),
        };
        faults.push(Fault { trigger, action });
    }

    /// A crash, and another right after the restart.
    fn recovery(&mut self, faults: &mut Vec<Fault>) {
        let node = self.node();
        let trigger = self.moment();
        let restart_after = Some(self.a_while());
        let action = Action::Crash { node, restart_after, tail: Tail::Drawn };
        faults.push(Fault { trigger, action });
        let moment = Moment { by: node, seen: Seen::Restarted, transaction: None };
        // At once, or while the answers to its questions are under way.
        let after =
            if self.one_in(2) { Span::ZERO } else { Span(self.draw.within(1..=self.waits[0].0)) };
        let trigger = Trigger::When { moment, nth: self.draw.within(1..=2) as u32, after };
        let restart_after = self.an_end();
        let action = Action::Crash { node, restart_after, tail: Tail::Drawn };
        faults.push(Fault { trigger, action });
    }

    /// A crash, half of the time that of the node whose moment it is, between two of its steps.
    fn crash(&mut self, trigger: &Trigger) -> Action {
        let node = match trigger {
            Trigger::When { moment, .. } if self.one_in(2) => moment.by,
            _ => self.node(),
        };
        Action::Crash { node, restart_after: self.an_end(), tail: Tail::Drawn }
    }

    fn cut(&mut self) -> Action {
        let heal_after = self.an_end();
        let (from, to) = (self.node(), self.node());
        if from == to {
            Action::Isolate { node: from, heal_after }
        } else {
            Action::CutLink { from, to, heal_after }
        }
    }

    fn swizzle(&mut self) -> Action {
        let mut close: Vec<NodeId> = self.some_nodes().iter().collect();
        self.draw.shuffle(&mut close);
        let mut open = close.clone();
        self.draw.shuffle(&mut open);
        Action::Swizzle { close, open, every: self.a_while() }
    }

    fn loss(&mut self, family: Family) -> Action {
        if family == Family::Loss && self.one_in(2) {
            return Action::Lose(self.matching(3));
        }
        let burst = if family == Family::Burst { self.draw.within(2..=12) as u32 } else { 1 };
        let percent = self.draw.within(1..=60).div_ceil(u64::from(burst));
        let rate = Ratio::new(percent, 100).unwrap_or(Ratio::ZERO);
        Action::Loss { rate, burst, lasts: self.an_end(), links: None, luck: None }
    }

    fn delay(&mut self) -> Action {
        if self.one_in(2) {
            return Action::Delay(self.matching(3), self.a_while());
        }
        let times = Scale::new(self.draw.within(2..=400) as u32, 1).unwrap_or(Scale::ONE);
        Action::Latency { times, lasts: self.an_end(), links: None }
    }

    fn votes(&mut self, setup: &mut Setup) {
        let most = u64::from(setup.nodes) - 1;
        let node = NodeId(self.draw.within(0..=most) as u16);
        let votes = &setup.votes;
        if votes.no.union(&votes.read_only).union(&votes.never).contains(node) {
            return;
        }
        match self.draw.within(0..=2) {
            0 => {
                setup.votes.no_rate =
                    Ratio::new(self.draw.within(1..=60), 100).unwrap_or(Ratio::ZERO)
            }
            1 => {
                setup.votes.no.insert(node);
            }
            _ => {
                setup.votes.read_only.insert(node);
            }
        }
    }

    fn silence(&mut self, setup: &mut Setup) {
        let node = NodeId(self.draw.within(0..=u64::from(setup.nodes) - 1) as u16);
        let votes = &setup.votes;
        if !votes.no.union(&votes.read_only).contains(node) {
            setup.votes.never.insert(node);
        }
    }

    fn time(&mut self) -> Trigger {
        Trigger::At(Time(self.draw.within(0..=self.until.0.saturating_sub(1))))
    }

    fn moment(&mut self) -> Trigger {
        let seen = match self.draw.within(0..=10) {
            0..=4 => Seen::Sent { message: self.message(), to: self.maybe_node() },
            5..=6 => Seen::Received { message: self.message(), from: self.maybe_node() },
            7..=8 => {
                let record = self.draw.choose(self.about.records).map_or("", |name| name);
                Seen::Forced { record: record.to_string() }
            }
            9 => Seen::Began,
            _ => Seen::Decided,
        };
        let moment = Moment { by: self.node(), seen, transaction: None };
        let nth = if self.one_in(2) { 1 } else { self.draw.within(1..=u64::from(self.moments)) };
        let after = if self.one_in(4) { self.a_while() } else { Span::ZERO };
        Trigger::When { moment, nth: nth as u32, after }
    }

    fn matching(&mut self, most: u64) -> Matching {
        let count = self.draw.within(1..=most) as u32;
        let (from, to) = (self.maybe_node(), self.maybe_node());
        let to = to.filter(|to| Some(*to) != from);
        Matching { message: self.message(), from, to, count }
    }

    fn message(&mut self) -> String {
        self.draw.choose(self.about.messages).map_or("", |name| name).to_string()
    }

    fn node(&mut self) -> NodeId {
        NodeId(self.draw.within(0..=u64::from(self.nodes) - 1) as u16)
    }

    fn maybe_node(&mut self) -> Option<NodeId> {
        self.one_in(2).then(|| self.node())
    }

    fn some_nodes(&mut self) -> NodeSet {
        let half = Ratio::new(1, 2).unwrap_or(Ratio::ZERO);
        let all = (0..self.nodes).map(NodeId);
        let mut some: NodeSet = all.filter(|_| self.draw.happens(half)).collect();
        some.insert(self.node());
        some
    }

    fn in_flight(&mut self) -> InFlight {
        if self.one_in(2) { InFlight::Drop } else { InFlight::Hold }
    }

    fn rate(&mut self) -> Scale {
        // Factors whose inverse is a short decimal number, as scenarios write them.
        let factor = *self.draw.choose(&[2, 4, 5, 8, 10, 20]).unwrap_or(&2);
        let rate = if self.one_in(2) { Scale::new(factor, 1) } else { Scale::new(1, factor) };
        rate.unwrap_or(Scale::ONE)
    }

    /// When a fault ends by itself, if it does not last until all is healed.
    fn an_end(&mut self) -> Option<Span> {
        (!self.one_in(4)).then(|| self.a_while())
    }

    /// From a hundredth of a span that matters here to three times that.
    fn a_while(&mut self) -> Span {
        let wait = self.draw.choose(&self.waits).map_or(1, |wait| wait.0);
        let percent = *self.draw.choose(&[1, 10, 50, 100, 150, 300]).unwrap_or(&100);
        let most = u64::try_from(u128::from(wait) * percent / 100).unwrap_or(u64::MAX);
        Span(self.draw.within(1..=most.max(1)))
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.draw.within(1..=many) == 1
    }
}

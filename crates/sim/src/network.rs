//! What becomes of a message between two nodes.

use commitsim_core::{NodeId, NodeSet, Span, Time};
use commitsim_rng::{Bits, Keyed, Purpose, Ratio, Seed};

use crate::luck;
use crate::setup::{InFlight, Link, Network, Order, Scale};

/// The links of a run, with their luck and their troubles.
///
/// Each message draws by its place: sender, receiver and how many went that way before it. So
/// taking one message or one fault away leaves the luck of all others as it was.
pub(crate) struct Links {
    nodes: u16,
    order: Order,
    /// The kinds of links there are, each once.
    kinds: Vec<Link>,
    /// Every directed link, by sender and receiver.
    links: Vec<State>,
    weather: Vec<Weather>,
    latency: Keyed,
    loss: Keyed,
    duplication: Keyed,
    storm_loss: Keyed,
    /// Messages with a luck of their own, by sender, receiver and number.
    said: Vec<luck::Passage>,
    late_until: Time,
    /// Whether there ever was a cut.
    was_cut: bool,
}

/// One directed link.
#[derive(Clone, Copy)]
struct State {
    kind: u32,
    /// Whether the link by itself neither loses nor doubles messages, nor keeps their order.
    plain: bool,
    /// How many messages were sent on it.
    sent: u64,
    /// How many partitions and cuts that lose messages lie on it, and how many that hold them.
    cuts: u16,
    holds: u16,
    /// Messages with a smaller number were under way when a cut began, and are lost.
    cut_before: u64,
    /// When the latest message on it arrives.
    last_arrival: Time,
}

/// A change of weather, named by the fault that brought it.
pub(crate) struct Weather {
    pub fault: u32,
    /// Which luck its losses have.
    pub luck: u32,
    pub loss: Ratio,
    /// How many messages in a row a loss takes.
    pub burst: u32,
    pub times: Scale,
    /// Only on these links.
    pub links: Option<Vec<(NodeId, NodeId)>>,
}

/// What becomes of a message that is being sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It does not arrive.
    Lost,
    /// It arrives then.
    Arrives(Time),
    /// Copies of it arrive then, at least one.
    Several(Vec<Time>),
}

/// What becomes of a message that would arrive now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Passage {
    Open,
    Lost,
    Held,
}

/// What faults want to happen to one message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Trouble {
    pub lose: bool,
    pub duplicate: bool,
    pub delay: Span,
}

impl Links {
    /// `said` is in the order of sender, receiver and number.
    pub(crate) fn new(
        nodes: u16,
        network: &Network,
        said: Vec<luck::Passage>,
        seed: Seed,
    ) -> Links {
        let size = usize::from(nodes) * usize::from(nodes);
        let fresh = State {
            kind: 0,
            plain: false,
            sent: 0,
            cuts: 0,
            holds: 0,
            cut_before: 0,
            last_arrival: Time::ZERO,
        };
        let mut links = Links {
            nodes,
            order: network.order,
            kinds: vec![network.usual.clone()],
            links: vec![fresh; size],
            weather: Vec::new(),
            latency: Keyed::new(seed, Purpose::Latency),
            loss: Keyed::new(seed, Purpose::Loss),
            duplication: Keyed::new(seed, Purpose::Duplication),
            storm_loss: Keyed::new(seed, Purpose::Delay),
            said,
            late_until: Time::ZERO,
            was_cut: false,
        };
        let here = |(from, to, _): &&(NodeId, NodeId, Link)| from.0 < nodes && to.0 < nodes;
        for (from, to, link) in network.links.iter().filter(here) {
            let known = links.kinds.iter().position(|kind| kind == link);
            let kind = known.unwrap_or_else(|| {
                links.kinds.push(link.clone());
                links.kinds.len() - 1
            });
            links.state(*from, *to).kind = u32::try_from(kind).unwrap_or(u32::MAX);
        }
        for state in &mut links.links {
            let kind = &links.kinds[state.kind as usize];
            let safe = kind.loss == Ratio::ZERO && kind.duplicate == Ratio::ZERO;
            let safe = safe && links.said.is_empty();
            state.plain = safe && links.order == Order::Any;
        }
        links
    }

    /// Sends a message on a link on which nothing but a latency is possible, and says when it
    /// arrives; nothing is sent on another. Its number on this link decides its luck.
    #[inline(always)]
    pub(crate) fn send_plainly(&mut self, now: Time, from: NodeId, to: NodeId) -> Option<Time> {
        let at = self.place(from, to);
        let state = &mut self.links[at];
        if !state.plain || state.cuts > 0 || !self.weather.is_empty() {
            return None;
        }
        let mut draw = self.latency.draw(u64::from(from.0), u64::from(to.0), state.sent);
        state.sent += 1;
        Some(now + Span(self.kinds[state.kind as usize].latency.sample(&mut draw)))
    }

    /// The same where anything is possible. A draw leaves no trace, so those whose outcome is
    /// certain need not be made.
    #[inline(never)]
    pub(crate) fn send(&mut self, now: Time, from: NodeId, to: NodeId, trouble: Trouble) -> Fate {
        let at = self.place(from, to);
        let state = &mut self.links[at];
        let nth = state.sent;
        state.sent += 1;
        if let Some(fate) = self.said_of(now, from, to, nth) {
            return fate;
        }
        let state = &self.links[at];
        let (a, b) = (u64::from(from.0), u64::from(to.0));
        let link = &self.kinds[state.kind as usize];
        if trouble.lose || state.cuts > 0 || self.loss.draw(a, b, nth).happens(link.loss) {
            return Fate::Lost;
        }
        let mut draw = self.latency.draw(a, b, nth);
        let mut first = Span(link.latency.sample(&mut draw));
        let twice = trouble.duplicate || self.duplication.draw(a, b, nth).happens(link.duplicate);
        let mut second = twice.then(|| Span(link.latency.sample(&mut draw)));
        for weather in &self.weather {
            if !weather.covers(from, to) {
                continue;
            }
            let b = b | u64::from(weather.luck) << 32;
            let began = nth.saturating_sub(u64::from(weather.burst) - 1);
            let lost = |n| self.storm_loss.draw(a, b, n).happens(weather.loss);
            if (began..=nth).any(lost) {
                return Fate::Lost;
            }
            first = weather.times.times(first);
            second = second.map(|second| weather.times.times(second));
        }
        let first = self.in_order(at, now + first.plus(trouble.delay));
        let second = second.map(|second| self.in_order(at, now + second));
        let last = second.map_or(first, |second| second.max(first));
        if last - now > self.slowest() {
            self.late_until = self.late_until.max(last);
        }
        match second {
            None => Fate::Arrives(first),
            Some(second) => Fate::Several(vec![first, second]),
        }
    }

    /// What becomes of a message with a luck of its own, of which `before` went the same way
    /// before it.
    fn said_of(&mut self, now: Time, from: NodeId, to: NodeId, before: u64) -> Option<Fate> {
        let place = (from, to, before + 1);
        let known = self.said.binary_search_by_key(&place, |said| (said.from, said.to, said.nth));
        let said = &self.said[known.ok()?];
        if said.delays.is_empty() || self.links[self.place(from, to)].cuts > 0 {
            return Some(Fate::Lost);
        }
        let arrivals: Vec<Time> = said.delays.iter().map(|delay| now + *delay).collect();
        self.late_until = arrivals.iter().copied().fold(self.late_until, Time::max);
        Some(Fate::Several(arrivals))
    }

    /// Whether the message with number `id`, sent earlier, gets through now.
    #[inline]
    pub(crate) fn arrive(&self, from: NodeId, to: NodeId, id: u64) -> Passage {
        if !self.was_cut {
            return Passage::Open;
        }
        let state = &self.links[self.place(from, to)];
        if id < state.cut_before || state.cuts > 0 {
            Passage::Lost
        } else if state.holds > 0 {
            Passage::Held
        } else {
            Passage::Open
        }
    }

    /// Whether a message sent now could arrive at all.
    pub(crate) fn connected(&self, from: NodeId, to: NodeId) -> bool {
        let state = &self.links[self.place(from, to)];
        state.cuts == 0 && state.holds == 0
    }

    /// A cut begins; messages with a number below `id` are under way.
    pub(crate) fn cut(&mut self, from: NodeId, to: NodeId, in_flight: InFlight, id: u64) {
        self.was_cut = true;
        let state = self.state(from, to);
        match in_flight {
            InFlight::Drop => {
                state.cuts += 1;
                state.cut_before = id;
            }
            InFlight::Hold => state.holds += 1,
        }
    }

    /// A cut ends.
    pub(crate) fn join(&mut self, from: NodeId, to: NodeId, in_flight: InFlight) {
        let state = self.state(from, to);
        match in_flight {
            InFlight::Drop => state.cuts -= 1,
            InFlight::Hold => state.holds -= 1,
        }
    }

    /// The weather changes.
    pub(crate) fn add_weather(&mut self, weather: Weather) {
        self.weather.push(weather);
    }

    /// The weather that `fault` brought ends.
    pub(crate) fn clear_weather(&mut self, fault: u32) {
        self.weather.retain(|weather| weather.fault != fault);
    }

    /// The pairs that a partition into `groups` separates, in both directions.
    pub(crate) fn between(&self, groups: &[NodeSet]) -> Vec<(NodeId, NodeId)> {
        let group = |node: NodeId| groups.iter().position(|group| group.contains(node));
        let nodes = || (0..self.nodes).map(NodeId);
        let pairs = nodes().flat_map(|from| nodes().map(move |to| (from, to)));
        pairs.filter(|(from, to)| group(*from) != group(*to)).collect()
    }

    /// The longest latency that any link can draw by itself.
    pub(crate) fn slowest(&self) -> Span {
        Span(self.kinds.iter().map(|kind| kind.latency.bounds().1).max().unwrap_or(0))
    }

    /// When the last message arrives that faults, or its place in a queue, made later than its
    /// link alone would have.
    pub(crate) fn late_until(&self) -> Time {
        self.late_until
    }

    /// Whether messages are lost without any fault.
    pub(crate) fn lossy(&self) -> bool {
        self.kinds.iter().any(|kind| kind.loss != Ratio::ZERO)
            || self.weather.iter().any(|weather| weather.loss != Ratio::ZERO)
    }

    #[inline]
    fn in_order(&mut self, at: usize, arrival: Time) -> Time {
        let state = &mut self.links[at];
        match self.order {
            Order::Any => arrival,
            Order::Fifo => {
                state.last_arrival = state.last_arrival.max(arrival);
                state.last_arrival
            }
        }
    }

    #[inline]
    fn place(&self, from: NodeId, to: NodeId) -> usize {
        usize::from(from.0) * usize::from(self.nodes) + usize::from(to.0)
    }

    fn state(&mut self, from: NodeId, to: NodeId) -> &mut State {
        let at = self.place(from, to);
        &mut self.links[at]
    }
}

impl Weather {
    fn covers(&self, from: NodeId, to: NodeId) -> bool {
        self.links.as_ref().is_none_or(|links| links.contains(&(from, to)))
    }
}

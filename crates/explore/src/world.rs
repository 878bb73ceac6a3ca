//! A small world between two steps, and what a step makes of it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use commitsim_core::{Effects, Lsn, NodeId, NodeSet, Protocol, Spoken, Time, TxId};
use commitsim_host::{Act, Host, Input, Stage};
use commitsim_spec::{Circumstances, Observation, Spec, Violation, What};

use crate::bounds::Bounds;
use crate::choice::{Choice, Envelope};
use crate::digest::digest;

/// The only transaction.
pub(crate) const TX: TxId = TxId(0);

/// What a reference to a host takes, in bytes.
const POINTER: usize = size_of::<usize>();

/// What a node's part in the oracle's memory takes, in bytes.
const PART: usize = 16;

/// What tables, logs and the like take on the heap, in a host or in the oracle, in bytes.
const MACHINE: usize = 512;

/// All there is: nodes, messages, alarms, work, and what may still go wrong.
#[derive(Clone)]
pub struct World<P: Protocol> {
    pub(crate) stage: Arc<Stage<P>>,
    /// Shared between worlds, since a step changes one of them.
    hosts: Vec<Arc<Hosted<P>>>,
    pub(crate) up: NodeSet,
    pub(crate) began: bool,
    /// What is under way, each message once however often it was sent: two copies of a message do
    /// no more than one that may arrive twice. Where the network is unreliable: all that was ever
    /// sent. In order.
    pub(crate) flying: Vec<Envelope<P::Message>>,
    /// In order.
    pub(crate) armed: Vec<(NodeId, P::Timer)>,
    pub(crate) working: NodeSet,
    /// One part of a network that fell into two.
    pub(crate) parted: Option<NodeSet>,
    pub(crate) left: Bounds,
    /// Whether what may be done at once is, and so other orders are not looked at.
    pub(crate) eager: bool,
    spec: Spec,
}

/// A host with its fingerprint.
struct Hosted<P: Protocol> {
    host: Host<P>,
    digest: u128,
}

impl<P: Protocol> World<P> {
    /// The world before anything has happened: one node for each cast of the stage.
    #[must_use]
    pub fn new(stage: Stage<P>, nodes: u16, bounds: Bounds) -> World<P> {
        let hosted = |node| Arc::new(Hosted::new(Host::new(NodeId(node), ())));
        let mut spec = Spec::new(P::promise(&stage.config), nodes);
        let cast = stage.casts.of(TX, NodeId(0));
        spec.open(TX, cast.root, &cast.voters);
        spec.plant(TX, (0..nodes).map(|node| stage.casts.of(TX, NodeId(node)).parent));
        if bounds.unreliable {
            // The oracle is to expect losses from the beginning, as if there had been one.
            let what = What::Fire { tx: TX, timer: 0 };
            spec.observe(&Observation { at: Time::ZERO, node: cast.root, what });
        }
        World {
            stage: Arc::new(stage),
            hosts: (0..nodes).map(hosted).collect(),
            up: NodeSet::first(nodes),
            began: false,
            flying: Vec::new(),
            armed: Vec::new(),
            working: NodeSet::EMPTY,
            parted: None,
            left: bounds,
            eager: false,
            spec,
        }
    }

    /// What the oracle objected to so far.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        self.spec.violations()
    }

    /// The node at which the transaction begins.
    pub(crate) fn root(&self) -> NodeId {
        self.stage.casts.of(TX, NodeId(0)).root
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeId> + use<P> {
        (0..self.hosts.len() as u16).map(NodeId)
    }

    pub(crate) fn host(&self, node: NodeId) -> &Host<P> {
        &self.hosts[usize::from(node.0)].host
    }

    /// Whether a node has records that are not durable yet.
    pub(crate) fn is_behind(&self, node: NodeId) -> bool {
        let log = self.host(node).log();
        log.durable() < log.appended()
    }

    /// About how many bytes the world takes by itself. All hosts but the one that took the last
    /// step are shared with other worlds, and the oracle's memory is about a host's.
    pub(crate) fn bytes(&self) -> u64 {
        let flying = self.flying.capacity() * size_of::<Envelope<P::Message>>();
        let armed = self.armed.capacity() * size_of::<(NodeId, P::Timer)>();
        let own = size_of::<World<P>>() + flying + armed + self.hosts.len() * POINTER;
        let spec = MACHINE + self.hosts.len() * PART;
        let host = size_of::<Hosted<P>>() + 2 * size_of::<P>() + MACHINE;
        (own + spec + host) as u64
    }

    pub(crate) fn digest(&self) -> u128 {
        digest(self)
    }

    /// What becomes of the world.
    #[must_use]
    pub fn after(&self, choice: &Choice<P>) -> World<P> {
        match choice {
            Choice::Crash(node, survives) => {
                let mut world = self.clone();
                world.crash(*node, *survives);
                world
            }
            Choice::Amid(step, acts, survives) => {
                let (mut world, node, all) = self.begin_step(step);
                world.carry_out(node, &all[..*acts as usize]);
                world.crash(node, *survives);
                world
            }
            Choice::Lose(envelope) => {
                let mut world = self.clone();
                world.left.losses -= 1;
                world.take_out(envelope);
                world.lose(envelope);
                world
            }
            Choice::Deliver(envelope) if !self.up.contains(envelope.to) => {
                let mut world = self.clone();
                world.take_out(envelope);
                world.lose(envelope);
                world
            }
            Choice::Part(part) => {
                let mut world = self.clone();
                world.part(part);
                world
            }
            Choice::Mend => World { parted: None, ..self.clone() },
            Choice::Silence => World { flying: Vec::new(), ..self.clone() },
            step => {
                let (mut world, node, acts) = self.begin_step(step);
                world.carry_out(node, &acts);
                world
            }
        }
    }

    /// What a message or an alarm makes of the node that it happens to, and what that does.
    pub(crate) fn react(&self, step: &Choice<P>) -> Option<(NodeId, Host<P>, Vec<Act<P>>)> {
        let (node, input) = match step {
            Choice::Deliver(envelope) => (envelope.to, delivery(envelope)),
            Choice::Fire(node, timer) => (*node, Input::Fire { tx: TX, timer: *timer }),
            _ => return None,
        };
        let (mut fx, mut acts) = (Effects::new(), Vec::new());
        let mut host = self.host(node).clone();
        host.handle(&self.stage, input, &mut fx, &mut acts);
        Some((node, host, acts))
    }

    /// A message of `from`, as `host` now is, unless it is under way already.
    pub(crate) fn news(
        &self,
        from: NodeId,
        host: &Host<P>,
        to: NodeId,
        message: &P::Message,
    ) -> Option<Envelope<P::Message>> {
        let settled = host.settled();
        let envelope = Envelope { to, from, settled, message: message.clone() };
        self.flying.binary_search(&envelope).is_err().then_some(envelope)
    }

    /// Whether a message does nothing: its receiver stays as it is, and says nothing that it has
    /// not said before. Where the network is unreliable the world then stays as it is, too.
    pub(crate) fn is_idle(&self, step: &Choice<P>) -> bool {
        let Some((node, host, acts)) = self.react(step) else { return false };
        let said = |act: &Act<P>| match act {
            Act::Send { to, message, .. } => self.news(node, &host, *to, message).is_none(),
            _ => false,
        };
        acts.iter().all(said) && host == *self.host(node)
    }

    /// Lets something happen to a node; its acts are still to be carried out.
    pub(crate) fn begin_step(&self, step: &Choice<P>) -> (World<P>, NodeId, Vec<Act<P>>) {
        let mut world = self.clone();
        let (node, input) = match step {
            Choice::Begin => {
                world.began = true;
                (world.root(), Input::Begin { tx: TX })
            }
            Choice::Deliver(envelope) => {
                world.take_out(envelope);
                (envelope.to, delivery(envelope))
            }
            Choice::Duplicate(envelope) => {
                world.left.duplicates -= 1;
                world.observe(envelope.to, duplicate::<P>(envelope));
                (envelope.to, delivery(envelope))
            }
            Choice::Vote(node, vote) => {
                world.working.remove(*node);
                world.observe(*node, What::Vote { tx: TX, vote: *vote });
                (*node, Input::Vote { tx: TX, vote: *vote })
            }
            Choice::Sync(node) => {
                (*node, Input::Durable { upto: world.host(*node).log().appended() })
            }
            Choice::Fire(node, timer) => {
                world.armed.retain(|armed| armed != &(*node, *timer));
                world.left.alarms = world.left.alarms.map(|left| left - 1);
                world.observe(*node, What::Fire { tx: TX, timer: timer_index(*timer) });
                (*node, Input::Fire { tx: TX, timer: *timer })
            }
            Choice::Restart(node) => {
                let acts = world.restart(*node);
                return (world, *node, acts);
            }
            _ => unreachable!("only a node takes steps"),
        };
        let (stage, mut fx, mut acts) = (world.stage.clone(), Effects::new(), Vec::new());
        world.change(node, |host| host.handle(&stage, input, &mut fx, &mut acts));
        (world, node, acts)
    }

    /// Has the oracle judge termination in a world in which nothing is left to happen, and the
    /// cost if nothing has gone wrong on the way to it. Ways that lead to the same world may have
    /// cost differently; the one that is judged is a shortest.
    pub(crate) fn judge(&mut self) {
        let everywhere = |_, _| true;
        let now = Circumstances { at: Time::ZERO, reaches: &everywhere, settled: &|_| true };
        self.spec.judge(&now);
        self.spec.close(Time::ZERO, TX);
    }

    fn restart(&mut self, node: NodeId) -> Vec<Act<P>> {
        self.up.insert(node);
        self.observe(node, What::Restart);
        let born = if self.began { TX.next() } else { TX };
        let (stage, mut fx, mut acts) = (self.stage.clone(), Effects::new(), Vec::new());
        self.change(node, |host| host.restart(&stage, born, &mut fx, &mut acts));
        acts
    }

    /// Carries out acts, the first to the last.
    pub(crate) fn carry_out(&mut self, node: NodeId, acts: &[Act<P>]) {
        for act in acts {
            self.perform(node, act);
        }
    }

    fn perform(&mut self, node: NodeId, act: &Act<P>) {
        match act {
            Act::Opened { .. } => self.observe(node, What::Begin { tx: TX }),
            Act::Send { to, message, .. } => self.send(node, *to, message.clone()),
            Act::Append { lsn, record, forced, .. } => {
                let (lsn, forced) = (*lsn, *forced);
                self.observe(node, What::Append { tx: TX, lsn, word: record.word(), forced });
            }
            Act::Durable { lsn, record, .. } => {
                self.observe(node, What::Durable { tx: TX, lsn: *lsn, word: record.word() });
            }
            Act::Arm { timer, .. } => {
                let alarm = (node, *timer);
                if let Err(place) = self.armed.binary_search(&alarm) {
                    self.armed.insert(place, alarm);
                }
            }
            Act::Disarm { timer, .. } => self.armed.retain(|armed| armed != &(node, *timer)),
            Act::AskVote { .. } => {
                self.working.insert(node);
            }
            Act::Entered { status, .. } => {
                self.observe(node, What::Enter { tx: TX, status: *status });
            }
            Act::Decided { decision, why, .. } => {
                let (decision, why) = (*decision, *why);
                self.observe(node, What::Decide { tx: TX, decision, why });
            }
            Act::Forgot { .. } => {
                self.armed.retain(|(of, _)| *of != node);
                self.working.remove(node);
                self.observe(node, What::Forget { tx: TX });
            }
        }
    }

    fn send(&mut self, from: NodeId, to: NodeId, message: P::Message) {
        let word = message.word();
        self.observe(from, What::Send { tx: TX, to, id: 0, word });
        let settled = self.host(from).settled();
        let envelope = Envelope { to, from, settled, message };
        if self.is_between_parts(&envelope) {
            self.lose(&envelope);
        } else if let Err(place) = self.flying.binary_search(&envelope) {
            self.flying.insert(place, envelope);
        }
    }

    fn part(&mut self, part: &NodeSet) {
        self.left.partitions -= 1;
        self.parted = Some(part.clone());
        let (lost, flying) = std::mem::take(&mut self.flying)
            .into_iter()
            .partition(|envelope| self.is_between_parts(envelope));
        self.flying = flying;
        let lost: Vec<Envelope<P::Message>> = lost;
        lost.iter().for_each(|envelope| self.lose(envelope));
    }

    pub(crate) fn is_between_parts(&self, envelope: &Envelope<P::Message>) -> bool {
        let parts = |part: &NodeSet| part.contains(envelope.from) != part.contains(envelope.to);
        self.parted.as_ref().is_some_and(parts)
    }

    fn take_out(&mut self, envelope: &Envelope<P::Message>) {
        if self.left.unreliable {
            return;
        }
        if let Ok(place) = self.flying.binary_search(envelope) {
            self.flying.remove(place);
        }
    }

    fn lose(&mut self, envelope: &Envelope<P::Message>) {
        let word = envelope.message.word();
        self.observe(envelope.to, What::Lose { tx: TX, from: envelope.from, id: 0, word });
    }

    /// What survives is durable from then on, and the oracle hears so first.
    pub(crate) fn crash(&mut self, node: NodeId, survives: Lsn) {
        self.left.crashes -= 1;
        let log = self.host(node).log();
        let (cut, durable, appended) = (log.cut(), log.durable(), log.appended());
        let kept: Vec<What> = (cut.0 + 1..)
            .map(Lsn)
            .zip(log.entries())
            .filter(|(lsn, _)| *lsn > durable && *lsn <= survives)
            .map(|(lsn, entry)| What::Durable { tx: entry.tx, lsn, word: entry.record.word() })
            .collect();
        kept.into_iter().for_each(|what| self.observe(node, what));
        self.observe(node, What::Crash { kept: survives, appended });
        self.change(node, |host| host.crash(survives));
        self.up.remove(node);
        self.working.remove(node);
        self.armed.retain(|(of, _)| *of != node);
    }

    fn change(&mut self, node: NodeId, change: impl FnOnce(&mut Host<P>)) {
        let hosted = &mut self.hosts[usize::from(node.0)];
        let mut host = hosted.host.clone();
        change(&mut host);
        *hosted = Arc::new(Hosted::new(host));
    }

    fn observe(&mut self, node: NodeId, what: What) {
        self.spec.observe(&Observation { at: Time::ZERO, node, what });
    }
}

impl<P: Protocol> Hosted<P> {
    fn new(host: Host<P>) -> Hosted<P> {
        Hosted { digest: digest(&host), host }
    }
}

/// What tells two worlds apart; counts of messages and the like do not.
impl<P: Protocol> Hash for World<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for hosted in &self.hosts {
            hosted.digest.hash(state);
        }
        (&self.up, self.began, &self.flying, &self.armed).hash(state);
        (&self.working, &self.parted, self.left).hash(state);
        self.spec.hash_memory(state);
    }
}

fn delivery<P: Protocol>(envelope: &Envelope<P::Message>) -> Input<P> {
    let Envelope { from, settled, ref message, .. } = *envelope;
    Input::Deliver { from, settled, tx: TX, message: message.clone() }
}

fn duplicate<P: Protocol>(envelope: &Envelope<P::Message>) -> What {
    let word = envelope.message.word();
    What::Duplicate { tx: TX, from: envelope.from, id: 0, copy: 0, word }
}

fn timer_index<T: commitsim_core::Alarm>(timer: T) -> u8 {
    timer.index()
}

//! The simulated world: hosts, and everything that happens to them.

use std::collections::VecDeque;

use commitsim_core::{
    Alarm as _, Effects, NodeId, Protocol, Span, Spoken, Status, Time, TxId, Vote, Word,
};
use commitsim_host::{Act, Casts, Host, Input, Stage};
use commitsim_rng::Seed;
use commitsim_spec::{Spec, What};

use crate::disk::Disks;
use crate::estate::Estate;
use crate::event::{Event, Held};
use crate::faults::{Event as Seen, Plan};
use crate::formation::Formations;
use crate::holdings::Holdings;
use crate::ledger::Ledger;
use crate::luck::{Exceptions, Rhythm};
use crate::network::{Links, Passage};
use crate::queue::{Alarm, Next, Queue, QueueKind};
use crate::record::{Totals, TransactionRecord};
use crate::setup::{Scale, Setup};
use crate::trace::{TraceHash, Watch};
use crate::work::Work;
use crate::workload::Workload;

/// One run in progress.
pub(crate) struct World<'a, P: Protocol, D: Holdings = ()> {
    pub(crate) setup: &'a Setup,
    pub(crate) now: Time,
    /// Which node is doing something.
    pub(crate) acting: NodeId,
    /// Away while one of its hosts does something.
    pub(crate) crew: Option<Box<Crew<P, D>>>,
    pub(crate) nodes: Vec<Node<P>>,
    pub(crate) queue: Queue<Event<P>>,
    /// What still happens in this very instant, before anything else does.
    pub(crate) instant: VecDeque<Held<P>>,
    pub(crate) links: Links,
    pub(crate) disks: Disks,
    pub(crate) work: Work,
    pub(crate) exceptions: Exceptions,
    pub(crate) workload: Workload,
    /// How many beginnings are in the queue.
    pub(crate) beginnings: u32,
    /// How many clients wait for a root to come back.
    pub(crate) waiting: u32,
    /// How many nodes are down.
    pub(crate) down: u32,
    /// How many crashes and pauses there were: what can cut a step short.
    pub(crate) upsets: u64,
    pub(crate) plan: Plan,
    pub(crate) standing: crate::strike::Standing<P>,
    pub(crate) spec: Spec,
    pub(crate) ledger: Ledger,
    /// What goes on above the data, where there is any.
    pub(crate) estate: Option<Box<Estate>>,
    pub(crate) hash: TraceHash,
    pub(crate) watch: Option<&'a mut (dyn Watch + 'a)>,
    pub(crate) totals: Totals,
    pub(crate) closed: Vec<TransactionRecord>,
    pub(crate) keep: bool,
    pub(crate) fading_most: usize,
    /// Scratch space.
    pub(crate) acts: Vec<Act<P>>,
}

/// The hosts, and what they need to do something.
pub(crate) struct Crew<P: Protocol, D: Holdings> {
    pub stage: Stage<P>,
    pub hosts: Vec<Host<P, D>>,
    /// Scratch space.
    pub fx: Effects<P>,
}

/// What the world knows of a node beside its host.
pub(crate) struct Node<P: Protocol> {
    pub up: bool,
    /// How often it has crashed. What was scheduled for an earlier life does not happen.
    pub life: u32,
    /// How many faults make it pause, and what waits for it meanwhile.
    pub pauses: u32,
    pub held: Vec<Held<P>>,
    pub clock: Scale,
}

impl<'a, P: Protocol, D: Holdings> World<'a, P, D> {
    pub(crate) fn new(
        setup: &'a Setup,
        config: P::Config,
        plan: Plan,
        seed: Seed,
        queue: QueueKind,
        watch: Option<&'a mut (dyn Watch + 'a)>,
        keep: bool,
    ) -> World<'a, P, D> {
        let promise = P::promise(&config);
        let formations = Formations::new(promise.formation, setup);
        let nodes = formations.nodes();
        let mut workload = Workload::new(setup, formations, seed);
        let usual = workload.usual().unwrap_or_else(|| workload.everybody(NodeId(0)));
        let keys = setup.workload.keys.as_ref().filter(|_| D::ANY);
        let data = |n| D::of(Estate::manager(keys.filter(|_| n < setup.nodes)));
        let node = |_| Node { up: true, life: 0, pauses: 0, held: Vec::new(), clock: Scale::ONE };
        World {
            setup,
            now: Time::ZERO,
            spec: Spec::new(promise, nodes),
            acting: NodeId(0),
            crew: Some(Box::new(Crew {
                stage: Stage { config, casts: Casts::new(usual) },
                hosts: (0..nodes).map(|n| Host::new(NodeId(n), data(n))).collect(),
                fx: Effects::new(),
            })),
            nodes: (0..nodes).map(node).collect(),
            queue: Queue::new(queue, nodes),
            instant: VecDeque::new(),
            links: Links::new(nodes, &setup.network, setup.luck.passages(), seed),
            disks: Disks::new(nodes, &setup.disk, seed),
            work: Work::new(&setup.work, &setup.votes, seed),
            exceptions: Exceptions::new::<P>(&setup.luck),
            workload,
            beginnings: 0,
            waiting: 0,
            down: 0,
            upsets: 0,
            plan,
            standing: crate::strike::Standing::new(),
            ledger: Ledger::new(nodes),
            estate: keys.map(|keys| Box::new(Estate::new(keys, setup.nodes, seed))),
            hash: TraceHash::new(),
            watch,
            totals: Totals::default(),
            closed: Vec::new(),
            keep,
            fading_most: crate::turnover::FADING_LEAST,
            acts: Vec::new(),
        }
    }

    /// Schedules what happens by itself.
    pub(crate) fn start(&mut self) {
        for (fault, number) in self.plan.faults.iter().zip(0u32..) {
            if let crate::setup::Trigger::At(at) = fault.trigger
                && self.plan.is_waiting(number)
            {
                self.queue.push_first(at, Event::Strike { fault: number });
            }
        }
        for Rhythm { node, until, at } in &self.setup.luck.disks {
            // That of a helper that this protocol does not have is nobody's.
            if index(*node) < self.nodes.len() {
                self.disks.sleep(*node);
                at.iter().for_each(|at| self.queue.push(*at, Event::Write { node: *node }));
                self.queue.push(*until, Event::Wake { node: *node });
            }
        }
        for at in self.workload.first() {
            self.schedule_begin(at);
        }
    }

    /// Lets the next thing happen. Says whether there was one before the horizon.
    #[inline]
    pub(crate) fn step(&mut self) -> bool {
        if !self.instant.is_empty() {
            return self.step_in_instant();
        }
        let Some((at, id, next)) = self.queue.pop() else { return false };
        if at > self.setup.horizon {
            self.queue.unpop(at, id, next);
            self.now = self.setup.horizon;
            return false;
        }
        self.now = at;
        self.totals.events += 1;
        match next {
            Next::Event(slot) => {
                let event = self.queue.take(slot);
                self.happen(id, event);
            }
            Next::Alarm => self.go_off(self.queue.rung()),
        }
        true
    }

    #[inline(never)]
    fn step_in_instant(&mut self) -> bool {
        let Some(held) = self.instant.pop_front() else { return false };
        self.totals.events += 1;
        self.happen_at_last(held);
        true
    }

    /// The hosts and what belongs to them, which are never away when somebody asks: in the middle
    /// of a step nobody does.
    #[inline]
    pub(crate) fn crew(&mut self) -> &mut Crew<P, D> {
        self.crew.as_mut().expect("no host is in the middle of a step")
    }

    #[inline]
    pub(crate) fn hosts(&self) -> &[Host<P, D>] {
        &self.crew.as_ref().expect("no host is in the middle of a step").hosts
    }

    pub(crate) fn host(&self, node: NodeId) -> &Host<P, D> {
        &self.hosts()[index(node)]
    }

    /// Whether nothing is left to happen.
    pub(crate) fn is_quiet(&mut self) -> bool {
        let Some((at, id, next)) = self.queue.pop() else { return self.instant.is_empty() };
        // Back to where the judge can see what is left.
        self.queue.unpop(at, id, next);
        false
    }

    /// The longest that a message there and back, a force and local work can take together.
    pub(crate) fn longest_step(&self) -> Span {
        let there = self.links.slowest();
        let force = Span(self.setup.disk.force.bounds().1);
        there.plus(there).plus(force).plus(self.work.longest()).plus(self.disks.flush)
    }

    /// The hash of everything observed so far.
    pub(crate) fn hash(&self) -> u128 {
        self.hash.value()
    }

    /// Compiled into both callers, where the event need not be put into memory first.
    #[inline(always)]
    fn happen(&mut self, id: u64, event: Event<P>) {
        match event {
            Event::Arrive { to, from, tx, settled, message } => {
                if self.must_wait(to) {
                    let event = Event::Arrive { to, from, tx, settled, message };
                    self.nodes[index(to)].held.push(Held::Event(id, event));
                } else {
                    self.arrive(id, to, from, tx, settled, message);
                }
            }
            Event::Vote { node, life, tx, vote } if self.lives(node, life) => {
                if self.must_wait(node) {
                    let event = Event::Vote { node, life, tx, vote };
                    self.nodes[index(node)].held.push(Held::Event(id, event));
                } else {
                    self.vote(node, tx, vote);
                }
            }
            Event::Tired { node, life, tx, since } => self.tire(id, node, life, tx, since),
            Event::Synced { node, life } if self.lives(node, life) => {
                if self.must_wait(node) {
                    self.nodes[index(node)].held.push(Held::Event(id, event));
                } else {
                    self.synced(node);
                }
            }
            Event::Flush { node, life } if self.lives(node, life) => {
                let durable = self.host(node).log().durable();
                if self.disks.flush_due(node, durable)
                    && let Some((length, upto)) = self.disks.want(node)
                {
                    self.start_sync(node, length, upto);
                }
            }
            Event::Write { node } => {
                let durable = self.host(node).log().durable();
                if self.is_up(node)
                    && let Some(upto) = self.disks.write_asleep(node, durable)
                {
                    self.start_sync(node, Span::ZERO, upto);
                }
            }
            Event::Wake { node } => {
                let durable = self.host(node).log().durable();
                if let Some((length, upto)) = self.disks.wake(node, durable) {
                    self.start_sync(node, length, upto);
                }
            }
            Event::Begin => self.begin(),
            Event::Strike { fault } => self.strike(fault, None),
            Event::Ease { fault } => {
                self.standing.repairs -= 1;
                self.ease(fault);
            }
            Event::Stage { fault, stage } => {
                self.standing.repairs -= 1;
                self.stage(fault, stage);
            }
            Event::Restart { node, life } => {
                self.standing.repairs -= 1;
                let state = &self.nodes[index(node)];
                if !state.up && state.life == life {
                    self.restart(node);
                }
            }
            Event::Vote { .. } | Event::Synced { .. } | Event::Flush { .. } => {}
        }
    }

    /// Something happens that had to wait, or waits again.
    fn happen_at_last(&mut self, held: Held<P>) {
        let (node, life) = match held {
            Held::Event(id, event) => return self.happen(id, event),
            Held::Alarm { alarm, life } => (alarm.node, life),
            Held::Input { node, life, .. } | Held::Acts { node, life, .. } => (node, life),
        };
        if !self.lives(node, life) {
            return;
        }
        if self.must_wait(node) {
            self.nodes[index(node)].held.push(held);
            return;
        }
        match held {
            Held::Alarm { alarm, .. } => self.go_off(alarm),
            Held::Input { input, .. } => self.feed(node, input),
            Held::Acts { acts, .. } => self.carry_out(node, acts),
            Held::Event(..) => {}
        }
        // It may have been the last that could happen in a transaction.
        self.check_serial_now();
    }

    #[inline]
    pub(crate) fn lives(&self, node: NodeId, life: u32) -> bool {
        let node = &self.nodes[index(node)];
        node.up && node.life == life
    }

    pub(crate) fn is_up(&self, node: NodeId) -> bool {
        self.nodes[index(node)].up
    }

    #[inline]
    pub(crate) fn must_wait(&self, node: NodeId) -> bool {
        let node = &self.nodes[index(node)];
        node.up && node.pauses > 0
    }

    // What happens to a node.

    #[inline(always)]
    fn arrive(
        &mut self,
        id: u64,
        to: NodeId,
        from: NodeId,
        tx: TxId,
        settled: TxId,
        message: P::Message,
    ) {
        let word = message.word();
        let passage = self.links.arrive(from, to, id);
        if passage == Passage::Held {
            self.standing.held.push((id, Event::Arrive { to, from, tx, settled, message }));
            return;
        }
        if passage == Passage::Lost || !self.is_up(to) {
            self.lose(id, to, from, tx, word);
            return;
        }
        self.totals.delivered += 1;
        self.observe(to, What::Deliver { tx, from, id, word });
        if self.plan.watches() {
            let input = Input::Deliver { from, settled, tx, message };
            self.received(to, tx, Seen::Received { tag: word.tag, from }, input);
            return;
        }
        self.feed(to, Input::Deliver { from, settled, tx, message });
        // It may have been the last to reach a node that wants nothing of it.
        self.check_serial(tx);
    }

    /// The same where a fault may wait for just this.
    #[inline(never)]
    fn received(&mut self, to: NodeId, tx: TxId, seen: Seen, input: Input<P>) {
        let life = self.nodes[index(to)].life;
        self.moment(to, tx, seen);
        // The fault of this moment may have stopped the node before it could look.
        if !self.lives(to, life) {
            return;
        }
        if self.must_wait(to) {
            self.nodes[index(to)].held.push(Held::Input { node: to, life, input });
            return;
        }
        self.feed_under_watch(to, input);
        self.check_serial(tx);
    }

    pub(crate) fn lose(&mut self, id: u64, to: NodeId, from: NodeId, tx: TxId, word: Word) {
        self.totals.lost += 1;
        self.observe(to, What::Lose { tx, from, id, word });
        self.check_serial(tx);
    }

    #[inline(always)]
    fn vote(&mut self, node: NodeId, tx: TxId, vote: Vote) {
        // Work that was cancelled by an abort ends without a vote.
        if matches!(self.host(node).status(tx), None | Some(Status::Decided(_))) {
            return;
        }
        let Some(vote) = self.answer(node, tx, vote) else { return self.attend(node) };
        self.observe(node, What::Vote { tx, vote });
        self.feed(node, Input::Vote { tx, vote });
    }

    #[inline(always)]
    fn synced(&mut self, node: NodeId) {
        let (upto, next) = self.disks.done(node);
        if let Some((length, upto)) = next {
            self.start_sync(node, length, upto);
        }
        self.feed(node, Input::Durable { upto });
    }

    #[inline(never)]
    fn go_off(&mut self, alarm: Alarm) {
        if self.must_wait(alarm.node) {
            let state = &mut self.nodes[index(alarm.node)];
            state.held.push(Held::Alarm { alarm, life: state.life });
            return;
        }
        let Alarm { node, tx, timer } = alarm;
        self.observe(node, What::Fire { tx, timer });
        self.feed(node, Input::Fire { tx, timer: P::Timer::ALL[usize::from(timer)] });
    }

    /// Lets what waited for a paused node, or behind a partition, happen now.
    pub(crate) fn release(&mut self, held: Vec<Held<P>>) {
        self.instant.extend(held);
    }
}

#[inline]
pub(crate) fn index(node: NodeId) -> usize {
    usize::from(node.0)
}

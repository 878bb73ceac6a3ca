//! The simulated world: hosts, and everything that happens to them.

use std::collections::VecDeque;

use commitsim_core::{
    Alarm as _, Effects, Lsn, NodeId, Protocol, Span, Spoken, Status, Time, TxId, Vote,
};
use commitsim_host::{Act, Casts, Host, Input, Stage};
use commitsim_rng::Seed;
use commitsim_spec::{Observation, Spec, What};

use crate::disk::Disks;
use crate::faults::{Event as Seen, Plan};
use crate::ledger::Ledger;
use crate::network::{Fate, Links, Passage};
use crate::queue::{Alarm, Next, Queue, QueueKind};
use crate::record::{Totals, TransactionRecord};
use crate::setup::{Scale, Setup};
use crate::trace::{TraceHash, Watch};
use crate::work::Work;
use crate::workload::Workload;

/// One run in progress.
pub(crate) struct World<'a, P: Protocol> {
    pub(crate) setup: &'a Setup,
    pub(crate) now: Time,
    stage: Stage<P>,
    hosts: Vec<Host<P>>,
    pub(crate) nodes: Vec<Node<P>>,
    pub(crate) queue: Queue<Event<P>>,
    /// What still happens in this very instant, before anything else does.
    instant: VecDeque<Held<P>>,
    pub(crate) links: Links,
    pub(crate) disks: Disks,
    work: Work,
    pub(crate) workload: Workload,
    /// How many beginnings are in the queue.
    pub(crate) beginnings: u32,
    /// How many clients wait for a root to come back.
    waiting: u32,
    pub(crate) plan: Plan,
    pub(crate) standing: crate::strike::Standing<P>,
    pub(crate) spec: Spec,
    pub(crate) ledger: Ledger,
    hash: TraceHash,
    watch: Option<&'a mut (dyn Watch + 'a)>,
    pub(crate) totals: Totals,
    pub(crate) closed: Vec<TransactionRecord>,
    pub(crate) keep: bool,
    /// Transactions that may be over everywhere.
    fading: Vec<TxId>,
    fading_most: usize,
    fx: Effects<P>,
    acts: Vec<Act<P>>,
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

/// What waits for a node that pauses.
pub(crate) enum Held<P: Protocol> {
    Event(u64, Event<P>),
    Alarm {
        alarm: Alarm,
        life: u32,
    },
    /// What arrived at the very moment of the pause.
    Input {
        node: NodeId,
        life: u32,
        input: Input<P>,
    },
    /// The rest of a step in which the pause began.
    Acts {
        node: NodeId,
        life: u32,
        acts: Vec<Act<P>>,
    },
}

impl<P: Protocol> Held<P> {
    /// Whether a step in `tx` waits that has begun already, so that nothing else tells of it.
    fn is_about(&self, tx: TxId) -> bool {
        match self {
            Held::Input { input: Input::Deliver { tx: about, .. }, .. } => *about == tx,
            Held::Acts { acts, .. } => acts.iter().any(|act| act.tx() == tx),
            _ => false,
        }
    }
}

/// What is scheduled.
pub(crate) enum Event<P: Protocol> {
    Arrive { to: NodeId, from: NodeId, tx: TxId, settled: TxId, message: P::Message },
    Vote { node: NodeId, life: u32, tx: TxId, vote: Vote },
    Synced { node: NodeId, life: u32 },
    Flush { node: NodeId, life: u32 },
    Begin,
    Strike { fault: u32 },
    Ease { fault: u32 },
    Restart { node: NodeId, life: u32 },
}

impl<'a, P: Protocol> World<'a, P> {
    pub(crate) fn new(
        setup: &'a Setup,
        config: P::Config,
        plan: Plan,
        seed: Seed,
        queue: QueueKind,
        watch: Option<&'a mut (dyn Watch + 'a)>,
        keep: bool,
    ) -> World<'a, P> {
        let nodes = setup.nodes;
        let mut workload = Workload::new(&setup.workload, nodes, seed);
        let usual = workload.usual().unwrap_or_else(|| workload.everybody(NodeId(0)));
        let node = |_| Node { up: true, life: 0, pauses: 0, held: Vec::new(), clock: Scale::ONE };
        World {
            setup,
            now: Time::ZERO,
            spec: Spec::new(P::promise(&config), nodes),
            stage: Stage { config, casts: Casts::new(usual) },
            hosts: (0..nodes).map(|n| Host::new(NodeId(n), ())).collect(),
            nodes: (0..nodes).map(node).collect(),
            queue: Queue::new(queue, nodes),
            instant: VecDeque::new(),
            links: Links::new(nodes, &setup.network, seed),
            disks: Disks::new(nodes, &setup.disk, seed),
            work: Work::new(&setup.work, &setup.votes, seed),
            workload,
            beginnings: 0,
            waiting: 0,
            plan,
            standing: crate::strike::Standing::new(),
            ledger: Ledger::new(nodes),
            hash: TraceHash::new(),
            watch,
            totals: Totals::default(),
            closed: Vec::new(),
            keep,
            fading: Vec::new(),
            fading_most: FADING_LEAST,
            fx: Effects::new(),
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
        for at in self.workload.first() {
            self.schedule_begin(at);
        }
    }

    /// Lets the next thing happen. Says whether there was one before the horizon.
    pub(crate) fn step(&mut self) -> bool {
        if let Some(held) = self.instant.pop_front() {
            self.totals.events += 1;
            self.happen_at_last(held);
            return true;
        }
        let Some((at, id, next)) = self.queue.pop() else { return false };
        if at > self.setup.horizon {
            self.unpop(at, id, next);
            self.now = self.setup.horizon;
            return false;
        }
        self.now = at;
        self.totals.events += 1;
        match next {
            Next::Event(event) => self.happen(id, event),
            Next::Alarm(alarm) => self.go_off(alarm),
        }
        true
    }

    /// Whether nothing is left to happen.
    pub(crate) fn is_quiet(&mut self) -> bool {
        let Some((at, id, next)) = self.queue.pop() else { return self.instant.is_empty() };
        self.unpop(at, id, next);
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

    /// Puts back what belongs to after the end, so that the judge can see what is left.
    fn unpop(&mut self, at: Time, id: u64, next: Next<Event<P>>) {
        match next {
            Next::Event(event) => self.queue.push_stamped(at, id, event),
            Next::Alarm(alarm) => self.queue.arm(alarm, at),
        }
    }

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
            Event::Synced { node, life } if self.lives(node, life) => {
                if self.must_wait(node) {
                    self.nodes[index(node)].held.push(Held::Event(id, event));
                } else {
                    self.synced(node);
                }
            }
            Event::Flush { node, life } if self.lives(node, life) => {
                let durable = self.hosts[index(node)].log().durable();
                if self.disks.flush_due(node, durable) {
                    self.sync(node);
                }
            }
            Event::Begin => {
                self.beginnings -= 1;
                self.begin();
            }
            Event::Strike { fault } => self.strike(fault, None),
            Event::Ease { fault } => self.ease(fault),
            Event::Restart { node, life } if !self.nodes[index(node)].up => {
                if self.nodes[index(node)].life == life {
                    self.restart(node);
                }
            }
            Event::Vote { .. }
            | Event::Synced { .. }
            | Event::Flush { .. }
            | Event::Restart { .. } => {}
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
    }

    fn lives(&self, node: NodeId, life: u32) -> bool {
        let node = &self.nodes[index(node)];
        node.up && node.life == life
    }

    pub(crate) fn is_up(&self, node: NodeId) -> bool {
        self.nodes[index(node)].up
    }

    fn must_wait(&self, node: NodeId) -> bool {
        let node = &self.nodes[index(node)];
        node.up && node.pauses > 0
    }

    // What happens to a node.

    fn begin(&mut self) {
        if !self.workload.has_more() {
            return;
        }
        let nodes = &self.nodes;
        let is_up = |node| nodes[index(node)].up && nodes[index(node)].pauses == 0;
        let Some(root) = self.workload.next_root(is_up) else {
            self.waiting += 1;
            return;
        };
        if let Some(interval) = self.workload.follows() {
            self.schedule_begin(self.now + interval);
        }
        let (tx, cast) = self.workload.take(root);
        self.sweep();
        let voters = &cast[index(root)].voters;
        self.spec.open(tx, root, voters);
        self.ledger.open(self.now, tx, root, voters);
        if self.workload.is_serial() {
            self.workload.current = Some(tx);
        }
        if self.workload.usual().is_none() {
            self.stage.casts.assign(tx, cast);
        }
        self.feed(root, Input::Begin { tx });
    }

    /// Clients that waited for a root try again.
    pub(crate) fn wake_clients(&mut self) {
        for _ in 0..std::mem::take(&mut self.waiting) {
            self.schedule_begin(self.now);
        }
    }

    fn schedule_begin(&mut self, at: Time) {
        if self.workload.has_more() {
            self.beginnings += 1;
            self.queue.push(at, Event::Begin);
        }
    }

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
        self.landed(tx);
        let life = self.nodes[index(to)].life;
        self.moment(to, tx, Seen::Received { tag: word.tag, from });
        // The fault of this moment may have stopped the node before it could look at the message.
        if !self.lives(to, life) {
            return;
        }
        let input = Input::Deliver { from, settled, tx, message };
        if self.must_wait(to) {
            self.nodes[index(to)].held.push(Held::Input { node: to, life, input });
            return;
        }
        self.feed(to, input);
        // It may have been the last to reach a node that wants nothing of it.
        self.check_serial(tx);
    }

    fn lose(&mut self, id: u64, to: NodeId, from: NodeId, tx: TxId, word: commitsim_core::Word) {
        self.totals.lost += 1;
        self.observe(to, What::Lose { tx, from, id, word });
        self.landed(tx);
        self.check_serial(tx);
    }

    /// A message about `tx` is no longer under way, or a machine no longer at work.
    #[inline]
    fn landed(&mut self, tx: TxId) {
        if self.ledger.account(tx).is_some_and(|account| account.is_quiet()) {
            self.fading.push(tx);
        }
    }

    fn vote(&mut self, node: NodeId, tx: TxId, vote: Vote) {
        let machine = self.hosts[index(node)].machine(tx);
        // Work that was cancelled by an abort ends without a vote.
        if machine.is_none_or(|machine| matches!(machine.status(), Status::Decided(_))) {
            return;
        }
        self.observe(node, What::Vote { tx, vote });
        self.feed(node, Input::Vote { tx, vote });
    }

    fn synced(&mut self, node: NodeId) {
        let (upto, next) = self.disks.done(node);
        self.start_sync(node, next);
        self.feed(node, Input::Durable { upto });
    }

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

    pub(crate) fn restart(&mut self, node: NodeId) {
        self.nodes[index(node)].up = true;
        self.observe(node, What::Restart);
        let born = self.workload.next_id();
        let mut acts = std::mem::take(&mut self.acts);
        self.hosts[index(node)].restart(&self.stage, born, &mut self.fx, &mut acts);
        if self.must_wait(node) {
            let state = &mut self.nodes[index(node)];
            state.held.push(Held::Acts { node, life: state.life, acts });
        } else {
            self.carry_out(node, acts);
        }
        for tx in self.ledger.open_transactions() {
            self.fading.push(tx);
        }
        self.wake_clients();
        self.check_serial_now();
    }

    /// What is lost with a node: its alarms, its running force, what waited for it.
    pub(crate) fn stop(&mut self, node: NodeId, tail: crate::setup::Tail) {
        let durable = self.hosts[index(node)].log().durable();
        let life = self.nodes[index(node)].life;
        let (appended, kept) = self.disks.crash(node, life, durable, tail);
        self.totals.crashes += 1;
        self.observe(node, What::Crash { kept, appended });
        self.hosts[index(node)].crash(kept);
        self.queue.disarm_node(node);
        let state = &mut self.nodes[index(node)];
        state.up = false;
        state.life += 1;
        for held in std::mem::take(&mut state.held) {
            if let Held::Event(id, Event::Arrive { to, from, tx, message, .. }) = held {
                self.lose(id, to, from, tx, message.word());
            }
        }
        self.check_serial_now();
    }

    /// Lets what waited for a paused node, or behind a partition, happen now.
    pub(crate) fn release(&mut self, held: Vec<Held<P>>) {
        self.instant.extend(held);
    }

    /// Alarms of `tx` that waited for a pause to end, and were about to go off, do not; says
    /// whether there was one.
    fn recall(&mut self, node: NodeId, tx: TxId, timer: Option<u8>) -> bool {
        let before = self.instant.len();
        self.instant.retain(|held| {
            let Held::Alarm { alarm, .. } = held else { return true };
            let same = timer.is_none_or(|timer| alarm.timer == timer);
            !(alarm.node == node && alarm.tx == tx && same)
        });
        before != self.instant.len()
    }

    // What a node does.

    #[inline]
    fn feed(&mut self, node: NodeId, input: Input<P>) {
        let mut acts = std::mem::take(&mut self.acts);
        self.hosts[index(node)].handle(&self.stage, input, &mut self.fx, &mut acts);
        self.carry_out(node, acts);
    }

    /// Carries out the acts of one step in order. A fault in the middle of it that stops the node
    /// lets the rest of them not happen; one that makes it pause lets them wait.
    fn carry_out(&mut self, node: NodeId, mut acts: Vec<Act<P>>) {
        let life = self.nodes[index(node)].life;
        let mut rest = acts.drain(..);
        while let Some(act) = rest.next() {
            self.perform(node, act);
            let state = &mut self.nodes[index(node)];
            if state.life != life {
                break;
            }
            if state.pauses > 0 && !rest.as_slice().is_empty() {
                let acts = rest.by_ref().collect();
                state.held.push(Held::Acts { node, life, acts });
            }
        }
        drop(rest);
        self.acts = acts;
    }

    #[inline]
    fn perform(&mut self, node: NodeId, act: Act<P>) {
        match act {
            Act::Opened { tx } => {
                self.observe(node, What::Begin { tx });
                self.moment(node, tx, Seen::Began);
            }
            Act::Send { to, tx, message } => self.send(node, to, tx, message),
            Act::Append { tx, lsn, record, forced } => self.append(node, tx, lsn, &record, forced),
            Act::Durable { tx, lsn, record, .. } => {
                let word = record.word();
                self.observe(node, What::Durable { tx, lsn, word });
                self.moment(node, tx, Seen::Forced { tag: word.tag });
            }
            Act::Arm { tx, timer, span } => {
                let timer = timer.index();
                self.recall(node, tx, Some(timer));
                self.observe(node, What::Arm { tx, timer, span });
                let wait = self.nodes[index(node)].clock.inverse().times(span);
                self.queue.arm(Alarm { node, tx, timer }, self.now + wait);
            }
            Act::Disarm { tx, timer } => {
                let timer = timer.index();
                let recalled = self.recall(node, tx, Some(timer));
                if self.queue.disarm(Alarm { node, tx, timer }) || recalled {
                    self.observe(node, What::Disarm { tx, timer });
                }
            }
            Act::AskVote { tx } => {
                self.observe(node, What::Work { tx });
                if let Some((length, vote)) = self.work.outcome(node, tx) {
                    let life = self.nodes[index(node)].life;
                    self.queue.push(self.now + length, Event::Vote { node, life, tx, vote });
                }
            }
            Act::Entered { tx, status } => self.observe(node, What::Enter { tx, status }),
            Act::Decided { tx, decision, why } => {
                let answered = self.ledger.account(tx).is_none_or(|account| account.answered());
                self.observe(node, What::Decide { tx, decision, why });
                self.after_decision(tx, answered);
                self.moment(node, tx, Seen::Decided);
            }
            Act::Forgot { tx } => self.forget(node, tx),
        }
    }

    fn send(&mut self, from: NodeId, to: NodeId, tx: TxId, message: P::Message) {
        let word = message.word();
        self.totals.messages += 1;
        let trouble = self.plan.trouble(from, to, word.tag);
        let id = self.queue.stamp();
        self.observe(from, What::Send { tx, to, id, word });
        let settled = self.hosts[index(from)].settled();
        let fate = self.links.send(self.now, from, to, trouble);
        match fate {
            Fate::Lost => {
                // Bad luck, and not a cut or a dead receiver that would swallow every message.
                if self.links.connected(from, to) && self.is_up(to) {
                    self.standing.last_trouble = self.standing.last_trouble.max(self.now);
                }
                self.lose(id, to, from, tx, word);
            }
            Fate::Arrives(at) => {
                self.lasts_until(trouble.delay > Span::ZERO, at);
                let event = Event::Arrive { to, from, tx, settled, message };
                self.queue.push_stamped(at, id, event);
            }
            Fate::Twice(at, again) => {
                self.lasts_until(trouble.delay > Span::ZERO, at);
                self.totals.duplicated += 1;
                let copy = self.queue.stamp();
                self.observe(to, What::Duplicate { tx, from, id, copy, word });
                let event = Event::Arrive { to, from, tx, settled, message: message.clone() };
                self.queue.push_stamped(at, id, event);
                let event = Event::Arrive { to, from, tx, settled, message };
                self.queue.push_stamped(again, copy, event);
            }
        }
        self.moment(from, tx, Seen::Sent { tag: word.tag, to });
    }

    /// Trouble lasts until what it made late has happened.
    #[inline]
    fn lasts_until(&mut self, late: bool, at: Time) {
        if late {
            self.standing.last_trouble = self.standing.last_trouble.max(at);
        }
    }

    fn append(&mut self, node: NodeId, tx: TxId, lsn: Lsn, record: &P::Record, forced: bool) {
        self.disks.append(node, lsn);
        self.observe(node, What::Append { tx, lsn, word: record.word(), forced });
        if forced {
            self.totals.forced += 1;
            self.sync(node);
        } else if self.disks.needs_flush(node) {
            let life = self.nodes[index(node)].life;
            self.queue.push(self.now + self.disks.flush, Event::Flush { node, life });
        }
    }

    fn sync(&mut self, node: NodeId) {
        let started = self.disks.want(node);
        self.start_sync(node, started);
    }

    /// A force that takes no time is done before any other event of this instant.
    fn start_sync(&mut self, node: NodeId, started: Option<(Span, Lsn)>) {
        let Some((length, upto)) = started else { return };
        self.observe(node, What::Force { upto });
        let event = Event::Synced { node, life: self.nodes[index(node)].life };
        if length == Span::ZERO {
            // Also before what waited for a pause to end, and happens in this instant too.
            let forces = self
                .instant
                .iter()
                .take_while(|held| matches!(held, Held::Event(_, Event::Synced { .. })));
            let place = forces.count();
            self.instant.insert(place, Held::Event(0, event));
        } else {
            self.lasts_until(self.disks.is_slow(node), self.now + length);
            self.queue.push(self.now + length, event);
        }
    }

    fn forget(&mut self, node: NodeId, tx: TxId) {
        self.recall(node, tx, None);
        self.queue.disarm_all(node, tx);
        self.observe(node, What::Forget { tx });
        self.landed(tx);
        // A read-only vote may have been what the next transaction waited for.
        self.check_serial(tx);
    }

    // What follows for the workload.

    fn after_decision(&mut self, tx: TxId, answered_before: bool) {
        let answered = self.ledger.account(tx).is_some_and(|account| account.answered());
        if let Some(think) = self.workload.think()
            && answered
            && !answered_before
        {
            self.schedule_begin(self.now + think);
        }
        self.check_serial(tx);
    }

    /// Begins the next transaction if `tx` is the one it waits for and is over for the living.
    #[inline]
    fn check_serial(&mut self, tx: TxId) {
        if self.workload.current == Some(tx) {
            self.check_serial_now();
        }
    }

    fn check_serial_now(&mut self) {
        let Some(tx) = self.workload.current else { return };
        let nodes = &self.nodes;
        let is_down = |node| !nodes[index(node)].up;
        let over = |account: &mut crate::ledger::Account| account.over_for_the_living(is_down);
        if self.ledger.account(tx).is_none_or(over) {
            self.workload.current = None;
            self.schedule_begin(self.now);
        }
    }

    /// Gives back the memory of transactions about which nothing can happen any more.
    fn sweep(&mut self) {
        if self.fading.len() < self.fading_most {
            return;
        }
        let mut fading = std::mem::take(&mut self.fading);
        fading.sort_unstable();
        fading.dedup();
        fading.retain(|&tx| !self.retire(tx));
        self.fading_most = FADING_LEAST.max(2 * fading.len());
        self.fading = fading;
    }

    /// Retires `tx` if no node holds it; says whether it is gone from the list.
    pub(crate) fn retire(&mut self, tx: TxId) -> bool {
        let Some(account) = self.ledger.account(tx) else { return true };
        if !account.is_quiet() || self.workload.current == Some(tx) {
            // It will be put on the list again when that changes.
            return self.workload.current != Some(tx);
        }
        let waits = |node: &Node<P>| node.held.iter().any(|held| held.is_about(tx));
        if self.hosts.iter().any(|host| host.holds(tx)) || self.nodes.iter().any(waits) {
            return false;
        }
        for host in &mut self.hosts {
            host.retire(tx);
        }
        self.stage.casts.release(tx);
        self.spec.close(self.now, tx);
        self.closed.extend(self.ledger.close(self.now, tx, self.keep));
        true
    }

    // What is seen.

    /// Compiled into every caller, where the kind of observation is known and most of this falls
    /// away; a third of the run time went here when it was not.
    #[inline(always)]
    pub(crate) fn observe(&mut self, node: NodeId, what: What) {
        let seen = Observation { at: self.now, node, what };
        self.hash.fold(&seen);
        self.spec.observe(&seen);
        self.ledger.observe(&seen);
        if let Some(watch) = &mut self.watch {
            // A copy, so that without a watcher the observation need never be put into memory.
            let shown = Observation { ..seen };
            watch.observe(&shown);
        }
    }

    /// Lets the faults strike that waited for this.
    #[inline]
    fn moment(&mut self, node: NodeId, tx: TxId, seen: Seen) {
        if !self.plan.watches() {
            return;
        }
        for (fault, after) in self.plan.matching(node, tx, seen) {
            if after == Span::ZERO {
                self.strike(fault, Some(node));
            } else {
                self.queue.push_first(self.now + after, Event::Strike { fault });
            }
        }
    }
}

/// How many transactions may fade before the first sweep.
const FADING_LEAST: usize = 16;

#[inline]
pub(crate) fn index(node: NodeId) -> usize {
    usize::from(node.0)
}

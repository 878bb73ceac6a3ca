//! What a node does: the acts of its host, carried out in order.

use commitsim_core::{
    Alarm as _, Decision, Lsn, NodeId, Protocol, Span, Spoken, Status, Time, TxId, Why, Word,
};
use commitsim_host::{Act, Input};
use commitsim_spec::What;

use crate::faults::Event as Seen;
use crate::network::Fate;
use crate::queue::Alarm;
use crate::setup::Scale;
use crate::world::{Event, Held, World, index};

impl<P: Protocol> World<'_, P> {
    #[inline(always)]
    pub(crate) fn feed(&mut self, node: NodeId, input: Input<P>) {
        self.hosts[index(node)].handle(&self.stage, input, &mut self.fx, &mut self.acts);
        if !self.acts.is_empty() {
            let acts = std::mem::take(&mut self.acts);
            self.carry_out(node, acts);
        }
    }

    /// Carries out the acts of one step in order. A fault in the middle of it that stops the node
    /// lets the rest of them not happen; one that makes it pause lets them wait.
    pub(crate) fn carry_out(&mut self, node: NodeId, mut acts: Vec<Act<P>>) {
        let life = self.nodes[index(node)].life;
        let upsets = self.upsets;
        let mut left = acts.iter();
        while let Some(act) = left.next() {
            self.perform(node, act);
            if self.upsets != upsets && !self.goes_on(node, life, left.as_slice()) {
                break;
            }
        }
        acts.clear();
        self.acts = acts;
    }

    /// Whether `node` still carries out the `rest` of a step after a node crashed or paused.
    #[cold]
    #[inline(never)]
    fn goes_on(&mut self, node: NodeId, life: u32, rest: &[Act<P>]) -> bool {
        let state = &mut self.nodes[index(node)];
        if state.life == life && state.pauses > 0 && !rest.is_empty() {
            state.held.push(Held::Acts { node, life, acts: rest.to_vec() });
        }
        state.life == life && state.pauses == 0
    }

    /// By reference: an act is read where it lies, and only what it carries is copied.
    ///
    /// Every kind of act is a function of its own, so that a step prepares only what it uses.
    #[inline(always)]
    pub(crate) fn perform(&mut self, node: NodeId, act: &Act<P>) {
        match *act {
            Act::Opened { tx } => self.opened(node, tx),
            Act::Send { to, tx, ref message } => self.send(node, to, tx, message.clone()),
            Act::Append { tx, lsn, ref record, forced } => {
                self.append(node, tx, lsn, record, forced);
            }
            Act::Durable { tx, lsn, ref record, .. } => self.durable(node, tx, lsn, record.word()),
            Act::Arm { tx, timer, span } => self.arm(node, tx, timer.index(), span),
            Act::Disarm { tx, timer } => self.disarm(node, tx, timer.index()),
            Act::AskVote { tx } => self.ask_vote(node, tx),
            Act::Entered { tx, status } => self.entered(node, tx, status),
            Act::Decided { tx, decision, why } => self.decided(node, tx, decision, why),
            Act::Forgot { tx } => self.forget(node, tx),
        }
    }

    #[inline(always)]
    fn opened(&mut self, node: NodeId, tx: TxId) {
        self.observe(node, What::Begin { tx });
        self.moment(node, tx, Seen::Began);
    }

    #[inline(always)]
    fn durable(&mut self, node: NodeId, tx: TxId, lsn: Lsn, word: Word) {
        self.disks.see_durable(node, lsn);
        self.observe(node, What::Durable { tx, lsn, word });
        self.moment(node, tx, Seen::Forced { tag: word.tag });
    }

    #[inline(always)]
    fn arm(&mut self, node: NodeId, tx: TxId, timer: u8, span: Span) {
        self.recall(node, tx, Some(timer));
        self.observe(node, What::Arm { tx, timer, span });
        let clock = self.nodes[index(node)].clock;
        let wait = if clock == Scale::ONE { span } else { clock.inverse().times(span) };
        self.lasts_until(wait > span, self.now + wait);
        self.queue.arm(Alarm { node, tx, timer }, self.now + wait);
    }

    #[inline(always)]
    fn disarm(&mut self, node: NodeId, tx: TxId, timer: u8) {
        let recalled = self.recall(node, tx, Some(timer));
        if self.queue.disarm(Alarm { node, tx, timer }) || recalled {
            self.observe(node, What::Disarm { tx, timer });
        }
    }

    #[inline(always)]
    fn ask_vote(&mut self, node: NodeId, tx: TxId) {
        self.observe(node, What::Work { tx });
        if let Some((length, vote)) = self.work.outcome(node, tx) {
            let life = self.nodes[index(node)].life;
            self.queue.push(self.now + length, Event::Vote { node, life, tx, vote });
        }
    }

    #[inline(always)]
    fn entered(&mut self, node: NodeId, tx: TxId, status: Status) {
        self.observe(node, What::Enter { tx, status });
    }

    #[inline(always)]
    fn decided(&mut self, node: NodeId, tx: TxId, decision: Decision, why: Why) {
        let before = self.is_client_waiting(tx);
        self.observe(node, What::Decide { tx, decision, why });
        if before && !self.is_client_waiting(tx) {
            self.schedule_next_of_client();
        }
        self.check_serial(tx);
        self.moment(node, tx, Seen::Decided);
    }

    #[inline(always)]
    pub(crate) fn send(&mut self, from: NodeId, to: NodeId, tx: TxId, message: P::Message) {
        let word = message.word();
        self.totals.messages += 1;
        let trouble = self.plan.trouble(from, to, word.tag);
        let id = self.queue.stamp();
        self.observe(from, What::Send { tx, to, id, word });
        let settled = self.hosts[index(from)].settled();
        let fate = self.links.send(self.now, from, to, trouble);
        if let Fate::Arrives(at) = fate {
            let event = Event::Arrive { to, from, tx, settled, message };
            self.queue.push_stamped(at, id, event);
        } else {
            self.send_unluckily(fate, id, Event::Arrive { to, from, tx, settled, message });
        }
        self.moment(from, tx, Seen::Sent { tag: word.tag, to });
    }

    /// Not compiled into its caller, which is short where a message arrives once.
    #[cold]
    #[inline(never)]
    fn send_unluckily(&mut self, fate: Fate, id: u64, event: Event<P>) {
        let Event::Arrive { to, from, tx, settled, message } = event else { return };
        let word = message.word();
        let Fate::Twice(at, again) = fate else {
            return self.lose_sent(id, from, to, tx, word);
        };
        let copy = self.duplicate(id, from, to, tx, word);
        let event = Event::Arrive { to, from, tx, settled, message: message.clone() };
        self.queue.push_stamped(at, id, event);
        let event = Event::Arrive { to, from, tx, settled, message };
        self.queue.push_stamped(again, copy, event);
    }

    fn lose_sent(&mut self, id: u64, from: NodeId, to: NodeId, tx: TxId, word: Word) {
        // Bad luck, and not a cut or a dead receiver that would swallow every message.
        if self.links.connected(from, to) && self.is_up(to) {
            self.standing.last_trouble = self.standing.last_trouble.max(self.now);
        }
        self.lose(id, to, from, tx, word);
    }

    /// Message `id` gets a second copy; says under which number.
    fn duplicate(&mut self, id: u64, from: NodeId, to: NodeId, tx: TxId, word: Word) -> u64 {
        self.totals.duplicated += 1;
        let copy = self.queue.stamp();
        self.observe(to, What::Duplicate { tx, from, id, copy, word });
        copy
    }

    /// Trouble lasts until what it made late has happened.
    #[inline]
    fn lasts_until(&mut self, late: bool, at: Time) {
        if late {
            self.standing.last_trouble = self.standing.last_trouble.max(at);
        }
    }

    #[inline(always)]
    pub(crate) fn append(
        &mut self,
        node: NodeId,
        tx: TxId,
        lsn: Lsn,
        record: &P::Record,
        forced: bool,
    ) {
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

    #[inline]
    pub(crate) fn sync(&mut self, node: NodeId) {
        if let Some((length, upto)) = self.disks.want(node) {
            self.start_sync(node, length, upto);
        }
    }

    /// A force that takes no time is done before any other event of this instant.
    #[inline(always)]
    pub(crate) fn start_sync(&mut self, node: NodeId, length: Span, upto: Lsn) {
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

    #[inline(always)]
    pub(crate) fn forget(&mut self, node: NodeId, tx: TxId) {
        self.recall(node, tx, None);
        self.queue.disarm_all(node, tx);
        self.observe(node, What::Forget { tx });
        // A read-only vote may have been what the next transaction waited for.
        self.check_serial(tx);
    }
}

//! What a node does: the acts of its host, carried out in order.

use commitsim_core::{
    Alarm as _, Decision, Lsn, NodeId, Protocol, Span, Spoken, Time, TxId, Why, Word,
};
use commitsim_host::{Act, Actor, Input};
use commitsim_spec::What;

use crate::event::{Event, Held};
use crate::faults::Event as Seen;
use crate::holdings::Holdings;
use crate::network::Fate;
use crate::queue::Alarm;
use crate::setup::Scale;
use crate::world::{Crew, World, index};

/// Carries out at once what a node does.
struct Hand<'w, 'a, P: Protocol, D: Holdings> {
    world: &'w mut World<'a, P, D>,
}

impl<P: Protocol, D: Holdings> Actor<P> for Hand<'_, '_, P, D> {
    // Unoptimised, each place that acts would have the locals of all acts in its frame, and the
    // stack of a test's thread would be too small for a few of these.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn act(&mut self, settled: TxId, act: Act<P>) {
        // Read anew for each act: else all that any act makes of it is prepared in every step.
        let node = self.world.acting;
        self.world.perform(node, settled, act);
    }
}

impl<P: Protocol, D: Holdings> World<'_, P, D> {
    /// Something happens to `node`, and what it does is carried out: act by act as its host comes
    /// to it, unless a fault may strike in between; the host must have done its step by then.
    #[inline(always)]
    pub(crate) fn feed(&mut self, node: NodeId, input: Input<P>) {
        if self.plan.watches() {
            return self.feed_under_watch(node, input);
        }
        let Some(mut crew) = self.crew.take() else { return };
        let Crew { stage, hosts, fx } = &mut *crew;
        self.acting = node;
        hosts[index(node)].handle(stage, input, fx, &mut Hand { world: self });
        // Nothing is there that would have to be dropped, which the compiler cannot know.
        std::mem::forget(self.crew.replace(crew));
        self.attend(node);
    }

    #[inline(never)]
    pub(crate) fn feed_under_watch(&mut self, node: NodeId, input: Input<P>) {
        let mut acts = std::mem::take(&mut self.acts);
        let Crew { stage, hosts, fx } = self.crew();
        hosts[index(node)].handle(stage, input, fx, &mut acts);
        self.carry_out(node, acts);
    }

    /// Carries out the acts of one step in order. A fault in the middle of it that stops the node
    /// lets the rest of them not happen; one that makes it pause lets them wait.
    pub(crate) fn carry_out(&mut self, node: NodeId, mut acts: Vec<Act<P>>) {
        let life = self.nodes[index(node)].life;
        let upsets = self.upsets;
        let settled = self.crew().hosts[index(node)].settled();
        let mut left = acts.iter();
        let mut done = 0;
        while let Some(act) = left.next() {
            self.perform(node, settled, act.clone());
            self.moment_of(node, act);
            done += 1;
            self.strike_amid(node, done);
            if self.upsets != upsets && !self.goes_on(node, life, left.as_slice()) {
                break;
            }
        }
        acts.clear();
        self.acts = acts;
        self.attend(node);
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

    /// Compiled into every place where a host acts, so that only the branch of that act is left.
    #[inline(always)]
    fn perform(&mut self, node: NodeId, settled: TxId, act: Act<P>) {
        match act {
            Act::Opened { tx } => self.observe(node, What::Begin { tx }),
            Act::Send { to, tx, message } => self.send(node, to, tx, settled, message),
            Act::Append { tx, lsn, record, forced } => {
                self.append(node, tx, lsn, record.word(), forced);
            }
            Act::Durable { tx, lsn, record, .. } => self.durable(node, tx, lsn, record.word()),
            Act::Arm { tx, timer, span } => self.arm(node, tx, timer.index(), span),
            Act::Disarm { tx, timer } => self.disarm(node, tx, timer.index()),
            Act::AskVote { tx } => self.ask_vote(node, tx),
            Act::Entered { tx, status } => self.observe(node, What::Enter { tx, status }),
            Act::Decided { tx, decision, why } => self.decided(node, tx, decision, why),
            Act::Forgot { tx } => self.forget(node, tx),
        }
    }

    /// Lets the faults strike that waited for this act.
    fn moment_of(&mut self, node: NodeId, act: &Act<P>) {
        let seen = match act {
            Act::Opened { .. } => Seen::Began,
            Act::Send { to, message, .. } => Seen::Sent { tag: message.word().tag, to: *to },
            Act::Durable { record, .. } => Seen::Forced { tag: record.word().tag },
            Act::Decided { .. } => Seen::Decided,
            _ => return,
        };
        self.moment(node, act.tx(), seen);
    }

    #[inline(always)]
    fn durable(&mut self, node: NodeId, tx: TxId, lsn: Lsn, word: Word) {
        self.disks.see_durable(node, lsn);
        self.observe(node, What::Durable { tx, lsn, word });
    }

    #[inline(always)]
    fn arm(&mut self, node: NodeId, tx: TxId, timer: u8, span: Span) {
        self.recall(node, tx, Some(timer));
        self.observe(node, What::Arm { tx, timer, span });
        let clock = self.nodes[index(node)].clock;
        let wait = if clock == Scale::ONE { span } else { clock.inverse().times(span) };
        let wait = self.exceptions.wait(node, timer).unwrap_or(wait);
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
        match &mut self.estate {
            Some(estate) if D::ANY => estate.asked.push((node, tx)),
            _ => self.work_on(node, tx),
        }
    }

    /// The local work goes on from here to the vote.
    #[inline(always)]
    pub(crate) fn work_on(&mut self, node: NodeId, tx: TxId) {
        let said = self.exceptions.outcome(node);
        self.lasts_until(said.is_some(), self.now + said.map_or(Span::ZERO, |(length, _)| length));
        let outcome = if said.is_some() { said } else { self.work.outcome(node, tx) };
        if let Some((length, vote)) = outcome {
            let life = self.nodes[index(node)].life;
            self.queue.push(self.now + length, Event::Vote { node, life, tx, vote });
        }
    }

    #[inline(always)]
    fn decided(&mut self, node: NodeId, tx: TxId, decision: Decision, why: Why) {
        let before = self.is_client_waiting(tx);
        self.observe(node, What::Decide { tx, decision, why });
        self.settle(node, tx, decision);
        if before && !self.is_client_waiting(tx) {
            self.schedule_next_of_client();
        }
        self.check_serial(tx);
    }

    #[inline(always)]
    fn send(&mut self, from: NodeId, to: NodeId, tx: TxId, settled: TxId, message: P::Message) {
        let word = message.word();
        self.totals.messages += 1;
        let id = self.queue.stamp();
        self.observe(from, What::Send { tx, to, id, word });
        let event = Event::Arrive { to, from, tx, settled, message };
        if self.plan.has_rules() {
            return self.send_at_risk(id, event);
        }
        match self.links.send_plainly(self.now, from, to) {
            Some(at) => self.queue.push_stamped(at, id, event),
            None => self.send_at_risk(id, event),
        }
    }

    /// Not compiled into its caller, which is short where a message arrives once.
    #[inline(never)]
    fn send_at_risk(&mut self, id: u64, event: Event<P>) {
        let Event::Arrive { to, from, tx, settled, message } = event else { return };
        let word = message.word();
        let trouble = self.plan.trouble(from, to, word.tag);
        let arrivals = match self.links.send(self.now, from, to, trouble) {
            Fate::Lost => return self.lose_sent(id, from, to, tx, word),
            Fate::Arrives(at) => {
                let event = Event::Arrive { to, from, tx, settled, message };
                return self.queue.push_stamped(at, id, event);
            }
            Fate::Several(arrivals) => arrivals,
        };
        for (at, copy) in arrivals.into_iter().zip(0..) {
            let id = if copy == 0 { id } else { self.duplicate(id, from, to, tx, word) };
            let event = Event::Arrive { to, from, tx, settled, message: message.clone() };
            self.queue.push_stamped(at, id, event);
        }
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
    fn append(&mut self, node: NodeId, tx: TxId, lsn: Lsn, word: Word, forced: bool) {
        self.observe(node, What::Append { tx, lsn, word, forced });
        if forced {
            self.totals.forced += 1;
            if let Some((length, upto)) = self.disks.force(node, lsn) {
                self.start_sync(node, length, upto);
            }
        } else if self.disks.write(node, lsn) {
            let life = self.nodes[index(node)].life;
            self.queue.push(self.now + self.disks.flush, Event::Flush { node, life });
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
    fn forget(&mut self, node: NodeId, tx: TxId) {
        self.recall(node, tx, None);
        self.queue.disarm_all(node, tx);
        self.observe(node, What::Forget { tx });
        if D::ANY
            && let Some(estate) = &mut self.estate
        {
            estate.leave(node, tx);
        }
        // A read-only vote may have been what the next transaction waited for.
        self.check_serial(tx);
    }
}

//! One step of a host: from an input to acts.

use alloc::vec::Vec;

use commitsim_core::{
    Cx, Decision, Effect, Effects, Gone, Lsn, NodeId, Protocol, Status, TxId, Why,
};

use crate::share::Hint;
use crate::{Act, Actor, Data, Entry, Host, Stage};

impl<P: Protocol, D: Data> Host<P, D> {
    pub(crate) fn begin(
        &mut self,
        stage: &Stage<P>,
        tx: TxId,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) {
        assert!(self.shares.get(tx).is_none(), "{tx:?} begins once");
        let machine = P::begin(&stage.cx(self.me, tx), fx);
        if stage.casts.of(tx, self.me).root == self.me {
            if self.rooted.is_empty() {
                self.settled = tx;
            }
            self.rooted.push_back(tx);
        }
        self.open(stage, tx, machine, fx, actor);
    }

    pub(crate) fn deliver(
        &mut self,
        stage: &Stage<P>,
        from: NodeId,
        tx: TxId,
        message: P::Message,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) {
        match self.shares.get_mut(tx) {
            Some(share) if share.machine.is_some() => {
                let cx = stage.cx(self.me, tx);
                let entered = share.step(|machine| machine.on_message(&cx, from, message, fx));
                self.follow(stage, tx, entered, fx, actor);
            }
            Some(_) => self.answer(stage, Gone::Forgotten, from, tx, message, fx, actor),
            None if tx < self.born && stage.casts.of(tx, self.me).decides_or_votes(self.me) => {
                self.answer(stage, Gone::Lost, from, tx, message, fx, actor);
            }
            None => match P::first_contact(&stage.cx(self.me, tx), from, message, fx) {
                Some(machine) => self.open(stage, tx, machine, fx, actor),
                None => {
                    self.shares.get_or_default(tx);
                    self.apply(stage, tx, fx, actor);
                }
            },
        }
    }

    /// A message for a transaction that is over here.
    #[expect(clippy::too_many_arguments, reason = "a message, why it is late, and scratch space")]
    #[inline(never)]
    fn answer(
        &mut self,
        stage: &Stage<P>,
        gone: Gone,
        from: NodeId,
        tx: TxId,
        message: P::Message,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) {
        P::afterwards(&stage.cx(self.me, tx), gone, from, message, fx);
        let mut acts = Vec::new();
        for effect in fx.drain() {
            match effect {
                Effect::Send { to, message } => self.send(to, tx, message, &mut acts),
                Effect::Decide(decision) => self.decide(tx, decision, &mut acts),
                other => panic!("what is over can be answered, not reopened: {other:?}"),
            }
        }
        self.hear_myself(stage, fx, &mut acts);
        self.hand_over(acts, actor);
    }

    /// What is durable up to `upto` becomes known, record by record.
    #[inline(never)]
    pub(crate) fn durable(
        &mut self,
        stage: &Stage<P>,
        upto: Lsn,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) {
        while self.log.durable() < upto {
            if upto > self.log.durable().next() && !self.is_next_over() {
                let mut acts = Vec::new();
                while self.next_durable(stage, upto, fx, &mut acts) {}
                return self.hand_over(acts, actor);
            }
            self.next_durable(stage, upto, fx, actor);
        }
    }

    /// Whether nobody here will do anything when the next record becomes durable.
    #[inline]
    fn is_next_over(&self) -> bool {
        self.log.next().is_some_and(|entry| self.machine(entry.tx).is_none())
    }

    /// The same for the first such record; says whether there was one.
    #[inline(always)]
    fn next_durable(
        &mut self,
        stage: &Stage<P>,
        upto: Lsn,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) -> bool {
        let Some((lsn, entry)) = self.log.advance(upto) else { return false };
        let (tx, record, forced) = (entry.tx, entry.record.clone(), entry.forced);
        self.data.logged(tx, &entry.images);
        actor.act(self.settled, Act::Durable { tx, lsn, record: record.clone(), forced });
        self.step(stage, tx, fx, actor, |machine, cx, fx| machine.on_durable(cx, &record, fx));
        true
    }

    /// Lets the machine of `tx`, if there is one, do something.
    #[inline(always)]
    pub(crate) fn step(
        &mut self,
        stage: &Stage<P>,
        tx: TxId,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
        act: impl FnOnce(&mut P, &Cx<'_, P>, &mut Effects<P>),
    ) {
        let share = self.shares.get_mut(tx).filter(|share| share.machine.is_some());
        let Some(share) = share else {
            // A record of what is over may have become durable.
            self.untidy = Hint(true);
            return;
        };
        let cx = stage.cx(self.me, tx);
        let entered = share.step(|machine| act(machine, &cx, fx));
        self.follow(stage, tx, entered, fx, actor);
    }

    /// What comes of it that the machine of `tx` did something and, perhaps, `entered` a state.
    #[inline(always)]
    fn follow(
        &mut self,
        stage: &Stage<P>,
        tx: TxId,
        entered: Option<Status>,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) {
        if let Some(status) = entered {
            actor.act(self.settled, Act::Entered { tx, status });
        }
        if !fx.is_empty() {
            self.apply(stage, tx, fx, actor);
        }
    }

    fn open(
        &mut self,
        stage: &Stage<P>,
        tx: TxId,
        machine: P,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) {
        actor.act(self.settled, Act::Opened { tx });
        let status = machine.status();
        if status != Status::Working {
            actor.act(self.settled, Act::Entered { tx, status });
        }
        self.shares.get_or_default(tx).open(machine, status);
        self.apply(stage, tx, fx, actor);
    }

    /// Turns effects into acts. Messages to oneself wait until all present effects are done.
    #[inline(never)]
    pub(crate) fn apply(
        &mut self,
        stage: &Stage<P>,
        tx: TxId,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) {
        // Every message of a step carries the mark as it is when the step is over. So the mark
        // moves first, and where a message to oneself may move it later, all acts wait.
        if fx.forgets() {
            self.close(tx);
        }
        if fx.may_send_to(self.me) {
            let mut acts = Vec::new();
            self.do_all(tx, fx, &mut acts);
            self.hear_myself(stage, fx, &mut acts);
            self.hand_over(acts, actor);
        } else {
            self.do_all(tx, fx, actor);
        }
    }

    #[inline(always)]
    fn do_all(&mut self, tx: TxId, fx: &mut Effects<P>, actor: &mut impl Actor<P>) {
        // Read where they lie: taking them out one by one costs more than a small copy.
        for effect in fx.iter() {
            match *effect {
                Effect::Send { to, ref message } => self.send(to, tx, message.clone(), actor),
                Effect::Force(ref record) => {
                    let images = self.data.images(tx);
                    let record = record.clone();
                    self.append(Entry { tx, record, forced: true, images }, actor);
                }
                Effect::Write(ref record) => {
                    let images = D::Images::default();
                    let record = record.clone();
                    self.append(Entry { tx, record, forced: false, images }, actor);
                }
                Effect::Arm(timer, span) => actor.act(self.settled, Act::Arm { tx, timer, span }),
                Effect::Disarm(timer) => actor.act(self.settled, Act::Disarm { tx, timer }),
                Effect::AskVote => actor.act(self.settled, Act::AskVote { tx }),
                Effect::Decide(decision) => self.decide(tx, decision, actor),
                Effect::Rest => self.resting.push(tx),
                Effect::Forget => actor.act(self.settled, Act::Forgot { tx }),
            }
        }
        fx.clear();
    }

    #[inline(always)]
    fn send(&mut self, to: NodeId, tx: TxId, message: P::Message, actor: &mut impl Actor<P>) {
        if to == self.me {
            self.to_self.push_back((tx, message));
        } else {
            actor.act(self.settled, Act::Send { to, tx, message });
        }
    }

    /// What an operator has done by hand is not done again, nor otherwise.
    #[inline(always)]
    fn decide(&mut self, tx: TxId, decision: Decision, actor: &mut impl Actor<P>) {
        if self.is_decreed(tx) {
            return;
        }
        self.data.finish(tx, decision);
        actor.act(self.settled, Act::Decided { tx, decision, why: Why::Protocol });
    }

    /// Messages to oneself arrive in their order, behind the effects they were sent among.
    fn hear_myself(&mut self, stage: &Stage<P>, fx: &mut Effects<P>, acts: &mut Vec<Act<P>>) {
        while let Some((tx, message)) = self.to_self.pop_front() {
            self.deliver(stage, self.me, tx, message, fx, acts);
        }
    }

    /// Acts that had to wait.
    #[inline(never)]
    fn hand_over(&mut self, acts: Vec<Act<P>>, actor: &mut impl Actor<P>) {
        for act in acts {
            actor.act(self.settled, act);
        }
    }

    #[inline(always)]
    fn append(&mut self, entry: Entry<P::Record, D::Images>, actor: &mut impl Actor<P>) {
        let (tx, record, forced) = (entry.tx, entry.record.clone(), entry.forced);
        let lsn = self.log.append(entry);
        if let Some(share) = self.shares.get_mut(tx) {
            share.last = lsn;
            if share.first == Lsn::NONE {
                share.first = lsn;
            }
        }
        actor.act(self.settled, Act::Append { tx, lsn, record, forced });
    }

    fn close(&mut self, tx: TxId) {
        if let Some(share) = self.shares.get_mut(tx) {
            share.machine = None;
        }
        self.untidy = Hint(true);
        self.pass_settled();
    }

    /// Moves the low-water mark past the transactions rooted here that are over.
    #[inline(always)]
    fn pass_settled(&mut self) {
        while let Some(&tx) = self.rooted.front() {
            if self.machine(tx).is_some() {
                break;
            }
            self.rooted.pop_front();
            self.settled = self.rooted.front().map_or(tx.next(), |&next| next);
        }
    }

    /// Forgets what rests here and is settled at its root `from`.
    pub(crate) fn forget_settled(
        &mut self,
        stage: &Stage<P>,
        from: NodeId,
        settled: TxId,
        actor: &mut impl Actor<P>,
    ) {
        let mut at = 0;
        while let Some(&tx) = self.resting.get(at) {
            if tx < settled && stage.casts.of(tx, self.me).root == from {
                self.resting.remove(at);
                self.close(tx);
                actor.act(self.settled, Act::Forgot { tx });
            } else {
                at += 1;
            }
        }
    }
}

//! The host: machines by transaction, one log, one interpreter of effects.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use commitsim_core::{
    Cx, Decision, Effect, Effects, Gone, Lsn, NodeId, Protocol, Status, TxId, Why,
};
use commitsim_table::TxTable;

use crate::{Act, Casts, Data, Entry, Input, Log};

/// What all hosts of a run share and none changes.
#[derive(Clone, Debug)]
pub struct Stage<P: Protocol> {
    /// Variant and patience.
    pub config: P::Config,
    /// Who plays what.
    pub casts: Casts,
}

impl<P: Protocol> Stage<P> {
    fn cx(&self, me: NodeId, tx: TxId) -> Cx<'_, P> {
        Cx { me, tx, cast: self.casts.of(tx, me), config: &self.config }
    }
}

/// One node: the machines of its transactions above one log.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Host<P: Protocol, D: Data = ()> {
    me: NodeId,
    shares: TxTable<Share<P>>,
    log: Log<P::Record, D::Images>,
    data: D,
    /// Transactions below this one are older than the last restart.
    born: TxId,
    /// Every transaction rooted here below this one is over (the low-water mark).
    settled: TxId,
    /// Transactions rooted here from the mark on, oldest first.
    rooted: VecDeque<TxId>,
    /// Machines that are kept for questions only, oldest first.
    resting: Vec<TxId>,
    /// What had begun and left no record when the node crashed; until the first input after the
    /// restart, because the node may crash again before it has said so.
    lost: Vec<TxId>,
    /// Whether the last input may have left something to tidy up before the next: records that
    /// nobody needs any more, or what was lost. Looking took a twentieth of the run time.
    untidy: Hint,
    /// Only within a step: messages to oneself, oldest first.
    to_self: VecDeque<(TxId, P::Message)>,
}

/// What only saves work, and so is no part of what a host is: hosts are compared without it.
#[derive(Clone, Copy, Debug)]
struct Hint(bool);

impl PartialEq for Hint {
    fn eq(&self, _: &Hint) -> bool {
        true
    }
}

impl Eq for Hint {}

impl Hash for Hint {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// This node's share of one transaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Share<P> {
    /// None once the node's part is over.
    machine: Option<P>,
    /// Its oldest and newest record; [`Lsn::NONE`] without one.
    first: Lsn,
    last: Lsn,
    /// Only while down: records survived the crash, and [`Protocol::recover`] has to read them.
    unread: bool,
}

impl<P> Default for Share<P> {
    fn default() -> Share<P> {
        Share::without_records(None)
    }
}

impl<P> Share<P> {
    fn without_records(machine: Option<P>) -> Share<P> {
        Share { machine, first: Lsn::NONE, last: Lsn::NONE, unread: false }
    }
}

impl<P: Protocol, D: Data> Host<P, D> {
    /// A node that has never run before, above `data`.
    #[must_use]
    pub fn new(me: NodeId, data: D) -> Host<P, D> {
        Host {
            me,
            shares: TxTable::new(),
            log: Log::new(),
            data,
            born: TxId(0),
            settled: TxId(0),
            rooted: VecDeque::new(),
            resting: Vec::new(),
            lost: Vec::new(),
            untidy: Hint(false),
            to_self: VecDeque::new(),
        }
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> &Log<P::Record, D::Images> {
        &self.log
    }

    /// The data under it.
    #[must_use]
    pub fn data(&self) -> &D {
        &self.data
    }

    /// Its machine for `tx`, if it takes part and is not done.
    #[must_use]
    pub fn machine(&self, tx: TxId) -> Option<&P> {
        self.shares.get(tx)?.machine.as_ref()
    }

    /// Its low-water mark, to ride on every message it sends: all transactions rooted here with a
    /// smaller id are over.
    #[must_use]
    #[inline]
    pub fn settled(&self) -> TxId {
        self.settled
    }

    /// Whether it would still do something about `tx` if nothing arrived: it has a machine, or
    /// will find records that call for one when it restarts.
    #[must_use]
    pub fn holds(&self, tx: TxId) -> bool {
        self.shares.get(tx).is_some_and(|share| {
            share.machine.is_some() || share.unread || share.last > self.log.durable()
        }) || self.lost.contains(&tx)
    }

    /// Whether it has a machine for `tx`, or would have one if it restarted now.
    #[must_use]
    pub fn will_have_machine(&self, stage: &Stage<P>, tx: TxId) -> bool {
        let Some(share) = self.shares.get(tx) else { return false };
        if !share.unread {
            return share.machine.is_some();
        }
        let records: Vec<P::Record> = self
            .log
            .entries()
            .filter(|entry| entry.tx == tx)
            .map(|entry| entry.record.clone())
            .collect();
        P::recover(&stage.cx(self.me, tx), &records, &mut Effects::new()).is_some()
    }

    /// The driver knows that nothing about `tx` will ever happen again: no node holds it and no
    /// message about it is under way. Only memory is given back.
    pub fn retire(&mut self, tx: TxId) {
        let share = self.shares.remove(tx);
        assert!(
            share.is_none_or(|share| share.machine.is_none()),
            "a machine is at work in {tx:?}"
        );
    }

    /// Something happens; appends to `acts` what the host does about it. `fx` is scratch space,
    /// empty before and after.
    ///
    /// Compiled into its callers, each of which knows what happens.
    #[inline(always)]
    pub fn handle(
        &mut self,
        stage: &Stage<P>,
        input: Input<P>,
        fx: &mut Effects<P>,
        acts: &mut Vec<Act<P>>,
    ) {
        // Not at once when a machine is forgotten: its driver may yet cut that step short.
        if self.untidy.0 {
            self.tidy_up();
        }
        match input {
            Input::Begin { tx } => self.begin(stage, tx, fx, acts),
            Input::Deliver { from, settled, tx, message } => {
                if !self.resting.is_empty() {
                    self.forget_settled(stage, from, settled, acts);
                }
                self.deliver(stage, from, tx, message, fx, acts);
            }
            Input::Fire { tx, timer } => {
                self.step(stage, tx, fx, acts, |machine, cx, fx| machine.on_timer(cx, timer, fx));
            }
            Input::Vote { tx, vote } => {
                self.step(stage, tx, fx, acts, |machine, cx, fx| machine.on_vote(cx, vote, fx));
            }
            Input::Durable { upto } => self.durable(stage, upto, fx, acts),
        }
    }

    /// The node dies: machines are gone, of the log everything up to `survives` is left.
    ///
    /// # Panics
    /// If `survives` is before the durable part of the log or behind its end.
    pub fn crash(&mut self, survives: Lsn) {
        for tx in self.shares.ids() {
            let Some(share) = self.shares.get_mut(tx) else { continue };
            let recorded = share.first > Lsn::NONE && share.first <= survives;
            share.last = share.last.min(survives);
            if recorded && share.machine.is_none() && share.first <= self.log.cut() {
                // Its records were cut off because the checkpoint says that it is over.
                continue;
            }
            let machine = share.machine.take();
            if recorded {
                share.unread = true;
                continue;
            }
            let undecided = |status| matches!(status, Status::Working | Status::InDoubt);
            if machine.is_some_and(|machine| undecided(machine.status())) {
                self.lost.push(tx);
            }
            self.shares.remove(tx);
        }
        self.log.crash(survives);
        self.data.crash();
        self.rooted.clear();
        self.resting.clear();
        self.untidy = Hint(true);
    }

    /// The node comes back. Every transaction below `born` had begun somewhere before now; those
    /// of them that left no record here can never open a machine here again.
    pub fn restart(
        &mut self,
        stage: &Stage<P>,
        born: TxId,
        fx: &mut Effects<P>,
        acts: &mut Vec<Act<P>>,
    ) {
        self.born = born;
        self.untidy = Hint(true);
        let found = self.read_log();
        for &tx in &self.lost {
            self.data.finish(tx, Decision::Abort);
            acts.push(Act::Decided { tx, decision: Decision::Abort, why: Why::LostInCrash });
        }
        for tx in found.ids() {
            let Some(share) = self.shares.get_mut(tx) else { continue };
            let records = found.get(tx).map_or(&[][..], Vec::as_slice);
            share.unread = false;
            share.machine = P::recover(&stage.cx(self.me, tx), records, fx);
            if let Some(machine) = &share.machine {
                acts.push(Act::Opened { tx });
                acts.push(Act::Entered { tx, status: machine.status() });
                if stage.casts.of(tx, self.me).root == self.me {
                    self.rooted.push_back(tx);
                }
            }
            self.apply(stage, tx, fx, acts);
        }
        self.settled = self.rooted.front().copied().unwrap_or(born);
    }

    /// The surviving records that have to be read again, by transaction; their images are back in
    /// force when this returns.
    fn read_log(&mut self) -> TxTable<Vec<P::Record>> {
        let mut found: TxTable<Vec<P::Record>> = TxTable::new();
        for entry in self.log.entries() {
            if !self.shares.get(entry.tx).is_some_and(|share| share.unread) {
                continue;
            }
            self.data.reload(entry.tx, &entry.images);
            match found.get_mut(entry.tx) {
                Some(records) => records.push(entry.record.clone()),
                None => {
                    found.insert(entry.tx, alloc::vec![entry.record.clone()]);
                }
            }
        }
        found
    }

    fn begin(&mut self, stage: &Stage<P>, tx: TxId, fx: &mut Effects<P>, acts: &mut Vec<Act<P>>) {
        assert!(self.shares.get(tx).is_none(), "{tx:?} begins once");
        let machine = P::begin(&stage.cx(self.me, tx), fx);
        if stage.casts.of(tx, self.me).root == self.me {
            if self.rooted.is_empty() {
                self.settled = tx;
            }
            self.rooted.push_back(tx);
        }
        self.open(stage, tx, machine, fx, acts);
    }

    fn deliver(
        &mut self,
        stage: &Stage<P>,
        from: NodeId,
        tx: TxId,
        message: P::Message,
        fx: &mut Effects<P>,
        acts: &mut Vec<Act<P>>,
    ) {
        match self.shares.get(tx) {
            Some(Share { machine: Some(_), .. }) => {
                self.step(stage, tx, fx, acts, |machine, cx, fx| {
                    machine.on_message(cx, from, message, fx);
                });
            }
            Some(_) => self.answer(stage, Gone::Forgotten, from, tx, message, fx, acts),
            None if tx < self.born && stage.casts.of(tx, self.me).voters.contains(self.me) => {
                self.answer(stage, Gone::Lost, from, tx, message, fx, acts);
            }
            None => match P::first_contact(&stage.cx(self.me, tx), from, message, fx) {
                Some(machine) => self.open(stage, tx, machine, fx, acts),
                None => {
                    self.shares.insert(tx, Share::without_records(None));
                    self.apply(stage, tx, fx, acts);
                }
            },
        }
    }

    /// A message for a transaction that is over here.
    #[expect(clippy::too_many_arguments, reason = "a message, why it is late, and scratch space")]
    fn answer(
        &mut self,
        stage: &Stage<P>,
        gone: Gone,
        from: NodeId,
        tx: TxId,
        message: P::Message,
        fx: &mut Effects<P>,
        acts: &mut Vec<Act<P>>,
    ) {
        P::afterwards(&stage.cx(self.me, tx), gone, from, message, fx);
        for effect in fx.drain() {
            match effect {
                Effect::Send { to, message } => self.send(to, tx, message, acts),
                Effect::Decide(decision) => {
                    self.data.finish(tx, decision);
                    acts.push(Act::Decided { tx, decision, why: Why::Protocol });
                }
                other => panic!("what is over can be answered, not reopened: {other:?}"),
            }
        }
        self.hear_myself(stage, fx, acts);
    }

    fn durable(
        &mut self,
        stage: &Stage<P>,
        upto: Lsn,
        fx: &mut Effects<P>,
        acts: &mut Vec<Act<P>>,
    ) {
        while let Some((lsn, entry)) = self.log.advance(upto) {
            let (tx, record, forced) = (entry.tx, entry.record.clone(), entry.forced);
            acts.push(Act::Durable { tx, lsn, record: record.clone(), forced });
            self.step(stage, tx, fx, acts, |machine, cx, fx| machine.on_durable(cx, &record, fx));
        }
    }

    /// Lets the machine of `tx`, if there is one, do something.
    #[inline]
    fn step(
        &mut self,
        stage: &Stage<P>,
        tx: TxId,
        fx: &mut Effects<P>,
        acts: &mut Vec<Act<P>>,
        act: impl FnOnce(&mut P, &Cx<'_, P>, &mut Effects<P>),
    ) {
        let Some(machine) = self.shares.get_mut(tx).and_then(|share| share.machine.as_mut()) else {
            // A record of what is over may have become durable.
            self.untidy = Hint(true);
            return;
        };
        let before = machine.status();
        act(machine, &stage.cx(self.me, tx), fx);
        let status = machine.status();
        if status != before {
            acts.push(Act::Entered { tx, status });
        }
        if !fx.is_empty() {
            self.apply(stage, tx, fx, acts);
        }
    }

    fn open(
        &mut self,
        stage: &Stage<P>,
        tx: TxId,
        machine: P,
        fx: &mut Effects<P>,
        acts: &mut Vec<Act<P>>,
    ) {
        acts.push(Act::Opened { tx });
        let status = machine.status();
        if status != Status::Working {
            acts.push(Act::Entered { tx, status });
        }
        self.shares.insert(tx, Share::without_records(Some(machine)));
        self.apply(stage, tx, fx, acts);
    }

    /// Turns effects into acts. Messages to oneself wait until all present effects are done.
    fn apply(&mut self, stage: &Stage<P>, tx: TxId, fx: &mut Effects<P>, acts: &mut Vec<Act<P>>) {
        // Read where they lie: taking them out one by one costs more than a small copy.
        for effect in fx.iter() {
            match *effect {
                Effect::Send { to, ref message } => self.send(to, tx, message.clone(), acts),
                Effect::Force(ref record) => {
                    let images = self.data.images(tx);
                    let record = record.clone();
                    acts.push(self.append(Entry { tx, record, forced: true, images }));
                }
                Effect::Write(ref record) => {
                    let images = D::Images::default();
                    let record = record.clone();
                    acts.push(self.append(Entry { tx, record, forced: false, images }));
                }
                Effect::Arm(timer, span) => acts.push(Act::Arm { tx, timer, span }),
                Effect::Disarm(timer) => acts.push(Act::Disarm { tx, timer }),
                Effect::AskVote => acts.push(Act::AskVote { tx }),
                Effect::Decide(decision) => {
                    self.data.finish(tx, decision);
                    acts.push(Act::Decided { tx, decision, why: Why::Protocol });
                }
                Effect::Rest => self.resting.push(tx),
                Effect::Forget => self.forget(tx, acts),
            }
        }
        fx.clear();
        self.hear_myself(stage, fx, acts);
    }

    #[inline]
    fn send(&mut self, to: NodeId, tx: TxId, message: P::Message, acts: &mut Vec<Act<P>>) {
        if to == self.me {
            self.to_self.push_back((tx, message));
        } else {
            acts.push(Act::Send { to, tx, message });
        }
    }

    /// Messages to oneself arrive in their order, behind the effects they were sent among.
    #[inline(always)]
    fn hear_myself(&mut self, stage: &Stage<P>, fx: &mut Effects<P>, acts: &mut Vec<Act<P>>) {
        if !self.to_self.is_empty() {
            self.hear_all(stage, fx, acts);
        }
    }

    #[cold]
    #[inline(never)]
    fn hear_all(&mut self, stage: &Stage<P>, fx: &mut Effects<P>, acts: &mut Vec<Act<P>>) {
        while let Some((tx, message)) = self.to_self.pop_front() {
            self.deliver(stage, self.me, tx, message, fx, acts);
        }
    }

    #[inline(always)]
    fn append(&mut self, entry: Entry<P::Record, D::Images>) -> Act<P> {
        let (tx, record, forced) = (entry.tx, entry.record.clone(), entry.forced);
        let lsn = self.log.append(entry);
        if let Some(share) = self.shares.get_mut(tx) {
            share.last = lsn;
            if share.first == Lsn::NONE {
                share.first = lsn;
            }
        }
        Act::Append { tx, lsn, record, forced }
    }

    #[inline(always)]
    fn forget(&mut self, tx: TxId, acts: &mut Vec<Act<P>>) {
        if let Some(share) = self.shares.get_mut(tx) {
            share.machine = None;
        }
        self.untidy = Hint(true);
        acts.push(Act::Forgot { tx });
        self.pass_settled();
    }

    /// Moves the low-water mark past the transactions rooted here that are over.
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
    fn forget_settled(
        &mut self,
        stage: &Stage<P>,
        from: NodeId,
        settled: TxId,
        acts: &mut Vec<Act<P>>,
    ) {
        let mut at = 0;
        while let Some(&tx) = self.resting.get(at) {
            if tx < settled && stage.casts.of(tx, self.me).root == from {
                self.resting.remove(at);
                self.forget(tx, acts);
            } else {
                at += 1;
            }
        }
    }

    #[inline(never)]
    fn tidy_up(&mut self) {
        self.untidy = Hint(false);
        self.lost.clear();
        let shares = &self.shares;
        let durable = self.log.durable();
        // What is over must be known to be over from the log alone before its records may go.
        self.log.truncate(|tx| {
            shares.get(tx).is_none_or(|share| share.machine.is_none() && share.last <= durable)
        });
    }
}

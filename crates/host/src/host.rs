//! The host: machines by transaction, one log, one interpreter of effects.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use commitsim_core::{Cx, Decision, Effects, Lsn, NodeId, Protocol, Status, TxId, Why};
use commitsim_table::TxTable;

use crate::share::{Hint, Share};
use crate::{Act, Actor, Casts, Data, Input, Log};

/// What all hosts of a run share and none changes.
#[derive(Clone, Debug)]
pub struct Stage<P: Protocol> {
    /// Variant and patience.
    pub config: P::Config,
    /// Who plays what.
    pub casts: Casts,
}

impl<P: Protocol> Stage<P> {
    pub(crate) fn cx(&self, me: NodeId, tx: TxId) -> Cx<'_, P> {
        Cx { me, tx, cast: self.casts.of(tx, me), config: &self.config }
    }
}

/// One node: the machines of its transactions above one log.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Host<P: Protocol, D: Data = ()> {
    pub(crate) me: NodeId,
    pub(crate) shares: TxTable<Share<P>>,
    pub(crate) log: Log<P::Record, D::Images>,
    pub(crate) data: D,
    /// Transactions below this one are older than the last restart.
    pub(crate) born: TxId,
    /// Every transaction rooted here below this one is over (the low-water mark).
    pub(crate) settled: TxId,
    /// Transactions rooted here from the mark on, oldest first.
    pub(crate) rooted: VecDeque<TxId>,
    /// Machines that are kept for questions only, oldest first.
    pub(crate) resting: Vec<TxId>,
    /// What had begun and left no record when the node crashed; until the first input after the
    /// restart, because the node may crash again before it has said so.
    lost: Vec<TxId>,
    /// Whether the last input may have left something to tidy up before the next: records that
    /// nobody needs any more, or what was lost. Looking took a twentieth of the run time.
    pub(crate) untidy: Hint<bool>,
    /// What an operator decided here by hand; on disk at once, and the last word on the data.
    pub(crate) decreed: Vec<(TxId, Decision)>,
    /// Only within a step: messages to oneself, oldest first.
    pub(crate) to_self: VecDeque<(TxId, P::Message)>,
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
            decreed: Vec::new(),
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

    /// The same, for the driver that lets transactions work on it.
    #[inline]
    pub fn data_mut(&mut self) -> &mut D {
        &mut self.data
    }

    /// Its machine for `tx`, if it takes part and is not done.
    #[must_use]
    pub fn machine(&self, tx: TxId) -> Option<&P> {
        self.shares.get(tx)?.machine.as_ref()
    }

    /// Where its machine for `tx` stands, if it takes part and is not done.
    #[must_use]
    #[inline]
    pub fn status(&self, tx: TxId) -> Option<Status> {
        self.shares.get(tx)?.status()
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

    /// An operator commits or rolls back by hand what is in doubt here, a heuristic decision; the
    /// machine goes on and learns what the others did. Says whether `tx` was in doubt.
    pub fn decree(&mut self, tx: TxId, decision: Decision, actor: &mut impl Actor<P>) -> bool {
        let status = self.machine(tx).map(P::status);
        let in_doubt = status == Some(Status::InDoubt) && !self.is_decreed(tx);
        if in_doubt {
            self.decreed.push((tx, decision));
            self.data.finish(tx, decision);
            actor.act(self.settled, Act::Decided { tx, decision, why: Why::Operator });
        }
        in_doubt
    }

    /// Whether an operator has decided `tx` here.
    #[inline]
    pub(crate) fn is_decreed(&self, tx: TxId) -> bool {
        self.decreed.iter().any(|(decreed, _)| *decreed == tx)
    }

    /// The driver knows that nothing about `tx` will ever happen again: no node holds it and no
    /// message about it is under way. Only memory is given back; what is left of it in the log will
    /// not be read again, so the data is as good as cut off from there.
    pub fn retire(&mut self, tx: TxId) {
        let at_work = self.machine(tx).is_some();
        assert!(!at_work, "a machine is at work in {tx:?}");
        self.data.cut(tx);
        self.decreed.retain(|(decreed, _)| *decreed != tx);
        self.shares.remove(tx);
    }

    /// Something happens; `actor` gets what the host does about it. `fx` is scratch space, empty
    /// before and after.
    ///
    /// Compiled into its callers, each of which knows what happens.
    #[inline(always)]
    pub fn handle(
        &mut self,
        stage: &Stage<P>,
        input: Input<P>,
        fx: &mut Effects<P>,
        actor: &mut impl Actor<P>,
    ) {
        // Not at once when a machine is forgotten: its driver may yet cut that step short.
        if self.untidy.0 {
            self.tidy_up();
        }
        match input {
            Input::Begin { tx } => self.begin(stage, tx, fx, actor),
            Input::Deliver { from, settled, tx, message } => {
                if !self.resting.is_empty() {
                    self.forget_settled(stage, from, settled, actor);
                }
                self.deliver(stage, from, tx, message, fx, actor);
            }
            Input::Fire { tx, timer } => {
                self.step(stage, tx, fx, actor, |machine, cx, fx| machine.on_timer(cx, timer, fx));
            }
            Input::Vote { tx, vote } => {
                self.step(stage, tx, fx, actor, |machine, cx, fx| machine.on_vote(cx, vote, fx));
            }
            Input::Durable { upto } => self.durable(stage, upto, fx, actor),
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
            if let Some(machine) = P::recover(&stage.cx(self.me, tx), records, fx) {
                let status = machine.status();
                share.open(machine, status);
                acts.push(Act::Opened { tx });
                acts.push(Act::Entered { tx, status });
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
            if let Some((_, decision)) = self.decreed.iter().find(|(tx, _)| *tx == entry.tx) {
                self.data.finish(entry.tx, *decision);
            }
            match found.get_mut(entry.tx) {
                Some(records) => records.push(entry.record.clone()),
                None => {
                    found.insert(entry.tx, alloc::vec![entry.record.clone()]);
                }
            }
        }
        found
    }

    #[inline(never)]
    fn tidy_up(&mut self) {
        self.untidy = Hint(false);
        self.lost.clear();
        let shares = &self.shares;
        let durable = self.log.durable();
        // What is over must be known to be over from the log alone before its records may go.
        let over = |tx| {
            shares.get(tx).is_none_or(|share| share.machine.is_none() && share.last <= durable)
        };
        let data = &mut self.data;
        self.log.truncate(over, |tx| data.cut(tx));
    }
}

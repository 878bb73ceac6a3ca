//! What nodes do with their data: lock, work, answer, and what follows from an outcome.

use commitsim_core::{Decision, NodeId, Protocol, Status, Time, TxId, Vote};
use commitsim_data::{Answer, Manager, Mode, Note, Readiness, Refusal};
use commitsim_spec::{Property, Violation, What};

use crate::event::{Event, Held};
use crate::holdings::Holdings;
use crate::keys::Contention;
use crate::record::{Cause, DataRecord};
use crate::world::{World, index};

impl<P: Protocol, D: Holdings> World<'_, P, D> {
    fn manager(&mut self, node: NodeId) -> Option<&mut Manager> {
        self.crew.as_mut()?.hosts[index(node)].data_mut().manager_mut()
    }

    /// After a step of `node`: what was asked of its data begins, and who waited for what the step
    /// set free goes on.
    #[inline(always)]
    pub(crate) fn attend(&mut self, node: NodeId) {
        if D::ANY {
            self.attend_to_data(node);
        }
    }

    #[inline(never)]
    fn attend_to_data(&mut self, node: NodeId) {
        let mut next = Some(node);
        while let Some(node) = next {
            self.attend_to(node);
            next = self.estate.as_mut().and_then(|estate| estate.stirred.pop());
        }
    }

    fn attend_to(&mut self, node: NodeId) {
        loop {
            let state = &self.nodes[index(node)];
            if !state.up || state.pauses > 0 {
                return;
            }
            let Some(estate) = &mut self.estate else { return };
            for (node, tx) in std::mem::take(&mut estate.asked) {
                self.begin_work(node, tx);
            }
            let notes = self.manager(node).map(Manager::take_notes).unwrap_or_default();
            if notes.is_empty() {
                break;
            }
            notes.into_iter().for_each(|note| self.noted(node, note));
        }
        self.audit(node);
    }

    /// The protocol wants a vote: the transaction's steps at this node begin.
    fn begin_work(&mut self, node: NodeId, tx: TxId) {
        let machine = self.hosts()[index(node)].machine(tx);
        if machine.is_none_or(|machine| matches!(machine.status(), Status::Decided(_))) {
            return;
        }
        if let (Some(estate), Some(crew)) = (&mut self.estate, &mut self.crew) {
            estate.begin_job(node, tx);
            if let Some(manager) = crew.hosts[index(node)].data_mut().manager_mut() {
                manager.begin(tx);
            }
        }
        self.proceed(node, tx);
    }

    /// Goes on with the steps of `tx` until it has to wait; behind the last the work begins.
    fn proceed(&mut self, node: NodeId, tx: TxId) {
        while let Some(step) = self.estate.as_ref().and_then(|estate| estate.step(node, tx)) {
            let mode = if step.change.is_some() { Mode::Exclusive } else { Mode::Shared };
            let (least, most) = self.bounds();
            let Some(manager) = self.manager(node) else { return };
            match manager.lock(tx, step.item, mode) {
                Answer::Waits => return self.wait(node, tx),
                Answer::Refused(refusal) => return self.refuse(node, tx, refusal.into()),
                Answer::Granted => {}
            }
            let value = manager.read(tx, step.item);
            if let Some(change) = step.change {
                if !(least..=most).contains(&(value + change)) {
                    manager.rollback(tx);
                    return self.refuse(node, tx, Cause::Rule);
                }
                manager.write(tx, step.item, value + change);
            }
            let job = self.estate.as_mut().and_then(|estate| estate.job(node, tx));
            let Some(job) = job else { return };
            job.next += 1;
        }
        let now = self.now;
        let lenders = self.estate.as_mut().map(|estate| estate.work_begins(now, node, tx));
        for lender in lenders.unwrap_or_default() {
            if let Some(manager) = self.manager(lender) {
                manager.offer(tx);
            }
            if let Some(estate) = &mut self.estate {
                estate.stirred.push(lender);
            }
        }
        self.work_on(node, tx);
    }

    fn bounds(&self) -> (i64, i64) {
        self.estate.as_ref().map_or((0, 0), |estate| estate.programs.keys.bounds())
    }

    fn wait(&mut self, node: NodeId, tx: TxId) {
        let (now, life) = (self.now, self.nodes[index(node)].life);
        let Some(estate) = &mut self.estate else { return };
        estate.measured.waits += 1;
        if let Some(job) = estate.job(node, tx) {
            job.waits_since = Some(now);
        }
        if let Contention::TimeOut(span) = estate.programs.keys.contention {
            self.queue.push(now + span, Event::Tired { node, life, tx, since: now });
        }
    }

    /// Somebody has waited long enough for a lock, if it has not got it meanwhile.
    pub(crate) fn tire(&mut self, id: u64, node: NodeId, life: u32, tx: TxId, since: Time) {
        if !D::ANY || !self.lives(node, life) {
            return;
        }
        if self.must_wait(node) {
            let state = &mut self.nodes[index(node)];
            let event = Event::Tired { node, life: state.life, tx, since };
            return state.held.push(Held::Event(id, event));
        }
        let job = self.estate.as_mut().and_then(|estate| estate.job(node, tx));
        if job.is_none_or(|job| job.waits_since != Some(since)) {
            return;
        }
        if let Some(manager) = self.manager(node) {
            manager.rollback(tx);
        }
        self.refuse(node, tx, Refusal::TimedOut.into());
        self.attend(node);
    }

    /// The data refuses, which is a NO at once.
    fn refuse(&mut self, node: NodeId, tx: TxId, cause: Cause) {
        let (now, life) = (self.now, self.nodes[index(node)].life);
        let Some(estate) = &mut self.estate else { return };
        estate.work_ends(now, node, tx);
        let waited = estate.job(node, tx).and_then(|job| job.waits_since.take());
        if let Some(since) = waited {
            estate.waited(now, since);
        }
        estate.refuse(node, tx, cause);
        self.queue.push(now, Event::Vote { node, life, tx, vote: Vote::No });
    }

    /// What the data answers when the work is done; nothing while it cannot say, or has said.
    #[inline(always)]
    pub(crate) fn answer(&mut self, node: NodeId, tx: TxId, vote: Vote) -> Option<Vote> {
        if D::ANY { self.answer_of_data(node, tx, vote) } else { Some(vote) }
    }

    #[inline(never)]
    fn answer_of_data(&mut self, node: NodeId, tx: TxId, wanted: Vote) -> Option<Vote> {
        let now = self.now;
        let estate = self.estate.as_mut()?;
        estate.work_ends(now, node, tx);
        let job = estate.job(node, tx).filter(|job| !job.voted)?;
        let vote = if job.refused {
            Vote::No
        } else if wanted == Vote::No {
            self.manager(node)?.rollback(tx);
            self.estate.as_mut()?.refuse(node, tx, Cause::Refused);
            Vote::No
        } else {
            match self.manager(node)?.prepare(tx) {
                Readiness::Later => return None,
                Readiness::Vote(vote) => vote,
                Readiness::Refused(refusal) => {
                    self.estate.as_mut()?.refuse(node, tx, refusal.into());
                    Vote::No
                }
            }
        };
        let estate = self.estate.as_mut()?;
        estate.job(node, tx)?.voted = true;
        if vote != Vote::No {
            estate.agree(node, tx);
        }
        Some(vote)
    }

    /// Something happened to the data of `node`.
    fn noted(&mut self, node: NodeId, note: Note) {
        let (now, life) = (self.now, self.nodes[index(node)].life);
        self.observe_note(node, note);
        let Some(estate) = &mut self.estate else { return };
        match note {
            Note::Locked { tx, waited, .. } => {
                estate.locked(now, node, tx);
                if waited {
                    if let Some(since) = estate.job(node, tx).and_then(|j| j.waits_since.take()) {
                        estate.waited(now, since);
                    }
                    self.proceed(node, tx);
                }
            }
            Note::Unlocked { tx } => estate.unlocked(now, node, tx),
            Note::Freed { tx } => {
                self.queue.push(now, Event::Vote { node, life, tx, vote: Vote::Yes });
            }
            Note::Doomed { tx } => self.refuse(node, tx, Cause::Lender),
            Note::Borrowed { .. } => estate.measured.borrowed += 1,
            Note::Waits { .. } | Note::Changed { .. } => {}
        }
    }

    fn observe_note(&mut self, node: NodeId, note: Note) {
        let what = match note {
            Note::Locked { tx, item, mode, .. } => {
                What::Lock { tx, item, exclusive: mode == Mode::Exclusive }
            }
            Note::Waits { tx, item, behind } => What::Wait { tx, item, behind },
            Note::Borrowed { tx, item, lender } => What::Borrow { tx, item, lender },
            Note::Unlocked { tx } => What::Unlock { tx },
            Note::Changed { tx, item, before, after } => What::Change { tx, item, before, after },
            Note::Freed { .. } | Note::Doomed { .. } => return,
        };
        self.observe(node, what);
    }

    /// The outcome of `tx` is known at `node`.
    #[inline(always)]
    pub(crate) fn settle(&mut self, node: NodeId, tx: TxId, decision: Decision) {
        if D::ANY
            && let Some(estate) = &mut self.estate
        {
            estate.decide(self.now, node, tx, decision);
        }
    }

    /// The node has crashed, and its work is gone.
    #[inline]
    pub(crate) fn drop_work(&mut self, node: NodeId) {
        if D::ANY
            && let Some(estate) = &mut self.estate
        {
            estate.crash(self.now, node);
        }
    }

    /// The node is back, and its data is what the log made of it.
    #[inline]
    pub(crate) fn recover_data(&mut self, node: NodeId) {
        if D::ANY
            && let Some(estate) = &mut self.estate
        {
            estate.recovered = Some(node);
            estate.unaudited.insert(node);
        }
    }

    /// At quiet moments of a node, and when it has recovered, its data is compared with the books;
    /// where all is quiet, the books are balanced.
    fn audit(&mut self, node: NodeId) {
        let (Some(estate), Some(crew)) = (&mut self.estate, &self.crew) else { return };
        let idle = |node: NodeId| {
            let manager = crew.hosts[index(node)].data().manager();
            manager.is_none_or(Manager::is_idle)
        };
        let recovered = estate.recovered == Some(node);
        if !estate.unaudited.contains(node) || !(idle(node) || recovered) {
            return;
        }
        estate.recovered = None;
        estate.unaudited.remove(node);
        if let Some(manager) = crew.hosts[index(node)].data().manager() {
            estate.books.audit(self.now, node, manager);
        }
        let calm = self.nodes.iter().all(|node| node.up && node.pauses == 0);
        if calm && (0..self.nodes.len() as u16).map(NodeId).all(idle) {
            let torn = |violation: &Violation| violation.property == Property::Ac1;
            let of_one_mind = !self.spec.violations().iter().any(torn);
            estate.books.balance(self.now, of_one_mind);
        }
    }

    /// The last look at the data of every node that is up, when a run is over.
    pub(crate) fn data_record(&mut self) -> (Option<DataRecord>, Option<Violation>) {
        let (Some(estate), Some(crew)) = (&mut self.estate, &self.crew) else {
            return (None, None);
        };
        estate.unlock_all(self.now, None);
        for (host, node) in crew.hosts.iter().zip((0..).map(NodeId)) {
            let state = &self.nodes[index(node)];
            if let Some(manager) = host.data().manager()
                && state.up
                && state.pauses == 0
            {
                estate.books.audit(self.now, node, manager);
            }
        }
        let mut record = estate.measured.clone();
        (record.opening, record.closing) = estate.books.totals();
        let pending = crew.hosts.iter().filter_map(|host| host.data().manager());
        if estate.programs.keys.conserves() && pending.into_iter().all(Manager::is_idle) {
            record.damage = estate.books.surplus;
        }
        (Some(record), estate.books.violation.clone())
    }
}

//! What goes on above the data: which transaction does what where, and what is measured of it.

use std::collections::BTreeMap;

use commitsim_core::{Decision, NodeId, NodeSet, Span, Time, TxId};
use commitsim_data::{Conflict, Manager, Refusal, Rules};
use commitsim_rng::Seed;

use crate::books::Books;
use crate::keys::{Contention, Keys};
use crate::programs::{Programs, Step};
use crate::record::{Cause, DataRecord};

/// The data of all nodes, as far as it is not each node's own.
pub(crate) struct Estate {
    pub programs: Programs,
    pub books: Books,
    pub measured: DataRecord,
    /// Nodes at which something can go on, though the present step is another node's.
    pub stirred: Vec<NodeId>,
    /// Which work is to begin as soon as the present step is done.
    pub asked: Vec<(NodeId, TxId)>,
    deeds: BTreeMap<TxId, Deed>,
    jobs: BTreeMap<(NodeId, TxId), Job>,
    /// When the locks that are held were granted.
    locked: BTreeMap<(NodeId, TxId), Vec<Time>>,
    /// Which nodes have changed, or restarted, since they were last compared with the books.
    pub unaudited: NodeSet,
    /// Who has just recovered.
    pub recovered: Option<NodeId>,
}

/// One transaction.
struct Deed {
    root: NodeId,
    began: Time,
    parts: Vec<Part>,
    /// Why the first node refused.
    cause: Option<Cause>,
    answered: bool,
}

/// What it does at one node.
struct Part {
    node: NodeId,
    steps: Vec<Step>,
    /// How long was worked on it.
    work: Span,
    /// Whether it has all its locks there.
    locked: bool,
    agreed: bool,
    committed: bool,
}

/// The work of one transaction at one node, until it is decided or the node crashes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Job {
    /// Which step is next.
    pub next: usize,
    pub waits_since: Option<Time>,
    works_since: Option<Time>,
    /// Whether it cannot be committed here.
    pub refused: bool,
    pub voted: bool,
}

impl Estate {
    pub(crate) fn new(keys: &Keys, nodes: u16, seed: Seed) -> Estate {
        Estate {
            programs: Programs::new(keys, seed),
            books: Books::new(keys, nodes),
            measured: DataRecord::default(),
            stirred: Vec::new(),
            asked: Vec::new(),
            deeds: BTreeMap::new(),
            jobs: BTreeMap::new(),
            locked: BTreeMap::new(),
            unaudited: NodeSet::EMPTY,
            recovered: None,
        }
    }

    /// The data of one node; some have none.
    pub(crate) fn manager(keys: Option<&Keys>) -> Manager {
        let Some(keys) = keys else { return Manager::new(0, 0, Rules::NONE) };
        let conflict = match keys.contention {
            Contention::Refuse => Conflict::Refuse,
            Contention::WaitDie => Conflict::WaitDie,
            Contention::TimeOut(_) => Conflict::Wait,
        };
        let rules = Rules {
            conflict,
            lend: keys.lend,
            readers_leave: keys.readers_leave,
            buffer: keys.buffer,
            log_space: keys.log_space,
        };
        Manager::new(keys.items(), keys.first_value(), rules)
    }

    pub(crate) fn open(&mut self, at: Time, tx: TxId, root: NodeId, voters: &NodeSet) {
        let part = |(node, steps)| Part {
            node,
            steps,
            work: Span::ZERO,
            locked: false,
            agreed: false,
            committed: false,
        };
        let parts = self.programs.of(tx, voters).into_iter().map(part).collect();
        self.deeds.insert(tx, Deed { root, began: at, parts, cause: None, answered: false });
    }

    pub(crate) fn close(&mut self, tx: TxId) {
        self.deeds.remove(&tx);
    }

    /// The step at which the work of `tx` is at `node`, if there is one left.
    pub(crate) fn step(&self, node: NodeId, tx: TxId) -> Option<Step> {
        let job = self.jobs.get(&(node, tx))?;
        let part = self.deeds.get(&tx)?.parts.iter().find(|part| part.node == node)?;
        part.steps.get(job.next).copied()
    }

    pub(crate) fn begin_job(&mut self, node: NodeId, tx: TxId) {
        self.jobs.insert((node, tx), Job::default());
    }

    pub(crate) fn job(&mut self, node: NodeId, tx: TxId) -> Option<&mut Job> {
        self.jobs.get_mut(&(node, tx))
    }

    /// All items are locked and the work on them goes on. Says at which nodes the transaction may
    /// lend from now on: all, when it has all its locks everywhere.
    pub(crate) fn work_begins(&mut self, at: Time, node: NodeId, tx: TxId) -> Vec<NodeId> {
        if let Some(job) = self.jobs.get_mut(&(node, tx)) {
            job.works_since = Some(at);
        }
        if let Some(part) = self.part(node, tx) {
            part.locked = true;
        }
        let Some(deed) = self.deeds.get(&tx).filter(|_| self.programs.keys.lend) else {
            return Vec::new();
        };
        let all = deed.parts.iter().all(|part| part.locked);
        deed.parts.iter().filter(|_| all).map(|part| part.node).collect()
    }

    pub(crate) fn work_ends(&mut self, at: Time, node: NodeId, tx: TxId) {
        let job = self.jobs.get_mut(&(node, tx));
        let Some(since) = job.and_then(|job| job.works_since.take()) else { return };
        if let Some(part) = self.part(node, tx) {
            part.work = part.work.plus(at - since);
        }
    }

    /// The node cannot commit `tx`.
    pub(crate) fn refuse(&mut self, node: NodeId, tx: TxId, cause: Cause) {
        if let Some(job) = self.jobs.get_mut(&(node, tx)) {
            job.refused = true;
        }
        if let Some(deed) = self.deeds.get_mut(&tx) {
            deed.cause.get_or_insert(cause);
        }
    }

    pub(crate) fn agree(&mut self, node: NodeId, tx: TxId) {
        if let Some(part) = self.part(node, tx) {
            part.agreed = true;
        }
    }

    /// The outcome is known at `node`.
    pub(crate) fn decide(&mut self, at: Time, node: NodeId, tx: TxId, decision: Decision) {
        self.work_ends(at, node, tx);
        self.jobs.remove(&(node, tx));
        let Some(deed) = self.deeds.get_mut(&tx) else { return };
        if node == deed.root && !std::mem::replace(&mut deed.answered, true) {
            self.measured.answer(decision, at - deed.began, at, deed.cause);
        }
        let Some(part) = deed.parts.iter_mut().find(|part| part.node == node) else { return };
        match decision {
            Decision::Commit => {
                if !std::mem::replace(&mut part.committed, true) {
                    self.books.commit(tx, node, &part.steps, part.agreed);
                }
            }
            Decision::Abort => {
                let lost = std::mem::take(&mut part.work);
                self.measured.work_lost = self.measured.work_lost.plus(lost);
            }
        }
    }

    /// Its part in `tx` is over without a decision: it voted read-only.
    pub(crate) fn leave(&mut self, node: NodeId, tx: TxId) {
        self.jobs.remove(&(node, tx));
    }

    pub(crate) fn locked(&mut self, at: Time, node: NodeId, tx: TxId) {
        self.measured.locks += 1;
        self.locked.entry((node, tx)).or_default().push(at);
    }

    pub(crate) fn unlocked(&mut self, at: Time, node: NodeId, tx: TxId) {
        for since in self.locked.remove(&(node, tx)).unwrap_or_default() {
            self.measured.lock_hold = self.measured.lock_hold.plus(at - since);
        }
        self.unaudited.insert(node);
    }

    /// Somebody waited since then.
    pub(crate) fn waited(&mut self, at: Time, since: Time) {
        self.measured.lock_wait = self.measured.lock_wait.plus(at - since);
    }

    /// All that goes on at a node ends with its memory.
    pub(crate) fn crash(&mut self, at: Time, node: NodeId) {
        let here = |(at, _): &&(NodeId, TxId)| *at == node;
        let jobs: Vec<TxId> = self.jobs.keys().filter(here).map(|(_, tx)| *tx).collect();
        for tx in jobs {
            self.work_ends(at, node, tx);
            self.jobs.remove(&(node, tx));
        }
        self.unlock_all(at, Some(node));
        self.asked.retain(|(of, _)| *of != node);
    }

    /// At the end of a run what is still locked has been locked until then.
    pub(crate) fn unlock_all(&mut self, at: Time, only: Option<NodeId>) {
        let here = |(node, _): &&(NodeId, TxId)| only.is_none_or(|only| only == *node);
        let locked: Vec<_> = self.locked.keys().filter(here).copied().collect();
        for (node, tx) in locked {
            self.unlocked(at, node, tx);
        }
    }

    fn part(&mut self, node: NodeId, tx: TxId) -> Option<&mut Part> {
        self.deeds.get_mut(&tx)?.parts.iter_mut().find(|part| part.node == node)
    }
}

impl From<Refusal> for Cause {
    fn from(refusal: Refusal) -> Cause {
        match refusal {
            Refusal::Conflict => Cause::Conflict,
            Refusal::Died => Cause::Died,
            Refusal::TimedOut => Cause::TimedOut,
            Refusal::Lender => Cause::Lender,
            Refusal::LogFull => Cause::LogFull,
            Refusal::Rule => Cause::Rule,
        }
    }
}

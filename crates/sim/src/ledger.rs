//! What is measured of each transaction while it runs.

use commitsim_core::{Decision, Meaning, NodeId, NodeSet, Span, Status, Time, TxId, Vote};
use commitsim_spec::{Observation, What};
use commitsim_table::TxTable;

use crate::record::{NodeRecord, Outcome, Stand, TransactionRecord};

/// Measures every open transaction from the observations.
pub(crate) struct Ledger {
    nodes: u16,
    open: TxTable<Account>,
    /// The shares of closed accounts, kept so that their memory can be used again.
    spare: Vec<Vec<Share>>,
    /// Transactions that may be over everywhere.
    pub(crate) fading: Vec<TxId>,
}

/// One transaction's measurements.
#[derive(Default)]
pub(crate) struct Account {
    root: NodeId,
    voters: NodeSet,
    began: Time,
    client: Option<Time>,
    decided: Option<Time>,
    forgotten: Option<Time>,
    messages: u64,
    forced: u64,
    records: u64,
    /// Messages about it that are under way.
    in_flight: u32,
    /// Machines that are at work for it.
    machines: u32,
    /// Voters that have neither decided nor left with a read-only vote.
    undecided: u32,
    /// Voters that never took part.
    unmet: u32,
    /// By node number.
    shares: Vec<Share>,
}

/// One node's measurements.
#[derive(Clone, Copy, Default)]
struct Share {
    met: bool,
    live: bool,
    down: bool,
    vote: Option<Vote>,
    in_doubt_now: bool,
    decided: Option<(Time, Decision)>,
    /// Since when it is in doubt, while it is up.
    doubt_since: Option<Time>,
    /// Since when it is blocked, while it is up.
    blocked_since: Option<Time>,
    asked: bool,
    in_doubt: Span,
    blocked: Span,
}

impl Ledger {
    pub(crate) fn new(nodes: u16) -> Ledger {
        Ledger { nodes, open: TxTable::new(), spare: Vec::new(), fading: Vec::new() }
    }

    /// A transaction begins.
    pub(crate) fn open(&mut self, at: Time, tx: TxId, root: NodeId, voters: &NodeSet) {
        let mut shares = self.spare.pop().unwrap_or_default();
        let count = voters.len();
        shares.resize(usize::from(self.nodes), Share::default());
        let account = Account {
            root,
            voters: voters.clone(),
            began: at,
            undecided: count,
            unmet: count,
            shares,
            ..Account::default()
        };
        self.open.insert(tx, account);
    }

    #[inline]
    pub(crate) fn account(&mut self, tx: TxId) -> Option<&mut Account> {
        self.open.get_mut(tx)
    }

    /// The open transactions, oldest first.
    pub(crate) fn open_transactions(&self) -> Vec<TxId> {
        self.open.ids()
    }

    /// Ends the measurement of `tx` and hands it out.
    pub(crate) fn close(&mut self, now: Time, tx: TxId, keep: bool) -> Option<TransactionRecord> {
        let record = keep.then(|| Some(self.open.get(tx)?.record(tx, now))).flatten();
        let Account { mut shares, .. } = self.open.remove(tx)?;
        shares.clear();
        self.spare.push(shares);
        record
    }

    /// Looks at one observation. Most kinds measure nothing; they cost nothing where the kind is
    /// known when this is compiled into its caller.
    #[inline(always)]
    pub(crate) fn observe(&mut self, seen: &Observation) {
        let (at, node) = (seen.at, seen.node);
        match seen.what {
            What::Send { tx, word, .. } => self.with(tx, |account| {
                account.messages += 1;
                account.in_flight += 1;
                if word.meaning == Meaning::Question {
                    account.share(node).ask(at);
                }
            }),
            What::Duplicate { tx, .. } => self.with(tx, |account| account.in_flight += 1),
            What::Deliver { tx, .. } | What::Lose { tx, .. } => {
                self.leave(tx, |account| account.in_flight -= 1);
            }
            What::Append { tx, forced, .. } => self.with(tx, |account| {
                account.records += 1;
                account.forced += u64::from(forced);
            }),
            What::Begin { tx } => self.with(tx, |account| account.begin(node)),
            What::Vote { tx, vote } => self.with(tx, |account| account.vote(node, vote)),
            What::Enter { tx, status } => self.with(tx, |account| {
                // A YES leaves in the same step; one that was recovered has left long ago.
                let share = account.share(node);
                share.in_doubt_now = status == Status::InDoubt;
                if share.in_doubt_now {
                    share.enter_doubt(at);
                }
            }),
            What::Decide { tx, decision, .. } => {
                self.with(tx, |account| account.decide(at, node, decision));
            }
            What::Forget { tx } => self.leave(tx, |account| {
                account.machines -= 1;
                account.forgotten = Some(at);
                account.share(node).live = false;
            }),
            What::Crash { .. } => self.crashed(at, node),
            What::Restart => self.restarted(node),
            _ => {}
        }
    }

    #[inline(always)]
    fn with(&mut self, tx: TxId, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.open.get_mut(tx) {
            change(account);
        }
    }

    /// The same where a message is no longer under way, or a machine no longer at work.
    #[inline(always)]
    fn leave(&mut self, tx: TxId, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.open.get_mut(tx) {
            change(account);
            if account.is_quiet() {
                self.fading.push(tx);
            }
        }
    }

    /// After a restart any transaction may be over.
    pub(crate) fn let_all_fade(&mut self) {
        self.fading.extend(self.open.ids());
    }

    fn crashed(&mut self, at: Time, node: NodeId) {
        for tx in self.open.ids() {
            let Some(account) = self.open.get_mut(tx) else { continue };
            let share = account.share(node);
            share.leave_doubt(at);
            share.down = true;
            share.in_doubt_now = false;
            if std::mem::take(&mut share.live) {
                account.machines -= 1;
                // If a record survives, recovery will open it again.
                account.forgotten = Some(at);
            }
        }
    }

    fn restarted(&mut self, node: NodeId) {
        for tx in self.open.ids() {
            if let Some(account) = self.open.get_mut(tx) {
                account.share(node).down = false;
            }
        }
    }
}

impl Account {
    #[inline]
    fn share(&mut self, node: NodeId) -> &mut Share {
        &mut self.shares[usize::from(node.0)]
    }

    #[inline(always)]
    fn begin(&mut self, node: NodeId) {
        self.machines += 1;
        self.forgotten = None;
        let voter = self.voters.contains(node);
        let share = self.share(node);
        share.live = true;
        let first = !std::mem::replace(&mut share.met, true);
        self.unmet -= u32::from(voter && first);
    }

    /// A protocol with a bug may ask twice; a node leaves once.
    #[inline(always)]
    fn vote(&mut self, node: NodeId, vote: Vote) {
        let root = node == self.root;
        let share = self.share(node);
        let before = share.vote.replace(vote);
        // The root stays, whatever it votes: it decides for the others.
        let leaves =
            !root && vote == Vote::ReadOnly && before != Some(vote) && share.decided.is_none();
        self.undecided -= u32::from(leaves);
    }

    #[inline(always)]
    fn decide(&mut self, at: Time, node: NodeId, decision: Decision) {
        let root = node == self.root;
        let voter = self.voters.contains(node);
        let share = self.share(node);
        share.leave_doubt(at);
        share.in_doubt_now = false;
        // A read-only voter has left: what it answers after a crash, not knowing, is not a part
        // of the outcome.
        let gone = share.vote == Some(Vote::ReadOnly) && !root;
        if share.decided.is_some() || gone {
            return;
        }
        share.decided = Some((at, decision));
        if root {
            self.client = Some(at);
        }
        if voter {
            self.decided = Some(at);
            self.undecided -= 1;
        }
    }

    /// Whether, all nodes being up, somebody still has to decide: there is an undecided voter
    /// that takes part, or a message under way that may reach one. It saves asking every voter
    /// each time; who is missing by this test is by [`Account::over_for_the_living`] too.
    #[inline]
    pub(crate) fn is_somebody_missing(&self) -> bool {
        self.undecided > 0 && (self.in_flight > 0 || self.undecided > self.unmet)
    }

    /// Whether every node that could decide now has: nobody who is up and takes part is missing,
    /// and nobody will hear of it who has not.
    pub(crate) fn over_for_the_living(&self, is_down: impl Fn(NodeId) -> bool) -> bool {
        self.undecided == 0
            || self.voters.iter().all(|node| {
                let share = &self.shares[usize::from(node.0)];
                share.decided.is_some()
                    || share.vote == Some(Vote::ReadOnly) && node != self.root
                    || is_down(node)
                    || !share.met && self.in_flight == 0
            })
    }

    /// Whether no machine is at work for it and no message about it under way.
    #[inline]
    pub(crate) fn is_quiet(&self) -> bool {
        self.machines == 0 && self.in_flight == 0
    }

    /// Whether the root has decided, and so could answer its client.
    pub(crate) fn answered(&self) -> bool {
        self.client.is_some()
    }

    /// Whether a voter has neither decided nor left.
    pub(crate) fn is_undecided(&self) -> bool {
        self.undecided > 0
    }

    /// Whether a message about it is under way.
    pub(crate) fn is_under_way(&self) -> bool {
        self.in_flight > 0
    }

    pub(crate) fn began(&self) -> Time {
        self.began
    }

    fn record(&self, tx: TxId, now: Time) -> TransactionRecord {
        let nodes: Vec<NodeRecord> =
            self.voters.iter().map(|node| self.node_record(node, now)).collect();
        let says = |decision| {
            let of = |share: &Share| share.decided.is_some_and(|(_, d)| d == decision);
            self.shares.iter().any(of)
        };
        let outcome = match (says(Decision::Commit), says(Decision::Abort)) {
            (true, true) => Outcome::Split,
            (true, false) => Outcome::Commit,
            (false, true) => Outcome::Abort,
            (false, false) => Outcome::None,
        };
        // Who refuses without a machine decides, and forgets, after all machines are gone.
        let forgotten = self.forgotten.filter(|_| self.machines == 0);
        TransactionRecord {
            id: tx,
            root: self.root,
            began: self.began,
            outcome,
            client: self.client,
            decided: self.decided.filter(|_| self.undecided == 0),
            forgotten: forgotten.max(forgotten.and(self.decided)),
            messages: self.messages,
            forced: self.forced,
            records: self.records,
            nodes,
        }
    }

    fn node_record(&self, node: NodeId, now: Time) -> NodeRecord {
        let mut share = self.shares[usize::from(node.0)];
        share.leave_doubt(now);
        let state = match share.decided {
            Some((_, decision)) => Stand::Decided(decision),
            None if share.vote == Some(Vote::ReadOnly) && node != self.root => Stand::ReadOnly,
            None if share.down => Stand::Down,
            None if !share.met => Stand::Unaware,
            None if share.in_doubt_now => Stand::InDoubt,
            None => Stand::Working,
        };
        NodeRecord {
            node,
            vote: share.vote,
            state,
            decided: share.decided.map(|(at, _)| at),
            in_doubt: share.in_doubt,
            blocked: share.blocked,
        }
    }
}

impl Share {
    fn enter_doubt(&mut self, at: Time) {
        if self.decided.is_none() && self.doubt_since.is_none() {
            self.doubt_since = Some(at);
            if self.asked {
                self.blocked_since = Some(at);
            }
        }
    }

    fn ask(&mut self, at: Time) {
        self.asked = true;
        if self.doubt_since.is_some() && self.blocked_since.is_none() {
            self.blocked_since = Some(at);
        }
    }

    fn leave_doubt(&mut self, at: Time) {
        if let Some(since) = self.doubt_since.take() {
            self.in_doubt = self.in_doubt.plus(at - since);
        }
        if let Some(since) = self.blocked_since.take() {
            self.blocked = self.blocked.plus(at - since);
        }
    }
}

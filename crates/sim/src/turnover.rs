//! Transactions come and go: when the next one begins, and when one is over for good.

use commitsim_core::{Protocol, Time, TxId};
use commitsim_host::Input;

use crate::event::Event;
use crate::holdings::Holdings;
use crate::ledger::Account;
use crate::world::{Crew, Node, World, index};

/// How many transactions may fade before the first sweep.
pub(crate) const FADING_LEAST: usize = 16;

impl<P: Protocol, D: Holdings> World<'_, P, D> {
    pub(crate) fn begin(&mut self) {
        self.beginnings -= 1;
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
        self.spec.plant(tx, cast.iter().map(|cast| cast.parent));
        self.ledger.open(self.now, tx, root, voters);
        if D::ANY
            && let Some(estate) = &mut self.estate
        {
            estate.open(self.now, tx, root, voters);
        }
        if self.workload.is_serial() {
            self.workload.current = Some(tx);
        }
        if !self.workload.is_usual() {
            self.crew().stage.casts.assign(tx, cast);
        }
        self.feed(root, Input::Begin { tx });
    }

    /// Clients that waited for a root try again.
    pub(crate) fn wake_clients(&mut self) {
        for _ in 0..std::mem::take(&mut self.waiting) {
            self.schedule_begin(self.now);
        }
    }

    pub(crate) fn schedule_begin(&mut self, at: Time) {
        if self.workload.has_more() {
            self.beginnings += 1;
            self.queue.push(at, Event::Begin);
        }
    }

    /// Whether a client, who then thinks about its next transaction, still waits for `tx`.
    #[inline]
    pub(crate) fn is_client_waiting(&mut self, tx: TxId) -> bool {
        self.workload.think().is_some()
            && self.ledger.account(tx).is_some_and(|account| !account.answered())
    }

    pub(crate) fn schedule_next_of_client(&mut self) {
        if let Some(think) = self.workload.think() {
            self.schedule_begin(self.now + think);
        }
    }

    /// Begins the next transaction if `tx` is the one it waits for and is over for the living.
    #[inline(always)]
    pub(crate) fn check_serial(&mut self, tx: TxId) {
        if self.workload.current == Some(tx) {
            let all_up = self.down == 0;
            let account = self.ledger.account(tx);
            if !(all_up && account.is_some_and(|account| account.is_somebody_missing())) {
                self.check_serial_now();
            }
        }
    }

    pub(crate) fn check_serial_now(&mut self) {
        let Some(tx) = self.workload.current else { return };
        let nodes = &self.nodes;
        let is_down = |node| !nodes[index(node)].up;
        let over = |account: &mut Account| account.over_for_the_living(is_down);
        if self.ledger.account(tx).is_none_or(over) {
            self.workload.current = None;
            self.schedule_begin(self.now);
        }
    }

    /// Gives back the memory of transactions about which nothing can happen any more.
    pub(crate) fn sweep(&mut self) {
        if self.ledger.fading.len() < self.fading_most {
            return;
        }
        let mut fading = std::mem::take(&mut self.ledger.fading);
        fading.sort_unstable();
        fading.dedup();
        fading.retain(|&tx| !self.retire(tx));
        self.fading_most = FADING_LEAST.max(2 * fading.len());
        self.ledger.fading = fading;
    }

    /// Whether a node has a machine for `tx`, or would have one if it restarted now.
    pub(crate) fn will_be_remembered(&self, tx: TxId) -> bool {
        let Some(Crew { stage, hosts, .. }) = self.crew.as_deref() else { return false };
        hosts.iter().any(|host| host.will_have_machine(stage, tx))
    }

    /// Whether a node has a machine for `tx`, or will have one when it recovers.
    pub(crate) fn is_remembered(&self, tx: TxId) -> bool {
        let waits = |node: &Node<P>| node.held.iter().any(|held| held.is_about(tx));
        self.hosts().iter().any(|host| host.holds(tx)) || self.nodes.iter().any(waits)
    }

    /// Retires `tx` if no node holds it; says whether it is gone from the list.
    pub(crate) fn retire(&mut self, tx: TxId) -> bool {
        let Some(account) = self.ledger.account(tx) else { return true };
        if !account.is_quiet() || self.workload.current == Some(tx) {
            // It will be put on the list again when that changes.
            return self.workload.current != Some(tx);
        }
        if self.is_remembered(tx) {
            return false;
        }
        for host in &mut self.crew().hosts {
            host.retire(tx);
        }
        self.crew().stage.casts.release(tx);
        self.spec.close(self.now, tx);
        if D::ANY
            && let Some(estate) = &mut self.estate
        {
            estate.close(tx);
        }
        self.closed.extend(self.ledger.close(self.now, tx, self.keep));
        true
    }
}

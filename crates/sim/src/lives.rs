//! Where a life of a node ends, and where the next begins.

use commitsim_core::{Lsn, NodeId, Protocol, Spoken, TxId, Word};
use commitsim_host::Entry;
use commitsim_spec::What;

use crate::disk::Remains;
use crate::event::{Event, Held};
use crate::faults::Event as Seen;
use crate::holdings::Holdings;
use crate::world::{Crew, World, index};

impl<P: Protocol, D: Holdings> World<'_, P, D> {
    pub(crate) fn restart(&mut self, node: NodeId) {
        self.nodes[index(node)].up = true;
        self.down -= 1;
        self.standing.last_trouble = self.standing.last_trouble.max(self.now);
        self.observe(node, What::Restart);
        let born = self.workload.next_id();
        let mut acts = std::mem::take(&mut self.acts);
        let Crew { stage, hosts, fx } = self.crew();
        hosts[index(node)].restart(stage, born, fx, &mut acts);
        self.recover_data(node);
        let life = self.nodes[index(node)].life;
        self.moment(node, born, Seen::Restarted);
        if !self.lives(node, life) {
            // It crashed again before it had recovered.
            acts.clear();
            self.acts = acts;
        } else if self.must_wait(node) {
            self.nodes[index(node)].held.push(Held::Acts { node, life, acts });
        } else {
            self.carry_out(node, acts);
        }
        self.ledger.let_all_fade();
        self.wake_clients();
        self.check_serial_now();
    }

    /// What is lost with a node: its alarms, its running force, what waited for it.
    pub(crate) fn stop(&mut self, node: NodeId, tail: crate::setup::Tail) {
        let durable = self.host(node).log().durable();
        let life = self.nodes[index(node)].life;
        let Remains { seen, kept, appended } = self.disks.crash(node, life, durable, tail);
        self.totals.crashes += 1;
        self.survive(node, seen, kept);
        self.observe(node, What::Crash { kept, appended });
        self.crew().hosts[index(node)].crash(kept);
        self.drop_work(node);
        self.queue.disarm_node(node);
        let state = &mut self.nodes[index(node)];
        state.up = false;
        state.life += 1;
        self.down += 1;
        self.upsets += 1;
        let state = &mut self.nodes[index(node)];
        for held in std::mem::take(&mut state.held) {
            if let Held::Event(id, Event::Arrive { to, from, tx, message, .. }) = held {
                self.lose(id, to, from, tx, message.word());
            }
        }
        self.check_serial_now();
    }

    /// What a crash leaves of the unsynced tail is on disk, though nobody was told.
    fn survive(&mut self, node: NodeId, seen: Lsn, kept: Lsn) {
        let log = self.host(node).log();
        let skipped = (seen.0 - log.cut().0) as usize;
        let count = (kept.0 - seen.0) as usize;
        let left: Vec<_> = log.entries().skip(skipped).take(count).map(entry_word).collect();
        let mut lsn = seen;
        for (tx, word) in left {
            lsn = lsn.next();
            self.observe(node, What::Durable { tx, lsn, word });
        }
    }
}

fn entry_word<R: Spoken, I>(entry: &Entry<R, I>) -> (TxId, Word) {
    (entry.tx, entry.record.word())
}

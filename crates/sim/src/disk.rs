//! A node's disk: forces one after the other, each covering all that was appended before it.

use commitsim_core::{Lsn, NodeId, Span};
use commitsim_rng::{Bits, Keyed, Purpose, Seed, Shape};

use crate::setup::{Disk, Tail};

/// The disks of a run. The k-th force of a node, and how much of its tail survives its k-th crash,
/// are drawn by node and k alone.
pub(crate) struct Disks {
    usual: Shape,
    pub(crate) flush: Span,
    disks: Vec<State>,
    force: Keyed,
    tail: Keyed,
}

/// What a crash leaves of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Remains {
    /// What was seen to be durable before.
    pub seen: Lsn,
    /// What is left.
    pub kept: Lsn,
    /// What was appended before.
    pub appended: Lsn,
}

#[derive(Default)]
struct State {
    /// The newest record that was appended.
    appended: Lsn,
    /// The newest record that was seen to be durable.
    seen: Lsn,
    /// The newest record that somebody wants durable.
    wanted: Lsn,
    /// What the force that is under way covers.
    running: Option<Lsn>,
    /// How many forces were begun.
    forces: u64,
    /// Whether a background flush is due.
    flush_due: bool,
    /// Whether it does nothing by itself.
    asleep: bool,
    /// The faults that slow it down, the latest last, and the force time that each brings.
    slow: Vec<(u32, Shape)>,
}

impl Disks {
    pub(crate) fn new(nodes: u16, disk: &Disk, seed: Seed) -> Disks {
        Disks {
            usual: disk.force.clone(),
            flush: disk.flush,
            disks: (0..nodes).map(|_| State::default()).collect(),
            force: Keyed::new(seed, Purpose::DiskForce),
            tail: Keyed::new(seed, Purpose::DiskTail),
        }
    }

    /// A record is seen to be durable.
    #[inline]
    pub(crate) fn see_durable(&mut self, node: NodeId, lsn: Lsn) {
        self.state(node).seen = lsn;
    }

    /// A record is appended that somebody wants to be durable. Says how long the force takes that
    /// begins now and what it covers; nothing while one is under way.
    #[inline(always)]
    pub(crate) fn force(&mut self, node: NodeId, lsn: Lsn) -> Option<(Span, Lsn)> {
        self.state(node).appended = lsn;
        self.want(node)
    }

    /// Somebody wants everything that was appended so far to be durable.
    #[inline(always)]
    pub(crate) fn want(&mut self, node: NodeId) -> Option<(Span, Lsn)> {
        let state = self.state(node);
        state.wanted = state.appended;
        self.start(node)
    }

    /// The force that was under way is done. Says what it covered, and the next one if something
    /// was wanted in the meantime.
    #[inline(always)]
    pub(crate) fn done(&mut self, node: NodeId) -> (Lsn, Option<(Span, Lsn)>) {
        let state = self.state(node);
        let covered = state.running.take().unwrap_or_default();
        let next = if state.wanted > covered { self.start_next(node) } else { None };
        (covered, next)
    }

    #[inline(never)]
    fn start_next(&mut self, node: NodeId) -> Option<(Span, Lsn)> {
        self.start(node)
    }

    /// A record is appended lazily. Says whether a background flush has to be scheduled.
    #[inline]
    pub(crate) fn write(&mut self, node: NodeId, lsn: Lsn) -> bool {
        let state = self.state(node);
        state.appended = lsn;
        !std::mem::replace(&mut state.flush_due, true)
    }

    /// The background flush is due. Says whether anything is left for it to write.
    pub(crate) fn flush_due(&mut self, node: NodeId, durable: Lsn) -> bool {
        let state = self.state(node);
        state.flush_due = false;
        state.appended > durable && state.wanted < state.appended
    }

    /// From now on the disk does nothing by itself.
    pub(crate) fn sleep(&mut self, node: NodeId) {
        self.state(node).asleep = true;
    }

    /// The disk does again what it does by itself. Says which force begins for what was wanted
    /// meanwhile.
    pub(crate) fn wake(&mut self, node: NodeId, durable: Lsn) -> Option<(Span, Lsn)> {
        let state = self.state(node);
        state.asleep = false;
        if state.wanted > durable { self.start(node) } else { None }
    }

    /// A sleeping disk writes all that was appended. Says what that is, if there is anything.
    pub(crate) fn write_asleep(&mut self, node: NodeId, durable: Lsn) -> Option<Lsn> {
        let state = self.state(node);
        let writes = state.asleep && state.running.is_none() && state.appended > durable;
        state.running = writes.then_some(state.appended).or(state.running);
        writes.then_some(state.appended)
    }

    /// The node crashes for the `life`-th time.
    pub(crate) fn crash(&mut self, node: NodeId, life: u32, durable: Lsn, tail: Tail) -> Remains {
        let draw = self.tail.draw(u64::from(node.0), 0, u64::from(life));
        let state = self.state(node);
        let appended = state.appended;
        let kept = match tail {
            Tail::Lost => durable,
            Tail::Kept(last) => last.clamp(durable, appended),
            Tail::Drawn => Lsn({ draw }.within(durable.0..=appended.0)),
        };
        state.appended = kept;
        state.wanted = kept;
        state.running = None;
        state.flush_due = false;
        let seen = std::mem::replace(&mut state.seen, kept);
        Remains { seen, kept, appended }
    }

    /// A fault makes the forces of `node` take `force`.
    pub(crate) fn slow(&mut self, node: NodeId, fault: u32, force: Shape) {
        self.state(node).slow.push((fault, force));
    }

    /// The fault ends; an earlier one that still lasts is felt again.
    pub(crate) fn quicken(&mut self, node: NodeId, fault: u32) {
        self.state(node).slow.retain(|(by, _)| *by != fault);
    }

    /// Whether a fault makes its forces take another time.
    #[inline]
    pub(crate) fn is_slow(&self, node: NodeId) -> bool {
        !self.disks[usize::from(node.0)].slow.is_empty()
    }

    #[inline(always)]
    fn start(&mut self, node: NodeId) -> Option<(Span, Lsn)> {
        let state = &mut self.disks[usize::from(node.0)];
        if state.running.is_some() || state.asleep {
            return None;
        }
        let nth = state.forces;
        state.forces += 1;
        state.running = Some(state.appended);
        let shape = state.slow.last().map_or(&self.usual, |(_, force)| force);
        let length = shape.sample_from(|| self.force.draw(u64::from(node.0), 0, nth));
        Some((Span(length), state.appended))
    }

    fn state(&mut self, node: NodeId) -> &mut State {
        &mut self.disks[usize::from(node.0)]
    }
}

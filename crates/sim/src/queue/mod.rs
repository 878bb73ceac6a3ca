//! The event queue: one total order of everything that is going to happen.
//!
//! Events come out by (time, sequence). Sequence numbers are given out as things are scheduled,
//! so two events of one instant happen in the order in which they were scheduled; faults have
//! numbers of their own, below all others, so that at an instant they come first.
//!
//! There are two implementations with the same order. A test holds them to it, and every run can
//! be made on either.

mod keyed;
mod lazy;
mod pending;
mod store;

use commitsim_core::{NodeId, Time, TxId};

use keyed::KeyedQueue;
use lazy::LazyQueue;
pub(crate) use store::Slot;
use store::Store;

/// Which implementation a run uses. The choice changes nothing but speed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum QueueKind {
    /// Events in a sorted front and a heap behind it; alarms in a line a node and kind, where a
    /// stopped alarm stays until it would have gone off; one wake-up a node among the events.
    #[default]
    Lazy,
    /// Events in a heap; alarms in a `priority-queue`, re-armed and removed by key.
    Keyed,
}

/// An alarm of a machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Alarm {
    pub node: NodeId,
    pub tx: TxId,
    /// The alarm's index in the protocol's list, below [`ALARMS`].
    pub timer: u8,
}

/// How many alarms a protocol may have.
pub(crate) const ALARMS: usize = 8;

/// A place in the order of events: an instant, and a sequence number in it.
///
/// One number, because two that are compared one after the other take twice as long.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Moment(u128);

impl Moment {
    #[inline]
    fn new(at: Time, seq: u64) -> Moment {
        Moment(u128::from(at.0) << 64 | u128::from(seq))
    }

    #[inline]
    fn at(self) -> Time {
        Time((self.0 >> 64) as u64)
    }

    #[inline]
    fn seq(self) -> u64 {
        self.0 as u64
    }
}

/// What comes next. It is small, so that it never has to lie in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    /// The event at this place: [`Queue::take`] it from there, or [`Queue::unpop`] it.
    Event(Slot),
    /// The alarm that [`Queue::rung`] tells.
    Alarm,
}

/// What is added to the sequence numbers of everything but faults, so that faults come first.
const BEHIND_FAULTS: u64 = 1 << 40;

/// The queue, whichever implementation does the work.
pub(crate) struct Queue<E> {
    faults: u64,
    others: u64,
    events: Store<E>,
    /// The alarm that came up last.
    rung: Alarm,
    implementation: Implementation,
}

enum Implementation {
    Lazy(LazyQueue),
    Keyed(KeyedQueue),
}

impl<E> Queue<E> {
    pub(crate) fn new(kind: QueueKind, nodes: u16) -> Queue<E> {
        let implementation = match kind {
            QueueKind::Lazy => Implementation::Lazy(LazyQueue::new(nodes)),
            QueueKind::Keyed => Implementation::Keyed(KeyedQueue::new(nodes)),
        };
        let rung = Alarm { node: NodeId(0), tx: TxId(0), timer: 0 };
        Queue { faults: 0, others: 0, events: Store::new(), rung, implementation }
    }

    /// Takes a sequence number; what has it needs no place in the queue (a message that is lost).
    #[inline]
    pub(crate) fn stamp(&mut self) -> u64 {
        self.others += 1;
        self.others
    }

    /// Schedules an event under a number that was taken before.
    #[inline]
    pub(crate) fn push_stamped(&mut self, at: Time, seq: u64, event: E) {
        self.insert(Moment::new(at, BEHIND_FAULTS + seq), event);
    }

    /// Schedules an event behind all others of its instant so far.
    #[inline]
    pub(crate) fn push(&mut self, at: Time, event: E) {
        let seq = self.stamp();
        self.push_stamped(at, seq, event);
    }

    /// Schedules an event before all others of its instant but earlier such ones.
    pub(crate) fn push_first(&mut self, at: Time, event: E) {
        self.faults += 1;
        self.insert(Moment::new(at, self.faults), event);
    }

    /// Sets an alarm, replacing the same one.
    #[inline(always)]
    pub(crate) fn arm(&mut self, alarm: Alarm, at: Time) {
        let moment = Moment::new(at, BEHIND_FAULTS + self.stamp());
        match &mut self.implementation {
            Implementation::Lazy(queue) => queue.arm(alarm, moment),
            Implementation::Keyed(queue) => queue.arm(alarm, moment),
        }
    }

    /// Stops an alarm; says whether it was set.
    #[inline]
    pub(crate) fn disarm(&mut self, alarm: Alarm) -> bool {
        match &mut self.implementation {
            Implementation::Lazy(queue) => queue.disarm(alarm),
            Implementation::Keyed(queue) => queue.disarm(alarm),
        }
    }

    /// The alarms that `node` has set, by transaction and kind.
    pub(crate) fn armed(&self, node: NodeId) -> Vec<Alarm> {
        let mut armed = match &self.implementation {
            Implementation::Lazy(queue) => queue.armed(node),
            Implementation::Keyed(queue) => queue.armed(node),
        };
        armed.sort_unstable();
        armed
    }

    /// Stops all alarms that `node` has set for `tx`.
    #[inline(always)]
    pub(crate) fn disarm_all(&mut self, node: NodeId, tx: TxId) {
        match &mut self.implementation {
            Implementation::Lazy(queue) => queue.disarm_all(node, tx),
            Implementation::Keyed(queue) => queue.disarm_all(node, tx),
        }
    }

    /// Stops all alarms that `node` has set.
    pub(crate) fn disarm_node(&mut self, node: NodeId) {
        match &mut self.implementation {
            Implementation::Lazy(queue) => queue.disarm_node(node),
            Implementation::Keyed(queue) => queue.disarm_node(node),
        }
    }

    /// What comes next: when, the number under which it was stamped, and what it is.
    #[inline(always)]
    pub(crate) fn pop(&mut self) -> Option<(Time, u64, Next)> {
        let apart = |moment: Moment| (moment.at(), moment.seq().saturating_sub(BEHIND_FAULTS));
        // Taken apart in both branches, because what comes from both at once lies in memory.
        let ((at, seq), next) = match &mut self.implementation {
            Implementation::Lazy(queue) => {
                let (moment, next) = queue.pop(&mut self.rung)?;
                (apart(moment), next)
            }
            Implementation::Keyed(queue) => {
                let (moment, next) = queue.pop(&mut self.rung)?;
                (apart(moment), next)
            }
        };
        Some((at, seq, next))
    }

    /// The event whose place came up.
    #[inline(always)]
    pub(crate) fn take(&mut self, event: Slot) -> E {
        self.events.take(event)
    }

    /// The alarm that came up last.
    pub(crate) fn rung(&self) -> Alarm {
        self.rung
    }

    /// Puts back what came up last, at `at` and under the number `seq`.
    #[cold]
    pub(crate) fn unpop(&mut self, at: Time, seq: u64, next: Next) {
        let moment = Moment::new(at, BEHIND_FAULTS + seq);
        match (next, &mut self.implementation) {
            (Next::Alarm, _) => self.arm(self.rung, at),
            (Next::Event(event), Implementation::Lazy(queue)) => queue.push(moment, event),
            (Next::Event(event), Implementation::Keyed(queue)) => queue.push(moment, event),
        }
    }

    #[inline(always)]
    fn insert(&mut self, moment: Moment, event: E) {
        let event = self.events.keep(event);
        match &mut self.implementation {
            Implementation::Lazy(queue) => queue.push(moment, event),
            Implementation::Keyed(queue) => queue.push(moment, event),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What comes next, taken from its place.
    fn next<E>(queue: &mut Queue<E>) -> Option<(Time, u64, Result<E, Alarm>)> {
        let (at, seq, next) = queue.pop()?;
        let next = match next {
            Next::Event(slot) => Ok(queue.take(slot)),
            Next::Alarm => Err(queue.rung()),
        };
        Some((at, seq, next))
    }

    #[derive(Clone, Debug)]
    enum Step {
        Push(u64),
        PushFirst(u64),
        Arm(u16, u32, u8, u64),
        Disarm(u16, u32, u8),
        DisarmAll(u16, u32),
        DisarmNode(u16),
        Pop,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0..40u64).prop_map(Step::Push),
            1 => (0..40u64).prop_map(Step::PushFirst),
            4 => (0..3u16, 0..6u32, 0..8u8, 0..60u64)
                .prop_map(|(n, x, k, d)| Step::Arm(n, x, k, d)),
            2 => (0..3u16, 0..6u32, 0..8u8).prop_map(|(n, x, k)| Step::Disarm(n, x, k)),
            1 => (0..3u16, 0..6u32).prop_map(|(n, x)| Step::DisarmAll(n, x)),
            1 => (0..3u16).prop_map(Step::DisarmNode),
            6 => Just(Step::Pop),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// Both implementations and a plain sorted list pop the same sequence.
        #[test]
        fn one_order(steps in proptest::collection::vec(step(), 1..400)) {
            let mut lazy = Queue::new(QueueKind::Lazy, 3);
            let mut keyed = Queue::new(QueueKind::Keyed, 3);
            let mut now = Time::ZERO;
            let mut number = 0u32;
            for step in steps {
                number += 1;
                let mut popped = Vec::new();
                for queue in [&mut lazy, &mut keyed] {
                    match step {
                        Step::Push(d) => queue.push(Time(now.0 + d), number),
                        Step::PushFirst(d) => queue.push_first(Time(now.0 + d), number),
                        Step::Arm(n, x, timer, d) => {
                            let alarm = Alarm { node: NodeId(n), tx: TxId(x), timer };
                            queue.arm(alarm, Time(now.0 + d));
                        }
                        Step::Disarm(n, x, timer) => {
                            let alarm = Alarm { node: NodeId(n), tx: TxId(x), timer };
                            popped.push((u64::from(queue.disarm(alarm)), None));
                        }
                        Step::DisarmAll(n, x) => queue.disarm_all(NodeId(n), TxId(x)),
                        Step::DisarmNode(n) => queue.disarm_node(NodeId(n)),
                        Step::Pop => {
                            let next = next(queue);
                            popped.push((0, next));
                        }
                    }
                }
                if let [one, two] = &popped[..] {
                    prop_assert_eq!(one, two);
                    if let Some((at, ..)) = one.1 {
                        prop_assert!(at >= now);
                        now = at;
                    }
                }
            }
            loop {
                let (one, two) = (next(&mut lazy), next(&mut keyed));
                prop_assert_eq!(&one, &two);
                let Some((at, ..)) = one else { break };
                prop_assert!(at >= now);
                now = at;
            }
        }
    }

    /// The order itself, written down by hand: time first, then faults, then as scheduled.
    #[test]
    fn the_order_is_time_then_faults_then_as_scheduled() {
        for kind in [QueueKind::Lazy, QueueKind::Keyed] {
            let mut queue = Queue::new(kind, 1);
            let alarm = |timer| Alarm { node: NodeId(0), tx: TxId(0), timer };
            queue.push(Time(5), 'a');
            queue.arm(alarm(0), Time(5));
            queue.push(Time(5), 'b');
            queue.push_first(Time(5), 'f');
            queue.push(Time(4), 'c');
            queue.arm(alarm(1), Time(4));
            queue.arm(alarm(1), Time(6));
            queue.arm(alarm(2), Time(1));
            assert!(queue.disarm(alarm(2)));
            assert!(!queue.disarm(alarm(2)));
            let order: Vec<_> =
                core::iter::from_fn(|| next(&mut queue).map(|(.., next)| next)).collect();
            assert_eq!(order, [Ok('c'), Ok('f'), Ok('a'), Err(alarm(0)), Ok('b'), Err(alarm(1)),]);
        }
    }
}

//! Events in order: a short sorted front, and a heap for what comes later.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Moment;

/// How many events the front holds at most, and how many stay when it overflows.
const FRONT_MOST: usize = 48;
const FRONT_KEPT: usize = 24;

/// A priority queue that is a sorted array while few events are pending.
///
/// Every event of the front comes before every event of the heap, so the next one is always the
/// last of the front.
pub(super) struct Pending<E> {
    /// In descending order.
    front: Vec<Item<E>>,
    later: BinaryHeap<Item<E>>,
}

#[derive(Clone, Copy)]
pub(super) struct Item<E> {
    pub(super) moment: Moment,
    pub(super) event: E,
}

impl<E: Copy> Pending<E> {
    pub(super) fn new() -> Pending<E> {
        Pending { front: Vec::with_capacity(FRONT_MOST + 1), later: BinaryHeap::new() }
    }

    #[inline(never)]
    pub(super) fn push(&mut self, moment: Moment, event: E) {
        let item = Item { moment, event };
        if !self.later.is_empty() && self.is_later(moment) {
            self.push_later(item);
            return;
        }
        self.front.push(item);
        // Those that come before it step aside, mostly two or three.
        let mut items = &mut self.front[..];
        while let [.., before, place] = items {
            if before.moment > moment {
                break;
            }
            *place = std::mem::replace(before, item);
            let last = items.len() - 1;
            items = &mut items[..last];
        }
        if self.front.len() > FRONT_MOST {
            self.overflow();
        }
    }

    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<Item<E>> {
        if self.front.is_empty() {
            self.refill();
        }
        self.front.pop()
    }

    #[inline]
    fn is_later(&self, moment: Moment) -> bool {
        self.later.peek().is_some_and(|first| first.moment < moment)
    }

    /// Not compiled into its caller, which then has less to put aside where nothing comes later.
    #[inline(never)]
    fn push_later(&mut self, item: Item<E>) {
        self.later.push(item);
    }

    #[cold]
    #[inline(never)]
    fn overflow(&mut self) {
        self.later.extend(self.front.drain(..FRONT_MOST - FRONT_KEPT));
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        let next = std::iter::from_fn(|| self.later.pop());
        self.front.extend(next.take(FRONT_KEPT));
        self.front.reverse();
    }
}

/// The heap gives the greatest first, so earlier is greater.
impl<E> Ord for Item<E> {
    #[inline]
    fn cmp(&self, other: &Item<E>) -> Ordering {
        other.moment.cmp(&self.moment)
    }
}

impl<E> PartialOrd for Item<E> {
    #[inline]
    fn partial_cmp(&self, other: &Item<E>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Item<E> {
    fn eq(&self, other: &Item<E>) -> bool {
        self.moment == other.moment
    }
}

impl<E> Eq for Item<E> {}

//! Events in order: a short sorted front, and a heap for what comes later.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use commitsim_core::Time;

use super::Moment;

/// How many events the front holds at most, and how many stay when it overflows or is filled.
const FRONT_MOST: usize = 48;
const FRONT_KEPT: usize = 24;

/// A priority queue that is a sorted array while few events are pending.
///
/// Every event of the front comes before every event of the heap, so the next one is always the
/// last of the front.
pub(super) struct Pending<E> {
    /// In descending order, as many as are `used`.
    front: Box<[Item<E>; FRONT_MOST]>,
    used: usize,
    later: BinaryHeap<Item<E>>,
}

#[derive(Clone, Copy)]
pub(super) struct Item<E> {
    pub(super) moment: Moment,
    pub(super) event: E,
}

impl<E: Copy + Default> Pending<E> {
    pub(super) fn new() -> Pending<E> {
        let nothing = Item { moment: Moment::new(Time::ZERO, 0), event: E::default() };
        Pending { front: Box::new([nothing; FRONT_MOST]), used: 0, later: BinaryHeap::new() }
    }

    #[inline(never)]
    pub(super) fn push(&mut self, moment: Moment, event: E) {
        let item = Item { moment, event };
        if self.later.is_empty() && self.used < FRONT_MOST {
            self.push_near(item);
        } else {
            self.push_among_many(item);
        }
    }

    #[inline(always)]
    fn push_near(&mut self, item: Item<E>) {
        let mut places = &mut self.front[..=self.used];
        self.used += 1;
        // Those that come before it step aside, mostly two or three.
        while let [.., before, place] = places {
            if before.moment > item.moment {
                break;
            }
            *place = *before;
            let free = places.len() - 1;
            places = &mut places[..free];
        }
        if let Some(place) = places.last_mut() {
            *place = item;
        }
    }

    /// Not compiled into its caller, which then has less to put aside.
    #[inline(never)]
    fn push_among_many(&mut self, item: Item<E>) {
        if self.used == FRONT_MOST {
            self.overflow();
        }
        if self.later.peek().is_some_and(|first| first.moment < item.moment) {
            self.later.push(item);
        } else {
            self.push_near(item);
        }
    }

    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<Item<E>> {
        if self.used == 0 {
            self.refill();
        }
        self.used = self.used.checked_sub(1)?;
        Some(self.front[self.used])
    }

    #[cold]
    #[inline(never)]
    fn overflow(&mut self) {
        let leave = FRONT_MOST - FRONT_KEPT;
        self.later.extend(&self.front[..leave]);
        self.front.copy_within(leave.., 0);
        self.used = FRONT_KEPT;
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        while self.used < FRONT_KEPT
            && let Some(item) = self.later.pop()
        {
            self.front[self.used] = item;
            self.used += 1;
        }
        self.front[..self.used].reverse();
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

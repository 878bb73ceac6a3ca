//! Simulated time: integer nanoseconds, never a wall clock.

use core::ops::{Add, Sub};

/// An instant, in nanoseconds since the run began. 64 bits last for 584 years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Time(pub u64);

/// A duration in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(pub u64);

impl Time {
    /// The beginning of a run.
    pub const ZERO: Time = Time(0);
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// `count` milliseconds.
    #[must_use]
    pub const fn from_millis(count: u64) -> Span {
        Span(count * 1_000_000)
    }

    /// `count` microseconds.
    #[must_use]
    pub const fn from_micros(count: u64) -> Span {
        Span(count * 1_000)
    }

    /// Both spans one after the other; stays at the greatest span where the sum would not fit.
    #[must_use]
    pub fn plus(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

/// An instant that is too late to be represented is the last instant there is: no run gets there,
/// because a run ends at its horizon.
impl Add<Span> for Time {
    type Output = Time;

    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

/// The time from `earlier` to `self`; zero where `earlier` is the later one.
impl Sub<Time> for Time {
    type Output = Span;

    fn sub(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

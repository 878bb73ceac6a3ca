//! How long timers wait.

use crate::Span;

/// An exact factor of at least one, by which a wait grows at each repeat.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Factor {
    numerator: u32,
    denominator: u32,
}

impl Factor {
    /// The factor two.
    pub const TWO: Factor = Factor { numerator: 2, denominator: 1 };

    /// `numerator / denominator`; none where that is below one or not a number.
    #[must_use]
    pub fn new(numerator: u32, denominator: u32) -> Option<Factor> {
        (denominator > 0 && numerator >= denominator).then_some(Factor { numerator, denominator })
    }

    /// The span multiplied, rounded down; the greatest span where the product would not fit.
    #[must_use]
    pub fn times(self, span: Span) -> Span {
        let grown = u128::from(span.0) * u128::from(self.numerator) / u128::from(self.denominator);
        Span(u64::try_from(grown).unwrap_or(u64::MAX))
    }
}

/// How long a node waits before it does something about silence.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Patience {
    /// How long a decider waits for votes.
    pub votes: Span,
    /// How long a node in doubt waits before it starts to ask.
    pub decision: Span,
    /// The interval after which decisions, questions and repeats are sent again.
    pub acks: Span,
    /// What each repeat multiplies the wait by.
    pub backoff: Factor,
    /// The greatest wait that growth leads to. A first wait above it is legal and then stays.
    pub max: Span,
}

impl Patience {
    /// The wait before something is said the next time that was said `said` times again; counts
    /// for as long as the wait grows, because who counts on differs from its past self in nothing
    /// but the count, and an exhaustive search would tell the two apart.
    pub fn before_repeat(&self, said: &mut u8) -> Span {
        let wait = self.grown(self.acks, *said);
        if wait < self.max.max(self.acks) {
            *said = said.saturating_add(1);
        }
        wait
    }

    /// The wait after `repeats` repeats of something whose first wait is `first`.
    #[must_use]
    pub fn grown(&self, first: Span, repeats: u8) -> Span {
        let ceiling = self.max.max(first);
        let mut wait = first;
        for _ in 0..repeats {
            if wait == ceiling {
                break;
            }
            wait = self.backoff.times(wait).min(ceiling);
        }
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patience(backoff: Factor, max: Span) -> Patience {
        let first = Span(100);
        Patience { votes: first, decision: first, acks: first, backoff, max }
    }

    #[test]
    fn waits_grow_up_to_the_maximum() {
        let patience = patience(Factor::new(3, 2).unwrap(), Span(300));
        let waits: [u64; 5] = core::array::from_fn(|n| patience.grown(Span(100), n as u8).0);
        assert_eq!(waits, [100, 150, 225, 300, 300]);
    }

    #[test]
    fn a_first_wait_above_the_maximum_stays() {
        assert_eq!(patience(Factor::TWO, Span(10)).grown(Span(100), 9), Span(100));
    }

    #[test]
    fn factors_below_one_do_not_exist() {
        assert_eq!(Factor::new(1, 2), None);
        assert_eq!(Factor::new(1, 0), None);
        assert_eq!(Factor::TWO.times(Span(u64::MAX)), Span(u64::MAX));
    }
}

//! From uniform words to unbiased choices.

use crate::Ratio;
use core::ops::RangeInclusive;

/// A source of uniform 64-bit words, and the choices that can be made with them.
///
/// All choices are unbiased and exact. A choice with a certain outcome (a range of one value, a
/// ratio of zero or one) draws no word; any other draws one, and very rarely more.
pub trait Bits {
    /// The next word; all 2^64 values are equally likely.
    fn bits(&mut self) -> u64;

    /// A number of the closed range, all equally likely.
    ///
    /// # Panics
    ///
    /// If the range is empty, that is, if it ends before it starts.
    #[inline(always)]
    fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (low, high) = range.into_inner();
        assert!(low <= high, "cannot draw from the empty range {low}..={high}");
        match (high - low).checked_add(1) {
            Some(count) => low + below(self, count),
            None => self.bits(),
        }
    }

    /// True with exactly the probability `ratio`.
    ///
    /// The same word serves all ratios of one denominator alike: where a smaller ratio happens, a
    /// larger one does too. Raising a loss rate thus adds losses to those there were.
    #[inline]
    fn happens(&mut self, ratio: Ratio) -> bool {
        if ratio.is_zero() || ratio.is_one() {
            return ratio.is_one();
        }
        below(self, ratio.denominator()) < ratio.numerator()
    }

    /// One of the items, all equally likely, or nothing if there are none.
    fn choose<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let last = items.len().checked_sub(1)?;
        items.get(self.within(0..=last as u64) as usize)
    }

    /// Puts the items into an order, all orders equally likely.
    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let chosen = self.within(0..=last as u64) as usize;
            items.swap(last, chosen);
        }
    }
}

/// A number below `count`, which is positive, all equally likely.
///
/// The upper half of word times count is the answer. Of the 2^64 words some answers would get one
/// more than others; the words in excess are recognised by the lower half and drawn again.
#[inline(always)]
fn below<B: Bits + ?Sized>(bits: &mut B, count: u64) -> u64 {
    debug_assert!(count > 0, "there is no number below zero");
    if count == 1 {
        return 0;
    }
    let mut product = u128::from(bits.bits()) * u128::from(count);
    // The excess is less than `count`; testing that first nearly always saves the division.
    if (product as u64) < count {
        product = settled(bits, count, product);
    }
    (product >> 64) as u64
}

/// The first product from this one on that is not in excess.
#[cold]
fn settled<B: Bits + ?Sized>(bits: &mut B, count: u64, mut product: u128) -> u128 {
    let excess = count.wrapping_neg() % count;
    while (product as u64) < excess {
        product = u128::from(bits.bits()) * u128::from(count);
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    /// Yields the given words and panics when asked for more.
    struct Script(Vec<u64>);

    impl Bits for Script {
        fn bits(&mut self) -> u64 {
            self.0.remove(0)
        }
    }

    #[test]
    fn certain_outcomes_draw_nothing() {
        let mut none = Script(vec![]);
        assert_eq!(none.within(9..=9), 9);
        assert!(!none.happens(Ratio::ZERO));
        assert!(none.happens(Ratio::ONE));
        assert_eq!(none.choose(&["only"]), Some(&"only"));
        assert_eq!(none.choose::<u8>(&[]), None);
        none.shuffle(&mut [1]);
        none.shuffle::<u8>(&mut []);
    }

    #[test]
    fn a_range_reaches_both_ends() {
        assert_eq!(Script(vec![1 << 62]).within(5..=8), 6);
        assert_eq!(Script(vec![0]).within(5..=8), 5);
        assert_eq!(Script(vec![u64::MAX]).within(5..=8), 8);
        assert_eq!(Script(vec![u64::MAX]).within(0..=u64::MAX), u64::MAX);
        assert_eq!(Script(vec![u64::MAX]).within(1..=u64::MAX), u64::MAX);
    }

    #[test]
    fn words_in_excess_are_drawn_again() {
        // For three values the one word in excess is zero.
        assert_eq!(Script(vec![0, u64::MAX]).within(0..=2), 2);
        assert_eq!(Script(vec![1]).within(0..=2), 0);
    }

    #[test]
    #[should_panic(expected = "empty range 2..=1")]
    #[expect(clippy::reversed_empty_ranges, reason = "the subject of the test")]
    fn an_empty_range_is_refused() {
        Script(vec![]).within(2..=1);
    }

    #[test]
    fn a_ratio_is_met_to_the_word() {
        let half = Ratio::new(1, 2).unwrap();
        assert!(Script(vec![(1 << 63) - 1]).happens(half));
        assert!(!Script(vec![1 << 63]).happens(half));
    }
}

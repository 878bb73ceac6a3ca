//! Randomness for decisions that belong to an identifiable event.

use crate::{Bits, Purpose, Seed, Stream};

/// The randomness of one purpose in one run, addressed by identity instead of order.
///
/// There is no state: a draw is a pure function of the run, the purpose and three numbers that
/// name an event, say sender, receiver and how many messages went that way before. Leaving one
/// event out therefore leaves the draws of all others as they were. Number causes rather than
/// effects (sends, not deliveries), or losing a message renumbers its successors.
///
/// The key is the first three words of the purpose's [`Stream`]; use a purpose in one of the two
/// ways, not in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keyed {
    first: u64,
    second: u64,
    third: u64,
}

/// The words that belong to one event: as many as are asked for, the first usually enough.
///
/// A copy starts from the same place and yields the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    state: u64,
    key: u64,
}

impl Keyed {
    /// The keyed randomness of `purpose` in the run of `seed`.
    #[must_use]
    pub fn new(seed: Seed, purpose: Purpose) -> Self {
        let mut stream = Stream::new(seed, purpose);
        Self { first: stream.bits(), second: stream.bits(), third: stream.bits() }
    }

    /// The words of the event named by `a`, `b` and `n`; every value of each is valid.
    ///
    /// By convention `a` and `b` say where (from, to) and `n` says which one, from 0 or 1 on.
    #[inline]
    #[must_use]
    pub fn draw(&self, a: u64, b: u64, n: u64) -> Draw {
        let place = fold(a ^ self.first, b ^ self.second);
        Draw { state: place.wrapping_add(n.wrapping_mul(EVENT_STEP)), key: self.third }
    }
}

impl Bits for Draw {
    #[inline]
    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(WORD_STEP);
        // Without this step the uppermost bits of the state, which the product carries nowhere,
        // would reach few bits of the word.
        let spread = self.state ^ (self.state >> 32);
        fold(spread.wrapping_mul(WORD_FACTOR), spread ^ self.key)
    }
}

/// How far apart in state two successive events of one place are.
///
/// The two steps are unrelated odd numbers: no small number of words leads from one event's words
/// into those of a neighbour. All three constants are digits of square roots: of 2, 3 and 5.
const EVENT_STEP: u64 = 0x6a09_e667_f3bc_c909;
/// How far apart in state two successive words of one event are.
const WORD_STEP: u64 = 0xbb67_ae85_84ca_a73b;
/// Makes the two factors of a word's product unlike each other.
const WORD_FACTOR: u64 = 0x3c6e_f372_fe94_f82b;

/// Both halves of the full product, the one laid over the other.
///
/// In the lower half every bit depends on the lower bits of both factors, in the upper half on
/// the upper ones; together one multiplication brings nearly every bit to bear on all.
#[inline]
fn fold(x: u64, y: u64) -> u64 {
    let product = u128::from(x) * u128::from(y);
    (product as u64) ^ ((product >> 64) as u64)
}

//! Randomness for decisions taken one after another.

use crate::{Bits, Purpose, Seed};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The sequence of words of one purpose in one run.
///
/// It is the `ChaCha8` key stream whose key is the seed (8 bytes, little-endian) followed by the
/// 24 bytes `commitsim random words 1`, whose stream number is the purpose and whose block
/// counter starts at zero; each word takes 8 bytes of it, little-endian.
///
/// A stream occupies some 300 bytes and is not cheap to start: hold one per purpose, and use
/// [`Keyed`](crate::Keyed) for anything that exists per link, node or message.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
}

impl Stream {
    /// The stream of `purpose` in the run of `seed`, at its first word.
    #[must_use]
    pub fn new(seed: Seed, purpose: Purpose) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.0.to_le_bytes());
        key[8..].copy_from_slice(KEY_TAIL);
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(purpose as u64);
        Self { generator }
    }

    /// How many words were drawn so far.
    #[must_use]
    pub fn position(&self) -> u64 {
        // The generator counts 32-bit words. A run never draws 2^64 of them.
        (self.generator.get_word_pos() / 2) as u64
    }
}

impl Bits for Stream {
    #[inline]
    fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }
}

/// Fills the key behind the seed. A later meaning of seeds would count its last digit up.
const KEY_TAIL: &[u8; 24] = b"commitsim random words 1";

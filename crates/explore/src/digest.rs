//! Fingerprints of worlds.

use std::hash::{Hash, Hasher};

/// The fingerprint of a value, the same in every process. Among a hundred million different
/// worlds the chance that two share one is below 10⁻²²; a search that met one would take the
/// second world for the first.
pub(crate) fn digest(value: &impl Hash) -> u128 {
    let mut state = Digest::new();
    value.hash(&mut state);
    state.whole()
}

/// Two lanes of folded multiplications by odd constants from the digits of π.
pub(crate) struct Digest {
    one: u64,
    other: u64,
}

impl Digest {
    pub(crate) const fn new() -> Digest {
        Digest { one: 0x243f_6a88_85a3_08d3, other: 0x1319_8a2e_0370_7344 }
    }

    /// The fingerprint of all that was written.
    pub(crate) fn whole(&self) -> u128 {
        (u128::from(self.one) << 64) | u128::from(self.other)
    }
}

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.write_u64(u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
        }
        let mut last = [0; 8];
        last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
        self.write_u64(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.one = fold(self.one ^ value, 0xa409_3822_299f_31d1) ^ self.one.rotate_left(23);
        self.other = fold(self.other.wrapping_add(value), 0x082e_fa98_ec4e_6c89)
            .wrapping_add(self.other.rotate_left(41) ^ value);
    }

    fn write_u128(&mut self, value: u128) {
        self.write_u64(value as u64);
        self.write_u64((value >> 64) as u64);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as u64);
    }

    fn finish(&self) -> u64 {
        self.one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_values_have_different_fingerprints() {
        let mut seen: Vec<u128> = (0u64..200_000).map(|n| digest(&n)).collect();
        seen.extend((0u32..400).flat_map(|a| (0u8..=250).map(move |b| digest(&(a, b, a)))));
        seen.extend((0..2_000).map(|n| digest(&vec![n % 7; n])));
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }
}

//! The worlds that a search has met: 24 bytes each, and a slot to find it.

/// Fingerprints by the order in which they were met, each with how it was reached.
pub(crate) struct Visited {
    met: Vec<Met>,
    /// Open addressing: one more than a place in `met`; zero where a slot is empty.
    slots: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Met {
    /// The fingerprint in halves, because a whole one would leave a gap behind the numbers.
    digest: [u64; 2],
    /// From which world, by its place.
    from: u32,
    /// By which of the choices there.
    choice: u32,
}

impl Visited {
    pub(crate) fn new() -> Visited {
        Visited { met: Vec::new(), slots: vec![0; 1 << 10] }
    }

    pub(crate) fn len(&self) -> usize {
        self.met.len()
    }

    /// How much memory it holds, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.met.capacity() * size_of::<Met>() + self.slots.capacity() * size_of::<u32>()
    }

    pub(crate) fn contains(&self, digest: u128) -> bool {
        self.slots[self.slot(digest)] != 0
    }

    /// Notes a world, and returns its place if it is new.
    pub(crate) fn insert(&mut self, digest: u128, from: u32, choice: u32) -> Option<u32> {
        let slot = self.slot(digest);
        if self.slots[slot] != 0 {
            return None;
        }
        let place = u32::try_from(self.met.len()).ok()?;
        self.met.push(Met { digest: halves(digest), from, choice });
        self.slots[slot] = place + 1;
        if self.met.len() * 3 > self.slots.len() * 2 {
            self.grow();
        }
        Some(place)
    }

    /// From where, and by which choice there, the world at `place` was reached.
    pub(crate) fn origin(&self, place: u32) -> (u32, u32) {
        let Met { from, choice, .. } = self.met[place as usize];
        (from, choice)
    }

    fn slot(&self, digest: u128) -> usize {
        let mask = self.slots.len() - 1;
        let digest = halves(digest);
        let mut slot = digest[0] as usize & mask;
        while let Some(place) = self.slots[slot].checked_sub(1) {
            if self.met[place as usize].digest == digest {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![0; self.slots.len() * 2];
        for (place, met) in (1..).zip(&self.met) {
            let mask = self.slots.len() - 1;
            let mut slot = met.digest[0] as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = place;
        }
    }
}

fn halves(digest: u128) -> [u64; 2] {
    [digest as u64, (digest >> 64) as u64]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::digest;

    #[test]
    fn worlds_are_met_once_and_the_way_to_them_is_kept() {
        let mut visited = Visited::new();
        assert_eq!(visited.insert(digest(&0), 0, 0), Some(0));
        for n in 1..10_000u32 {
            assert_eq!(visited.insert(digest(&n), n / 2, n % 2), Some(n));
            assert_eq!(visited.insert(digest(&n), 7, 7), None);
        }
        assert_eq!(visited.len(), 10_000);
        assert!((0..10_000).all(|n: u32| n == 0 || visited.contains(digest(&n))));
        assert!(!visited.contains(digest(&10_000u32)));
        assert_eq!(visited.origin(0b1101), (0b110, 1));
    }
}

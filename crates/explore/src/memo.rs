//! A table from keys of 128 bits to small values, for what is looked up all the time.

/// Values by key. No key may be zero. The order in which a table holds them is never seen.
pub(crate) struct Memo<V> {
    /// Open addressing; zero where a slot is empty.
    keys: Vec<u128>,
    values: Vec<V>,
    used: usize,
}

impl<V: Copy + Default> Memo<V> {
    pub(crate) fn new() -> Memo<V> {
        let slots = 1 << 8;
        Memo { keys: vec![0; slots], values: vec![V::default(); slots], used: 0 }
    }

    pub(crate) fn get(&self, key: u128) -> Option<V> {
        let slot = self.slot(key);
        (self.keys[slot] != 0).then(|| self.values[slot])
    }

    /// Notes a value; says whether there was none of that key, which otherwise stays as it is.
    pub(crate) fn insert(&mut self, key: u128, value: V) -> bool {
        debug_assert!(key != 0, "zero is no key");
        let slot = self.slot(key);
        if self.keys[slot] != 0 {
            return false;
        }
        (self.keys[slot], self.values[slot]) = (key, value);
        self.used += 1;
        if self.used * 3 > self.keys.len() * 2 {
            self.grow();
        }
        true
    }

    /// Notes a value in place of the one of that key, which is returned.
    pub(crate) fn replace(&mut self, key: u128, value: V) -> Option<V> {
        let before = self.get(key);
        if before.is_none() {
            self.insert(key, value);
        } else {
            let slot = self.slot(key);
            self.values[slot] = value;
        }
        before
    }

    /// How much memory it holds, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.keys.capacity() * size_of::<u128>() + self.values.capacity() * size_of::<V>()
    }

    fn slot(&self, key: u128) -> usize {
        let mask = self.keys.len() - 1;
        let mixed = ((key as u64) ^ ((key >> 64) as u64).rotate_left(29)) as u128;
        let mixed = mixed * 0x9e37_79b9_7f4a_7c15;
        let mut slot = (mixed ^ (mixed >> 64)) as usize & mask;
        while self.keys[slot] != 0 && self.keys[slot] != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let size = self.keys.len() * 2;
        let keys = std::mem::replace(&mut self.keys, vec![0; size]);
        let values = std::mem::replace(&mut self.values, vec![V::default(); size]);
        for (key, value) in keys.into_iter().zip(values).filter(|(key, _)| *key != 0) {
            let slot = self.slot(key);
            (self.keys[slot], self.values[slot]) = (key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_first_is_found() {
        let mut memo = Memo::new();
        for n in 1..20_000u32 {
            let key = (u128::from(n % 7) << 96) | u128::from(n);
            assert!(memo.insert(key, n));
            assert!(!memo.insert(key, 0));
        }
        for n in 1..20_000u32 {
            let key = (u128::from(n % 7) << 96) | u128::from(n);
            assert_eq!(memo.get(key), Some(n));
            assert_eq!(memo.replace(key, n + 1), Some(n));
            assert_eq!(memo.get(key), Some(n + 1));
            assert_eq!(memo.get(key | 1 << 127), None);
        }
    }
}

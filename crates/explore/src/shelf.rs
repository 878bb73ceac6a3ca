//! Values that many worlds have in common, kept once and known by number.

use std::sync::{Arc, PoisonError, RwLock};

use crate::memo::Memo;

/// Different values, numbered in the order in which they were met. The order depends on who is
/// quicker where several search, so nothing but memory may depend on a number.
pub(crate) struct Shelf<T>(RwLock<Kept<T>>);

struct Kept<T> {
    values: Vec<Arc<T>>,
    /// Numbers by fingerprint.
    numbers: Memo<u32>,
}

impl<T> Shelf<T> {
    pub(crate) fn new() -> Shelf<T> {
        Shelf(RwLock::new(Kept { values: Vec::new(), numbers: Memo::new() }))
    }

    /// The number of the value with this fingerprint.
    pub(crate) fn number(&self, digest: u128, value: T) -> u32 {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = kept.numbers.get(digest) {
            return number;
        }
        let number = u32::try_from(kept.values.len()).expect("memory ends long before");
        kept.values.push(Arc::new(value));
        kept.numbers.insert(digest, number);
        number
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values.len()
    }

    /// Completes a copy of the list.
    pub(crate) fn refresh(&self, copy: &mut Vec<Arc<T>>) {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        copy.extend(kept.values[copy.len()..].iter().cloned());
    }
}

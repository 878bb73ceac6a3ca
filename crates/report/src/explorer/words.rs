//! The texts of a page, each kept once: most of what is said about a run is said many times.

use std::collections::BTreeMap;

/// Texts by number.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: BTreeMap<String, u32>,
}

impl Words {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).expect("fewer texts than observations");
        self.numbers.insert(text.to_string(), number);
        number
    }

    /// All texts, in the order of their numbers.
    pub(super) fn all(&self) -> Vec<&str> {
        let mut all: Vec<(u32, &str)> =
            self.numbers.iter().map(|(text, number)| (*number, text.as_str())).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, text)| text).collect()
    }
}

//! Which part of a sweep this process runs.

use std::fmt;
use std::str::FromStr;

/// The i-th of n parts: the jobs whose number leaves the remainder i.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shard {
    pub(crate) index: u32,
    pub(crate) count: u32,
}

/// More shards than this nobody has machines for.
pub(crate) const MOST: u32 = 9_999;

impl Shard {
    /// All of it.
    pub(crate) const WHOLE: Shard = Shard { index: 0, count: 1 };

    /// Its jobs among so many.
    pub(crate) fn jobs(self, all: u64) -> impl Iterator<Item = u64> {
        (u64::from(self.index)..all).step_by(self.count as usize)
    }

    /// What its file is called, without an extension.
    pub(crate) fn name(self) -> String {
        format!("shard-{:04}-of-{:04}", self.index, self.count)
    }

    /// Reads such a name.
    pub(crate) fn named(name: &str) -> Option<Shard> {
        let (index, count) = name.strip_prefix("shard-")?.split_once("-of-")?;
        let shard = Shard { index: index.parse().ok()?, count: count.parse().ok()? };
        (shard.name() == name && shard.index < shard.count).then_some(shard)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(index, count)| {
            Some(Shard { index: index.parse().ok()?, count: count.parse().ok()? })
        });
        let fits = |shard: &Shard| shard.index < shard.count && shard.count <= MOST;
        parts
            .filter(fits)
            .ok_or_else(|| format!("write I/N with I from 0 to N-1 and N up to {MOST}, as in 0/4"))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_in_one_shard() {
        for count in [1, 2, 7, 16] {
            let mut all: Vec<u64> =
                (0..count).flat_map(|index| Shard { index, count }.jobs(30)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..30).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn shards_are_read_as_they_are_written() {
        let shard = Shard { index: 3, count: 16 };
        assert_eq!(Shard::named(&shard.name()), Some(shard));
        assert_eq!(shard.to_string().parse(), Ok(shard));
        for wrong in ["", "1", "1/1", "-1/2", "0/0", "1/10000", "a/b", "0/2/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
        for wrong in ["shard-3-of-16", "shard-0016-of-0016", "x", "shard-0001-of-0002.jsonl"] {
            assert_eq!(Shard::named(wrong), None, "{wrong}");
        }
    }
}

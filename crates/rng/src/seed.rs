//! The two names of a random decision: which run, and what for.

use core::fmt;
use core::str::FromStr;

/// The one number from which all randomness of a run follows.
///
/// Its text is a decimal `u64`, or the 40 hex digits of a commit id, of which the first 16 count:
/// a nightly run seeded by the commit under test needs no other record of its seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seed(
    /// The number itself; every value is valid.
    pub u64,
);

/// What a random decision is for; every purpose has randomness of its own.
///
/// The values are part of the meaning of a seed: they are never changed and never reused, also
/// not when a purpose is retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u64)]
pub enum Purpose {
    /// When transactions arrive and what they touch.
    Workload = 1,
    /// How participants vote.
    Votes = 2,
    /// Which nodes are linked, where that is left to chance.
    Topology = 3,
    /// Which faults strike, where and when.
    FaultPlan = 4,
    /// Whether the network loses a message.
    Loss = 5,
    /// How long a message travels.
    Latency = 6,
    /// Whether the network delivers a message twice.
    Duplication = 7,
    /// How long a forced write takes.
    DiskForce = 8,
    /// How much of an unforced log tail survives a crash.
    DiskTail = 9,
    /// Which features a swarm run switches on.
    Swarm = 10,
    /// Which branch a sampling explorer takes.
    Exploration = 11,
    /// How long the local work before a vote takes.
    Work = 12,
    /// How much a storm delays what it touches.
    Delay = 13,
    /// Who takes part in a transaction and who coordinates it.
    Cast = 14,
    /// Which items transactions touch, and what they do to them.
    Keys = 15,
}

/// Why a text is no [`Seed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeedError {
    /// The text is empty.
    Empty,
    /// The text is neither all decimal digits nor exactly 40 hex digits.
    Malformed,
    /// The decimal number exceeds `u64::MAX`.
    TooLarge,
}

/// How many hex digits a commit id has.
const COMMIT_DIGITS: usize = 40;
/// How many of them make a seed: as many as fit into 64 bits.
const SEED_DIGITS: usize = 16;

impl FromStr for Seed {
    type Err = SeedError;

    /// Reads a decimal `u64` or a commit id; signs and surrounding blanks are refused.
    fn from_str(text: &str) -> Result<Self, SeedError> {
        // A commit id may happen to hold decimal digits only; 40 of them are never a `u64` that
        // somebody typed, hence the order of the two readings.
        if text.len() == COMMIT_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return u64::from_str_radix(&text[..SEED_DIGITS], 16)
                .map(Seed)
                .map_err(|_| SeedError::Malformed);
        }
        if text.is_empty() {
            return Err(SeedError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SeedError::Malformed);
        }
        text.parse().map(Seed).map_err(|_| SeedError::TooLarge)
    }
}

impl fmt::Display for Seed {
    /// Writes the number in decimal, whatever form it was read from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the seed is empty",
            Self::Malformed => "the seed is neither decimal digits nor a commit id",
            Self::TooLarge => "the seed is too large",
        })?;
        let most = u64::MAX;
        write!(f, "; give a number from 0 to {most}, or the 40 hex digits of a commit id")
    }
}

impl core::error::Error for SeedError {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn reads_decimal_numbers() {
        assert_eq!("0".parse(), Ok(Seed(0)));
        assert_eq!("007".parse(), Ok(Seed(7)));
        assert_eq!("18446744073709551615".parse(), Ok(Seed(u64::MAX)));
        assert_eq!(Seed(u64::MAX).to_string().parse(), Ok(Seed(u64::MAX)));
    }

    #[test]
    fn reads_commit_ids() {
        let id = "00ff00FF12345678aaaaaaaaaaaaaaaaaaaaaaaa";
        assert_eq!(id.parse(), Ok(Seed(0x00ff_00ff_1234_5678)));
        assert_eq!("1".repeat(40).parse(), Ok(Seed(0x1111_1111_1111_1111)));
    }

    #[test]
    fn refuses_everything_else() {
        let cases = [
            ("", SeedError::Empty),
            ("18446744073709551616", SeedError::TooLarge),
            ("+1", SeedError::Malformed),
            ("-1", SeedError::Malformed),
            (" 1", SeedError::Malformed),
            ("0x10", SeedError::Malformed),
            ("1.5", SeedError::Malformed),
            ("deadbeef", SeedError::Malformed),
            ("é", SeedError::Malformed),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<Seed>(), Err(error), "{text:?}");
        }
        assert_eq!("a".repeat(39).parse::<Seed>(), Err(SeedError::Malformed));
        assert_eq!("g".repeat(40).parse::<Seed>(), Err(SeedError::Malformed));
        assert_eq!("é".repeat(20).parse::<Seed>(), Err(SeedError::Malformed));
        assert!(SeedError::TooLarge.to_string().contains("18446744073709551615"));
    }
}

//! Statistics that assume nothing: order statistics with exact intervals, rates, and differences
//! between runs that had the same luck.
//!
//! Everything that is given out is a whole number or one of the numbers that were put in. Inside,
//! floating point is used for probabilities alone, and of its operations only those that IEEE 754
//! rounds exactly (+, −, ×, ÷ and the square root), so that every machine gives the same answer.

mod binomial;
mod level;
mod paired;
mod rate;
mod sample;

pub use binomial::{Ranks, least_count, ranks};
pub use level::Level;
pub use paired::{Gap, Paired};
pub use rate::Rate;
pub use sample::{Bounds, Reached, Sample};

/// The share of all intervals that miss what they are an interval for, on each of the two sides:
/// intervals hold with 95 %.
pub(crate) const TAIL: f64 = 0.025;

//! Randomness for commitsim: where every random decision of a run comes from.
//!
//! A run has one [`Seed`]. Each kind of decision has a [`Purpose`] and with it randomness of its
//! own, so that adding, removing or disabling one kind leaves every other kind as it was:
//!
//! - [`Stream`] serves decisions taken one after another, such as laying out a workload;
//! - [`Keyed`] serves decisions that belong to an identifiable event, such as the loss of the
//!   n-th message from a to b. A keyed draw depends on the identity alone, not on the order.
//!
//! Both yield uniform 64-bit words ([`Bits`]); [`Ratio`] and [`Shape`] turn words into outcomes.
//! Everything is integer arithmetic over committed tables, so that one seed means the same run on
//! every machine. Any change of a drawn value is a breaking change; the tests pin the values.
#![no_std]
#![deny(clippy::float_arithmetic)]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod bits;
mod fixed;
mod keyed;
mod ranks;
mod ratio;
mod seed;
mod shape;
mod stream;
mod tables;

pub use bits::Bits;
pub use keyed::{Draw, Keyed};
pub use ranks::Ranks;
pub use ratio::{Ratio, RatioError};
pub use seed::{Purpose, Seed, SeedError};
pub use shape::{Parameters, Shape, ShapeError};
pub use stream::Stream;

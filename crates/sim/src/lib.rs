//! The discrete-event simulator.
#![deny(clippy::float_arithmetic)]

mod record;
mod setup;

pub use record::*;
pub use setup::*;

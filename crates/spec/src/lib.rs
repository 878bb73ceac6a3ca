//! Atomic commitment as an oracle over observations.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod violation;

pub use violation::{Property, Violation};

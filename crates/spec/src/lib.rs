//! Atomic commitment as an oracle over observations.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod case;
mod observation;
mod spec;
mod violation;

pub use observation::{Observation, What};
pub use spec::{Circumstances, Progress, Spec};
pub use violation::{Objection, Property, Violation};

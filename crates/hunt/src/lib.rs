//! The random hunt for violations, and the shrinking of what it finds.
//!
//! A [`Swarm`] draws the faults of a seed as a list, a [`Case`] is a run as plain data, and
//! [`shrink`] makes one small. All of it is a function of its arguments: there are no threads and
//! no files here, and the same seed gives the same finding whoever asks.
#![deny(clippy::float_arithmetic)]

mod case;
mod deletion;
mod draws;
mod explicit;
mod family;
mod look;
mod plain;
mod search;
mod shrink;
mod simpler;
mod swarm;
mod without;

pub use case::{Case, Found, found, kind_of};
pub use family::{Family, Kind};
pub use look::{Look, Shape, Tally, seeds_until_found};
pub use shrink::{Budget, Shrunk, shrink};
pub use swarm::Swarm;

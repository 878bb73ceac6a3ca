//! Protocols that are broken on purpose.
//!
//! A checker that has never objected has never been tested. Each mutant is a switch of one
//! wrapper around the correct protocol, never a copy of it, so that a mutant differs from the
//! protocol in its bug alone. Nobody imports this crate but tests and tools that hunt for bugs.
#![deny(clippy::float_arithmetic)]

mod broken;
mod bug;
mod d2pc;
mod p2pc;
mod planted;
mod table;

pub use broken::{Broken, BrokenConfig};
pub use bug::{Bug, Haste};
pub use d2pc::{D2PC, RaceSlip};
pub use p2pc::{P2PC, PeerSlip};
pub use planted::{Event, Mistake, Plant, Planted, PlantedConfig};
pub use table::{Mutant, all, find};

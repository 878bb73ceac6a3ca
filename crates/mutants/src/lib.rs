//! Protocols that are broken on purpose.
//!
//! A checker that has never objected has never been tested. Each mutant is a switch of one
//! wrapper around the correct protocol, never a copy of it, so that a mutant differs from the
//! protocol in its bug alone. Nobody imports this crate but tests and tools that hunt for bugs.
#![deny(clippy::float_arithmetic)]

mod backup;
mod broken;
mod budgets;
mod bug;
mod d2pc;
pub mod data;
mod decentralized;
mod host;
mod linear;
mod p2pc;
mod planted;
mod roster;
mod t2pc;
mod table;
mod three_phase;
mod watchdog;

pub use backup::{BACKUPS, BackupSlip};
pub use broken::{Broken, BrokenConfig};
pub use bug::{Bug, Haste};
pub use d2pc::{D2PC, RaceSlip};
pub use decentralized::{DECENTRALIZED, DecentralizedMistake};
pub use host::{HostSlip, LOST_BEGINNING, OLD_SYNC};
pub use linear::{LINEAR, LinearMistake};
pub use p2pc::{P2PC, PeerSlip};
pub use planted::{Event, Mistake, Plant, Planted, PlantedConfig};
pub use roster::{Budget, Specimen, roster};
pub use t2pc::{TREE_PLANTS, TreeMistake, TreePlant};
pub use table::{Mutant, all, find};
pub use three_phase::{THREE_PHASE_PLANTS, ThreePhaseMistake, ThreePhasePlant};
pub use watchdog::{REGISTERS, RegisterSlip};

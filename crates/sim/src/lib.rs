//! The discrete-event simulator: event queue, network, disks, work, faults, trace.
//!
//! A run takes a [`Setup`] and a seed and leaves a [`RunRecord`]. Where setups come from and where
//! records go is not known here; neither is any particular protocol.
#![deny(clippy::float_arithmetic)]

mod acts;
mod books;
mod dealings;
mod diameter;
mod disk;
mod estate;
mod event;
mod faults;
mod formation;
mod holdings;
mod keys;
mod ledger;
mod lives;
mod luck;
mod network;
mod programs;
mod queue;
mod record;
mod run;
mod seen;
mod setup;
mod stages;
mod storm;
mod strike;
mod topology;
mod trace;
mod turnover;
mod words;
mod work;
mod workload;
mod world;

pub use formation::casts;
pub use holdings::Holdings;
pub use keys::{Contention, Keys, Kind};
pub use luck::{Labour, Luck, Passage, Rhythm, Ring};
pub use queue::QueueKind;
pub use record::*;
pub use run::{Keep, Manner, simulate, simulate_over};
pub use setup::*;
pub use trace::Watch;

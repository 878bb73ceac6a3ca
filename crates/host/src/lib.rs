//! One node: the machines of its transactions above one write-ahead log.
//!
//! A host is a crash unit and the only interpreter of a protocol's effects. It is pure: drivers
//! (the simulator, an exhaustive search, a runtime on real sockets) feed it inputs and carry out
//! its acts. Who drives it and when is not known here.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod act;
mod actor;
mod casts;
mod data;
mod host;
mod input;
mod log;
mod share;
mod step;

pub use act::Act;
pub use actor::Actor;
pub use casts::Casts;
pub use data::Data;
pub use host::{Host, Stage};
pub use input::Input;
pub use log::{Entry, Log};

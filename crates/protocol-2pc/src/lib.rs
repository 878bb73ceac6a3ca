//! Two-phase commit: presumed nothing, presumed abort, presumed commit.
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod protocol;
mod words;

pub use about::{ABOUT, Config, OutcomeForce, Presumption, Termination};
pub use protocol::TwoPhase;
pub use words::{Message, Record, Timer};

//! The data under a node: a small, exact resource manager.
//!
//! Items under strict two-phase locks, before- and after-images in the log, undo and redo. A vote
//! is its answer. No commit protocol knows of it, and it knows of none: it is told which
//! transactions exist, what they read and write, and what became of them.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod database;
mod locks;
mod pages;
mod rules;
mod storage;

pub use database::{Answer, Manager, Note, Readiness};
pub use locks::Mode;
pub use pages::{Image, Images};
pub use rules::{Conflict, Refusal, Rules};

//! Two-phase commit with a watchdog as the story tells it: unsafe, the negative example.
//!
//! The protocol is in `protocol.rs`, the words in `words.rs`, what it is called and promises in
//! `about.rs`. Root and participants are those of two-phase commit, presumed nothing; new is who
//! is told of doubts, and the watchdog, where * marks a forced record:
//!
//! | participant | FENCE | `DecisionDue` |
//! |---|---|---|
//! | – | abort, REGISTER no | |
//! | Working | abort, REGISTER no | |
//! | Prepared | REGISTER yes | Inquire: the watchdog, later the root too |
//! | Finishing | REGISTER yes | |
//! | forgotten, lost | | |
//!
//! | watchdog | Inquire | all YES | a NO, or `VotesDue` |
//! |---|---|---|---|
//! | – | FENCE to the participants; Watching | | |
//! | Watching | | COMMIT to them; Reported | ABORT to them; Reported |
//! | Reported | tell who asks | | |
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod protocol;
mod votes;
mod words;

pub use about::{ABOUT, Config};
pub use protocol::NaiveWatchdog;
pub use votes::Votes;
pub use words::{Message, Record, Timer};

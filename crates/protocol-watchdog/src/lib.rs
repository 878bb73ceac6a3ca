//! Two-phase commit with vote registers, which a watchdog may read as well as the root.
//!
//! The protocol is in `protocol.rs`, what a reader of registers knows in `registers.rs`, the words
//! in `words.rs`, what it is called and promises in `about.rs`. What each state does at each input,
//! where * marks a forced record:
//!
//! | root | YES vote | record durable | `VotesDue` | `AcksDue` | FENCE, Inquire |
//! |---|---|---|---|---|---|
//! | Working | prepared*; Preparing | | abort, forget | | |
//! | Preparing | | PREPARE to all; Reading | | | |
//! | Reading | | | FENCE | | REGISTER yes to a fence |
//! | Announcing | | of the outcome: as an ACK | | tell again | tell |
//!
//! | root, further | YES, REGISTER yes | NO, REGISTER no | outcome | ACK |
//! |---|---|---|---|---|
//! | Reading | all: commit; Announcing | Tally, then abort; Announcing | Announcing | |
//! | Announcing | | | | last one: forget |
//!
//! | participant | PREPARE | vote | FENCE | record durable | outcome |
//! |---|---|---|---|---|---|
//! | – | work; Working | | abort*; Refusing | | ABORT: ACK; Told |
//! | Working | | prepared*; Preparing, or NO; Told | abort*; Refusing | | ABORT: ACK; Told |
//! | Preparing | | | note who asks | YES; Prepared | Finishing |
//! | Refusing | | | note who asks | REGISTER no; Told | |
//! | Prepared | | | REGISTER yes | | outcome; Finishing |
//! | Finishing | | | tell | ACK; Told | |
//! | Told | | | tell | | ACK |
//!
//! Besides, `VotesDue` makes a Working participant say NO, and `DecisionDue` makes a Prepared one
//! Inquire, at the root and at the watchdog.
//!
//! | watchdog | a message | all YES | a NO | outcome | `VotesDue`, `AcksDue` | finished |
//! |---|---|---|---|---|---|---|
//! | – | FENCE to all; Watching | | | Reported | | |
//! | Watching | | tell; Reported | Tally, tell; Reported | tell; Reported | FENCE to all | forget |
//! | Reported | tell who asks | | | | FENCE to the root | forget |
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod protocol;
mod registers;
mod words;

pub use about::{ABOUT, Config};
pub use protocol::Watchdog;
pub use registers::Registers;
pub use words::{Holds, Message, Record, Timer};

//! Two-phase commit with backup coordinators, who are told the decision before anybody else.
//!
//! The protocol is in `protocol.rs`, the words in `words.rs`, what it is called and promises in
//! `about.rs`. What each state does at each input, where * marks a forced record:
//!
//! | root | a vote | all YES | a NO, or `VotesDue` | record durable | `AcksDue` |
//! |---|---|---|---|---|---|
//! | Voting | note it | commit*; Deciding | Tally, then abort*; Deciding | | |
//! | Deciding | a NO needs no telling | | | RecordDecision; BackingUp | |
//! | BackingUp | a NO needs no telling | | | | tell; Announcing |
//! | Announcing | | | | | tell again |
//!
//! | root, further | Recorded | ACK | Inquire |
//! |---|---|---|---|
//! | BackingUp | tell; Announcing | | |
//! | Announcing | note it | last one: end, forget | tell |
//!
//! | participant | PREPARE | vote | record durable | COMMIT, ABORT | `VotesDue`, `DecisionDue` |
//! |---|---|---|---|---|---|
//! | – | work; Working | | | close | |
//! | Working | | prepared*; Preparing, or NO | | abort | NO, abort |
//! | Preparing | | | YES; Prepared | outcome*; Finishing | |
//! | Prepared | | | | outcome*; Finishing | Inquire: the root, later the backups too |
//! | Finishing | | | ACK; forget | | |
//!
//! | backup | RecordDecision | record durable | Inquire |
//! |---|---|---|---|
//! | – | outcome*; Recording | | Unknown; Blank |
//! | Blank | outcome*; Recording | | Unknown |
//! | Recording | | Recorded; Told | Unknown |
//! | Told | Recorded | | tell |
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod protocol;
mod votes;
mod words;

pub use about::{ABOUT, Config};
pub use protocol::{BackedUp, Kept, Silent};
pub use votes::Votes;
pub use words::{Message, Record, Timer};

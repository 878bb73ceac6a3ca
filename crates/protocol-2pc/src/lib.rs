//! Two-phase commit: presumed nothing, presumed abort, presumed commit.
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`. What each state does at each input, where * marks a forced record:
//!
//! | root | a vote | all YES | a NO, or `VotesDue` | record durable | ACK | `AcksDue` | Inquire |
//! |---|---|---|---|---|---|---|---|
//! | Collecting | note it | | note it | PREPARE to all; Voting | | | |
//! | Voting | note it | commit*; Deciding | Tally, then abort*; Deciding | | | | |
//! | Deciding | a NO needs no telling | | | tell; Announcing | | | |
//! | Announcing | | | | | last one: end, forget | tell again | tell |
//!
//! | participant | PREPARE | vote | record durable | COMMIT, ABORT | `VotesDue`, `DecisionDue` |
//! |---|---|---|---|---|---|
//! | – | work; Working | | | close | |
//! | Working | | prepared*; Preparing, or NO | | abort | NO, abort |
//! | Preparing | | | YES; Prepared | outcome*; Finishing | |
//! | Prepared | | | | outcome*; Finishing | Inquire |
//! | Finishing | | | ACK; forget | | |
//! | Told | | | | ACK | |
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod protocol;
mod votes;
mod words;

pub use about::{ABOUT, Config, OutcomeForce, Presumption, Termination};
pub use protocol::TwoPhase;
pub use votes::Votes;
pub use words::{Message, Record, Timer};

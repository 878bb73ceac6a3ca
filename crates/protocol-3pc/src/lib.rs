//!
//! The phases are in `protocol.rs` and, what a participant does, in `participant.rs`; what ends a
//! doubt, and the negative example, in `termination.rs`. What each state does at each input, where
//! a star marks a forced record; every state that waits for a message has one alarm:
//!
//! | coordinator | a vote, all YES | record durable | PRE-ACK, all | its alarm | STATE-REQ |
//! |---|---|---|---|---|---|
//! | Voting | note, precommit*; Proposing | | | abort*; Deciding | abort*; Deciding |
//! | Proposing | | PRE-COMMIT; Gathering | | | Waiting |
//! | Gathering | | | commit*; Deciding | commit*; Deciding | report; Waiting |
//! | Collecting | | | TR1 to TR4 (reports) | TR3, TR4 | report; Waiting |
//! | Deciding | | tell; Announcing, or Told | | | report |
//! | Announcing | | | last ACK: end, forget | tell again | report |
//!
//! | participant | PREPARE, vote | PRE-COMMIT | outcome | record durable | its alarm | STATE-REQ |
//! |---|---|---|---|---|---|---|
//! | – | work; Working | | close | | | abort, report; Told |
//! | Working | prepared*; Preparing, or NO | | abort; Told | | NO, abort | NO, report; Told |
//! | Preparing | | | Finishing | YES; Waiting | | NO, report; Told |
//! | Waiting | | precommit* | Finishing | PRE-ACK | lead; Collecting | report |
//! | Finishing | | | | ACK; Told | | report |
//! | Told | | outcome | ACK | | | report |
//! | Asking | | | Finishing | | Inquire | silence |
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod participant;
mod protocol;
mod termination;
mod votes;
mod words;

pub use about::{ABOUT, Config, Termination};
pub use protocol::{Doubt, Stands, ThreePhase};
pub use termination::{Back, Reports};
pub use votes::Votes;
pub use words::{Epoch, Message, Record, State, Timer};

//! Dynamic two-phase commit: nobody is appointed, the votes race over the edges of a tree, and
//! where they meet is the coordinator.
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`. What each state does at each input, where * marks a forced record
//! and `to` is the one neighbour that has not said READY. First the race:
//!
//! | state | vote | READY | record durable |
//! |---|---|---|---|
//! | – | | work; Working | |
//! | Working | Prepared; or abort | note it | |
//! | Prepared | | all but `to`: ready*; Readying. All: commit*; Coordinating | |
//! | Readying | | from `to`: note it | READY; Ready. If noted: commit*; Coordinating |
//! | Ready | | from `to`, at the lower index: commit*; Coordinating | |
//! | Coordinating | | | COMMIT to all; Committed |
//! | Committed | | said again: COMMIT | ACK when all others have |
//!
//! Then the outcome, where to abort is to tell all neighbours but the one it came from, and to
//! forget:
//!
//! | state | COMMIT | ABORT | Inquire | alarm |
//! |---|---|---|---|---|
//! | – | | close | ABORT; close | |
//! | Working, Prepared | | abort | abort | abort |
//! | Readying | | abort | | |
//! | Ready | commit*, pass on; Committed | abort | Uncertain | READY again; then Inquire |
//! | Committed | ACK | | COMMIT | COMMIT again |
//!
//! COMMIT from another than `to` is forced before it is passed on. PREPARE opens a node as READY
//! does. ACKs from all, with the own record on disk: ACK, end, forget.
//!
//! There is no early force of the vote here, as there is in peer-to-peer commit: a record made
//! before the votes are in could not name `to`, and without that name a node that recovers cannot
//! know whether ABORT from who has forgotten is an answer (protocols.md 7.2 G16).
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod protocol;
mod words;

pub use about::{ABOUT, Config, OutcomeForce};
pub use protocol::{Doubt, DynamicTwoPhase};
pub use words::{Message, Record, Timer};

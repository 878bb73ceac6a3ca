//! Linear two-phase commit: the votes run along a chain, the decision runs back.
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`. What each state does at each input, where * marks a forced record;
//! the root is leftmost, the last node rightmost:
//!
//! | in the normal course | YES | vote | record durable | COMMIT | ACK |
//! |---|---|---|---|---|---|
//! | – | work; Working | | | | |
//! | Working | | prepared*; Preparing. Last: commit*; Deciding | | | |
//! | Preparing | | | YES; Prepared | | |
//! | Prepared | | | | COMMIT, commit*; Finishing | |
//! | Deciding | | | COMMIT; Announcing | | |
//! | Finishing | | | Announcing, or if acknowledged ACK, end | | note it |
//! | Announcing | | | | | ACK, end |
//!
//! | otherwise | NO, or `VotesDue` | ABORT | Inquire | `DecisionDue` | `AcksDue` |
//! |---|---|---|---|---|---|
//! | – | NO; close | | ABORT; close | | |
//! | Working | NO, ABORT; forget | | NO, ABORT; forget | | |
//! | Prepared | | ABORT; forget | | Inquire | |
//! | Finishing | | | COMMIT | | |
//! | Announcing | | | COMMIT | | COMMIT |
//!
//! YES, NO and ACK go to the right neighbour, COMMIT and ABORT to the left one; answers go to who
//! asks.
#![no_std]
#![deny(clippy::float_arithmetic)]

mod about;
mod protocol;
mod words;

pub use about::{ABOUT, Config};
pub use protocol::Linear;
pub use words::{Message, Record, Timer};

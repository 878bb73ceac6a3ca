//! Two-phase commit on a tree with a fixed root, presumed abort (`t2pc`).
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`. What each state does at each input: * marks a forced record; *abort
//! down* is to abort, to say so to the children that have neither aborted nor left, and to forget;
//! *abort up* is the same with the parent. Where all votes are read-only, the last one ends it:
//! READ-ONLY up, and forget.
//!
//! | | a vote | the last vote | a refusal | `VotesDue` | ABORT from above |
//! |---|---|---|---|---|---|
//! | – | | | | | abort, close |
//! | Voting, root | note it | commit*; Deciding | abort down | abort down | |
//! | Voting, late | note it | ready*; Preparing | abort up | abort up | abort down |
//! | Voting, early | own YES: ready* | Preparing | abort up | abort*; Aborting | abort down |
//! | Preparing, Prepared | | | | | abort down |
//! | Aborting | | | not to be told | | abort down |
//!
//! | | record durable | COMMIT | ACK | `DecisionDue`, `AcksDue` | Inquire |
//! |---|---|---|---|---|---|
//! | Preparing | READY; Prepared | | | | |
//! | Prepared | | commit*, COMMIT; Announcing | | Inquire up, and at the root | |
//! | Aborting | abort up | | | | |
//! | Deciding | COMMIT; Announcing | | | | |
//! | Announcing | as the last ACK | | the last: ACK, end, forget | COMMIT | COMMIT |
#![no_std]
#![deny(clippy::float_arithmetic)]

mod about;
mod protocol;
mod votes;
mod words;

pub use about::{ABOUT, Config, OutcomeForce, VoteForce};
pub use protocol::TreeTwoPhase;
pub use votes::{VoteRecord, Votes};
pub use words::{Message, Record, Timer};

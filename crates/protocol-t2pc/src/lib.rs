//! Two-phase commit on a tree with a fixed root, presumed abort (`t2pc`).
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`. What each state does at each input, where * marks a forced record,
//! *below* are the children that are bound or have not answered, and *up* is the parent:
//!
//! | state | votes of children, own vote | all agree | a refusal, or `VotesDue` | ABORT from above |
//! |---|---|---|---|---|
//! | – | PREPARE from above: PREPARE below, work; Voting | | | abort, close |
//! | Voting, root | note it | commit*; Deciding | abort, ABORT below; forget | |
//! | Voting, others | note it; early: own YES ready* | ready*; Preparing. Or READ-ONLY up; forget | abort, ABORT up and below; forget. Early, `VotesDue`: abort*; Aborting | abort, ABORT below; forget |
//! | Preparing, Prepared | | | | abort, ABORT below; forget |
//! | Aborting | who refuses needs no telling | | | abort, ABORT below; forget |
//!
//! | state | record durable | COMMIT from above | ACK | `DecisionDue`, `AcksDue` | Inquire |
//! |---|---|---|---|---|---|
//! | Preparing | READY up; Prepared | | | | |
//! | Prepared | | commit*, COMMIT below; Announcing | | Inquire up and at the root | |
//! | Aborting | abort, ABORT up and below; forget | | | | |
//! | Deciding | COMMIT below; Announcing | | | | |
//! | Announcing | as the last ACK | | last one: ACK up, end; forget | COMMIT again | COMMIT |
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

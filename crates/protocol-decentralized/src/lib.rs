//! Decentralized two-phase commit: everybody tells everybody, and each node decides by itself.
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`. What each state does at each input, where * marks a forced record;
//! the root differs from the others only in that it begins without being told:
//!
//! | in the normal course | YES | vote | record durable | DONE |
//! |---|---|---|---|---|
//! | – | note it, work; Working | | | |
//! | Working | note it | prepared*; Preparing | | |
//! | Preparing | note it | | YES to all; Prepared, or as there | |
//! | Prepared | the last: commit*; Finishing | | | commit*; Finishing |
//! | Finishing | | | DONE to all; Announcing | note it |
//! | Announcing | | | | the last: forget |
//!
//! | otherwise | NO, ABORT | COMMIT | a NO of its own, or `VotesDue` | Inquire | another alarm |
//! |---|---|---|---|---|---|
//! | – | close | | | NO to all; close | |
//! | Working | forget | | NO to all; forget | NO to all; forget | |
//! | Preparing | forget | | | it is a YES | |
//! | Prepared | forget | commit*; Finishing | | it is a YES; YES | Inquire to all |
//! | Finishing | | | | COMMIT | |
//! | Announcing | | DONE | | COMMIT | COMMIT to the silent |
#![no_std]
#![deny(clippy::float_arithmetic)]

mod about;
mod protocol;
mod words;

pub use about::{ABOUT, Config};
pub use protocol::Decentralized;
pub use words::{Message, Record, Timer};

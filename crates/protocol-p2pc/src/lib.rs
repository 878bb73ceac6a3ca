//! Peer-to-peer two-phase commit: no coordinator at all, every node decides when the last vote
//! reaches it.
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`. What each state does at each input, where * marks a forced record
//! and "go on" stands for: READY from all but one, READY to that one (after ready*, unless it is
//! on disk already); from all, commit:
//!
//! | state | vote | READY | record durable | COMMITTED | ABORT | Inquire | alarm |
//! |---|---|---|---|---|---|---|---|
//! | – | | work; Working | | | close | ABORT; close | |
//! | Working | Prepared, go on; or ABORT to all | note it | | | abort, pass on | ABORT | ABORT to all |
//! | Prepared | | go on: ready*, Ready; or commit*, Committing | go on | | abort, pass on | ABORT | ABORT to all |
//! | Aborting | | | ABORT to all | | abort, pass on | ABORT soon | |
//! | Committing | | | READY and COMMITTED to all; Committed | | | | |
//! | Ready | | the last: READY to the others, commit*; Committed | | the same | abort, pass on | Uncertain | READY again, later Inquire to all |
//! | Committed | | again: READY or COMMITTED | COMMITTED to all | note it; again: Settled | | COMMITTED | COMMITTED again |
//!
//! PREPARE and `ReadyReq` open a node as READY does. COMMITTED from all, with the own record on
//! disk: end, forget. With early votes, ready* is made when the work is done, and an abort by a
//! node's own patience needs abort* (Aborting). With lazy outcomes locks go free before the commit
//! record is on disk, which is safe because a log is durable as a prefix: what the next holder of
//! a lock forces lies behind it.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod doubt;
mod protocol;
mod words;

pub use about::{ABOUT, Config, OutcomeForce, VoteForce};
pub use doubt::Doubt;
pub use protocol::PeerToPeer;
pub use words::{Message, OnDisk, Record, Timer};

//! Peer-to-peer two-phase commit: no coordinator at all, every node decides when the last vote
//! reaches it.
//!
//! The protocol is in `protocol.rs`, the words it uses in `words.rs`, what it is called and what
//! it promises in `about.rs`. What each state does at each input, where * marks a forced record
//! and `to` is the one neighbour that has not said READY. First the commit path:
//!
//! | state | vote | READY | record durable | COMMITTED |
//! |---|---|---|---|---|
//! | – | | work; Working | | |
//! | Working | Prepared; or abort | note it | | |
//! | Prepared | | all but `to`: ready*. All: commit*; Committing | READY to `to`; Ready | |
//! | Committing | | | READY, COMMITTED to all; Committed | |
//! | Ready | | from `to`: READY to all others, commit*; Committed | | likewise |
//! | Committed | | said again: READY, or COMMITTED | COMMITTED to all | note it; or Settled |
//!
//! Then aborts and questions, where to abort is to tell all neighbours but the one it came from,
//! and forget:
//!
//! | state | ABORT | Inquire | record durable | alarm |
//! |---|---|---|---|---|
//! | – | close | ABORT; close | | |
//! | Working, Prepared | abort | abort | | abort |
//! | Prepared with ready* | abort | abort*; Aborting | | abort*; Aborting |
//! | Aborting | abort | | abort | |
//! | Ready | abort | Uncertain | | READY again; then Inquire |
//! | Committed | | COMMITTED | | COMMITTED again |
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

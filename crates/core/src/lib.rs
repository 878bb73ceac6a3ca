//! The vocabulary of commitsim and the one trait a protocol implements.
//!
//! A protocol is one Rust type: one node's share of one transaction. It is fed
//! and answers with effects; it sees no clock, no network, no randomness and no
//! other transaction. Everything that a protocol, a host, a driver and the
//! oracle must agree on is named here, and nothing else is.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod about;
mod cast;
mod effects;
mod ids;
mod node_set;
mod patience;
mod promise;
mod protocol;
mod time;
mod vote;
mod word;

pub use about::{About, Choice, Tolerance};
pub use cast::{Cast, Formation, Shape};
pub use effects::{Effect, Effects};
pub use ids::{Lsn, NodeId, TxId};
pub use node_set::NodeSet;
pub use patience::{Factor, Patience};
pub use promise::{Cost, Necessary, Promise, WriteAhead};
pub use protocol::{Alarm, Cx, Gone, Protocol, Status};
pub use time::{Span, Time};
pub use vote::{Decision, Vote, Why};
pub use word::{Meaning, Spoken, Word};

//! The commands, a file each: what a command takes, and what it does.

pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod explore;
pub(crate) mod hunt;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod merge;
pub(crate) mod plot;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod shrink;
pub(crate) mod sweep;
pub(crate) mod test;
pub(crate) mod trace;
pub(crate) mod validate;
pub(crate) mod verify;

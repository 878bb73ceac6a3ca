//! The commands, a file each: what a command takes, and what it does.

pub(crate) mod list;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod test;
pub(crate) mod validate;

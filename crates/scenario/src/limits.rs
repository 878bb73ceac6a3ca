//! How large a scenario may be. Each limit is far above what is of use and far below what a
//! machine could not hold.

use commitsim_core::Span;

/// The size of a scenario file in bytes: 1 MiB.
pub const TEXT: usize = 1 << 20;

/// How many lists and objects may lie inside each other.
pub const DEPTH: u32 = 64;

/// How many problems are listed.
pub const PROBLEMS: usize = 20;

/// How many complaints are kept while reading; a reader stops listening after that.
pub(crate) const COMPLAINTS: usize = 1_000;

/// How many nodes a scenario may have.
pub const NODES: u64 = 1_000;

/// How many transactions a run may have.
pub const TRANSACTIONS: u64 = 10_000_000;

/// How many clients a closed workload may have.
pub const CLIENTS: u64 = 1_000_000;

/// How many items of data a node may have.
pub const ITEMS: u64 = 100_000;

/// How many items all nodes may have together.
pub const ALL_ITEMS: u64 = 10_000_000;

/// How many items a transaction may touch at a node.
pub const TOUCH: u64 = 64;

/// What an item may begin with, and what a step may move, in units.
pub const VALUE: u64 = 1_000_000_000;

/// How many faults a scenario may list.
pub const FAULTS: usize = 10_000;

/// How many messages in a row a loss may take.
pub const BURST: u64 = 1_000;

/// How many links may differ from the usual one.
pub const LINKS: usize = 250_000;

/// How many messages a run may need, by the estimate of [`MESSAGES_PER_NODE`].
pub const MESSAGES: u64 = 2_000_000_000;

/// How many messages one node costs in one transaction, roughly, whatever the protocol.
pub const MESSAGES_PER_NODE: u64 = 8;

/// The longest span: ten years of 365 days.
pub const SPAN: Span = Span(10 * 365 * 24 * 3_600 * 1_000_000_000);

/// How many characters a node's name may have.
pub const NAME: usize = 64;

/// How many runs each protocol may make at each point of a sweep.
pub const SEEDS: u64 = 1_000_000;

/// How many values one thing may take in a sweep.
pub const VALUES: usize = 1_000;

/// How many points a sweep may have.
pub const POINTS: u64 = 10_000;

/// How many bytes of text the points of a sweep may come to together: 64 MiB.
pub const WEIGHT: u64 = 64 << 20;

/// As how many bytes a link that differs counts there.
pub const LINK: u64 = 48;

/// How many runs a sweep may make.
pub const RUNS: u64 = 100_000_000;

/// How many panels a figure may have.
pub const PANELS: usize = 12;

/// How many characters the name of a value in a sweep may have.
pub const LABEL: usize = 40;

/// How many characters a title may have.
pub const TITLE: usize = 200;

/// How many characters notes may have.
pub const NOTES: usize = 20_000;

/// After how many events a run is given up.
pub const EVENTS: u64 = 50_000_000;

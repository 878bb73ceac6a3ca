//! What leaves commitsim: results as JSON and as text, trace lines, and files written whole.
//!
//! This crate knows plain records of its own and nothing else of the workspace, so that a result
//! written last month can still be read. The command line translates into these records.
#![deny(clippy::float_arithmetic)]

mod escape;
mod metrics;
mod observed;
mod record;
mod span;
mod spread;
mod store;
mod table;
mod text;
mod trace;

pub use escape::{quoted, visible};
pub use metrics::{METRICS, Measured, Metric};
pub use observed::Observed;
pub use record::*;
pub use span::duration;
pub use spread::Spread;
pub use store::store;
pub use text::{Heading, Paint, entry, text_of};
pub use trace::TraceHeader;

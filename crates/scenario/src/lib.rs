//! From the text of a scenario file to a checked [`Scenario`], and from a run's record to a
//! [`Verdict`].
//!
//! A scenario file is untrusted. What comes out of [`read`] holds no wrong value; what is wrong
//! comes out as [`Problems`], all of them at once, each drawn with its place in the text. This
//! crate reads no files, prints nothing and runs nothing.

mod data;
mod expect;
mod faults;
mod form;
mod form_data;
mod form_faults;
mod form_luck;
mod form_replay;
mod form_sweep;
mod form_system;
mod json;
mod judge;
mod kind;
pub mod limits;
mod luck;
mod moments;
mod names;
mod nearest;
mod network;
mod overrides;
mod place;
mod plots;
mod points;
mod problem;
mod protocols;
mod quantity;
mod reader;
mod regions;
mod replay;
mod scenario;
mod schema;
mod shape;
mod sweep;
mod system;
mod topology;
mod tree;
mod words;
mod write;
mod write_data;
mod write_faults;

pub use expect::Expectations;
pub use form::{FORMS, Form, Key, Need, Rule};
pub use judge::{Finding, Verdict};
/// What can be measured of a run of a sweep, by name.
pub const METRICS: &[&str] = &form_sweep::METRICS;

/// What can be drawn of a sweep, by name.
pub const FIGURES: &[&str] = &form_sweep::KINDS;

pub use kind::Kind;
pub use nearest::suggestion;
pub use overrides::Overrides;
pub use plots::Plot;
pub use points::Point;
pub use problem::{Problem, Problems};
pub use protocols::ProtocolChoice;
pub use quantity::duration;
pub use regions::Table;
pub use replay::{Breach, Replay, read_replay};
pub use scenario::{Scenario, read, read_points};
pub use schema::schema;
pub use sweep::{Axis, Sweep};
pub use write::Script;

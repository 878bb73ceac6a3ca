//! What leaves commitsim: results as JSON and as text, traces and drawings of them, and files
//! written whole.
//!
//! This crate knows plain records of its own and nothing else of the workspace, so that a result
//! written last month can still be read. The command line translates into these records.
#![deny(clippy::float_arithmetic)]

mod escape;
mod excerpt;
mod explain;
mod explorer;
mod mermaid;
mod metrics;
mod observation;
mod observed;
mod pending;
mod perfetto;
mod phrase;
mod record;
mod sheet;
mod shiviz;
mod side_by_side;
mod space_time;
mod span;
mod spread;
mod store;
mod table;
mod text;
mod trace;

pub use escape::{quoted, visible, visible_json, xml};
pub use excerpt::{Excerpt, Selection, Stances};
pub use explain::Explainer;
pub use explorer::{EXPLORED_MESSAGES, EXPLORED_OBSERVATIONS, TooLong, explorer};
pub use mermaid::mermaid;
pub use metrics::{METRICS, Measured, Metric};
pub use observation::*;
pub use observed::Observed;
pub use pending::Pending;
pub use perfetto::perfetto;
pub use phrase::{columns, line_of};
pub use record::*;
pub use sheet::{Dash, Hangs, Hue, Mark, Pen, Place, Shape, Sheet, Text};
pub use shiviz::shiviz;
pub use side_by_side::side_by_side;
pub use space_time::space_time;
pub use span::duration;
pub use spread::Spread;
pub use store::{store, store_new};
pub use table::{Side, Table};
pub use text::{Heading, Paint, entry, text_of};
pub use trace::TraceHeader;

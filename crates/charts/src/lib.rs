//! What a sweep leaves behind, and what is made of it: tables with intervals, and figures as SVG,
//! PNG and CSV, and a page of all of it.
//!
//! This crate knows records and labels, and nothing of how they came about. The same records give
//! the same bytes on every run.

mod csv;
mod differences;
mod draw;
mod figure;
mod kinds;
mod levels;
mod looks;
mod manifest;
mod measure;
mod metric;
mod page;
mod plan;
mod quantiles;
mod range;
mod record;
mod results;
mod spot;
mod summary;
mod usual;
mod words;

pub use differences::differences_csv;
pub use draw::{png, sheet_png, svg};
pub use figure::Figure;
pub use kinds::FIGURES;
pub use manifest::{AxisEntry, Cell, Manifest, PlotEntry, ProtocolEntry};
pub use metric::{Metric, Unit};
pub use page::page;
pub use plan::figure;
pub use record::{Record, damaged_lines};
pub use results::Results;
pub use summary::{summary_csv, summary_json, summary_text};
pub use usual::usual;

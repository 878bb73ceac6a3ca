//! Sweeps: every protocol at every point, many times, on all processors and over several machines,
//! stopped and taken up again, with the same files in the end.

mod auto;
mod estimate;
mod facts;
mod figures;
mod measured;
mod merge;
mod page;
mod prepared;
mod report;
mod shard;
mod stage;
mod work;

pub(crate) use auto::Part;
pub(crate) use estimate::Estimate;
pub(crate) use figures::{Charted, chart, put};
pub(crate) use merge::merged;
pub(crate) use page::{SCENARIO, command, page_of};
pub(crate) use prepared::Prepared;
pub(crate) use report::{Closing, closing, told};
pub(crate) use shard::Shard;
pub(crate) use stage::{Refusal, Stage, results};
pub(crate) use work::run_all;

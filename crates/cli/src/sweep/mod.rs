//! Sweeps: every protocol at every point, many times, on all processors and over several machines,
//! stopped and taken up again, with the same files in the end.

mod facts;
mod figures;
mod measured;
mod prepared;
mod report;
mod shard;
mod stage;
mod work;

pub(crate) use figures::{Charted, chart};
pub(crate) use prepared::Prepared;
pub(crate) use report::{Closing, closing, told};
pub(crate) use shard::Shard;
pub(crate) use stage::{Refusal, Stage, merged, results};
pub(crate) use work::run_all;

//! A manifest with its records: all that was measured, by point and protocol.

use commitsim_stats::{Paired, Rate, Sample};

use crate::manifest::Manifest;
use crate::metric::Metric;
use crate::record::Record;

/// A manifest with all its records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Results {
    manifest: Manifest,
    /// In the order of jobs, every job once.
    records: Vec<Record>,
}

impl Results {
    /// Records in any order, each job at least once.
    ///
    /// # Errors
    ///
    /// The number of jobs without a record.
    pub fn new(manifest: Manifest, mut records: Vec<Record>) -> Result<Results, u64> {
        let jobs = manifest.jobs();
        records.retain(|record| record.job < jobs);
        records.sort_unstable_by_key(|record| record.job);
        records.dedup_by_key(|record| record.job);
        let missing = jobs - records.len() as u64;
        if missing > 0 { Err(missing) } else { Ok(Results { manifest, records }) }
    }

    /// What was run.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// All records, in the order of their jobs.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The cell that a run belongs to.
    pub(crate) fn cell_of(&self, record: &Record) -> usize {
        (record.job / u64::from(self.manifest.seeds.max(1))) as usize
    }

    /// The runs of a cell: a protocol at a point, in the order of their replicates.
    pub(crate) fn runs(&self, cell: usize) -> &[Record] {
        let seeds = self.manifest.seeds as usize;
        self.records.get(cell * seeds..(cell + 1) * seeds).unwrap_or(&[])
    }

    /// Whether a cell has several runs, and what happens is the same in all of them.
    pub(crate) fn alike(&self, cell: usize) -> bool {
        let runs = self.runs(cell);
        runs.len() > 1 && runs.iter().all(|run| run.trace_hash == runs[0].trace_hash)
    }

    /// What a metric came to in a cell; none where there is no such number.
    pub(crate) fn sample(&self, cell: usize, metric: Metric) -> Option<Sample> {
        let facts = self.manifest.cells.get(cell)?;
        let values: Option<Vec<Option<u64>>> =
            self.runs(cell).iter().map(|run| metric.number(run, facts)).collect();
        Some(Sample::new(values?))
    }

    /// How often something happened in a cell.
    pub(crate) fn rate(&self, cell: usize, metric: Metric) -> Option<Rate> {
        let runs = self.runs(cell);
        let mut rate = Rate { hits: 0, of: 0, runs: runs.len() as u64 };
        for run in runs {
            let (hits, of) = metric.share_of(run)?;
            rate.hits += hits;
            rate.of += of;
        }
        Some(rate)
    }

    /// By how much a metric in one cell exceeds that in another, replicate by replicate.
    pub(crate) fn paired(&self, one: usize, other: usize, metric: Metric) -> Option<Paired> {
        let (first, second) = (self.manifest.cells.get(one)?, self.manifest.cells.get(other)?);
        let runs = self.runs(one).iter().zip(self.runs(other));
        let pairs: Option<Vec<_>> = runs
            .map(|(run, with)| Some((metric.number(run, first)?, metric.number(with, second)?)))
            .collect();
        Some(Paired::new(pairs?))
    }
}

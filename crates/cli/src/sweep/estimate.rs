//! How long a sweep will take and how much room, from a sample of its runs.

use std::fs;
use std::time::{Duration, Instant};

use commitsim_charts::Record;
use commitsim_report::{Side, Table, duration};
use serde_json::json;

use super::prepared::Prepared;
use super::shard::Shard;
use crate::trial::Panicked;

/// No more runs than this are tried, and none is begun after this time.
const MOST: u64 = 400;
const LONG: Duration = Duration::from_secs(3);

/// What a sample of a sweep's runs took.
pub(crate) struct Estimate {
    jobs: u64,
    tried: u64,
    mean_ns: u64,
    slowest_ns: u64,
    /// Bytes of a record on disk.
    line: u64,
    /// Bytes that this process took, where the system says so.
    peak: Option<u64>,
    threads: u64,
}

impl Estimate {
    /// Tries runs from all over the sweep, one after the other. Nothing is stored.
    pub(crate) fn of(prepared: &Prepared, threads: usize) -> Result<Estimate, (u64, Panicked)> {
        let jobs = prepared.manifest.jobs();
        let (begun, count) = (Instant::now(), MOST.min(jobs));
        let (mut tried, mut sum, mut slowest, mut bytes) = (0, 0, 0, 0);
        for job in spread(jobs, count) {
            let start = Instant::now();
            let record = prepared.run(job).map_err(|why| (job, why))?;
            let took = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
            (tried, sum, slowest) = (tried + 1, took.saturating_add(sum), took.max(slowest));
            bytes += record.line().len() as u64 + 1;
            if begun.elapsed() > LONG {
                break;
            }
        }
        let (mean_ns, line) = (sum / tried.max(1), bytes / tried.max(1));
        let threads = threads.max(1) as u64;
        Ok(Estimate { jobs, tried, mean_ns, slowest_ns: slowest, line, peak: peak(), threads })
    }

    /// How many runs the largest of so many shards has.
    fn runs(&self, shards: u64) -> u64 {
        self.jobs.div_ceil(shards.max(1))
    }

    fn time_ns(&self, shards: u64) -> u64 {
        self.mean_ns.saturating_mul(self.runs(shards)).div_ceil(self.threads)
    }

    fn disk(&self, shards: u64) -> u64 {
        self.line.saturating_mul(self.runs(shards))
    }

    /// Records are kept until they can be put in order, once as they are and once as lines.
    fn memory(&self, shards: u64) -> Option<u64> {
        let record = size_of::<Record>() as u64 + 2 * self.line;
        self.peak.map(|peak| peak.saturating_add(record.saturating_mul(self.runs(shards))))
    }

    /// The numbers of shards that are of interest: that which is asked for, or powers of two.
    fn shards(&self, shard: Shard) -> Vec<u64> {
        if shard != Shard::WHOLE {
            return vec![u64::from(shard.count)];
        }
        let powers = (0..9).map(|n| 1 << n);
        powers.take_while(|count| *count == 1 || self.runs(*count) > 1).collect()
    }

    /// For people.
    pub(crate) fn text(&self, shard: Shard, columns: usize) -> String {
        let Estimate { jobs, tried, mean_ns, slowest_ns, threads, .. } = self;
        let mut text = format!(
            "{jobs} runs; {tried} of them took {} each, the slowest {}\n",
            duration(*mean_ns),
            duration(*slowest_ns)
        );
        let columns_of = [
            ("shards", Side::Right),
            ("runs each", Side::Right),
            ("time each", Side::Right),
            ("memory each", Side::Right),
            ("on disk each", Side::Right),
        ];
        let mut table = Table::new(&columns_of);
        for count in self.shards(shard) {
            table.row(vec![
                count.to_string(),
                self.runs(count).to_string(),
                duration(self.time_ns(count)),
                self.memory(count).map_or_else(|| "unknown".to_string(), bytes),
                bytes(self.disk(count)),
            ]);
        }
        table.write(columns, &mut text);
        let plural = if *threads == 1 { "" } else { "s" };
        text.push_str(&format!("on {threads} thread{plural} as fast as here\n"));
        text
    }

    /// For programs: a line for each number of shards.
    pub(crate) fn json(&self, shard: Shard) -> Vec<String> {
        let one = |count: &u64| {
            json!({
                "format": "commitsim-estimate/1", "runs": self.jobs, "tried": self.tried,
                "mean_ns": self.mean_ns, "slowest_ns": self.slowest_ns, "threads": self.threads,
                "shards": count, "runs_each": self.runs(*count),
                "time_each_ns": self.time_ns(*count), "memory_each_bytes": self.memory(*count),
                "disk_each_bytes": self.disk(*count),
            })
            .to_string()
        };
        self.shards(shard).iter().map(one).collect()
    }
}

/// So many jobs, as far from each other as may be, so that every protocol and point has its part.
fn spread(jobs: u64, count: u64) -> impl Iterator<Item = u64> {
    let at = move |n: u64| (u128::from(n) * u128::from(jobs) / u128::from(count.max(1))) as u64;
    // Every seventh first: where time runs out, what was tried lies all over the sweep.
    (0..7).flat_map(move |rest| (rest..count).step_by(7)).map(at)
}

/// The most memory that this process has taken so far.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}

fn bytes(count: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(size, _)| count >= *size) {
        Some((size, name)) => format!("{}.{} {name}", count / size, count % size * 10 / size),
        None => format!("{count} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_comes_from_everywhere_and_no_run_twice() {
        for (jobs, count) in [(1, 1), (5, 5), (15_000, 400), (u64::MAX, 400)] {
            let mut all: Vec<u64> = spread(jobs, count).collect();
            let first = all[..all.len().div_ceil(7)].to_vec();
            assert!(jobs < 15_000 || first[first.len() - 1] > jobs / 10 * 9, "{first:?}");
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len() as u64, count);
            assert!(all.iter().all(|job| *job < jobs));
        }
    }

    #[test]
    fn bytes_are_rounded_down() {
        let said = [999, 1_999, 2_000_000, 3_450_000_000].map(bytes);
        assert_eq!(said, ["999 B", "1.9 kB", "2.0 MB", "3.4 GB"]);
    }
}

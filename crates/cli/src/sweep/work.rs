//! The jobs of a sweep on all processors.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use commitsim_charts::Record;

use super::prepared::Prepared;
use crate::stop;
use crate::trial::Panicked;

/// So many results may wait to be written.
const WAITING: usize = 1_024;

/// Runs jobs until there are no more or somebody asks to stop. Results are handed over in the
/// order in which they come, which is nobody's business but the writer's.
pub(crate) fn run_all(
    prepared: &Prepared,
    jobs: &[u64],
    threads: usize,
    done: &mut dyn FnMut(u64, Result<Record, Panicked>) -> io::Result<()>,
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let (results, collected) = sync_channel(WAITING);
    thread::scope(|scope| {
        for _ in 0..threads.min(jobs.len()).max(1) {
            let results = results.clone();
            let (next, failed) = (&next, &failed);
            scope.spawn(move || {
                while !stop::is_asked() && !failed.load(Ordering::Relaxed) {
                    let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                    if results.send((*job, prepared.run(*job))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(results);
        let mut outcome = Ok(());
        for (job, result) in collected {
            if outcome.is_ok() {
                outcome = done(job, result);
                failed.store(outcome.is_err(), Ordering::Relaxed);
            }
        }
        outcome
    })
}

//! Threads that share out work whose result does not depend on who does what.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use commitsim_explore::Crew;

/// Some threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads(pub(crate) usize);

impl Threads {
    /// As many as were asked for, or as the machine has processors.
    pub(crate) fn new(jobs: Option<u16>) -> Threads {
        let all = || thread::available_parallelism().map_or(1, usize::from);
        Threads(jobs.map_or_else(all, usize::from))
    }
}

impl Crew for Threads {
    fn hands(&self) -> usize {
        self.0
    }

    fn share(&self, jobs: usize, job: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let mine = next.fetch_add(1, Ordering::Relaxed);
                if mine >= jobs {
                    return;
                }
                job(mine);
            }
        };
        thread::scope(|scope| {
            for _ in 1..self.0.min(jobs) {
                scope.spawn(work);
            }
            work();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_done_once() {
        for threads in [1, 2, 5] {
            let done: Vec<AtomicUsize> = (0..100).map(|_| AtomicUsize::new(0)).collect();
            Threads(threads).share(100, &|job| {
                done[job].fetch_add(1, Ordering::Relaxed);
            });
            assert!(done.iter().all(|done| done.load(Ordering::Relaxed) == 1));
        }
        Threads(3).share(0, &|_| panic!("there is nothing to do"));
    }
}

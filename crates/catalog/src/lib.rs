//! Names of protocols, and how to run each: where generics stop.
//!
//! The only crate that knows every protocol. Adding one takes a crate of its own, one line in
//! [`all`], and a scenario.

mod backup;
mod decentralized;
mod dynamic;
mod enactment;
mod entry;
mod formula;
mod inquiry;
mod linear;
mod options;
mod peer;
mod three_phase;
mod tree_two_phase;
mod two_phase;
mod watchdog;

use commitsim_core::{About, Patience, Promise};
use commitsim_explore::{Crew, Walk};
use commitsim_rng::Seed;
use commitsim_sim::{Manner, RunRecord, Setup, Watch};

pub use enactment::Enactment;
pub use formula::Formula;
pub use inquiry::{End, Explored, Inquiry, search, timeless};
pub use options::Options;

/// One run to be made.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// What is simulated.
    pub setup: &'a Setup,
    /// How long timers wait.
    pub patience: Patience,
    /// The protocol's options.
    pub options: &'a Options,
    /// Where all luck comes from.
    pub seed: Seed,
    /// On which queue, and what is kept.
    pub manner: Manner,
}

/// A protocol that can be run by name.
pub trait Runnable: Sync {
    /// What it is called, allows and tolerates.
    fn about(&self) -> &'static About;

    /// What it promises with these options.
    fn promise(&self, options: &Options) -> Promise;

    /// Makes one run. A watcher sees every observation as it happens.
    fn simulate<'a>(&self, job: &Job<'a>, watch: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord;

    /// Looks at everything that can happen in a small world. `tell` hears how far the search is,
    /// and says whether to go on.
    fn explore(
        &self,
        inquiry: &Inquiry<'_>,
        crew: &dyn Crew,
        tell: &mut dyn FnMut(&Walk) -> bool,
    ) -> Explored;
}

/// Every protocol, in the order in which they are listed.
#[must_use]
pub fn all() -> &'static [&'static dyn Runnable] {
    ALL
}

static ALL: &[&dyn Runnable] = &[
    &two_phase::NOTHING,
    &two_phase::ABORT,
    &two_phase::COMMIT,
    &linear::LINEAR,
    &decentralized::DECENTRALIZED,
    &watchdog::NAIVE,
    &watchdog::REGISTERS,
    &backup::BACKUP,
    &tree_two_phase::TREE,
    &dynamic::DYNAMIC,
    &peer::PEER,
    &three_phase::NAIVE,
    &three_phase::ELECTED,
];

/// The protocol of that name.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Runnable> {
    all().iter().copied().find(|runnable| runnable.about().id == id)
}

/// The descriptions of all protocols.
#[must_use]
pub fn abouts() -> Vec<&'static About> {
    all().iter().map(|runnable| runnable.about()).collect()
}

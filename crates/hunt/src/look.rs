//! One seed of a hunt, and what a hunt adds up.

use commitsim_catalog::{Options, Runnable};
use commitsim_core::Patience;
use commitsim_rng::Seed;
use commitsim_sim::{Ending, Outcome, RunRecord, Setup};
use commitsim_spec::{Property, Violation};

use crate::case::{Case, kind_of};
use crate::family::Kind;
use crate::swarm::Swarm;

/// What came of one seed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    /// Which one.
    pub seed: Seed,
    /// What the oracle objected to: the first violation of each kind.
    pub violations: Vec<Violation>,
    /// What happened, counted.
    pub tally: Tally,
}

/// What happened in some runs. A hunt in which nothing goes wrong proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// How many runs there were.
    pub runs: u64,
    /// Runs in which a fault had an effect.
    pub struck: u64,
    /// Runs that ended with the oracle's objection.
    pub violated: u64,
    /// Runs that were given up while they were still getting somewhere.
    pub inconclusive: u64,
    /// Transactions that committed.
    pub commits: u64,
    /// Transactions that aborted.
    pub aborts: u64,
    /// Transactions in which somebody was blocked for a while.
    pub blocked: u64,
    /// Crashes.
    pub crashes: u64,
    /// Messages lost.
    pub lost: u64,
    /// Second copies.
    pub duplicated: u64,
    /// Events handled.
    pub events: u64,
}

/// What findings are told apart by: two of one shape are one finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Shape {
    /// The property.
    pub property: Property,
    /// How it was broken.
    pub kind: &'static str,
    /// What the faults do that it takes, sorted.
    pub faults: Vec<&'static str>,
}

impl Look {
    /// Looks at the run of `seed`.
    #[must_use]
    pub fn at(
        runnable: &dyn Runnable,
        swarm: &Swarm,
        patience: Patience,
        options: &Options,
        seed: Seed,
    ) -> Look {
        let case = Case::new(swarm.draw(seed), patience, options.clone(), seed);
        let record = case.run(runnable, None);
        let tally = Tally::of(&record, &case.setup);
        let mut violations: Vec<Violation> = Vec::new();
        for violation in record.violations {
            let same = |known: &&Violation| {
                known.property == violation.property
                    && kind_of(&known.objection) == kind_of(&violation.objection)
            };
            if !violations.iter().any(|known| same(&known)) {
                violations.push(violation);
            }
        }
        Look { seed, violations, tally }
    }
}

impl Tally {
    fn of(record: &RunRecord, setup: &Setup) -> Tally {
        let outcomes =
            |wanted| record.transactions.iter().filter(|tx| tx.outcome == wanted).count();
        let blocked =
            |tx: &&commitsim_sim::TransactionRecord| tx.nodes.iter().any(|node| node.blocked.0 > 0);
        // The healing of nothing is idle too.
        let faults = setup.faults.len();
        let silent = !setup.votes.never.is_empty();
        let totals = record.totals;
        Tally {
            runs: 1,
            struck: u64::from(record.idle_faults.len() < faults || silent),
            violated: u64::from(!record.violations.is_empty()),
            inconclusive: u64::from(record.ending == Ending::Inconclusive),
            commits: outcomes(Outcome::Commit) as u64,
            aborts: outcomes(Outcome::Abort) as u64,
            blocked: record.transactions.iter().filter(blocked).count() as u64,
            crashes: totals.crashes,
            lost: totals.lost,
            duplicated: totals.duplicated,
            events: totals.events,
        }
    }

    /// Adds what happened in others.
    pub fn add(&mut self, other: &Tally) {
        let pairs = [
            (&mut self.runs, other.runs),
            (&mut self.struck, other.struck),
            (&mut self.violated, other.violated),
            (&mut self.inconclusive, other.inconclusive),
            (&mut self.commits, other.commits),
            (&mut self.aborts, other.aborts),
            (&mut self.blocked, other.blocked),
            (&mut self.crashes, other.crashes),
            (&mut self.lost, other.lost),
            (&mut self.duplicated, other.duplicated),
            (&mut self.events, other.events),
        ];
        for (sum, more) in pairs {
            *sum += more;
        }
    }

    /// Whether nothing went wrong in any run.
    #[must_use]
    pub fn is_vacuous(&self) -> bool {
        self.struck == 0
    }
}

impl Shape {
    /// The shape of what this case breaks.
    #[must_use]
    pub fn of(case: &Case, violation: &Violation) -> Shape {
        let mut faults: Vec<&str> = Vec::new();
        let wrong = case.setup.faults.iter().filter(|fault| Kind::of(fault) != Kind::None);
        faults.extend(wrong.map(|fault| fault.action.word()));
        faults.sort_unstable();
        faults.dedup();
        Shape { property: violation.property, kind: kind_of(&violation.objection), faults }
    }
}

/// How many seeds it takes, counted from 1, until a run breaks `property`; none where the first
/// `most` do not. The seeds go through the `swarms` with their options in turn.
#[must_use]
pub fn seeds_until_found(
    runnable: &dyn Runnable,
    swarms: &[(Options, Swarm)],
    patience: Patience,
    property: Property,
    most: u64,
) -> Option<u64> {
    let shows = |(seed, (options, swarm)): &(u64, &(Options, Swarm))| {
        let look = Look::at(runnable, swarm, patience, options, Seed(*seed));
        look.violations.iter().any(|violation| violation.property == property)
    };
    let found = (0..most).zip(swarms.iter().cycle()).find(shows);
    found.map(|(seed, _)| seed + 1)
}

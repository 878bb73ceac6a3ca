//! Makes a case small: what is not needed to break the property goes.
//!
//! The order is that of reliability.md 11: what ends the run sooner, then fewer transactions and
//! nodes, plain surroundings, fewer and simpler faults, fewer exceptions, round numbers; over and
//! over until nothing helps any more. A case is taken only if it breaks the same property.

use std::collections::BTreeMap;

use commitsim_catalog::Runnable;
use commitsim_core::{NodeId, Span, Time};
use commitsim_rng::Seed;
use commitsim_sim::{Action, Fault, Luck, Setup, Trigger, Watch};
use commitsim_spec::{Observation, Property, What};

use crate::case::{Case, Found, found};
use crate::deletion::minimised;
use crate::plain;
use crate::simpler::simpler;

/// How many other seeds are tried where a smaller system has other luck.
const SEEDS: u64 = 12;

/// How much work a shrinking may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// How many runs of the simulator.
    pub runs: u64,
    /// How many worlds an exhaustive search for a shorter way may meet.
    pub worlds: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { runs: 20_000, worlds: 40_000 }
    }
}

/// A case that became small.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shrunk {
    /// The smallest that was found.
    pub case: Case,
    /// What it breaks.
    pub found: Found,
    /// How many runs it took.
    pub runs: u64,
}

/// Makes `case`, which breaks `property`, small. `tell` sees each smaller case as it is found, and
/// says whether to go on. None where the case does not break the property at all.
pub fn shrink(
    runnable: &dyn Runnable,
    case: Case,
    property: Property,
    budget: Budget,
    tell: &mut dyn FnMut(&Shrunk) -> bool,
) -> Option<Shrunk> {
    let found = case.breaks(runnable, property)?;
    let best = Shrunk { case, found, runs: 1 };
    let mut shrinker = Shrinker { runnable, property, budget, tell, best, stopped: false };
    shrinker.exhaust();
    let before = shrinker.best.clone();
    if !shrinker.is_over() && shrinker.search() {
        shrinker.exhaust();
        // With fewer faults, but more exceptions than there were faults, it is no smaller.
        let runs = shrinker.best.runs;
        if shrinker.best.case.size() >= before.case.size() {
            shrinker.best = Shrunk { runs, ..before };
            (shrinker.tell)(&shrinker.best);
        }
    }
    Some(shrinker.best)
}

/// The smallest case so far, and what it takes to find a smaller one.
pub(crate) struct Shrinker<'a> {
    pub(crate) runnable: &'a dyn Runnable,
    pub(crate) property: Property,
    pub(crate) budget: Budget,
    tell: &'a mut dyn FnMut(&Shrunk) -> bool,
    pub(crate) best: Shrunk,
    stopped: bool,
}

impl Shrinker<'_> {
    /// All passes until none of them helps.
    fn exhaust(&mut self) {
        loop {
            let before = self.best.case.clone();
            self.end_sooner();
            self.fewer_transactions();
            self.fewer_nodes();
            self.plainer();
            self.fewer_faults();
            self.explicit();
            self.less_luck();
            self.simpler_faults();
            if self.is_over() || self.best.case == before {
                return;
            }
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.stopped || self.best.runs >= self.budget.runs
    }

    /// Takes this case if it breaks the property.
    pub(crate) fn attempt(&mut self, case: Case) -> bool {
        if self.is_over() || case == self.best.case {
            return false;
        }
        self.best.runs += 1;
        let record = case.run(self.runnable, None);
        let Some(found) = found(&record, self.property) else { return false };
        (self.best.case, self.best.found) = (case, found);
        self.stopped |= !(self.tell)(&self.best);
        true
    }

    /// Takes this case with its seed, or with another where its luck has changed.
    fn attempt_seeds(&mut self, case: &Case) -> bool {
        let others = (0..SEEDS).map(Seed);
        [case.seed]
            .into_iter()
            .chain(others)
            .any(|seed| self.attempt(Case { seed, ..case.clone() }))
    }

    /// Takes the case with another setup.
    pub(crate) fn with(&mut self, change: impl FnOnce(&mut Setup)) -> bool {
        let mut case = self.best.case.clone();
        change(&mut case.setup);
        self.attempt(case)
    }

    /// Nothing matters that comes after the violation, unless it is one that only the end shows.
    fn end_sooner(&mut self) {
        let at = self.best.found.violation.at;
        let mut horizon = self.best.case.setup.horizon;
        if at < horizon {
            for unit in [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 1] {
                let end = Time(at.0.max(1).div_ceil(unit) * unit);
                if end < horizon && self.with(|setup| end_at(setup, end)) {
                    return;
                }
            }
        }
        // What is judged at the end can be judged earlier, if enough time is left to settle.
        while self.property == Property::Ac5 {
            horizon = Time(horizon.0 / 2);
            if horizon == Time::ZERO || !self.with(|setup| end_at(setup, horizon)) {
                return;
            }
        }
    }

    fn fewer_transactions(&mut self) {
        let last = self.best.found.violation.tx.0;
        let now = self.best.case.setup.workload.transactions;
        if last + 1 < now {
            self.with(|setup| setup.workload.transactions = last + 1);
        }
        let mut wanted = 1;
        while wanted < self.best.case.setup.workload.transactions && !self.is_over() {
            if self.with_transactions(wanted) {
                return;
            }
            wanted *= 2;
        }
    }

    /// So many transactions, the last ones: faults strike as much earlier as these begin.
    fn with_transactions(&mut self, count: u32) -> bool {
        let mut case = self.best.case.clone();
        case.setup.workload.transactions = count;
        if self.attempt_seeds(&case) {
            return true;
        }
        let mut clerk = Strikes::default();
        let before = self.best.case.clone();
        let record = before.run(self.runnable, Some(&mut clerk));
        self.best.runs += 1;
        let tx = self.best.found.violation.tx;
        let first = commitsim_core::TxId((tx.0 + 1).saturating_sub(count));
        let began = record.transactions.iter().find(|record| record.id == first);
        let Some(began) = began.map(|record| record.began - Time::ZERO) else { return false };
        for fault in &mut case.setup.faults {
            match &mut fault.trigger {
                Trigger::At(at) | Trigger::Amid { at, .. } => {
                    *at = Time(at.0.saturating_sub(began.0));
                }
                Trigger::When { nth, moment, .. } => {
                    *nth = 1;
                    moment.transaction = None;
                }
            }
        }
        if self.attempt_seeds(&case) {
            return true;
        }
        // A moment of an earlier transaction does not come any more, but its time does.
        for (place, fault) in case.setup.faults.iter_mut().enumerate() {
            if matches!(fault.trigger, Trigger::When { .. }) {
                let at = clerk.of(place, fault).unwrap_or(Time::ZERO);
                fault.trigger = Trigger::At(Time(at.0.saturating_sub(began.0)));
            }
        }
        self.attempt_seeds(&case)
    }

    fn fewer_nodes(&mut self) {
        let mut node = self.best.case.setup.nodes;
        while node > 0 && !self.is_over() {
            node -= 1;
            if let Some(case) = self.best.case.without(NodeId(node)) {
                self.attempt_seeds(&case);
            }
        }
    }

    /// Everything that can be as it is by default.
    fn plainer(&mut self) {
        let all = plain::steps(&self.best.case, self.runnable);
        let mut case = self.best.case.clone();
        all.iter().for_each(|step| step(&mut case));
        // Another seed alone makes nothing plainer.
        if case != self.best.case && self.attempt_seeds(&case) {
            return;
        }
        for step in all {
            let mut case = self.best.case.clone();
            step(&mut case);
            self.attempt(case);
        }
    }

    fn fewer_faults(&mut self) {
        let groups = together(&self.best.case.setup.faults);
        minimised(groups, |left| {
            let mut faults: Vec<(usize, Fault)> = left.iter().flatten().cloned().collect();
            faults.sort_by_key(|(place, _)| *place);
            self.with(|setup| setup.faults = faults.into_iter().map(|(_, fault)| fault).collect())
        });
    }

    /// Fewer exceptions from what is drawn.
    pub(crate) fn less_luck(&mut self) {
        if self.best.case.setup.luck == Luck::default()
            || self.with(|setup| setup.luck = Luck::default())
        {
            return;
        }
        let Luck { messages, alarms, work, disks } = self.best.case.setup.luck.clone();
        minimised(messages, |left| self.with(|setup| setup.luck.messages = left.to_vec()));
        minimised(alarms, |left| self.with(|setup| setup.luck.alarms = left.to_vec()));
        minimised(work, |left| self.with(|setup| setup.luck.work = left.to_vec()));
        minimised(disks, |left| self.with(|setup| setup.luck.disks = left.to_vec()));
    }

    fn simpler_faults(&mut self) {
        let mut place = 0;
        while place < self.best.case.setup.faults.len() {
            let variants = simpler(&self.best.case.setup.faults[place]);
            let taken = variants.into_iter().any(|fault| {
                let behind = |at: Time| at > self.best.case.setup.horizon;
                if matches!(fault.trigger, Trigger::At(at) | Trigger::Amid { at, .. } if behind(at))
                {
                    return false;
                }
                self.with(|setup| setup.faults[place] = fault)
            });
            if !taken || self.is_over() {
                place += 1;
            }
        }
    }
}

/// When faults struck.
#[derive(Default)]
struct Strikes {
    faults: BTreeMap<u32, Time>,
    crashes: BTreeMap<NodeId, Time>,
}

impl Watch for Strikes {
    fn observe(&mut self, seen: &Observation) {
        match seen.what {
            What::Strike { fault } => {
                self.faults.entry(fault).or_insert(seen.at);
            }
            What::Crash { .. } => {
                self.crashes.entry(seen.node).or_insert(seen.at);
            }
            _ => {}
        }
    }
}

impl Strikes {
    /// When the fault at this place struck first.
    fn of(&self, place: usize, fault: &Fault) -> Option<Time> {
        match fault.action {
            Action::Crash { node, .. } | Action::CrashLoop { node, .. } => {
                self.crashes.get(&node).copied()
            }
            _ => self.faults.get(&u32::try_from(place).ok()?).copied(),
        }
    }
}

/// The faults that go or stay together, with their places: a crash and the restart that ends it.
fn together(faults: &[Fault]) -> Vec<Vec<(usize, Fault)>> {
    let mut groups: Vec<Vec<(usize, Fault)>> = Vec::new();
    for (place, fault) in faults.iter().enumerate() {
        let crashed = |group: &&mut Vec<(usize, Fault)>| match (&group[0].1.action, &fault.action) {
            (Action::Crash { node, restart_after: None, .. }, Action::Restart(back)) => {
                group.len() == 1 && node == back
            }
            _ => false,
        };
        match groups.iter_mut().find(crashed) {
            Some(group) => group.push((place, fault.clone())),
            None => groups.push(vec![(place, fault.clone())]),
        }
    }
    groups
}

/// Lets the run end there; what would come later is left out.
fn end_at(setup: &mut Setup, end: Time) {
    setup.horizon = end;
    let ended = end - Time::ZERO;
    setup.faults.retain(|fault| match fault.trigger {
        Trigger::At(at) | Trigger::Amid { at, .. } => at <= end,
        Trigger::When { after, .. } => after <= ended,
    });
    for rhythm in &mut setup.luck.disks {
        rhythm.until = rhythm.until.min(end);
        let until = rhythm.until;
        rhythm.at.retain(|at| *at < until);
    }
}

/// The round spans above nothing that are nearest to this one, the roundest first.
pub(crate) fn rounded(span: Span) -> Vec<Span> {
    let units = [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000];
    let coarser = units.into_iter().take_while(|unit| !span.0.is_multiple_of(*unit));
    let near = |unit: u64| [span.0 / unit * unit, span.0.div_ceil(unit) * unit];
    coarser.flat_map(near).filter(|near| *near > 0).map(Span).collect()
}

//! One run that breaks something, as plain data.

use commitsim_catalog::{Job, Options, Runnable};
use commitsim_core::{NodeId, Patience};
use commitsim_rng::Seed;
use commitsim_sim::{Keep, Manner, QueueKind, RunRecord, Setup, Watch};
use commitsim_spec::{Objection, Property, Violation};

/// All that a run follows from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// The system and what happens to it. There is no storm in it.
    pub setup: Setup,
    /// How long timers wait.
    pub patience: Patience,
    /// The protocol's options.
    pub options: Options,
    /// Where all luck comes from that is left.
    pub seed: Seed,
    /// Which of the nodes that there were at first are left, by their new number.
    pub kept: Vec<NodeId>,
}

/// What a run breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The first violation of the property that is looked at.
    pub violation: Violation,
    /// The hash of the run.
    pub trace_hash: u128,
}

impl Case {
    /// The case of this setup with all its nodes.
    #[must_use]
    pub fn new(setup: Setup, patience: Patience, options: Options, seed: Seed) -> Case {
        let kept = (0..setup.nodes).map(NodeId).collect();
        Case { setup, patience, options, seed, kept }
    }

    /// Makes the run.
    pub fn run<'a>(
        &'a self,
        runnable: &dyn Runnable,
        watch: Option<&'a mut (dyn Watch + 'a)>,
    ) -> RunRecord {
        let manner = Manner { queue: QueueKind::Lazy, keep: Keep::Transactions };
        let Case { setup, patience, options, seed, .. } = self;
        let job = Job { setup, patience: *patience, options, seed: *seed, manner };
        runnable.simulate(&job, watch)
    }

    /// How much there is to read in it: faults, exceptions from luck, links, and what is drawn.
    #[must_use]
    pub fn size(&self) -> usize {
        let Setup { faults, network, .. } = &self.setup;
        let (least, most) = network.usual.latency.bounds();
        let drawn = usize::from(least != most) + usize::from(!network.usual.loss.is_zero());
        faults.len() + self.exceptions() + network.links.len() + drawn
    }

    /// How many exceptions from luck there are in it.
    #[must_use]
    pub fn exceptions(&self) -> usize {
        let luck = &self.setup.luck;
        luck.messages.len() + luck.alarms.len() + luck.work.len() + luck.disks.len()
    }

    /// What the run breaks of this property, if it breaks it.
    #[must_use]
    pub fn breaks(&self, runnable: &dyn Runnable, property: Property) -> Option<Found> {
        found(&self.run(runnable, None), property)
    }
}

/// The first violation of `property` in a run.
#[must_use]
pub fn found(record: &RunRecord, property: Property) -> Option<Found> {
    let violation = record.violations.iter().find(|broken| broken.property == property)?;
    Some(Found { violation: violation.clone(), trace_hash: record.trace_hash })
}

/// What is wrong, without who and when: violations of one kind are told apart by it.
#[must_use]
pub fn kind_of(objection: &Objection) -> &'static str {
    match objection {
        Objection::SentAhead { .. } => "sent ahead",
        Objection::VotedAgain { .. } => "voted again",
        Objection::IllegalStep { .. } => "illegal step",
        Objection::Reversed { .. } => "reversed",
        Objection::Disagrees { .. } => "disagrees",
        Objection::WithoutYes { .. } => "without a YES",
        Objection::NeedlessAbort { .. } => "needless abort",
        Objection::Stuck { .. } => "stuck",
        Objection::CostDiffers { .. } => "cost differs",
        Objection::DataDiffers { .. } => "data differs",
        Objection::OutOfBounds { .. } => "out of bounds",
        Objection::NotConserved { .. } => "not conserved",
    }
}

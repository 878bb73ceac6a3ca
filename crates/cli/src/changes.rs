//! What the command line changes in every scenario that it names.

use clap::ValueEnum;
use commitsim_rng::Seed;
use commitsim_scenario::Overrides;
use commitsim_sim::QueueKind;

/// The options that change scenarios before they run.
#[derive(Clone, PartialEq, Eq, Debug, Default, clap::Args)]
pub(crate) struct Changes {
    /// Run this protocol only, with the scenario's options if it lists it; can be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) protocol: Vec<String>,

    /// Use this seed: a number below 2^64, or a commit id of 40 digits
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: Option<Seed>,

    /// Put this JSON value into the scenario first, as in --set /network/loss=0.1; can be repeated
    #[arg(long, value_name = "/POINTER=JSON", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
}

/// The event queues, by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum Queue {
    #[default]
    Lazy,
    Keyed,
}

impl Changes {
    /// The same, as the scenario's reader takes it.
    pub(crate) fn overrides(&self) -> Overrides {
        Overrides { seed: self.seed, protocols: self.protocol.clone(), set: self.set.clone() }
    }

    /// The settings as they were typed.
    pub(crate) fn settings(&self) -> Vec<String> {
        self.set.iter().map(|(pointer, json)| format!("{pointer}={json}")).collect()
    }
}

impl From<Queue> for QueueKind {
    fn from(queue: Queue) -> QueueKind {
        match queue {
            Queue::Lazy => QueueKind::Lazy,
            Queue::Keyed => QueueKind::Keyed,
        }
    }
}

/// Splits a setting at its first equals sign; the scenario's reader checks both sides.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((pointer, json)) => Ok((pointer.to_string(), json.to_string())),
        None => Err("there is no = in it; write it as in /network/loss=0.1".to_string()),
    }
}

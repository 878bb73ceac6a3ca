//! The page of a sweep, with the commands that make its runs again.

use std::path::Path;

use commitsim_charts::{Manifest, Record, Results, page};
use commitsim_rng::Seed;

use crate::changes::Changes;
use crate::repro;

/// What the copy of the scenario in a sweep's directory is called.
pub(crate) const SCENARIO: &str = "scenario.json";

/// The page of a sweep.
pub(crate) fn page_of(results: &Results) -> Result<String, String> {
    let again = |record: &Record| command(results.manifest(), record, Path::new(SCENARIO));
    page(results, &again)
}

/// The command that makes a run of a sweep again from a copy of its scenario.
pub(crate) fn command(manifest: &Manifest, record: &Record, scenario: &Path) -> String {
    let cell = record.job / u64::from(manifest.seeds.max(1));
    let protocols = manifest.protocols.len().max(1) as u64;
    let (point, protocol) = (cell / protocols, (cell % protocols) as usize);
    let typed = manifest.changes.iter().filter_map(|change| change.strip_prefix("--set "));
    let typed = typed.filter_map(|set| set.split_once('='));
    let mut changes = Changes::default();
    changes.set.extend(typed.map(|(pointer, json)| (pointer.to_string(), json.to_string())));
    let values = manifest.axes.iter().zip(manifest.values_at(point));
    changes.set.extend(values.map(|(axis, n)| (axis.path.clone(), axis.values[n].clone())));
    let id = manifest.protocols.get(protocol).map_or("", |entry| entry.id.as_str());
    let seed = Seed(record.seed.parse().unwrap_or(0));
    repro::command("run", &changes, scenario, id, seed)
}

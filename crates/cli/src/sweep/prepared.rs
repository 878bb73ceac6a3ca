//! A sweep that has been read and checked, ready to run any of its jobs.

use std::path::{Path, PathBuf};

use commitsim_charts::{AxisEntry, Cell, Manifest, PlotEntry, ProtocolEntry, Record, usual};
use commitsim_rng::Seed;
use commitsim_scenario::{Plot, Point, Scenario, Sweep, limits};
use commitsim_sim::QueueKind;

use super::facts::facts;
use super::measured::measured;
use crate::changes::Changes;
use crate::input::{self, Wrong};
use crate::repro;
use crate::translate;
use crate::trial::{Panicked, Trial, caught};

/// A sweep that has been read and checked.
pub(crate) struct Prepared {
    pub(crate) manifest: Manifest,
    file: PathBuf,
    changes: Changes,
    points: Vec<Point>,
    sweep: Sweep,
    seed: Seed,
}

/// The list of what this program is made of: another one may give other results.
const DEPENDENCIES: &[u8] = include_bytes!("../../../../Cargo.lock");

impl Prepared {
    /// Reads a scenario; `seeds` wins over what it says.
    pub(crate) fn read(
        file: &Path,
        changes: &Changes,
        seeds: Option<u32>,
    ) -> Result<Prepared, Wrong> {
        let (text, scenario, points) = input::points(file, &changes.overrides())?;
        let mut sweep = scenario.sweep.clone().unwrap_or_else(Sweep::plain);
        sweep.seeds = seeds.unwrap_or(sweep.seeds);
        let manifest = manifest(file, &text, changes, &scenario, &sweep, &points);
        if manifest.jobs() > limits::RUNS {
            let why = format!(
                "it would make {} runs, and {} are the most",
                manifest.jobs(),
                limits::RUNS
            );
            return Err(input::refused(file, why, "take fewer seeds or values"));
        }
        let (file, changes, seed) = (file.to_path_buf(), changes.clone(), scenario.seed);
        Ok(Prepared { manifest, file, changes, points, sweep, seed })
    }

    /// The point, the protocol and the replicate of a job.
    fn place(&self, job: u64) -> (usize, usize, u64) {
        let seeds = u64::from(self.sweep.seeds);
        let protocols = self.manifest.protocols.len() as u64;
        let cell = job / seeds;
        ((cell / protocols) as usize, (cell % protocols) as usize, job % seeds)
    }

    /// The seed of a replicate: the same at every point and for every protocol, so that all of
    /// them meet the same luck.
    fn seed_of(&self, replicate: u64) -> Seed {
        Seed(self.seed.0.wrapping_add(replicate))
    }

    /// Makes one run. What comes of it depends on nothing but the manifest and the job's number.
    pub(crate) fn run(&self, job: u64) -> Result<Record, Panicked> {
        let (point, protocol, replicate) = self.place(job);
        let scenario = &self.points[point].scenario;
        let choice = &scenario.protocols[protocol];
        let seed = self.seed_of(replicate);
        let trial = Trial::new(scenario, choice, QueueKind::Lazy);
        let mut wanted = trial.job();
        wanted.seed = seed;
        let run = caught(trial.runnable(), &wanted, None)?;
        // What else a scenario expects is about its own values; that a protocol breaks nothing
        // is expected everywhere, unless it is there to be seen breaking something.
        let unexpected = !run.violations.is_empty() && !scenario.expect.is_negative(choice.id);
        Ok(measured(job, seed.to_string(), &run, unexpected))
    }

    /// The command that makes one run alone.
    pub(crate) fn repro(&self, job: u64) -> String {
        let (point, protocol, replicate) = self.place(job);
        let mut changes = self.changes.clone();
        let values = self.sweep.axes.iter().zip(&self.points[point].values);
        changes.set.extend(values.map(|(axis, n)| (axis.path.clone(), axis.values[*n].clone())));
        let id = self.points[point].scenario.protocols[protocol].id;
        repro::command("run", &changes, &self.file, id, self.seed_of(replicate))
    }
}

fn manifest(
    file: &Path,
    text: &[u8],
    changes: &Changes,
    scenario: &Scenario,
    sweep: &Sweep,
    points: &[Point],
) -> Manifest {
    let tool = concat!("commitsim ", env!("CARGO_PKG_VERSION")).to_string();
    let mut manifest = Manifest::new(tool, DEPENDENCIES);
    manifest.scenario = input::file_name(file);
    let settings = changes.settings().into_iter().map(|setting| format!("--set {setting}"));
    let picked = changes.protocol.iter().map(|id| format!("--protocol {id}"));
    manifest.changes = settings.chain(picked).collect();
    manifest.title = scenario.title.clone().unwrap_or_default();
    manifest.seed = scenario.seed.to_string();
    manifest.seeds = sweep.seeds;
    manifest.text = String::from_utf8_lossy(text).into_owned();
    let about = |id: &str| commitsim_catalog::find(id).map(|runnable| runnable.about());
    let entry = |choice: &commitsim_scenario::ProtocolChoice| ProtocolEntry {
        id: choice.id.to_string(),
        options: about(choice.id)
            .map(|about| translate::options(choice, about))
            .unwrap_or_default(),
    };
    manifest.protocols = scenario.protocols.iter().map(entry).collect();
    let axis = |axis: &commitsim_scenario::Axis| AxisEntry {
        path: axis.path.clone(),
        label: axis.label.clone(),
        values: axis.values.clone(),
        names: axis.names.clone(),
    };
    manifest.axes = sweep.axes.iter().map(axis).collect();
    manifest.metrics = sweep.metrics.clone();
    let cells = points.iter().flat_map(|point| {
        let scenario = &point.scenario;
        scenario.protocols.iter().map(|choice| {
            let trial = Trial::new(scenario, choice, QueueKind::Lazy);
            facts(scenario, trial.runnable(), trial.job().options)
        })
    });
    manifest.cells = cells.collect::<Vec<Cell>>();
    manifest.plots = sweep.plots.iter().map(entry_of_plot).collect();
    if manifest.plots.is_empty() {
        manifest.plots = usual(&manifest);
    }
    manifest
}

fn entry_of_plot(plot: &Plot) -> PlotEntry {
    let plot = plot.clone();
    PlotEntry {
        id: plot.id,
        title: plot.title.unwrap_or_default(),
        kind: plot.kind,
        x: plot.x,
        x_statistic: plot.x_statistic,
        along: plot.along,
        y: plot.y,
        statistic: plot.statistic,
        series: plot.series,
        facets: plot.facets,
        log_x: plot.log_x,
        log_y: plot.log_y,
    }
}

#[cfg(test)]
mod tests {
    use commitsim_charts::Metric;

    #[test]
    fn scenarios_and_charts_know_the_same_words() {
        let known: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(known, commitsim_scenario::METRICS);
        let known: Vec<&str> = commitsim_charts::FIGURES.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(known, commitsim_scenario::FIGURES);
    }
}

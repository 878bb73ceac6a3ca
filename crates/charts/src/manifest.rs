//! What was to be run: stored before the first run, compared before anything is added to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::metric::Metric;

/// The format of the files that this version reads and writes.
const FORMAT: &str = "commitsim-sweep/1";

/// Everything that the records of a sweep depend on. It holds no time, no path and no number of
/// threads, so that sweeps of the same thing have the same manifest wherever they run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    /// Which program ran it.
    pub tool: String,
    /// The checksum of the program's list of dependencies.
    pub dependencies: String,
    /// The name of the scenario's file.
    pub scenario: String,
    /// What the command line changed in the scenario, as it was typed.
    pub changes: Vec<String>,
    /// The scenario's title.
    pub title: String,
    /// The seed of the first replicate; the others follow it.
    pub seed: String,
    /// How many replicates there are.
    pub seeds: u32,
    /// What was compared.
    pub protocols: Vec<ProtocolEntry>,
    /// What was varied; the last varies fastest but for the protocol and the replicate.
    pub axes: Vec<AxisEntry>,
    /// What the tables show.
    pub metrics: Vec<String>,
    /// The figures.
    pub plots: Vec<PlotEntry>,
    /// What is known beforehand of each protocol at each point, protocols fastest.
    pub cells: Vec<Cell>,
    /// The scenario as it was written.
    pub text: String,
}

/// A protocol with its options.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProtocolEntry {
    /// Its id.
    pub id: String,
    /// The options that differ from its defaults.
    pub options: BTreeMap<String, String>,
}

/// Something that was varied.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AxisEntry {
    /// The JSON pointer of what was replaced.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// What was put there, as compact JSON.
    pub values: Vec<String>,
    /// What the values are called.
    pub names: Vec<String>,
}

/// A figure that is wanted; the words are those of scenario files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlotEntry {
    /// The name of its files.
    pub id: String,
    /// What stands above it; empty for what it shows.
    pub title: String,
    /// What is drawn.
    pub kind: String,
    /// The label of what runs along the horizontal axis; in an ecdf and a ccdf, and in a line of
    /// one metric against another, the metric.
    pub x: String,
    /// Which quantile of the metric along the horizontal axis; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub x_statistic: String,
    /// What is varied from point to point of a line of one metric against another; empty in every
    /// other figure.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub along: String,
    /// The metric along the vertical axis; empty in an ecdf and a ccdf.
    pub y: String,
    /// Which quantile of it; empty for a rate.
    pub statistic: String,
    /// What has a line of its own; empty where there is but one.
    pub series: String,
    /// What has a panel of its own.
    pub facets: Vec<String>,
    /// Whether the horizontal axis is logarithmic.
    pub log_x: bool,
    /// Whether the vertical axis is logarithmic.
    pub log_y: bool,
}

/// What is known beforehand of a protocol at a point; none where no formula applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Cell {
    /// Messages of a commit in which nothing fails.
    pub messages: Option<u64>,
    /// Its forced records.
    pub forced: Option<u64>,
    /// How many messages and forced records more it may take where votes cross on their way.
    pub glare: [u64; 2],
    /// Its message delays until the root knows, until all have decided, until all is forgotten.
    pub delays: Option<[u64; 3]>,
    /// One message delay in nanoseconds, the mean of an ordinary link.
    pub delay_ns: Option<u64>,
}

impl Manifest {
    /// A manifest of this version's format, with nothing in it yet but who made it.
    #[must_use]
    pub fn new(tool: String, dependencies: &[u8]) -> Manifest {
        Manifest {
            format: FORMAT.to_string(),
            tool,
            dependencies: format!("{:08x}", crc32fast::hash(dependencies)),
            scenario: String::new(),
            changes: Vec::new(),
            title: String::new(),
            seed: String::new(),
            seeds: 0,
            protocols: Vec::new(),
            axes: Vec::new(),
            metrics: Vec::new(),
            plots: Vec::new(),
            cells: Vec::new(),
            text: String::new(),
        }
    }

    /// Reads a manifest from a file, which may be anybody's.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn read(text: &str) -> Result<Manifest, String> {
        let manifest: Manifest = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if manifest.format != FORMAT {
            return Err(format!("its format is not {FORMAT}"));
        }
        manifest.sound().map_err(str::to_string)?;
        Ok(manifest)
    }

    /// The manifest as text, with a line break at its end.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    fn sound(&self) -> Result<(), &'static str> {
        let fits =
            |axis: &AxisEntry| !axis.values.is_empty() && axis.values.len() == axis.names.len();
        if !self.axes.iter().all(fits) {
            return Err("an axis has not one name for each of its values");
        }
        let cells = self.points().checked_mul(self.protocols.len() as u64);
        if self.protocols.is_empty() || cells != Some(self.cells.len() as u64) {
            return Err("it has not one cell for each protocol at each point");
        }
        if self.metrics.iter().any(|name| Metric::named(name).is_none()) {
            return Err("it names a metric that this version does not know");
        }
        let thing = |name: &String| name == "protocol" || self.axis(name).is_some();
        let plot = |plot: &PlotEntry| {
            let spread = matches!(plot.kind.as_str(), "ecdf" | "ccdf");
            let x = match plot.along.is_empty() {
                true => spread || thing(&plot.x),
                false => !spread && thing(&plot.along) && Metric::named(&plot.x).is_some(),
            };
            let metric = if spread { &plot.x } else { &plot.y };
            let series = plot.series.is_empty() || thing(&plot.series);
            x && series && Metric::named(metric).is_some() && plot.facets.iter().all(thing)
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        let named = |plot: &PlotEntry| !plot.id.is_empty() && plot.id.chars().all(plain);
        if !self.plots.iter().all(|one| named(one) && plot(one)) {
            return Err("one of its figures shows what is not there");
        }
        let mut ids: Vec<&str> = self.plots.iter().map(|plot| plot.id.as_str()).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("two of its figures have one name");
        }
        Ok(())
    }

    /// How many points there are.
    #[must_use]
    pub fn points(&self) -> u64 {
        self.axes.iter().map(|axis| axis.values.len() as u64).fold(1, u64::saturating_mul)
    }

    /// How many runs there are.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        (self.cells.len() as u64).saturating_mul(u64::from(self.seeds))
    }

    /// The command that runs it.
    #[must_use]
    pub fn command(&self) -> String {
        let Manifest { scenario, seed, seeds, changes, .. } = self;
        let changes: String = changes.iter().map(|change| format!(" {change}")).collect();
        format!("commitsim sweep {scenario} --seed {seed} --seeds {seeds}{changes}")
    }

    /// The axis of that label.
    #[must_use]
    pub fn axis(&self, label: &str) -> Option<&AxisEntry> {
        self.axes.iter().find(|axis| axis.label == label)
    }

    /// The number of the value on each axis at a point.
    #[must_use]
    pub fn values_at(&self, point: u64) -> Vec<usize> {
        let mut rest = point;
        let mut values: Vec<usize> = Vec::new();
        for axis in self.axes.iter().rev() {
            let count = axis.values.len() as u64;
            values.push((rest % count) as usize);
            rest /= count;
        }
        values.reverse();
        values
    }

    /// What a point is called, as in `loss = 5%, N = 4`; empty where nothing is varied.
    #[must_use]
    pub fn point_name(&self, point: u64) -> String {
        let values = self.values_at(point);
        let named = self.axes.iter().zip(values);
        let names: Vec<String> =
            named.map(|(axis, value)| format!("{} = {}", axis.label, axis.names[value])).collect();
        names.join(", ")
    }

    /// What a protocol is called: its id, with its options where it has any.
    #[must_use]
    pub fn protocol_name(&self, protocol: usize) -> String {
        let Some(entry) = self.protocols.get(protocol) else { return String::new() };
        if entry.options.is_empty() {
            return entry.id.clone();
        }
        let options: Vec<String> =
            entry.options.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} ({})", entry.id, options.join(", "))
    }

    /// The keys in which two manifests differ, each with what it is here and there, cut to a line.
    #[must_use]
    pub fn differences(&self, other: &Manifest) -> Vec<(String, String, String)> {
        let values = |manifest: &Manifest| serde_json::to_value(manifest).unwrap_or_default();
        let (here, there) = (values(self), values(other));
        let (Some(here), Some(there)) = (here.as_object(), there.as_object()) else {
            return Vec::new();
        };
        let cut = |value: &serde_json::Value| {
            let text = value.to_string();
            let short: String = text.chars().take(60).collect();
            if short.len() < text.len() { short + "…" } else { short }
        };
        let pairs = here.iter().filter_map(|(key, one)| Some((key, one, there.get(key)?)));
        pairs
            // What is known beforehand follows from the rest.
            .filter(|(key, one, two)| key.as_str() != "cells" && one != two)
            .map(|(key, one, two)| (key.clone(), cut(one), cut(two)))
            .collect()
    }
}

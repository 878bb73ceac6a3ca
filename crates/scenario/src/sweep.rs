//! What a scenario varies, and how often each point of that is run.

use std::collections::BTreeSet;

use crate::form_sweep::{AXIS, METRICS, SWEEP};
use crate::json::{Json, Value};
use crate::limits;
use crate::place::{Place, quoted};
use crate::plots::Plot;
use crate::reader::{Fields, Reader};
use crate::scenario::is_hidden;
use crate::write::quote;

/// What a scenario varies, and what is made of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sweep {
    /// How many runs each protocol makes at each point.
    pub seeds: u32,
    /// What is varied; the last varies fastest.
    pub axes: Vec<Axis>,
    /// What the table at the end shows.
    pub metrics: Vec<String>,
    /// The figures; none where those are wanted that suit what is varied.
    pub plots: Vec<Plot>,
}

/// One thing that is varied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axis {
    /// What is replaced: a JSON pointer into the scenario.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// What is put there, at least one, all different: as compact JSON.
    pub values: Vec<String>,
    /// What the values are called, one each, all different.
    pub names: Vec<String>,
}

/// What stands for the protocols, which are always varied.
pub(crate) const PROTOCOL: &str = "protocol";

/// How many runs each protocol makes at each point where nothing is said.
const SEEDS: u32 = 100;

/// What the table shows where nothing is said.
const SHOWN: [&str; 8] = [
    "latency.client",
    "latency.decided",
    "messages",
    "forced",
    "blocked",
    "in_doubt",
    "rate.committed",
    "rate.violated",
];

/// Parts of a scenario that are not varied, with the reason.
const FIXED: [(&str, &str); 6] = [
    ("protocols", "protocols are always compared; list them, also one twice with other options"),
    ("seed", "`seeds` says how many there are"),
    ("sweep", ""),
    ("format", ""),
    ("title", ""),
    ("notes", ""),
];

impl Sweep {
    /// The sweep of a scenario without one: its own values alone.
    #[must_use]
    pub fn plain() -> Sweep {
        let metrics = SHOWN.map(str::to_string).to_vec();
        Sweep { seeds: SEEDS, axes: Vec::new(), metrics, plots: Vec::new() }
    }

    /// How many points there are.
    #[must_use]
    pub fn points(&self) -> u64 {
        self.axes.iter().map(|axis| axis.values.len() as u64).fold(1, u64::saturating_mul)
    }

    /// The numbers of the values at a point, one for each axis.
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
}

impl Reader {
    /// A sweep. Whether its values can be put where they belong is seen later.
    pub(crate) fn sweep(&mut self, json: &Json<'_>) -> Option<Sweep> {
        let fields = self.object(json, &SWEEP)?;
        let mut sweep = Sweep::plain();
        if let Some(seeds) = fields.get("seeds").and_then(|json| {
            self.integer(json, 1, limits::SEEDS).and_then(|seeds| u32::try_from(seeds).ok())
        }) {
            sweep.seeds = seeds;
        }
        if let Some(json) = fields.get("vary") {
            let items = self.list(json, "what is varied").unwrap_or_default();
            for item in items {
                if let Some(axis) = self.axis(item, &sweep.axes) {
                    sweep.axes.push(axis);
                }
            }
            self.size_of(json.place, &sweep);
        }
        if let Some(json) = fields.get("metrics") {
            sweep.metrics = self.metrics(json);
        }
        for item in fields.get("plots").and_then(|json| self.list(json, "figures")).unwrap_or(&[]) {
            if let Some(plot) = self.plot(item, &sweep) {
                sweep.plots.push(plot);
            }
        }
        Some(sweep)
    }

    fn size_of(&mut self, place: Place, sweep: &Sweep) {
        let points = sweep.points();
        if points > limits::POINTS {
            let found = format!("these values make {points} points");
            self.refuse(place, found, format!("at most {} points", limits::POINTS), "");
        }
    }

    fn axis(&mut self, json: &Json<'_>, before: &[Axis]) -> Option<Axis> {
        let fields = self.object(json, &AXIS)?;
        let path = self.pointer(fields.get("path")?, before)?;
        let last = path.rsplit('/').next().unwrap_or_default().replace("~1", "/");
        let label = match fields.get("label") {
            Some(json) => (self.prose(json, limits::LABEL)?, json.place),
            None => (shortened(&last.replace("~0", "~")), json.place),
        };
        let taken = |other: &str| before.iter().any(|axis| axis.label == other);
        if label.0.is_empty() || label.0 == PROTOCOL || METRICS.contains(&label.0.as_str()) {
            let found = format!("{} cannot be what this is called", quoted(&label.0));
            self.refuse(label.1, found, "a name that means nothing else", "give it a `label`");
        } else if taken(&label.0) {
            let found = format!("something else is called {} too", quoted(&label.0));
            self.refuse(label.1, found, "a label of its own", "give it a `label`");
        }
        let (values, names) = self.values(&fields)?;
        Some(Axis { path, label: label.0, values, names })
    }

    /// A pointer that may be varied, as it is written.
    fn pointer(&mut self, json: &Json<'_>, before: &[Axis]) -> Option<String> {
        let allowed = "a JSON pointer into the scenario, as in /network/loss";
        let path = self.text(json, allowed)?.to_string();
        let top = path.split('/').nth(1).unwrap_or_default();
        let fixed = FIXED.iter().find(|(name, _)| *name == top);
        let (found, hint) = if path.chars().count() > limits::TITLE {
            (format!("{} is too long", quoted(&path)), "")
        } else if !path.starts_with('/') {
            (format!("{} does not begin with /", quoted(&path)), "put / before it")
        } else if let Some((name, hint)) = fixed {
            (format!("`{name}` cannot be varied"), *hint)
        } else if before.iter().any(|axis| axis.path == path) {
            (format!("{} is varied already", quoted(&path)), "put all its values into one list")
        } else {
            return Some(path);
        };
        self.refuse(json.place, found, allowed, hint);
        None
    }

    /// The values as compact JSON, and their names.
    fn values(&mut self, fields: &Fields<'_, '_>) -> Option<(Vec<String>, Vec<String>)> {
        let json = fields.get("values")?;
        let items = self.list(json, "values")?;
        if items.is_empty() || items.len() > limits::VALUES {
            let found = format!("{} values", items.len());
            self.refuse(json.place, found, format!("1 to {} values", limits::VALUES), "");
            return None;
        }
        let values: Vec<String> = items.iter().map(compact).collect();
        let mut seen = BTreeSet::new();
        for (item, value) in items.iter().zip(&values) {
            if !seen.insert(value) {
                let found = format!("{} is listed twice", quoted(value));
                self.refuse(item.place, found, "each value once", "");
            }
        }
        let Some(json) = fields.get("names") else {
            let names = items.iter().zip(&values).map(|(item, value)| name_of(item, value));
            return Some((values.clone(), unique(names.collect())));
        };
        let mut names = Vec::new();
        for item in self.list(json, "names")? {
            let name = self.prose(item, limits::LABEL)?;
            if name.is_empty() || names.contains(&name) {
                let found = format!("{} names nothing, or two things", quoted(&name));
                self.refuse(item.place, found, "a name of its own for each value", "");
            }
            names.push(name);
        }
        if names.len() != values.len() {
            let found = format!("{} names for {} values", names.len(), values.len());
            self.refuse(json.place, found, "one name for each value", "");
            return None;
        }
        Some((values, names))
    }

    fn metrics(&mut self, json: &Json<'_>) -> Vec<String> {
        let mut metrics: Vec<String> = Vec::new();
        let choices = METRICS.map(|name| (name, name));
        let items = self.list(json, "metrics").unwrap_or_default();
        if items.is_empty() {
            self.refuse(json.place, "the list of metrics is empty", "at least one metric", "");
        }
        for item in items {
            let Some(metric) = self.one_of(item, "a metric", &choices) else { continue };
            if metrics.iter().any(|other| other == metric) {
                let found = format!("`{metric}` is listed twice");
                self.refuse(item.place, found, "each metric once", "");
            }
            metrics.push(metric.to_string());
        }
        metrics
    }
}

/// What a value is called where its author says nothing: what it is if it is short.
fn name_of(json: &Json<'_>, compact: &str) -> String {
    let text = match &json.value {
        Value::Text(text) => text,
        _ => compact,
    };
    let short = shortened(text);
    if short.is_empty() { "\"\"".to_string() } else { short }
}

/// What of a text is fit to be a label.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).take(limits::LABEL).collect()
}

/// The same names, with a number behind those that are there already.
fn unique(names: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        let numbered = (2..).map(|n| format!("{name} ({n})"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !all.contains(name));
        all.extend(free);
    }
    all
}

/// A value on one line, without blanks.
pub(crate) fn compact(json: &Json<'_>) -> String {
    let joined = |parts: Vec<String>| parts.join(",");
    match &json.value {
        Value::Null => "null".to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(text) => (*text).to_string(),
        Value::Text(text) => quote(text),
        Value::List(items) => format!("[{}]", joined(items.iter().map(compact).collect())),
        Value::Object(members) => {
            let member = |key: &str, value: &Json<'_>| format!("{}:{}", quote(key), compact(value));
            let members = members.iter().map(|one| member(&one.key, &one.value));
            format!("{{{}}}", joined(members.collect()))
        }
    }
}

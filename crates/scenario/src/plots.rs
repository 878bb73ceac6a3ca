//! The figures that a sweep asks for.

use crate::form_sweep::{KINDS, METRICS, PLOT, STATISTICS};
use crate::json::{Json, Value};
use crate::limits;
use crate::place::{Place, quoted};
use crate::reader::{Fields, Reader, listed};
use crate::sweep::{PROTOCOL, Sweep};

/// A figure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plot {
    /// The name of its files.
    pub id: String,
    /// What stands above it.
    pub title: Option<String>,
    /// What is drawn: one of line, ecdf, ccdf, box, violin, bar and heatmap.
    pub kind: String,
    /// The label of what runs along the horizontal axis, or `protocol`; in an ecdf and a ccdf, and
    /// in a line of one metric against another, the metric.
    pub x: String,
    /// Which quantile of the metric along the horizontal axis; empty where there is none.
    pub x_statistic: String,
    /// The label of what is varied from point to point of a line of one metric against another;
    /// empty in every other figure.
    pub along: String,
    /// The metric along the vertical axis; empty in an ecdf and a ccdf.
    pub y: String,
    /// Which quantile of it.
    pub statistic: String,
    /// What has a line of its own: `protocol` or a label; empty where there is but one.
    pub series: String,
    /// What has a panel of its own: labels, or `protocol`.
    pub facets: Vec<String>,
    /// Whether the horizontal axis is logarithmic.
    pub log_x: bool,
    /// Whether the vertical axis is logarithmic.
    pub log_y: bool,
}

impl Reader {
    /// A figure.
    pub(crate) fn plot(&mut self, json: &Json<'_>, sweep: &Sweep) -> Option<Plot> {
        let fields = self.object(json, &PLOT)?;
        let id = self.plot_id(fields.get("id")?, sweep);
        let title = fields.get("title").and_then(|json| self.prose(json, limits::TITLE));
        let kind = self.one_of(fields.get("kind")?, "a figure", &KINDS.map(|kind| (kind, kind)))?;
        let spread = matches!(kind, "ecdf" | "ccdf");
        let things: Vec<&str> =
            sweep.axes.iter().map(|axis| axis.label.as_str()).chain([PROTOCOL]).collect();
        let usual = things.first().copied().unwrap_or(PROTOCOL).to_string();
        let crossed = kind == "line" && fields.get("x").is_some_and(names_metric);
        let (x, x_statistic) = match fields.get("x") {
            Some(json) if spread => (self.measured(json)?.to_string(), String::new()),
            None if spread => ("latency.decided".to_string(), String::new()),
            Some(json) if crossed => self.statistic(Some(json), json.place, kind)?,
            Some(json) => (self.thing(json, &things)?, String::new()),
            None => (usual, String::new()),
        };
        let (y, statistic) = match spread {
            true => (String::new(), String::new()),
            false => self.statistic(fields.get("y"), json.place, kind)?,
        };
        let series = match fields.get("series") {
            Some(json) => self.thing(json, &things)?,
            None if x == PROTOCOL => String::new(),
            None => PROTOCOL.to_string(),
        };
        let facet = match fields.get("facet") {
            Some(json) => Some(self.thing(json, &things)?),
            None => None,
        };
        let along = self.along(&fields, crossed, &things, &[Some(&series), facet.as_ref()])?;
        let unused = |thing: &&str| **thing != x && **thing != series && **thing != along;
        let facets: Vec<String> =
            things.iter().filter(|thing| unused(thing)).map(|thing| (*thing).to_string()).collect();
        if let Some(facet) = facet.filter(|facet| !facets.contains(facet)) {
            let found = format!("{} is drawn twice", quoted(&facet));
            self.refuse(json.place, found, "each thing in one place", "");
        }
        if x == series || along == series && crossed {
            let name = if crossed { "along" } else { "x" };
            let found = format!("{} is both {name} and series", quoted(&series));
            self.refuse(json.place, found, "each thing in one place", "");
        }
        self.panels(json.place, sweep, &facets);
        let (log_x, log_y) = self.logarithms(&fields);
        let kind = kind.to_string();
        let id = id?;
        Some(Plot {
            id,
            title,
            kind,
            x,
            x_statistic,
            along,
            y,
            statistic,
            series,
            facets,
            log_x,
            log_y,
        })
    }

    /// What is varied from point to point where one metric is drawn against another; empty in
    /// every other figure.
    fn along(
        &mut self,
        fields: &Fields<'_, '_>,
        crossed: bool,
        things: &[&str],
        taken: &[Option<&String>],
    ) -> Option<String> {
        match (fields.get("along"), crossed) {
            (Some(json), true) => self.thing(json, things),
            (Some(json), false) => {
                let allowed = "`along` only in a line whose `x` is a metric";
                self.refuse(json.place, "`along` means nothing here", allowed, "leave it out");
                None
            }
            (None, false) => Some(String::new()),
            (None, true) => {
                let free = |thing: &&&str| taken.iter().flatten().all(|name| *name != **thing);
                let first = things.iter().find(free);
                Some(first.copied().unwrap_or(PROTOCOL).to_string())
            }
        }
    }

    fn plot_id(&mut self, json: &Json<'_>, sweep: &Sweep) -> Option<String> {
        let allowed = "up to 64 small letters, digits, - and _";
        let id = self.text(json, allowed)?.to_string();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = !id.is_empty()
            && id.len() <= limits::NAME
            && id.bytes().all(|byte| plain(byte) || b"-_".contains(&byte));
        if !fits {
            self.refuse(json.place, format!("{} is no name", quoted(&id)), allowed, "");
        } else if sweep.plots.iter().any(|plot| plot.id == id) {
            let found = format!("another figure is called {} too", quoted(&id));
            self.refuse(json.place, found, "a name of its own for each figure", "");
        }
        Some(id)
    }

    /// A metric that has quantiles, by its name.
    fn measured(&mut self, json: &Json<'_>) -> Option<&'static str> {
        let numbers: Vec<(&'static str, &'static str)> = METRICS
            .iter()
            .filter(|name| !name.starts_with("rate."))
            .map(|name| (*name, *name))
            .collect();
        self.one_of(json, "a metric with a distribution", &numbers)
    }

    /// A metric, and which quantile of it.
    fn statistic(
        &mut self,
        json: Option<&Json<'_>>,
        place: Place,
        kind: &str,
    ) -> Option<(String, String)> {
        let Some(json) = json else {
            self.refuse(place, format!("`y` is missing in a {kind}"), listed(METRICS), "");
            return None;
        };
        let text = self.text(json, "a metric")?;
        let (name, statistic) = text.split_once(':').unwrap_or((text, ""));
        let rate = name.starts_with("rate.");
        let drawn_whole = matches!(kind, "box" | "violin");
        if !METRICS.contains(&name) || (rate && drawn_whole) {
            let known = METRICS.iter().copied();
            let hint = match METRICS.contains(&name) {
                true => "a rate has no distribution; draw a line or bars".to_string(),
                false => self.suggest(name, known.clone()),
            };
            let fits = known.filter(|name| !(drawn_whole && name.starts_with("rate.")));
            let found = format!("{} is nothing that a {kind} can show", quoted(name));
            self.refuse(json.place, found, listed(fits), hint);
            return None;
        }
        let usual = if rate { "" } else { "median" };
        let statistic = if statistic.is_empty() { usual } else { statistic };
        if !statistic.is_empty() && (rate || !STATISTICS.contains(&statistic)) {
            let found = format!("there is no {} of `{name}`", quoted(statistic));
            let hint = if rate { "a rate has no quantiles; leave it out" } else { "" };
            self.refuse(json.place, found, listed(STATISTICS), hint);
            return None;
        }
        Some((name.to_string(), statistic.to_string()))
    }

    /// The label of something that is varied, or `protocol`.
    fn thing(&mut self, json: &Json<'_>, things: &[&str]) -> Option<String> {
        let text = self.text(json, &listed(things.iter().copied()))?;
        if things.contains(&text) {
            return Some(text.to_string());
        }
        let hint = self.suggest(text, things.iter().copied());
        let found = format!("{} is not varied in this sweep", quoted(text));
        self.refuse(json.place, found, listed(things.iter().copied()), hint);
        None
    }

    /// Refuses a figure with more panels than fit on a page.
    fn panels(&mut self, place: Place, sweep: &Sweep, facets: &[String]) {
        let of = |label: &String| sweep.axes.iter().find(|axis| axis.label == *label);
        let panels: usize = facets.iter().filter_map(of).map(|axis| axis.values.len()).product();
        if panels > limits::PANELS {
            let found = format!("this figure would have {panels} panels");
            let allowed = format!("at most {} panels", limits::PANELS);
            self.refuse(place, found, allowed, "draw one more thing as x or series");
        }
    }

    fn logarithms(&mut self, fields: &Fields<'_, '_>) -> (bool, bool) {
        let (mut log_x, mut log_y) = (false, false);
        let Some(json) = fields.get("log") else { return (false, false) };
        for item in self.list(json, "axes").unwrap_or_default() {
            match self.one_of(item, "an axis", &[("x", true), ("y", false)]) {
                Some(true) if !log_x => log_x = true,
                Some(false) if !log_y => log_y = true,
                Some(_) => self.refuse(item.place, "this axis is listed twice", "each once", ""),
                None => {}
            }
        }
        (log_x, log_y)
    }
}

/// Whether a text begins as the name of a metric, which may have a quantile behind it.
fn names_metric(json: &Json<'_>) -> bool {
    let Value::Text(text) = &json.value else { return false };
    METRICS.contains(&text.split(':').next().unwrap_or_default())
}

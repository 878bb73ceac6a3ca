//! From records to a figure: which numbers are drawn, on which axes, with which words.

use commitsim_stats::{Bounds, Reached};

use crate::figure::{Axis, Figure, Mark, Panel, Quantiles, Scale, Series, Shape, Tile};
use crate::levels::statistic;
use crate::manifest::{Manifest, PlotEntry};
use crate::measure::{measures, time_unit};
use crate::metric::{Metric, Unit};
use crate::quantiles::quantiles;
use crate::range::Range;
use crate::results::Results;
use crate::spot::{self, Spot};
use crate::words::{interval, short, titled};

/// Draws what is wanted from what was measured; the numbers, that is, without a pixel.
#[must_use]
pub fn figure(results: &Results, plot: &PlotEntry) -> Figure {
    let named = if plot.y.is_empty() { &plot.x } else { &plot.y };
    let metric = Metric::named(named).unwrap_or(Metric::ALL[1]);
    let mut plan = Plan::new(results, plot, metric);
    let spots = Spot::all(plan.manifest, &plot.facets);
    let mut panels: Vec<Panel> = spots.iter().map(|spot| plan.panel(spot)).collect();
    plan.scale(&mut panels);
    Figure {
        id: plot.id.clone(),
        title: plan.title(),
        caption: plan.caption(),
        legend: plan.legend(&panels),
        panels,
    }
}

/// One figure in the making.
pub(crate) struct Plan<'a> {
    pub(crate) results: &'a Results,
    pub(crate) manifest: &'a Manifest,
    pub(crate) plot: &'a PlotEntry,
    pub(crate) metric: Metric,
    /// What is measured, in this unit and size.
    pub(crate) unit: &'static str,
    pub(crate) size: f64,
    /// The metric along the horizontal axis where one is drawn against another, with its unit and
    /// size.
    pub(crate) across: Option<(Metric, &'static str, f64)>,
    /// The places of the values of `x`, and its unit; none where they only have names.
    pub(crate) places: Option<(Vec<f64>, &'static str)>,
    /// Runs in which the value never came, and all.
    pub(crate) never: u64,
    pub(crate) all: u64,
    /// Points without a place along the axis.
    pub(crate) nowhere: u64,
    /// Whether somewhere there were too few runs for an interval.
    pub(crate) few: bool,
    /// Whether an axis that should be logarithmic is not, because something is zero.
    pub(crate) zeros: bool,
}

impl<'a> Plan<'a> {
    fn new(results: &'a Results, plot: &'a PlotEntry, metric: Metric) -> Plan<'a> {
        let manifest = results.manifest();
        let (unit, size) = unit_of(results, metric);
        let across = Metric::named(&plot.x).filter(|_| !plot.along.is_empty()).map(|metric| {
            let (unit, size) = unit_of(results, metric);
            (metric, unit, size)
        });
        let places = manifest
            .axis(&plot.x)
            .filter(|_| plot.kind == "line")
            .and_then(|axis| measures(&axis.values))
            .map(|measures| (measures.numbers, measures.unit))
            .filter(|(numbers, _)| !plot.log_x || numbers.iter().all(|number| *number > 0.0));
        let (never, all, few, zeros) = (0, 0, false, false);
        Plan {
            results,
            manifest,
            plot,
            metric,
            unit,
            size,
            across,
            places,
            never,
            all,
            nowhere: 0,
            few,
            zeros,
        }
    }

    pub(crate) fn spread(&self) -> bool {
        matches!(self.plot.kind.as_str(), "ecdf" | "ccdf")
    }

    /// A panel whose axes have no ends yet.
    fn panel(&mut self, spot: &Spot<'a>) -> Panel {
        let looks = spot::looks(self.manifest, &self.plot.series);
        let count = spot::count(self.manifest, &self.plot.series);
        let mut series = Vec::new();
        for (value, look) in looks.into_iter().enumerate().take(count) {
            let here = spot.with(&self.plot.series, value);
            let name = spot::name(self.manifest, &self.plot.series, value);
            let shapes = match self.plot.kind.as_str() {
                "ecdf" | "ccdf" => self.steps(&here),
                "line" => match self.across {
                    Some((across, _, size)) => self.curve(&here, across, size),
                    None => self.line(&here, value, count),
                },
                "bar" => self.bars(&here, value, count),
                "heatmap" => self.tiles(&here, value, count),
                _ => self.boxes(&here, value, count),
            };
            let room = if count > 1 { 1.0 - value as f64 / (count - 1) as f64 } else { 0.0 };
            let one = |shape| Series { name: name.clone(), look, room, shape };
            series.extend(shapes.into_iter().map(one));
        }
        if self.plot.series.is_empty() && self.plot.x == spot::PROTOCOL {
            series = self.apart(&series);
        }
        // What is pale lies below everything else.
        series.sort_by_key(|one| !matches!(one.shape, Shape::Pale(_)));
        let (x, y) = (self.x_axis(), self.y_axis());
        Panel { heading: spot.name(self.manifest), x, y, series }
    }

    /// Bars and boxes of protocols beside each other, each in the look of its protocol.
    fn apart(&self, all: &[Series]) -> Vec<Series> {
        let looks = spot::looks(self.manifest, spot::PROTOCOL);
        let mut apart = Vec::new();
        for one in all {
            for (value, look) in looks.iter().enumerate() {
                let here = |x: f64| (x + 0.5) as usize == value;
                let shape = one.shape.clone().only(&here);
                let name = spot::name(self.manifest, spot::PROTOCOL, value);
                apart.push(Series { name, look: *look, room: one.room, shape });
            }
        }
        apart
    }

    /// The runs at a spot: what is drawn of them at a place.
    fn mark(&mut self, spot: &Spot<'_>, x: f64) -> Option<Mark> {
        let cell = spot.cell(self.manifest);
        if self.metric.is_share() {
            let rate = self.results.rate(cell, self.metric)?;
            let scaled = |ppm: u32| Some(f64::from(ppm) / self.size);
            let bounds = rate.interval().map(|(low, high)| (scaled(low), scaled(high)));
            return rate.ppm().map(|ppm| Mark { x, y: scaled(ppm), bounds });
        }
        let sample = self.results.sample(cell, self.metric)?;
        self.never += sample.never();
        self.all += sample.count();
        let (value, bounds) = statistic(&sample, &self.plot.statistic)?;
        let extreme = matches!(self.plot.statistic.as_str(), "min" | "max");
        self.few |= bounds.is_none() && !extreme;
        let scaled = |at: Reached| at.value().map(|value| value as f64 / self.size);
        let bounds = bounds.map(|Bounds { low, high }| (scaled(low), scaled(high)));
        Some(Mark { x, y: scaled(value), bounds })
    }

    /// The closed form, at least and at most.
    fn formula(&self, spot: &Spot<'_>) -> Option<(f64, f64)> {
        let cell = self.manifest.cells.get(spot.cell(self.manifest))?;
        let (least, most) = self.metric.formula(cell)?;
        Some((least as f64 / self.size, most as f64 / self.size))
    }

    fn line(&mut self, spot: &Spot<'a>, n: usize, count: usize) -> Vec<Shape> {
        let mut places = self.x_places();
        if self.places.is_none() {
            // On an axis of names there is room to stand beside each other.
            let count = count.max(4);
            places.iter_mut().enumerate().for_each(|(k, at)| *at = Plan::beside(k, n, count).0);
        }
        let (mut marks, mut forms) = (Vec::new(), Vec::new());
        for (value, place) in places.into_iter().enumerate() {
            let here = spot.with(&self.plot.x, value);
            marks.extend(self.mark(&here, place));
            forms.extend(self.formula(&here).map(|(least, _)| (place, least)));
        }
        let order = |one: &f64, other: &f64| one.total_cmp(other);
        marks.sort_by(|one, other| order(&one.x, &other.x));
        forms.sort_by(|one, other| order(&one.0, &other.0));
        let joined = self.places.is_some();
        let mut shapes = vec![Shape::Line { marks, joined }];
        if !forms.is_empty() {
            shapes.push(Shape::Pale(forms));
        }
        shapes
    }

    /// One metric against another, from value to value of what is varied.
    fn curve(&mut self, spot: &Spot<'a>, across: Metric, size: f64) -> Vec<Shape> {
        let mut marks = Vec::new();
        for value in 0..spot::count(self.manifest, &self.plot.along) {
            let here = spot.with(&self.plot.along, value);
            let x = if across.is_share() {
                self.results
                    .rate(here.cell(self.manifest), across)
                    .and_then(|rate| rate.ppm())
                    .map(u64::from)
            } else {
                let sample = self.results.sample(here.cell(self.manifest), across);
                let reached = sample.and_then(|sample| statistic(&sample, &self.plot.x_statistic));
                reached.and_then(|(value, _)| value.value())
            };
            match x {
                Some(x) => marks.extend(self.mark(&here, x as f64 / size)),
                None => self.nowhere += 1,
            }
        }
        vec![Shape::Line { marks, joined: true }]
    }

    fn x_places(&self) -> Vec<f64> {
        let count = spot::count(self.manifest, &self.plot.x);
        let named = || (0..count).map(|n| n as f64).collect();
        self.places.as_ref().map_or_else(named, |(numbers, _)| numbers.clone())
    }

    /// The place of the n-th of some neighbours that share the room of one name.
    fn beside(value: usize, n: usize, count: usize) -> (f64, f64) {
        let width = 0.8 / count.max(1) as f64;
        (value as f64 + width * (n as f64 - (count as f64 - 1.0) / 2.0), width * 0.86)
    }

    fn bars(&mut self, spot: &Spot<'a>, n: usize, count: usize) -> Vec<Shape> {
        let (mut marks, mut forms, mut width) = (Vec::new(), Vec::new(), 0.0);
        for value in 0..spot::count(self.manifest, &self.plot.x) {
            let here = spot.with(&self.plot.x, value);
            let (place, wide) = Plan::beside(value, n, count);
            width = wide;
            marks.extend(self.mark(&here, place));
            if let Some((least, most)) = self.formula(&here) {
                forms.push((place, least));
                forms.extend((most > least).then_some((place, most)));
            }
        }
        let mut shapes = vec![Shape::Bars { marks, width }];
        if !forms.is_empty() {
            shapes.push(Shape::Ticks { marks: forms, width: width * 1.1 });
        }
        shapes
    }

    fn boxes(&mut self, spot: &Spot<'a>, n: usize, count: usize) -> Vec<Shape> {
        let violin = self.plot.kind == "violin";
        let (mut boxes, mut width): (Vec<Quantiles>, f64) = (Vec::new(), 0.0);
        for value in 0..spot::count(self.manifest, &self.plot.x) {
            let here = spot.with(&self.plot.x, value);
            let (place, wide) = Plan::beside(value, n, count);
            width = wide;
            let sample = self.results.sample(here.cell(self.manifest), self.metric);
            let Some(sample) = sample else { continue };
            self.never += sample.never();
            self.all += sample.count();
            let outline = violin.then_some(self.plot.log_y);
            boxes.extend(quantiles(&sample, place, self.size, outline));
        }
        let shape =
            if violin { Shape::Violins { boxes, width } } else { Shape::Boxes { boxes, width } };
        vec![shape]
    }

    fn tiles(&mut self, spot: &Spot<'a>, row: usize, rows: usize) -> Vec<Shape> {
        let mut tiles = Vec::new();
        let row = rows.saturating_sub(row + 1);
        for column in 0..spot::count(self.manifest, &self.plot.x) {
            let here = spot.with(&self.plot.x, column);
            let Some(mark) = self.mark(&here, column as f64) else { continue };
            let words = [mark.y.map_or("never".to_string(), short), interval(mark.bounds)];
            let (value, bounds) = (mark.y, mark.bounds);
            tiles.push(Tile { column, row, shade: 0.0, value, bounds, words });
        }
        vec![Shape::Tiles(tiles)]
    }

    /// Steps without their ends, which the axes give.
    fn steps(&mut self, spot: &Spot<'a>) -> Vec<Shape> {
        let cell = spot.cell(self.manifest);
        let Some(sample) = self.results.sample(cell, self.metric) else { return Vec::new() };
        self.never += sample.never();
        self.all += sample.count();
        let all = sample.count() as f64;
        let rest = self.plot.kind == "ccdf";
        let height = |upto: u64| {
            let share = upto as f64 / all;
            if rest { (sample.count() - upto) as f64 / all } else { share }
        };
        let steps = sample.steps().map(|(value, upto)| (value as f64 / self.size, height(upto)));
        vec![Shape::Steps(steps.collect())]
    }

    fn x_axis(&self) -> Axis {
        let names = |thing: &str| {
            (0..spot::count(self.manifest, thing))
                .map(|value| spot::name(self.manifest, thing, value))
                .collect()
        };
        let plot = self.plot;
        let (title, scale) = match &self.places {
            _ if self.spread() => (self.measured(), Scale::Linear(0.0, 1.0)),
            _ if self.across.is_some() => (self.measured_across(), Scale::Linear(0.0, 1.0)),
            Some((_, unit)) => (titled(&plot.x, unit, plot.log_x), Scale::Linear(0.0, 1.0)),
            None => (plot.x.clone(), Scale::Names(names(&plot.x))),
        };
        Axis { title, scale, never: false }
    }

    fn y_axis(&self) -> Axis {
        let title = match self.plot.kind.as_str() {
            "ecdf" => "share of runs, at most x".to_string(),
            "ccdf" => titled("share of runs, more than x", "", self.plot.log_y),
            "heatmap" => self.plot.series.clone(),
            _ => self.measured(),
        };
        Axis { title, scale: Scale::Linear(0.0, 1.0), never: false }
    }

    /// What is measured along the horizontal axis, where that is a metric of its own.
    fn measured_across(&self) -> String {
        let Some((metric, unit, _)) = self.across else { return String::new() };
        let name = match self.plot.x_statistic.as_str() {
            "" => metric.name.to_string(),
            statistic => format!("{}, {statistic}", metric.name),
        };
        titled(&name, unit, self.plot.log_x)
    }

    /// What is measured, with its unit.
    fn measured(&self) -> String {
        let log = if self.spread() { self.plot.log_x } else { self.plot.log_y };
        let statistic = &self.plot.statistic;
        let whole = self.plot.kind == "box" || self.plot.kind == "violin";
        let name = match statistic.is_empty() || whole {
            true => self.metric.name.to_string(),
            false => format!("{}, {statistic}", self.metric.name),
        };
        titled(&name, self.unit, log)
    }

    /// Gives all panels the same axes, wide enough for everything that is drawn.
    fn scale(&mut self, panels: &mut [Panel]) {
        let (mut xs, mut ys) = (Range::NONE, Range::NONE);
        let mut never = false;
        let shapes = panels.iter().flat_map(|panel| &panel.series).map(|series| &series.shape);
        for shape in shapes {
            extent(shape, &mut xs, &mut ys, &mut never);
        }
        let log_y = self.plot.log_y && (ys.is_positive() || self.spread());
        let y = match self.plot.kind.as_str() {
            "heatmap" => {
                let count = spot::count(self.manifest, &self.plot.series);
                let name = |value| spot::name(self.manifest, &self.plot.series, value);
                // The first stands at the top.
                Scale::Names((0..count).rev().map(name).collect())
            }
            "ecdf" => Scale::Linear(0.0, 1.02),
            "ccdf" if log_y => Scale::Log(0.5 / f64::from(self.manifest.seeds.max(1)), 1.0),
            "ccdf" => Scale::Linear(0.0, 1.02),
            "bar" => ys.linear(true),
            _ if log_y => ys.logarithmic(),
            _ => ys.with(0.0).linear(true),
        };
        let x = match (&self.places, self.spread()) {
            _ if self.across.is_some() && self.plot.log_x && xs.is_positive() => {
                Some(xs.logarithmic())
            }
            _ if self.across.is_some() => Some(xs.with(0.0).linear(true)),
            (_, true) if self.plot.log_x && xs.is_positive() => Some(xs.logarithmic()),
            (Some(_), _) if self.plot.log_x => Some(xs.logarithmic()),
            (Some(_), _) | (None, true) => Some(xs.linear(false)),
            (None, false) => None,
        };
        for panel in panels {
            panel.y.scale = y.clone();
            panel.y.never = never && !self.spread();
            if let Some(x) = &x {
                panel.x.scale = x.clone();
            }
            if self.plot.kind == "ccdf" || self.plot.kind == "ecdf" {
                closed(panel, if self.plot.kind == "ecdf" { 0.0 } else { 1.0 });
            }
            shaded(panel, ys);
            for axis in [&mut panel.x, &mut panel.y] {
                self.zeros |= axis.unlog();
            }
        }
    }
}

/// The unit in which a metric is drawn, and how much of what is measured one of it is.
fn unit_of(results: &Results, metric: Metric) -> (&'static str, f64) {
    let cells = 0..results.manifest().cells.len();
    let most = cells.filter_map(|cell| results.sample(cell, metric)?.values().last().copied());
    match metric.unit {
        Unit::Time => time_unit(most.max().unwrap_or(0) as f64),
        Unit::RoundTrips => ("round trips", 1_000.0),
        Unit::Rate => ("per s", 1_000.0),
        Unit::Count => ("per transaction", 1.0),
        Unit::Share => ("%", 10_000.0),
    }
}

/// Puts the ends onto distributions: from the left edge, to the right one.
fn closed(panel: &mut Panel, start: f64) {
    let (Scale::Linear(low, high) | Scale::Log(low, high)) = panel.x.scale else { return };
    for series in &mut panel.series {
        if let Shape::Steps(steps) = &mut series.shape {
            let last = steps.last().map_or(start, |(_, height)| *height);
            steps.insert(0, (low, start));
            // Where nothing is left there is no line; on a logarithmic axis it would lie at the
            // bottom, which is not nothing.
            if last > 0.0 || start == 0.0 {
                steps.push((high, last));
            }
        }
    }
}

/// Gives each tile its shade: from nothing to the most that any has.
fn shaded(panel: &mut Panel, ys: Range) {
    let Scale::Linear(_, most) = ys.with(0.0).linear(true) else { return };
    for series in &mut panel.series {
        if let Shape::Tiles(tiles) = &mut series.shape {
            for tile in tiles {
                tile.shade = (tile.value.unwrap_or(most) / most).clamp(0.0, 1.0);
            }
        }
    }
}

fn extent(shape: &Shape, xs: &mut Range, ys: &mut Range, never: &mut bool) {
    let mut add = |x: f64, y: Option<f64>| {
        *xs = xs.with(x);
        match y {
            Some(y) => *ys = ys.with(y),
            None => *never = true,
        }
    };
    match shape {
        Shape::Line { marks, .. } | Shape::Bars { marks, .. } => {
            for mark in marks {
                add(mark.x, mark.y);
                for bound in mark.bounds.into_iter().flat_map(|(low, high)| [low, high]) {
                    add(mark.x, bound);
                }
            }
        }
        Shape::Pale(points) | Shape::Steps(points) | Shape::Ticks { marks: points, .. } => {
            points.iter().for_each(|(x, y)| add(*x, Some(*y)));
        }
        Shape::Boxes { boxes, .. } | Shape::Violins { boxes, .. } => {
            boxes.iter().for_each(|one| one.at.iter().for_each(|at| add(one.x, *at)));
        }
        Shape::Tiles(tiles) => {
            tiles.iter().filter_map(|tile| tile.value).for_each(|value| add(0.0, Some(value)));
        }
    }
}

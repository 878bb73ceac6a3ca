//! One strip of the drawing: a stretch of time, with all runs one above the other.

use crate::sheet::{Hangs, Pen, Place, Shape, Sheet, wide};
use crate::span::millis;
use crate::{duration, visible};

use super::axis::Axis;
use super::course::{Course, Fault, Stretch, lasting};
use super::kinds::Kind;
use super::labels::Frame;
use super::scene::Scene;
use super::signs::{self, GREY, GRID, INK, LANE, WHITE};
use super::{EDGE, LABEL, NAME, WIDTH};

/// Above the first lane of a run, between two of its lanes, and below the last.
const ABOVE: i64 = 700;
const BELOW: i64 = 700;

/// The height of a row above the lanes: a run's name, or faults.
const ROW: i64 = 380;

/// The height of the axis.
const AXIS: i64 = 640;

/// A strip of paper: which stretch of the axis it shows, and where.
pub(super) struct Strip<'a> {
    pub(super) axis: &'a Axis,
    pub(super) from: i64,
    pub(super) to: i64,
    /// Where the lanes begin; names stand to the left of it.
    pub(super) left: i64,
    pub(super) top: i64,
}

/// A run on a strip.
pub(super) struct Bed<'a> {
    pub(super) course: &'a Course<'a>,
    /// The height of the first lane, and the distance of lanes.
    first: i64,
    apart: i64,
    pub(super) top: i64,
    pub(super) bottom: i64,
}

impl Strip<'_> {
    /// Draws the runs and says where the strip ends. Labels without room are counted.
    pub(super) fn draw(
        &self,
        runs: &[(Course<'_>, String)],
        sheet: &mut Sheet,
        dropped: &mut u64,
    ) -> i64 {
        let mut y = self.top;
        let mut beds = Vec::new();
        let mut rows = Vec::new();
        for (course, heading) in runs {
            if runs.len() > 1 {
                let room = WIDTH - 2 * EDGE;
                let text = super::fitting(heading, room, NAME, true);
                let at = (EDGE, y + ROW / 2);
                sheet.put("run", "", vec![Shape::bold(&text, at, Hangs::Left, NAME, INK)]);
                y += ROW;
            }
            let faults = self.fault_rows(course);
            let apart = distance(course.lanes.len());
            let top = y + ROW * count(faults.len());
            let first = top + ABOVE;
            let lanes = count(course.lanes.len());
            let bottom = first + apart * (lanes - 1).max(0) + BELOW;
            rows.push((y, faults));
            beds.push(Bed { course, first, apart, top, bottom });
            y = bottom;
        }
        self.grid(&beds, sheet);
        for (bed, (top, faults)) in beds.iter().zip(&rows) {
            self.faults(bed.course, *top, faults, sheet);
        }
        beds.iter().for_each(|bed| self.lanes(bed, sheet));
        beds.iter().for_each(|bed| self.breaks(bed, y, sheet));
        for bed in &beds {
            *dropped += Scene::new(self, bed).draw(sheet);
        }
        self.times(y, sheet);
        y + AXIS
    }

    /// Where a place of the axis is on paper.
    pub(super) fn x(&self, place: i64) -> i64 {
        self.left + place - self.from
    }

    pub(super) fn at(&self, time: u64) -> i64 {
        self.x(self.axis.place(time))
    }

    pub(super) fn right(&self) -> i64 {
        self.x(self.to)
    }

    /// Where something ends that may go on to the end of the drawing.
    fn until(&self, time: Option<u64>) -> i64 {
        time.map_or_else(|| self.x(self.axis.end()), |time| self.at(time))
    }

    /// A stretch of time as far as it is on this strip.
    pub(super) fn part(&self, from: u64, to: Option<u64>) -> Option<(i64, i64)> {
        let (from, to) = (self.at(from), self.until(to));
        (to >= self.left && from <= self.right())
            .then(|| (from.max(self.left), to.min(self.right())))
    }

    /// Below the lanes only: what a run is called stands between those of two runs.
    fn grid(&self, beds: &[Bed<'_>], sheet: &mut Sheet) {
        let pen = Pen::solid(GRID, 14);
        let ticks = self.axis.ticks((self.from, self.to));
        let lines = beds.iter().flat_map(|bed| {
            let line = |(place, _): &(i64, u64)| {
                let x = self.x(*place);
                Shape::Line(vec![(x, bed.top), (x, bed.bottom)], pen)
            };
            ticks.iter().map(line)
        });
        sheet.put("grid", "", lines.collect());
    }

    /// Faults in as many rows as it takes for none to lie on another.
    fn fault_rows<'c>(&self, course: &'c Course<'_>) -> Vec<Vec<&'c Fault>> {
        let mut rows: Vec<(i64, Vec<_>)> = Vec::new();
        for fault in &course.faults {
            let Some((from, to)) = self.part(fault.from, fault.to) else { continue };
            let label = super::fitting(&fault.label, 6_000, LABEL, false);
            let needs = to.max(from + wide(&label, LABEL, false) + 300);
            match rows.iter_mut().find(|(end, _)| *end <= from) {
                Some((end, row)) => {
                    *end = needs;
                    row.push(fault);
                }
                None => rows.push((needs, vec![fault])),
            }
        }
        // So many faults at once are a storm; more rows would leave no paper for the lanes.
        rows.into_iter().map(|(_, row)| row).take(8).collect()
    }

    fn faults(&self, course: &Course<'_>, top: i64, rows: &[Vec<&Fault>], sheet: &mut Sheet) {
        debug_assert!(rows.is_empty() || !course.faults.is_empty());
        for (row, y) in rows.iter().zip((top + ROW / 2..).step_by(380)) {
            for fault in row {
                let Some((from, to)) = self.part(fault.from, fault.to) else { continue };
                let mut shapes = signs::fault(from, to, y);
                let label = super::fitting(&fault.label, 6_000, LABEL, false);
                let broad = wide(&label, LABEL, false);
                let x = (from + 110).min(self.right() - broad).max(self.left);
                let paper =
                    Frame { left: x - 30, top: y - 110, right: x + broad + 30, bottom: y + 110 };
                shapes.push(paper.block());
                shapes.push(Shape::text(&label, (x, y), Hangs::Left, LABEL, INK));
                let says = format!("fault {}: {}", fault.label, lasting(fault.from, fault.to));
                sheet.put("fault", says, shapes);
            }
        }
    }

    /// Names, lanes, and what lasts on them.
    fn lanes(&self, bed: &Bed<'_>, sheet: &mut Sheet) {
        let stretches = &bed.course.stretches;
        let (below, above): (Vec<_>, Vec<_>) =
            stretches.iter().partition(|stretch| stretch.kind < Kind::Down);
        below.iter().for_each(|stretch| self.stretch(bed, stretch, sheet));
        for (lane, name) in bed.course.lanes.iter().enumerate() {
            let y = bed.y(lane);
            let room = self.left - EDGE - 150;
            let name = super::fitting(name, room, NAME, true);
            let line = Shape::Line(vec![(self.left, y), (self.right(), y)], Pen::solid(LANE, 20));
            let at = (self.left - 150, y);
            let shapes = vec![line, Shape::bold(&name, at, Hangs::Right, NAME, INK)];
            sheet.put("lane", "", shapes);
        }
        above.iter().for_each(|stretch| self.stretch(bed, stretch, sheet));
    }

    fn stretch(&self, bed: &Bed<'_>, stretch: &Stretch, sheet: &mut Sheet) {
        let Some((from, to)) = self.part(stretch.from, stretch.to) else { return };
        let shapes = signs::stretch(stretch.kind, from, to, bed.y(stretch.lane));
        let name = bed.course.lanes[stretch.lane];
        let what = stretch.kind.words();
        let what = match stretch.label.as_str() {
            "" => what.to_string(),
            label => format!("{what} {label}"),
        };
        let says = format!("{}: {what}, {}", visible(name), lasting(stretch.from, stretch.to));
        sheet.put(stretch.kind.class(), says, shapes);
    }

    /// Where time was left out: paper between two torn edges, and how much it is.
    fn breaks(&self, bed: &Bed<'_>, axis: i64, sheet: &mut Sheet) {
        const TOOTH: i64 = 110;
        const HALF: i64 = 110;
        for gap in self.axis.breaks() {
            if gap.at < self.from || gap.at > self.to {
                continue;
            }
            let x = self.x(gap.at);
            let (top, steps) = (bed.top, (bed.bottom - bed.top) / TOOTH);
            let edge = |side: i64| -> Vec<Place> {
                let tooth = |n: i64| (x + side + if n % 2 == 0 { 0 } else { 55 }, top + n * TOOTH);
                (0..=steps).map(tooth).collect()
            };
            let (left, right) = (edge(-HALF), edge(HALF));
            let paper = left.iter().chain(right.iter().rev()).copied().collect();
            let pen = Pen::solid(GREY, 14);
            let text = format!("{} not drawn", duration(gap.skipped));
            let mut shapes =
                vec![Shape::Area(paper, WHITE), Shape::Line(left, pen), Shape::Line(right, pen)];
            if bed.bottom == axis {
                let (at, skipped) = ((x, axis + 510), duration(gap.skipped));
                shapes.push(Shape::text(&skipped, at, Hangs::Middle, LABEL, GREY));
            }
            sheet.put("break", text, shapes);
        }
    }

    /// The axis.
    fn times(&self, top: i64, sheet: &mut Sheet) {
        let ticks = self.axis.ticks((self.from, self.to));
        let step = ticks.windows(2).map(|pair| pair[1].1 - pair[0].1).min().unwrap_or(1_000_000);
        let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"), (1, "ns")];
        let unit = units.into_iter().find(|(unit, _)| *unit <= step.saturating_mul(10));
        let (unit, name) = unit.unwrap_or((1, "ns"));
        let pen = Pen::solid(INK, 18);
        let y = top + 60;
        let mut shapes = vec![Shape::Line(vec![(self.left, y), (self.right(), y)], pen)];
        let mut free = self.left - 120;
        for (place, time) in ticks {
            let x = self.x(place);
            shapes.push(Shape::Line(vec![(x, y), (x, y + 70)], pen));
            let text = millis(u128::from(time) * 1_000 / u128::from(unit));
            let half = wide(&text, LABEL, false) / 2;
            if x - half >= free && x + half <= WIDTH - EDGE / 2 {
                shapes.push(Shape::text(&text, (x, y + 190), Hangs::Middle, LABEL, INK));
                free = x + half + 150;
            }
        }
        for gap in self.axis.breaks().filter(|gap| (self.from..=self.to).contains(&gap.at)) {
            let x = self.x(gap.at);
            shapes.push(Shape::block((x - 95, y - 20), (x + 95, y + 20), WHITE));
            let stroke = |x: i64| Shape::Line(vec![(x - 40, y + 90), (x + 40, y - 90)], pen);
            shapes.extend([stroke(x - 95), stroke(x + 95)]);
        }
        let at = (self.left - 150, y + 190);
        shapes.push(Shape::text(name, at, Hangs::Right, LABEL, INK));
        sheet.put("axis", "", shapes);
    }
}

impl Bed<'_> {
    pub(super) fn y(&self, lane: usize) -> i64 {
        self.first + self.apart * count(lane)
    }
}

impl Frame {
    pub(super) fn lower(self, by: i64) -> Frame {
        Frame { top: self.top + by, bottom: self.bottom + by, ..self }
    }

    /// Paper, to write on.
    pub(super) fn block(self) -> Shape {
        Shape::block((self.left, self.top), (self.right, self.bottom), WHITE)
    }
}

/// How far lanes are from each other: closer where there are many.
fn distance(lanes: usize) -> i64 {
    match lanes {
        0..=6 => 1_400,
        7..=12 => 1_150,
        _ => 900,
    }
}

/// How high a strip is without the rows of its faults.
pub(super) fn height(runs: &[(Course<'_>, String)]) -> i64 {
    let run = |(course, _): &(Course<'_>, String)| {
        let lanes = course.lanes.len();
        let heading = if runs.len() > 1 { ROW } else { 0 };
        let faults = if course.faults.is_empty() { 0 } else { ROW };
        ABOVE + BELOW + distance(lanes) * (count(lanes) - 1).max(0) + heading + faults
    };
    runs.iter().map(run).sum::<i64>() + AXIS
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX / 10_000)
}

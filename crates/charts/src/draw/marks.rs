//! What stands between the axes.

use plotters::backend::DrawingBackend;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, Drawing, Letters, Pen};
use super::frame::Inside;
use super::layout::{BOUNDS, Fields, PADDING};
use super::style::{AXIS, BLACK, Colour, DATA, DEEP, PALETTE, WHITE, tint};
use crate::figure::{Look, Mark, Panel, Quantiles, Scale, Series, Shape, Tile};

/// The width of a closed form below a line.
pub(crate) const PALE: f64 = 1.6;

/// Where lines meet, their intervals stand beside each other within so many millimetres.
const ASIDE: f64 = 3.2;

/// So many markers stand on a distribution.
const MARKERS: usize = 3;

/// One series, in its place.
struct Brush<'a, 'c, DB: DrawingBackend> {
    canvas: &'a Canvas<'c, DB>,
    panel: &'a Panel,
    inside: Inside,
    look: Look,
    colour: Colour,
    room: f64,
    fields: Fields,
}

pub(crate) fn series<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    panel: &Panel,
    series: &Series,
    inside: Inside,
    fields: Fields,
) -> Drawing {
    let look = series.look;
    let (colour, room) = (PALETTE[look.colour], series.room);
    let brush = Brush { canvas, panel, inside, look, colour, room, fields };
    match &series.shape {
        Shape::Line { marks, joined } => brush.line(marks, *joined),
        Shape::Pale(points) => brush.pale(points),
        Shape::Steps(points) => brush.steps(points),
        Shape::Bars { marks, width } => brush.bars(marks, *width),
        Shape::Ticks { marks, width } => brush.ticks(marks, *width),
        Shape::Boxes { boxes, width } => {
            boxes.iter().try_for_each(|one| brush.one_box(one, *width))
        }
        Shape::Violins { boxes, width } => {
            boxes.iter().try_for_each(|one| brush.violin(one, *width))
        }
        Shape::Tiles(tiles) => tiles.iter().try_for_each(|tile| brush.tile(tile)),
    }
}

/// A marker: a disc, a square, a triangle, a diamond, or a triangle on its head.
pub(crate) fn marker<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (x, y): (f64, f64),
    look: Look,
    size: f64,
) -> Drawing {
    let colour = PALETTE[look.colour];
    let corners: &[(f64, f64)] = match look.marker {
        0 => return canvas.disc((x, y), size, colour),
        1 => &[(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
        2 => &[(0.0, -1.1), (1.0, 0.8), (-1.0, 0.8)],
        3 => &[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
        _ => &[(0.0, 1.1), (1.0, -0.8), (-1.0, -0.8)],
    };
    let corners: Vec<_> = corners.iter().map(|(dx, dy)| (x + dx * size, y + dy * size)).collect();
    canvas.area(&corners, colour)
}

/// An area in the look of what it stands for: full, pale, empty, or striped, since colours alone
/// do not tell so many apart, and none at all in grey print.
pub(crate) fn filled<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (left, top): (f64, f64),
    (right, bottom): (f64, f64),
    look: Look,
) -> Drawing {
    let colour = PALETTE[look.colour];
    let inside = match look.dash {
        0 => tint(colour, 0.8),
        1 => tint(colour, 0.35),
        2 => WHITE,
        _ => tint(colour, 0.6),
    };
    canvas.block((left, top), (right, bottom), inside)?;
    let stripes = if look.dash == 3 { ((bottom - top) / 1.2) as usize } else { 0 };
    for n in 1..=stripes.min(500) {
        let y = bottom - 1.2 * n as f64;
        canvas.line(&[(left, y), (right, y)], Pen { colour: WHITE, width: 0.35, dash: 0 })?;
    }
    let outline = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.line(&outline, Pen { colour, width: AXIS, dash: 0 })
}

impl<DB: DrawingBackend> Brush<'_, '_, DB> {
    fn x(&self, number: f64) -> f64 {
        self.inside.x(&self.panel.x, number)
    }

    /// Where a value lies; one that never came lies in the strip of its own.
    fn y(&self, number: Option<f64>) -> f64 {
        number.map_or_else(|| self.inside.never(), |number| self.inside.y(&self.panel.y, number))
    }

    fn pen(&self, width: f64) -> Pen {
        Pen { colour: self.colour, width, dash: 0 }
    }

    /// The width of a line: more where others may be drawn over it.
    fn wide(&self) -> f64 {
        DATA * (0.9 + 1.1 * self.room)
    }

    fn line(&self, marks: &[Mark], joined: bool) -> Drawing {
        let points: Vec<(f64, f64)> =
            marks.iter().map(|mark| (self.x(mark.x), self.y(mark.y))).collect();
        if joined && points.len() > 1 {
            let pen = Pen { dash: self.look.dash, ..self.pen(self.wide()) };
            self.canvas.line(&points, pen)?;
        }
        for (mark, at) in marks.iter().zip(points) {
            // An interval without a width would be a dash beside its point.
            if let Some(bounds) = mark.bounds.filter(|(low, high)| low != high) {
                let aside = if joined { (0.5 - self.room) * ASIDE } else { 0.0 };
                self.whisker(at.0 + aside, bounds, self.colour)?;
            }
            let size = if joined { 0.75 + 0.75 * self.room } else { 0.75 };
            marker(self.canvas, at, self.look, size)?;
        }
        Ok(())
    }

    fn whisker(&self, x: f64, ends: (Option<f64>, Option<f64>), colour: Colour) -> Drawing {
        let (low, high) = (self.y(ends.0), self.y(ends.1));
        let pen = Pen { colour, width: AXIS, dash: 0 };
        self.canvas.line(&[(x, low), (x, high)], pen)?;
        for y in [low, high] {
            self.canvas.line(&[(x - 0.7, y), (x + 0.7, y)], pen)?;
        }
        Ok(())
    }

    fn pale(&self, points: &[(f64, f64)]) -> Drawing {
        let at = |(x, y): &(f64, f64)| (self.x(*x), self.y(Some(*y)));
        let points: Vec<(f64, f64)> = points.iter().map(at).collect();
        let pen = Pen { colour: tint(self.colour, 0.35), width: PALE, dash: 0 };
        // On an axis of names there is nothing between two points.
        if matches!(self.panel.x.scale, Scale::Names(_)) || points.len() < 2 {
            return points
                .iter()
                .try_for_each(|(x, y)| self.canvas.line(&[(x - 3.0, *y), (x + 3.0, *y)], pen));
        }
        self.canvas.line(&points, pen)
    }

    fn steps(&self, points: &[(f64, f64)]) -> Drawing {
        let mut corners: Vec<(f64, f64)> = Vec::new();
        for (x, height) in points {
            let at = (self.x(*x), self.y(Some(*height)));
            if let Some((_, before)) = corners.last().copied() {
                corners.push((at.0, before));
            }
            corners.push(at);
        }
        // Steps that are finer than a line is wide add bytes and nothing to see.
        let fine = 0.02;
        let mut seen: Vec<(f64, f64)> = Vec::new();
        for at in corners {
            let near = |&(x, y): &(f64, f64)| (x - at.0).abs() < fine && (y - at.1).abs() < fine;
            if !seen.last().is_some_and(near) {
                seen.push(at);
            }
        }
        self.canvas.line(&seen, Pen { dash: self.look.dash, ..self.pen(self.wide()) })?;
        // Without them lines that differ in colour alone would look alike in grey. The flat ends
        // are nothing to be marked.
        let inner = seen.get(1..seen.len().saturating_sub(1)).unwrap_or(&[]);
        for at in along(inner, 0.15 + 0.7 * self.room) {
            marker(self.canvas, at, self.look, 0.75 + 0.45 * self.room)?;
        }
        Ok(())
    }

    fn bars(&self, marks: &[Mark], width: f64) -> Drawing {
        let bottom = self.y(Some(0.0));
        for mark in marks {
            let (left, right) = (self.x(mark.x - width / 2.0), self.x(mark.x + width / 2.0));
            filled(self.canvas, (left, self.y(mark.y)), (right, bottom), self.look)?;
            if let Some(bounds) = mark.bounds.filter(|(low, high)| low != high) {
                self.whisker((left + right) / 2.0, bounds, BLACK)?;
            }
        }
        Ok(())
    }

    fn ticks(&self, marks: &[(f64, f64)], width: f64) -> Drawing {
        let pen = Pen { colour: BLACK, width: DATA, dash: 0 };
        marks.iter().try_for_each(|(x, y)| {
            let (left, right) = (self.x(x - width / 2.0), self.x(x + width / 2.0));
            let y = self.y(Some(*y));
            self.canvas.line(&[(left, y), (right, y)], pen)
        })
    }

    fn one_box(&self, one: &Quantiles, width: f64) -> Drawing {
        let x = self.x(one.x);
        let [min, p5, p25, median, p75, p95, max] = one.at.map(|at| self.y(at));
        let (left, right) = (self.x(one.x - width / 2.0), self.x(one.x + width / 2.0));
        self.canvas.line(&[(x, p5), (x, p25)], self.pen(AXIS))?;
        self.canvas.line(&[(x, p75), (x, p95)], self.pen(AXIS))?;
        self.canvas.block((left, p75), (right, p25), tint(self.colour, 0.45))?;
        let outline = [(left, p25), (right, p25), (right, p75), (left, p75), (left, p25)];
        self.canvas.line(&outline, self.pen(AXIS))?;
        self.canvas.line(&[(left, median), (right, median)], self.pen(DATA * 1.4))?;
        for y in [min, max] {
            self.canvas.disc((x, y), 0.45, self.colour)?;
        }
        Ok(())
    }

    fn violin(&self, one: &Quantiles, width: f64) -> Drawing {
        let x = self.x(one.x);
        let half = (self.x(one.x + width / 2.0) - x).abs();
        let side = |sign: f64| {
            let at =
                move |(height, wide): &(f64, f64)| (x + sign * half * wide, self.y(Some(*height)));
            one.outline.iter().map(at)
        };
        if one.outline.len() > 1 {
            let outline: Vec<(f64, f64)> = side(-1.0).chain(side(1.0).rev()).collect();
            self.canvas.area(&outline, tint(self.colour, 0.45))?;
        } else {
            // All runs are alike, or too few: there is no shape, only where they are.
            let (low, high) = (self.y(one.at[0]), self.y(one.at[6]));
            self.canvas.line(&[(x - half, low), (x + half, low)], self.pen(DATA))?;
            self.canvas.line(&[(x, low), (x, high)], self.pen(AXIS))?;
        }
        let [_, _, p25, median, p75, p95, _] = one.at.map(|at| self.y(at));
        self.canvas.line(&[(x, p25), (x, p75)], self.pen(0.9))?;
        let head = Look { marker: 2, ..self.look };
        marker(self.canvas, (x, p95), head, 0.8)?;
        self.canvas.disc((x, median), 0.75, self.colour)?;
        self.canvas.disc((x, median), 0.5, WHITE)
    }

    fn tile(&self, tile: &Tile) -> Drawing {
        let columns = match &self.panel.x.scale {
            Scale::Names(names) => names.len().max(1) as f64,
            _ => 1.0,
        };
        let rows = match &self.panel.y.scale {
            Scale::Names(names) => names.len().max(1) as f64,
            _ => 1.0,
        };
        let (x, y) = (self.x(tile.column as f64), self.y(Some(tile.row as f64)));
        let half_x = (self.inside.right - self.inside.left) / columns / 2.0 - 0.2;
        let half_y = (self.inside.bottom - self.inside.limit) / rows / 2.0 - 0.2;
        let colour = tint(DEEP, 0.03 + 0.97 * tile.shade);
        self.canvas.block((x - half_x, y - half_y), (x + half_x, y + half_y), colour)?;
        let ink = if tile.shade > 0.5 { WHITE } else { BLACK };
        let how = Letters::new(self.fields.points).coloured(ink).at(HPos::Center, VPos::Center);
        let room = 2.0 * half_x + 0.4 - PADDING;
        let [value, bounds] = &tile.words;
        let bounds = if self.fields.bounds { bounds.as_str() } else { "" };
        let value_at = if bounds.is_empty() { y } else { y - 1.6 };
        self.canvas.write(value, (x, value_at), room, Letters { bold: true, ..how })?;
        self.canvas.write(bounds, (x, y + 1.6), room, Letters { points: BOUNDS, ..how })
    }
}

/// Points at equal distances on a line of steps; where between two of them, 0 to 1, they begin.
fn along(line: &[(f64, f64)], shift: f64) -> Vec<(f64, f64)> {
    // Steps run along one axis at a time.
    let length = |pair: &[(f64, f64)]| {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        (x1 - x0).abs() + (y1 - y0).abs()
    };
    let all: f64 = line.windows(2).map(length).sum();
    let apart = all / MARKERS as f64;
    let mut points = Vec::new();
    let mut left = apart * shift;
    for pair in line.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let (long, mut gone) = (length(pair), 0.0);
        while long - gone >= left && points.len() < MARKERS && apart > 0.0 {
            gone += left;
            let share = gone / long;
            points.push((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share));
            left = apart;
        }
        left -= long - gone;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::along;

    #[test]
    fn markers_stand_at_equal_distances_around_corners() {
        let line = [(0.0, 0.0), (4.0, 0.0), (4.0, 5.0)];
        assert_eq!(along(&line, 0.5), [(1.5, 0.0), (4.0, 0.5), (4.0, 3.5)]);
        assert_eq!(along(&[(1.0, 1.0), (1.0, 1.0)], 0.5), []);
        assert_eq!(along(&[], 0.5), []);
    }
}

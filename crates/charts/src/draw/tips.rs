//! What a pointer that rests on a mark is told: where the mark is, and what it says.

use super::SVG_UNIT;
use super::frame::Inside;
use super::layout::Layout;
use super::style::register_fonts;
use crate::figure::{Axis, Figure, Mark, Panel, Quantiles, Scale, Series, Shape, Tile};
use crate::words::{interval, short};

/// A place in a figure, in the units of its SVG, and what is said there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tip {
    pub(crate) left: i64,
    pub(crate) top: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) says: String,
}

/// Half the width of what a pointer has to meet, in millimetres.
const REACH: f64 = 1.2;

/// So many places along a distribution are told.
const STEPS: usize = 40;

/// All that can be said about the marks of a figure, those that lie on top last.
pub(crate) fn tips(figure: &Figure) -> Result<Vec<Tip>, String> {
    register_fonts()?;
    let layout = Layout::of(figure)?;
    let mut all = Vec::new();
    for (panel, frame) in figure.panels.iter().zip(&layout.panels) {
        let inside = Inside::of(panel, *frame, &layout);
        for series in &panel.series {
            Told { panel, series, inside }.tell(&mut all);
        }
    }
    Ok(all)
}

/// One series in its place.
struct Told<'a> {
    panel: &'a Panel,
    series: &'a Series,
    inside: Inside,
}

impl Told<'_> {
    fn tell(&self, all: &mut Vec<Tip>) {
        match &self.series.shape {
            Shape::Line { marks, .. } => all.extend(marks.iter().map(|mark| self.point(mark))),
            Shape::Bars { marks, width } => {
                all.extend(marks.iter().map(|mark| self.bar(mark, *width)));
            }
            Shape::Steps(points) => {
                let every = points.len().div_ceil(STEPS).max(1);
                let told = points.iter().step_by(every);
                all.extend(
                    told.map(|(x, y)| self.point(&Mark { x: *x, y: Some(*y), bounds: None })),
                );
            }
            Shape::Boxes { boxes, width } | Shape::Violins { boxes, width } => {
                all.extend(boxes.iter().map(|one| self.quantiles(one, *width)));
            }
            Shape::Tiles(tiles) => all.extend(tiles.iter().map(|tile| self.tile(tile))),
            Shape::Pale(_) | Shape::Ticks { .. } => {}
        }
    }

    fn x(&self, number: f64) -> f64 {
        self.inside.x(&self.panel.x, number)
    }

    fn y(&self, number: Option<f64>) -> f64 {
        number.map_or_else(|| self.inside.never(), |number| self.inside.y(&self.panel.y, number))
    }

    fn point(&self, mark: &Mark) -> Tip {
        let (x, y) = (self.x(mark.x), self.y(mark.y));
        let says = self.lines(mark.x, &value(mark));
        tip((x - REACH, y - REACH), (x + REACH, y + REACH), says)
    }

    fn bar(&self, mark: &Mark, width: f64) -> Tip {
        let (left, right) = (self.x(mark.x - width / 2.0), self.x(mark.x + width / 2.0));
        let (top, bottom) = (self.y(mark.y), self.y(Some(0.0)));
        let says = self.lines(mark.x, &value(mark));
        tip((left, top.min(bottom - REACH)), (right, bottom), says)
    }

    fn quantiles(&self, one: &Quantiles, width: f64) -> Tip {
        let (left, right) = (self.x(one.x - width / 2.0), self.x(one.x + width / 2.0));
        let [low, .., high] = one.at.map(|at| self.y(at));
        let names = ["least", "5 %", "25 %", "median", "75 %", "95 %", "greatest"];
        let each = names.iter().zip(one.at);
        let words: Vec<String> =
            each.map(|(name, at)| format!("{name} {}", at.map_or("never".into(), short))).collect();
        let says = self.lines(one.x, &words.join(", "));
        tip((left, high - REACH), (right, low + REACH), says)
    }

    fn tile(&self, tile: &Tile) -> Tip {
        let count = |axis: &Axis| match &axis.scale {
            Scale::Names(names) => names.len().max(1) as f64,
            _ => 1.0,
        };
        let (x, y) = (self.x(tile.column as f64), self.y(Some(tile.row as f64)));
        let half_x = (self.inside.right - self.inside.left) / count(&self.panel.x) / 2.0;
        let half_y = (self.inside.bottom - self.inside.limit) / count(&self.panel.y) / 2.0;
        let [value, bounds] = &tile.words;
        let bounds = if bounds.is_empty() { String::new() } else { format!(" [{bounds}]") };
        let row = at(&self.panel.y, tile.row as f64);
        let column = at(&self.panel.x, tile.column as f64);
        let says = format!("{}{row}\n{column}\n{value}{bounds}", self.heading());
        tip((x - half_x, y - half_y), (x + half_x, y + half_y), says)
    }

    /// The panel, where it says what it shows.
    fn heading(&self) -> String {
        let heading = &self.panel.heading;
        if heading.is_empty() { String::new() } else { format!("{heading}\n") }
    }

    /// Which series, where along x, and what is there.
    fn lines(&self, x: f64, value: &str) -> String {
        let place = at(&self.panel.x, x);
        let name = &self.series.name;
        let plain = name.is_empty() || place.ends_with(name.as_str());
        let name = if plain { String::new() } else { format!("{name}\n") };
        format!("{}{name}{place}\n{}: {value}", self.heading(), self.panel.y.title)
    }
}

/// Where along an axis something is.
fn at(axis: &Axis, place: f64) -> String {
    let named = match &axis.scale {
        Scale::Names(names) => names.get((place + 0.5) as usize).cloned(),
        _ => None,
    };
    format!("{}: {}", axis.title, named.unwrap_or_else(|| short(place)))
}

fn value(mark: &Mark) -> String {
    let value = mark.y.map_or("never".to_string(), short);
    let bounds = interval(mark.bounds);
    if bounds.is_empty() { value } else { format!("{value} [{bounds}]") }
}

fn tip((left, top): (f64, f64), (right, bottom): (f64, f64), says: String) -> Tip {
    let unit = |mm: f64| (mm * SVG_UNIT + 0.5) as i64;
    let (width, height) = (unit(right - left).max(1), unit(bottom - top).max(1));
    Tip { left: unit(left), top: unit(top), width, height, says }
}

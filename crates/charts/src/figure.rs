//! A figure before it is drawn: numbers in the units of its axes, and nothing of pixels.

use crate::csv::{Csv, Field};

/// A figure. What is drawn is exactly what stands here, and its CSV is written from it.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// The name of its files.
    pub id: String,
    pub(crate) title: String,
    /// What a reader has to know to trust it.
    pub(crate) caption: Vec<String>,
    pub(crate) legend: Vec<Key>,
    pub(crate) panels: Vec<Panel>,
}

/// An entry of the legend.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) look: Look,
    pub(crate) sign: Sign,
}

/// What stands before an entry of the legend.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Sign {
    Line,
    Block,
    /// A closed form below a line.
    Pale,
    /// A closed form across a bar.
    Tick,
}

/// A colour, a dash and a marker, by number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Look {
    pub(crate) colour: usize,
    pub(crate) dash: usize,
    pub(crate) marker: usize,
}

/// A pair of axes with what is drawn between them.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Panel {
    pub(crate) heading: String,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) series: Vec<Series>,
}

/// An axis.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Axis {
    /// What it shows, with its unit.
    pub(crate) title: String,
    pub(crate) scale: Scale,
    /// Whether there is a strip at its far end for what never came.
    pub(crate) never: bool,
}

impl Axis {
    /// Takes back what its title promises where its scale is not logarithmic, and says whether it
    /// had promised that.
    pub(crate) fn unlog(&mut self) -> bool {
        let promised = ["(log)", ", log)"].iter().any(|end| self.title.ends_with(end));
        if !promised || matches!(self.scale, Scale::Log(..)) {
            return false;
        }
        let title = self.title.trim_end_matches(" (log)");
        let shorter = title.strip_suffix(", log)").map(|title| format!("{title})"));
        self.title = shorter.unwrap_or_else(|| title.to_string());
        true
    }
}

/// Where numbers lie on an axis. Ends are finite and differ; those of a logarithmic one are above
/// zero.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Scale {
    Linear(f64, f64),
    Log(f64, f64),
    /// Names at 0, 1, 2 and so on.
    Names(Vec<String>),
}

/// What belongs to one entry of the legend.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) look: Look,
    /// How much room it leaves around itself to what is drawn over it, 0 to 1: where several lines
    /// run on each other, the ones below can still be seen.
    pub(crate) room: f64,
    pub(crate) shape: Shape,
}

/// What is drawn.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Shape {
    /// Points with intervals, joined by a line where the axis has an order.
    Line {
        marks: Vec<Mark>,
        joined: bool,
    },
    /// A wide pale line below others.
    Pale(Vec<(f64, f64)>),
    /// A distribution, from the lower left; its last height is where it ends.
    Steps(Vec<(f64, f64)>),
    Bars {
        marks: Vec<Mark>,
        width: f64,
    },
    /// Short lines across bars.
    Ticks {
        marks: Vec<(f64, f64)>,
        width: f64,
    },
    Boxes {
        boxes: Vec<Quantiles>,
        width: f64,
    },
    Violins {
        boxes: Vec<Quantiles>,
        width: f64,
    },
    Tiles(Vec<Tile>),
}

impl Shape {
    /// What of it stands at some places.
    pub(crate) fn only(mut self, here: &dyn Fn(f64) -> bool) -> Shape {
        match &mut self {
            Shape::Line { marks, .. } | Shape::Bars { marks, .. } => marks.retain(|m| here(m.x)),
            Shape::Pale(points) | Shape::Ticks { marks: points, .. } => {
                points.retain(|(x, _)| here(*x));
            }
            Shape::Boxes { boxes, .. } | Shape::Violins { boxes, .. } => {
                boxes.retain(|one| here(one.x));
            }
            Shape::Steps(_) | Shape::Tiles(_) => {}
        }
        self
    }
}

/// A point with an interval. None is a value that never came.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Mark {
    pub(crate) x: f64,
    pub(crate) y: Option<f64>,
    /// The interval; none where there are too few runs.
    pub(crate) bounds: Option<(Option<f64>, Option<f64>)>,
}

/// A distribution in a few numbers. None is what never came.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Quantiles {
    pub(crate) x: f64,
    /// The least, 5 %, 25 %, 50 %, 75 %, 95 % and the greatest.
    pub(crate) at: [Option<f64>; 7],
    /// The outline of a violin: heights and widths from 0 to 1.
    pub(crate) outline: Vec<(f64, f64)>,
}

/// A field of a heat map.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Tile {
    pub(crate) column: usize,
    pub(crate) row: usize,
    /// From 0 to 1, how dark it is.
    pub(crate) shade: f64,
    /// What is measured, in the unit of the figure.
    pub(crate) value: Option<f64>,
    pub(crate) bounds: Option<(Option<f64>, Option<f64>)>,
    /// What stands in it: the value, and its interval.
    pub(crate) words: [String; 2],
}

/// The names of what a [`Quantiles`] holds.
const QUANTILES: [&str; 7] = ["min", "p5", "p25", "median", "p75", "p95", "max"];

impl Figure {
    /// What the columns of its numbers are called.
    pub(crate) const HEADINGS: [&str; 9] =
        ["panel", "series", "part", "x_axis", "x", "y_axis", "y", "low95", "high95"];

    /// Exactly what is drawn, in the units of the axes.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut csv = Csv::new(&Figure::HEADINGS);
        self.rows().into_iter().for_each(|row| csv.row(row));
        csv.into_text()
    }

    /// The same as fields.
    pub(crate) fn rows(&self) -> Vec<[Field; 9]> {
        let all = self.panels.iter().flat_map(|panel| {
            let rows = panel
                .series
                .iter()
                .flat_map(|series| series.rows().into_iter().map(|row| panel.fields(series, row)));
            rows.collect::<Vec<_>>()
        });
        all.collect()
    }
}

impl Panel {
    fn fields(&self, series: &Series, (part, x, y, low, high): Row) -> [Field; 9] {
        let place = match &self.x.scale {
            Scale::Names(names) => named(names, x),
            _ => Field::Number(x),
        };
        let value = |value: Option<f64>| value.map_or(Field::Empty, Field::Number);
        let y = match (&self.y.scale, y) {
            (Scale::Names(names), Some(y)) if part == "row" => named(names, y),
            (_, y) => value(y),
        };
        let [panel, series] = [&self.heading, &series.name].map(|text| Field::Text(text.clone()));
        let [x_axis, y_axis] = [&self.x, &self.y].map(|axis| Field::Text(axis.title.clone()));
        let part = Field::Text(part.to_string());
        [panel, series, part, x_axis, place, y_axis, y, value(low), value(high)]
    }
}

fn named(names: &[String], place: f64) -> Field {
    // Marks of several series stand beside each other around the place of their name.
    names.get((place + 0.5) as usize).map_or(Field::Number(place), |name| Field::Text(name.clone()))
}

type Row = (&'static str, f64, Option<f64>, Option<f64>, Option<f64>);

impl Series {
    fn rows(&self) -> Vec<Row> {
        let marked = |part: &'static str, mark: &Mark| {
            let (low, high) = mark.bounds.unwrap_or((None, None));
            (part, mark.x, mark.y, low, high)
        };
        let plain = |part: &'static str, (x, y): &(f64, f64)| (part, *x, Some(*y), None, None);
        match &self.shape {
            Shape::Line { marks, .. } => marks.iter().map(|mark| marked("point", mark)).collect(),
            Shape::Bars { marks, .. } => marks.iter().map(|mark| marked("bar", mark)).collect(),
            Shape::Pale(points) => points.iter().map(|one| plain("closed form", one)).collect(),
            Shape::Ticks { marks, .. } => {
                marks.iter().map(|one| plain("closed form", one)).collect()
            }
            Shape::Steps(points) => points.iter().map(|one| plain("step", one)).collect(),
            Shape::Boxes { boxes, .. } | Shape::Violins { boxes, .. } => boxes
                .iter()
                .flat_map(|one| {
                    let quantiles = QUANTILES.iter().zip(one.at);
                    quantiles.map(|(name, at)| (*name, one.x, at, None, None))
                })
                .collect(),
            Shape::Tiles(tiles) => tiles
                .iter()
                .flat_map(|tile| {
                    let (low, high) = tile.bounds.unwrap_or((None, None));
                    let column = tile.column as f64;
                    [
                        ("row", column, Some(tile.row as f64), None, None),
                        ("tile", column, tile.value, low, high),
                    ]
                })
                .collect(),
        }
    }
}

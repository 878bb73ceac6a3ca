//! Where everything stands, in millimetres.

use super::WIDTH;
use super::canvas::width;
use super::style::{CAPTION, POINT, SMALL, TITLE};
use super::ticks::ticks;
use crate::figure::{Figure, Key, Scale, Shape};

/// Where everything of a figure stands.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Layout {
    pub(crate) height: f64,
    /// The upper left of each entry of the legend.
    pub(crate) keys: Vec<(f64, f64)>,
    /// The frame of each panel, all it says included: left, top, width, height.
    pub(crate) panels: Vec<[f64; 4]>,
    /// What the axes take of a panel: on the left, above, on the right and below.
    pub(crate) margins: [f64; 4],
    /// Whether names below the axes run upwards.
    pub(crate) turned: bool,
    /// What has room in the fields of a heat map.
    pub(crate) fields: Fields,
    /// The lines of the caption, and the middle of the first.
    pub(crate) caption: Vec<String>,
    pub(crate) caption_top: f64,
}

/// What is left free around everything.
pub(crate) const EDGE: f64 = 3.0;
/// The height of a line of the legend.
const KEY: f64 = 4.2;
/// The sample line before an entry of the legend.
pub(crate) const SAMPLE: f64 = 10.0;
/// The most that names beside or below an axis may take.
pub(crate) const NAMES: f64 = 50.0;

impl Layout {
    pub(crate) fn of(figure: &Figure) -> Result<Layout, String> {
        let mut top = EDGE + TITLE * POINT * 1.5;
        let keys = keys(&figure.legend, &mut top);
        top += 1.5;
        let count = figure.panels.len();
        let margins = margins(figure);
        let across = |columns: usize| (WIDTH - 2.0 * EDGE) / columns as f64;
        let fields = |columns| Fields::of(figure, across(columns) - margins[0] - margins[2]);
        let most = match count {
            0 | 1 => 1,
            2 | 4 => 2,
            _ => 3,
        };
        // What stands in the fields of a heat map is to be read: rather less beside each other.
        let roomy = (1..=most).rev().find(|columns| fields(*columns) == Fields::WHOLE);
        let columns = roomy.unwrap_or(1);
        let fields = fields(columns);
        let across = across(columns);
        let turned = turned(figure, across - margins[0] - margins[2]);
        let below = if turned { widest_below(figure).min(NAMES) + 2.0 } else { 4.5 };
        let below = below + 5.0;
        let high = inner_height(figure, columns) + margins[1] + below;
        let frame = |n: usize| {
            let (row, column) = (n / columns, n % columns);
            [EDGE + across * column as f64, top + high * row as f64, across, high]
        };
        let panels: Vec<[f64; 4]> = (0..count).map(frame).collect();
        let rows = count.div_ceil(columns);
        let mut caption = figure.caption.clone();
        if !fields.bounds {
            // The last sentence is the command that makes it again.
            let cut = "Fields are too small for intervals, which are in the CSV.".to_string();
            caption.insert(caption.len().saturating_sub(1), cut);
        }
        let caption = wrapped(&caption);
        let caption_top = top + high * rows as f64 + 2.5;
        let line = CAPTION * POINT * 1.35;
        let height = caption_top + line * caption.len() as f64 + EDGE - line / 2.0;
        let margins = [margins[0], margins[1], margins[2], below];
        if height > 5_000.0 {
            return Err("the figure would be five metres high".to_string());
        }
        Ok(Layout { height, keys, panels, margins, turned, fields, caption, caption_top })
    }
}

/// What has room in the fields of a heat map.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Fields {
    /// The size of the values, in points.
    pub(crate) points: f64,
    /// Whether intervals stand below them.
    pub(crate) bounds: bool,
}

/// The size of intervals in the fields of a heat map, in points.
pub(crate) const BOUNDS: f64 = 6.0;
/// What is left free in a field on the left and on the right, together.
pub(crate) const PADDING: f64 = 1.0;

impl Fields {
    const WHOLE: Fields = Fields { points: SMALL, bounds: true };
    /// Smaller letters nobody reads.
    const LEAST: f64 = 4.5;

    /// For panels that are so wide inside.
    fn of(figure: &Figure, inner: f64) -> Fields {
        let mut fields = Fields::WHOLE;
        for panel in &figure.panels {
            let Scale::Names(names) = &panel.x.scale else { continue };
            let room = inner / names.len().max(1) as f64 - PADDING;
            for series in &panel.series {
                let Shape::Tiles(tiles) = &series.shape else { continue };
                for [value, bounds] in tiles.iter().map(|tile| &tile.words) {
                    let wide = width(value, SMALL, true);
                    if wide > room {
                        let points = (0.99 * SMALL * room / wide).max(Fields::LEAST);
                        fields.points = fields.points.min(points);
                    }
                    fields.bounds &= width(bounds, BOUNDS, false) <= room;
                }
            }
        }
        fields
    }
}

/// Entries beside each other while there is room.
fn keys(legend: &[Key], top: &mut f64) -> Vec<(f64, f64)> {
    let mut places = Vec::new();
    let mut left = EDGE;
    for key in legend {
        let wide = SAMPLE + 1.5 + width(&key.name, SMALL, false).min(70.0) + 5.0;
        if left > EDGE && left + wide > WIDTH - EDGE {
            left = EDGE;
            *top += KEY;
        }
        places.push((left, *top + KEY / 2.0));
        left += wide;
    }
    if !legend.is_empty() {
        *top += KEY;
    }
    places
}

fn inner_height(figure: &Figure, columns: usize) -> f64 {
    let rows = figure.panels.iter().filter_map(|panel| match &panel.y.scale {
        Scale::Names(names) => Some(names.len()),
        _ => None,
    });
    match (rows.max(), columns) {
        (Some(rows), _) => 9.0 * rows.max(1) as f64,
        (None, 1) => 78.0,
        (None, 2) => 56.0,
        (None, _) => 42.0,
    }
}

fn margins(figure: &Figure) -> [f64; 4] {
    let labels = figure.panels.iter().flat_map(|panel| ticks(&panel.y.scale, 6));
    let widest = labels.map(|tick| width(&tick.label, SMALL, false)).fold(0.0, f64::max);
    let never = figure.panels.iter().any(|panel| panel.y.never);
    let widest = if never { widest.max(width("never", SMALL, false)) } else { widest };
    let heading = figure.panels.iter().any(|panel| !panel.heading.is_empty());
    [widest.min(NAMES) + 8.0, if heading { 6.0 } else { 2.5 }, 4.0, 0.0]
}

fn widest_below(figure: &Figure) -> f64 {
    let names = figure.panels.iter().flat_map(|panel| match &panel.x.scale {
        Scale::Names(names) => names.clone(),
        _ => Vec::new(),
    });
    names.map(|name| width(&name, SMALL, false)).fold(0.0, f64::max)
}

/// Whether names are too wide to stand beside each other.
fn turned(figure: &Figure, inner: f64) -> bool {
    let most = figure.panels.iter().map(|panel| match &panel.x.scale {
        Scale::Names(names) => names.len(),
        _ => 0,
    });
    let slot = inner / most.max().unwrap_or(1).max(1) as f64;
    let tiles = figure.panels.iter().flat_map(|panel| &panel.series);
    let wide = tiles.clone().any(|series| matches!(series.shape, Shape::Tiles(_)));
    widest_below(figure) > slot - 1.0 && (!wide || slot < 20.0)
}

/// The sentences of a caption in lines that fit.
fn wrapped(sentences: &[String]) -> Vec<String> {
    let room = WIDTH - 2.0 * EDGE;
    let mut lines: Vec<String> = Vec::new();
    for sentence in sentences {
        let sentence = commitsim_report::visible(sentence);
        let fits = |line: &String| width(&format!("{line} {sentence}"), CAPTION, false) <= room;
        match lines.last_mut().filter(|line| fits(line)) {
            Some(line) => {
                line.push(' ');
                line.push_str(&sentence);
            }
            None => lines.push(sentence.into_owned()),
        }
    }
    lines
}

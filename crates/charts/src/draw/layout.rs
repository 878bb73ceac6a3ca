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
        let columns = match count {
            0 | 1 => 1,
            2 | 4 => 2,
            _ => 3,
        };
        let across = (WIDTH - 2.0 * EDGE) / columns as f64;
        let margins = margins(figure);
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
        let caption = wrapped(&figure.caption);
        let caption_top = top + high * rows as f64 + 2.5;
        let line = CAPTION * POINT * 1.35;
        let height = caption_top + line * caption.len() as f64 + EDGE - line / 2.0;
        let margins = [margins[0], margins[1], margins[2], below];
        if height > 5_000.0 {
            return Err("the figure would be five metres high".to_string());
        }
        Ok(Layout { height, keys, panels, margins, turned, caption, caption_top })
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

//! Title, legend, axes and caption.

use plotters::backend::DrawingBackend;
use plotters::style::text_anchor::{HPos, VPos};

use super::WIDTH;
use super::canvas::{Canvas, Drawing, Letters, Pen};
use super::layout::{EDGE, Layout, NAMES, SAMPLE};
use super::marks;
use super::style::{
    AXIS, BLACK, CAPTION, DATA, GREY, GRID, HAIR, LABEL, PALETTE, POINT, SMALL, TITLE, tint,
};
use super::ticks::{Tick, place, ticks};
use crate::figure::{Axis, Figure, Key, Panel, Scale, Shape, Sign};

/// The inside of a panel, in millimetres.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Inside {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
    /// Above this lies the strip of what never came; the same as `top` where there is none.
    pub(crate) limit: f64,
}

/// The height of the strip of what never came.
const NEVER: f64 = 5.0;

impl Inside {
    /// The inside of a panel in its frame.
    pub(crate) fn of(panel: &Panel, frame: [f64; 4], layout: &Layout) -> Inside {
        let ([left, top, width, height], [before, above, behind, below]) = (frame, layout.margins);
        let never = if panel.y.never { NEVER } else { 0.0 };
        Inside {
            left: left + before,
            top: top + above,
            right: left + width - behind,
            bottom: top + height - below,
            limit: top + above + never,
        }
    }

    pub(crate) fn x(&self, axis: &Axis, number: f64) -> f64 {
        self.left + (self.right - self.left) * place(&axis.scale, number)
    }

    pub(crate) fn y(&self, axis: &Axis, number: f64) -> f64 {
        self.bottom - (self.bottom - self.limit) * place(&axis.scale, number)
    }

    /// Where what never came is marked.
    pub(crate) fn never(&self) -> f64 {
        (self.top + self.limit) / 2.0
    }
}

pub(crate) fn figure<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    figure: &Figure,
    layout: &Layout,
) -> Drawing {
    let room = WIDTH - 2.0 * EDGE;
    let bold = Letters { bold: true, ..Letters::new(TITLE) };
    canvas.write(&figure.title, (EDGE, EDGE + TITLE * POINT * 0.6), room, bold)?;
    for (key, at) in figure.legend.iter().zip(&layout.keys) {
        legend(canvas, key, *at)?;
    }
    for (panel, frame) in figure.panels.iter().zip(&layout.panels) {
        one_panel(canvas, panel, Inside::of(panel, *frame, layout), layout)?;
    }
    let line = CAPTION * POINT * 1.35;
    for (n, text) in layout.caption.iter().enumerate() {
        let at = (EDGE, layout.caption_top + line * n as f64);
        canvas.write(text, at, room, Letters::new(CAPTION).coloured(GREY))?;
    }
    Ok(())
}

fn legend<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, key: &Key, (x, y): (f64, f64)) -> Drawing {
    let colour = PALETTE[key.look.colour];
    let (middle, end) = (x + SAMPLE / 2.0, x + SAMPLE);
    match key.sign {
        Sign::Line => {
            let pen = Pen { colour, width: DATA, dash: key.look.dash };
            canvas.line(&[(x, y), (end, y)], pen)?;
            marks::marker(canvas, (middle, y), key.look, 0.9)?;
        }
        Sign::Block => marks::filled(canvas, (end - 4.0, y - 1.3), (end, y + 1.3), key.look)?,
        Sign::Pale => {
            let pen = Pen { colour: tint(GREY, 0.35), width: marks::PALE, dash: 0 };
            canvas.line(&[(x, y), (end, y)], pen)?;
        }
        Sign::Tick => {
            canvas.line(&[(x, y), (end, y)], Pen { colour: BLACK, width: DATA, dash: 0 })?;
        }
    }
    canvas.write(&key.name, (end + 1.5, y), 70.0, Letters::new(SMALL))
}

fn one_panel<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    panel: &Panel,
    inside: Inside,
    layout: &Layout,
) -> Drawing {
    let Inside { left, top, right, bottom, .. } = inside;
    let heading = Letters { bold: true, ..Letters::new(SMALL) };
    canvas.write(&panel.heading, (left, top - 2.8), right - left, heading)?;
    grid(canvas, panel, inside)?;
    if panel.series.iter().all(|series| is_empty(&series.shape)) {
        let at = ((left + right) / 2.0, (top + bottom) / 2.0);
        let how = Letters::new(LABEL).coloured(GREY).at(HPos::Center, VPos::Center);
        let flat = panel.series.iter().any(|series| matches!(series.shape, Shape::Steps(_)));
        let words = if flat { "the value never came" } else { "no data" };
        canvas.write(words, at, right - left, how)?;
    }
    for series in &panel.series {
        marks::series(canvas, panel, series, inside, layout.fields)?;
    }
    let pen = Pen { colour: BLACK, width: AXIS, dash: 0 };
    canvas.line(&[(left, top), (left, bottom), (right, bottom)], pen)?;
    below(canvas, &panel.x, inside, layout)?;
    beside(canvas, &panel.y, inside, layout)
}

fn is_empty(shape: &Shape) -> bool {
    match shape {
        Shape::Line { marks, .. } | Shape::Bars { marks, .. } => marks.is_empty(),
        Shape::Steps(points) => points.len() <= 2 && points.iter().all(|(_, y)| *y == 0.0),
        Shape::Boxes { boxes, .. } | Shape::Violins { boxes, .. } => boxes.is_empty(),
        Shape::Tiles(tiles) => tiles.is_empty(),
        Shape::Pale(_) | Shape::Ticks { .. } => true,
    }
}

fn grid<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, panel: &Panel, inside: Inside) -> Drawing {
    let pen = Pen { colour: GRID, width: HAIR, dash: 0 };
    if !matches!(panel.y.scale, Scale::Names(_)) {
        for tick in ticks(&panel.y.scale, 6) {
            let y = inside.y(&panel.y, tick.at);
            canvas.line(&[(inside.left, y), (inside.right, y)], pen)?;
        }
    }
    if !matches!(panel.x.scale, Scale::Names(_)) {
        for tick in ticks(&panel.x.scale, 6) {
            let x = inside.x(&panel.x, tick.at);
            canvas.line(&[(x, inside.limit), (x, inside.bottom)], pen)?;
        }
    }
    if panel.y.never {
        let pen = Pen { colour: GREY, width: HAIR, dash: 2 };
        canvas.line(&[(inside.left, inside.limit), (inside.right, inside.limit)], pen)?;
        let (at, how) = ((inside.left - 1.5, inside.never()), Letters::new(SMALL));
        canvas.write("never", at, NAMES, how.at(HPos::Right, VPos::Center))?;
    }
    Ok(())
}

fn below<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    axis: &Axis,
    inside: Inside,
    layout: &Layout,
) -> Drawing {
    let pen = Pen { colour: BLACK, width: AXIS, dash: 0 };
    let named = matches!(axis.scale, Scale::Names(_));
    let all = ticks(&axis.scale, 6);
    let slot = (inside.right - inside.left) / all.len().max(1) as f64;
    for Tick { at, label } in all {
        let x = inside.x(axis, at);
        if !named {
            canvas.line(&[(x, inside.bottom), (x, inside.bottom + 1.0)], pen)?;
        }
        let how = Letters::new(SMALL);
        let y = inside.bottom + 1.5;
        if named && layout.turned {
            let how = Letters { turned: true, ..how.at(HPos::Right, VPos::Center) };
            canvas.write(&label, (x, y), NAMES, how)?;
        } else {
            let room = if named { slot - 0.5 } else { 30.0 };
            canvas.write(&label, (x, y), room, how.at(HPos::Center, VPos::Top))?;
        }
    }
    let middle = (inside.left + inside.right) / 2.0;
    let at = (middle, inside.bottom + layout.margins[3] - 2.8);
    let how = Letters::new(LABEL).at(HPos::Center, VPos::Center);
    canvas.write(&axis.title, at, inside.right - inside.left, how)
}

fn beside<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    axis: &Axis,
    inside: Inside,
    layout: &Layout,
) -> Drawing {
    let pen = Pen { colour: BLACK, width: AXIS, dash: 0 };
    let named = matches!(axis.scale, Scale::Names(_));
    for Tick { at, label } in ticks(&axis.scale, 6) {
        let y = inside.y(axis, at);
        if !named {
            canvas.line(&[(inside.left - 1.0, y), (inside.left, y)], pen)?;
        }
        let how = Letters::new(SMALL).at(HPos::Right, VPos::Center);
        canvas.write(&label, (inside.left - 1.5, y), NAMES, how)?;
    }
    let middle = (inside.top + inside.bottom) / 2.0;
    let at = (inside.left - layout.margins[0] + 3.0, middle);
    let how = Letters { turned: true, ..Letters::new(LABEL).at(HPos::Center, VPos::Center) };
    canvas.write(&axis.title, at, inside.bottom - inside.top + 6.0, how)
}

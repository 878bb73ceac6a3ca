//! A drawing of the report, a space-time diagram for example, as PNG.

use commitsim_report::{Hangs, Pen as Stroke, Place, Shape, Sheet, visible};
use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::drawing::IntoDrawingArea;
use plotters::style::WHITE;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, Drawing, Letters, Pen};
use super::style::{self, POINT};
use super::{DOTS, OVERSIZE, averaged, encoded, whole};

/// Lengths of a sheet in a millimetre.
const HUNDREDTHS: f64 = 100.0;

/// The largest picture, in hundredths of a millimetre; space-time diagrams end before.
const LARGEST: i64 = 70_000;

/// Draws a sheet as PNG: 300 dots an inch at the size in which it is printed.
///
/// # Errors
///
/// What the drawing library says; nothing is known that makes it say something.
pub fn sheet_png(sheet: &Sheet) -> Result<Vec<u8>, String> {
    style::register_fonts()?;
    let dots = |length: i64| whole(length.clamp(1, LARGEST) as f64 / HUNDREDTHS * DOTS).max(1);
    let (width, height) = (dots(sheet.width), dots(sheet.height));
    let large = (width * OVERSIZE as u32, height * OVERSIZE as u32);
    let mut picture = vec![255_u8; large.0 as usize * large.1 as usize * 3];
    let backend: BitMapBackend<'_> = BitMapBackend::with_buffer(&mut picture, large);
    paint(backend, sheet)?;
    let picture = averaged(&picture, width as usize, height as usize);
    encoded(&picture, width, height).map_err(|error| error.to_string())
}

fn paint<DB: DrawingBackend>(backend: DB, sheet: &Sheet) -> Drawing {
    let area = backend.into_drawing_area();
    area.fill(&WHITE).map_err(|error| error.to_string())?;
    let canvas = Canvas::new(&area, DOTS * OVERSIZE as f64);
    for shape in sheet.marks.iter().flat_map(|mark| &mark.shapes) {
        one(&canvas, shape)?;
    }
    area.present().map_err(|error| error.to_string())
}

fn one<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, shape: &Shape) -> Drawing {
    match shape {
        Shape::Line(places, pen) => {
            let Stroke { hue, width, dash } = *pen;
            let pen = Pen { colour: hue, width: mm(width), dash: 0 };
            let lengths: Vec<f64> = dash.lengths().iter().copied().map(mm).collect();
            canvas.strokes(&points(places), pen, &lengths)
        }
        Shape::Area(places, hue) => canvas.area(&points(places), *hue),
        Shape::Disc(at, radius, hue) => canvas.disc(point(at), mm(*radius), *hue),
        Shape::Text(text) => {
            let across = match text.hangs {
                Hangs::Left => HPos::Left,
                Hangs::Middle => HPos::Center,
                Hangs::Right => HPos::Right,
            };
            let mut how = Letters::new(points_of(text.size)).at(across, VPos::Center);
            (how.colour, how.bold) = (text.hue, text.bold);
            // Plotters takes the room below letters for a part of them, and so hangs them too high.
            let (x, y) = point(&text.at);
            let at = (x, y + mm(text.size) * 0.14);
            // The sheet has made sure of the room with a measure of its own.
            canvas.write(&visible(&text.text), at, f64::INFINITY, how)
        }
    }
}

/// The size of letters in points as a canvas of dots wants it. Plotters means the em in SVG, and
/// takes it for 1.24 of a line; on dots it means the height of a line, which is 1.164 em in DejaVu
/// Sans (ascender and descender of its `hhea` table).
fn points_of(size: i64) -> f64 {
    mm(size) / POINT * 1.164 / 1.24
}

fn mm(hundredths: i64) -> f64 {
    hundredths as f64 / HUNDREDTHS
}

fn point((x, y): &Place) -> (f64, f64) {
    (mm(*x), mm(*y))
}

fn points(places: &[Place]) -> Vec<(f64, f64)> {
    places.iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::super::canvas::width;
    use super::*;
    use commitsim_report::Text;

    /// Sheets are laid out with a table of widths; letters must not be wider on paper.
    #[test]
    fn letters_are_as_wide_as_the_sheet_takes_them_for() {
        style::register_fonts().unwrap();
        let all: String = (' '..='~').collect();
        for text in [all.as_str(), "PreCommitted", "1002.6", "WWWWWWWW", "illicit", "n0 n1 | n2"] {
            for bold in [false, true] {
                let shape = match bold {
                    true => Shape::bold(text, (0, 0), Hangs::Left, 222, (0, 0, 0)),
                    false => Shape::text(text, (0, 0), Hangs::Left, 222, (0, 0, 0)),
                };
                let Shape::Text(taken @ Text { .. }) = shape else { unreachable!() };
                let measured = (width(text, points_of(222), bold) * HUNDREDTHS) as i64;
                let taken = taken.width();
                let fits = measured <= taken * 104 / 100 + 12 && measured >= taken * 80 / 100;
                assert!(fits, "{text}: {measured} and {taken}");
            }
        }
    }
}

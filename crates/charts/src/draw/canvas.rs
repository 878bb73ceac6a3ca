//! Lines, areas and letters, in millimetres from the upper left.

use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, ShapeStyle, TextStyle,
};

use super::rgb;
use super::style::{Colour, DASHED, FAMILY, POINT};

/// What drawing comes to.
pub(crate) type Drawing = Result<(), String>;

/// A surface to draw on.
pub(crate) struct Canvas<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    /// Coordinates in a millimetre.
    unit: f64,
}

/// A line: its colour, its width in millimetres, and the number of its dash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    pub(crate) colour: Colour,
    pub(crate) width: f64,
    pub(crate) dash: usize,
}

/// Letters: their size in points, where they hang, and how.
#[derive(Clone, Copy)]
pub(crate) struct Letters {
    pub(crate) points: f64,
    pub(crate) colour: Colour,
    pub(crate) bold: bool,
    pub(crate) across: HPos,
    pub(crate) down: VPos,
    /// Whether they run upwards.
    pub(crate) turned: bool,
}

impl Letters {
    /// Black letters whose left end is in the middle of a line.
    pub(crate) fn new(points: f64) -> Letters {
        let (across, down) = (HPos::Left, VPos::Center);
        Letters { points, colour: (0, 0, 0), bold: false, across, down, turned: false }
    }

    pub(crate) fn at(self, across: HPos, down: VPos) -> Letters {
        Letters { across, down, ..self }
    }

    pub(crate) fn coloured(self, colour: Colour) -> Letters {
        Letters { colour, ..self }
    }
}

/// Plotters takes the height of a line for the size of letters, which is larger by this.
const LINE: f64 = 1.24;

/// The width of a text in millimetres.
pub(crate) fn width(text: &str, points: f64, bold: bool) -> f64 {
    // Measured at a size at which whole numbers are fine enough.
    let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(FAMILY), 100.0 * LINE, style);
    let wide = font.box_size(text).map_or(0, |(width, _)| width);
    f64::from(wide) / 100.0 * points * POINT
}

/// As much of a text as fits into so many millimetres.
pub(crate) fn fitting(text: &str, points: f64, bold: bool, room: f64) -> String {
    // Nothing that is longer than this fits anywhere, and measuring takes time.
    let mut text: String = commitsim_report::visible(text)
        .chars()
        .filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .take(240)
        .collect();
    if width(&text, points, bold) <= room {
        return text;
    }
    while !text.is_empty() {
        text.pop();
        let cut = format!("{}…", text.trim_end());
        if width(&cut, points, bold) <= room {
            return cut;
        }
    }
    text
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    pub(crate) fn new(area: &'a DrawingArea<DB, Shift>, unit: f64) -> Canvas<'a, DB> {
        Canvas { area, unit }
    }

    fn dot(&self, (x, y): (f64, f64)) -> (i32, i32) {
        let place = |mm: f64| (mm.clamp(-1e3, 1e4) * self.unit + 0.5).floor() as i32;
        (place(x), place(y))
    }

    fn dots(&self, points: &[(f64, f64)]) -> Vec<(i32, i32)> {
        points.iter().map(|point| self.dot(*point)).collect()
    }

    fn stroke(&self, pen: Pen) -> ShapeStyle {
        let width = ((pen.width * self.unit + 0.5) as u32).max(1);
        rgb(pen.colour).stroke_width(width)
    }

    pub(crate) fn line(&self, points: &[(f64, f64)], pen: Pen) -> Drawing {
        self.strokes(points, pen, DASHED.get(pen.dash).copied().unwrap_or_default())
    }

    /// A line with strokes and gaps of these lengths; none of them is one without gaps.
    pub(crate) fn strokes(&self, points: &[(f64, f64)], pen: Pen, dashes: &[f64]) -> Drawing {
        let pieces = if dashes.is_empty() { vec![points.to_vec()] } else { dashed(points, dashes) };
        for piece in pieces {
            let path = PathElement::new(self.dots(&piece), self.stroke(pen));
            self.area.draw(&path).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    pub(crate) fn area(&self, points: &[(f64, f64)], colour: Colour) -> Drawing {
        let shape = Polygon::new(self.dots(points), rgb(colour).filled());
        self.area.draw(&shape).map_err(|error| error.to_string())
    }

    pub(crate) fn block(&self, from: (f64, f64), to: (f64, f64), colour: Colour) -> Drawing {
        let shape = Rectangle::new([self.dot(from), self.dot(to)], rgb(colour).filled());
        self.area.draw(&shape).map_err(|error| error.to_string())
    }

    pub(crate) fn disc(&self, at: (f64, f64), radius: f64, colour: Colour) -> Drawing {
        let size = ((radius * self.unit + 0.5) as i32).max(1);
        let shape = Circle::new(self.dot(at), size, rgb(colour).filled());
        self.area.draw(&shape).map_err(|error| error.to_string())
    }

    /// Writes as much as fits into so many millimetres.
    pub(crate) fn write(&self, text: &str, at: (f64, f64), room: f64, how: Letters) -> Drawing {
        let text = fitting(text, how.points, how.bold, room);
        if text.is_empty() {
            return Ok(());
        }
        let style = if how.bold { FontStyle::Bold } else { FontStyle::Normal };
        let size = how.points * POINT * self.unit * LINE;
        let turn = if how.turned { FontTransform::Rotate270 } else { FontTransform::None };
        let font = FontDesc::new(FontFamily::Name(FAMILY), size, style).transform(turn);
        let colour = rgb(how.colour);
        let place = Pos::new(how.across, how.down);
        let style = TextStyle::from(font).color(&colour).pos(place);
        self.area.draw_text(&text, &style, self.dot(at)).map_err(|error| error.to_string())
    }
}

/// Cuts a line into its dashes. More of them than anybody sees are not made.
fn dashed(points: &[(f64, f64)], dashes: &[f64]) -> Vec<Vec<(f64, f64)>> {
    const MOST: usize = 4_000;
    let mut pieces = Vec::new();
    let (mut n, mut left) = (0, dashes[0]);
    let mut piece: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = ((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)).sqrt();
        let mut gone = 0.0;
        while length - gone > left && pieces.len() < MOST {
            gone += left;
            let share = gone / length;
            let at = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share);
            if n % 2 == 0 {
                piece.push(at);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![at];
            }
            n += 1;
            left = dashes[n % dashes.len()];
        }
        left -= length - gone;
        if n % 2 == 0 {
            piece.push((x1, y1));
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_follow_the_line_around_its_corners() {
        let pieces = dashed(&[(0.0, 0.0), (3.0, 0.0), (3.0, 3.0)], &[2.0, 2.0]);
        assert_eq!(pieces, [vec![(0.0, 0.0), (2.0, 0.0)], vec![(3.0, 1.0), (3.0, 3.0)]]);
        assert!(dashed(&[(0.0, 0.0)], &[1.0, 1.0]).is_empty());
        assert!(dashed(&[], &[1.0, 1.0]).is_empty());
    }

    #[test]
    fn long_texts_are_cut_to_their_room() {
        super::super::style::register_fonts().unwrap();
        let cut = fitting(&"W".repeat(100_000), 7.0, false, 30.0);
        assert!(cut.ends_with('…') && width(&cut, 7.0, false) <= 30.0, "{cut}");
        assert_eq!(fitting("short", 7.0, false, 30.0), "short");
        assert_eq!(fitting("W", 7.0, false, 0.1), "");
        assert_eq!(fitting("a\u{1}\u{202e}b\u{ffff}", 7.0, false, 50.0), "a\\u{1}\\u{202e}b");
    }
}

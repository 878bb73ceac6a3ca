//! A drawing before it is SVG or PNG: lines, areas, discs and texts on a sheet of paper.
//!
//! All lengths are whole numbers of hundredths of a millimetre from the upper left corner, so that
//! a drawing is the same on every machine. What paints it needs to know nothing of what it shows.

mod letters;
mod svg;

pub(crate) use letters::wide;

/// A place on the sheet: to the right, and down.
pub type Place = (i64, i64);

/// A colour: red, green and blue.
pub type Hue = (u8, u8, u8);

/// What there is to paint, in the order in which it is painted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheet {
    /// What the drawing is called.
    pub title: String,
    /// How wide the paper is.
    pub width: i64,
    /// How high the paper is.
    pub height: i64,
    /// What is on it.
    pub marks: Vec<Mark>,
}

/// Some shapes that mean one thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The kind of thing: a word of this program, without anything that needs escaping.
    pub class: &'static str,
    /// A sentence about it, for those who point at it. None where it is empty.
    pub says: String,
    /// What is painted.
    pub shapes: Vec<Shape>,
}

/// One stroke of the brush.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A line through some places.
    Line(Vec<Place>, Pen),
    /// What some places enclose.
    Area(Vec<Place>, Hue),
    /// A filled circle: its middle and its radius.
    Disc(Place, i64, Hue),
    /// A text.
    Text(Text),
}

/// How a line is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pen {
    /// Its colour.
    pub hue: Hue,
    /// How broad it is.
    pub width: i64,
    /// Its gaps.
    pub dash: Dash,
}

/// The gaps of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dash {
    /// None.
    Solid,
    /// Long strokes.
    Dashed,
    /// Dots.
    Dotted,
}

/// A text on one line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// Where it hangs: by the middle of its height.
    pub at: Place,
    /// Which end of it is there.
    pub hangs: Hangs,
    /// How large its letters are.
    pub size: i64,
    /// Its colour.
    pub hue: Hue,
    /// Whether it is bold.
    pub bold: bool,
}

/// Which part of a text stands where it hangs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hangs {
    /// Its beginning.
    Left,
    /// Its middle.
    Middle,
    /// Its end.
    Right,
}

impl Dash {
    /// The lengths of strokes and gaps in turn.
    #[must_use]
    pub fn lengths(self) -> &'static [i64] {
        match self {
            Dash::Solid => &[],
            Dash::Dashed => &[150, 80],
            Dash::Dotted => &[35, 60],
        }
    }
}

impl Pen {
    /// A line without gaps.
    #[must_use]
    pub fn solid(hue: Hue, width: i64) -> Pen {
        Pen { hue, width, dash: Dash::Solid }
    }

    /// The same line with gaps.
    #[must_use]
    pub fn with(self, dash: Dash) -> Pen {
        Pen { dash, ..self }
    }
}

impl Shape {
    /// A rectangle between two of its corners.
    #[must_use]
    pub fn block((left, top): Place, (right, bottom): Place, hue: Hue) -> Shape {
        Shape::Area(vec![(left, top), (right, top), (right, bottom), (left, bottom)], hue)
    }

    /// The edge of a rectangle.
    #[must_use]
    pub fn frame((left, top): Place, (right, bottom): Place, pen: Pen) -> Shape {
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        Shape::Line(corners.to_vec(), pen)
    }

    /// A text in letters of a size.
    #[must_use]
    pub fn text(text: &str, at: Place, hangs: Hangs, size: i64, hue: Hue) -> Shape {
        Shape::Text(Text { text: text.to_string(), at, hangs, size, hue, bold: false })
    }

    /// A bold text.
    #[must_use]
    pub fn bold(text: &str, at: Place, hangs: Hangs, size: i64, hue: Hue) -> Shape {
        Shape::Text(Text { text: text.to_string(), at, hangs, size, hue, bold: true })
    }
}

impl Text {
    /// About how wide it is.
    #[must_use]
    pub fn width(&self) -> i64 {
        wide(&self.text, self.size, self.bold)
    }
}

impl Sheet {
    /// Puts something on the sheet, above what is there.
    pub fn put(&mut self, class: &'static str, says: impl Into<String>, shapes: Vec<Shape>) {
        self.marks.push(Mark { class, says: says.into(), shapes });
    }

    /// The drawing as the text of an SVG file: no script, no style from elsewhere, no font of its
    /// own, and every text escaped.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::written(self)
    }
}

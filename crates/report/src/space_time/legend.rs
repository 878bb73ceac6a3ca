//! What the forms and colours mean: only those that occur, below everything else.

use crate::sheet::{Hangs, Shape, Sheet, wide};

use super::course::{Course, End};
use super::kinds::{Kind, Sign};
use super::{EDGE, LABEL, WIDTH, signs};

/// How high a row is.
const ROW: i64 = 400;

/// Something that occurs, as it is explained.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    Message(End, bool),
    Question,
    Stretch(Kind),
    Sign(Sign),
    Fault,
}

/// Draws the legend and says where the next thing may be.
pub(super) fn draw(courses: &[(Course<'_>, String)], top: i64, sheet: &mut Sheet) -> i64 {
    let (mut x, mut y) = (EDGE, top + ROW / 2);
    for entry in entries(courses) {
        let text = entry.words();
        let sample = entry.broad();
        let broad = sample + wide(text, LABEL, false) + 560;
        if x > EDGE && x + broad > WIDTH - EDGE {
            (x, y) = (EDGE, y + ROW);
        }
        let mut shapes = entry.sample(x, y);
        let at = (x + sample + 190, y);
        shapes.push(Shape::text(text, at, Hangs::Left, LABEL, signs::INK));
        sheet.put("legend", "", shapes);
        x += broad;
    }
    y + ROW
}

fn entries(courses: &[(Course<'_>, String)]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (course, _) in courses {
        for arrow in &course.arrows {
            entries.push(Entry::Message(arrow.end, arrow.copy && arrow.end != End::UnderWay));
            if arrow.question && arrow.end == End::Arrived {
                entries.push(Entry::Question);
            }
        }
        entries.extend(course.stretches.iter().map(|stretch| Entry::Stretch(stretch.kind)));
        entries.extend(course.instants.iter().map(|instant| Entry::Sign(instant.sign)));
        entries.extend(course.faults.first().map(|_| Entry::Fault));
    }
    entries.sort_unstable();
    entries.dedup();
    entries
}

impl Entry {
    fn words(self) -> &'static str {
        match self {
            Entry::Message(End::Arrived, false) => "message",
            Entry::Message(End::Arrived, true) => "second copy of a message",
            Entry::Message(End::Lost, false) => "lost message",
            Entry::Message(End::Lost, true) => "lost copy",
            Entry::Message(End::UnderWay, _) => "message under way",
            Entry::Question => "asks for the outcome",
            Entry::Stretch(kind) => kind.words(),
            Entry::Sign(sign) => sign.words(),
            Entry::Fault => "fault",
        }
    }

    /// How broad its sample is.
    fn broad(self) -> i64 {
        if matches!(self, Entry::Sign(_)) { 250 } else { 850 }
    }

    fn sample(self, x: i64, y: i64) -> Vec<Shape> {
        let broad = self.broad();
        let middle = (x + broad / 2, y);
        let (from, to) = ((x, y), (x + broad, y));
        match self {
            Entry::Message(end, copy) => {
                let mut shapes = vec![signs::shaft(end, copy, from, to)];
                match end {
                    End::Arrived => shapes.extend(signs::tip(from, to, false)),
                    End::Lost => shapes.extend(signs::lost(to)),
                    End::UnderWay => {}
                }
                shapes
            }
            Entry::Question => {
                let mut shapes = vec![signs::shaft(End::Arrived, false, from, to)];
                shapes.extend(signs::tip(from, to, true));
                shapes
            }
            Entry::Stretch(kind @ (Kind::Locks | Kind::Wait)) => {
                signs::stretch(kind, x, x + broad, y - 170)
            }
            Entry::Stretch(kind) => signs::stretch(kind, x, x + broad, y),
            Entry::Sign(sign) => signs::sign(sign, middle),
            Entry::Fault => signs::fault(x, x + broad, y),
        }
    }
}

//! What everything looks like: by its form first, so that it can be told apart in grey, and by
//! Okabe and Ito's colours, which all kinds of eyesight tell apart.

use crate::sheet::{Dash, Hue, Pen, Place, Shape};

use super::course::End;
use super::kinds::{Kind, Sign};

pub(super) const INK: Hue = (30, 30, 30);
pub(super) const GREY: Hue = (95, 95, 95);
pub(super) const LANE: Hue = (130, 130, 130);
pub(super) const GRID: Hue = (226, 226, 226);
pub(super) const WHITE: Hue = (255, 255, 255);
const BLUE: Hue = (0, 114, 178);
const SKY: Hue = (86, 180, 233);
const GREEN: Hue = (0, 120, 88);
const PURPLE: Hue = (150, 50, 110);
pub(super) const RED: Hue = (190, 60, 0);
const AMBER: Hue = (250, 214, 130);
const AMBER_EDGE: Hue = (190, 130, 0);
const VERMILION: Hue = (240, 160, 110);
const DOWN: Hue = (236, 236, 236);
const DOWN_EDGE: Hue = (150, 150, 150);
const WORK: Hue = (170, 170, 170);

/// Half the height of the bands along a lane.
const BAND: i64 = 120;

/// The shortest stretch that can be seen.
const SHORTEST: i64 = 55;

/// A stretch of a lane from one place to another.
pub(super) fn stretch(kind: Kind, from: i64, to: i64, y: i64) -> Vec<Shape> {
    let to = to.max(from + SHORTEST);
    let block = |half: i64, hue: Hue| Shape::block((from, y - half), (to, y + half), hue);
    match kind {
        Kind::Doubt => {
            let edge = Pen::solid(AMBER_EDGE, 16);
            let line = |y: i64| Shape::Line(vec![(from, y), (to, y)], edge);
            vec![block(BAND, AMBER), line(y - BAND), line(y + BAND)]
        }
        Kind::Blocked => {
            let mut shapes = vec![block(BAND, VERMILION)];
            shapes.extend(hatched((from, to), y, Pen::solid(RED, 22), 150));
            shapes
        }
        Kind::Down => {
            let mut shapes = vec![block(BAND, DOWN)];
            shapes.push(Shape::frame(
                (from, y - BAND),
                (to, y + BAND),
                Pen::solid(DOWN_EDGE, 12).with(Dash::Dotted),
            ));
            shapes
        }
        Kind::Locks => {
            let (top, bottom) = (y + BAND + 35, y + BAND + 75);
            vec![Shape::block((from, top), (to, bottom), SKY)]
        }
        Kind::Wait => {
            let y = y + BAND + 55;
            vec![Shape::Line(vec![(from, y), (to, y)], Pen::solid(BLUE, 36).with(Dash::Dotted))]
        }
        Kind::Work => vec![block(40, WORK)],
        Kind::Force => vec![block(85, BLUE)],
    }
}

/// Slanted lines in the band along a lane.
fn hatched((from, to): (i64, i64), y: i64, pen: Pen, apart: i64) -> Vec<Shape> {
    let height = 2 * BAND;
    let mut shapes = Vec::new();
    let mut foot = from - height + apart / 2;
    while foot < to {
        // A line that goes up to the right, cut off at both ends of the band.
        let (left, right) = (foot.max(from), (foot + height).min(to));
        if left < right {
            let place = |x: i64| (x, y + BAND - (x - foot));
            shapes.push(Shape::Line(vec![place(left), place(right)], pen));
        }
        foot += apart;
    }
    shapes
}

/// What happens at an instant.
pub(super) fn sign(sign: Sign, (x, y): Place) -> Vec<Shape> {
    let edged = |places: Vec<Place>, inside: Hue, pen: Pen| {
        let around = places.iter().chain(places.first()).copied().collect();
        vec![Shape::Area(places, inside), Shape::Line(around, pen)]
    };
    let square = |half: i64| {
        vec![(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    };
    match sign {
        Sign::Lazy => edged(square(62), WHITE, Pen::solid(BLUE, 28)),
        Sign::Settled => vec![Shape::Disc((x, y), 62, WHITE), Shape::Disc((x, y), 46, BLUE)],
        Sign::Vote => {
            let corners = vec![(x, y - 95), (x + 75, y), (x, y + 95), (x - 75, y)];
            edged(corners, WHITE, Pen::solid(INK, 20))
        }
        Sign::Alarm => {
            let corners = vec![(x - 90, y - 95), (x + 90, y - 95), (x, y + 60)];
            edged(corners, WHITE, Pen::solid(INK, 22))
        }
        Sign::Forgotten => {
            vec![Shape::Line(vec![(x, y - 165), (x, y + 165)], Pen::solid(INK, 36))]
        }
        Sign::Back => {
            edged(vec![(x - 60, y - 110), (x + 110, y), (x - 60, y + 110)], INK, Pen::solid(INK, 1))
        }
        Sign::Crash => {
            let arm = |dy: i64| vec![(x - 120, y - dy), (x + 120, y + dy)];
            let both = |pen: Pen| [Shape::Line(arm(120), pen), Shape::Line(arm(-120), pen)];
            let mut shapes = both(Pen::solid(WHITE, 95)).to_vec();
            shapes.extend(both(Pen::solid(INK, 55)));
            shapes
        }
        Sign::Commit => {
            vec![Shape::Disc((x, y), 125, WHITE), Shape::Disc((x, y), 108, GREEN)]
        }
        Sign::Abort => {
            let mut shapes = edged(square(96), PURPLE, Pen::solid(WHITE, 16));
            let bar = vec![(x - 55, y), (x + 55, y)];
            shapes.push(Shape::Line(bar, Pen::solid(WHITE, 30)));
            shapes
        }
    }
}

/// The line of a message, without its end.
pub(super) fn shaft(end: End, copy: bool, from: Place, to: Place) -> Shape {
    let pen = match end {
        End::Arrived => Pen::solid(INK, 24),
        End::Lost => Pen::solid(RED, 26),
        End::UnderWay => Pen::solid(GREY, 26),
    };
    let dash = match (end, copy) {
        (End::UnderWay, _) => Dash::Dotted,
        (_, true) => Dash::Dashed,
        _ => Dash::Solid,
    };
    Shape::Line(vec![from, to], pen.with(dash))
}

/// The tip of an arrow; that of a question is hollow.
pub(super) fn tip(from: Place, to: Place, question: bool) -> Vec<Shape> {
    const LONG: i64 = 150;
    const HALF: i64 = 52;
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let long = (dx * dx + dy * dy).isqrt().max(1);
    let back = (to.0 - dx * LONG / long, to.1 - dy * LONG / long);
    let (aside, down) = (-dy * HALF / long, dx * HALF / long);
    let corners = vec![to, (back.0 + aside, back.1 + down), (back.0 - aside, back.1 - down)];
    if !question {
        return vec![Shape::Area(corners, INK)];
    }
    let around = corners.iter().chain(corners.first()).copied().collect();
    vec![Shape::Area(corners, WHITE), Shape::Line(around, Pen::solid(INK, 18))]
}

/// Where a message was lost.
pub(super) fn lost((x, y): Place) -> Vec<Shape> {
    let arm = |dy: i64| Shape::Line(vec![(x - 75, y - dy), (x + 75, y + dy)], Pen::solid(RED, 38));
    vec![arm(75), arm(-75)]
}

/// How long a fault lasts, above the lanes.
pub(super) fn fault(from: i64, to: i64, y: i64) -> Vec<Shape> {
    let pen = Pen::solid(INK, 22);
    if to - from < SHORTEST {
        let corners = vec![(from - 70, y - 80), (from + 70, y - 80), (from, y + 80)];
        return vec![Shape::Area(corners, INK)];
    }
    let end = |x: i64| Shape::Line(vec![(x, y - 75), (x, y + 75)], pen);
    let line = Shape::Line(vec![(from, y), (to, y)], pen.with(Dash::Dashed));
    vec![line, end(from), end(to)]
}

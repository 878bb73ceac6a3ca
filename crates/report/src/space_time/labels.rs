//! Places for labels, so that none lies on another.

use crate::sheet::Place;

/// A rectangle: left, top, right and bottom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Frame {
    pub(super) left: i64,
    pub(super) top: i64,
    pub(super) right: i64,
    pub(super) bottom: i64,
}

/// What has been drawn where labels are to go.
#[derive(Debug)]
pub(super) struct Crowd {
    bounds: Frame,
    labels: Vec<Frame>,
    /// What a label should not cover, but may.
    signs: Vec<Frame>,
    lines: Vec<(Place, Place)>,
}

/// A place for a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub(super) frame: Frame,
    /// Whether something lies below it.
    pub(super) covers: bool,
}

/// What it costs to cover a line or a sign.
const LINE: i64 = 45;
const SIGN: i64 = 80;

impl Frame {
    /// So broad and high, around a middle.
    pub(super) fn around((x, y): Place, width: i64, height: i64) -> Frame {
        let (left, top) = (x - width / 2, y - height / 2);
        Frame { left, top, right: left + width, bottom: top + height }
    }

    pub(super) fn middle(self) -> Place {
        (i64::midpoint(self.left, self.right), i64::midpoint(self.top, self.bottom))
    }

    fn meets(self, other: Frame) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn holds(self, inner: Frame) -> bool {
        self.left <= inner.left
            && inner.right <= self.right
            && self.top <= inner.top
            && inner.bottom <= self.bottom
    }

    /// Whether a line runs through it: it is not wholly beside it, and not all corners are on one
    /// side of it.
    fn is_crossed(self, ((x1, y1), (x2, y2)): (Place, Place)) -> bool {
        let beside = x1.max(x2) <= self.left
            || x1.min(x2) >= self.right
            || y1.max(y2) <= self.top
            || y1.min(y2) >= self.bottom;
        let side = |(x, y): Place| ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)).signum();
        let corners = [
            (self.left, self.top),
            (self.right, self.top),
            (self.left, self.bottom),
            (self.right, self.bottom),
        ];
        let sides = corners.map(side);
        !beside && sides.iter().any(|one| *one != sides[0])
    }
}

impl Crowd {
    pub(super) fn new(bounds: Frame) -> Crowd {
        Crowd { bounds, labels: Vec::new(), signs: Vec::new(), lines: Vec::new() }
    }

    pub(super) fn sign(&mut self, frame: Frame) {
        self.signs.push(frame);
    }

    pub(super) fn line(&mut self, from: Place, to: Place) {
        self.lines.push((from, to));
    }

    /// The cheapest of some places that no label has; each comes with what it costs by itself.
    pub(super) fn find(&mut self, places: impl Iterator<Item = (Frame, i64)>) -> Option<Found> {
        let free = places.filter(|(frame, _)| {
            self.bounds.holds(*frame) && !self.labels.iter().any(|label| label.meets(*frame))
        });
        let priced = free.map(|(frame, own)| {
            let lines = self.lines.iter().filter(|line| frame.is_crossed(**line)).count();
            let signs = self.signs.iter().filter(|sign| sign.meets(frame)).count();
            let count = |number: usize| i64::try_from(number).unwrap_or(1_000);
            (own + LINE * count(lines) + SIGN * count(signs), frame, lines + signs > 0)
        });
        let (_, frame, covers) = priced.min_by_key(|(cost, ..)| *cost)?;
        self.labels.push(frame);
        Some(Found { frame, covers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(left: i64, top: i64) -> Frame {
        Frame { left, top, right: left + 10, bottom: top + 4 }
    }

    #[test]
    fn labels_keep_off_each_other_and_off_lines() {
        let mut crowd = Crowd::new(Frame { left: 0, top: 0, right: 100, bottom: 100 });
        crowd.line((0, 12), (100, 12));
        crowd.sign(frame(50, 20));
        let places = || [(frame(0, 10), 0), (frame(48, 20), 5), (frame(0, 40), 30)].into_iter();
        let found = crowd.find(places()).unwrap();
        assert_eq!(found, Found { frame: frame(0, 40), covers: false });
        assert_eq!(crowd.find(places()), Some(Found { frame: frame(0, 10), covers: true }));
        assert_eq!(crowd.find(places()), Some(Found { frame: frame(48, 20), covers: true }));
        assert_eq!(crowd.find(places()), None);
        assert_eq!(crowd.find([(frame(95, 0), 0)].into_iter()), None, "outside");
    }

    #[test]
    fn lines_cross_frames() {
        let frame = frame(10, 10);
        for (from, to, crosses) in [
            ((0, 0), (30, 30), true),
            ((12, 0), (12, 30), true),
            ((0, 12), (30, 12), true),
            ((0, 0), (9, 30), false),
            ((0, 30), (40, 15), false),
            ((0, 12), (9, 12), false),
        ] {
            assert_eq!(frame.is_crossed((from, to)), crosses, "{from:?} {to:?}");
        }
    }
}

//! What happens on a strip: messages, forced writes and signs, with their labels.

use crate::sheet::{Hangs, Place, Shape, Sheet, wide};
use crate::{duration, visible};

use super::LABEL;
use super::course::{Arrow, End, Event, lasting};
use super::kinds::{Kind, Sign};
use super::labels::{Crowd, Frame};
use super::signs::{self, INK};
use super::strip::{Bed, Strip};

/// A label that is yet to find its place. Those with a small rank are placed first.
struct Wanted {
    rank: u8,
    text: String,
    places: Vec<(Frame, i64)>,
}

/// A run on a strip while it is drawn.
pub(super) struct Scene<'s, 'a> {
    strip: &'s Strip<'a>,
    bed: &'s Bed<'a>,
    crowd: Crowd,
    wanted: Vec<Wanted>,
    /// The ends of arrows, painted above what happens where they arrive.
    ends: Vec<(&'static str, String, Vec<Shape>)>,
}

impl<'s, 'a> Scene<'s, 'a> {
    pub(super) fn new(strip: &'s Strip<'a>, bed: &'s Bed<'a>) -> Scene<'s, 'a> {
        let (left, right) = (strip.left, strip.right());
        let mut crowd = Crowd::new(Frame { left, top: bed.top, right, bottom: bed.bottom });
        for lane in 0..bed.course.lanes.len() {
            crowd.line((left, bed.y(lane)), (right, bed.y(lane)));
        }
        for gap in strip.axis.breaks() {
            let x = strip.x(gap.at);
            crowd.line((x - 110, bed.top), (x - 110, bed.bottom));
            crowd.line((x + 110, bed.top), (x + 110, bed.bottom));
        }
        for band in bed.course.stretches.iter().filter(|stretch| stretch.kind <= Kind::Down) {
            if let Some((from, to)) = strip.part(band.from, band.to) {
                let y = bed.y(band.lane);
                crowd.line((from, y - 110), (to, y - 110));
                crowd.line((from, y + 110), (to, y + 110));
            }
        }
        Scene { strip, bed, crowd, wanted: Vec::new(), ends: Vec::new() }
    }

    /// Draws everything and says how many labels had no room.
    pub(super) fn draw(mut self, sheet: &mut Sheet) -> u64 {
        self.arrows(sheet);
        self.forces();
        self.instants(sheet);
        for (class, says, shapes) in std::mem::take(&mut self.ends) {
            sheet.put(class, says, shapes);
        }
        self.labels(sheet)
    }

    fn arrows(&mut self, sheet: &mut Sheet) {
        for arrow in &self.bed.course.arrows {
            let (from, to) = self.ends(arrow);
            let Some((start, end)) = self.clipped(from, to) else { continue };
            self.crowd.line(start, end);
            self.arrow(arrow, (from, to), (start, end), sheet);
            let wanted = self.of_arrow(arrow, from, to);
            self.wanted.push(wanted);
        }
    }

    fn forces(&mut self) {
        let stretches = self.bed.course.stretches.iter();
        for force in stretches.filter(|stretch| stretch.kind == Kind::Force) {
            if let Some((from, to)) = self.strip.part(force.from, force.to) {
                let place = (i64::midpoint(from, to), self.bed.y(force.lane));
                self.wanted.push(beside(2, &force.label, place));
            }
        }
    }

    fn instants(&mut self, sheet: &mut Sheet) {
        let (left, right) = (self.strip.left, self.strip.right());
        let shown = |instant: &&Event| {
            let x = self.strip.at(instant.at);
            left < x && x <= right
        };
        let mut instants: Vec<&Event> = self.bed.course.instants.iter().filter(shown).collect();
        // To forget is painted last: it happens together with what it would lie under.
        instants.sort_by_key(|instant| (instant.sign == Sign::Forgotten, instant.sign));
        for instant in instants {
            let Event { lane, at, sign, label } = instant;
            let place = (self.strip.at(*at), self.bed.y(*lane));
            self.crowd.sign(Frame::around(place, 260, 260));
            let words = sign.words();
            let more = if label == words { "" } else { label };
            let says = format!("{}: {words} {more}", visible(self.bed.course.lanes[*lane]));
            let says = format!("{} at {}", says.trim_end(), duration(*at));
            sheet.put(sign.class(), says, signs::sign(*sign, place));
            if let Some(rank) = sign.rank() {
                self.wanted.push(beside(rank, label, place));
            }
        }
    }

    fn labels(mut self, sheet: &mut Sheet) -> u64 {
        let mut dropped = 0;
        self.wanted.sort_by_key(|wanted| wanted.rank);
        for Wanted { text, places, .. } in self.wanted {
            let Some(found) = self.crowd.find(places.into_iter()) else {
                dropped += 1;
                continue;
            };
            let mut shapes = Vec::new();
            if found.covers {
                shapes.push(found.frame.block());
            }
            let at = found.frame.middle();
            shapes.push(Shape::text(&text, at, Hangs::Middle, LABEL, INK));
            sheet.put("label", "", shapes);
        }
        dropped
    }

    /// Where a message leaves and where it arrives, or would have.
    fn ends(&self, arrow: &Arrow<'_>) -> (Place, Place) {
        let (strip, bed) = (self.strip, self.bed);
        let aside = if arrow.hidden { 85 } else { 0 };
        let from = (strip.at(arrow.from.1) + aside, bed.y(arrow.from.0));
        let y = bed.y(arrow.to.0);
        let part = |to: Place, percent: i64| {
            (from.0 + (to.0 - from.0) * percent / 100, from.1 + (to.1 - from.1) * percent / 100)
        };
        match (arrow.end, arrow.to.1) {
            (End::Arrived, Some(time)) => (from, (strip.at(time) + aside, y)),
            // It did not get far.
            (End::Lost, Some(time)) if time == arrow.from.1 => (from, part((from.0 + 600, y), 45)),
            // It ends on its way, a little before the lane that it never reached.
            (End::Lost, Some(time)) => (from, part((strip.at(time), y), 86)),
            // Nobody knows how long it would have gone on.
            _ => (from, part((from.0 + 1_400, y), 60)),
        }
    }

    /// The part of a line that is on this strip.
    fn clipped(&self, from: Place, to: Place) -> Option<(Place, Place)> {
        let (left, right) = (self.strip.left, self.strip.right());
        // What ends just where the strip begins was on the one before.
        if to.0 < left || (to.0 == left && from.0 < left) || from.0 > right {
            return None;
        }
        let wide = (to.0 - from.0).max(1);
        let at = |x: i64| (x, from.1 + (to.1 - from.1) * (x - from.0) / wide);
        let start = if from.0 < left { at(left) } else { from };
        let end = if to.0 > right { at(right) } else { to };
        Some((start, end))
    }

    fn arrow(
        &mut self,
        arrow: &Arrow<'_>,
        (from, to): (Place, Place),
        (start, end): (Place, Place),
        sheet: &mut Sheet,
    ) {
        let bed = self.bed;
        let lane = |lane: usize| visible(bed.course.lanes[lane]);
        let name = bed.course.named(arrow.name, arrow.tx);
        let (sender, receiver) = (lane(arrow.from.0), lane(arrow.to.0));
        let times = lasting(arrow.from.1, arrow.to.1);
        let copy = if arrow.copy { "copy of " } else { "" };
        let fate = match arrow.end {
            End::Arrived => "",
            End::Lost => " lost,",
            End::UnderWay => " still under way,",
        };
        let says = format!("{copy}{name} from {sender} to {receiver}:{fate} {times}");
        let shaft = signs::shaft(arrow.end, arrow.copy, start, end);
        sheet.put("message", says.clone(), vec![shaft]);
        if end != to {
            return;
        }
        match arrow.end {
            End::Arrived => {
                self.ends.push(("delivered", says, signs::tip(from, to, arrow.question)))
            }
            End::Lost => self.ends.push(("lost", says, signs::lost(end))),
            End::UnderWay => {}
        }
    }

    /// Beside the line of a message, best in its middle: above it to the right or below it to the
    /// left where it falls, the other way round where it rises.
    fn of_arrow(&self, arrow: &Arrow<'_>, from: Place, to: Place) -> Wanted {
        let text = if arrow.copy { "copy" } else { arrow.name };
        let text = super::fitting(&self.bed.course.named(text, arrow.tx), 3_000, LABEL, false);
        let (width, height) = (wide(&text, LABEL, false) + 50, LABEL + 20);
        let falls = to.1 > from.1;
        let mut places = Vec::new();
        for (percent, own) in
            [(50, 0), (60, 2), (40, 2), (70, 5), (30, 5), (80, 8), (20, 8), (88, 12), (12, 12)]
        {
            let x = from.0 + (to.0 - from.0) * percent / 100;
            let y = from.1 + (to.1 - from.1) * percent / 100;
            let right = Frame::around((x + width / 2 + 50, y), width, height);
            let left = Frame::around((x - width / 2 - 50, y), width, height);
            let lift = if falls { -height / 2 } else { height / 2 };
            places.push((right.lower(lift), own));
            places.push((left.lower(-lift), own + 1));
            places.push((Frame::around((x, y), width, height), own));
        }
        Wanted { rank: 9, text, places }
    }
}

/// Above or below a place on a lane.
fn beside(rank: u8, label: &str, (x, y): Place) -> Wanted {
    let text = super::fitting(label, 3_000, LABEL, false);
    let (width, height) = (wide(&text, LABEL, false) + 40, LABEL + 10);
    let mut places = Vec::new();
    for (level, far) in (0..).zip([150, 150 + height, 150 + 2 * height]) {
        for (aside, own) in [
            (0, 0),
            (width / 2 - 60, 2),
            (60 - width / 2, 2),
            (width / 2 + 100, 9),
            (-width / 2 - 100, 9),
        ] {
            let above = (x + aside, y - far - height / 2);
            let below = (x + aside, y + far + 30 + height / 2);
            places.push((Frame::around(above, width, height), own + 14 * level));
            places.push((Frame::around(below, width, height), own + 14 * level + 3));
        }
    }
    Wanted { rank, text, places }
}

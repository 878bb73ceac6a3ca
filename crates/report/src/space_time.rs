//! Traces as a space-time diagram: nodes are lanes that lie below each other, time runs to the
//! right and is to scale, and each message is a slanted arrow. Several runs lie one above the
//! other on one axis of time.
//!
//! The drawing is as wide as a page, and what is longer goes on in the next strip below, as text
//! does. Where nothing happens for long the axis is broken, visibly. The same traces give the same
//! drawing, number for number.

mod axis;
mod course;
mod kinds;
mod labels;
mod legend;
mod scene;
mod signs;
mod splits;
mod strip;

use std::collections::BTreeSet;

use crate::sheet::{Hangs, Shape, Sheet, wide};
use crate::{Excerpt, TraceHead, duration, visible};

use axis::Axis;
use course::{Course, End};
use kinds::Kind;
use strip::Strip;

/// How wide the drawing is: two columns of a paper.
const WIDTH: i64 = 18_000;

/// What is empty at its sides.
const EDGE: i64 = 300;

/// How high the strips may be together; what does not fit is said.
const HIGHEST: i64 = 60_000;

/// Sizes of letters.
const TITLE: i64 = 318;
const NAME: i64 = 265;
const LABEL: i64 = 222;

/// Draws runs one above the other, each with its trace's head and a part of the trace.
#[must_use]
pub fn space_time(runs: &[(TraceHead, Excerpt)]) -> Sheet {
    let mut courses: Vec<(Course<'_>, String)> =
        runs.iter().map(|(head, excerpt)| (Course::of(head, excerpt), heading(head))).collect();
    let late = without_late(&mut courses);
    let mut sheet = Sheet { width: WIDTH, ..Sheet::default() };
    let mut y = titled(runs, &courses, &mut sheet);
    let left = names(&courses);
    let instants: BTreeSet<u64> = courses.iter().flat_map(|(course, _)| course.times()).collect();
    let instants: Vec<u64> = instants.into_iter().collect();
    let mut notes = Vec::new();
    if instants.is_empty() {
        let at = (left, y + 300);
        let text = "Nothing in this part of the trace can be drawn.";
        sheet.put("note", "", vec![Shape::text(text, at, Hangs::Left, NAME, signs::GREY)]);
        y += 600;
    } else {
        let strips = usize::try_from(HIGHEST / strip::height(&courses)).unwrap_or(1).max(1);
        let quiet = |axis: &Axis, place: i64| torn(&courses, axis, place);
        let room = WIDTH - EDGE - left;
        let axis = Axis::of(&instants, usual(&courses), room, strips, &quiet);
        let mut dropped = 0;
        for (from, to) in axis.strips() {
            let strip = Strip { axis: &axis, from, to, left, top: y };
            y = strip.draw(&courses, &mut sheet, &mut dropped) + 250;
        }
        notes = said(&courses, &axis, dropped);
    }
    notes.extend(late);
    notes.extend(runs.iter().zip(&courses).filter_map(|((_, excerpt), (_, heading))| {
        let note = excerpt.note()?;
        Some(if runs.len() > 1 { format!("{}: {note}", first_word(heading)) } else { note })
    }));
    y = told_apart(runs, &courses, y, &mut sheet);
    y = legend::draw(&courses, y + 150, &mut sheet);
    for note in notes {
        let text = fitting(&note, WIDTH - 2 * EDGE, LABEL, false);
        let at = (EDGE, y + 150);
        sheet.put("note", "", vec![Shape::text(&text, at, Hangs::Left, LABEL, signs::GREY)]);
        y += 320;
    }
    sheet.height = y + 150;
    sheet
}

/// What the drawing is called, and of which runs it is. Says where the next thing may be.
fn titled(
    runs: &[(TraceHead, Excerpt)],
    courses: &[(Course<'_>, String)],
    sheet: &mut Sheet,
) -> i64 {
    let title =
        runs.first().map_or("", |(head, _)| head.title.as_deref().unwrap_or(&head.protocol));
    let room = WIDTH - 2 * EDGE;
    sheet.title = visible(title).chars().take(400).collect();
    let text = fitting(title, room, TITLE, true);
    let mut shapes = vec![Shape::bold(&text, (EDGE, 380), Hangs::Left, TITLE, signs::INK)];
    let mut y = 650;
    if let [(_, heading)] = courses {
        let text = fitting(heading, room, NAME, false);
        shapes.push(Shape::text(&text, (EDGE, 780), Hangs::Left, NAME, signs::GREY));
        y = 1_000;
    }
    sheet.put("title", "", shapes);
    y
}

/// Says below the drawing where nodes do not agree. Says where the next thing may be.
fn told_apart(
    runs: &[(TraceHead, Excerpt)],
    courses: &[(Course<'_>, String)],
    mut y: i64,
    sheet: &mut Sheet,
) -> i64 {
    for ((_, excerpt), (_, heading)) in runs.iter().zip(courses) {
        for line in splits::splits(excerpt) {
            let run = if runs.len() > 1 { first_word(heading) } else { "" };
            let text = if run.is_empty() { line } else { format!("{run}: {line}") };
            let text = fitting(&text, WIDTH - 2 * EDGE, NAME, true);
            let shape = Shape::bold(&text, (EDGE, y + 200), Hangs::Left, NAME, signs::RED);
            sheet.put("split", "", vec![shape]);
            y += 400;
        }
    }
    y
}

/// A run in a few words: protocol, options and seed.
fn heading(head: &TraceHead) -> String {
    let options: Vec<String> = head.options.iter().map(|(k, v)| format!(" {k}={v}")).collect();
    format!("{}{}, seed {}", head.protocol, options.concat(), head.seed)
}

fn first_word(heading: &str) -> &str {
    heading.split([' ', ',']).next().unwrap_or_default()
}

/// Where the lanes begin: to the right of the longest name, within limits.
fn names(courses: &[(Course<'_>, String)]) -> i64 {
    let names = courses.iter().flat_map(|(course, _)| course.lanes.iter());
    let longest = names.map(|name| wide(&visible(name), NAME, true)).max().unwrap_or(0);
    EDGE + (longest + 200).clamp(700, 3_000)
}

/// How long a message travels, in the middle of all that arrived.
fn usual(courses: &[(Course<'_>, String)]) -> u64 {
    let arrows = courses.iter().flat_map(|(course, _)| course.arrows.iter());
    let arrived = arrows.filter(|arrow| arrow.end == End::Arrived);
    let mut spans: Vec<u64> =
        arrived.filter_map(|arrow| arrow.to.1?.checked_sub(arrow.from.1)).collect();
    spans.retain(|span| *span > 0);
    spans.sort_unstable();
    spans.get(spans.len() / 2).copied().unwrap_or(1_000_000)
}

/// How much a cut at a place would tear apart: messages, and what has a label there.
fn torn(courses: &[(Course<'_>, String)], axis: &Axis, place: i64) -> i64 {
    let across = |from: u64, to: Option<u64>| {
        axis.place(from) < place && to.is_some_and(|to| place < axis.place(to))
    };
    let near = |time: u64| (axis.place(time) - place).abs() < 500;
    let mut torn = 3 * axis.breaks().filter(|gap| (gap.at - place).abs() < 450).count();
    for (course, _) in courses {
        let arrows = course.arrows.iter();
        torn += 4 * arrows.filter(|arrow| across(arrow.from.1, arrow.to.1)).count();
        torn += course.instants.iter().filter(|instant| near(instant.at)).count();
        let stretches = course.stretches.iter();
        let forces = stretches.filter(|stretch| matches!(stretch.kind, Kind::Force | Kind::Work));
        torn += 2 * forces.filter(|stretch| across(stretch.from, stretch.to)).count();
    }
    i64::try_from(torn).unwrap_or(i64::MAX)
}

/// Leaves out the lazy writes that reach the disk when nothing else happens any more, which would
/// be most of the drawing; what is left out is said.
fn without_late(courses: &mut [(Course<'_>, String)]) -> Option<String> {
    let last = courses.iter().filter_map(|(course, _)| course.last()).max()?;
    let late: Vec<(usize, u64)> =
        courses.iter_mut().map(|(course, _)| course.end(last)).filter(|late| late.0 > 0).collect();
    let count: usize = late.iter().map(|(count, _)| count).sum();
    let until = late.iter().map(|(_, until)| *until).max()?;
    let until = duration(until);
    Some(match count {
        1 => format!("After the end of the drawing a lazy write reaches the disk, at {until}."),
        _ => {
            format!("After the end of the drawing {count} lazy writes reach the disk, by {until}.")
        }
    })
}

/// What the drawing leaves out.
fn said(courses: &[(Course<'_>, String)], axis: &Axis, dropped: u64) -> Vec<String> {
    let mut notes = Vec::new();
    if axis.is_cut() {
        let until = duration(axis.moment(axis.end()));
        notes.push(format!("The drawing ends at {until}; --from shows what follows."));
    }
    let hidden: usize = courses.iter().map(|(course, _)| course.hidden).sum();
    if hidden > 0 {
        notes.push(format!("{hidden} more nodes are not drawn."));
    }
    if dropped > 0 {
        notes.push(format!(
            "{dropped} labels had no room; --from, --until and --tx show less, and more of it."
        ));
    }
    notes
}

/// As much of a text as fits into a width; what a terminal or a reader would obey is escaped.
fn fitting(text: &str, room: i64, size: i64, bold: bool) -> String {
    let mut text: String = visible(text).chars().take(240).collect();
    if wide(&text, size, bold) <= room {
        return text;
    }
    while text.pop().is_some() {
        let cut = format!("{}…", text.trim_end());
        if wide(&cut, size, bold) <= room {
            return cut;
        }
    }
    text
}

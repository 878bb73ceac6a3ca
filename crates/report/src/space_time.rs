//! A trace as a space-time diagram in SVG: nodes side by side, time running down, an arrow for
//! each message.
//!
//! The picture is still: no script, no style from elsewhere, no font of its own. Every text goes
//! through [`xml`](crate::xml), every coordinate is an integer, and the same trace gives the same
//! bytes.

mod layout;
mod svg;

use crate::{Excerpt, TraceHead, duration};

use layout::{Arrow, Bar, End, Layout, Tone};
use svg::{Anchor, Svg};

/// Where the column of times ends.
const TIMES: i64 = 84;

/// Where the first lane is, the distance of lanes, and where lanes begin.
const FIRST: i64 = 236;
const LANE: i64 = 196;
const TOP: i64 = 96;

const INK: &str = "#222222";
const FAINT: &str = "#b8bcc2";
const GREY: &str = "#6b7280";
const DOUBT: &str = "#f2c14e";
const BLOCKED: &str = "#e4572e";
const COMMIT: &str = "#00795a";
const ABORT: &str = "#a4243b";
const DISK: &str = "#1f5fa8";

/// The diagram, as the text of an SVG file.
#[must_use]
pub fn space_time(head: &TraceHead, excerpt: &Excerpt) -> String {
    let layout = Layout::of(head, excerpt);
    let lanes = i64::try_from(layout.lanes.len().max(2)).unwrap_or(i64::MAX);
    let (width, bottom) = (FIRST + lanes * LANE - 40, TOP + layout.height);
    let notes = notes(&layout, excerpt);
    let height = bottom + 76 + 16 * i64::try_from(notes.len()).unwrap_or(0);
    let mut svg = Svg::new(width, height);
    let title = head.title.as_deref().unwrap_or(&head.protocol);
    svg.title(title);
    svg.heading(16, 28, title);
    let options: Vec<String> = head.options.iter().map(|(k, v)| format!(" {k}={v}")).collect();
    let about = format!("protocol {}{}, seed {}", head.protocol, options.concat(), head.seed);
    svg.text(16, 48, Anchor::Start, GREY, &about);
    lanes_of(&layout, bottom, &mut svg);
    times(&layout, &mut svg);
    for bar in &layout.bars {
        draw_bar(bar, &layout, &mut svg);
    }
    for arrow in &layout.arrows {
        draw_arrow(arrow, &layout, &mut svg);
    }
    draw_labels(&layout, &mut svg);
    legend(bottom + 44, &mut svg);
    for (note, y) in notes.iter().zip((bottom + 68..).step_by(16)) {
        svg.text(16, y, Anchor::Start, GREY, note);
    }
    svg.end()
}

fn x(lane: usize) -> i64 {
    FIRST + LANE * i64::try_from(lane).unwrap_or(0)
}

fn notes(layout: &Layout<'_>, excerpt: &Excerpt) -> Vec<String> {
    let mut notes =
        vec!["Time runs down and is not to scale: long waits are shortened.".to_string()];
    notes.extend(excerpt.note());
    if layout.hidden > 0 {
        notes.push(format!("{} more nodes are not drawn", layout.hidden));
    }
    notes
}

/// The names of the nodes, and their lanes where they are up.
fn lanes_of(layout: &Layout<'_>, bottom: i64, svg: &mut Svg) {
    for (lane, name) in layout.lanes.iter().enumerate() {
        svg.name(x(lane), TOP - 18, name);
        svg.line((x(lane), TOP - 8), (x(lane), bottom), FAINT, "1.5", "");
    }
}

/// The axis: the time of each row that has room for it, and what was shortened.
fn times(layout: &Layout<'_>, svg: &mut Svg) {
    let mut free = i64::MIN;
    for (time, y) in &layout.rows {
        if TOP + y >= free {
            svg.text(TIMES, TOP + y + 4, Anchor::End, GREY, &duration(*time));
            free = TOP + y + 13;
        }
    }
    for (y, span) in &layout.breaks {
        let text = format!("⋮ {}", duration(*span));
        svg.text(TIMES, TOP + y + 4, Anchor::End, FAINT, &text);
    }
}

fn draw_bar(bar: &Bar, layout: &Layout<'_>, svg: &mut Svg) {
    let (from, to) = (TOP + layout.y(bar.from), TOP + layout.end(bar.to));
    let x = x(bar.lane);
    match bar.tone {
        Tone::Doubt => svg.rect((x - 4, from), (8, to - from), DOUBT),
        Tone::Blocked => svg.rect((x - 4, from), (8, to - from), BLOCKED),
        Tone::Down => {
            svg.rect((x - 6, from + 6), (12, (to - from - 12).max(2)), "#ffffff");
            svg.line((x, from + 8), (x, to - 8), FAINT, "1", "2 6");
        }
        _ => {}
    }
}

/// An arrow, with its name at the end that lies further to the right: the ends of a broadcast,
/// and the beginnings of its answers, are apart there.
fn draw_arrow(arrow: &Arrow<'_>, layout: &Layout<'_>, svg: &mut Svg) {
    let (x1, y1) = (x(arrow.from.0), TOP + layout.y(arrow.from.1));
    let (mut x2, mut y2) = (x(arrow.to.0), TOP + layout.end(arrow.to.1));
    if x1 == x2 {
        return;
    }
    let dash = if arrow.copy { "5 3" } else { "" };
    if arrow.end != End::Arrived {
        // It ends on its way, a little before the lane that it never reached.
        (x2, y2) = (x2 - (x2 - x1).signum() * 26, y2 - (y2 - y1) * 26 / (x2 - x1).abs());
    }
    match arrow.end {
        End::Arrived => svg.arrow((x1, y1), (x2, y2), INK, dash),
        End::Lost => {
            svg.line((x1, y1), (x2, y2), ABORT, "1.2", dash);
            svg.cross(x2, y2, ABORT);
        }
        End::UnderWay => svg.line((x1, y1), (x2, y2), GREY, "1.2", "2 3"),
    }
    let at = x1.max(x2) - 14;
    let along = y1 + (y2 - y1) * (at - x1) / (x2 - x1);
    let color = if arrow.end == End::Lost { ABORT } else { INK };
    // An answer that leaves at once has its name below, apart from that of the question.
    let below = if x1 > x2 { 12 } else { -4 };
    svg.text(at, along + below, Anchor::End, color, &short(arrow.name));
}

/// The labels of a node at an instant stand below each other; the mark is on its lane.
fn draw_labels(layout: &Layout<'_>, svg: &mut Svg) {
    for ((time, lane), labels) in &layout.labels {
        let (x, y) = (x(*lane), TOP + layout.y(*time));
        for ((label, tone), line) in labels.iter().zip((0..).step_by(13)) {
            let color = match tone {
                Tone::Commit => COMMIT,
                Tone::Abort | Tone::Down => ABORT,
                Tone::Disk => DISK,
                _ => GREY,
            };
            match tone {
                Tone::Commit => svg.circle(x, y, 5, COMMIT),
                Tone::Abort => svg.rect((x - 5, y - 5), (10, 10), ABORT),
                Tone::Disk => svg.rect((x - 6, y - 2), (12, 4), DISK),
                Tone::Down => svg.cross(x, y, ABORT),
                _ => {}
            }
            // All arrows of the first lane are on its right.
            let (x, anchor) = match lane {
                0 => (x - 10, Anchor::End),
                _ => (x + 10, Anchor::Start),
            };
            svg.text(x, y + 4 + line, anchor, color, &short(label));
        }
    }
}

fn legend(y: i64, svg: &mut Svg) {
    svg.rect((16, y - 8), (8, 12), DOUBT);
    svg.text(30, y + 2, Anchor::Start, GREY, "in doubt");
    svg.rect((96, y - 8), (8, 12), BLOCKED);
    svg.text(110, y + 2, Anchor::Start, GREY, "blocked");
    svg.rect((170, y - 4), (12, 4), DISK);
    svg.text(188, y + 2, Anchor::Start, GREY, "on disk");
    svg.circle(246, y - 2, 5, COMMIT);
    svg.text(258, y + 2, Anchor::Start, GREY, "commit");
    svg.rect((314, y - 7), (10, 10), ABORT);
    svg.text(330, y + 2, Anchor::Start, GREY, "abort");
    svg.cross(380, y - 2, ABORT);
    svg.text(392, y + 2, Anchor::Start, GREY, "lost, crash");
}

/// A text that fits between two lanes.
fn short(text: &str) -> String {
    const ROOM: usize = 24;
    if text.chars().count() <= ROOM {
        return text.to_string();
    }
    text.chars().take(ROOM - 1).chain(['…']).collect()
}

//! What is drawn of a trace, and where: lanes, rows, arrows, bars and labels.

use std::collections::BTreeMap;

use crate::mermaid::names;
use crate::{Decided, Excerpt, Observation, Stances, TraceHead, What};

/// How many nodes are drawn at most.
const LANES: usize = 40;

/// Between two instants lie at least and at most so many units, and as many where a message
/// travels for as long as most do.
const LEAST: i64 = 7;
const MOST: i64 = 70;
const USUAL: i64 = 46;

/// The height of a label.
const LABEL: i64 = 13;

/// What a mark or a bar says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tone {
    Plain,
    Disk,
    Commit,
    Abort,
    Doubt,
    Blocked,
    Down,
}

/// How a message ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    Arrived,
    Lost,
    UnderWay,
}

/// A message, with lane and time at both ends. A message under way has no end yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Arrow<'a> {
    pub(super) from: (usize, u64),
    pub(super) to: (usize, Option<u64>),
    pub(super) name: &'a str,
    pub(super) end: End,
    pub(super) copy: bool,
}

/// A stretch of a lane; without an end it goes on to the end of the drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bar {
    pub(super) lane: usize,
    pub(super) from: u64,
    pub(super) to: Option<u64>,
    pub(super) tone: Tone,
}

/// Everything that is drawn.
#[derive(Debug, Default)]
pub(super) struct Layout<'a> {
    pub(super) lanes: Vec<&'a str>,
    /// How many more nodes there are.
    pub(super) hidden: usize,
    pub(super) arrows: Vec<Arrow<'a>>,
    pub(super) bars: Vec<Bar>,
    /// By time and lane.
    pub(super) labels: BTreeMap<(u64, usize), Vec<(String, Tone)>>,
    /// The height at which each instant is drawn.
    pub(super) rows: BTreeMap<u64, i64>,
    /// Where time was shortened, and the time that passes there.
    pub(super) breaks: Vec<(i64, u64)>,
    pub(super) height: i64,
}

impl<'a> Layout<'a> {
    pub(super) fn of(head: &'a TraceHead, excerpt: &'a Excerpt) -> Layout<'a> {
        let mut lanes = names(head, excerpt);
        let hidden = lanes.len().saturating_sub(LANES);
        lanes.truncate(LANES);
        let mut layout = Layout { lanes, hidden, ..Layout::default() };
        layout.messages(&excerpt.observations);
        layout.stances(excerpt);
        let first = |seen: &Observation| seen.tx.is_some_and(|tx| tx > 0);
        let several = excerpt.observations.iter().any(first);
        for seen in &excerpt.observations {
            layout.label(seen, several);
        }
        layout.place();
        layout
    }

    /// The height of an instant that is drawn.
    pub(super) fn y(&self, time: u64) -> i64 {
        self.rows.range(time..).next().map_or(self.height, |(_, y)| *y)
    }

    /// The height at which something ends that may go on to the end.
    pub(super) fn end(&self, time: Option<u64>) -> i64 {
        time.map_or(self.height, |time| self.y(time))
    }

    fn lane(&self, node: &str) -> Option<usize> {
        self.lanes.iter().position(|name| *name == node)
    }

    fn messages(&mut self, observations: &'a [Observation]) {
        let mut travelling: BTreeMap<u64, Arrow<'a>> = BTreeMap::new();
        for seen in observations {
            let time = seen.t_ns;
            let Some(lane) = self.lane(&seen.node) else { continue };
            match &seen.what {
                What::Send { id, message: name, to, .. } => {
                    if let Some(to) = self.lane(to) {
                        let (from, to, end) = ((lane, time), (to, None), End::UnderWay);
                        travelling.insert(*id, Arrow { from, to, name, end, copy: false });
                    }
                }
                What::Duplicate { id, copy, .. } => {
                    if let Some(first) = travelling.get(id).copied() {
                        travelling.insert(*copy, Arrow { copy: true, ..first });
                    }
                }
                What::Deliver { id, .. } | What::Lose { id, .. } => {
                    let arrived = matches!(seen.what, What::Deliver { .. });
                    let end = if arrived { End::Arrived } else { End::Lost };
                    // What had left before the excerpt begins has no beginning to be drawn.
                    if let Some(arrow) = travelling.remove(id) {
                        self.arrows.push(Arrow { to: (lane, Some(time)), end, ..arrow });
                    }
                }
                _ => {}
            }
        }
        self.arrows.extend(travelling.into_values());
    }

    /// The stretches in which nodes are in doubt, blocked or down.
    fn stances(&mut self, excerpt: &Excerpt) {
        const TONES: [Tone; 3] = [Tone::Doubt, Tone::Blocked, Tone::Down];
        let mut stances = excerpt.before.clone();
        let begin = excerpt.observations.first().map_or(0, |seen| seen.t_ns);
        let holds = |stances: &Stances, node: &str| {
            [stances.is_in_doubt(node), stances.is_blocked(node), stances.is_down(node)]
        };
        let start = |node: &&str| holds(&stances, node).map(|holds| holds.then_some(begin));
        let mut open: Vec<[Option<u64>; 3]> = self.lanes.iter().map(start).collect();
        for seen in &excerpt.observations {
            stances.change(seen);
            let Some(lane) = self.lane(&seen.node) else { continue };
            let now = holds(&stances, &seen.node);
            for ((since, holds), tone) in open[lane].iter_mut().zip(now).zip(TONES) {
                match (*since, holds) {
                    (None, true) => *since = Some(seen.t_ns),
                    (Some(from), false) => {
                        self.bars.push(Bar { lane, from, to: Some(seen.t_ns), tone });
                        *since = None;
                    }
                    _ => {}
                }
            }
        }
        for (lane, open) in open.into_iter().enumerate() {
            for (since, tone) in open.into_iter().zip(TONES) {
                self.bars.extend(since.map(|from| Bar { lane, from, to: None, tone }));
            }
        }
        // Being blocked is part of being in doubt, and being down hides both.
        self.bars.sort_by_key(|bar| TONES.iter().position(|tone| *tone == bar.tone));
    }

    fn label(&mut self, seen: &Observation, several: bool) {
        let Some(lane) = self.lane(&seen.node) else { return };
        let (text, tone) = match &seen.what {
            What::Begin => ("begins".to_string(), Tone::Plain),
            What::Vote { vote } => (format!("votes {}", vote.word()), Tone::Plain),
            What::Durable { record, .. } => (record.clone(), Tone::Disk),
            What::Decide { decision: Decided::Commit, .. } => ("commit".into(), Tone::Commit),
            What::Decide { decision: Decided::Abort, .. } => ("abort".into(), Tone::Abort),
            What::Fire { timer } => (format!("{timer} goes off"), Tone::Plain),
            What::Crash { .. } => ("crash".to_string(), Tone::Down),
            What::Restart => ("restart".to_string(), Tone::Plain),
            What::Strike { action, .. } => {
                (format!("fault: {}", action.as_deref().unwrap_or("storm")), Tone::Plain)
            }
            What::Ease { action, .. } => {
                (format!("end of {}", action.as_deref().unwrap_or("storm")), Tone::Plain)
            }
            What::Heal => ("heal".to_string(), Tone::Plain),
            _ => return,
        };
        let text = match seen.tx {
            Some(tx) if several => format!("{text} ({tx})"),
            _ => text,
        };
        self.labels.entry((seen.t_ns, lane)).or_default().push((text, tone));
    }

    /// Gives each instant its height: in proportion to time within limits, and with room for the
    /// labels above it.
    fn place(&mut self) {
        let mut instants: BTreeMap<u64, i64> = BTreeMap::new();
        for ((time, _), labels) in &self.labels {
            let lines = i64::try_from(labels.len()).unwrap_or(i64::MAX / LABEL);
            let tallest = instants.entry(*time).or_default();
            *tallest = lines.max(*tallest);
        }
        let ends = self.arrows.iter().flat_map(|arrow| [Some(arrow.from.1), arrow.to.1]);
        let stretches = self.bars.iter().flat_map(|bar| [Some(bar.from), bar.to]);
        for time in ends.chain(stretches).flatten() {
            instants.entry(time).or_default();
        }
        let unit = self.usual_span().max(1);
        let mut y = 0;
        let mut last: Option<(u64, i64)> = None;
        for (time, lines) in instants {
            if let Some((before, room)) = last {
                let span = time - before;
                let wanted = i128::from(span) * i128::from(USUAL) / i128::from(unit);
                let step = i64::try_from(wanted).unwrap_or(i64::MAX).clamp(LEAST, MOST);
                if wanted > i128::from(4 * MOST) {
                    self.breaks.push((y + MOST / 2, span));
                }
                y += step.max(room * LABEL + 3);
            }
            self.rows.insert(time, y);
            last = Some((time, lines));
        }
        self.height = y + USUAL + last.map_or(0, |(_, lines)| lines * LABEL);
    }

    /// How long a message travels, in the middle of all that arrived.
    fn usual_span(&self) -> u64 {
        let arrived = self.arrows.iter().filter(|arrow| arrow.end == End::Arrived);
        let span = |arrow: &Arrow<'_>| Some(arrow.to.1?.saturating_sub(arrow.from.1));
        let mut spans: Vec<u64> = arrived.filter_map(span).collect();
        spans.sort_unstable();
        spans.get(spans.len() / 2).copied().unwrap_or(1_000_000)
    }
}

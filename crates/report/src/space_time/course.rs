//! What is drawn of a run: lanes, messages, stretches of time, instants and faults, all in time.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{Kind, Sign};
use crate::mermaid::names;
use crate::{Decided, Excerpt, Means, Observation, Stances, TraceHead, What, duration, visible};

/// How many nodes are drawn at most.
const LANES: usize = 40;

/// The faults that go on until they are ended.
const LASTING: [&str; 9] = [
    "partition",
    "cut_link",
    "isolate",
    "swizzle",
    "loss",
    "latency",
    "pause",
    "slow_disk",
    "clock",
];

/// How a message ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
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
    pub(super) tx: Option<u32>,
    pub(super) end: End,
    pub(super) copy: bool,
    /// Whether another arrow has the same ends and would hide it.
    pub(super) hidden: bool,
    pub(super) question: bool,
}

/// A stretch of a lane; without an end it goes on to the end of the drawing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stretch {
    pub(super) lane: usize,
    pub(super) from: u64,
    pub(super) to: Option<u64>,
    pub(super) kind: Kind,
    pub(super) label: String,
}

/// Something that happens on a lane at an instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Event {
    pub(super) lane: usize,
    pub(super) at: u64,
    pub(super) sign: Sign,
    pub(super) label: String,
}

/// A fault that is no crash, or the end of all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    pub(super) from: u64,
    /// The same instant for what strikes once; none for what does not end in the drawing.
    pub(super) to: Option<u64>,
    pub(super) label: String,
}

/// Everything that is drawn of a run.
#[derive(Debug, Default)]
pub(super) struct Course<'a> {
    pub(super) lanes: Vec<&'a str>,
    /// How many more nodes there are.
    pub(super) hidden: usize,
    pub(super) arrows: Vec<Arrow<'a>>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) instants: Vec<Event>,
    pub(super) faults: Vec<Fault>,
    /// Whether transactions have to be told apart.
    several: bool,
    /// What is going on and has yet to end.
    open: Open<'a>,
}

/// What has begun and not ended.
#[derive(Debug, Default)]
struct Open<'a> {
    travelling: BTreeMap<u64, Arrow<'a>>,
    /// By lane and place in the log: the beginning of the write, whether it is forced, the record.
    writes: BTreeMap<(usize, u64), (u64, bool, String)>,
    /// By lane and transaction.
    work: BTreeMap<(usize, Option<u32>), u64>,
    locks: BTreeMap<usize, (u64, BTreeSet<Option<u32>>)>,
    waits: BTreeMap<(usize, Option<u32>), u64>,
    faults: BTreeMap<u64, usize>,
}

impl<'a> Course<'a> {
    pub(super) fn of(head: &'a TraceHead, excerpt: &'a Excerpt) -> Course<'a> {
        let mut lanes = names(head, excerpt);
        let hidden = lanes.len().saturating_sub(LANES);
        lanes.truncate(LANES);
        let mut course = Course { lanes, hidden, ..Course::default() };
        let beyond = |seen: &Observation| seen.tx.is_some_and(|tx| tx > 0);
        course.several = excerpt.observations.iter().any(beyond);
        for seen in &excerpt.observations {
            course.fault(head, seen);
            let Some(lane) = course.lane(&seen.node) else { continue };
            course.message(seen, lane);
            course.disk(seen, lane);
            course.data(seen, lane);
            course.instant(seen, lane);
        }
        course.rest();
        course.stances(excerpt);
        course.stretches.sort_by_key(|stretch| (stretch.kind, stretch.from, stretch.lane));
        course
    }

    /// The last time at which anything happens but that a lazy write reaches the disk.
    pub(super) fn last(&self) -> Option<u64> {
        let settles = |instant: &&Event| instant.sign != Sign::Settled;
        self.lines().chain(self.instants.iter().filter(settles).map(|one| one.at)).max()
    }

    /// Forgets what reaches the disk later, and says how much and until when that is.
    pub(super) fn end(&mut self, last: u64) -> (usize, u64) {
        let late = |instant: &&Event| instant.at > last;
        let until = self.instants.iter().filter(late).map(|instant| instant.at).max();
        let count = self.instants.iter().filter(late).count();
        self.instants.retain(|instant| instant.at <= last);
        (count, until.unwrap_or(last))
    }

    /// Every time at which something is drawn.
    pub(super) fn times(&self) -> impl Iterator<Item = u64> + '_ {
        self.lines().chain(self.instants.iter().map(|instant| instant.at))
    }

    /// The ends of all that lasts.
    fn lines(&self) -> impl Iterator<Item = u64> + '_ {
        let arrows = self.arrows.iter().flat_map(|arrow| [Some(arrow.from.1), arrow.to.1]);
        let stretches = self.stretches.iter().flat_map(|bar| [Some(bar.from), bar.to]);
        let faults = self.faults.iter().flat_map(|fault| [Some(fault.from), fault.to]);
        arrows.chain(stretches).chain(faults).flatten()
    }

    fn lane(&self, node: &str) -> Option<usize> {
        self.lanes.iter().position(|name| *name == node)
    }

    /// A name, with the number of its transaction where there are several.
    pub(super) fn named(&self, name: &str, tx: Option<u32>) -> String {
        match tx {
            Some(tx) if self.several => format!("{} ({tx})", visible(name)),
            _ => visible(name).into_owned(),
        }
    }

    fn message(&mut self, seen: &'a Observation, lane: usize) {
        let time = seen.t_ns;
        match &seen.what {
            What::Send { id, message: name, to, means, .. } => {
                if let Some(to) = self.lane(to) {
                    let (from, to, end) = ((lane, time), (to, None), End::UnderWay);
                    let question = *means == Some(Means::Question);
                    let (tx, copy, hidden) = (seen.tx, false, false);
                    let arrow = Arrow { from, to, name, tx, end, copy, hidden, question };
                    self.open.travelling.insert(*id, arrow);
                }
            }
            What::Duplicate { id, copy, .. } => {
                if let Some(first) = self.open.travelling.get(id).copied() {
                    self.open.travelling.insert(*copy, Arrow { copy: true, ..first });
                }
            }
            What::Deliver { id, .. } | What::Lose { id, .. } => {
                let arrived = matches!(seen.what, What::Deliver { .. });
                let end = if arrived { End::Arrived } else { End::Lost };
                // What had left before the excerpt begins has no beginning to be drawn.
                if let Some(arrow) = self.open.travelling.remove(id) {
                    let time = time.max(arrow.from.1);
                    self.arrows.push(Arrow { to: (lane, Some(time)), end, ..arrow });
                }
            }
            _ => {}
        }
    }

    /// What is written to the log, and when it is on disk.
    fn disk(&mut self, seen: &Observation, lane: usize) {
        let at = seen.t_ns;
        match &seen.what {
            What::Append { lsn, record, forced, .. } => {
                let label = self.named(record, seen.tx);
                if !forced {
                    let label = label.clone();
                    self.instants.push(Event { lane, at, sign: Sign::Lazy, label });
                }
                self.open.writes.insert((lane, *lsn), (at, *forced, label));
            }
            What::Durable { lsn, record, .. } => {
                match self.open.writes.remove(&(lane, *lsn)) {
                    Some((from, true, label)) => self.stretch(lane, from, at, Kind::Force, label),
                    Some((_, false, label)) => {
                        self.instants.push(Event { lane, at, sign: Sign::Settled, label });
                    }
                    // It was written before the excerpt begins.
                    None => {
                        let label = self.named(record, seen.tx);
                        self.instants.push(Event { lane, at, sign: Sign::Settled, label });
                    }
                }
            }
            What::Crash { .. } => {
                let writes = std::mem::take(&mut self.open.writes);
                for ((node, lsn), (from, forced, label)) in writes {
                    if node != lane {
                        self.open.writes.insert((node, lsn), (from, forced, label));
                    } else if forced {
                        self.stretch(lane, from, at, Kind::Force, format!("{label} cut short"));
                    }
                }
            }
            _ => {}
        }
    }

    /// Local work, locks and waiting for them.
    fn data(&mut self, seen: &Observation, lane: usize) {
        let (at, part) = (seen.t_ns, (lane, seen.tx));
        match &seen.what {
            What::Work => {
                self.open.work.insert(part, at);
            }
            // Who learns the outcome at work stops.
            What::Vote { .. } | What::Decide { .. } | What::Forget => {
                if let Some(from) = self.open.work.remove(&part) {
                    self.stretch(lane, from, at, Kind::Work, String::new());
                }
            }
            What::Wait { .. } => {
                self.open.waits.entry(part).or_insert(at);
            }
            What::Lock { .. } => {
                let (_, holders) = self.open.locks.entry(lane).or_insert((at, BTreeSet::new()));
                holders.insert(seen.tx);
                self.waited(part, at);
            }
            What::Unlock => {
                self.waited(part, at);
                let Some((from, holders)) = self.open.locks.get_mut(&lane) else { return };
                holders.remove(&seen.tx);
                if holders.is_empty() {
                    let from = *from;
                    self.open.locks.remove(&lane);
                    self.stretch(lane, from, at, Kind::Locks, String::new());
                }
            }
            What::Crash { .. } => {
                if let Some((from, _)) = self.open.locks.remove(&lane) {
                    self.stretch(lane, from, at, Kind::Locks, String::new());
                }
                let ends = |part: &(usize, Option<u32>)| part.0 == lane;
                let over: Vec<_> = self.open.work.keys().copied().filter(ends).collect();
                for part in over {
                    let from = self.open.work.remove(&part).unwrap_or(at);
                    self.stretch(lane, from, at, Kind::Work, String::new());
                }
                let over: Vec<_> = self.open.waits.keys().copied().filter(ends).collect();
                over.into_iter().for_each(|part| self.waited(part, at));
            }
            _ => {}
        }
    }

    fn waited(&mut self, part: (usize, Option<u32>), at: u64) {
        if let Some(from) = self.open.waits.remove(&part) {
            self.stretch(part.0, from, at, Kind::Wait, String::new());
        }
    }

    fn stretch(&mut self, lane: usize, from: u64, to: u64, kind: Kind, label: String) {
        self.stretches.push(Stretch { lane, from, to: Some(to.max(from)), kind, label });
    }

    fn instant(&mut self, seen: &Observation, lane: usize) {
        let (sign, text) = match &seen.what {
            What::Vote { vote } => (Sign::Vote, vote.word().to_string()),
            What::Decide { decision, .. } => {
                let commits = *decision == Decided::Commit;
                let sign = if commits { Sign::Commit } else { Sign::Abort };
                (sign, decision.word().to_string())
            }
            What::Fire { timer } => (Sign::Alarm, timer.clone()),
            What::Crash { .. } => (Sign::Crash, "crash".to_string()),
            What::Restart => (Sign::Back, "restart".to_string()),
            What::Forget => (Sign::Forgotten, String::new()),
            _ => return,
        };
        let label = if text.is_empty() { text } else { self.named(&text, seen.tx) };
        self.instants.push(Event { lane, at: seen.t_ns, sign, label });
    }

    fn fault(&mut self, head: &TraceHead, seen: &Observation) {
        let at = seen.t_ns;
        match &seen.what {
            What::Strike { fault, action } => {
                let label = head.fault(*fault, action.as_deref());
                // What strikes once and is not known to last is an instant until it ends.
                let lasts = action.as_deref().is_some_and(|action| LASTING.contains(&action));
                self.open.faults.insert(*fault, self.faults.len());
                self.faults.push(Fault { from: at, to: (!lasts).then_some(at), label });
            }
            What::Ease { fault, action } => match self.open.faults.remove(fault) {
                Some(place) => self.faults[place].to = Some(at.max(self.faults[place].from)),
                None => {
                    let label = head.fault(*fault, action.as_deref());
                    let label = format!("end of {label}");
                    self.faults.push(Fault { from: at, to: Some(at), label });
                }
            },
            What::Heal => {
                let label = "all is healed".to_string();
                self.faults.push(Fault { from: at, to: Some(at), label });
                for place in std::mem::take(&mut self.open.faults).into_values() {
                    self.faults[place].to = Some(at.max(self.faults[place].from));
                }
            }
            _ => {}
        }
    }

    /// What had no end goes on.
    fn rest(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.arrows.extend(open.travelling.into_values());
        let ends = |arrow: &Arrow<'_>| (arrow.from, arrow.to);
        let first: BTreeSet<_> = self.arrows.iter().filter(|one| !one.copy).map(ends).collect();
        for copy in self.arrows.iter_mut().filter(|arrow| arrow.copy) {
            copy.hidden = first.contains(&ends(copy));
        }
        let mut goes_on = |lane, from, kind, label| {
            self.stretches.push(Stretch { lane, from, to: None, kind, label });
        };
        for ((lane, _), (from, forced, label)) in open.writes {
            if forced {
                goes_on(lane, from, Kind::Force, label);
            }
        }
        for ((lane, _), from) in open.work {
            goes_on(lane, from, Kind::Work, String::new());
        }
        for (lane, (from, _)) in open.locks {
            goes_on(lane, from, Kind::Locks, String::new());
        }
        for ((lane, _), from) in open.waits {
            goes_on(lane, from, Kind::Wait, String::new());
        }
    }

    /// The stretches in which nodes are in doubt, blocked or down.
    fn stances(&mut self, excerpt: &Excerpt) {
        const KINDS: [Kind; 3] = [Kind::Doubt, Kind::Blocked, Kind::Down];
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
            for ((since, holds), kind) in open[lane].iter_mut().zip(now).zip(KINDS) {
                match (*since, holds) {
                    (None, true) => *since = Some(seen.t_ns),
                    (Some(from), false) => {
                        let (to, label) = (Some(seen.t_ns.max(from)), String::new());
                        self.stretches.push(Stretch { lane, from, to, kind, label });
                        *since = None;
                    }
                    _ => {}
                }
            }
        }
        for (lane, open) in open.into_iter().enumerate() {
            for (from, kind) in open.into_iter().zip(KINDS) {
                let goes_on = |from| Stretch { lane, from, to: None, kind, label: String::new() };
                self.stretches.extend(from.map(goes_on));
            }
        }
    }
}

/// A stretch of time in words.
pub(super) fn lasting(from: u64, to: Option<u64>) -> String {
    match to {
        Some(to) => {
            format!(
                "{} to {} ({})",
                duration(from),
                duration(to),
                duration(to.saturating_sub(from))
            )
        }
        None => format!("from {} on", duration(from)),
    }
}

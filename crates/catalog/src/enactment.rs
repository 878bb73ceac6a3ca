//! From a search's way to a run: the timetable of a counterexample as luck and faults of the
//! simulator.

use std::collections::BTreeMap;

use commitsim_core::{About, Lsn, NodeId, Span, Time, Vote};
use commitsim_explore::{Timetable, Trouble};
use commitsim_sim::{
    Action, Fault, InFlight, Labour, Luck, Passage, Rhythm, Ring, Setup, Tail, Trigger,
};

/// How long a step takes.
const STEP: Span = Span::from_millis(1);

/// What a nanosecond of a search's patience becomes, so that whatever is left to the alarms comes
/// after whatever needs none.
const PATIENCE: u64 = 1_000;

/// How long after the end of the way a run that does not come to rest is judged.
const REST: Span = Span::from_millis(60_000);

/// What makes a run of the simulator go a search's way.
///
/// The transaction begins at 0, and every step after that takes a millisecond. What the way leaves
/// open happens behind its end: everybody restarts, the network is whole, what is under way
/// arrives, and who works votes YES.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enactment {
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Everything else that happens.
    pub luck: Luck,
    /// When the run is judged.
    pub horizon: Time,
}

impl Enactment {
    /// The run that goes the way of `table` under the protocol that `about` describes.
    #[must_use]
    pub fn new(table: &Timetable, about: &About) -> Enactment {
        let stage = Stage { table, end: Time::ZERO + steps(table.steps - table.begins) };
        let luck = Luck {
            messages: stage.messages(),
            alarms: stage.alarms(about),
            work: stage.work(),
            disks: stage.disks(),
        };
        let faults = stage.faults();
        // The last alarm that the way has set, and all that comes of it.
        let waits = table.alarms.iter().map(|alarm| Span(alarm.span.0.saturating_mul(PATIENCE)));
        let longest = waits.max().unwrap_or_default();
        Enactment { faults, luck, horizon: stage.end + longest.plus(REST) }
    }

    /// `setup` with this happening in it.
    #[must_use]
    pub fn within(self, setup: Setup) -> Setup {
        let Enactment { faults, luck, horizon } = self;
        Setup { faults, luck, horizon, ..setup }
    }
}

struct Stage<'a> {
    table: &'a Timetable,
    end: Time,
}

impl Stage<'_> {
    /// When a step happens; what goes wrong before the transaction begins goes wrong then.
    fn at(&self, step: u32) -> Time {
        Time::ZERO + steps(step.saturating_sub(self.table.begins))
    }

    fn messages(&self) -> Vec<Passage> {
        let mut counts: BTreeMap<(NodeId, NodeId), u64> = BTreeMap::new();
        let mut passages = Vec::new();
        for message in &self.table.messages {
            let nth = counts.entry((message.from, message.to)).or_default();
            *nth += 1;
            let sent = self.at(message.sent);
            let mut delays: Vec<Span> =
                message.arrives.iter().map(|step| self.at(*step) - sent).collect();
            delays.extend(message.under_way.then(|| self.end - sent).map(|left| left.plus(STEP)));
            passages.push(Passage { from: message.from, to: message.to, nth: *nth, delays });
        }
        passages
    }

    fn alarms(&self, about: &About) -> Vec<Ring> {
        let mut counts: BTreeMap<(NodeId, u8), u64> = BTreeMap::new();
        let mut rings = Vec::new();
        for alarm in &self.table.alarms {
            let nth = counts.entry((alarm.node, alarm.timer)).or_default();
            *nth += 1;
            let (node, set) = (alarm.node, self.at(alarm.set));
            let name = about.timers.get(usize::from(alarm.timer)).copied().unwrap_or_default();
            let wait = match alarm.fires {
                Some(step) => self.at(step) - set,
                None => (self.end - set).plus(Span(alarm.span.0.saturating_mul(PATIENCE))),
            };
            rings.push(Ring { node, alarm: name.to_string(), nth: *nth, wait });
        }
        rings
    }

    fn work(&self) -> Vec<Labour> {
        let mut counts: BTreeMap<NodeId, u64> = BTreeMap::new();
        let mut labours = Vec::new();
        for work in &self.table.work {
            let nth = counts.entry(work.node).or_default();
            *nth += 1;
            let asked = self.at(work.asked);
            let (length, vote) = match work.voted {
                Some((step, vote)) => (self.at(step) - asked, vote),
                None => ((self.end - asked).plus(STEP), Vote::Yes),
            };
            labours.push(Labour { node: work.node, nth: *nth, length, vote });
        }
        labours
    }

    /// No disk writes by itself before the end of the way.
    fn disks(&self) -> Vec<Rhythm> {
        let mut writes: BTreeMap<NodeId, Vec<Time>> = BTreeMap::new();
        let sends = self.table.messages.iter().flat_map(|message| [message.from, message.to]);
        let works = self.table.work.iter().map(|work| work.node);
        for node in sends.chain(works) {
            writes.entry(node).or_default();
        }
        for (node, step) in &self.table.writes {
            writes.entry(*node).or_default().push(self.at(*step));
        }
        let until = self.end + STEP;
        writes.into_iter().map(|(node, at)| Rhythm { node, until, at }).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let troubles = &self.table.troubles;
        for (place, (step, trouble)) in troubles.iter().enumerate() {
            let at = self.at(*step);
            let mut trigger = Trigger::At(at);
            let action = match trouble {
                Trouble::Crash { node, acts, kept } => {
                    if let Some(acts) = *acts {
                        trigger = Trigger::Amid { at, node: *node, acts };
                    }
                    crash(*node, *kept)
                }
                Trouble::Restart(node) => Action::Restart(*node),
                Trouble::Part(part) => {
                    let mends = |(_, trouble): &&(u32, Trouble)| *trouble == Trouble::Mend;
                    let mend = troubles[place..].iter().find(mends);
                    let ends = mend.map_or(self.end, |(step, _)| self.at(*step));
                    Action::Partition {
                        groups: vec![part.clone()],
                        heal_after: Some(ends - at),
                        in_flight: InFlight::Drop,
                    }
                }
                Trouble::Mend => continue,
            };
            faults.push(Fault { trigger, action });
        }
        for node in self.down() {
            faults.push(Fault { trigger: Trigger::At(self.end), action: Action::Restart(node) });
        }
        faults
    }

    /// Who is down at the end of the way.
    fn down(&self) -> Vec<NodeId> {
        let mut down: BTreeMap<NodeId, bool> = BTreeMap::new();
        for (_, trouble) in &self.table.troubles {
            match trouble {
                Trouble::Crash { node, .. } => down.insert(*node, true),
                Trouble::Restart(node) => down.insert(*node, false),
                Trouble::Part(_) | Trouble::Mend => None,
            };
        }
        down.into_iter().filter(|(_, is_down)| *is_down).map(|(node, _)| node).collect()
    }
}

/// How long so many steps take.
fn steps(count: u32) -> Span {
    Span(STEP.0 * u64::from(count))
}

fn crash(node: NodeId, kept: Lsn) -> Action {
    Action::Crash { node, restart_after: None, tail: Tail::Kept(kept) }
}

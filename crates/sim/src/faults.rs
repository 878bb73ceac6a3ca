//! The faults of a run: which are still to come, which moments they wait for, which sends they
//! apply to.

use commitsim_core::{NodeId, Protocol, Span, Spoken, Time, TxId};

use crate::network::Trouble;
use crate::record::Idle;
use crate::setup::{Action, Fault, Matching, Moment, Seen, Trigger};

/// What a node did or saw, with the tag of the message or the record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    Began,
    Sent { tag: u8, to: NodeId },
    Received { tag: u8, from: NodeId },
    Forced { tag: u8 },
    Decided,
    Restarted,
}

/// The fault plan while it is carried out.
pub(crate) struct Plan {
    pub(crate) faults: Vec<Fault>,
    fates: Vec<Fate>,
    watches: Vec<Watch>,
    rules: Vec<Rule>,
    /// The faults from this number on that waited for a moment strike no more.
    over: usize,
}

/// What has become of a fault so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Waiting,
    Struck,
    Idle(Idle),
}

/// A fault that waits for a moment.
struct Watch {
    fault: u32,
    by: NodeId,
    event: Expected,
    tx: Option<TxId>,
    /// How many matches are still to come, this one included.
    left: u32,
    after: Span,
}

/// [`Event`] with the optional parts open.
enum Expected {
    Began,
    Sent { tag: u8, to: Option<NodeId> },
    Received { tag: u8, from: Option<NodeId> },
    Forced { tag: u8 },
    Decided,
    Restarted,
    Amid { at: Time, acts: u32 },
}

/// A fault that applies to the next matching sends.
struct Rule {
    fault: u32,
    tag: u8,
    from: Option<NodeId>,
    to: Option<NodeId>,
    left: u32,
    effect: Effect,
}

#[derive(Clone, Copy)]
enum Effect {
    Lose,
    Duplicate,
    Delay(Span),
}

impl Plan {
    /// The plan for a run of `P` with this many nodes. A message, a record or a helper that `P`
    /// does not have makes its fault idle.
    pub(crate) fn new<P: Protocol>(faults: Vec<Fault>, nodes: u16) -> Plan {
        let mut watches = Vec::new();
        let mut fates = Vec::new();
        for (fault, number) in faults.iter().zip(0u32..) {
            let foreign = foreign::<P>(fault) || strangers(fault, nodes);
            fates.push(if foreign { Fate::Idle(Idle::ForeignName) } else { Fate::Waiting });
            if !foreign {
                watches.extend(watch::<P>(number, &fault.trigger));
            }
        }
        Plan { faults, fates, watches, rules: Vec::new(), over: usize::MAX }
    }

    /// Whether fault `number` can strike at all.
    pub(crate) fn is_waiting(&self, number: u32) -> bool {
        self.fates[number as usize] == Fate::Waiting
    }

    /// Notes that fault `number` struck, and whether to any effect.
    pub(crate) fn struck(&mut self, number: u32, idle: Option<Idle>) {
        self.fates[number as usize] = idle.map_or(Fate::Struck, Fate::Idle);
    }

    /// Whether any fault waits for a moment.
    #[inline]
    pub(crate) fn watches(&self) -> bool {
        !self.watches.is_empty()
    }

    /// Which faults wait for just this, and how long after it they strike.
    pub(crate) fn matching(&mut self, by: NodeId, tx: TxId, event: Event) -> Vec<(u32, Span)> {
        let mut struck = Vec::new();
        self.watches.retain_mut(|watch| {
            let hit = watch.by == by
                && watch.tx.is_none_or(|wanted| wanted == tx)
                && watch.event.is(event);
            if hit {
                watch.left -= 1;
            }
            if watch.left == 0 {
                // Until it strikes, which the end of the run may prevent.
                self.fates[watch.fault as usize] = Fate::Idle(Idle::TooLate);
                struck.push((watch.fault, watch.after));
            }
            watch.left > 0
        });
        struck
    }

    /// Which faults wait for just so many acts of the step that `by` takes now.
    pub(crate) fn amid(&mut self, by: NodeId, now: Time, done: u32) -> Vec<u32> {
        let mut struck = Vec::new();
        self.watches.retain(|watch| {
            let Expected::Amid { at, acts } = watch.event else { return true };
            let hit = watch.by == by && at == now && acts == done;
            struck.extend(hit.then_some(watch.fault));
            !hit
        });
        struck
    }

    /// From now on `matching` sends meet this fault.
    pub(crate) fn add_rule<P: Protocol>(&mut self, number: u32) {
        let (matching, effect) = match &self.faults[number as usize].action {
            Action::Lose(matching) => (matching, Effect::Lose),
            Action::Duplicate(matching) => (matching, Effect::Duplicate),
            Action::Delay(matching, by) => (matching, Effect::Delay(*by)),
            _ => return,
        };
        let Some(tag) = tag(P::Message::NAMES, &matching.message) else { return };
        self.rules.push(Rule {
            fault: number,
            tag,
            from: matching.from,
            to: matching.to,
            left: matching.count,
            effect,
        });
        self.fates[number as usize] = Fate::Idle(Idle::NothingMatched);
    }

    /// Whether a fault waits for a send.
    #[inline]
    pub(crate) fn has_rules(&self) -> bool {
        !self.rules.is_empty()
    }

    /// What happens to this send.
    pub(crate) fn trouble(&mut self, from: NodeId, to: NodeId, tag: u8) -> Trouble {
        let mut trouble = Trouble::default();
        for rule in &mut self.rules {
            let hit = rule.tag == tag
                && rule.from.is_none_or(|wanted| wanted == from)
                && rule.to.is_none_or(|wanted| wanted == to);
            if !hit {
                continue;
            }
            rule.left -= 1;
            self.fates[rule.fault as usize] = Fate::Struck;
            match rule.effect {
                Effect::Lose => trouble.lose = true,
                Effect::Duplicate => trouble.duplicate = true,
                Effect::Delay(by) => trouble.delay = trouble.delay.plus(by),
            }
        }
        self.rules.retain(|rule| rule.left > 0);
        trouble
    }

    /// The faults from number `first` on wait for no moment any more.
    pub(crate) fn stop_watching(&mut self, first: usize) {
        self.watches.retain(|watch| (watch.fault as usize) < first);
        self.over = self.over.min(first);
    }

    /// Whether the moment of fault `number` came, and all is healed before it strikes.
    pub(crate) fn is_over(&self, number: u32) -> bool {
        let waited = matches!(self.faults[number as usize].trigger, Trigger::When { .. });
        waited && number as usize >= self.over
    }

    /// Ends everything that applies to sends to come; says whether there was anything.
    pub(crate) fn clear_rules(&mut self) -> bool {
        let any = !self.rules.is_empty();
        self.rules.clear();
        any
    }

    /// The faults among the first `count` that had no effect.
    pub(crate) fn idle(&self, count: usize) -> Vec<(usize, Idle)> {
        let fates = self.fates.iter().zip(&self.faults).take(count).enumerate();
        fates
            .filter_map(|(number, (fate, fault))| match (fate, &fault.trigger) {
                (Fate::Struck, _) => None,
                (Fate::Idle(why), _) => Some((number, *why)),
                (Fate::Waiting, Trigger::At(_)) => Some((number, Idle::TooLate)),
                (Fate::Waiting, Trigger::When { .. } | Trigger::Amid { .. }) => {
                    Some((number, Idle::NoSuchMoment))
                }
            })
            .collect()
    }
}

impl Expected {
    fn is(&self, event: Event) -> bool {
        match (self, event) {
            (Expected::Began, Event::Began)
            | (Expected::Decided, Event::Decided)
            | (Expected::Restarted, Event::Restarted) => true,
            (Expected::Sent { tag, to }, Event::Sent { tag: sent, to: receiver }) => {
                *tag == sent && to.is_none_or(|wanted| wanted == receiver)
            }
            (Expected::Received { tag, from }, Event::Received { tag: got, from: sender }) => {
                *tag == got && from.is_none_or(|wanted| wanted == sender)
            }
            (Expected::Forced { tag }, Event::Forced { tag: record }) => *tag == record,
            _ => false,
        }
    }
}

/// What has to be seen for fault `number` to strike, where it does not strike by the clock.
fn watch<P: Protocol>(number: u32, trigger: &Trigger) -> Option<Watch> {
    let (fault, left) = (number, 1);
    match trigger {
        Trigger::At(_) => None,
        Trigger::When { moment, nth, after } => {
            let (by, tx) = (moment.by, moment.transaction);
            let event = expected::<P>(moment)?;
            Some(Watch { fault, by, event, tx, left: *nth, after: *after })
        }
        Trigger::Amid { at, node, acts } => {
            let event = Expected::Amid { at: *at, acts: *acts };
            Some(Watch { fault, by: *node, event, tx: None, left, after: Span::ZERO })
        }
    }
}

/// Whether the fault names a message or a record that `P` does not have.
fn foreign<P: Protocol>(fault: &Fault) -> bool {
    let moment = match &fault.trigger {
        Trigger::At(_) | Trigger::Amid { .. } => false,
        Trigger::When { moment, .. } => expected::<P>(moment).is_none(),
    };
    let matching = match &fault.action {
        Action::Lose(matching) | Action::Delay(matching, _) | Action::Duplicate(matching) => {
            let Matching { message, .. } = matching;
            tag(P::Message::NAMES, message).is_none()
        }
        _ => false,
    };
    moment || matching
}

/// Whether the fault is about a helper that a run with this many nodes does not have. Groups and
/// lists of links may name one besides others.
fn strangers(fault: &Fault, nodes: u16) -> bool {
    let strange = |node: &NodeId| node.0 >= nodes;
    let by = match &fault.trigger {
        Trigger::At(_) => false,
        Trigger::When { moment, .. } => strange(&moment.by),
        Trigger::Amid { node, .. } => strange(node),
    };
    by || match &fault.action {
        Action::Crash { node, .. }
        | Action::CrashLoop { node, .. }
        | Action::Restart(node)
        | Action::Expire(Some(node))
        | Action::Isolate { node, .. }
        | Action::Pause { node, .. }
        | Action::SlowDisk { node, .. }
        | Action::Clock { node, .. }
        | Action::Decide { node, .. } => strange(node),
        Action::CutLink { from, to, .. } => strange(from) || strange(to),
        Action::Swizzle { close, .. } => close.iter().any(strange),
        _ => false,
    }
}

fn expected<P: Protocol>(moment: &Moment) -> Option<Expected> {
    Some(match &moment.seen {
        Seen::Began => Expected::Began,
        Seen::Decided => Expected::Decided,
        Seen::Restarted => Expected::Restarted,
        Seen::Sent { message, to } => {
            Expected::Sent { tag: tag(P::Message::NAMES, message)?, to: *to }
        }
        Seen::Received { message, from } => {
            Expected::Received { tag: tag(P::Message::NAMES, message)?, from: *from }
        }
        Seen::Forced { record } => Expected::Forced { tag: tag(P::Record::NAMES, record)? },
    })
}

fn tag(names: &[&str], name: &str) -> Option<u8> {
    names.iter().position(|known| *known == name).and_then(|at| u8::try_from(at).ok())
}

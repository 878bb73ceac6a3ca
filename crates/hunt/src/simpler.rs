//! What a fault could be instead that is simpler.

use commitsim_core::{Span, Time};
use commitsim_rng::Ratio;
use commitsim_sim::{Action, Fault, InFlight, Scale, Seen, Tail, Trigger};

use crate::shrink::rounded;

/// Faults that are simpler than this one, the simplest first. What follows from one of them never
/// comes back to it.
pub(crate) fn simpler(fault: &Fault) -> Vec<Fault> {
    let of_action = |action| Fault { trigger: fault.trigger.clone(), action };
    let of_trigger = |trigger| Fault { trigger, action: fault.action.clone() };
    let actions = actions(&fault.action).into_iter().map(of_action);
    actions.chain(triggers(&fault.trigger).into_iter().map(of_trigger)).collect()
}

fn triggers(trigger: &Trigger) -> Vec<Trigger> {
    match trigger {
        Trigger::At(at) => {
            let mut times: Vec<Trigger> = Vec::new();
            if *at > Time::ZERO {
                times.push(Trigger::At(Time::ZERO));
            }
            times.extend(rounded(*at - Time::ZERO).into_iter().map(|at| Trigger::At(Time(at.0))));
            times
        }
        Trigger::Amid { .. } => Vec::new(),
        Trigger::When { moment, nth, after } => {
            let when = |nth, after| Trigger::When { moment: moment.clone(), nth, after };
            let mut simpler = Vec::new();
            if *after > Span::ZERO {
                simpler.push(when(*nth, Span::ZERO));
                simpler.extend(rounded(*after).into_iter().map(|after| when(*nth, after)));
            }
            simpler.extend((1..*nth).take(3).map(|nth| when(nth, *after)));
            let mut anyone = moment.clone();
            anyone.transaction = None;
            match &mut anyone.seen {
                Seen::Sent { to: other, .. } | Seen::Received { from: other, .. } => *other = None,
                _ => {}
            }
            if anyone != *moment {
                simpler.push(Trigger::When { moment: anyone, nth: *nth, after: *after });
            }
            simpler
        }
    }
}

fn actions(action: &Action) -> Vec<Action> {
    let mut simpler = Vec::new();
    let ends = |end: Option<Span>| {
        let none = end.map(|_| None);
        none.into_iter().chain(end.into_iter().flat_map(rounded).map(Some)).collect::<Vec<_>>()
    };
    match action.clone() {
        Action::Crash { node, restart_after, tail } => {
            let crash = |restart_after, tail| Action::Crash { node, restart_after, tail };
            simpler.extend(ends(restart_after).into_iter().map(|end| crash(end, tail)));
            if tail == Tail::Drawn {
                simpler.push(crash(restart_after, Tail::Lost));
            }
        }
        Action::CrashLoop { node, times, down, up, tail } => {
            let again = |times, down, up| Action::CrashLoop { node, times, down, up, tail };
            simpler.push(Action::Crash { node, restart_after: Some(down), tail });
            simpler.extend((times > 2).then(|| again(times - 1, down, up)));
            simpler.extend(rounded(down).into_iter().map(|down| again(times, down, up)));
            simpler.extend(rounded(up).into_iter().map(|up| again(times, down, up)));
        }
        Action::Partition { groups, heal_after, in_flight } => {
            let part =
                |groups, end, in_flight| Action::Partition { groups, heal_after: end, in_flight };
            for end in ends(heal_after) {
                simpler.push(part(groups.clone(), end, in_flight));
            }
            if in_flight == InFlight::Hold {
                simpler.push(part(groups.clone(), heal_after, InFlight::Drop));
            }
        }
        Action::CutLink { from, to, heal_after } => {
            let cut = |heal_after| Action::CutLink { from, to, heal_after };
            simpler.extend(ends(heal_after).into_iter().map(cut));
        }
        Action::Isolate { node, heal_after } => {
            let cut = |heal_after| Action::Isolate { node, heal_after };
            simpler.extend(ends(heal_after).into_iter().map(cut));
        }
        Action::Swizzle { close, open, every } => {
            for node in close.iter().filter(|_| close.len() > 1) {
                let but = |nodes: &[_]| nodes.iter().copied().filter(|n| n != node).collect();
                simpler.push(Action::Swizzle { close: but(&close), open: but(&open), every });
            }
            let slower =
                |every| Action::Swizzle { close: close.clone(), open: open.clone(), every };
            simpler.extend(rounded(every).into_iter().map(slower));
        }
        other => simpler.extend(of_messages(&other)),
    }
    simpler
}

/// The same for faults of messages, clocks and disks.
fn of_messages(action: &Action) -> Vec<Action> {
    let mut simpler = Vec::new();
    let ends = |end: Option<Span>| {
        let none = end.map(|_| None);
        none.into_iter().chain(end.into_iter().flat_map(rounded).map(Some)).collect::<Vec<_>>()
    };
    let once = |matching: &commitsim_sim::Matching| {
        (matching.count > 1).then(|| commitsim_sim::Matching { count: 1, ..matching.clone() })
    };
    match action.clone() {
        Action::Lose(matching) => simpler.extend(once(&matching).map(Action::Lose)),
        Action::Duplicate(matching) => simpler.extend(once(&matching).map(Action::Duplicate)),
        Action::Delay(matching, by) => {
            simpler.extend(once(&matching).map(|matching| Action::Delay(matching, by)));
            simpler.extend(rounded(by).into_iter().map(|by| Action::Delay(matching.clone(), by)));
        }
        Action::Loss { rate, burst, lasts, links, luck } => {
            let loss = |rate, burst, lasts| {
                let links = links.clone();
                Action::Loss { rate, burst, lasts, links, luck }
            };
            simpler.extend((!rate.is_one()).then(|| loss(Ratio::ONE, 1, lasts)));
            simpler.extend((burst > 1).then(|| loss(rate, 1, lasts)));
            simpler.extend(ends(lasts).into_iter().map(|lasts| loss(rate, burst, lasts)));
        }
        Action::Latency { times, lasts, links } => {
            let ends = ends(lasts).into_iter();
            simpler.extend(ends.map(|lasts| Action::Latency {
                times,
                lasts,
                links: links.clone(),
            }));
        }
        Action::Pause { node, lasts } => {
            simpler.extend(rounded(lasts).into_iter().map(|lasts| Action::Pause { node, lasts }));
        }
        Action::SlowDisk { node, force, lasts } => {
            let slow = |force, lasts| Action::SlowDisk { node, force, lasts };
            simpler.extend(ends(lasts).into_iter().map(|lasts| slow(force.clone(), lasts)));
            let (least, most) = force.bounds();
            let fixed = rounded(Span(most)).into_iter().filter(|_| least == most);
            simpler.extend(fixed.map(|force| slow(commitsim_rng::Shape::fixed(force.0), lasts)));
        }
        Action::Clock { node, rate } => {
            for factor in [2, 10] {
                let fast = rate.times(Span(100)).0 > 100;
                let round = if fast { Scale::new(factor, 1) } else { Scale::new(1, factor) };
                let here = rate.times(Span(1_000)).0;
                let rounder = round.filter(|round| {
                    let there = round.times(Span(1_000)).0;
                    if fast { there < here } else { there > here }
                });
                simpler.extend(rounder.map(|rate| Action::Clock { node, rate }));
            }
        }
        _ => {}
    }
    simpler
}

//! Faults in words, and the warnings about those that had no effect.

use commitsim_core::{NodeId, Span};
use commitsim_report::duration;
use commitsim_scenario::Scenario;
use commitsim_sim::{Action, Fault, Idle, Matching, Moment, Seen, Trigger};

/// One line for each fault that had no effect, numbered as in the scenario file.
pub(crate) fn warnings(protocol: &str, scenario: &Scenario, idle: &[(usize, Idle)]) -> Vec<String> {
    let helpers = scenario.helpers.iter().map(|name| (*name).to_string());
    let names: Vec<String> = scenario.names.iter().cloned().chain(helpers).collect();
    let told = |fault: &Fault| told(fault, &names);
    let warning = |(n, why): &(usize, Idle)| {
        let fault = scenario.setup.faults.get(*n).map_or_else(String::new, told);
        format!("warning: {protocol}: faults[{n}]{fault} had no effect: {}", reason(*why))
    };
    idle.iter().map(warning).collect()
}

fn told(fault: &Fault, names: &[String]) -> String {
    let (verb, object) = (fault.action.word(), object(&fault.action, names));
    format!(" ({verb}{object} {})", when(&fault.trigger, names))
}

/// What the fault is done to, where that is short.
fn object(action: &Action, names: &[String]) -> String {
    let about = |matching: &Matching| {
        let from = matching.from.map(|node| format!(" from {}", name(names, node)));
        let to = matching.to.map(|node| format!(" to {}", name(names, node)));
        format!(" {}{}{}", matching.message, from.unwrap_or_default(), to.unwrap_or_default())
    };
    match action {
        Action::Crash { node, .. }
        | Action::CrashLoop { node, .. }
        | Action::Expire(Some(node))
        | Action::Restart(node)
        | Action::Isolate { node, .. }
        | Action::Pause { node, .. }
        | Action::SlowDisk { node, .. }
        | Action::Clock { node, .. } => format!(" {}", name(names, *node)),
        Action::Decide { node, tx, .. } => format!(" {} at {}", tx.0, name(names, *node)),
        Action::CutLink { from, to, .. } => {
            format!(" from {} to {}", name(names, *from), name(names, *to))
        }
        Action::Lose(matching) | Action::Delay(matching, _) | Action::Duplicate(matching) => {
            about(matching)
        }
        Action::Swizzle { close, .. } => {
            let nodes: Vec<&str> = close.iter().map(|node| name(names, *node)).collect();
            format!(" of {}", nodes.join(", "))
        }
        Action::Partition { .. }
        | Action::Loss { .. }
        | Action::Latency { .. }
        | Action::Expire(None)
        | Action::Heal { .. } => String::new(),
    }
}

fn when(trigger: &Trigger, names: &[String]) -> String {
    match trigger {
        Trigger::At(time) => format!("at {}", duration(time.0)),
        Trigger::Amid { at, node, acts } => {
            let step = format!("of its step at {}", duration(at.0));
            format!("when {} has done {acts} acts {step}", name(names, *node))
        }
        Trigger::When { moment, nth, after } => {
            let mut text = format!("when {}", happens(moment, names));
            if *nth > 1 {
                text.push_str(&format!(" for the {} time", ordinal(*nth)));
            }
            if *after > Span::ZERO {
                text.push_str(&format!(", {} later", duration(after.0)));
            }
            text
        }
    }
}

fn happens(moment: &Moment, names: &[String]) -> String {
    let by = name(names, moment.by);
    let what = match &moment.seen {
        Seen::Began => "begins".to_string(),
        Seen::Sent { message, to: None } => format!("sends {message}"),
        Seen::Sent { message, to: Some(to) } => format!("sends {message} to {}", name(names, *to)),
        Seen::Received { message, from: None } => format!("receives {message}"),
        Seen::Received { message, from: Some(from) } => {
            format!("receives {message} from {}", name(names, *from))
        }
        Seen::Forced { record } => format!("has forced {record}"),
        Seen::Decided => "decides".to_string(),
        Seen::Restarted => "restarts".to_string(),
    };
    let tx = moment.transaction.map(|tx| format!(" in transaction {}", tx.0));
    format!("{by} {what}{}", tx.unwrap_or_default())
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn reason(idle: Idle) -> &'static str {
    match idle {
        Idle::TooLate => "the run ended before its time",
        Idle::NoSuchMoment => "its moment never came",
        Idle::ForeignName => "this protocol has no message or record of that name",
        Idle::AlreadyUp => "the node was already up",
        Idle::AlreadyDown => "the node was already down",
        Idle::NothingMatched => "no message matched it",
        Idle::NotInDoubt => "the transaction was not in doubt at that node",
        Idle::NothingChanged => "there was nothing that it could change",
    }
}

fn name(names: &[String], node: NodeId) -> &str {
    names.get(usize::from(node.0)).map_or("?", String::as_str)
}

#[cfg(test)]
mod tests {
    use commitsim_core::{Time, TxId};
    use commitsim_sim::Tail;

    use super::*;

    fn names() -> Vec<String> {
        ["bank", "hotel"].map(String::from).to_vec()
    }

    #[test]
    fn faults_read_like_sentences() {
        let crash = |trigger| Fault {
            trigger,
            action: Action::Crash { node: NodeId(1), restart_after: None, tail: Tail::Drawn },
        };
        assert_eq!(
            told(&crash(Trigger::At(Time(10_000_000))), &names()),
            " (crash hotel at 10 ms)"
        );
        let seen = Seen::Received { message: "Yes".to_string(), from: Some(NodeId(1)) };
        let moment = Moment { by: NodeId(0), seen, transaction: Some(TxId(3)) };
        let trigger = Trigger::When { moment, nth: 4, after: Span::from_millis(2) };
        assert_eq!(
            told(&crash(trigger), &names()),
            " (crash hotel when bank receives Yes from hotel in transaction 3 for the 4th time, \
             2 ms later)"
        );
        assert_eq!([1, 12, 22, 113].map(ordinal), ["1st", "12th", "22nd", "113th"]);
        let matching =
            Matching { message: "Ack".to_string(), from: Some(NodeId(1)), to: None, count: 1 };
        let lose = Fault { trigger: Trigger::At(Time::ZERO), action: Action::Lose(matching) };
        assert_eq!(told(&lose, &names()), " (lose Ack from hotel at 0 ns)");
    }
}

//! ShiViz: vector clocks that are complete, count every event and contradict nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::rule;

type Clock = BTreeMap<String, u64>;

/// How many events each execution has.
pub(crate) fn check(log: &str) -> Result<Vec<usize>, String> {
    let mut lines = log.lines();
    let expression = lines.next().unwrap_or_default();
    let groups: Vec<&str> =
        expression.split("(?<").skip(1).filter_map(|rest| rest.split('>').next()).collect();
    for wanted in ["host", "clock", "event"] {
        let count = groups.iter().filter(|group| **group == wanted).count();
        rule(count == 1, || format!("{count} capture groups are called {wanted}"))?;
    }
    let distinct: BTreeSet<&&str> = groups.iter().collect();
    rule(distinct.len() == groups.len(), || "names of capture groups repeat".to_string())?;
    let several = !lines.next().unwrap_or_default().is_empty();
    let mut labels = BTreeSet::new();
    let mut executions: Vec<Vec<(String, Clock)>> = Vec::new();
    if !several {
        executions.push(Vec::new());
    }
    for line in lines {
        let label = line.strip_prefix("=== ").and_then(|rest| rest.strip_suffix(" ==="));
        if let (true, Some(label)) = (several, label) {
            rule(labels.insert(label), || format!("two executions are called {label}"))?;
            executions.push(Vec::new());
            continue;
        }
        // The tool would skip such a line without a word.
        let event = event(line).ok_or_else(|| format!("the expression does not fit: {line}"))?;
        executions.last_mut().ok_or("an event before the first execution")?.push(event);
    }
    executions.iter().try_for_each(|events| clocks(events))?;
    Ok(executions.iter().map(Vec::len).collect())
}

/// Host and clock of a line, as the expression has them.
fn event(line: &str) -> Option<(String, Clock)> {
    let (host, rest) = line.split_once(' ')?;
    let end = rest.find('}')? + 1;
    let clock: Clock = serde_json::from_str(rest.get(..end)?).ok()?;
    let mut fields = rest.get(end..)?.strip_prefix(' ')?.splitn(4, ' ');
    let digits = fields.next()?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let named = fields.next().filter(|tx| !tx.is_empty())?.len() + fields.next()?.len();
    fields.next()?;
    (is_number && named > 1 && !host.is_empty() && !host.contains(char::is_whitespace))
        .then(|| (host.to_string(), clock))
}

fn clocks(events: &[(String, Clock)]) -> Result<(), String> {
    let mut known: BTreeMap<(&str, u64), &Clock> = BTreeMap::new();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (host, clock) in events {
        let own = clock.get(host).copied();
        let own = own.ok_or_else(|| format!("{host} is missing from its own clock"))?;
        let count = counts.entry(host).or_default();
        *count += 1;
        rule(own == *count, || format!("{host} counts {own} where it should count {count}"))?;
        known.insert((host, own), clock);
    }
    for (host, clock) in events {
        let own = clock[host];
        for (other, count) in clock {
            let all = counts.get(other.as_str()).copied();
            let all = all.ok_or_else(|| format!("{other} is in a clock and has no events"))?;
            rule((1..=all).contains(count), || format!("{count} for {other}, which has {all}"))?;
            let before = known[&(other.as_str(), *count)];
            let follows = before.iter().all(|(who, n)| clock.get(who).is_some_and(|m| n <= m));
            rule(follows, || format!("{host} {own} knows {other} {count} but not what it knew"))?;
            let later = before.get(host).is_some_and(|n| *n >= own) && other != host;
            rule(!later, || format!("{host} {own} and {other} {count} come before each other"))?;
        }
        if let Some(last) = own.checked_sub(1).and_then(|last| known.get(&(host.as_str(), last))) {
            let grows = last.iter().all(|(who, n)| clock.get(who).is_some_and(|m| n <= m));
            rule(grows, || format!("{host} forgets between {} and {own}", own - 1))?;
        }
    }
    Ok(())
}

//! What is measured of the data, for people.

use crate::span::millis;
use crate::{Data, Run, duration};

use super::{entry, put};

/// How wide the labels are.
const LABEL: usize = 12;

pub(super) fn write(run: &Run, text: &mut String) {
    let Some(data) = &run.data else { return };
    text.push_str("\ndata\n");
    let mut line = |label: &str, words: String| text.push_str(&entry(2, LABEL, label, &words));
    line("throughput", format!("{} commits a second", millis(data.committed_per_1000s.into())));
    line("response", format!("{} on average", duration(data.response_ns)));
    line("aborts", aborts(data));
    line(
        "locks",
        format!(
            "{} granted and held for {} on average, {} waits of {} on average, {} borrowed",
            data.locks,
            duration(data.lock_hold_ns / data.locks.max(1)),
            data.lock_waits,
            duration(data.lock_wait_ns / data.lock_waits.max(1)),
            data.borrowed
        ),
    );
    line(
        "doubt",
        format!(
            "{} in doubt and {} of it blocked, all nodes together",
            duration(data.in_doubt_ns),
            duration(data.blocked_ns)
        ),
    );
    line("work lost", duration(data.work_lost_ns));
    line("worth", worth(data));
}

fn aborts(data: &Data) -> String {
    let causes: Vec<String> =
        data.aborts.iter().map(|(cause, n)| format!("{n} {}", cause.replace('_', " "))).collect();
    let list = if causes.is_empty() { String::new() } else { format!(": {}", causes.join(", ")) };
    format!("{} of {}{list}", data.aborted, data.aborted + data.committed)
}

fn worth(data: &Data) -> String {
    let damage = match data.damage {
        0 => String::new(),
        damage if damage < 0 => format!(", {} lost because nodes did not agree", -damage),
        damage => format!(", {damage} made because nodes did not agree"),
    };
    format!("{} at the beginning, {} at the end{damage}", data.opening, data.closing)
}

/// How the throughput of several runs compares with that of the first; nothing without data.
pub(crate) fn ratios(runs: &[Run], labels: &[String]) -> String {
    let rate = |run: &Run| run.data.as_ref().map(|data| data.committed_per_1000s);
    let Some(rates) = runs.iter().map(rate).collect::<Option<Vec<u64>>>() else {
        return String::new();
    };
    let Some(first) = rates.first().copied().filter(|first| *first > 0) else {
        return String::new();
    };
    let mut text = String::new();
    put(&mut text, format_args!("\nthroughput, as a multiple of that of {}\n", labels[0]));
    let room = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0) + 1;
    for (rate, label) in rates.iter().zip(labels) {
        let ratio = millis(u128::from(*rate) * 1_000 / u128::from(first));
        let words = format!("{ratio} ({} commits a second)", millis((*rate).into()));
        text.push_str(&entry(2, room, label, &words));
    }
    text
}

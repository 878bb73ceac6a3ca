//! A run as the page's script wants it: lists of numbers, and texts by number.

use std::collections::BTreeMap;

use crate::phrase::phrase;
use crate::{Decided, Excerpt, Explainer, TraceHead, Vote, What, visible};

use super::links::{Messages, is_own};
use super::spans::Spans;
use super::words::Words;

/// One run.
#[derive(Debug, serde::Serialize)]
pub(super) struct Course {
    /// The scenario's title.
    title: String,
    /// Protocol, options and seed.
    about: String,
    /// What was left out, if anything was.
    note: Option<String>,
    nodes: Vec<String>,
    seen: Seen,
    messages: Messages,
    spans: Spans,
}

/// The observations, a list for each of their properties.
#[derive(Debug, Default, serde::Serialize)]
struct Seen {
    /// The place in the trace.
    seq: Vec<u64>,
    /// The time in whole milliseconds, and the nanoseconds beyond: both are exact as the numbers
    /// that a script has, which one number of nanoseconds would not be after 104 days.
    ms: Vec<u64>,
    ns: Vec<u32>,
    node: Vec<u32>,
    tx: Vec<Option<u32>>,
    /// How it is drawn, where it is more than a dot.
    sign: Vec<Option<Sign>>,
    /// The line of the trace's text, and a sentence: numbers of [`Words`].
    says: Vec<u32>,
    means: Vec<u32>,
    /// The message that it is about.
    message: Vec<Option<u32>>,
    /// 1 if it is one of its node's own, 0 if it is the network's or the scenario's doing.
    own: Vec<u8>,
    /// What came just before it at its node, and what at another node it is an effect of.
    before: Vec<Option<u32>>,
    cause: Vec<Option<u32>>,
}

/// What deserves a sign of its own on a lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum Sign {
    Begin,
    Yes,
    No,
    Reads,
    Commit,
    Abort,
    Alarm,
    Crash,
    Restart,
    Fault,
}

impl Sign {
    fn of(what: &What) -> Option<Sign> {
        Some(match what {
            What::Begin => Sign::Begin,
            What::Vote { vote: Vote::Yes } => Sign::Yes,
            What::Vote { vote: Vote::No } => Sign::No,
            What::Vote { vote: Vote::ReadOnly } => Sign::Reads,
            What::Decide { decision: Decided::Commit, .. } => Sign::Commit,
            What::Decide { decision: Decided::Abort, .. } => Sign::Abort,
            What::Fire { .. } => Sign::Alarm,
            What::Crash { .. } => Sign::Crash,
            What::Restart => Sign::Restart,
            What::Strike { .. } | What::Ease { .. } | What::Heal => Sign::Fault,
            _ => return None,
        })
    }
}

impl Course {
    pub(super) fn of(head: &TraceHead, excerpt: &Excerpt, words: &mut Words) -> Course {
        let names = crate::mermaid::names(head, excerpt);
        let numbers: BTreeMap<&str, u32> = names.iter().copied().zip(0..).collect();
        let number = |name: &str| numbers[name];
        let mut messages = Messages::default();
        let mut spans = Spans::before(excerpt, &names, words);
        let mut seen_all = Seen::default();
        let mut explainer = Explainer::default();
        let mut last: Vec<Option<u32>> = vec![None; names.len()];
        for (at, seen) in (0..).zip(&excerpt.observations) {
            let node = number(&seen.node);
            let mut name = |text: &str| words.number(&visible(text));
            let (message, cause) = messages.see(at, seen, &number, &mut name);
            let own = is_own(&seen.what);
            let before = last[node as usize].filter(|_| own);
            if own {
                last[node as usize] = Some(at);
            }
            spans.see(at, seen, node, words);
            seen_all.seq.push(seen.seq);
            seen_all.ms.push(seen.t_ns / 1_000_000);
            seen_all.ns.push((seen.t_ns % 1_000_000) as u32);
            seen_all.node.push(node);
            seen_all.tx.push(seen.tx);
            let line = phrase(&seen.what);
            seen_all.sign.push(Sign::of(&seen.what));
            seen_all.says.push(words.number(&visible(&line)));
            seen_all.means.push(words.number(&explainer.tell(seen)));
            seen_all.message.push(message);
            seen_all.own.push(u8::from(own));
            seen_all.before.push(before);
            seen_all.cause.push(cause);
        }
        let options: Vec<String> = head.options.iter().map(|(k, v)| format!(" {k}={v}")).collect();
        let about = format!("{}{}, seed {}", head.protocol, options.concat(), head.seed);
        Course {
            title: visible(head.title.as_deref().unwrap_or(&head.protocol)).into_owned(),
            about: visible(&about).into_owned(),
            note: excerpt.note(),
            nodes: names.iter().map(|name| visible(name).into_owned()).collect(),
            seen: seen_all,
            messages,
            spans,
        }
    }
}

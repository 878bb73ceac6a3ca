//! Traces for Perfetto and whatever else reads the trace events of Chrome, in JSON.
//!
//! A run is a process and a node is a few of its threads: one for messages and instants, others
//! for the log, for how it stands, and for locks. What arrives and what leaves are short slices
//! with an arrow between them; what lasts is a slice as long as it lasts. Slices on one thread must
//! lie beside or within each other, or the reader drops one without a word, so what would overlap
//! gets a further thread.

mod lanes;
mod slices;

use std::fmt::Write as _;

use crate::{Excerpt, TraceHead, quoted, visible};

use lanes::Lanes;
use slices::{Flow, Slice, Slices};

/// The events of one or more runs, each with its trace's head and a part of the trace.
#[must_use]
pub fn perfetto(runs: &[(TraceHead, Excerpt)]) -> String {
    let mut file =
        File { text: String::from("{\"displayTimeUnit\":\"ns\",\"traceEvents\":["), first: true };
    let mut flows = 0;
    for (pid, (head, excerpt)) in (1..).zip(runs) {
        let mut slices = Slices::of(head, excerpt);
        let lanes = Lanes::of(&mut slices);
        file.names(pid, head, &lanes);
        for slice in &slices.all {
            file.slice(pid, slice, &mut flows);
        }
        flows += slices.messages;
    }
    file.text.push_str("\n]}\n");
    file.text
}

/// The text of the file, event by event.
struct File {
    text: String,
    first: bool,
}

impl File {
    /// Begins an event: its kind, its thread.
    fn begin(&mut self, phase: char, (pid, tid): (u32, u32)) {
        self.text.push_str(if self.first { "\n" } else { ",\n" });
        self.first = false;
        let _ = write!(self.text, "{{\"ph\":\"{phase}\",\"pid\":{pid},\"tid\":{tid}");
    }

    fn words(&mut self, key: &str, words: &str) {
        let _ = write!(self.text, ",\"{key}\":");
        quoted(&visible(words), &mut self.text);
    }

    /// Microseconds with three decimals, which are nanoseconds.
    fn time(&mut self, key: &str, ns: u64) {
        let _ = write!(self.text, ",\"{key}\":{}.{:03}", ns / 1_000, ns % 1_000);
    }

    fn end(&mut self) {
        self.text.push('}');
    }

    /// What the run and its threads are called, and their order.
    fn names(&mut self, pid: u32, head: &TraceHead, lanes: &Lanes) {
        let title = head.title.as_deref().unwrap_or_default();
        let options: String = head.options.iter().map(|(k, v)| format!(" {k}={v}")).collect();
        let run = format!("{}{options}, seed {} {title}", head.protocol, head.seed);
        let run: String = run.trim_end().chars().take(400).collect();
        self.named(pid, 0, "process_name", &run);
        for (tid, name) in lanes.names() {
            self.named(pid, tid, "thread_name", name);
            self.begin('M', (pid, tid));
            let _ = write!(
                self.text,
                ",\"name\":\"thread_sort_index\",\"args\":{{\"sort_index\":{tid}}}"
            );
            self.end();
        }
    }

    fn named(&mut self, pid: u32, tid: u32, what: &str, name: &str) {
        self.begin('M', (pid, tid));
        let _ = write!(self.text, ",\"name\":\"{what}\",\"args\":{{\"name\":");
        quoted(&visible(name), &mut self.text);
        self.text.push('}');
        self.end();
    }

    fn slice(&mut self, pid: u32, slice: &Slice, flows: &mut u64) {
        let place = (pid, slice.thread);
        match slice.lasts_ns {
            None => {
                self.begin('i', place);
                self.text.push_str(",\"s\":\"t\"");
            }
            Some(_) => self.begin('X', place),
        }
        self.time("ts", slice.at_ns);
        if let Some(lasts) = slice.lasts_ns {
            self.time("dur", lasts);
        }
        self.words("name", &slice.name);
        let _ = write!(self.text, ",\"cat\":\"{}\",\"args\":{{\"seq\":{}", slice.class, slice.seq);
        if let Some(tx) = slice.tx {
            let _ = write!(self.text, ",\"tx\":{tx}");
        }
        self.words("what", &slice.says);
        self.text.push('}');
        self.end();
        // The arrow's ends are within their slices, right behind them in the file.
        for flow in &slice.flows {
            let (phase, id) = match flow {
                Flow::Leaves(id) => ('s', id),
                Flow::Arrives(id) => ('f', id),
            };
            self.begin(phase, place);
            if phase == 'f' {
                self.text.push_str(",\"bp\":\"e\"");
            }
            self.time("ts", slice.at_ns);
            let _ = write!(
                self.text,
                ",\"id\":{},\"name\":\"message\",\"cat\":\"message\"",
                *flows + id
            );
            self.end();
        }
    }
}

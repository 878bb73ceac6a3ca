//! Whoever looks on while a run happens: its trace, its explanation, its drawing.

use std::io::{self, Write};

use commitsim_report::{Excerpt, Explainer, Pending};
use commitsim_sim::Watch;
use commitsim_spec::Observation;

use crate::trace::{Lines, read_back};

/// How many bytes of lines are gathered before they are handed on.
const ENOUGH: usize = 1 << 15;

/// Hands what it sees to those who want it. A watch cannot fail, so the first error is kept for
/// the end; after it nothing more is written.
pub(crate) struct Recorder<'a> {
    lines: Lines,
    written: String,
    trace: Option<&'a mut dyn Write>,
    explained: Option<(Explainer, &'a mut dyn Write)>,
    excerpt: Option<&'a mut Excerpt>,
    pending: &'a mut [Pending],
    error: Option<io::Error>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(lines: Lines) -> Recorder<'a> {
        let written = String::new();
        Recorder {
            lines,
            written,
            trace: None,
            explained: None,
            excerpt: None,
            pending: &mut [],
            error: None,
        }
    }

    /// Keeps what is pending at some instants.
    pub(crate) fn pending(&mut self, tables: &'a mut [Pending]) {
        self.pending = tables;
    }

    /// Writes the trace, which begins with this line.
    pub(crate) fn trace(&mut self, header: &str, out: &'a mut dyn Write) {
        self.written = format!("{header}\n");
        self.trace = Some(out);
    }

    /// Writes an explanation.
    pub(crate) fn explain(&mut self, out: &'a mut dyn Write) {
        self.explained = Some((Explainer::default(), out));
    }

    /// Keeps what a drawing shows.
    pub(crate) fn keep(&mut self, excerpt: &'a mut Excerpt) {
        self.excerpt = Some(excerpt);
    }

    /// Hands on what is left; says what went wrong on the way, if anything did.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.hand_on();
        self.error.map_or(Ok(()), Err)
    }

    fn hand_on(&mut self) {
        if let (Some(trace), None) = (&mut self.trace, &self.error) {
            self.error = trace.write_all(self.written.as_bytes()).err();
        }
        self.written.clear();
    }
}

impl Watch for Recorder<'_> {
    fn observe(&mut self, seen: &Observation) {
        let start = self.written.len();
        self.lines.line(seen, &mut self.written);
        if self.explained.is_some() || self.excerpt.is_some() || !self.pending.is_empty() {
            let told = read_back(&self.written[start..]);
            self.pending.iter_mut().for_each(|table| table.see(&told));
            if let (Some((explainer, out)), None) = (&mut self.explained, &self.error) {
                self.error = out.write_all(explainer.line(&told).as_bytes()).err();
            }
            if let Some(excerpt) = &mut self.excerpt {
                excerpt.see(told);
            }
        }
        if self.trace.is_none() || self.written.len() >= ENOUGH {
            self.hand_on();
        }
    }
}

//! Traces that were recorded earlier, read line by line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use commitsim_report::{LONGEST_LINE, Observation, TraceHead, visible};

use crate::input;

/// A trace that is being read.
pub(crate) struct Recorded {
    name: String,
    lines: Box<dyn BufRead>,
    number: u64,
    pub(crate) head: TraceHead,
    /// How many observations there should have been so far.
    due: u64,
    gap: Option<String>,
}

impl Recorded {
    /// Opens a trace and reads its header; a file that is none is refused with a message.
    pub(crate) fn open(file: &Path) -> Result<Recorded, String> {
        let name = input::shown(file);
        let lines: Box<dyn BufRead> = if input::is_standard(file) {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let opened = File::open(file).and_then(|opened| match opened.metadata()?.is_dir() {
                true => Err(io::Error::other("it is a directory")),
                false => Ok(opened),
            });
            Box::new(BufReader::new(opened.map_err(|error| unreadable(&name, &error))?))
        };
        let head = TraceHead::default();
        let mut recorded = Recorded { name, lines, number: 0, head, due: 0, gap: None };
        let Some(line) = recorded.line()? else {
            return Err(format!("error: {} is empty, and no trace", recorded.name));
        };
        recorded.head = TraceHead::read(&line).map_err(|says| {
            let says = recorded.wrong(&says);
            format!("{says}\n  = help: commitsim run SCENARIO --trace FILE records a trace")
        })?;
        Ok(recorded)
    }

    /// The next observation; nothing at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Observation>, String> {
        let Some(line) = self.line()? else { return Ok(None) };
        let seen = Observation::read(&line).map_err(|says| self.wrong(&says))?;
        if seen.seq != self.due && self.gap.is_none() {
            let (name, line, due, seq) = (&self.name, self.number, self.due, seen.seq);
            self.gap = Some(format!(
                "{name}:{line}: observation {seq} stands where {due} should; the trace is not whole"
            ));
        }
        self.due = seen.seq.saturating_add(1);
        Ok(Some(seen))
    }

    /// The first place at which observations are missing or out of order, of those that were read.
    /// Whoever has picked lines on purpose can still look at them.
    pub(crate) fn gap(&self) -> Option<String> {
        self.gap.clone()
    }

    fn line(&mut self) -> Result<Option<String>, String> {
        let mut line = Vec::new();
        let read = self.lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        read.map_err(|error| unreadable(&self.name, &error))?;
        self.number += 1;
        if line.is_empty() {
            return Ok(None);
        }
        if line.len() as u64 >= LONGEST_LINE && line.last() != Some(&b'\n') {
            return Err(self.wrong("this line is too long"));
        }
        String::from_utf8(line).map(Some).map_err(|_| self.wrong("this line is not UTF-8 text"))
    }

    fn wrong(&self, says: &str) -> String {
        format!("error: {}:{}: {}", self.name, self.number, visible(says))
    }
}

fn unreadable(name: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("error: cannot read {name}: there is no such file"),
        _ => format!("error: cannot read {name}: {error}"),
    }
}

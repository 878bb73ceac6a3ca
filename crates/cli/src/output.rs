//! Where words and results go. Nothing else writes to standard output or standard error.

use std::io::{self, BufWriter, IsTerminal, Stderr, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use commitsim_report::Paint;
use terminal_size::{Width, terminal_size_of};

use crate::folding::folded;

/// Words are written for so many columns, and tables for as many as there are.
const WRITTEN_FOR: u16 = 80;

/// Standard output, locked and buffered, and standard error.
pub(crate) struct Output {
    results: BufWriter<Listener>,
    stderr: Stderr,
    begun: bool,
}

/// Standard output. Who reads it may leave, as `head` does.
struct Listener {
    stdout: StdoutLock<'static>,
    /// Whether that is no reason to stop.
    dispensable: bool,
}

impl Write for Listener {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stdout.write(bytes) {
            Err(error) if self.dispensable && error.kind() == io::ErrorKind::BrokenPipe => {
                Ok(bytes.len())
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.stdout.flush() {
            Err(error) if self.dispensable && error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

impl Output {
    pub(crate) fn new() -> Output {
        let listener = Listener { stdout: io::stdout().lock(), dispensable: false };
        let results = BufWriter::with_capacity(1 << 16, listener);
        Output { results, stderr: io::stderr(), begun: false }
    }

    /// From now on a closed pipe is no reason to stop: files are to be written, and what is
    /// printed only says so.
    pub(crate) fn files_matter(&mut self) {
        self.results.get_mut().dispensable = true;
    }

    /// A result of one line.
    pub(crate) fn line(&mut self, line: &str) -> io::Result<()> {
        self.results.write_all(line.as_bytes())?;
        self.results.write_all(b"\n")
    }

    /// A result of several lines, apart from the one before it.
    pub(crate) fn paragraph(&mut self, text: &str) -> io::Result<()> {
        if self.begun {
            self.results.write_all(b"\n")?;
        }
        self.begun = true;
        self.words(text)
    }

    /// Words among the results, broken where a terminal is narrow.
    pub(crate) fn words(&mut self, text: &str) -> io::Result<()> {
        match terminal_size_of(io::stdout()) {
            Some((Width(columns), _)) if columns < WRITTEN_FOR => {
                self.results.write_all(folded(text, columns.into()).as_bytes())
            }
            _ => self.results.write_all(text.as_bytes()),
        }
    }

    /// Standard output itself, for traces.
    pub(crate) fn results(&mut self) -> &mut dyn Write {
        &mut self.results
    }

    /// Hands over all results, so that words which follow stand below them on a terminal.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.results.flush()
    }

    /// A warning, an error or a command. Where not even this can be written nobody is listening.
    pub(crate) fn say(&mut self, words: &str) {
        let _ = writeln!(self.stderr, "{words}");
    }

    /// How many columns results have: those of the terminal, 80 elsewhere.
    pub(crate) fn columns(&self) -> usize {
        terminal_size_of(io::stdout()).map_or(80, |(Width(columns), _)| columns.into())
    }

    /// Whether results are coloured: on a terminal, unless the user or the terminal objects.
    pub(crate) fn paint(&self) -> Paint {
        paint(AutoStream::choice(&io::stdout()), io::stdout().is_terminal())
    }

    /// The same for standard error.
    pub(crate) fn paint_of_words(&self) -> Paint {
        paint(AutoStream::choice(&self.stderr), self.stderr.is_terminal())
    }
}

/// What the environment says of colour (`NO_COLOR`, `TERM`) counts on terminals only: elsewhere
/// results are for programs, whatever it may force.
fn paint(choice: ColorChoice, on_terminal: bool) -> Paint {
    match choice {
        ColorChoice::Auto | ColorChoice::AlwaysAnsi | ColorChoice::Always if on_terminal => {
            Paint::Coloured
        }
        _ => Paint::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_terminals_that_want_it_get_colour() {
        assert_eq!(paint(ColorChoice::Always, true), Paint::Coloured);
        assert_eq!(paint(ColorChoice::Always, false), Paint::Plain);
        assert_eq!(paint(ColorChoice::Never, true), Paint::Plain);
    }
}

//! How far something is that takes long: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use terminal_size::terminal_size_of;

/// How far something is. All of it goes to standard error.
pub(crate) struct Progress {
    what: &'static str,
    all: u64,
    done: u64,
    begun: Instant,
    told: Instant,
    bar: Option<ProgressBar>,
}

/// Terminals with fewer columns have no room for a bar beside the words.
const NARROW: u16 = 60;

/// How often a line is written where there is no bar.
const EVERY: Duration = Duration::from_secs(10);

impl Progress {
    /// Of `all` things, which are called `what`, none is done.
    pub(crate) fn new(what: &'static str, all: u64) -> Progress {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(all);
            // A line that is too long is cut, for one that is broken would stay on the screen.
            let narrow = terminal_size_of(io::stderr()).is_some_and(|(wide, _)| wide.0 < NARROW);
            let form =
                if narrow { "{pos}/{len} {wide_msg}" } else { "{wide_bar} {pos}/{len} {msg}" };
            ProgressStyle::with_template(form)
                .map_or_else(|_| bar.clone(), |s| bar.clone().with_style(s))
        });
        let begun = Instant::now();
        Progress { what, all, done: 0, begun, told: begun, bar }
    }

    /// So many are done by now; `words` say what came of it, and may say how long the rest takes
    /// at this rate.
    pub(crate) fn at(&mut self, done: u64, words: impl FnOnce(f64) -> String) {
        self.done = done;
        let rate = self.rate();
        let message = format!("{rate:.0} {}/s, {}", self.what, words(rate));
        if let Some(bar) = &self.bar {
            bar.set_position(done);
            bar.set_message(message);
        } else if self.told.elapsed() > EVERY {
            self.told = Instant::now();
            // Where not even this can be written nobody is listening.
            let _ = writeln!(io::stderr(), "{done} of {} {}, {message}", self.all, self.what);
        }
    }

    /// Lets something else be written where the bar is.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// How many are done in a second.
    fn rate(&self) -> f64 {
        self.done as f64 / self.begun.elapsed().as_secs_f64().max(1e-9)
    }

    /// Nothing more will be done. Who watched hears how fast it was.
    pub(crate) fn end(self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
            let _ = writeln!(io::stderr(), "{:.0} {}/s", self.rate(), self.what);
        }
    }
}

//! Where scenarios come from.

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use commitsim_report::visible;
use commitsim_scenario::{Overrides, Point, Problems, Replay, Scenario, limits};

/// Why there is no scenario.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// Its text cannot be had.
    Unreadable(Unreadable),
    /// Its text is no scenario.
    Bad(Problems),
}

/// A file whose text cannot be had.
#[derive(Debug)]
pub(crate) struct Unreadable {
    file: String,
    why: String,
    hint: &'static str,
}

/// Reads and checks a scenario; its text comes with it.
pub(crate) fn scenario(file: &Path, overrides: &Overrides) -> Result<(Vec<u8>, Scenario), Wrong> {
    let text = read(file).map_err(Wrong::Unreadable)?;
    let known = commitsim_catalog::abouts();
    let scenario = commitsim_scenario::read(&shown(file), &text, &known, overrides);
    Ok((text, scenario.map_err(Wrong::Bad)?))
}

/// Reads and checks a scenario with all points of its sweep.
pub(crate) fn points(
    file: &Path,
    overrides: &Overrides,
) -> Result<(Vec<u8>, Scenario, Vec<Point>), Wrong> {
    let text = read(file).map_err(Wrong::Unreadable)?;
    let known = commitsim_catalog::abouts();
    let read = commitsim_scenario::read_points(&shown(file), &text, &known, overrides);
    let (scenario, points) = read.map_err(Wrong::Bad)?;
    Ok((text, scenario, points))
}

/// A scenario that is refused for a reason that lies in no single place of it.
pub(crate) fn refused(file: &Path, why: String, hint: &'static str) -> Wrong {
    Wrong::Unreadable(Unreadable { file: shown(file), why, hint })
}

/// Reads and checks a replay file.
pub(crate) fn replay(file: &Path) -> Result<Replay, Wrong> {
    let text = read(file).map_err(Wrong::Unreadable)?;
    let known = commitsim_catalog::abouts();
    commitsim_scenario::read_replay(&shown(file), &text, &known).map_err(Wrong::Bad)
}

/// The objection where standard input is named more than once.
pub(crate) fn read_twice(files: &[PathBuf]) -> Option<String> {
    let count = files.iter().filter(|file| is_standard(file)).count();
    (count > 1).then(|| "standard input can be read only once".to_string())
}

/// Reads a scenario, at most one byte more than a scenario may have.
fn read(file: &Path) -> Result<Vec<u8>, Unreadable> {
    let refuse = |why: &dyn fmt::Display, hint| {
        Err(Unreadable { file: shown(file), why: why.to_string(), hint })
    };
    let text = if is_standard(file) {
        if io::stdin().is_terminal() {
            return refuse(&"it is a terminal", "pipe a scenario in, as in commitsim run - < FILE");
        }
        limited(io::stdin().lock())
    } else {
        match fs::metadata(file) {
            Ok(there) if there.is_dir() => {
                return refuse(
                    &"it is a directory",
                    "name the files in it, as in scenarios/*.json",
                );
            }
            // Opening a pipe might wait for ever, and a device has no end.
            Ok(there) if !there.is_file() => {
                return refuse(&"it is not a regular file", "use - and pipe it in");
            }
            Ok(_) => File::open(file).and_then(limited),
            Err(error) => Err(error),
        }
    };
    match text {
        Ok(text) if text.len() > limits::TEXT => {
            refuse(&"it has more than 1 MiB", "is this a scenario?")
        }
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            refuse(&"there is no such file", "")
        }
        Err(error) => refuse(&error, ""),
    }
}

/// Whether the path stands for standard input or output.
pub(crate) fn is_standard(file: &Path) -> bool {
    file.as_os_str() == OsStr::new("-")
}

/// The path as people see it.
pub(crate) fn shown(file: &Path) -> String {
    if is_standard(file) {
        return "standard input".to_string();
    }
    visible(&file.to_string_lossy()).into_owned()
}

/// Only the name: results that move to another machine say nothing of the directories of this one.
pub(crate) fn file_name(file: &Path) -> String {
    if is_standard(file) {
        return "-".to_string();
    }
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn limited(source: impl Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    source.take(limits::TEXT as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: cannot read {}: {}", self.file, self.why)?;
        if !self.hint.is_empty() {
            write!(f, "\n  = help: {}", self.hint)?;
        }
        Ok(())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Unreadable(unreadable) => unreadable.fmt(f),
            Wrong::Bad(problems) => problems.fmt(f),
        }
    }
}

//! What is wrong with a scenario, and how it is drawn.

use std::fmt;

use crate::json::Json;
use crate::limits;
use crate::place::{Cutting, Origin, Place, Source};

/// All that is wrong with a scenario, in the order of the text, at most 20 of them.
///
/// Displayed, each problem is drawn with its line of text, and the number of problems ends it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problems {
    file: String,
    list: Vec<Problem>,
    more: bool,
}

/// One thing that is wrong with a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The name of the file, or the command-line option that the value came from.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The JSON path, as in `faults[0].crash.node`; empty at the top and in broken JSON.
    pub path: String,
    /// What was found: one sentence.
    pub found: String,
    /// What is allowed there; may be empty where `found` says it.
    pub allowed: String,
    /// What to do about it.
    pub hint: Option<String>,
    cutting: Cutting,
    origin: Origin,
}

/// A problem before its place has been looked up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Complaint {
    pub(crate) place: Place,
    pub(crate) found: String,
    pub(crate) allowed: String,
    pub(crate) hint: Option<String>,
}

impl Problems {
    /// The problems, in the order of the text.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// Whether there are more than could be listed.
    #[must_use]
    pub fn more(&self) -> bool {
        self.more
    }

    /// Looks up the places of complaints. Paths are found in `tree`, where there is one.
    pub(crate) fn new(
        sources: &[Source<'_>],
        tree: Option<&Json<'_>>,
        mut complaints: Vec<Complaint>,
    ) -> Problems {
        complaints.sort_by_key(|complaint| complaint.place);
        complaints.dedup();
        let more = complaints.len() > limits::PROBLEMS;
        complaints.truncate(limits::PROBLEMS);
        let list = complaints
            .into_iter()
            .filter_map(|complaint| {
                let source = sources.get(usize::try_from(complaint.place.source).ok()?)?;
                let path = tree.and_then(|tree| tree.path_to(complaint.place));
                Some(Problem::new(source, path.unwrap_or_default(), complaint))
            })
            .collect();
        let file = sources.first().map_or(String::new(), |source| source.name.clone());
        Problems { file, list, more }
    }
}

impl Problem {
    fn new(source: &Source<'_>, path: String, complaint: Complaint) -> Problem {
        let cutting = source.cut(complaint.place);
        Problem {
            file: source.name.clone(),
            line: cutting.line,
            column: cutting.column,
            path,
            found: complaint.found,
            allowed: complaint.allowed,
            hint: complaint.hint,
            cutting,
            origin: source.origin,
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.list {
            writeln!(f, "{problem}\n")?;
        }
        match (self.list.len(), self.more) {
            (count, true) => write!(f, "the first {count} problems in {}", self.file),
            (1, false) => write!(f, "1 problem in {}", self.file),
            (count, false) => write!(f, "{count} problems in {}", self.file),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cutting { line, column, shown, indent, width } = &self.cutting;
        let margin = line.to_string().len();
        writeln!(f, "error: {}", self.found)?;
        match self.origin {
            Origin::File => writeln!(f, "{:margin$} --> {}:{line}:{column}", "", self.file)?,
            Origin::Argument => writeln!(f, "{:margin$} --> {}", "", self.file)?,
        }
        writeln!(f, "{:margin$}  |", "")?;
        writeln!(f, " {line} | {shown}")?;
        write!(f, "{:margin$}  | {:indent$}{}", "", "", "^".repeat(*width))?;
        if !self.path.is_empty() {
            write!(f, " at {}", self.path)?;
        }
        if !self.allowed.is_empty() {
            write!(f, "\n{:margin$}  = allowed: {}", "", self.allowed)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n{:margin$}  = help: {hint}", "")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

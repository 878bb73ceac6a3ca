//! What a rule hands back, and how it is printed.

use std::fmt;

/// One breach of one rule at one place.
///
/// The order of the fields is the order of the report: by path, then by line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) line: usize,
    /// The name that `exceptions.txt` uses for the rule.
    pub(crate) rule: &'static str,
    /// What is wrong, in terms of this very place.
    pub(crate) what: String,
    /// Why the rule exists, and what to do about the breach.
    pub(crate) why: String,
}

impl Problem {
    pub(crate) fn new(
        path: &str,
        line: usize,
        rule: &'static str,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self { path: path.to_owned(), line, rule, what: what.into(), why: why.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, rule, what, why } = self;
        write!(f, "{path}:{line}: {what} — {why} [{rule}]")
    }
}

/// Everything one command found, and the line that says how much it looked at.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) command: &'static str,
    pub(crate) problems: Vec<Problem>,
    pub(crate) scope: String,
}

impl Report {
    pub(crate) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        match self.problems.len() {
            0 => writeln!(f, "{}: ok ({})", self.command, self.scope),
            1 => writeln!(f, "{}: 1 problem", self.command),
            count => writeln!(f, "{}: {count} problems", self.command),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_place_its_fault_and_its_rule() {
        let problem = Problem::new("crates/a/src/b.rs", 7, "size", "too long", "split it");
        assert_eq!(problem.to_string(), "crates/a/src/b.rs:7: too long — split it [size]");
    }

    #[test]
    fn a_report_closes_with_a_count_or_with_its_scope() {
        let clean = Report { command: "tidy", problems: vec![], scope: "2 files".to_owned() };
        assert_eq!(clean.to_string(), "tidy: ok (2 files)\n");
        let problem = Problem::new("a", 1, "r", "w", "y");
        let dirty = Report { problems: vec![problem.clone(), problem], ..clean };
        assert!(dirty.to_string().ends_with("tidy: 2 problems\n"));
    }
}

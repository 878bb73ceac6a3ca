//! What was let through on purpose: one line of `exceptions.txt` each, and none too many.

use crate::problem::Problem;

/// Where the exceptions are listed.
pub(crate) const PATH: &str = "crates/xtask/exceptions.txt";

/// One line of the list: this rule does not hold for this file.
struct Exception<'a> {
    line: usize,
    path: &'a str,
    rule: &'a str,
}

/// Removes the problems that the list excuses, and adds one for every line that excuses nothing.
pub(crate) fn apply(list: &str, problems: Vec<Problem>) -> Vec<Problem> {
    let (exceptions, mut left) = parse(list);
    for exception in &exceptions {
        let excuses = |p: &Problem| p.path == exception.path && p.rule == exception.rule;
        if !problems.iter().any(excuses) {
            left.push(Problem::new(
                PATH,
                exception.line,
                "exception",
                format!("`{}` no longer breaks `{}`", exception.path, exception.rule),
                "a list of exceptions must not outlive them; remove the line",
            ));
        }
    }
    let excused = |p: &Problem| exceptions.iter().any(|e| e.path == p.path && e.rule == p.rule);
    left.extend(problems.into_iter().filter(|problem| !excused(problem)));
    left
}

fn parse(list: &str) -> (Vec<Exception<'_>>, Vec<Problem>) {
    let mut exceptions = Vec::new();
    let mut problems = Vec::new();
    for (index, text) in list.lines().enumerate() {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let line = index + 1;
        let parts: Vec<&str> = text.splitn(3, '|').map(str::trim).collect();
        match parts[..] {
            [path, rule, reason] if !reason.is_empty() => {
                exceptions.push(Exception { line, path, rule });
            }
            _ => problems.push(Problem::new(
                PATH,
                line,
                "exception",
                "this line is not `path | rule | reason`",
                "an exception nobody can explain cannot be reviewed; write all three parts",
            )),
        }
    }
    (exceptions, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breach() -> Problem {
        Problem::new("crates/a/src/b.rs", 1, "file-length", "too long", "split it")
    }

    #[test]
    fn an_exception_excuses_its_file_and_rule_only() {
        let list = "# why\n\ncrates/a/src/b.rs | file-length | one table\n";
        assert!(apply(list, vec![breach()]).is_empty());
        let other = Problem { rule: "line-length", ..breach() };
        assert_eq!(apply(list, vec![breach(), other.clone()]), [other]);
    }

    #[test]
    fn an_exception_that_excuses_nothing_is_a_problem() {
        let left = apply("crates/a/src/b.rs | file-length | one table\n", vec![]);
        assert_eq!((left[0].path.as_str(), left[0].line), (PATH, 1));
    }

    #[test]
    fn an_exception_without_a_reason_is_a_problem_and_excuses_nothing() {
        assert_eq!(apply("crates/a/src/b.rs | file-length |\n", vec![breach()]).len(), 2);
    }
}

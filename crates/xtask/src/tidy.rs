//! `cargo xtask tidy`: every rule over every file, all problems at once.

use crate::exceptions;
use crate::problem::{Problem, Report};
use crate::rules;
use crate::source::RustFile;
use crate::workspace::Workspace;

/// Checks the checkout that this tool was built in.
pub(crate) fn run() -> Result<Report, String> {
    let workspace = Workspace::read()?;
    let lines: usize = workspace.texts.iter().map(|file| file.text.lines().count()).sum();
    Ok(Report {
        command: "tidy",
        problems: check(&workspace),
        scope: format!("{} files, {lines} lines", workspace.paths.len()),
    })
}

/// All problems of the tree that no exception excuses, in the order of the report.
fn check(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for file in &workspace.texts {
        rules::check_text(&file.path, &file.text, &mut problems);
        if file.path.ends_with(".rs") {
            match RustFile::parse(&file.path, &file.text) {
                Ok(parsed) => files.push(parsed),
                Err(problem) => problems.push(problem),
            }
        }
    }
    for file in &files {
        rules::check_rust(file, &mut problems);
    }
    rules::check_tree(workspace, &files, &mut problems);
    let mut left = exceptions::apply(workspace.text(exceptions::PATH), problems);
    left.sort();
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::TextFile;

    #[test]
    fn this_tree_is_tidy() {
        let report = run().unwrap();
        assert!(report.is_clean(), "\n{report}");
    }

    #[test]
    fn every_kind_of_rule_reaches_the_report_and_the_report_is_sorted() {
        let text = |path: &str, text: &str| TextFile { path: path.into(), text: text.into() };
        let workspace = Workspace {
            paths: vec!["stray".into()],
            texts: vec![
                text("crates/sim/src/run.rs", "use std::fs;\n"),
                text("crates/core/src/broken.rs", "fn {"),
                text("README.md", concat!("FIX", "ME\n")),
                text("Cargo.toml", "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n"),
            ],
            members: vec![],
        };
        let problems = check(&workspace);
        let rules: Vec<&str> = problems.iter().map(|problem| problem.rule).collect();
        assert_eq!(rules, ["marker", "syntax", "outside-world", "top-level"]);
    }
}

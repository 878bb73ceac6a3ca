//! The rules, one file for each concern. Every rule is a function from text to problems.

mod attributes;
mod imports;
mod macros;
mod markers;
mod names;
mod outside_world;
mod portability;
mod public_usize;
mod sizes;
mod tree;

use crate::problem::Problem;
use crate::source::RustFile;
use crate::workspace::Workspace;

/// The rules for any file that holds text.
pub(crate) fn check_text(path: &str, text: &str, problems: &mut Vec<Problem>) {
    problems.extend(markers::check(path, text));
    problems.extend(names::check_path(path));
    problems.extend(portability::check(path, text));
}

/// The rules for one Rust file.
pub(crate) fn check_rust(file: &RustFile, problems: &mut Vec<Problem>) {
    problems.extend(attributes::check(file));
    problems.extend(macros::check(file));
    problems.extend(names::check_modules(file));
    problems.extend(outside_world::check(file));
    problems.extend(public_usize::check(file));
    problems.extend(sizes::check_file(file));
}

/// The rules for the tree as a whole.
pub(crate) fn check_tree(workspace: &Workspace, files: &[RustFile], problems: &mut Vec<Problem>) {
    for member in &workspace.members {
        problems.extend(imports::check(member));
        problems.extend(attributes::check_manifest(member));
        problems.extend(tree::check_map(&member.dir, workspace.text(tree::MAP)));
    }
    problems.extend(attributes::check_root_manifest(workspace.text("Cargo.toml")));
    problems.extend(sizes::check_crates(files));
    problems.extend(tree::check_top_level(&workspace.paths));
}

/// Parses a planted sample and applies one rule to it.
#[cfg(test)]
fn found(
    rule: fn(&RustFile) -> Vec<Problem>,
    path: &str,
    text: &str,
) -> Vec<(usize, &'static str)> {
    let file = RustFile::parse(path, text).expect("the sample is Rust");
    rule(&file).into_iter().map(|problem| (problem.line, problem.rule)).collect()
}

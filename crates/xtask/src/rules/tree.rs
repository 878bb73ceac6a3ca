//! What lies at the top of the tree, and whether the map shows every crate.

use std::collections::BTreeSet;

use crate::problem::Problem;

/// The map of the architecture.
pub(super) const MAP: &str = "crates/README.md";

const TOP_LEVEL: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "crates",
    "results",
    "scenarios",
    "scripts",
];

/// Checks that nothing unknown lies at the top level.
pub(super) fn check_top_level(paths: &[String]) -> Vec<Problem> {
    let tops: BTreeSet<&str> =
        paths.iter().map(|path| path.split('/').next().unwrap_or(path)).collect();
    let strange = tops.into_iter().filter(|top| !top.starts_with('.') && !TOP_LEVEL.contains(top));
    strange
        .map(|top| {
            Problem::new(
                top,
                1,
                "top-level",
                format!("`{top}` does not belong at the top level"),
                "the first screen of the tree is for what everybody needs; move it into a crate, \
                 scripts/ or results/, or add it to .gitignore",
            )
        })
        .collect()
}

/// Checks that the map names the crate in a heading or in bold.
pub(super) fn check_map(dir: &str, map: &str) -> Vec<Problem> {
    let name = format!("`{dir}`");
    let shows = |line: &str| {
        let is_heading = line.starts_with('#');
        // The odd pieces between double asterisks are the bold ones.
        let mut bold = line.split("**").skip(1).step_by(2);
        is_heading && line.contains(&name) || bold.any(|piece| piece.contains(&name))
    };
    if map.lines().any(shows) {
        return Vec::new();
    }
    vec![Problem::new(
        MAP,
        1,
        "map",
        format!("the map has no paragraph for the crate {name}"),
        format!(
            "a crate off the map is found by nobody; write under a heading or a bold {name} \
                 what it knows and what it must never know"
        ),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_names_and_dot_files_lie_at_the_top() {
        let paths =
            ["Cargo.toml", ".ci/run", "crates/core/src/lib.rs", "notes.txt", "doc/a", "doc/b"];
        let problems = check_top_level(&paths.map(str::to_owned));
        let names: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(names, ["doc", "notes.txt"]);
    }

    #[test]
    fn a_crate_must_be_named_in_a_heading_or_in_bold() {
        assert_eq!(check_map("sim", "The crate `sim` runs things.\n").len(), 1);
        assert_eq!(check_map("sim", "## `simple`\n\nand **bold** then `sim` **b**\n").len(), 1);
        assert_eq!(check_map("sim", "## `sim`: the engine\n"), []);
        assert_eq!(check_map("sim", "- **`sim`** drives hosts.\n"), []);
    }
}

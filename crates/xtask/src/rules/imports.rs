//! Every dependency against the table of the architecture.

use crate::problem::Problem;
use crate::table::{self, Layer, Row};
use crate::workspace::{Dependency, Member};

/// Checks that the table knows the crate, its name and each of its dependencies.
pub(super) fn check(member: &Member) -> Vec<Problem> {
    let dir = &member.dir;
    let path = format!("crates/{dir}/Cargo.toml");
    let Some(row) = table::row(dir) else {
        return vec![Problem::new(
            &path,
            1,
            "crate-table",
            format!("the table of the architecture has no crate `{dir}`"),
            "who may import whom is decided before code is written; add a row to \
             crates/xtask/src/table.rs and a paragraph to crates/README.md",
        )];
    };
    let mut problems = Vec::new();
    let expected = package_name(dir);
    if member.package != expected {
        problems.push(Problem::new(
            &path,
            line_of(&member.manifest, "name"),
            "package-name",
            format!("the package is called `{}`", member.package),
            format!("a reader finds a crate by its directory; call it `{expected}`"),
        ));
    }
    for dependency in &member.dependencies {
        if let Some((what, why)) = forbidden(dir, row, dependency) {
            let line = line_of(&member.manifest, &dependency.name);
            problems.push(Problem::new(&path, line, "dependency", what, why));
        }
    }
    problems
}

fn package_name(dir: &str) -> String {
    if dir == "cli" { "commitsim".to_owned() } else { format!("commitsim-{dir}") }
}

/// What is wrong with the dependency, and why, if anything is.
fn forbidden(dir: &str, row: &Row, dependency: &Dependency) -> Option<(String, String)> {
    let name = &dependency.name;
    if dependency.is_for_tests {
        let is_free = row.layer != Layer::Pure
            || dependency.dir.is_some()
            || table::TEST_LIBRARIES.contains(&name.as_str());
        let what = format!("the tests of `{dir}` may not use the library `{name}`");
        let libraries = table::TEST_LIBRARIES.join(" or ");
        let why = format!(
            "what a paper describes should be testable with little; use {libraries}, or extend \
             TEST_LIBRARIES in crates/xtask/src/table.rs"
        );
        return (!is_free).then_some((what, why));
    }
    match &dependency.dir {
        Some(imported) if !row.imports.allow(imported) => Some((
            format!("`{dir}` may not import the crate `{imported}`"),
            "the table is the architecture; move what is shared to where both may reach it, or \
             change crates/xtask/src/table.rs and crates/README.md together"
                .to_owned(),
        )),
        None if !row.libraries.allow(name) => Some((
            format!("`{dir}` may not use the library `{name}`"),
            "each library near the core is one more thing to trust; do without it, or argue for \
             it and add it to the crate's row in crates/xtask/src/table.rs"
                .to_owned(),
        )),
        _ => None,
    }
}

/// The line of the manifest that begins with `key`, or the first.
fn line_of(manifest: &str, key: &str) -> usize {
    let begins = |line: &str| {
        let rest = line.trim_start().strip_prefix(key);
        rest.is_some_and(|rest| rest.starts_with([' ', '=', '.']))
    };
    manifest.lines().position(begins).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(dir: &str, dependency: Dependency) -> Member {
        let package = package_name(dir);
        let manifest = format!(
            "[package]\nname = \"{package}\"\n\n[x]\n{}.workspace = true\n",
            dependency.name
        );
        Member { dir: dir.to_owned(), package, manifest, dependencies: vec![dependency] }
    }

    fn internal(dir: &str) -> Dependency {
        Dependency { name: package_name(dir), dir: Some(dir.to_owned()), is_for_tests: false }
    }

    fn external(name: &str) -> Dependency {
        Dependency { name: name.to_owned(), dir: None, is_for_tests: false }
    }

    fn rules(member: &Member) -> Vec<(usize, &'static str)> {
        check(member).into_iter().map(|problem| (problem.line, problem.rule)).collect()
    }

    #[test]
    fn an_edge_outside_the_table_is_found_on_its_line() {
        for (from, to) in [
            ("core", "rng"),
            ("host", "spec"),
            ("protocol-2pc", "host"),
            ("protocol-2pc", "protocol-3pc"),
            ("rng", "core"),
            ("report", "sim"),
            ("catalog", "cli"),
            ("cli", "mutants"),
        ] {
            assert_eq!(rules(&member(from, internal(to))), [(5, "dependency")], "{from} -> {to}");
        }
    }

    #[test]
    fn an_edge_of_the_table_passes() {
        for (from, to) in [
            ("protocol-2pc", "core"),
            ("sim", "rng"),
            ("scenario", "sim"),
            ("catalog", "protocol-2pc"),
            ("cli", "report"),
            ("mutants", "protocol-2pc"),
        ] {
            assert_eq!(rules(&member(from, internal(to))), [], "{from} -> {to}");
        }
    }

    #[test]
    fn libraries_are_allowed_crate_by_crate() {
        assert_eq!(rules(&member("sim", external("rand"))), [(5, "dependency")]);
        assert_eq!(rules(&member("core", external("serde"))), [(5, "dependency")]);
        assert_eq!(rules(&member("sim", external("priority-queue"))), []);
        assert_eq!(rules(&member("cli", external("clap"))), []);
    }

    #[test]
    fn tests_may_import_more_but_pure_crates_only_a_little_more() {
        let for_tests = |dependency| Dependency { is_for_tests: true, ..dependency };
        assert_eq!(rules(&member("core", for_tests(external("rand")))), [(5, "dependency")]);
        assert_eq!(rules(&member("core", for_tests(external("proptest")))), []);
        assert_eq!(rules(&member("protocol-2pc", for_tests(internal("sim")))), []);
        assert_eq!(rules(&member("sim", for_tests(external("rand")))), []);
    }

    #[test]
    fn an_unknown_crate_and_a_strange_name_are_found() {
        assert_eq!(rules(&member("gossip", internal("core"))), [(1, "crate-table")]);
        let misnamed = Member { package: "sim".to_owned(), ..member("sim", internal("core")) };
        assert_eq!(rules(&misnamed), [(2, "package-name")]);
    }
}

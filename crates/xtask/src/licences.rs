//! `cargo xtask licences`: may we ship every dependency, and do we know where it came from?

use cargo_metadata::{CargoOpt, Metadata, Package};
use spdx::{Expression, ParseMode};

use crate::problem::{Problem, Report};
use crate::workspace;

/// The licences that any dependency may have.
const ALLOWED: &[&str] = &["Apache-2.0", "BSD-3-Clause", "MIT", "Unicode-3.0", "Zlib"];

/// Licences that one package may have beside those, each with a reason.
const EXCEPTIONS: &[(&str, &[&str])] = &[
    // File-level copyleft: it binds changes to the library's own files, and we make none.
    ("priority-queue", &["MPL-2.0"]),
];

/// How cargo writes that a package came from its registry.
const REGISTRY: &str = concat!("registry+https://github.com/rust-lang/crates", ".io-index");

/// Checks the whole dependency graph in the lock file, for all platforms and all features.
pub(crate) fn run() -> Result<Report, String> {
    let metadata = resolve()?;
    let mut problems: Vec<Problem> = metadata.packages.iter().flat_map(check_package).collect();
    problems.sort();
    let scope = format!("{} packages", metadata.packages.len());
    Ok(Report { command: "licences", problems, scope })
}

fn resolve() -> Result<Metadata, String> {
    let ask = |flags: &[&str]| {
        let mut command = workspace::metadata();
        command.features(CargoOpt::AllFeatures);
        command.other_options(flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>());
        command.exec()
    };
    // A package of another platform may be missing from this machine's cache.
    ask(&["--locked", "--offline"])
        .or_else(|_| ask(&["--locked"]))
        .map_err(|error| error.to_string())
}

fn check_package(package: &Package) -> Vec<Problem> {
    let source = package.source.as_ref().map(ToString::to_string);
    let mut problems = check_licence(&package.name, package.license.as_deref());
    problems.extend(check_source(&package.name, source.as_deref()));
    problems
}

/// Checks a licence expression as the package states it.
fn check_licence(package: &str, stated: Option<&str>) -> Vec<Problem> {
    let why = "what we cannot pass on we cannot use; find another library, or argue for an \
               exception in crates/xtask/src/licences.rs";
    let refused = |what: &str| vec![problem(package, "licence", what, why)];
    let Some(stated) = stated else {
        return refused("states no licence");
    };
    // Old packages write `MIT/Apache-2.0`, which only the lax mode reads.
    match Expression::parse_mode(stated, ParseMode::LAX) {
        Err(error) => refused(&format!("states `{stated}`, which is unreadable: {}", error.reason)),
        Ok(expression) if !expression.evaluate(|wanted| is_allowed(package, wanted)) => {
            refused(&format!("is under `{stated}`, which is not on the list"))
        }
        Ok(_) => Vec::new(),
    }
}

/// Checks that the package is ours or comes from cargo's registry, which keeps what it served.
fn check_source(package: &str, source: Option<&str>) -> Vec<Problem> {
    match source {
        None | Some(REGISTRY) => Vec::new(),
        Some(other) => {
            let what = format!("comes from `{other}`");
            let why = "only the registry keeps every version it ever served; depend on a \
                       published version";
            vec![problem(package, "source", &what, why)]
        }
    }
}

/// A dependency has no place of its own in the tree but the lock file.
fn problem(package: &str, rule: &'static str, what: &str, why: &str) -> Problem {
    Problem::new("Cargo.lock", 1, rule, format!("`{package}` {what}"), why)
}

fn is_allowed(package: &str, wanted: &spdx::LicenseReq) -> bool {
    let name = wanted.license.id().map_or("", |id| id.name);
    let exceptions = EXCEPTIONS.iter().filter(|(excepted, _)| *excepted == package);
    ALLOWED.contains(&name) || exceptions.into_iter().any(|(_, names)| names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dependency_of_this_tree_is_licensed() {
        let report = run().unwrap();
        assert!(report.is_clean(), "\n{report}");
    }

    #[test]
    fn a_licence_off_the_list_is_found() {
        for stated in
            ["GPL-3.0-only", "MIT AND GPL-3.0-only", "MPL-2.0", "LicenseRef-own", "free", ""]
        {
            assert_eq!(check_licence("planted", Some(stated)).len(), 1, "{stated}");
        }
        assert_eq!(check_licence("planted", None).len(), 1);
    }

    #[test]
    fn one_allowed_choice_is_enough() {
        for stated in [
            "MIT",
            "MIT/Apache-2.0",
            "Unlicense OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0-only",
        ] {
            assert_eq!(check_licence("planted", Some(stated)), [], "{stated}");
        }
    }

    #[test]
    fn an_exception_holds_for_its_package_only() {
        let stated = Some("LGPL-3.0-or-later OR MPL-2.0");
        assert_eq!(check_licence("priority-queue", stated), []);
        assert_eq!(check_licence("planted", stated).len(), 1);
    }

    #[test]
    fn a_package_from_elsewhere_is_found() {
        assert_eq!(check_source("planted", Some("git+https://example.org/a")).len(), 1);
        assert_eq!(check_source("planted", Some(REGISTRY)), []);
        assert_eq!(check_source("ours", None), []);
    }
}

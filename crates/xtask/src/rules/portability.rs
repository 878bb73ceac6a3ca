//! Places that exist only on the machine where a text was written.

use crate::problem::Problem;

/// Folders that lead into somebody's machine when they begin a path.
const FOLDERS: &[&str] = &["Users", "home", "root", "tmp", "work"];

/// Registries, written in halves so that this file does not hold what it looks for.
const REGISTRIES: &[&str] = &[
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("deb.debian", ".org"),
    concat!("proxy.golang", ".org"),
];

/// Cargo writes the address of its registry into a lock file, and nobody else does.
const LOCK_FILE: &str = "Cargo.lock";

/// Checks for absolute paths of a machine and for host names of package registries.
pub(super) fn check(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(folder) = local_folder(line) {
            problems.push(Problem::new(
                path,
                index + 1,
                "local-path",
                format!("`/{folder}` is a path of one machine"),
                "it means nothing to another reader; write the path from the root of the checkout",
            ));
        }
        let registry = REGISTRIES.iter().find(|host| line.contains(*host));
        if let Some(host) = registry.filter(|_| !is_lock_file(path)) {
            problems.push(Problem::new(
                path,
                index + 1,
                "registry-host",
                format!("`{host}` is the host of a registry"),
                "where packages come from is set on each machine; name the package or the client",
            ));
        }
    }
    problems
}

/// Whether it is a lock file, of this workspace or of one inside of it.
fn is_lock_file(path: &str) -> bool {
    path.rsplit('/').next() == Some(LOCK_FILE)
}

/// The folder of `FOLDERS` that begins an absolute path in the line.
fn local_folder(line: &str) -> Option<&'static str> {
    line.match_indices('/').find_map(|(at, _)| {
        let before = &line[..at];
        let begins = before.ends_with("file://")
            || !before.ends_with(|c: char| c.is_alphanumeric() || "_.-/<*~})]$".contains(c));
        // A sweep varies what a JSON pointer names, and scenarios have parts called like folders.
        let begins = begins && !before.ends_with("\"path\": \"");
        let rest = &line[at + 1..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && !"_-.".contains(c));
        let word = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
        FOLDERS.iter().copied().find(|folder| begins && *folder == word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        check(path, text).into_iter().map(|problem| problem.rule).collect()
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        for folder in FOLDERS {
            for text in [
                format!("see /{folder}/a/b"),
                format!("\"/{folder}\""),
                format!("file:///{folder}/a"),
                format!("cd /{folder}."),
            ] {
                assert_eq!(rules("README.md", &text), ["local-path"], "{text}");
            }
        }
    }

    #[test]
    fn a_path_of_the_tree_or_of_every_machine_passes() {
        let pointer = concat!("{\"path\": \"/", "work/default\"}");
        for text in [
            "scripts/work/a",
            "#!/usr/bin/env bash",
            "../tmp/a",
            "/homes",
            "</root>",
            "a / b",
            pointer,
        ] {
            assert_eq!(rules("README.md", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_registry_is_found_except_in_a_lock_file() {
        for host in REGISTRIES {
            assert_eq!(rules("README.md", &format!("from https://{host}/a")), ["registry-host"]);
            for lock in [LOCK_FILE, "crates/a/b/Cargo.lock"] {
                assert_eq!(rules(lock, &format!("registry+https://{host}/a")), [""; 0]);
            }
        }
        assert_eq!(rules("README.md", "cargo install from the registry"), [""; 0]);
    }
}

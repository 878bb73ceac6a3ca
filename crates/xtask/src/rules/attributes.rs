//! The attributes and manifest lines that switch the compiler's own checks on.

use crate::problem::Problem;
use crate::source::RustFile;
use crate::tokens;
use crate::workspace::Member;

/// Checks the attributes at the head of a library.
pub(super) fn check(file: &RustFile) -> Vec<Problem> {
    let Some(row) = file.row() else {
        return Vec::new();
    };
    if file.path_in_crate() != "src/lib.rs" {
        return Vec::new();
    }
    let mut problems = Vec::new();
    if row.layer.is_no_std() && !file.syntax.attrs.iter().any(is_no_std) {
        problems.push(Problem::new(
            &file.path,
            1,
            "no-std",
            "`#![no_std]` is missing",
            "without std in scope there is no clock, file, socket or thread to reach for; add it, \
             and `extern crate alloc` if the crate allocates",
        ));
    }
    if row.layer.is_integers_only() && !file.syntax.attrs.iter().any(denies_floats) {
        problems.push(Problem::new(
            &file.path,
            1,
            "float-arithmetic",
            "`#![deny(clippy::float_arithmetic)]` is missing",
            "a float may round differently elsewhere, and then a seed means another run; add it",
        ));
    }
    problems
}

/// Checks that the crate takes the lints of the workspace.
pub(super) fn check_manifest(member: &Member) -> Vec<Problem> {
    if has_setting(&member.manifest, "lints", "workspace", "true") {
        return Vec::new();
    }
    vec![Problem::new(
        &format!("crates/{}/Cargo.toml", member.dir),
        1,
        "workspace-lints",
        "the crate does not take the lints of the workspace",
        "one crate with lints of its own is one crate with `unsafe`; add `[lints]` and \
         `workspace = true`",
    )]
}

/// Checks that the lints of the workspace forbid `unsafe`.
pub(super) fn check_root_manifest(manifest: &str) -> Vec<Problem> {
    if has_setting(manifest, "workspace.lints.rust", "unsafe_code", "\"forbid\"") {
        return Vec::new();
    }
    vec![Problem::new(
        "Cargo.toml",
        1,
        "workspace-lints",
        "the workspace does not forbid `unsafe`",
        "nothing here needs it; put `unsafe_code = \"forbid\"` under `[workspace.lints.rust]`",
    )]
}

fn is_no_std(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("no_std")
}

fn denies_floats(attribute: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else {
        return false;
    };
    let denies = list.path.is_ident("deny") || list.path.is_ident("forbid");
    let lints = tokens::flatten(list.tokens.clone());
    denies && !tokens::find(&lints, &["clippy", ":", ":", "float_arithmetic"]).is_empty()
}

/// Whether `key = value` stands in `[section]`; this much TOML needs no library.
fn has_setting(manifest: &str, section: &str, key: &str, value: &str) -> bool {
    let header = format!("[{section}]");
    let mut lines = manifest.lines().map(|line| line.split('#').next().unwrap_or("").trim());
    lines.by_ref().any(|line| line == header)
        && lines.take_while(|line| !line.starts_with('[')).any(|line| {
            line.split_once('=').is_some_and(|(k, v)| k.trim() == key && v.trim() == value)
        })
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    const BOTH: &str = "#![no_std]\n#![deny(clippy::float_arithmetic)]\n";

    #[test]
    fn a_pure_crate_needs_both_attributes() {
        let path = "crates/protocol-2pc/src/lib.rs";
        assert_eq!(found(check, path, ""), [(1, "no-std"), (1, "float-arithmetic")]);
        let only_allowed = "#![cfg_attr(not(test), no_std)]\n#![allow(clippy::float_arithmetic)]\n";
        assert_eq!(found(check, path, only_allowed).len(), 2);
        assert_eq!(found(check, path, BOTH), []);
    }

    #[test]
    fn an_engine_needs_integers_and_an_edge_needs_neither() {
        assert_eq!(found(check, "crates/sim/src/lib.rs", ""), [(1, "float-arithmetic")]);
        assert_eq!(found(check, "crates/report/src/lib.rs", ""), []);
        assert_eq!(found(check, "crates/sim/src/run.rs", ""), []);
    }

    #[test]
    fn a_crate_must_take_the_lints_of_the_workspace() {
        let member = |manifest: &str| Member {
            dir: "sim".to_owned(),
            package: "commitsim-sim".to_owned(),
            manifest: manifest.to_owned(),
            dependencies: vec![],
        };
        assert_eq!(check_manifest(&member("[package]\nworkspace = true\n")).len(), 1);
        assert_eq!(check_manifest(&member("[lints]\n[dependencies]\nworkspace = true")).len(), 1);
        assert_eq!(check_manifest(&member("[lints]\nworkspace = true # all\n")), []);
    }

    #[test]
    fn the_workspace_must_forbid_unsafe() {
        assert_eq!(
            check_root_manifest("[workspace.lints.rust]\nunsafe_code = \"warn\"\n").len(),
            1
        );
        assert_eq!(check_root_manifest("[workspace.lints.rust]\nunsafe_code = \"forbid\"\n"), []);
    }
}

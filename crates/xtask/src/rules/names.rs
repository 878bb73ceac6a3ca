//! Names that say nothing about what is inside.

use syn::visit::{self, Visit};

use crate::problem::Problem;
use crate::source::RustFile;

const VAGUE: &[&str] =
    &["util", "utils", "common", "helper", "helpers", "manager", "misc", "shared", "stuff"];
const WHY: &str = "such a drawer fills with whatever has no home; name it after the one thing it \
                   holds";

/// Checks the name of a Rust file and of every folder on the way to it.
pub(super) fn check_path(path: &str) -> Vec<Problem> {
    if !path.ends_with(".rs") {
        return Vec::new();
    }
    let stems = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    stems.filter(|stem| VAGUE.contains(stem)).map(|stem| vague(path, 1, stem)).collect()
}

/// Checks the names of modules written inside a file.
pub(super) fn check_modules(file: &RustFile) -> Vec<Problem> {
    let mut modules = VagueModules { path: &file.path, problems: Vec::new() };
    modules.visit_file(&file.syntax);
    modules.problems
}

struct VagueModules<'a> {
    path: &'a str,
    problems: Vec<Problem>,
}

impl<'ast> Visit<'ast> for VagueModules<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let name = module.ident.to_string();
        // A module in a file of its own is found by the name of the file.
        if module.content.is_some() && VAGUE.contains(&name.as_str()) {
            self.problems.push(vague(self.path, module.ident.span().start().line, &name));
        }
        visit::visit_item_mod(self, module);
    }
}

fn vague(path: &str, line: usize, name: &str) -> Problem {
    Problem::new(path, line, "vague-name", format!("`{name}` names no subject"), WHY)
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[test]
    fn a_vague_file_or_folder_is_found() {
        assert_eq!(check_path("crates/sim/src/utils.rs").len(), 1);
        assert_eq!(check_path("crates/sim/tests/common/mod.rs").len(), 1);
        assert_eq!(check_path("crates/sim/src/queue.rs"), []);
        assert_eq!(check_path("crates/sim/src/utility_of_votes.rs"), []);
    }

    #[test]
    fn a_vague_module_is_found_where_it_is_written() {
        let path = "crates/sim/src/a.rs";
        assert_eq!(found(check_modules, path, "mod a {\n mod helpers {} }"), [(2, "vague-name")]);
        assert_eq!(found(check_modules, path, "mod queue {}\nfn helpers() {}"), []);
    }
}

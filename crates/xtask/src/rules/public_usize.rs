//! `usize` in public data, whose size follows the machine.

use syn::visit::{self, Visit};

use crate::problem::Problem;
use crate::source::RustFile;

/// The crates whose data is hashed, traced and compared across machines.
const CRATES: &[&str] = &["core", "host"];

/// Checks the public fields of public structs and the fields of public enums.
pub(super) fn check(file: &RustFile) -> Vec<Problem> {
    let applies = file.crate_dir().is_some_and(|dir| CRATES.contains(&dir));
    if !applies || !file.is_product() {
        return Vec::new();
    }
    let mut finder = UsizeFinder::default();
    finder.visit_file(&file.syntax);
    finder.lines.retain(|line| !file.is_test_line(*line));
    finder.lines.into_iter().map(|line| problem(&file.path, line)).collect()
}

fn problem(path: &str, line: usize) -> Problem {
    Problem::new(
        path,
        line,
        "public-usize",
        "a public field holds `usize`",
        "its size follows the machine, and with it hashes and traces; use u32 or u64 in a newtype",
    )
}

#[derive(Default)]
struct UsizeFinder {
    /// Whether the visitor stands inside the type of a public field.
    is_in_public_field: bool,
    lines: Vec<usize>,
}

impl UsizeFinder {
    fn visit_field_type(&mut self, field: &syn::Field) {
        self.is_in_public_field = true;
        self.visit_type(&field.ty);
        self.is_in_public_field = false;
    }
}

impl<'ast> Visit<'ast> for UsizeFinder {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        if is_public(&item.vis) {
            let fields = item.fields.iter().filter(|field| is_public(&field.vis));
            fields.for_each(|field| self.visit_field_type(field));
        }
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        if is_public(&item.vis) {
            let fields = item.variants.iter().flat_map(|variant| &variant.fields);
            fields.for_each(|field| self.visit_field_type(field));
        }
    }

    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        if self.is_in_public_field && segment.ident == "usize" {
            self.lines.push(segment.ident.span().start().line);
        }
        visit::visit_path_segment(self, segment);
    }
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[test]
    fn usize_is_found_in_public_data() {
        for text in [
            "pub struct A {\n pub a: usize }",
            "pub struct A(\n pub Vec<usize>);",
            "pub enum A { B {\n a: Option<[usize; 2]> } }",
        ] {
            let problems = found(check, "crates/core/src/a.rs", text);
            assert_eq!(problems, [(2, "public-usize")], "{text}");
        }
    }

    #[test]
    fn usize_is_free_inside_and_elsewhere() {
        let private =
            "pub struct A { a: usize }\nstruct B { pub a: usize }\npub fn f(a: usize) {}\n";
        assert_eq!(found(check, "crates/core/src/a.rs", private), []);
        assert_eq!(found(check, "crates/sim/src/a.rs", "pub struct A(pub usize);"), []);
    }
}

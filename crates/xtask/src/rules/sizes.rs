//! How long a line, a function, a file and a crate may be.

use std::collections::BTreeMap;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::problem::Problem;
use crate::source::RustFile;

const COLUMNS: usize = 100;
const FUNCTION_LINES: usize = 70;
const FILE_LINES: usize = 500;
const PROTOCOL_LINES: usize = 400;
const TRAIT_LINES: usize = 250;
const PROTOCOL_CRATE_LINES: usize = 900;
const CORE_LINES: usize = 980;

/// Checks the lines, the functions and the length of one file.
pub(super) fn check_file(file: &RustFile) -> Vec<Problem> {
    let mut problems = long_lines(file);
    let mut functions = LongFunctions { path: &file.path, problems: &mut problems };
    functions.visit_file(&file.syntax);
    let (limit, advice) = file_limit(file);
    let lines = file.lines_without_tests();
    if lines > limit {
        problems.push(Problem::new(
            &file.path,
            1,
            "file-length",
            format!("{lines} lines without tests, and {limit} are the limit"),
            advice,
        ));
    }
    problems
}

/// Checks the crates whose size as a whole is a promise to the reader.
pub(super) fn check_crates(files: &[RustFile]) -> Vec<Problem> {
    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        match file.crate_dir() {
            Some("core") if file.is_product() => {
                *totals.entry("core").or_default() += file.lines_without_tests();
            }
            Some(dir) if dir.starts_with("protocol-") => {
                *totals.entry(dir).or_default() += file.text.lines().count();
            }
            _ => {}
        }
    }
    totals.into_iter().filter_map(|(dir, lines)| long_crate(dir, lines)).collect()
}

fn long_crate(dir: &str, lines: usize) -> Option<Problem> {
    let (limit, counted, advice) = if dir == "core" {
        (CORE_LINES, "without tests", "every protocol's reader reads core; move out what one needs")
    } else {
        (
            PROTOCOL_CRATE_LINES,
            "with tests",
            "a protocol should be read in one sitting; say it shorter",
        )
    };
    (lines > limit).then(|| {
        let what = format!("{lines} lines {counted}, and {limit} are the limit");
        Problem::new(&format!("crates/{dir}"), 1, "crate-length", what, advice)
    })
}

fn file_limit(file: &RustFile) -> (usize, &'static str) {
    match (file.crate_dir(), file.path_in_crate()) {
        (Some("core"), "src/protocol.rs") => {
            (TRAIT_LINES, "the one trait is read before anything else; move the rest of it out")
        }
        (Some(dir), "src/protocol.rs") if dir.starts_with("protocol-") => {
            (PROTOCOL_LINES, "this file is the paper; keep its rules here and move the rest out")
        }
        _ => (FILE_LINES, "a file has one subject; find the second one and give it a file"),
    }
}

fn long_lines(file: &RustFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let columns = line.chars().count();
        // An address cannot be broken.
        if columns > COLUMNS && !line.contains("://") {
            problems.push(Problem::new(
                &file.path,
                index + 1,
                "line-length",
                format!("{columns} columns, and {COLUMNS} are the limit"),
                "two files should fit side by side on a screen; break the line",
            ));
        }
    }
    problems
}

/// Collects every function that does not fit on a screen, however deep it stands.
struct LongFunctions<'a> {
    path: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl LongFunctions<'_> {
    fn measure(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.span().start().line;
        let lines = block.span().end().line - first + 1;
        if lines > FUNCTION_LINES {
            self.problems.push(Problem::new(
                self.path,
                first,
                "function-length",
                format!(
                    "`{}` has {lines} lines, and {FUNCTION_LINES} are the limit",
                    signature.ident
                ),
                "a function should be seen whole on one screen; keep the branches here and move \
                 the straight-line work into functions with names",
            ));
        }
    }
}

impl<'ast> Visit<'ast> for LongFunctions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    fn constants(count: usize) -> String {
        (0..count).map(|index| format!("const C{index}: u8 = 0;\n")).collect()
    }

    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    #[test]
    fn a_line_is_measured_in_characters_and_may_hold_an_address() {
        let path = "crates/sim/src/run.rs";
        assert_eq!(found(check_file, path, &"/".repeat(101)), [(1, "line-length")]);
        assert_eq!(found(check_file, path, &format!("// {}", "é".repeat(97))), []);
        assert_eq!(
            found(check_file, path, &format!("// https://a.example/{}", "b".repeat(99))),
            []
        );
    }

    #[test]
    fn a_function_is_found_wherever_it_stands() {
        let path = "crates/sim/src/run.rs";
        assert_eq!(found(check_file, path, &function(70)), []);
        let long = function(71);
        assert_eq!(found(check_file, path, &format!("\n{long}")), [(2, "function-length")]);
        for head in ["impl A", "trait A", "mod a", "fn outer()", "#[cfg(test)] mod tests"] {
            let text = format!("{head} {{\n{long}}}\n");
            let problems = found(check_file, path, &text);
            assert!(problems.contains(&(2, "function-length")), "{head}: {problems:?}");
        }
    }

    #[test]
    fn a_file_is_measured_by_its_place_and_without_its_tests() {
        let limits = [
            ("crates/sim/src/run.rs", FILE_LINES),
            ("crates/sim/tests/run.rs", FILE_LINES),
            ("crates/protocol-2pc/src/protocol.rs", PROTOCOL_LINES),
            ("crates/core/src/protocol.rs", TRAIT_LINES),
        ];
        for (path, limit) in limits {
            let full = constants(limit);
            let tests = format!("{full}#[cfg(test)]\nmod tests {{\n{}}}\n", constants(9));
            assert_eq!(found(check_file, path, &full), [], "{path}");
            assert_eq!(found(check_file, path, &tests), [], "{path}");
            let longer = constants(limit + 1);
            assert_eq!(found(check_file, path, &longer), [(1, "file-length")], "{path}");
        }
    }

    #[test]
    fn a_protocol_crate_is_measured_with_its_tests_and_core_without() {
        let parse = |path: &str, lines: usize| RustFile::parse(path, &constants(lines)).unwrap();
        let half = PROTOCOL_CRATE_LINES / 2;
        let protocol = |extra: usize| {
            vec![
                parse("crates/protocol-2pc/src/lib.rs", half),
                parse("crates/protocol-2pc/tests/paper.rs", half + extra),
            ]
        };
        assert_eq!(check_crates(&protocol(0)), []);
        assert_eq!(check_crates(&protocol(1))[0].path, "crates/protocol-2pc");
        let core =
            |lines| vec![parse("crates/core/src/a.rs", lines), parse("crates/core/tests/a.rs", 9)];
        assert_eq!(check_crates(&core(CORE_LINES)), []);
        assert_eq!(check_crates(&core(CORE_LINES + 1))[0].path, "crates/core");
    }
}

//! Macros and types that a reviewer should never have to find.

use crate::problem::Problem;
use crate::source::RustFile;
use crate::table::{self, Layer};
use crate::tokens;

const PRINTERS: &[&str] = &["print", "println", "eprint", "eprintln"];
const UNFINISHED: &[&str] = &["todo", "unimplemented", "dbg"];
const HASHED: &[&str] = &["HashMap", "HashSet", "RandomState"];

/// Checks for unfinished code, for printing below the command line, and for hashed collections.
pub(super) fn check(file: &RustFile) -> Vec<Problem> {
    let mut problems = unfinished(file);
    let layer = file.row().map(|row| row.layer);
    if layer != Some(Layer::Shell) && file.is_product() {
        problems.extend(printing(file));
    }
    if layer.is_some_and(table::Layer::is_deterministic) {
        problems.extend(hashed(file));
    }
    problems
}

fn unfinished(file: &RustFile) -> Vec<Problem> {
    let why = "it panics or prints where a user expects an answer; finish the code, or return an \
               error that says what is missing";
    of_macros(file, UNFINISHED, "unfinished", why)
}

fn printing(file: &RustFile) -> Vec<Problem> {
    let why = "only the command line knows where words may go; return a value and let `cli` print";
    let mut problems = of_macros(file, PRINTERS, "print", why);
    problems.retain(|problem| !file.is_test_line(problem.line));
    problems
}

fn of_macros(file: &RustFile, names: &[&str], rule: &'static str, why: &str) -> Vec<Problem> {
    let problem = |name: &str, line| {
        Problem::new(&file.path, line, rule, format!("`{name}!` is not allowed here"), why)
    };
    names
        .iter()
        .flat_map(|name| {
            tokens::find_macro(&file.tokens, name).into_iter().map(|line| problem(name, line))
        })
        .collect()
}

fn hashed(file: &RustFile) -> Vec<Problem> {
    let why = "its order differs from run to run, and with it the run; use BTreeMap, BTreeSet, a \
               vector by index, or list a fixed hasher in crates/xtask/exceptions.txt";
    let problem = |name: &str, line| {
        Problem::new(&file.path, line, "hashed", format!("`{name}` below the command line"), why)
    };
    HASHED
        .iter()
        .flat_map(|name| {
            tokens::find(&file.tokens, &[name]).into_iter().map(|line| problem(name, line))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[test]
    fn unfinished_code_is_found_everywhere() {
        for name in UNFINISHED {
            let text = format!("fn f() {{\n    {name}!();\n}}\n");
            for path in ["crates/cli/src/main.rs", "crates/sim/tests/run.rs"] {
                assert_eq!(found(check, path, &text), [(2, "unfinished")], "{name} in {path}");
            }
        }
        assert_eq!(found(check, "crates/sim/src/a.rs", "/// `todo!()`\nfn todo() {}\n"), []);
    }

    #[test]
    fn only_the_shell_and_the_tests_print() {
        let text = "fn f() {\n    println!();\n}\n";
        assert_eq!(found(check, "crates/sim/src/run.rs", text), [(2, "print")]);
        assert_eq!(found(check, "crates/new/src/run.rs", text), [(2, "print")]);
        for path in ["cli/src/main.rs", "xtask/src/a.rs", "sim/tests/a.rs", "sim/benches/a.rs"] {
            assert_eq!(found(check, &format!("crates/{path}"), text), [], "{path}");
        }
        let in_test = format!("#[cfg(test)]\nmod tests {{\n{text}}}\n");
        assert_eq!(found(check, "crates/sim/src/run.rs", &in_test), []);
    }

    #[test]
    fn hashed_collections_are_found_below_the_command_line_and_in_its_tests() {
        let text = "use std::collections::HashMap;\n";
        assert_eq!(found(check, "crates/sim/src/run.rs", text), [(1, "hashed")]);
        assert_eq!(found(check, "crates/sim/tests/run.rs", text), [(1, "hashed")]);
        assert_eq!(found(check, "crates/cli/src/main.rs", text), []);
        let ordered = "use std::collections::BTreeMap; // not a HashMap\n";
        assert_eq!(found(check, "crates/sim/src/run.rs", ordered), []);
    }
}

//! Clocks, files, sockets, threads and the environment, where a run must not depend on them.

use std::collections::BTreeMap;

use crate::problem::Problem;
use crate::source::RustFile;
use crate::table::Layer;
use crate::tokens;

const MODULES: &[&str] = &["env", "fs", "net", "process", "thread", "time"];
const CLOCKS: &[&str] = &["Instant", "SystemTime"];

/// Checks the crates that have std in scope but must live as if they had not.
pub(super) fn check(file: &RustFile) -> Vec<Problem> {
    let is_sealed = file.row().is_some_and(|row| Layer::is_sealed(row.layer));
    if !is_sealed || !file.is_product() {
        return Vec::new();
    }
    // One problem for each line is enough, and the module says more than the type.
    let mut lines: BTreeMap<usize, String> = BTreeMap::new();
    for clock in CLOCKS {
        for line in tokens::find(&file.tokens, &[clock]) {
            lines.insert(line, (*clock).to_owned());
        }
    }
    for (line, module) in tokens::std_modules(&file.tokens) {
        if MODULES.contains(&module) && !may_use(file, module) {
            lines.insert(line, format!("std::{module}"));
        }
    }
    lines.retain(|line, _| !file.is_test_line(*line));
    lines.into_iter().map(|(line, name)| problem(&file.path, line, &name)).collect()
}

/// Results have to reach the disk somewhere, and it is in this one file.
fn may_use(file: &RustFile, module: &str) -> bool {
    module == "fs" && file.crate_dir() == Some("report") && file.file_name() == "store.rs"
}

fn problem(path: &str, line: usize, name: &str) -> Problem {
    Problem::new(
        path,
        line,
        "outside-world",
        format!("`{name}` reaches outside the simulation"),
        "a run must follow from its scenario and its seed alone; take the value as an argument and \
         let `cli` fetch it (a span of time is `core::time::Duration`)",
    )
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[test]
    fn the_outside_world_is_found_in_every_spelling() {
        for text in [
            "use std::fs;",
            "use std::{fmt, time::Duration};",
            "fn f() { std::thread::yield_now() }",
            "fn f() -> bool { ::std::env::var(\"A\").is_ok() }",
            "use std::net::TcpStream;",
            "fn f(at: Instant) {}",
            "use std::time::SystemTime;",
        ] {
            assert_eq!(found(check, "crates/sim/src/a.rs", text), [(1, "outside-world")], "{text}");
        }
    }

    #[test]
    fn tests_shells_and_harmless_modules_pass() {
        let text = "use std::fs;\n";
        assert_eq!(found(check, "crates/cli/src/main.rs", text), []);
        assert_eq!(found(check, "crates/sim/tests/a.rs", text), []);
        let in_test = format!("#[cfg(test)]\nmod tests {{\n{text}}}\n");
        assert_eq!(found(check, "crates/sim/src/a.rs", &in_test), []);
        let harmless = "use std::{collections::BTreeMap, fmt};\nuse core::time::Duration;\n";
        assert_eq!(found(check, "crates/sim/src/a.rs", harmless), []);
    }

    #[test]
    fn the_store_of_results_may_use_files_and_nothing_else() {
        let store = "crates/report/src/store.rs";
        assert_eq!(found(check, store, "use std::fs;\n"), []);
        assert_eq!(found(check, store, "use std::time;\n"), [(1, "outside-world")]);
        assert_eq!(found(check, "crates/report/src/chart.rs", "use std::fs;\n").len(), 1);
    }
}

//! The architecture as data: who may import whom, and what each crate may touch.
//!
//! The drawing in `crates/README.md` is a picture of this table. A new crate needs a row here
//! before anything compiles against it, which is when its place is cheapest to discuss.

/// What one crate, or one family of crates, may do.
#[derive(Debug)]
pub(crate) struct Row {
    /// The directory under `crates/`; a final `*` stands for the rest of the name.
    pub(crate) dir: &'static str,
    pub(crate) layer: Layer,
    pub(crate) imports: Imports,
    pub(crate) libraries: Libraries,
}

/// Which crates of the workspace a crate may import.
#[derive(Debug)]
pub(crate) enum Imports {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

/// Which libraries from outside the workspace a crate may import.
#[derive(Debug)]
pub(crate) enum Libraries {
    Only(&'static [&'static str]),
    Any,
}

/// How far a crate stands from the machine it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// `no_std`: what a paper describes, and nothing a machine adds.
    Pure,
    /// Drives the pure crates: integers only, and the same bits on every machine.
    Engine,
    /// Turns text into set-ups or results into text: deterministic, but floats are allowed.
    Edge,
    /// Talks to people and machines: may print, read the clock and start threads.
    Shell,
}

impl Layer {
    pub(crate) fn is_no_std(self) -> bool {
        self == Self::Pure
    }

    pub(crate) fn is_integers_only(self) -> bool {
        matches!(self, Self::Pure | Self::Engine)
    }

    /// Below the shell nothing prints, and nothing depends on the order of a hash.
    pub(crate) fn is_deterministic(self) -> bool {
        self != Self::Shell
    }

    /// Whether clocks, files, sockets and threads are in reach of the compiler but not allowed.
    pub(crate) fn is_sealed(self) -> bool {
        matches!(self, Self::Engine | Self::Edge)
    }
}

/// Libraries that a pure crate may use in its tests, beside the crates of the workspace.
pub(crate) const TEST_LIBRARIES: &[&str] = &["insta", "proptest"];

/// The row of a crate's directory, if the table knows it.
pub(crate) fn row(dir: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| matches(row.dir, dir))
}

/// Whether `name` is `pattern`, or begins as `pattern` does before its final `*`.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.len() > prefix.len() && name.starts_with(prefix),
        None => pattern == name,
    }
}

impl Imports {
    pub(crate) fn allow(&self, dir: &str) -> bool {
        let listed = |patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, dir));
        match self {
            Self::Only(patterns) => listed(patterns),
            Self::AllBut(patterns) => !listed(patterns),
        }
    }
}

impl Libraries {
    pub(crate) fn allow(&self, name: &str) -> bool {
        match self {
            Self::Only(names) => names.contains(&name),
            Self::Any => true,
        }
    }
}

const NONE: Libraries = Libraries::Only(&[]);

const TABLE: &[Row] = &[
    Row { dir: "core", layer: Layer::Pure, imports: Imports::Only(&[]), libraries: NONE },
    Row { dir: "table", layer: Layer::Pure, imports: Imports::Only(&["core"]), libraries: NONE },
    Row {
        dir: "host",
        layer: Layer::Pure,
        imports: Imports::Only(&["core", "table"]),
        libraries: NONE,
    },
    Row {
        dir: "data",
        layer: Layer::Pure,
        imports: Imports::Only(&["core", "host"]),
        libraries: NONE,
    },
    Row {
        dir: "spec",
        layer: Layer::Pure,
        imports: Imports::Only(&["core", "table"]),
        libraries: NONE,
    },
    Row {
        dir: "protocol-*",
        layer: Layer::Pure,
        imports: Imports::Only(&["core"]),
        libraries: NONE,
    },
    Row {
        dir: "rng",
        layer: Layer::Engine,
        imports: Imports::Only(&[]),
        libraries: Libraries::Only(&["rand_chacha"]),
    },
    Row {
        dir: "sim",
        layer: Layer::Engine,
        imports: Imports::Only(&["core", "data", "host", "rng", "spec", "table"]),
        libraries: Libraries::Only(&["priority-queue"]),
    },
    Row {
        dir: "explore",
        layer: Layer::Engine,
        imports: Imports::Only(&["core", "host", "spec"]),
        libraries: NONE,
    },
    Row {
        dir: "scenario",
        layer: Layer::Edge,
        imports: Imports::Only(&["core", "explore", "rng", "sim", "spec"]),
        libraries: Libraries::Only(&[
            "annotate-snippets",
            "jsonc-parser",
            "schemars",
            "serde",
            "serde_json",
            "serde_path_to_error",
            "thiserror",
        ]),
    },
    Row {
        dir: "catalog",
        layer: Layer::Edge,
        imports: Imports::Only(&[
            "core",
            "data",
            "explore",
            "host",
            "protocol-*",
            "rng",
            "sim",
            "spec",
        ]),
        libraries: Libraries::Only(&["thiserror"]),
    },
    Row {
        dir: "hunt",
        layer: Layer::Edge,
        imports: Imports::Only(&["catalog", "core", "explore", "rng", "sim", "spec"]),
        libraries: NONE,
    },
    Row {
        dir: "report",
        layer: Layer::Edge,
        imports: Imports::Only(&[]),
        libraries: Libraries::Only(&[
            "base64",
            "comfy-table",
            "csv",
            "hdrhistogram",
            "maud",
            "serde",
            "serde_json",
            "sha2",
            "tempfile",
            "thiserror",
        ]),
    },
    Row { dir: "stats", layer: Layer::Edge, imports: Imports::Only(&[]), libraries: NONE },
    Row {
        dir: "charts",
        layer: Layer::Edge,
        imports: Imports::Only(&["report", "stats"]),
        libraries: Libraries::Only(&[
            "crc32fast",
            "dejavu",
            "libm",
            "maud",
            "plotters",
            "png",
            "serde",
            "serde_json",
        ]),
    },
    Row {
        dir: "fuzz",
        layer: Layer::Edge,
        imports: Imports::Only(&["charts", "core", "protocol-*", "report", "scenario"]),
        libraries: Libraries::Only(&["crc32fast", "roxmltree"]),
    },
    Row {
        dir: "mutants",
        layer: Layer::Edge,
        imports: Imports::AllBut(&["cli", "fuzz", "mutants", "xtask"]),
        libraries: NONE,
    },
    Row {
        dir: "cli",
        layer: Layer::Shell,
        imports: Imports::AllBut(&["cli", "fuzz", "mutants", "xtask"]),
        libraries: Libraries::Any,
    },
    Row {
        dir: "xtask",
        layer: Layer::Shell,
        imports: Imports::Only(&[]),
        libraries: Libraries::Only(&[
            "cargo_metadata",
            "csv",
            "proc-macro2",
            "serde_json",
            "spdx",
            "syn",
        ]),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_a_name_and_not_for_nothing() {
        assert!(matches("protocol-*", "protocol-2pc"));
        assert!(!matches("protocol-*", "protocol-"));
        assert!(!matches("core", "core-x"));
    }

    #[test]
    fn nobody_but_tests_imports_the_command_line_or_the_mutants() {
        for row in TABLE {
            assert!(!row.imports.allow("cli"), "{} may import cli", row.dir);
            assert!(!row.imports.allow("mutants"), "{} may import mutants", row.dir);
        }
    }

    #[test]
    fn the_table_has_no_cycle() {
        // The rows stand in an order in which every crate comes after all that it imports.
        let listing = |row: &&Row| matches!(row.imports, Imports::Only(_));
        for (index, row) in TABLE.iter().enumerate().filter(|(_, row)| listing(row)) {
            for later in &TABLE[index..] {
                let dir = later.dir.replace('*', "x");
                assert!(!row.imports.allow(&dir), "{} may import {dir}, a later row", row.dir);
            }
        }
    }
}

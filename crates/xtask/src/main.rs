//! The policing of the workspace: `cargo xtask tidy`, `cargo xtask licences`, `cargo xtask study`.
//!
//! What the compiler and clippy cannot say about this tree is said here: who may import whom, how
//! long a file may grow, which words may not be merged. `tidy.rs` lists the rules, `table.rs` is
//! the architecture they defend, and `exceptions.txt` holds what was let through, with reasons.

mod exceptions;
mod licences;
mod problem;
mod rules;
mod source;
mod study;
mod table;
mod tidy;
mod tokens;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <command>

commands:
  tidy       check imports, sizes, bans and the shape of the tree
  licences   check the licence and the origin of every dependency
  study      check every number in the text of the study against its data";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => tidy::run(),
        ["licences"] => licences::run(),
        ["study"] => study::run(),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(report) => {
            print!("{report}");
            if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

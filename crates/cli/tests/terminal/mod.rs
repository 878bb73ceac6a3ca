//! A directory with scenarios, and the program run in it as a user would.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// How a process ended and what it wrote.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A directory of its own.
pub(crate) struct Place(TempDir);

impl Done {
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Place {
    pub(crate) fn with(files: &[(&str, &str)]) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    /// Writes a file, in a directory that need not be there yet.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let file = self.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The names of all files, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// `commitsim` with these arguments.
    pub(crate) fn commitsim(&self, arguments: &[&str]) -> Done {
        self.commitsim_with_input(arguments, "")
    }

    /// `commitsim run` with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        self.commitsim(&[&["run"], arguments].concat())
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Done {
        self.commitsim_with_input(&[&["run"], arguments].concat(), input)
    }

    fn commitsim_with_input(&self, arguments: &[&str], input: &str) -> Done {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // A program that does not read its input may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        done(child)
    }

    /// The same with standard output going to a file.
    pub(crate) fn run_into(&self, target: &str, arguments: &[&str]) -> Done {
        let file = File::options().write(true).open(target).unwrap();
        done(self.command(&[&["run"], arguments].concat()).stdout(file).spawn().unwrap())
    }

    /// Reads one line of the output and then closes the pipe.
    pub(crate) fn first_line(&self, arguments: &[&str]) -> Done {
        let mut child = self.command(arguments).spawn().unwrap();
        let mut stdout = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut stdout).unwrap();
        Done { stdout, ..done(child) }
    }

    /// Runs a line in a shell that knows `commitsim`.
    pub(crate) fn paste(&self, line: &str) -> Done {
        let binary = Path::new(env!("CARGO_BIN_EXE_commitsim")).parent().unwrap();
        let mut command = Command::new("sh");
        let script = format!("PATH='{}':$PATH\n{line}", binary.display());
        command.args(["-c", &script]);
        done(self.quietly(command).spawn().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commitsim"));
        command.args(arguments);
        self.quietly(command)
    }

    fn quietly(&self, mut command: Command) -> Command {
        command.current_dir(self.path()).env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

fn done(mut child: Child) -> Done {
    // Standard error is short and fits into its pipe while standard output is read.
    let mut stdout = String::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_string(&mut stdout).unwrap();
    }
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert!(!stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'), "colour in a pipe");
    Done { code: child.wait().unwrap().code().unwrap(), stdout, stderr }
}

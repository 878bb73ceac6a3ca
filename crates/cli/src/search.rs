//! Scenarios in directories.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use commitsim_report::visible;

/// How many directories may lie inside each other.
const DEPTH: u32 = 32;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Scenarios, in the order of the arguments, and sorted within each.
    pub(crate) scenarios: Vec<PathBuf>,
    /// Replay files, likewise.
    pub(crate) replays: Vec<PathBuf>,
    /// What could not be looked at, as messages.
    pub(crate) troubles: Vec<String>,
}

/// All scenarios that these paths name or lead to; each of them once.
pub(crate) fn scenarios(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => found.search(path, DEPTH),
            Ok(_) => found.take(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                found.trouble(path, "there is no such file or directory");
            }
            Err(error) => found.trouble(path, &error.to_string()),
        }
    }
    found
}

impl Found {
    /// Goes through a directory. Links to directories are not followed: they may lead in a circle.
    fn search(&mut self, directory: &Path, depth: u32) {
        let entries = fs::read_dir(directory).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = match entries {
            Ok(entries) if depth > 0 => entries,
            Ok(_) => return self.trouble(directory, "it lies too deep"),
            Err(error) => return self.trouble(directory, &error.to_string()),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let hidden = name.as_encoded_bytes().starts_with(b".");
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let path = entry.path();
            if is_directory && !hidden && name != "schema" {
                self.search(&path, depth - 1);
            } else if !is_directory && !hidden && name.as_encoded_bytes().ends_with(b".json") {
                self.take(&path);
            }
        }
    }

    fn take(&mut self, file: &Path) {
        let is_replay = file.as_os_str().as_encoded_bytes().ends_with(b".replay.json");
        let list = if is_replay { &mut self.replays } else { &mut self.scenarios };
        if !list.iter().any(|other| other == file) {
            list.push(file.to_path_buf());
        }
    }

    fn trouble(&mut self, path: &Path, why: &str) {
        let path = path.to_string_lossy();
        self.troubles.push(format!("error: cannot read {}: {why}", visible(&path)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_or_a_schema_is_left_out() {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path();
        for sub in ["b", "schema", ".git", "a/schema"] {
            fs::create_dir_all(top.join(sub)).unwrap();
        }
        let files = [
            "z.json",
            "b/y.json",
            "schema/s.json",
            ".git/x.json",
            "a/schema/t.json",
            "a/r.replay.json",
            ".hidden.json",
            "notes.txt",
        ];
        for file in files {
            fs::write(top.join(file), "").unwrap();
        }
        let found = scenarios(&[top.to_path_buf(), top.join("z.json"), top.join("none")]);
        let names = |files: &[PathBuf]| -> Vec<PathBuf> {
            files.iter().map(|file| file.strip_prefix(top).unwrap().to_path_buf()).collect()
        };
        assert_eq!(names(&found.scenarios), [Path::new("b/y.json"), Path::new("z.json")]);
        assert_eq!(names(&found.replays), [Path::new("a/r.replay.json")]);
        assert_eq!(found.troubles.len(), 1);
    }
}

//! The corpora go through their targets without libFuzzer, and so does what lies elsewhere and is
//! read by the same readers.

use std::fs;
use std::path::{Path, PathBuf};

use commitsim_fuzz::{TARGETS, replay, scenario};

fn files(directory: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let there = fs::read_dir(&directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display()));
    let mut files: Vec<PathBuf> = there.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

#[test]
fn nothing_in_the_corpora_breaks_a_reader() {
    let mut bytes = 0;
    for (name, target) in TARGETS {
        let corpus = files(&format!("corpus/{name}"));
        assert!(corpus.len() >= 20, "the corpus of {name} is nearly empty");
        for file in corpus {
            // Whoever reads of a failure has to know the file.
            println!("{}", file.display());
            let text = fs::read(&file).unwrap();
            bytes += text.len();
            target(&text);
        }
    }
    assert!(bytes < 300_000, "{bytes} bytes are more than a corpus that is kept should have");
}

#[test]
fn what_is_shipped_reads_back_as_it_is() {
    for file in files("../../scenarios").into_iter().chain(files("../scenario/tests/bad")) {
        println!("{}", file.display());
        scenario(&fs::read(&file).unwrap());
    }
    scenario(&fs::read(Path::new("../scenario/tests/kitchen-sink.json")).unwrap());
    for file in files("../../scenarios/regressions") {
        println!("{}", file.display());
        replay(&fs::read(&file).unwrap());
    }
}

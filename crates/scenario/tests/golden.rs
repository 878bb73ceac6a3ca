//! Every kind of mistake has a file in `bad/`, and beside it the whole text that comes of it.
//!
//! `COMMITSIM_UPDATE=1 cargo test -p commitsim-scenario --test golden` writes the texts anew; read
//! the difference before it is committed.

mod protocols;

use std::fs;
use std::path::Path;

use commitsim_scenario::{Overrides, read};
use protocols::KNOWN;

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that writes the texts anew")]
fn every_mistake_has_its_text() {
    let update = std::env::var("COMMITSIM_UPDATE").is_ok();
    let bad = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut names: Vec<String> = fs::read_dir(&bad)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_string))
        .collect();
    names.sort();
    assert!(names.len() >= 25);
    for name in names {
        let file = format!("{name}.json");
        let text = fs::read(bad.join(&file)).unwrap();
        let Err(problems) = read(&file, &text, &KNOWN, &Overrides::default()) else {
            panic!("{file} has no problem");
        };
        let found = format!("{problems}\n");
        let golden = bad.join(format!("{name}.txt"));
        if update {
            fs::write(&golden, &found).unwrap();
        }
        let wanted = fs::read_to_string(&golden).unwrap_or_default();
        assert!(found == wanted, "{file} now says:\n{found}");
    }
}

//! The README cannot lie: the result it shows is the one that its first command prints, and the
//! commands it shows run.

mod terminal;

use std::path::Path;
use std::process::Command;

use terminal::Place;

#[test]
fn the_result_in_the_readme_is_what_is_printed() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(top.join("README.md")).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_commitsim"))
        .args(["run", "scenarios/2pc-accept.json"])
        .current_dir(&top)
        .output()
        .unwrap();
    let printed = String::from_utf8(run.stdout).unwrap();
    assert!(
        run.status.success() && readme.contains(&format!("```text\n{printed}```\n")),
        "{printed}"
    );
}

#[test]
fn the_commands_in_the_readme_run() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(top.join("README.md")).unwrap();
    let section = readme.split("\n## ").find(|section| section.starts_with("Commands\n")).unwrap();
    let scenario = std::fs::read_to_string(top.join("scenarios/2pc-accept.json")).unwrap();
    let place = Place::with(&[("scenarios/2pc-accept.json", &scenario)]);
    let lines: Vec<&str> = section.lines().filter(|line| line.starts_with("commitsim ")).collect();
    assert!(lines.len() >= 5);
    for line in lines {
        let done = place.paste(line);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{line}: {}", done.stdout);
    }
    let help = place.commitsim(&["--help"]).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    for line in listed.take_while(|line| !line.is_empty()) {
        let name = line.trim_start_matches("  ").split(' ').next().unwrap();
        let known = name.is_empty()
            || name == "help"
            || section.contains(&format!("`{name} "))
            || section.contains(&format!("`{name}`"));
        assert!(known, "{name} is not in the README");
    }
}

//! The README cannot lie: the result it shows is the one that its first command prints, and the
//! commands it shows run.

mod terminal;

use std::path::Path;
use std::process::Command;

use terminal::Place;

#[test]
fn the_result_in_the_readme_is_what_is_printed() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let run = Command::new(env!("CARGO_BIN_EXE_commitsim"))
        .args(["run", "scenarios/2pc-accept.json"])
        .current_dir(&top)
        .output()
        .unwrap();
    let printed = String::from_utf8(run.stdout).unwrap();
    assert!(
        run.status.success() && readme().contains(&format!("```text\n{printed}```\n")),
        "{printed}"
    );
}

fn readme() -> String {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(top.join("README.md")).unwrap()
}

/// A folder in which the scenarios lie where the README says.
fn place() -> Place {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let place = Place::with(&[]);
    for folder in ["scenarios", "scenarios/regressions"] {
        for entry in std::fs::read_dir(top.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.file_name().unwrap().to_string_lossy();
                let text = std::fs::read_to_string(&path).unwrap();
                place.write(&format!("{folder}/{name}"), &text);
            }
        }
    }
    place
}

/// Every command that is shown, in the order in which it is shown; later ones use what earlier
/// ones have written.
#[test]
fn the_commands_in_the_readme_run() {
    let (readme, place) = (readme(), place());
    let blocks = readme.split("```").skip(1).step_by(2);
    let lines: Vec<&str> = blocks
        .flat_map(|block| block.lines().filter(|line| line.starts_with("commitsim ")))
        .collect();
    assert!(lines.len() >= 9, "{lines:?}");
    for line in lines {
        let done = place.paste(line);
        // The command that a failed run is repeated with fails again: five nodes send more. The
        // naive protocol is there to be broken.
        let fails = line.contains("--set /nodes=5") || line.contains("--protocol 3pc-naive");
        let wanted = i32::from(fails);
        assert_eq!(done.code, wanted, "{line}: {}{}", done.stdout, done.stderr);
    }
}

/// The scenario that the guide writes is one that the program takes, and keeps what it promises.
#[test]
fn the_scenario_in_the_readme_keeps_its_promise() {
    let readme = readme();
    let (_, rest) = readme.split_once("```json\n").unwrap();
    let (scenario, _) = rest.split_once("```\n").unwrap();
    let place = Place::with(&[("guide.json", scenario)]);
    let done = place.paste("commitsim test guide.json");
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{}", done.stdout);
    assert!(done.stdout.ends_with("1 passed, 0 failed\n"), "{}", done.stdout);
}

#[test]
fn the_readme_lists_every_command() {
    let readme = readme();
    let section = readme.split("\n## ").find(|section| section.starts_with("Commands\n")).unwrap();
    let help = place().commitsim(&["--help"]).stdout;
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

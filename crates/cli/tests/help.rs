//! Help is checked like everything else: every example in it runs.

mod terminal;

use std::fs;
use std::path::Path;

use terminal::Place;

const COMMANDS: [&str; 19] = [
    "run",
    "test",
    "sweep",
    "merge",
    "plot",
    "report",
    "compare",
    "validate",
    "verify",
    "explore",
    "hunt",
    "shrink",
    "replay",
    "diff",
    "trace",
    "list",
    "schema",
    "completions",
    "man",
];

/// A directory with the shipped scenario that examples are about, and two traces.
fn place() -> Place {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/2pc-accept.json");
    let text = fs::read_to_string(shipped).unwrap();
    let place = Place::with(&[("scenarios/2pc-accept.json", &text)]);
    let replay = "scenarios/regressions/3pc-naive-one-crash.replay.json";
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(replay);
    place.write(replay, &fs::read_to_string(shipped).unwrap());
    for file in ["trace.jsonl", "one.jsonl", "other.jsonl"] {
        assert_eq!(place.run(&["scenarios/2pc-accept.json", "--trace", file]).code, 0);
    }
    place
}

fn help(command: &str) -> String {
    let done = Place::with(&[]).commitsim(&[command, "--help"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{command}");
    done.stdout
}

#[test]
fn every_example_runs() {
    let place = place();
    for command in COMMANDS {
        let help = help(command);
        let examples: Vec<&str> = help
            .lines()
            .skip_while(|line| *line != "Examples:")
            .skip(1)
            .take_while(|line| line.starts_with("  commitsim "))
            .collect();
        assert!(!examples.is_empty(), "{command} has no examples");
        for example in examples {
            let done = place.paste(example);
            if command == "explore" {
                // It says how far it is, and one of its examples shows how a protocol breaks.
                assert!(done.code < 2, "{example}: {}", done.stderr);
                continue;
            }
            assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{example}: {}", done.stdout);
        }
    }
}

/// A line of a paragraph, and not of a list or an example, or a heading.
fn is_prose(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(' ') && !line.ends_with(':')
}

#[test]
fn every_command_has_help_that_fits() {
    let all = Place::with(&[]).commitsim(&["--help"]);
    for command in COMMANDS {
        let line = all.stdout.lines().find(|line| line.starts_with(&format!("  {command} ")));
        assert!(line.is_some(), "{command} is not listed");
        let help = help(command);
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
        // Lines that were broken for the source are broken once more, in the wrong places.
        let lines: Vec<&str> = help.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| is_prose(line))) {
            let word = pair[1].split(' ').next().unwrap_or_default();
            assert!(pair[0].len() + 1 + word.len() > 80, "{command}: {}", pair.join("\n"));
        }
    }
}

#[test]
fn manual_pages_and_completions_know_every_command() {
    let place = Place::with(&[]);
    let all = place.commitsim(&["man"]).stdout;
    assert!(all.contains(".TH commitsim 1"), "{all}");
    for command in COMMANDS {
        let page = place.commitsim(&["man", command]);
        assert_eq!(page.code, 0, "{}", page.stderr);
        assert!(
            page.stdout.contains(&format!(".TH commitsim\\-{command} 1"))
                || page.stdout.contains(&format!(".TH commitsim-{command} 1")),
            "{}",
            page.stdout
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = place.commitsim(&["completions", shell]);
        assert_eq!(script.code, 0, "{}", script.stderr);
        assert!(COMMANDS.iter().all(|command| script.stdout.contains(command)), "{shell}");
    }
    assert_eq!(place.commitsim(&["completions", "tcsh"]).code, 2);
}

//! The README cannot lie: the result it shows is the one that its first command prints.

use std::path::Path;
use std::process::Command;

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

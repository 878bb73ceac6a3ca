//! The tree as the rules see it: its files from git, its crates from cargo's metadata.

use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// All that `tidy` looks at, read once.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// Every path that is tracked, or neither tracked nor ignored.
    pub(crate) paths: Vec<String>,
    /// Those of the paths that hold text, with their text.
    pub(crate) texts: Vec<TextFile>,
    pub(crate) members: Vec<Member>,
}

#[derive(Debug)]
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One crate of the workspace.
#[derive(Debug)]
pub(crate) struct Member {
    /// The directory under `crates/`.
    pub(crate) dir: String,
    /// The name that cargo knows the crate by.
    pub(crate) package: String,
    /// The text of its `Cargo.toml`.
    pub(crate) manifest: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line of a crate's dependency sections.
#[derive(Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// The directory under `crates/`, if the dependency is a crate of this workspace.
    pub(crate) dir: Option<String>,
    pub(crate) is_for_tests: bool,
}

/// The root of the workspace that this tool was built in.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The command that asks cargo about the workspace; callers add how much they want to know.
pub(crate) fn metadata() -> MetadataCommand {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml"));
    command
}

impl Workspace {
    /// Reads the checkout that this tool was built in.
    pub(crate) fn read() -> Result<Self, String> {
        let root = root();
        let paths = list_files(&root)?;
        let mut texts = Vec::new();
        for path in &paths {
            let bytes = std::fs::read(root.join(path)).map_err(|e| format!("{path}: {e}"))?;
            // A picture or a font has no lines to complain about.
            if let Ok(text) = String::from_utf8(bytes) {
                texts.push(TextFile { path: path.clone(), text });
            }
        }
        Ok(Self { paths, texts, members: list_members()? })
    }

    /// The text of the file at `path`, or nothing if there is no such file.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.texts.iter().find(|file| file.path == path).map_or("", |file| &file.text)
    }
}

fn list_files(root: &Path) -> Result<Vec<String>, String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("tidy asks git for the files of the tree: {error}"))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!("tidy asks git for the files of the tree: {reason}"));
    }
    let names = String::from_utf8_lossy(&output.stdout);
    let mut paths: Vec<String> =
        names.split_terminator('\0').filter(|p| root.join(p).is_file()).map(Into::into).collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

fn list_members() -> Result<Vec<Member>, String> {
    // Without dependencies cargo needs neither the network nor the lock file.
    let metadata = metadata().no_deps().exec().map_err(|error| error.to_string())?;
    metadata.packages.iter().map(read_member).collect()
}

fn read_member(package: &Package) -> Result<Member, String> {
    let path = package.manifest_path.as_std_path();
    let manifest =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let dependencies = package
        .dependencies
        .iter()
        .map(|dependency| Dependency {
            name: dependency.name.clone(),
            dir: dependency.path.as_ref().and_then(|path| path.file_name()).map(Into::into),
            is_for_tests: dependency.kind == DependencyKind::Development,
        })
        .collect();
    let dir = package.manifest_path.parent().and_then(|path| path.file_name());
    Ok(Member {
        dir: dir.unwrap_or_default().to_owned(),
        package: package.name.to_string(),
        manifest,
        dependencies,
    })
}

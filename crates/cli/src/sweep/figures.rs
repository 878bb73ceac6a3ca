//! The figures of a sweep, drawn into its directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use commitsim_charts::{Results, draw, figure};

/// What came of drawing.
pub(crate) struct Charted {
    /// The files, without their extensions.
    pub(crate) files: Vec<PathBuf>,
    /// What went wrong, in words.
    pub(crate) troubles: Vec<String>,
}

/// Draws the figures of these names, or all: each as SVG, as PNG and as the numbers in it.
pub(crate) fn chart(directory: &Path, results: &Results, only: &[String]) -> Charted {
    let mut charted = Charted { files: Vec::new(), troubles: Vec::new() };
    let folder = directory.join("figures");
    if let Err(error) = fs::create_dir_all(&folder) {
        charted.troubles.push(format!("cannot make {}: {error}", folder.display()));
        return charted;
    }
    let wanted = |id: &String| only.is_empty() || only.contains(id);
    for plot in results.manifest().plots.iter().filter(|plot| wanted(&plot.id)) {
        let stem = folder.join(&plot.id);
        let figure = figure(results, plot);
        match draw(&figure) {
            Err(why) => charted.troubles.push(format!("cannot draw {}: {why}", plot.id)),
            Ok(drawn) => {
                let csv = figure.csv();
                let files: [(&str, &[u8]); 3] =
                    [("svg", drawn.svg.as_bytes()), ("png", &drawn.png), ("csv", csv.as_bytes())];
                for (extension, bytes) in files {
                    let file = stem.with_extension(extension);
                    if let Err(error) = put(&file, bytes) {
                        charted.troubles.push(format!("cannot write {}: {error}", file.display()));
                    }
                }
                charted.files.push(stem);
            }
        }
    }
    charted
}

fn put(file: &Path, bytes: &[u8]) -> io::Result<()> {
    commitsim_report::store(file, |out| out.write_all(bytes))
}

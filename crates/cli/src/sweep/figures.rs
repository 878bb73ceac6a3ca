//! The figures of a sweep, drawn into its directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use commitsim_charts::{Figure, Results, figure, png, svg};

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
        match forms(&figure) {
            Err(why) => charted.troubles.push(format!("cannot draw {}: {why}", plot.id)),
            Ok(forms) => {
                for (extension, bytes) in forms {
                    let file = stem.with_extension(extension);
                    if let Err(error) = put(&file, &bytes) {
                        charted.troubles.push(format!("cannot write {}: {error}", file.display()));
                    }
                }
                charted.files.push(stem);
            }
        }
    }
    charted
}

/// A figure in all its forms, by the extensions of their files.
fn forms(figure: &Figure) -> Result<[(&'static str, Vec<u8>); 3], String> {
    let (svg, png, csv) = (svg(figure)?, png(figure)?, figure.csv());
    Ok([("svg", svg.into_bytes()), ("png", png), ("csv", csv.into_bytes())])
}

/// Stores a file whole.
pub(crate) fn put(file: &Path, bytes: &[u8]) -> io::Result<()> {
    commitsim_report::store(file, |out| out.write_all(bytes))
}

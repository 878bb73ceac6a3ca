//! The shards of a sweep become one result.

use std::fs;
use std::path::{Path, PathBuf};

use commitsim_charts::{Manifest, Record, Results};

use super::shard::Shard;
use super::stage::{
    MANIFEST, RECORDS, Refusal, SHARDS, checked, keep_scenario, put, read_manifest, same, sum_up,
};

/// So many missing shards are named.
const NAMED: usize = 20;

/// What lies in the directories of a sweep.
#[derive(Default)]
struct Found {
    records: Vec<Record>,
    finished: Vec<Shard>,
    begun: Vec<Shard>,
}

/// Merges directories, which hold the shards of one sweep between them, into one.
pub(crate) fn merged(directories: &[PathBuf], target: &Path) -> Result<Results, Refusal> {
    let mut found = Found::default();
    let mut manifest: Option<Manifest> = None;
    for directory in directories {
        let here = read_manifest(directory)?;
        if let Some(first) = &manifest {
            same(directory, &here, first)?;
        }
        found.look(directory)?;
        manifest.get_or_insert(here);
    }
    let manifest = manifest.ok_or_else(|| Refusal::Other("there is nothing to merge".into()))?;
    let missing = found.missing(&manifest);
    let Found { records, .. } = found;
    let results = Results::new(manifest.clone(), records).map_err(|_| Refusal::Missing(missing))?;
    fs::create_dir_all(target).map_err(|error| Refusal::Disk(target.to_path_buf(), error))?;
    let file = target.join(MANIFEST);
    if file.exists() {
        same(target, &read_manifest(target)?, &manifest)?;
    } else {
        put(&file, manifest.text().as_bytes())?;
    }
    keep_scenario(target, &manifest)?;
    sum_up(target, &results)?;
    Ok(results)
}

impl Found {
    /// Adds what is in a directory: all of a sweep, or shards of it.
    fn look(&mut self, directory: &Path) -> Result<(), Refusal> {
        let whole = directory.join(RECORDS);
        if whole.exists() {
            self.records.extend(checked(&whole)?);
            self.finished.push(Shard::WHOLE);
            return Ok(());
        }
        for file in files(&directory.join(SHARDS))? {
            let stem = file.file_stem().and_then(|stem| stem.to_str());
            let extension = file.extension().and_then(|extension| extension.to_str());
            match (stem.and_then(Shard::named), extension) {
                (Some(shard), Some("jsonl")) => {
                    self.records.extend(checked(&file)?);
                    self.finished.push(shard);
                }
                (Some(shard), Some("part")) => self.begun.push(shard),
                _ => {}
            }
        }
        Ok(())
    }

    /// How many runs are missing, and the shards that would have them.
    fn missing(&self, manifest: &Manifest) -> String {
        let mut done: Vec<u64> = self.records.iter().map(|record| record.job).collect();
        done.sort_unstable();
        let all = manifest.jobs();
        let missing = |job: &u64| done.binary_search(job).is_err();
        let count = (0..all).filter(missing).count();
        let mut text = format!("{count} of {all} runs are in none of them");
        let mut counts: Vec<u32> =
            self.finished.iter().chain(&self.begun).map(|shard| shard.count).collect();
        counts.sort_unstable();
        counts.dedup();
        // Where a sweep was cut in several ways, the first way that explains all is enough.
        let Some(cut) = counts.first().copied() else { return text };
        let of_cut = (0..cut).map(|index| Shard { index, count: cut });
        let lacking: Vec<Shard> =
            of_cut.filter(|shard| shard.jobs(all).any(|j| missing(&j))).collect();
        let name = |shard: &Shard| match self.begun.contains(shard) {
            true => format!("{shard} (not finished)"),
            false => shard.to_string(),
        };
        let names: Vec<String> = lacking.iter().take(NAMED).map(name).collect();
        text.push_str(&format!("\n  = help: run the missing shards: {}", names.join(", ")));
        if lacking.len() > NAMED {
            text.push_str(&format!(" and {} more", lacking.len() - NAMED));
        }
        text
    }
}

/// The files in a folder, by name; none where there is no folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for entry in entries {
        files.push(entry.map_err(|error| Refusal::Disk(folder.to_path_buf(), error))?.path());
    }
    files.sort();
    Ok(files)
}

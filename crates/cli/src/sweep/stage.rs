//! The directory of a sweep: its manifest, what is done of it, and what it came to.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use commitsim_charts::{Manifest, Record, Results, damaged_lines, differences_csv, summary_csv};
use commitsim_report::visible;

use super::page::SCENARIO;
use super::shard::Shard;

/// The directory of a sweep, and the file to which this process adds.
pub(crate) struct Stage {
    directory: PathBuf,
    shard: Shard,
    part: File,
    records: Vec<Record>,
    synced: Instant,
}

/// Why a directory cannot be used.
pub(crate) enum Refusal {
    /// It holds something else, or is not complete: what to say.
    Other(String),
    /// Runs are missing.
    Missing(String),
    /// The disk said something.
    Disk(PathBuf, io::Error),
}

pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const RECORDS: &str = "records.jsonl";
pub(super) const SHARDS: &str = "shards";

/// How often what is written is made durable.
const SYNC: Duration = Duration::from_secs(2);

impl Stage {
    /// Opens a directory for a shard of a sweep: a new one, or one in which the same sweep was
    /// begun.
    pub(crate) fn open(
        directory: &Path,
        manifest: &Manifest,
        shard: Shard,
        overwrite: bool,
    ) -> Result<Stage, Refusal> {
        let disk = |error| Refusal::Disk(directory.to_path_buf(), error);
        fs::create_dir_all(directory).map_err(disk)?;
        let before = holds_something(directory).map_err(disk)?;
        let file = directory.join(MANIFEST);
        if overwrite {
            clear(directory).map_err(disk)?;
        } else if file.exists() {
            same(directory, &read_manifest(directory)?, manifest)?;
        } else if before {
            return Err(other(
                directory,
                "is not empty and holds no sweep",
                "name another one with --out",
            ));
        }
        if !file.exists() {
            put(&file, manifest.text().as_bytes())?;
        }
        keep_scenario(directory, manifest)?;
        let shards = directory.join(SHARDS);
        fs::create_dir_all(&shards).map_err(disk)?;
        let path = shards.join(format!("{}.part", shard.name()));
        let disk = |error| Refusal::Disk(path.clone(), error);
        let mut part =
            File::options().read(true).append(true).create(true).open(&path).map_err(disk)?;
        if part.try_lock().is_err() {
            return Err(other(directory, "is being written by another process", "wait for it"));
        }
        let mut records = unfinished(&mut part).map_err(disk)?;
        records.extend(finished(directory, shard)?);
        let (directory, synced) = (directory.to_path_buf(), Instant::now());
        Ok(Stage { directory, shard, part, records, synced })
    }

    /// The jobs that are still to be done.
    pub(crate) fn missing(&self, manifest: &Manifest) -> Vec<u64> {
        let mut done: Vec<u64> = self.records.iter().map(|record| record.job).collect();
        done.sort_unstable();
        let missing = |job: &u64| done.binary_search(job).is_err();
        self.shard.jobs(manifest.jobs()).filter(missing).collect()
    }

    /// Stores a run; it is durable a little later.
    pub(crate) fn add(&mut self, record: Record) -> io::Result<()> {
        let mut line = record.line();
        line.push('\n');
        self.part.write_all(line.as_bytes())?;
        self.records.push(record);
        if self.synced.elapsed() >= SYNC {
            self.sync()?;
        }
        Ok(())
    }

    /// Makes everything durable.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.synced = Instant::now();
        self.part.sync_data()
    }

    /// The runs that are there.
    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    /// Puts the runs in order under their final name. A sweep that is whole is summed up too.
    pub(crate) fn finish(self, manifest: &Manifest) -> Result<Option<Results>, Refusal> {
        let Stage { directory, shard, part, mut records, .. } = self;
        let shards = directory.join(SHARDS);
        let unfinished = shards.join(format!("{}.part", shard.name()));
        if shard != Shard::WHOLE {
            records.sort_unstable_by_key(|record| record.job);
            records.dedup_by_key(|record| record.job);
            put(&shards.join(format!("{}.jsonl", shard.name())), lines(&records).as_bytes())?;
        }
        let results = if shard == Shard::WHOLE {
            let results = Results::new(manifest.clone(), records).map_err(|missing| {
                Refusal::Missing(format!("{missing} runs are missing in {}", shown(&directory)))
            })?;
            sum_up(&directory, &results)?;
            Some(results)
        } else {
            None
        };
        drop(part);
        // What is left behind here costs nothing but room.
        let _ = fs::remove_file(unfinished);
        let _ = fs::remove_dir(shards);
        Ok(results)
    }
}

/// Whether there is anything in a directory but what other shards are just about to name.
fn holds_something(directory: &Path) -> io::Result<bool> {
    let mut names = fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.file_name()));
    names.try_fold(false, |any, name| {
        let temporary = name?.as_encoded_bytes().starts_with(b".commitsim-");
        Ok(any || !temporary)
    })
}

/// The runs of a file that was being written; what is torn off at its end is cut away.
fn unfinished(part: &mut File) -> io::Result<Vec<Record>> {
    let mut bytes = Vec::new();
    part.seek(SeekFrom::Start(0))?;
    part.read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    part.set_len(whole as u64)?;
    Ok(damaged_lines(&String::from_utf8_lossy(&bytes[..whole])).0)
}

/// The runs of a shard that was finished, or of the whole sweep.
fn finished(directory: &Path, shard: Shard) -> Result<Vec<Record>, Refusal> {
    let file = match shard {
        Shard::WHOLE => directory.join(RECORDS),
        _ => directory.join(SHARDS).join(format!("{}.jsonl", shard.name())),
    };
    if !file.exists() {
        return Ok(Vec::new());
    }
    read(&file).map(|text| damaged_lines(&text).0)
}

/// Removes what a sweep leaves in a directory, and nothing else.
fn clear(directory: &Path) -> io::Result<()> {
    let tables = ["summary.csv", "differences.csv", "report.html"];
    for file in [MANIFEST, RECORDS, SCENARIO].into_iter().chain(tables) {
        let file = directory.join(file);
        if file.exists() {
            fs::remove_file(file)?;
        }
    }
    for folder in [SHARDS, "figures"] {
        let folder = directory.join(folder);
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let file = entry?.path();
            let known = ["part", "jsonl", "svg", "png", "csv"];
            if file.extension().is_some_and(|end| known.iter().any(|known| end == *known)) {
                fs::remove_file(file)?;
            }
        }
    }
    Ok(())
}

/// The runs of a file that must not be damaged, since it was stored whole.
pub(super) fn checked(file: &Path) -> Result<Vec<Record>, Refusal> {
    let (records, damaged) = damaged_lines(&read(file)?);
    if damaged > 0 {
        let hint = "remove it and run the sweep again: what is missing will be made";
        let lines = if damaged == 1 { "line" } else { "lines" };
        return Err(other(file, &format!("has {damaged} damaged {lines}"), hint));
    }
    Ok(records)
}

/// A sweep that is done, from its directory.
pub(crate) fn results(directory: &Path) -> Result<Results, Refusal> {
    let manifest = read_manifest(directory)?;
    let file = directory.join(RECORDS);
    if !file.exists() {
        let shown = shown(directory);
        return Err(Refusal::Missing(format!(
            "the sweep in {shown} is not done\n  = help: run it again to go on where it stopped, \
             or commitsim merge its shards"
        )));
    }
    Results::new(manifest, checked(&file)?).map_err(|missing| {
        Refusal::Missing(format!("{missing} runs are missing in {}", shown(&file)))
    })
}

/// Stores the tables, and then all records in order: where these are everything is.
pub(super) fn sum_up(directory: &Path, results: &Results) -> Result<(), Refusal> {
    put(&directory.join("summary.csv"), summary_csv(results).as_bytes())?;
    put(&directory.join("differences.csv"), differences_csv(results).as_bytes())?;
    put(&directory.join(RECORDS), lines(results.records()).as_bytes())
}

/// Stores the scenario as it was written, so that a run can be made again from the directory.
pub(super) fn keep_scenario(directory: &Path, manifest: &Manifest) -> Result<(), Refusal> {
    let file = directory.join(SCENARIO);
    if file.exists() { Ok(()) } else { put(&file, manifest.text.as_bytes()) }
}

fn lines(records: &[Record]) -> String {
    records.iter().map(|record| record.line() + "\n").collect()
}

pub(super) fn put(file: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    commitsim_report::store(file, |out| out.write_all(bytes))
        .map_err(|error| Refusal::Disk(file.to_path_buf(), error))
}

fn read(file: &Path) -> Result<String, Refusal> {
    let bytes = fs::read(file).map_err(|error| Refusal::Disk(file.to_path_buf(), error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

pub(super) fn read_manifest(directory: &Path) -> Result<Manifest, Refusal> {
    let file = directory.join(MANIFEST);
    if !file.exists() {
        let hint = "commitsim sweep makes such a directory";
        return Err(other(directory, "holds no sweep", hint));
    }
    Manifest::read(&read(&file)?).map_err(|why| other(&file, &format!("cannot be read: {why}"), ""))
}

/// Refuses a directory in which another sweep was begun, and says where they differ.
pub(super) fn same(directory: &Path, there: &Manifest, wanted: &Manifest) -> Result<(), Refusal> {
    if there == wanted {
        return Ok(());
    }
    let mut why = String::from("holds another sweep");
    for (key, is, wants) in there.differences(wanted) {
        let (is, wants) = (visible(&is).into_owned(), visible(&wants).into_owned());
        why.push_str(&format!("\n  {key}\n    - {is}\n    + {wants}"));
    }
    Err(other(directory, &why, "name another directory with --out, or say --overwrite"))
}

fn other(path: &Path, why: &str, hint: &str) -> Refusal {
    let mut text = format!("{} {why}", shown(path));
    if !hint.is_empty() {
        text.push_str(&format!("\n  = help: {hint}"));
    }
    Refusal::Other(text)
}

fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

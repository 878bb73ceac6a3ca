//! The only place that creates files.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a file so that it is there whole or not at all: into a temporary file beside it, which
/// takes its place when everything is on disk.
///
/// # Errors
///
/// What `write` returns, what the disk says, and that the target is there already and is not a
/// regular file: a device, a pipe or a symbolic link is never replaced.
pub fn store<T>(
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    replaceable(target)?;
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut temporary = named().tempfile_in(directory).map_err(without_path)?;
    let mut buffer = BufWriter::with_capacity(1 << 16, temporary.as_file_mut());
    let value = write(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    temporary.as_file().sync_all()?;
    temporary.persist(target)?;
    sync_directory(directory)?;
    Ok(value)
}

fn replaceable(target: &Path) -> io::Result<()> {
    match fs::symlink_metadata(target) {
        Ok(there) if there.is_file() => Ok(()),
        Ok(_) => Err(io::Error::other("there is something else than a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Temporary files get the rights that other new files get: the default would hide results from
/// everybody else.
fn named() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".commitsim-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// The error alone: the name of a temporary file tells nobody anything.
fn without_path(error: io::Error) -> io::Error {
    let plain = error.get_ref().and_then(|inner| inner.source()).map(ToString::to_string);
    plain.map_or_else(|| io::Error::from(error.kind()), |text| io::Error::new(error.kind(), text))
}

/// Only after this is the new name itself on disk, where systems have such a thing.
fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn the_old_file_stays_until_the_new_one_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("result");
        store(&target, |out| out.write_all(b"old")).unwrap();
        let value = store(&target, |out| {
            out.write_all(&[b'x'; 100_000])?;
            assert_eq!(fs::read(&target)?, b"old");
            Ok(7)
        });
        assert_eq!(value.unwrap(), 7);
        assert_eq!(fs::read(&target).unwrap().len(), 100_000);
        assert_eq!(names(directory.path()), ["result"]);
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("result");
        let failed = store(&target, |out| {
            out.write_all(b"half")?;
            Err::<(), _>(io::Error::other("no more"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no more");
        assert!(names(directory.path()).is_empty());
    }

    #[test]
    fn only_regular_files_are_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let error = store(directory.path(), |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("regular file"), "{error}");
        let error = store(&directory.path().join("no/such"), |_| Ok(())).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!error.to_string().contains(".tmp"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        assert!(store(&link, |_| Ok(())).is_err());
    }
}

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
    place(target, write, |temporary| temporary.persist(target).map_err(|failed| failed.error))
}

/// The same for a file that is not there yet. One that is there stays as it is, also if somebody
/// else made it in the meantime.
///
/// # Errors
///
/// What [`store`] returns; [`io::ErrorKind::AlreadyExists`] where there is something of that name.
pub fn store_new<T>(
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    if fs::symlink_metadata(target).is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    place(target, write, |temporary| {
        temporary.persist_noclobber(target).map_err(|failed| failed.error)
    })
}

/// Writes a temporary file beside the target and lets `name` give it its name.
fn place<T>(
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    name: impl FnOnce(tempfile::NamedTempFile) -> io::Result<File>,
) -> io::Result<T> {
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
    name(temporary)?;
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
    if error.kind() == io::ErrorKind::NotFound {
        return io::Error::new(error.kind(), "there is no such directory");
    }
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
        assert_eq!(error.to_string(), "there is no such directory");
    }

    #[test]
    fn a_new_file_replaces_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("result");
        store_new(&target, |out| out.write_all(b"first")).unwrap();
        let error = store_new(&target, |out| out.write_all(b"second")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(
            (fs::read(&target).unwrap(), names(directory.path()).len()),
            (b"first".into(), 1)
        );
        // Somebody else was faster while it was being written.
        let other = directory.path().join("other");
        let late = store_new(&other, |_| fs::write(&other, b"theirs"));
        assert_eq!(late.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&other).unwrap(), b"theirs");
        assert_eq!(names(directory.path()).len(), 2);
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

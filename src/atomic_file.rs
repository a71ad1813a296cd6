//! Files that are whole or not there: a temporary file in the same folder, flushed to the disk, then renamed.
//!
//! Who reads `NAME` sees the old file or the new one, never half of one, also after a power cut. The temporary file is
//! `.NAME.tmp`, hidden so that readers of the folder pass it over. A symbolic link at `NAME` is replaced, not followed.
//!
//! [`write()`] is all that most callers need; [`prepare`] and [`commit`] are its halves for files that depend on each other.
//! Every error is an [`Error::Io`] that names the file.

use crate::{Error, Result};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes a file; durable when this returns. After an error the file is as before, and no temporary file is left.
#[cfg(any(test, feature = "cli", feature = "hosts"))]
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    prepare(path, bytes)?;
    commit(path).inspect_err(|_| drop(fs::remove_file(temporary(path))))
}

/// The temporary file of a file.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    beside(path, ".tmp")
}

/// The hidden file of a file for this ending: `.NAME` and the ending.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(ending);
    path.with_file_name(name)
}

/// Writes the temporary file of `path` and flushes it. One that is there is no longer wanted: it is removed first, so
/// that a link in its place is not written through.
pub(crate) fn prepare(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    let temporary = temporary(path);
    remove(&temporary)?;
    let write = || {
        let mut file = File::create_new(&temporary)?;
        file.write_all(bytes.as_ref())?;
        file.sync_all()
    };
    write().inspect_err(|_| drop(fs::remove_file(&temporary))).map_err(Error::io("write", path))
}

/// A file that is written bit by bit under its temporary name. Dropped before it is whole, it is removed.
#[cfg(feature = "cli")]
pub(crate) struct Draft {
    path: PathBuf,
    is_whole: bool,
}

#[cfg(feature = "cli")]
impl Draft {
    /// Creates the temporary file of `path`.
    pub(crate) fn create(path: &Path) -> Result<(Self, File)> {
        let temporary = temporary(path);
        remove(&temporary)?;
        let file = File::create_new(&temporary).map_err(Error::io("write", path))?;
        Ok((Self { path: path.to_owned(), is_whole: false }, file))
    }

    /// Flushes the file, which has everything now, and gives it its name.
    pub(crate) fn finish(mut self, file: &File) -> Result<()> {
        file.sync_all().map_err(Error::io("write", &self.path))?;
        commit(&self.path)?;
        self.is_whole = true;
        Ok(())
    }
}

#[cfg(feature = "cli")]
impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_whole {
            // A file that stays is replaced by the next run.
            let _ = remove(&temporary(&self.path));
        }
    }
}

/// Gives the temporary file of `path` its name; durable when this returns.
pub(crate) fn commit(path: &Path) -> Result<()> {
    fs::rename(temporary(path), path).map_err(Error::io("write", path))?;
    flush_folder(path)
}

/// Removes a file if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Flushes the list of names of the folder that a file stands in. Only Unix has that; elsewhere the system orders its
/// own journal.
pub(crate) fn flush_folder(path: &Path) -> Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io("write", path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(temporary(&path), "of a writer that was killed").unwrap();
        for text in ["old", "new"] {
            write(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn what_cannot_be_replaced_stays_and_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::create_dir_all(path.join("inner")).unwrap();
        let error = write(&path, "new").unwrap_err().to_string();
        assert!(error.starts_with("cannot write `") && error.contains("/a`: "), "{error}");
        assert_eq!(names(folder.path()), ["a"]);
        let path = folder.path().join("missing/a");
        assert!(write(&path, "new").unwrap_err().to_string().contains("missing/a`: "));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_replaced_and_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("a"), folder.path().join("other"));
        fs::write(&other, "another's").unwrap();
        std::os::unix::fs::symlink(&other, &path).unwrap();
        std::os::unix::fs::symlink(&other, temporary(&path)).unwrap();
        write(&path, "new").unwrap();
        assert_eq!(
            (fs::read_to_string(&path).unwrap(), fs::read_to_string(&other).unwrap()),
            ("new".into(), "another's".into())
        );
    }
}

//! Files that are whole or not there: a temporary file in the same folder, flushed to the disk, then renamed.

use crate::{Error, Result};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The temporary file of a name.
pub(super) fn temporary(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.tmp"))
}

/// Writes a temporary file and flushes it.
pub(super) fn prepare(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = temporary(folder, name);
    let write = |path: &Path| {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write(&path).map_err(Error::io("write", path))
}

/// Gives a temporary file its name; durable when this returns.
pub(super) fn commit(folder: &Path, name: &str) -> Result<()> {
    let path = folder.join(name);
    fs::rename(temporary(folder, name), &path).map_err(Error::io("write", path))?;
    flush(folder)
}

/// Takes a file's name away again: [`temporary`] has it then.
pub(super) fn withdraw(folder: &Path, name: &str) -> Result<()> {
    let path = folder.join(name);
    fs::rename(&path, temporary(folder, name)).map_err(Error::io("remove", path))?;
    flush(folder)
}

/// Removes a file if it is there.
pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Flushes a folder's list of names. Only Unix has that; elsewhere the system orders its own journal.
#[cfg(unix)]
pub(super) fn flush(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io("write", folder))
}

/// Flushes a folder's list of names. Only Unix has that; elsewhere the system orders its own journal.
#[cfg(not(unix))]
pub(super) fn flush(_folder: &Path) -> Result<()> {
    Ok(())
}

//! Files that others may read while they are written.

use crate::{Error, Result};
use std::fs;
use std::path::Path;

/// Writes `NAME` into a folder, under a temporary name first: who reads it sees the old file or the new one, never half
/// of one.
///
/// # Errors
/// [`Error::Io`] that names the file.
pub(super) fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> Result<()> {
    let (temporary, path) = (folder.join(format!(".{name}.tmp")), folder.join(name));
    fs::write(&temporary, bytes).map_err(Error::io("write", &temporary))?;
    fs::rename(&temporary, &path).map_err(Error::io("write", &path))
}

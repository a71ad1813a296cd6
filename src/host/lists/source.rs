//! What the user names → the files of a list.

use crate::{Error, Result};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The files of a UT1 category that hold entries.
const UT1_FILES: [&str; 2] = ["domains", "urls"];

/// A file of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSource {
    /// The file.
    pub path: PathBuf,
    /// The category that its folder is named after.
    pub category: Option<String>,
}

/// The files of a list: the file itself, a folder with `domains` and `urls` of one category, or a folder of
/// such folders (as UT1 comes), in the order of their names.
pub fn sources(path: &Path) -> Result<Vec<ListSource>> {
    if !path.is_dir() {
        return Ok(vec![ListSource { path: path.to_owned(), category: None }]);
    }
    let own = category(path);
    if !own.is_empty() {
        return Ok(own);
    }
    let mut folders: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        folders.push(entry.map_err(Error::io("read", path))?.path());
    }
    folders.sort();
    let found: Vec<ListSource> =
        folders.iter().filter(|folder| is_own_folder(folder)).flat_map(|folder| category(folder)).collect();
    if found.is_empty() {
        return Err(Error::Hosts {
            path: path.to_owned(),
            problem: "expected a folder with `domains` or `urls`, or with folders that have them (as UT1 comes), and \
                      found none; name the files of the list"
                .to_owned(),
        });
    }
    Ok(found)
}

/// Archives of UT1 name some categories twice, through links (`porn` leads to `adult`).
fn is_own_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|data| data.is_dir())
}

fn category(folder: &Path) -> Vec<ListSource> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let files =
        UT1_FILES.iter().flat_map(|file| ["", ".gz", ".zst"].map(|end| folder.join(format!("{file}{end}"))));
    let there = files.filter(|path| path.is_file());
    there.map(|path| ListSource { path, category: name.clone() }).collect()
}

/// The day (UTC) on which a file was changed last, `YYYY-MM-DD`.
pub fn file_date(path: &Path) -> Option<String> {
    let changed = path.metadata().and_then(|data| data.modified()).ok()?;
    let seconds = i64::try_from(changed.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()?;
    // SQLite knows the calendar, and is part of every build that has lists.
    let calendar = Connection::open_in_memory().ok()?;
    calendar.query_row("SELECT date(?1, 'unixepoch')", [seconds], |row| row.get(0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_day_of_a_file_is_that_of_its_last_change() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (day, expected) in [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_514, "2026-03-02")] {
            file.as_file().set_modified(UNIX_EPOCH + Duration::from_secs(day * 86_400 + 86_399)).unwrap();
            assert_eq!(file_date(file.path()).as_deref(), Some(expected));
        }
    }
}

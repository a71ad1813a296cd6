//! What the user names → the files of a list.

use crate::{Error, Result};
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
    let seconds = changed.duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(date(seconds / 86_400))
}

/// The date of a day counted from 1970-01-01, by the Gregorian calendar's cycle of 400 years (146,097 days) that
/// starts on 0000-03-01 (719,468 days before).
fn date(day: u64) -> String {
    let day = day + 719_468;
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, turn) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + turn)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_are_dates() {
        let found = [0, 59, 11_016, 11_017, 19_723, 20_514].map(date);
        assert_eq!(
            found,
            ["1970-01-01", "1970-03-01", "2000-02-29", "2000-03-01", "2024-01-01", "2026-03-02"]
        );
    }
}

//! Files of labelled data: their bytes, their lines, and where something is wrong in them.

use crate::{Error, Result};
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What is wrong with a line of a file; line 0 is the file as a whole.
pub(crate) fn wrong(path: &Path, line: usize, problem: impl Into<String>) -> Error {
    Error::Data { path: path.to_owned(), line, problem: problem.into() }
}

/// The first of one or more errors.
pub(super) fn only_first(errors: Vec<Error>) -> Error {
    errors.into_iter().next().unwrap_or_else(|| Error::Settings("unknown error".to_owned()))
}

/// What `read` makes of each line and its number, but for empty lines and notes (`#!`). The errors name every line that
/// cannot be used.
pub(crate) fn each_line<T>(
    path: &Path,
    mut read: impl FnMut(usize, &str) -> Result<T, String>,
) -> Result<Vec<T>, Vec<Error>> {
    let content = read_text(path).map_err(|error| vec![error])?;
    let lines = content.lines().enumerate().map(|(at, line)| (at + 1, line));
    let lines = lines.filter(|(_, line)| !is_note(line));
    all(lines.map(|(number, line)| read(number, line).map_err(|problem| vec![wrong(path, number, problem)])))
}

/// Whether a line says nothing: it is empty or a note.
pub(super) fn is_note(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with("#!")
}

/// All that was read, or all that is wrong.
pub(crate) fn all<T>(read: impl IntoIterator<Item = Result<T, Vec<Error>>>) -> Result<Vec<T>, Vec<Error>> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for read in read {
        match read {
            Ok(read) => found.push(read),
            Err(wrong) => problems.extend(wrong),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// Reads JSON; the problem names the column.
pub(crate) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| {
        let problem = error.to_string();
        let (cause, _) = problem.rsplit_once(" at line ").unwrap_or((&problem, ""));
        format!("{cause} at column {}", error.column())
    })
}

/// Reads a file of JSON; the error names the line.
pub(super) fn parse_file<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let content = read_text(path)?;
    serde_json::from_str(&content).map_err(|error| wrong(path, error.line(), error.to_string()))
}

/// The first file of that stem with one of the endings.
pub(super) fn first_file(folder: &Path, stem: &str, endings: &[&str]) -> Option<PathBuf> {
    endings.iter().map(|ending| folder.join(format!("{stem}.{ending}"))).find(|path| path.is_file())
}

/// The files of a folder whose names have that ending, by name; hidden files are left out.
pub(super) fn files_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(ending) && !name.starts_with('.') && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The name of a folder, also of one that is given as `.` or by a link.
pub(crate) fn folder_name(folder: &Path) -> String {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file's name without its endings, and the last of them but `.gz`.
pub(crate) fn split_name(path: &Path) -> (String, String) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    (stem.to_owned(), ending.to_ascii_lowercase())
}

/// The bytes of a file, unpacked if it ends in `.gz`.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let mut bytes = Vec::new();
    let read = if path.extension().is_some_and(|ending| ending == "gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes)
    } else {
        std::io::BufReader::new(file).read_to_end(&mut bytes)
    };
    read.map_err(Error::io("read", path))?;
    Ok(bytes)
}

/// The UTF-8 text of a file; the error names the first line that is none.
pub(super) fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read_bytes(path)?).map_err(|error| {
        let good = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = good.filter(|byte| **byte == b'\n').count() + 1;
        wrong(path, line, "expected UTF-8, found other bytes; convert the file")
    })
}

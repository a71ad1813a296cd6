//! Lists of inputs: a path or URL a line.

use super::open;
use super::stream::read_line;
use crate::{Error, Result};
use std::path::Path;

/// Bytes of a line, at most: paths end at 4,096 with most systems, and no server takes longer URLs.
const LONGEST: usize = 64 << 10;

/// A line that may name an input.
pub(super) struct Line {
    /// Its number in the list, from 1.
    pub(super) number: usize,
    /// What it names, or why it names nothing.
    pub(super) name: Result<String, &'static str>,
}

/// The lines of a list, which may be compressed and standard input; those without a name and comments are left out.
pub(super) fn lines_of(list: &Path) -> Result<Vec<Line>> {
    let opened = if list == Path::new("-") { open::standard_input() } else { open::file(list) };
    let mut stream = opened.map_err(Error::io("read", list))?.stream;
    let (mut text, mut lines, mut number) = (Vec::new(), Vec::new(), 0);
    loop {
        number += 1;
        let length = read_line(&mut stream, &mut text, LONGEST).map_err(Error::io("read", list))?;
        if length == 0 {
            return Ok(lines);
        }
        let name = name(&text, length);
        if name.as_ref().is_ok_and(|name| name.is_empty() || name.starts_with('#')) {
            continue;
        }
        lines.push(Line { number, name });
    }
}

fn name(line: &[u8], length: usize) -> Result<String, &'static str> {
    if length > LONGEST {
        return Err("expected a path or a URL, found a line of more than 64 KiB; name one input a line");
    }
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii();
    let text = std::str::from_utf8(line)
        .map_err(|_| "expected a path or a URL in UTF-8, found other bytes; write the list in UTF-8")?;
    if text == "-" {
        return Err("expected a path or a URL, found `-`; standard input is named on the command line alone");
    }
    if text.contains('\0') {
        return Err("expected a path or a URL, found a null byte; name one input a line");
    }
    Ok(text.to_owned())
}

/// The error of an input with the list and the line that name it.
pub(super) fn listed_as(list: &Path, line: usize, error: &Error) -> Error {
    Error::Data { path: list.to_owned(), line, problem: error.to_string() }
}

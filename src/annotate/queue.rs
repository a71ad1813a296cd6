//! A result file → its pages in the order in which they are worth a look.

use super::folder::{id_in, pages_of};
use super::profile::{Profile, Tally};
use super::rank::{Order, distance, ranked};
use super::rows::Row;
use crate::eval::wrong;
use crate::input::{LONGEST_ROW, decompressed_file, read_line};
use crate::page::{Limits, Page};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A page of a queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Queued {
    /// Its place among the pages of the file, from 0; [`Queue::row`] asks for it.
    pub at: usize,
    /// The row's id.
    pub id: String,
    /// The row's URL.
    pub url: Option<String>,
    /// The row's title, at most 100 characters of it.
    pub title: Option<String>,
    /// The row's verdict.
    pub verdict: String,
    /// How uncertain the filter was, 0 to 1.
    pub uncertainty: f32,
    /// How different it is from the nearest labelled page, 0 to 1; 1 when nothing is labelled.
    pub difference: f32,
    /// Whether the page is labelled already, by its URL, or by its id where it has no URL.
    pub labelled: bool,
    #[serde(skip)]
    pub(super) profile: Profile,
    #[serde(skip)]
    line: u64,
    #[serde(skip)]
    offset: u64,
}

/// A line of a result file that is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The line, from 1.
    pub line: u64,
    /// What was expected and what was found.
    pub problem: String,
}

/// The pages of a result file.
///
/// A page takes some 500 bytes, so that a million rows take half a gigabyte; rows are read again when they are asked for.
#[derive(Debug)]
pub struct Queue {
    path: PathBuf,
    pages: Vec<Queued>,
    bad: Vec<BadRow>,
    bad_rows: u64,
    errors: u64,
}

/// What a line of a list says of the page.
#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    from: Cow<'a, str>,
    at: usize,
    #[serde(borrow)]
    id: Cow<'a, str>,
}

/// What to do about a list that cannot be used.
const ANEW: &str = "write it anew with `pagesieve label --from RESULT --queue --labels DIR`";

/// Bad rows that are named; the others are counted.
const NAMED: usize = 10;
/// Characters of a title that are kept.
const TITLE: usize = 100;

impl Queue {
    /// Reads a result of `filter`: JSON lines, also compressed with gzip or Zstandard, best with blocks. Lines that are no
    /// rows are counted and named ([`Queue::bad_rows`]), rows of records that gave no page are counted
    /// ([`Queue::errors`]).
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be opened; what can be read of a damaged file is used.
    pub fn read(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let mut from = decompressed_file(&path)?;
        let mut queue = Self { path, pages: Vec::new(), bad: Vec::new(), bad_rows: 0, errors: 0 };
        let (mut text, mut line, mut offset) = (Vec::new(), 0, 0);
        loop {
            line += 1;
            match read_line(&mut from, &mut text, LONGEST_ROW) {
                Ok(0) => return Ok(queue),
                Ok(length) => {
                    let row = if length > LONGEST_ROW { None } else { Some(text.as_slice()) };
                    queue.add(row, (line, offset));
                    offset += length as u64;
                }
                Err(error) => {
                    queue.refuse(line, format!("the file cannot be read on from here: {error}"));
                    return Ok(queue);
                }
            }
        }
    }

    /// Reads the result that a list of its pages is from, `queue.jsonl` as `label --queue --labels` writes it; the pages
    /// are those of the list, in its order.
    ///
    /// # Errors
    /// Those of [`Queue::read`], and [`Error::Data`] when the list is none or the result has changed since.
    pub fn read_list(list: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(list).map_err(Error::io("read", list))?;
        let mut lines = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let listed: Listed<'_> = serde_json::from_str(line).map_err(|error| {
                wrong(
                    list,
                    at + 1,
                    format!("expected a page of a queue, found something else: {error}; {ANEW}"),
                )
            })?;
            lines.push(listed);
        }
        let Some(first) = lines.first() else {
            return Err(wrong(list, 0, format!("expected pages of a queue, found none; {ANEW}")));
        };
        let mut queue = Self::read(first.from.as_ref())?;
        let mut all: Vec<_> = std::mem::take(&mut queue.pages).into_iter().map(Some).collect();
        for (at, line) in lines.iter().enumerate() {
            let page = all.get_mut(line.at).and_then(Option::take).filter(|page| page.id == line.id);
            let page = page.ok_or_else(|| {
                let problem = format!("expected `{}` in `{}`, which has changed; {ANEW}", line.id, line.from);
                wrong(list, at + 1, problem)
            })?;
            queue.pages.push(Queued { at, ..page });
        }
        Ok(queue)
    }

    /// Takes a line in, or notes that it was too long.
    fn add(&mut self, text: Option<&[u8]>, (line, offset): (u64, u64)) {
        if text.is_some_and(|text| text.trim_ascii().is_empty()) {
            return;
        }
        let too_long = || Err("expected a row, found a line that is longer than any".to_owned());
        match text.map_or_else(too_long, Row::read) {
            Err(problem) => self.refuse(line, problem),
            Ok(row) if row.status != "ok" => self.errors += 1,
            Ok(row) => self.pages.push(Queued {
                at: self.pages.len(),
                uncertainty: row.uncertainty(),
                difference: 1.0,
                labelled: false,
                profile: row.profile(),
                title: row.title.map(|title| title.chars().take(TITLE).collect()),
                verdict: row.verdict.into_owned(),
                url: row.url.map(Cow::into_owned),
                id: row.id.into_owned(),
                line,
                offset,
            }),
        }
    }

    fn refuse(&mut self, line: u64, problem: String) {
        self.bad_rows += 1;
        if self.bad.len() < NAMED {
            self.bad.push(BadRow { line, problem });
        }
    }

    /// Compares the pages with those of a folder of labelled pages, of which there may be none yet.
    ///
    /// # Errors
    /// Those of the folder's files: every line that cannot be used.
    pub fn compare(&mut self, folder: &Path) -> Result<(), Vec<Error>> {
        let (mut profiles, mut urls, mut ids) = (Vec::new(), HashSet::new(), HashSet::new());
        for found in pages_of(folder)? {
            let document = found.page.document().map_err(|error| vec![error])?;
            let page = Page::read(&document, &Limits::default());
            let labels = found.rules.as_ref().and_then(|rules| rules.resolve(&page, &document).ok());
            let mut tally = Tally::default();
            for block in page.blocks() {
                let label = labels.as_ref().and_then(|labels| labels.get(block.index()).copied().flatten());
                let path = if block.lines().is_some() { String::new() } else { block.path() };
                tally.add(&path, label, block.text().chars().count());
            }
            profiles.push(tally.profile(found.page.url.as_deref()));
            urls.extend(found.page.url.as_deref().and_then(normal));
            ids.extend(found.page.url.as_deref().and_then(id_in));
        }
        for page in &mut self.pages {
            page.labelled = match &page.url {
                Some(url) => normal(url).is_some_and(|url| urls.contains(&url)),
                None => ids.contains(&page.id),
            };
            page.difference = distance(&page.profile, &profiles);
        }
        Ok(())
    }

    /// The pages, in the file's order.
    pub fn pages(&self) -> &[Queued] {
        &self.pages
    }

    /// The pages in an order; the same file and folder give the same.
    pub fn ranked(&self, order: Order) -> impl Iterator<Item = &Queued> {
        ranked(&self.pages, order).into_iter().filter_map(|at| self.pages.get(at))
    }

    /// The place of the page with this id, the first of several.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.pages.iter().position(|page| page.id == id)
    }

    /// The row of a page as it stands in the file.
    ///
    /// A plain file is read at its place, a compressed one from its start.
    ///
    /// # Errors
    /// [`Error::Settings`] for a place that the queue does not have, [`Error::Io`], and [`Error::Data`] when the file has
    /// changed since.
    pub fn row(&self, at: usize) -> Result<String> {
        let page = self.pages.get(at).ok_or_else(|| {
            Error::Settings(format!("expected a place below {} in the queue, found {at}", self.pages.len()))
        })?;
        let is_it = |text: &[u8]| Row::read(text).is_ok_and(|row| row.id == page.id.as_str());
        let mut text = Vec::new();
        let mut file = File::open(&self.path).map_err(Error::io("read", &self.path))?;
        file.seek(SeekFrom::Start(page.offset)).map_err(Error::io("read", &self.path))?;
        let read = read_line(&mut BufReader::new(file), &mut text, LONGEST_ROW);
        if read.is_err() || !is_it(&text) {
            let mut from = decompressed_file(&self.path)?;
            for _ in 0..page.line {
                read_line(&mut from, &mut text, LONGEST_ROW).map_err(Error::io("read", &self.path))?;
            }
        }
        let changed = || {
            let problem = format!(
                "expected the row of `{}`, found another: the file has changed; read it anew",
                page.id
            );
            wrong(&self.path, page.line as usize, problem)
        };
        if is_it(&text) { String::from_utf8(text).map_err(|_| changed()) } else { Err(changed()) }
    }

    /// Lines that are no rows: how many, and the first ten of them.
    pub fn bad_rows(&self) -> (u64, &[BadRow]) {
        (self.bad_rows, &self.bad)
    }

    /// Rows of records that gave no page.
    pub fn errors(&self) -> u64 {
        self.errors
    }
}

/// A URL as it stands in the headers of labelled pages.
fn normal(url: &str) -> Option<String> {
    url::Url::parse(url).ok().map(|url| url.as_str().to_owned())
}

#[cfg(test)]
mod tests;

//! Rows in the inputs' order → which of them are copies of earlier ones (`--dedup`).
//!
//! Of two kept pages of one body the first stays. A page that is not kept is compared with all before it, and no kept page is
//! rejected as a copy of one that was not: its text would be lost. Each body that is entered goes into the file
//! `.OUTPUT.copies` as well, up to a length that the journal knows, so that a run that goes on finds the same copies.

use super::arguments::FilterArguments;
use super::journal::Journal;
use super::sink::Sink;
use super::tally::{Tally, Target};
use super::worker::{Compared, Rows, Sorting};
use crate::classify::{Finding, Reason};
use crate::likeness::{Fingerprint, Index};
use crate::output::{Copied, RowFormat};
use crate::{Error, atomic_file};
use anyhow::bail;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// The log-odds of a decision that no model has a say in, as those of the user's own selectors.
const CERTAIN: f32 = 10.0;
/// A page with a longer id is not entered: each of its copies would carry the id.
const ID_BYTES: usize = 2048;

/// Stands in the log where no more bodies are entered; else an entry begins with whether its page is kept.
const FULL: u8 = 2;

/// The bodies of a run.
pub(super) struct Copies {
    index: Index,
    /// What is entered, where the run can be resumed, and its file.
    log: Option<(Sink, PathBuf)>,
    /// How copies are written among the rejected rows; none where those are only counted.
    rejected: Option<RowFormat>,
    /// Whether the user knows that no more bodies are entered.
    told: bool,
}

/// The rows of a batch once its copies are told.
pub(super) struct Settled {
    pub(super) kept: Vec<u8>,
    pub(super) rejected: Vec<u8>,
}

/// A page and what it is a copy of.
struct Copy<'r> {
    page: &'r Compared,
    of: String,
    alike: f32,
    is_exact: bool,
}

impl Copies {
    /// Opens the index of a run that starts, or that goes on where its journal says.
    pub(super) fn open(
        arguments: &FilterArguments,
        sorting: &Sorting,
        journal: &Journal,
        journal_of: Option<&Path>,
    ) -> anyhow::Result<Option<Self>> {
        if sorting.dedup.is_none() {
            return Ok(None);
        }
        let mut index = Index::new(arguments.dedup_bytes());
        let log = match journal_of.map(Journal::path_of_copies) {
            None => None,
            Some(path) => {
                let sink = Sink::open(&path, journal.copies_bytes, &RowFormat::new())?;
                read_log(&path, journal.copies_bytes, &mut index)?;
                Some((sink, path))
            }
        };
        let rejected = sorting.write_rejected.then(|| sorting.rejected.clone());
        let told = index.is_full();
        Ok(Some(Self { index, log, rejected, told }))
    }

    /// Tells the copies of a batch and enters what is none; the batch's rows, where one of them changes.
    pub(super) fn settle(&mut self, rows: &Rows, tally: &mut Tally) -> anyhow::Result<Option<Settled>> {
        let mut copies = Vec::new();
        for page in &rows.compared {
            let found = self.index.find(&page.body, page.target == Target::Kept);
            if let Some(found) = found {
                let (of, alike, is_exact) = (found.of.to_owned(), found.alike, found.is_exact);
                tally.copied(page.target, is_exact, page.found);
                copies.push(Copy { page, of, alike, is_exact });
            } else {
                self.enter(page, tally)?;
            }
        }
        if copies.is_empty() { Ok(None) } else { self.rewritten(rows, &copies).map(Some) }
    }

    fn enter(&mut self, page: &Compared, tally: &mut Tally) -> anyhow::Result<()> {
        let (is_kept, was_full) = (page.target == Target::Kept, self.index.is_full());
        let is_entered = page.id.len() <= ID_BYTES && self.index.add(&page.id, is_kept, &page.body);
        if !is_entered {
            tally.uncompared();
        }
        match &mut self.log {
            Some((log, _)) if is_entered => log.append(&entry(&page.id, is_kept, &page.body)),
            Some((log, _)) if self.index.is_full() && !was_full => log.append(&[FULL]),
            _ => Ok(()),
        }
    }

    /// The rows with those of copies among the rejected ones.
    fn rewritten(&self, rows: &Rows, copies: &[Copy<'_>]) -> anyhow::Result<Settled> {
        let mut settled = Settled { kept: Vec::new(), rejected: Vec::new() };
        let (mut kept_to, mut rejected_to) = (0, 0);
        for copy in copies {
            let Compared { target, row, rejected_at, .. } = copy.page;
            let of_page = match target {
                Target::Kept => {
                    settled.kept.extend(rows.kept.get(kept_to..row.start).unwrap_or_default());
                    kept_to = row.end;
                    rows.kept.get(row.clone())
                }
                Target::Rejected => rows.rejected.get(row.clone()),
            };
            settled.rejected.extend(rows.rejected.get(rejected_to..*rejected_at).unwrap_or_default());
            rejected_to = if *target == Target::Rejected { row.end } else { *rejected_at };
            if let (Some(format), Some(of_page)) = (&self.rejected, of_page) {
                let finding = copy.finding();
                let said = Copied { of: &copy.of, alike: copy.alike, finding: &finding };
                format.append_copy(&mut settled.rejected, of_page, said)?;
            }
        }
        settled.kept.extend(rows.kept.get(kept_to..).unwrap_or_default());
        settled.rejected.extend(rows.rejected.get(rejected_to..).unwrap_or_default());
        Ok(settled)
    }

    /// What the user is told once, when no more bodies are entered.
    pub(super) fn note(&mut self) -> Option<String> {
        let is_new = !self.told && self.index.is_full();
        self.told |= is_new;
        is_new.then(|| {
            format!(
                "--dedup: the memory for bodies is full with {} pages; later ones are compared with these and not with each \
                 other; --dedup-memory gives more",
                self.index.len()
            )
        })
    }

    /// Ends a section: gives the length of what is entered.
    pub(super) fn end_section(&mut self) -> anyhow::Result<u64> {
        self.log.as_mut().map_or(Ok(0), |(log, _)| log.end_section())
    }

    /// Waits until what is entered is on the disk.
    pub(super) fn sync(&self) -> anyhow::Result<()> {
        self.log.as_ref().map_or(Ok(()), |(log, _)| log.sync())
    }

    /// Takes the file away, which nothing will be read of any more.
    pub(super) fn remove(&mut self) -> anyhow::Result<()> {
        Ok(self.log.take().map_or(Ok(()), |(_, path)| atomic_file::remove(&path))?)
    }
}

impl Copy<'_> {
    fn finding(&self) -> Finding {
        let text = if self.is_exact {
            format!("the body is that of `{}`", self.of)
        } else {
            format!(
                "of the body\'s and `{}`\'s runs of three words {:.0} % are the same",
                self.of,
                100.0 * self.alike
            )
        };
        Finding { reason: Reason::DuplicatePage, of: "verdict", weight: CERTAIN, text, blocks: Vec::new() }
    }
}

/// An entry of the log: whether the page is kept, the id behind its length, the fingerprint.
fn entry(id: &str, is_kept: bool, body: &Fingerprint) -> Vec<u8> {
    let mut entry = vec![u8::from(is_kept)];
    entry.extend((id.len() as u32).to_le_bytes());
    entry.extend(id.as_bytes());
    body.append_to(&mut entry);
    entry
}

/// Enters what the log has up to this length.
fn read_log(path: &Path, length: u64, index: &mut Index) -> anyhow::Result<()> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let mut log = BufReader::new(file.take(length));
    let mut first = [0];
    while log.read(&mut first).map_err(Error::io("read", path))? > 0 {
        if first == [FULL] {
            index.close();
            continue;
        }
        let read = read_entry(&mut log).ok().filter(|(id, body)| index.add(id, first == [1], body));
        if read.is_none() {
            bail!("`{}` is not what the run has written; use --force to start anew", path.display());
        }
    }
    Ok(())
}

fn read_entry(log: &mut impl Read) -> std::io::Result<(String, Fingerprint)> {
    let mut length = [0; 4];
    log.read_exact(&mut length)?;
    let mut id = String::new();
    log.take(u64::from(u32::from_le_bytes(length))).read_to_string(&mut id)?;
    Ok((id, Fingerprint::read(log)?))
}

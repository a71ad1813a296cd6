//! Rows in the inputs' order → which of them are copies of earlier ones (`--dedup`).
//!
//! Of two kept pages of one body the first stays. A page that is not kept is compared with all before it, and no kept page is
//! rejected as a copy of one that was not: its text would be lost. Each body that is entered goes into the file
//! `.OUTPUT.copies` as well, up to a length that the journal knows, so that a run that goes on finds the same copies.

use super::arguments::FilterArguments;
use super::tally::Target;
use super::worker::{Compared, Rows, Sorting};
use crate::Error;
use crate::classify::{Finding, Reason};
use crate::likeness::{Fingerprint, Index};
use crate::output::{Copied, RowFormat};
use anyhow::bail;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// The log-odds of a decision that no model has a say in, as those of the user's own selectors.
const CERTAIN: f32 = 10.0;
/// A page with a longer id is not entered: each of its copies would carry the id.
const ID_BYTES: usize = 2048;

/// Stands in the log where no more bodies are entered; else an entry begins with whether its page is kept.
const FULL: u8 = 2;

/// The bodies of a run.
pub(super) struct Copies {
    index: Index,
    /// Whether what is entered is noted, as the run can be resumed.
    is_logged: bool,
    /// How copies are written among the rejected rows; none where those are only counted.
    rejected: Option<RowFormat>,
    /// Whether the user knows that no more bodies are entered.
    told: bool,
}

/// The rows of a batch once its copies are told.
#[derive(Default)]
struct Settled {
    kept: Vec<u8>,
    rejected: Vec<u8>,
}

/// A page and what it is a copy of.
struct Copy<'r> {
    page: &'r Compared,
    of: String,
    alike: f32,
    is_exact: bool,
}

impl Copies {
    /// Opens the index of a run that starts, or that goes on behind these bytes of its log.
    pub(super) fn open(
        arguments: &FilterArguments,
        sorting: &Sorting,
        log: Option<(&Path, u64)>,
    ) -> anyhow::Result<Option<Self>> {
        if sorting.dedup.is_none() {
            return Ok(None);
        }
        let mut index = Index::new(arguments.dedup_bytes());
        if let Some((path, length)) = log {
            read_log(path, length, &mut index)?;
        }
        let rejected = sorting.write_rejected.then(|| sorting.rejected.clone());
        let told = index.is_full();
        Ok(Some(Self { index, is_logged: log.is_some(), rejected, told }))
    }

    /// Tells the copies of a batch and enters what is none.
    pub(super) fn settle(&mut self, rows: &mut Rows) -> anyhow::Result<()> {
        let mut copies = Vec::new();
        let compared = std::mem::take(&mut rows.compared);
        for page in &compared {
            let found = self.index.find(&page.body, page.target == Target::Kept);
            if let Some(found) = found {
                let (of, alike, is_exact) = (found.of.to_owned(), found.alike, found.is_exact);
                rows.tally.copied(page.target, is_exact, page.found);
                copies.push(Copy { page, of, alike, is_exact });
            } else {
                self.enter(page, rows);
            }
        }
        if !copies.is_empty() {
            let Settled { kept, rejected } = self.rewritten(rows, &copies)?;
            (rows.kept, rows.rejected) = (kept, rejected);
        }
        rows.remark = self.note();
        Ok(())
    }

    fn enter(&mut self, page: &Compared, rows: &mut Rows) {
        let (is_kept, was_full) = (page.target == Target::Kept, self.index.is_full());
        let is_entered = page.id.len() <= ID_BYTES && self.index.add(&page.id, is_kept, &page.body);
        if !is_entered {
            rows.tally.uncompared();
        }
        if self.is_logged && is_entered {
            rows.entered.append(&mut entry(&page.id, is_kept, &page.body));
        } else if self.is_logged && self.index.is_full() && !was_full {
            rows.entered.push(FULL);
        }
    }

    /// The rows with those of copies among the rejected ones.
    fn rewritten(&self, rows: &Rows, copies: &[Copy<'_>]) -> anyhow::Result<Settled> {
        let mut settled = Settled::default();
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
    fn note(&mut self) -> Option<String> {
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

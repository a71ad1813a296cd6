//! A batch of records → rows in memory.

use super::reader::{Batch, End};
use super::tally::{Tally, Target};
use super::turns::Done;
#[cfg(feature = "hosts")]
use crate::host::Evidence;
use crate::input::{Record, RecordError};
use crate::likeness::{Fingerprint, Likeness};
use crate::output::RowFormat;
use crate::provenance::Provenance;
use crate::{Document, Report, Verdict};
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What judges a page; an error where what is known of its source cannot be read.
pub(super) trait Judge: Fn(&Document) -> Result<Report, RecordError> + Sync {}
impl<F: Fn(&Document) -> Result<Report, RecordError> + Sync> Judge for F {}

/// How rows are written and sorted.
#[cfg_attr(
    feature = "hosts",
    expect(
        clippy::struct_excessive_bools,
        reason = "each is an option of the command, and they are independent"
    )
)]
#[derive(Debug, Clone)]
pub(super) struct Sorting {
    /// What the kept rows have.
    pub(super) kept: RowFormat,
    /// What the rejected rows have.
    pub(super) rejected: RowFormat,
    /// Whether pages in doubt are kept.
    pub(super) keep_review: bool,
    /// Whether rejected rows are written at all.
    pub(super) write_rejected: bool,
    /// Whether examples are collected for a report of the run.
    pub(super) examples: bool,
    /// Which copies are looked for.
    pub(super) dedup: Option<Likeness>,
    /// Whether evidence about hosts is added up.
    #[cfg(feature = "hosts")]
    pub(super) count_hosts: bool,
}

/// A row whose page may be a copy of one before it.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) id: String,
    pub(super) body: Fingerprint,
    /// Where the row goes if the page is no copy.
    pub(super) target: Target,
    /// Where it stands among the rows that go there; empty where it is not written.
    pub(super) row: Range<usize>,
    /// Where it would stand among the rejected rows.
    pub(super) rejected_at: usize,
    /// Whether the page has a finding.
    pub(super) found: bool,
}

/// The rows of a batch.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) sequence: u64,
    pub(super) kept: Vec<u8>,
    pub(super) rejected: Vec<u8>,
    /// Those of pages that may be copies, in order.
    pub(super) compared: Vec<Compared>,
    /// Pages that later ones are compared with, as the log of copies has them.
    pub(super) entered: Vec<u8>,
    pub(super) tally: Tally,
    #[cfg(feature = "hosts")]
    pub(super) evidence: Evidence,
    /// What went wrong, as far as the user is told while the run goes on.
    pub(super) messages: Vec<String>,
    /// What the user is told in any case.
    pub(super) remark: Option<String>,
    /// Bytes of the batch.
    pub(super) bytes: usize,
    pub(super) end: End,
}

impl Done for Rows {
    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Judges a batch.
pub(super) fn judged(judge: &impl Judge, sorting: &Sorting, batch: Batch) -> Rows {
    let mut rows = Rows {
        sequence: batch.sequence,
        kept: Vec::new(),
        rejected: Vec::new(),
        compared: Vec::new(),
        entered: Vec::new(),
        tally: Tally::of_mended(batch.mended),
        #[cfg(feature = "hosts")]
        evidence: Evidence::default(),
        messages: batch.notes,
        remark: None,
        bytes: batch.bytes,
        end: batch.end,
    };
    for record in batch.records {
        rows.add(judge, sorting, record);
    }
    rows
}

impl Rows {
    fn add(&mut self, judge: &impl Judge, sorting: &Sorting, record: Record) {
        let Record { provenance: from, outcome } = record;
        match outcome {
            Ok(document) => {
                self.tally.read(document.bytes().len());
                let (kept, rejected) = (self.kept.len(), self.rejected.len());
                let judged = guarded(|| self.judge(judge, sorting, (&document, &from)));
                if let Err(error) = judged.unwrap_or_else(|| Err(panicked(&document))) {
                    self.kept.truncate(kept);
                    self.rejected.truncate(rejected);
                    self.fail(sorting, &error, &from);
                }
            }
            Err(error) => self.fail(sorting, &error, &from),
        }
    }

    fn judge(
        &mut self,
        judge: &impl Judge,
        sorting: &Sorting,
        (document, from): (&Document, &Provenance),
    ) -> Result<(), RecordError> {
        let report = judge(document)?;
        let target = sorting.target(report.verdict());
        let starts = (self.kept.len(), self.rejected.len());
        match target {
            Target::Kept => sorting.kept.append_record(&mut self.kept, &report, Some(from)),
            Target::Rejected if sorting.write_rejected => {
                sorting.rejected.append_record(&mut self.rejected, &report, Some(from));
            }
            Target::Rejected => {}
        }
        self.compare(&report, target, starts, sorting.dedup);
        self.tally.judged(&report, target);
        if sorting.examples {
            self.tally.exemplify(&report, target);
        }
        #[cfg(feature = "hosts")]
        if sorting.count_hosts {
            self.evidence.add_page(&report);
        }
        Ok(())
    }

    /// Notes a row whose page may be a copy; what is dropped anyway is nobody's first.
    fn compare(&mut self, report: &Report, target: Target, starts: (usize, usize), dedup: Option<Likeness>) {
        let likeness = dedup.filter(|_| report.verdict() != Verdict::Drop);
        let Some(body) = likeness.and_then(|likeness| report.fingerprint(likeness)) else { return };
        let row = match target {
            Target::Kept => starts.0..self.kept.len(),
            Target::Rejected => starts.1..self.rejected.len(),
        };
        let (id, found) = (report.id().to_owned(), !report.reasons().is_empty());
        self.compared.push(Compared { id, body, target, row, rejected_at: starts.1, found });
    }

    fn fail(&mut self, sorting: &Sorting, error: &RecordError, from: &Provenance) {
        if sorting.write_rejected {
            sorting.rejected.append_failure(&mut self.rejected, error, Some(from));
        }
        self.tally.failed(error.kind);
        self.messages.push(format!("{}: {}", error.id, error.message));
    }
}

impl Sorting {
    fn target(&self, verdict: Verdict) -> Target {
        match verdict {
            Verdict::Keep => Target::Kept,
            Verdict::Review if self.keep_review => Target::Kept,
            Verdict::Review | Verdict::Drop => Target::Rejected,
        }
    }
}

thread_local! {
    /// Whether this thread judges a page.
    static JUDGING: Cell<bool> = const { Cell::new(false) };
    /// Where and why it panicked last while it did.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does something with a page; none where it panics.
pub(super) fn guarded<T>(act: impl FnOnce() -> T) -> Option<T> {
    JUDGING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(act));
    JUDGING.set(false);
    outcome.ok()
}

/// Makes panics of judging silent; their page's row tells them. Reading and writing are not meant.
pub(super) fn silence_panics() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if JUDGING.get() {
            PANIC.with(|panic| *panic.borrow_mut() = Some(info.to_string()));
        } else {
            default(info);
        }
    }));
}

fn panicked(document: &Document) -> RecordError {
    let cause = PANIC.with(|panic| panic.borrow_mut().take()).unwrap_or_default().replace('\n', " ");
    RecordError {
        id: document.id().to_owned(),
        url: document.url().map(str::to_owned),
        kind: "panic",
        message: format!(
            "the page could not be judged, which is a bug; please report it with the page: {cause}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::journal::Place;
    use super::*;
    use crate::input::Counts;

    fn batch(pages: &[&str]) -> Batch {
        let record = |(index, page): (usize, &&str)| Record {
            provenance: Provenance::new("in", index as u64 + 1),
            outcome: Ok(Document::text(*page).with_id(*page).with_url("https://a.example/")),
        };
        let place = Place { input: 0, position: pages.len() as u64 };
        let end = End { place, passed: Counts::default(), failed: Vec::new(), section: false };
        let records = pages.iter().enumerate().map(record).collect();
        Batch { sequence: 0, records, bytes: 0, mended: 0, notes: Vec::new(), end }
    }

    fn sorting(keep_review: bool) -> Sorting {
        Sorting {
            kept: RowFormat::new(),
            rejected: RowFormat::new(),
            keep_review,
            write_rejected: true,
            examples: false,
            dedup: None,
            #[cfg(feature = "hosts")]
            count_hosts: false,
        }
    }

    fn ids(rows: &[u8]) -> Vec<String> {
        let rows = std::str::from_utf8(rows).unwrap().lines();
        let rows = rows.map(|row| serde_json::from_str::<serde_json::Value>(row).unwrap());
        rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "what judges may fail")]
    fn by_name(document: &Document) -> Result<Report, RecordError> {
        let mut report = Report::unread(document.id());
        report.verdict = match document.id() {
            "keep" => Verdict::Keep,
            "drop" => Verdict::Drop,
            "bad" => panic!("the page is bad"),
            _ => Verdict::Review,
        };
        Ok(report)
    }

    #[test]
    fn pages_are_sorted_by_their_verdict() {
        let rows = judged(&by_name, &sorting(false), batch(&["keep", "doubt", "drop"]));
        assert_eq!(
            (ids(&rows.kept), ids(&rows.rejected)),
            (vec!["keep".into()], vec!["doubt".into(), "drop".into()])
        );
        let rows = judged(&by_name, &sorting(true), batch(&["keep", "doubt", "drop"]));
        assert_eq!(
            (ids(&rows.kept), ids(&rows.rejected)),
            (vec!["keep".into(), "doubt".into()], vec!["drop".into()])
        );
    }

    #[test]
    fn a_panic_becomes_an_error_row_and_the_batch_goes_on() {
        let rows = judged(&by_name, &sorting(false), batch(&["keep", "bad", "drop"]));
        assert_eq!(
            (ids(&rows.kept), ids(&rows.rejected)),
            (vec!["keep".into()], vec!["bad".into(), "drop".into()])
        );
        let first = std::str::from_utf8(&rows.rejected).unwrap().lines().next().unwrap();
        let row: serde_json::Value = serde_json::from_str(first).unwrap();
        assert_eq!(row["error"]["kind"], "panic");
        assert_eq!(row["url"], "https://a.example/");
        assert!(rows.tally.has_errors());
    }
}

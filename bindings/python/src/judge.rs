//! The threads that judge: a batch's rows in, a batch of as many rows out, in the same order.
//!
//! Pages are judged on threads of this module even when it is one: threads of an engine may have small stacks.

use crate::guard;
use crate::rows::{Page, Rows};
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use arrow_select::concat::concat_batches;
use sieve::output::{Columns, RowFormat};
use sieve::{Document, Filter, RecordError, Report};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

/// Stack of a thread that judges, in bytes; as in the program.
const STACK: usize = 16 << 20;
/// Rows that a thread takes at a time: few, so that threads end together. With pages of the default limit no column of so
/// many rows has 2 GiB.
const ROWS: usize = 16;
/// Bytes of a batch's results, all columns together. Offsets of Arrow's strings have 31 bits.
const MOST: usize = i32::MAX as usize;

/// A page that contains this makes judging panic.
#[cfg(feature = "poison")]
pub(crate) const POISON: &str = "PAGESIEVE-POISON";

/// What judges a page, and how large one may be.
#[derive(Debug, Clone)]
pub(crate) struct Judge {
    pub(crate) filter: Filter,
    /// Bytes of a page; a larger one is an error row.
    pub(crate) record_bytes: usize,
}

impl Judge {
    /// One page on a thread of its own.
    pub(crate) fn one(&self, page: Page<'_>, url: Option<&str>) -> Result<Report, RecordError> {
        let at = || (String::new(), url.map(str::to_owned));
        let judged = || self.page(page, at);
        let outcome = std::thread::scope(|scope| {
            let thread = Builder::new().stack_size(STACK).spawn_scoped(scope, judged);
            thread.ok().and_then(|thread| thread.join().ok())
        });
        // Where the system has no thread left, this one does it.
        outcome.unwrap_or_else(judged)
    }

    /// All rows of a batch.
    ///
    /// # Errors
    /// The library that makes the arrays has refused them, which no row causes.
    pub(crate) fn batch(
        &self,
        rows: &Rows,
        format: &RowFormat,
        threads: usize,
    ) -> Result<RecordBatch, ArrowError> {
        let parts = self.parts(rows, format, threads)?;
        joined(rows, format, parts)
    }

    /// The rows in parts, in order.
    fn parts(&self, rows: &Rows, format: &RowFormat, threads: usize) -> Result<Vec<Part>, ArrowError> {
        let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let work = || {
            loop {
                let start = next.fetch_add(ROWS, Ordering::Relaxed);
                if start >= rows.count {
                    return;
                }
                let part = self.part(rows, format, start..rows.count.min(start + ROWS));
                done.lock().unwrap_or_else(PoisonError::into_inner).push((start, part));
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..threads.min(rows.count.div_ceil(ROWS)) {
                // A thread fewer makes it slower, not wrong.
                let _ = Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            }
        });
        work();
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(start, _)| *start);
        let parts: Result<Vec<Vec<Part>>, ArrowError> = done.into_iter().map(|(_, part)| part).collect();
        Ok(parts?.into_iter().flatten().collect())
    }

    /// These rows. Where their text is too much for one batch they come in several.
    fn part(&self, rows: &Rows, format: &RowFormat, range: Range<usize>) -> Result<Vec<Part>, ArrowError> {
        let written = guard::caught(|| self.written(rows, format, range.clone()));
        let problem = match written {
            Ok(Ok(batch)) => return Ok(vec![Part { range, batch }]),
            Ok(Err(error)) => error.to_string(),
            Err(panic) => panic,
        };
        if range.len() < 2 {
            let message = format!("the row could not be written: {problem}");
            let batch = failures(rows, format, range.clone(), "panic", &message)?;
            return Ok(vec![Part { range, batch }]);
        }
        let middle = range.start + range.len() / 2;
        let mut parts = self.part(rows, format, range.start..middle)?;
        parts.extend(self.part(rows, format, middle..range.end)?);
        Ok(parts)
    }

    fn written(
        &self,
        rows: &Rows,
        format: &RowFormat,
        range: Range<usize>,
    ) -> Result<RecordBatch, ArrowError> {
        let mut columns = Columns::new(format, range.len())?;
        for row in range {
            match self.row(rows, row) {
                Ok(report) => columns.push_report(&report)?,
                Err(error) => columns.push_failure(&error)?,
            }
        }
        columns.finish()
    }

    fn row(&self, rows: &Rows, row: usize) -> Result<Report, RecordError> {
        self.page(rows.page(row)?, || (rows.id(row), rows.url(row)))
    }

    fn page(&self, page: Page<'_>, at: impl Fn() -> (String, Option<String>)) -> Result<Report, RecordError> {
        let refused = |kind, message| {
            let (id, url) = at();
            RecordError { id, url, kind, message }
        };
        if page.bytes.len() > self.record_bytes {
            return Err(refused("too_large", too_large(page.bytes.len(), self.record_bytes)));
        }
        let (id, url) = at();
        let document = page.document(id, url);
        guard::caught(|| self.check(&document)).map_err(|cause| {
            let message = "the page could not be judged, which is a bug; please report it with the page";
            refused("panic", format!("{message}: {cause}"))
        })
    }

    fn check(&self, document: &Document) -> Report {
        #[cfg(feature = "poison")]
        assert!(!String::from_utf8_lossy(document.bytes()).contains(POISON), "the page is poison");
        self.filter.check(document)
    }
}

/// Some rows of a batch, judged.
struct Part {
    range: Range<usize>,
    batch: RecordBatch,
}

fn too_large(found: usize, limit: usize) -> String {
    format!(
        "the page has {found} bytes, more than the limit of {limit}, and was left out; raise `record_bytes` of limits= to \
         judge it"
    )
}

/// One batch of all parts. Rows that no longer fit are error rows.
fn joined(rows: &Rows, format: &RowFormat, parts: Vec<Part>) -> Result<RecordBatch, ArrowError> {
    let (mut bytes, mut batches) = (0, Vec::with_capacity(parts.len()));
    for Part { range, batch } in parts {
        let size = batch.get_array_memory_size();
        if size > MOST - bytes {
            let message =
                "the results of the rows before this one fill a batch (2 GiB); give fewer rows in a batch";
            batches.push(failures(rows, format, range, "too_large", message)?);
        } else {
            bytes += size;
            batches.push(batch);
        }
    }
    match batches.as_slice() {
        [batch] => Ok(batch.clone()),
        several => concat_batches(&Columns::schema(format), several),
    }
}

fn failures(
    rows: &Rows,
    format: &RowFormat,
    mut range: Range<usize>,
    kind: &'static str,
    message: &str,
) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::new(format, range.len())?;
    range.try_for_each(|row| columns.push_failure(&rows.error(row, kind, message.to_owned())))?;
    columns.finish()
}

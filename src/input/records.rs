//! The records of one input, whatever its kind, and what was passed over on the way.

use super::fault::Fault;
use super::{Record, RecordError};
use crate::page::Document;
use crate::provenance::{Fields, Provenance};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The records of one input in their order. Ends at the input's end, or after the error row of a failure of
/// the system behind which nothing can be read.
pub struct Records {
    name: Name,
    source: Box<dyn Source>,
    counts: Counts,
    read: Arc<AtomicU64>,
}

/// What an input is called.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// As the user named it.
    pub(super) input: Arc<str>,
    /// With what ids begin: the path below the folder that was given, else the same.
    pub(super) id: Arc<str>,
}

impl Name {
    /// An input that no folder was given for.
    pub(super) fn of(input: impl Into<Arc<str>>) -> Self {
        let input = input.into();
        Self { id: Arc::clone(&input), input }
    }
}

impl Records {
    pub(super) fn new(name: Name, source: Box<dyn Source>, read: Arc<AtomicU64>) -> Self {
        Self { name, source, counts: Counts::default(), read }
    }

    /// What was passed over or repaired so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Bytes read so far, before decompression; for progress against [`super::Input::bytes`].
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    fn id(&self, position: u64) -> String {
        format!("{}#{position}", self.name.id)
    }

    fn complete(&self, document: Document, position: u64) -> Document {
        if document.id().is_empty() { document.with_id(self.id(position)) } else { document }
    }

    fn error(&self, failed: Failed, position: u64) -> RecordError {
        failed.fault.into_error(failed.id.unwrap_or_else(|| self.id(position)), failed.url)
    }
}

impl Iterator for Records {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let Row { position, fields, outcome } = self.source.next_row(&mut self.counts)?;
        let outcome = match outcome {
            Ok(document) => Ok(self.complete(document, position)),
            Err(failed) => Err(self.error(failed, position)),
        };
        let input = Arc::clone(&self.name.input);
        Some(Record { provenance: Provenance { input, position, fields }, outcome })
    }
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records")
            .field("name", &self.name)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

/// What gives the rows of one kind of input.
pub(super) trait Source: Send {
    fn next_row(&mut self, counts: &mut Counts) -> Option<Row>;
}

/// A record before its input's name is added.
pub(super) struct Row {
    pub(super) position: u64,
    /// What the record says beside the page.
    pub(super) fields: Fields,
    pub(super) outcome: Result<Document, Failed>,
}

impl Row {
    /// The row of a record that says nothing beside its page.
    pub(super) fn new(position: u64, outcome: Result<Document, Failed>) -> Self {
        Self { position, fields: Fields::default(), outcome }
    }

    /// A row of a fault that no record's name is known of.
    pub(super) fn fault(position: u64, fault: Fault) -> Self {
        Self::new(position, Err(Failed { id: None, url: None, fault }))
    }
}

/// A record that gave no document.
pub(super) struct Failed {
    pub(super) id: Option<String>,
    pub(super) url: Option<String>,
    pub(super) fault: Fault,
}

impl Failed {
    /// The same with the part of the input in which it happened.
    pub(super) fn within(self, part: &str) -> Self {
        Self { fault: self.fault.within(part), ..self }
    }
}

/// A source of at most one row.
pub(super) struct Single(Option<Row>);

impl Single {
    pub(super) fn new(outcome: Result<Document, Failed>) -> Self {
        Self(Some(Row::new(1, outcome)))
    }

    pub(super) fn empty() -> Self {
        Self(None)
    }
}

impl Source for Single {
    fn next_row(&mut self, _: &mut Counts) -> Option<Row> {
        self.0.take()
    }
}

/// How many records were no pages, and how many were repaired, by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    skipped: BTreeMap<Cow<'static, str>, u64>,
    repaired: BTreeMap<Cow<'static, str>, u64>,
}

impl Counts {
    /// Records that hold no page, by reason: a WARC record type that never does (`request`, `warcinfo`,
    /// `metadata`, `revisit`, `continuation`, `other_record_type`), `tool_record` (a crawler's log, its list of what
    /// it was asked or of pages, its own copy of a page's text), `redirect` (a redirection without a body) or `not_a_page` (images,
    /// scripts, feeds…).
    pub fn skipped(&self) -> impl Iterator<Item = (&str, u64)> {
        self.skipped.iter().map(|(reason, &count)| (&**reason, count))
    }

    /// JSON lines that were repaired before they could be read: `lone_surrogate` and `invalid_utf8`, of which
    /// each became U+FFFD, and `not_a_number` (NaN, Infinity), of which each became null.
    pub fn repaired(&self) -> impl Iterator<Item = (&str, u64)> {
        self.repaired.iter().map(|(reason, &count)| (&**reason, count))
    }

    /// Adds the counts of another input.
    pub fn add(&mut self, other: &Self) {
        for (ours, theirs) in [(&mut self.skipped, &other.skipped), (&mut self.repaired, &other.repaired)] {
            for (reason, count) in theirs {
                *ours.entry(reason.clone()).or_default() += count;
            }
        }
    }

    pub(super) fn skip(&mut self, reason: &'static str) {
        *self.skipped.entry(reason.into()).or_default() += 1;
    }

    pub(super) fn repair(&mut self, reason: &'static str) {
        *self.repaired.entry(reason.into()).or_default() += 1;
    }
}

//! Inputs → batches of records, cut where the records alone say.

use super::journal::Place;
use crate::input::{Counts, Input, Inputs, Record, RecordError, Records};
use std::iter::{Enumerate, Skip};
use std::slice::Iter;
use std::sync::Arc;

/// Bytes after which a batch ends: a few pages, as every thread holds a batch in memory.
const BATCH_BYTES: usize = 256 << 10;
/// Records after which a batch ends, where they are small.
const BATCH_RECORDS: usize = 64;
/// Bytes after which a section ends: the rows of a section are one member of a compressed output.
const SECTION_BYTES: usize = 16 << 20;
/// Records after which a section ends.
const SECTION_RECORDS: usize = 256;
/// What a record takes in memory beside its bytes.
const RECORD_OVERHEAD: usize = 1 << 10;

/// Records that one thread takes at a time.
#[derive(Debug)]
pub(super) struct Batch {
    /// Its number, from 0.
    pub(super) sequence: u64,
    pub(super) records: Vec<Record>,
    /// What the records take in memory, about.
    pub(super) bytes: usize,
    pub(super) end: End,
}

/// How far the inputs are read when a batch has been written.
#[derive(Debug)]
pub(super) struct End {
    pub(super) place: Place,
    /// Records that were passed over since the run started.
    pub(super) passed: Counts,
    /// Whether a section ends here.
    pub(super) section: bool,
}

/// Cuts the stream of records into batches and sections. The last batch, which may be empty, ends a section
/// and tells that all inputs are read.
#[derive(Debug)]
pub(super) struct Batches<'i> {
    inputs: Skip<Enumerate<Iter<'i, Input>>>,
    /// The input that is being read, and its number.
    open: Option<(usize, Records)>,
    /// Records of the next input that were read by the run that is resumed.
    after: u64,
    /// Where the inputs end; none once the last batch is cut.
    end: Option<Place>,
    sequence: u64,
    records: Vec<Record>,
    bytes: usize,
    section_records: usize,
    section_bytes: usize,
    place: Place,
    /// Records passed over in the inputs that are finished.
    passed: Counts,
}

impl<'i> Batches<'i> {
    /// Reads all inputs from `start` on.
    pub(super) fn new(inputs: &'i Inputs, start: Place) -> Self {
        Self {
            inputs: inputs.iter().enumerate().skip(start.input),
            open: None,
            after: start.position,
            end: Some(Place { input: inputs.len(), position: 0 }),
            sequence: 0,
            records: Vec::new(),
            bytes: 0,
            section_records: 0,
            section_bytes: 0,
            place: start,
            passed: Counts::default(),
        }
    }

    /// The next record of all inputs; the place is then the one behind it.
    fn record(&mut self) -> Option<Record> {
        loop {
            if let Some((index, records)) = &mut self.open {
                if let Some(record) = records.next() {
                    self.place = Place { input: *index, position: record.position };
                    return Some(record);
                }
                self.passed.add(records.counts());
                self.open = None;
            }
            let (index, input) = self.inputs.next()?;
            match input.open_after(std::mem::take(&mut self.after)) {
                Ok(records) => self.open = Some((index, records)),
                Err(error) => {
                    self.place = Place { input: index + 1, position: 0 };
                    return Some(unopened(input, &error));
                }
            }
        }
    }

    fn add(&mut self, record: Record) {
        let bytes = record.outcome.as_ref().map_or(0, |document| document.bytes().len());
        self.bytes += bytes + RECORD_OVERHEAD;
        self.section_bytes += bytes;
        self.section_records += 1;
        self.records.push(record);
    }

    fn ends_section(&self) -> bool {
        self.section_records >= SECTION_RECORDS || self.section_bytes >= SECTION_BYTES
    }

    fn ends_batch(&self) -> bool {
        self.records.len() >= BATCH_RECORDS || self.bytes >= BATCH_BYTES
    }

    /// What there is as a batch.
    fn cut(&mut self, section: bool) -> Batch {
        let mut passed = self.passed.clone();
        if let Some((_, records)) = &self.open {
            passed.add(records.counts());
        }
        let batch = Batch {
            sequence: self.sequence,
            records: std::mem::take(&mut self.records),
            bytes: std::mem::take(&mut self.bytes),
            end: End { place: self.place, passed, section },
        };
        self.sequence += 1;
        if section {
            (self.section_records, self.section_bytes) = (0, 0);
        }
        batch
    }
}

impl Iterator for Batches<'_> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        while let Some(record) = self.record() {
            self.add(record);
            let section = self.ends_section();
            if section || self.ends_batch() {
                return Some(self.cut(section));
            }
        }
        self.place = self.end.take()?;
        Some(self.cut(true))
    }
}

/// The error row of an input that could not be opened.
fn unopened(input: &Input, error: &crate::Error) -> Record {
    let failed = RecordError {
        id: input.name().to_string(),
        url: None,
        kind: "unreadable_input",
        message: error.to_string(),
    };
    Record { input: Arc::clone(input.name()), position: 0, outcome: Err(failed) }
}

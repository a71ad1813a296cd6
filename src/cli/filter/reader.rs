//! Inputs → batches of records, cut where the records alone say.

use super::gate::Gate;
use super::journal::Place;
use super::tally::Passed;
use crate::input::{Input, Inputs, Record, RecordError, Records};
use crossbeam_channel::Sender;
use std::sync::Arc;

/// Bytes after which a batch ends: some ten pages, so that threads finish together.
const BATCH_BYTES: usize = 1 << 20;
/// Records after which a batch ends, where they are small.
const BATCH_RECORDS: usize = 64;
/// Bytes after which a section ends: the rows of a section are one member of a compressed output.
const SECTION_BYTES: usize = 16 << 20;
/// Records after which a section ends.
const SECTION_RECORDS: usize = 256;
/// What a record takes in memory beside its bytes.
const RECORD_OVERHEAD: usize = 1 << 10;

/// Records that one worker takes at a time.
#[derive(Debug)]
pub(super) struct Batch {
    /// Its number, from 0.
    pub(super) sequence: u64,
    pub(super) records: Vec<Record>,
    /// Bytes that it took at the gate.
    pub(super) bytes: usize,
    pub(super) end: End,
}

/// How far the inputs are read when a batch has been written.
#[derive(Debug)]
pub(super) struct End {
    pub(super) place: Place,
    /// Records that were passed over since the run started.
    pub(super) passed: Passed,
    /// Whether a section ends here.
    pub(super) section: bool,
}

/// Reads all inputs from `start` on and sends them as batches; ends early when nobody takes them any more.
pub(super) fn read(inputs: &Inputs, start: Place, gate: &Gate, batches: &Sender<Batch>) {
    let mut cutter = Cutter::new(start, gate, batches);
    for (index, input) in inputs.iter().enumerate().skip(start.input) {
        let after = if index == start.input { start.position } else { 0 };
        if cutter.input(index, input, after).is_none() {
            return;
        }
    }
    cutter.place = Place { input: inputs.len(), position: 0 };
    cutter.send(true);
}

/// Cuts the stream of records into batches and sections.
struct Cutter<'r> {
    gate: &'r Gate,
    batches: &'r Sender<Batch>,
    sequence: u64,
    records: Vec<Record>,
    bytes: usize,
    section_records: usize,
    section_bytes: usize,
    place: Place,
    /// Records passed over in the inputs that are finished.
    passed: Passed,
}

impl<'r> Cutter<'r> {
    fn new(place: Place, gate: &'r Gate, batches: &'r Sender<Batch>) -> Self {
        Self {
            gate,
            batches,
            sequence: 0,
            records: Vec::new(),
            bytes: 0,
            section_records: 0,
            section_bytes: 0,
            place,
            passed: Passed::default(),
        }
    }

    /// Reads one input; none when the run is over.
    fn input(&mut self, index: usize, input: &Input, after: u64) -> Option<()> {
        let mut records = match input.open_after(after) {
            Ok(records) => records,
            Err(error) => {
                let place = Place { input: index + 1, position: 0 };
                return self.add(unopened(input, &error), place, None);
            }
        };
        while let Some(record) = records.next() {
            let place = Place { input: index, position: record.position };
            self.add(record, place, Some(&records))?;
        }
        self.passed.add(records.counts());
        Some(())
    }

    fn add(&mut self, record: Record, place: Place, records: Option<&Records>) -> Option<()> {
        let bytes = record.outcome.as_ref().map_or(0, |document| document.bytes().len());
        self.bytes += bytes + RECORD_OVERHEAD;
        self.section_bytes += bytes;
        self.section_records += 1;
        self.records.push(record);
        self.place = place;
        let section = self.section_records >= SECTION_RECORDS || self.section_bytes >= SECTION_BYTES;
        if section || self.records.len() >= BATCH_RECORDS || self.bytes >= BATCH_BYTES {
            let finished = self.passed.clone();
            if let Some(records) = records {
                self.passed.add(records.counts());
            }
            let sent = self.send(section);
            self.passed = finished;
            return sent;
        }
        Some(())
    }

    /// Sends what there is as a batch; none when nobody takes it.
    fn send(&mut self, section: bool) -> Option<()> {
        let bytes = std::mem::take(&mut self.bytes);
        let end = End { place: self.place, passed: self.passed.clone(), section };
        let batch = Batch { sequence: self.sequence, records: std::mem::take(&mut self.records), bytes, end };
        self.sequence += 1;
        if section {
            (self.section_records, self.section_bytes) = (0, 0);
        }
        let sent = self.gate.enter(bytes) && self.batches.send(batch).is_ok();
        sent.then_some(())
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

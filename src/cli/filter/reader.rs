//! Inputs → batches of records, cut where the records alone say.

use super::journal::Place;
use super::plan::{Plan, UNOPENED};
use crate::input::{Counts, Input, Record, RecordError, Records};
use crate::provenance::Provenance;
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
    /// Inputs that failed before and are being read now.
    pub(super) mended: u64,
    /// What the user is told of inputs that failed again.
    pub(super) notes: Vec<String>,
    pub(super) end: End,
}

/// How far the inputs are read when a batch has been written.
#[derive(Debug)]
pub(super) struct End {
    pub(super) place: Place,
    /// Records that were passed over since the run started.
    pub(super) passed: Counts,
    /// What could not be read since the run started, and is to be read again.
    pub(super) failed: Vec<Place>,
    /// Whether a section ends here.
    pub(super) section: bool,
}

/// Cuts the stream of records into batches and sections. The last batch, which may be empty, ends a section
/// and tells that all inputs are read.
#[derive(Debug)]
pub(super) struct Batches<'i> {
    plan: &'i Plan<'i>,
    /// The step that is next.
    step: usize,
    /// The input that is being read, and its step.
    open: Option<(usize, Records)>,
    /// Records of the next input that were read by the run that is resumed.
    after: u64,
    /// Where the steps end; none once the last batch is cut.
    end: Option<Place>,
    sequence: u64,
    records: Vec<Record>,
    bytes: usize,
    mended: u64,
    notes: Vec<String>,
    section_records: usize,
    section_bytes: usize,
    place: Place,
    /// Records passed over in the inputs that are finished.
    passed: Counts,
    failed: Vec<Place>,
}

impl<'i> Batches<'i> {
    /// Reads all inputs from `start` on.
    pub(super) fn new(plan: &'i Plan<'i>, start: Place) -> Self {
        Self {
            plan,
            step: start.input,
            open: None,
            after: start.position,
            end: Some(plan.end()),
            sequence: 0,
            records: Vec::new(),
            bytes: 0,
            mended: 0,
            notes: Vec::new(),
            section_records: 0,
            section_bytes: 0,
            place: start,
            passed: Counts::default(),
            failed: Vec::new(),
        }
    }

    /// The next record of all inputs; the place is then the one behind it.
    fn record(&mut self) -> Option<Record> {
        loop {
            if let Some((step, records)) = &mut self.open {
                if let Some(record) = records.next() {
                    self.place = Place { input: *step, position: record.provenance.position };
                    self.failed.extend(self.plan.failure(*step, &record));
                    return Some(record);
                }
                self.passed.add(records.counts());
                self.open = None;
            }
            let step = self.step;
            let (input, from) = self.plan.step(step)?;
            self.step += 1;
            let after = std::mem::take(&mut self.after);
            // A position counts from the start of the input, also in a step that begins behind it.
            match input.open_after(after.max(from.position)) {
                Ok(records) => {
                    self.open = Some((step, records));
                    // A step that was begun before has been counted then.
                    self.mended += u64::from(after == 0 && self.plan.is_again(step));
                }
                Err(error) => {
                    if let Some(record) = self.unopened(step, input, &error) {
                        return Some(record);
                    }
                }
            }
        }
    }

    /// The error row of an input that could not be opened; none where it has one since the run was here before.
    fn unopened(&mut self, step: usize, input: &Input, error: &crate::Error) -> Option<Record> {
        self.place = Place { input: step + 1, position: 0 };
        let record = unopened(input, error);
        self.failed.extend(self.plan.failure(step, &record));
        if self.plan.is_again(step) {
            self.notes.push(format!("{}: {error}", input.name()));
            return None;
        }
        Some(record)
    }

    fn add(&mut self, record: Record) {
        let bytes = record.bytes();
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
            mended: std::mem::take(&mut self.mended),
            notes: std::mem::take(&mut self.notes),
            end: End { place: self.place, passed, failed: self.failed.clone(), section },
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
    let failed =
        RecordError { id: input.id().to_string(), url: None, kind: UNOPENED, message: error.to_string() };
    Record { provenance: Provenance::new(Arc::clone(input.name()), 0), outcome: Err(failed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::filter::journal::{Journal, Settings};
    use crate::input::{InputOptions, Inputs};
    use std::fs;

    /// Ids of the records, inputs that are read at last, and what failed.
    fn read(plan: &Plan<'_>, start: Place) -> (Vec<String>, u64, Vec<Place>) {
        let id = |record: &Record| match &record.outcome {
            Ok(document) => document.id().to_owned(),
            Err(error) => format!("!{}", error.kind),
        };
        let batches: Vec<Batch> = Batches::new(plan, start).collect();
        let ids = batches.iter().flat_map(|batch| batch.records.iter().map(id)).collect();
        let last = batches.last().unwrap();
        assert_eq!(last.end.place, plan.end());
        (ids, batches.iter().map(|batch| batch.mended).sum(), last.end.failed.clone())
    }

    #[test]
    fn an_input_that_failed_is_read_behind_the_others_when_the_run_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let line = |name: &str, at: usize| format!("{{\"id\":\"{name}{at}\",\"text\":\"x\"}}\n");
        let lines = |name: &str| [1, 2, 3].map(|at| line(name, at)).concat();
        fs::write(path("a.jsonl"), lines("a")).unwrap();
        fs::write(path("c.jsonl"), lines("c")).unwrap();
        let inputs =
            Inputs::new([path("a.jsonl"), path("b.jsonl"), path("c.jsonl")], InputOptions::default());
        let mut journal = Journal::new(Settings::new(&inputs, Vec::new()));
        let plan = Plan::new(&inputs, Some(&journal));
        let start = Place { input: 0, position: 2 };
        let (ids, mended, failed) = read(&plan, start);
        assert_eq!((ids.join(" ").as_str(), mended), ("a3 !unreadable_input c1 c2 c3", 0));
        assert_eq!(failed, [Place { input: 1, position: 0 }]);

        // It fails again, and has its row already; the end of `c` broke off.
        journal.again = [failed, vec![Place { input: 2, position: 2 }]].concat();
        let plan = Plan::new(&inputs, Some(&journal));
        let (ids, mended, failed) = read(&plan, Place { input: 3, position: 0 });
        assert_eq!((ids.join(" ").as_str(), mended), ("c3", 1));
        assert_eq!(failed, [Place { input: 1, position: 0 }]);

        journal.again.extend(failed);
        fs::write(path("b.jsonl"), lines("b")).unwrap();
        let plan = Plan::new(&inputs, Some(&journal));
        let (ids, mended, _) = read(&plan, Place { input: 5, position: 0 });
        assert_eq!((ids.join(" ").as_str(), mended), ("b1 b2 b3", 1));
        let (ids, mended, _) = read(&plan, Place { input: 5, position: 1 });
        assert_eq!((ids.join(" ").as_str(), mended), ("b2 b3", 0));
    }
}

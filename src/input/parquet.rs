//! Parquet: the rows of a file → documents, row group by row group.
//!
//! A row becomes the same `Object` that a JSON line becomes, so the names of fields, what is the page and what comes back are
//! decided in one place (`json_page`). Texts go there as they are; what is no text is written as JSON first, by `arrow-json`.

use super::fault::Fault;
use super::json_page::{Object, Wanted};
use super::options::InputOptions;
use super::records::{Counts, Row, Source};
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_json::WriterBuilder;
use arrow_json::writer::LineDelimited;
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use serde_json::value::RawValue;
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// What the crate says of a compression that it was built without.
const DISABLED: &str = "Disabled feature";
/// Bytes of rows that are read at a time, about.
const BATCH_BYTES: usize = 4 << 20;
/// Rows that are read at a time, at most.
const BATCH_ROWS: usize = 256;

/// The rows of one file.
pub(super) struct Parquet {
    file: File,
    metadata: ArrowReaderMetadata,
    /// The row group that is next, and the rows before it.
    group: usize,
    before: u64,
    /// Rows of that group that are not wanted.
    skipped: usize,
    open: Option<ParquetRecordBatchReader>,
    /// Rows that are read and not yet given.
    rows: VecDeque<Result<Object, Fault>>,
    /// The last row that was given.
    position: u64,
    options: Arc<InputOptions>,
}

impl Parquet {
    /// Opens a file behind the row `after`, from 1.
    pub(super) fn open(path: &Path, after: u64, options: Arc<InputOptions>) -> Result<Self, Fault> {
        let file = File::open(path).map_err(|error| Fault::read("the Parquet file", &error))?;
        // What another program noted of its own types does not change what the columns hold.
        let read = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = unwound(|| ArrowReaderMetadata::load(&file, read).map_err(|error| error.to_string()));
        let metadata = metadata.map_err(|error| no_footer(&error))?;
        let mut parquet = Self {
            file,
            metadata,
            group: 0,
            before: 0,
            skipped: 0,
            open: None,
            rows: VecDeque::new(),
            position: after,
            options,
        };
        parquet.pass_groups(after);
        Ok(parquet)
    }

    /// Passes over the row groups that end at or before a row.
    fn pass_groups(&mut self, after: u64) {
        while let Some(rows) = self.rows_of(self.group)
            && self.before.saturating_add(rows) <= after
        {
            self.before += rows;
            self.group += 1;
        }
        self.skipped = after.saturating_sub(self.before) as usize;
    }

    /// How many rows a row group has; none behind the last.
    fn rows_of(&self, group: usize) -> Option<u64> {
        let groups = self.metadata.metadata().row_groups();
        groups.get(group).map(|group| u64::try_from(group.num_rows()).unwrap_or(0))
    }

    /// Opens the next row group; none behind the last.
    fn open_group(&mut self) -> Option<Result<(), Fault>> {
        let rows = self.rows_of(self.group)?;
        let skipped = std::mem::take(&mut self.skipped);
        let bytes = self.metadata.metadata().row_group(self.group).total_byte_size();
        let row_bytes = usize::try_from(bytes).unwrap_or(0) / (rows as usize).max(1);
        let batch = (BATCH_BYTES / row_bytes.max(1)).clamp(1, BATCH_ROWS);
        let opened = self.file.try_clone().map_err(|error| error.to_string()).and_then(|file| {
            unwound(|| {
                let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
                let builder = builder.with_row_groups(vec![self.group]).with_offset(skipped);
                builder.with_batch_size(batch).build().map_err(|error| error.to_string())
            })
        });
        self.group += 1;
        self.before = self.before.saturating_add(rows);
        Some(match opened {
            Ok(reader) => {
                self.open = Some(reader);
                Ok(())
            }
            Err(error) => Err(self.lost(&error)),
        })
    }

    /// Reads the next rows of the group that is open; it is closed at its end.
    fn read_batch(&mut self) -> Result<(), Fault> {
        let Some(reader) = &mut self.open else { return Ok(()) };
        let read = unwound(|| reader.next().transpose().map_err(|error| error.to_string()));
        match read {
            Ok(Some(batch)) => {
                let objects = unwound(|| objects(&batch, &self.options));
                self.rows = objects.map_err(|error| self.lost(&error))?;
                Ok(())
            }
            Ok(None) => {
                self.open = None;
                Ok(())
            }
            Err(error) => Err(self.lost(&error)),
        }
    }

    /// The fault of the rest of a row group, which is passed over.
    fn lost(&mut self, error: &str) -> Fault {
        self.open = None;
        let (first, last, group) = (self.position + 1, self.before, self.group);
        let (kind, advice) = if error.contains(DISABLED) {
            ("unsupported_format", "write it with zstd, snappy, gzip or lz4")
        } else {
            ("damaged", "fetch or copy the file again")
        };
        let cause = error.replace('\n', " ");
        let message = format!("rows {first} to {last} (row group {group}) cannot be read: {cause}; {advice}");
        Fault::new(kind, message)
    }

    fn row(&mut self, object: Result<Object, Fault>) -> Row {
        self.position += 1;
        match object {
            Ok(object) => {
                let (fields, outcome) = object.into_document(&self.options.json);
                Row { position: self.position, fields, outcome }
            }
            Err(fault) => Row::fault(self.position, fault),
        }
    }
}

impl Source for Parquet {
    fn next_row(&mut self, _: &mut Counts) -> Option<Row> {
        loop {
            if let Some(object) = self.rows.pop_front() {
                return Some(self.row(object));
            }
            let read = if self.open.is_some() { self.read_batch() } else { self.open_group()? };
            if let Err(fault) = read {
                let row = Row::fault(self.position + 1, fault);
                // The rows that are lost keep their positions.
                self.position = self.before.max(self.position + 1);
                return Some(row);
            }
        }
    }
}

/// What the crate makes of a damaged file may be a panic, which is an error here.
fn unwound<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("its bytes make no sense".to_owned()))
}

fn no_footer(error: &str) -> Fault {
    let problem =
        "the footer at the end of the Parquet file cannot be read, and without it no row can be found";
    let message = format!("{problem}: {}; fetch or copy the file again", error.replace('\n', " "));
    Fault::new("truncated", message)
}

/// The rows of a batch.
fn objects(batch: &RecordBatch, options: &InputOptions) -> Result<VecDeque<Result<Object, Fault>>, String> {
    let wanted = Wanted(&options.json);
    let (texts, others): (Vec<usize>, Vec<usize>) =
        (0..batch.num_columns()).partition(|column| is_text(batch.column(*column).data_type()));
    let needed = |column: &usize| wanted.needs(batch.schema_ref().field(*column).name());
    let others: Vec<usize> = others.into_iter().filter(needed).collect();
    let mut values = json_values(&batch.project(&others).map_err(|error| error.to_string())?)?;
    let mut objects = VecDeque::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let mut object = Object::default();
        let mut json = values.pop_front().unwrap_or_default();
        for (column, field) in batch.schema_ref().fields().iter().enumerate() {
            let name = field.name();
            if !texts.contains(&column) {
                object.add_json(&wanted, name, json.remove(name));
            } else if let Some(bytes) = bytes_of(batch.column(column).as_ref(), row) {
                object.add_bytes(&wanted, name, bytes);
            } else {
                object.add_json(&wanted, name, None);
            }
        }
        objects.push_back(object.bounded(options.record_bytes));
    }
    Ok(objects)
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::Binary)
}

/// The bytes of a text; none where it is null.
fn bytes_of(column: &dyn Array, row: usize) -> Option<&[u8]> {
    if column.is_null(row) {
        return None;
    }
    match column.data_type() {
        DataType::Utf8 => Some(column.as_string::<i32>().value(row).as_bytes()),
        DataType::Binary => Some(column.as_binary::<i32>().value(row)),
        _ => None,
    }
}

type Values = HashMap<String, Box<RawValue>>;

/// The values of the columns that are no texts, as JSON, a row each.
fn json_values(batch: &RecordBatch) -> Result<VecDeque<Values>, String> {
    if batch.num_columns() == 0 {
        return Ok(VecDeque::new());
    }
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(Vec::new());
    writer.write(batch).map_err(|error| error.to_string())?;
    writer.finish().map_err(|error| error.to_string())?;
    let lines = writer.into_inner();
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).map_err(|error| error.to_string())).collect()
}

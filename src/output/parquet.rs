//! Rows → Parquet: the columns of [`columns`](super::columns), in row groups.

use super::columns::{decoder, fields};
use super::jsonl::RowFormat;
use crate::{Error, Result};
use arrow_json::reader::Decoder;
use arrow_schema::{ArrowError, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of rows of a row group: what is held in memory until it is written. As many as the groups of Hugging Face's data sets
/// have, about.
const GROUP_BYTES: usize = 64 << 20;
/// Rows that are turned into columns at a time.
const BATCH_ROWS: usize = 256;
/// Columns of texts that hardly ever repeat: a dictionary of them costs time and saves nothing.
const TEXTS: [&[&str]; 5] = [
    &["fields"],
    &["title"],
    &["simhash"],
    &["blocks", "list", "element", "text"],
    &["reasons", "list", "element", "text"],
];

/// A Parquet file of rows that is being written.
///
/// It is complete when [`ParquetRows::finish`] returns; what was written before has no footer and is no Parquet file.
pub struct ParquetRows<W: Write + Send> {
    writer: ArrowWriter<W>,
    decoder: Decoder,
    path: PathBuf,
    /// Bytes of rows in the group that is being filled.
    gathered: usize,
}

impl<W: Write + Send> ParquetRows<W> {
    /// Starts a file of rows of this format; `path` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Io`] when the head cannot be written.
    pub fn new(out: W, format: &RowFormat, path: &Path) -> Result<Self> {
        let schema = Arc::new(Schema::new(fields(format)));
        let failed = |error: ParquetError| broken(path, &error);
        let writer =
            ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties(format).map_err(failed)?));
        let decoder = decoder(schema, BATCH_ROWS);
        Ok(Self {
            writer: writer.map_err(failed)?,
            decoder: decoder.map_err(|error| unfit(path, &error))?,
            path: path.to_owned(),
            gathered: 0,
        })
    }

    /// Appends rows, whole lines.
    ///
    /// # Errors
    /// [`Error::Io`] when a row group cannot be written, or a line is no row of the format.
    pub fn append(&mut self, mut rows: &[u8]) -> Result<()> {
        self.gathered += rows.len();
        while !rows.is_empty() {
            let read = self.decoder.decode(rows).map_err(|error| unfit(&self.path, &error))?;
            rows = rows.get(read..).unwrap_or_default();
            self.write_batch()?;
        }
        if self.gathered >= GROUP_BYTES {
            self.gathered = 0;
            self.writer.flush().map_err(|error| broken(&self.path, &error))?;
        }
        Ok(())
    }

    fn write_batch(&mut self) -> Result<()> {
        let batch = self.decoder.flush().map_err(|error| unfit(&self.path, &error))?;
        let Some(batch) = batch else { return Ok(()) };
        self.writer.write(&batch).map_err(|error| broken(&self.path, &error))
    }

    /// Writes the footer, and gives what was written to.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be written.
    pub fn finish(self) -> Result<W> {
        let Self { writer, path, .. } = self;
        writer.into_inner().map_err(|error| broken(&path, &error))
    }
}

impl<W: Write + Send> std::fmt::Debug for ParquetRows<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetRows").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The system's own error where there is one: that the disk is full says more than that writing failed.
fn broken(path: &Path, error: &ParquetError) -> Error {
    let system = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    let source = system.map_or_else(
        || std::io::Error::other(error.to_string()),
        |system| std::io::Error::new(system.kind(), system.to_string()),
    );
    Error::io("write", path)(source)
}

fn unfit(path: &Path, error: &ArrowError) -> Error {
    Error::io("write", path)(std::io::Error::other(format!("a row does not fit its columns: {error}")))
}

fn properties(format: &RowFormat) -> std::result::Result<WriterProperties, ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_max_row_group_row_count(None)
        .set_created_by(concat!("pagesieve ", env!("CARGO_PKG_VERSION")).to_owned());
    let column =
        |steps: &[&str]| ColumnPath::from(steps.iter().map(|&step| step.to_owned()).collect::<Vec<_>>());
    for column in TEXTS.iter().map(|steps| column(steps)).chain([column(&[format.body_name()])]) {
        properties = properties.set_column_dictionary_enabled(column, false);
    }
    Ok(properties.build())
}

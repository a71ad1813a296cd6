//! Rows as Arrow columns: the same fields, names and values as in [`jsonl`](super::jsonl), for engines that work on batches
//! and for Parquet files.
//!
//! Rows come as the lines that [`RowFormat`] appends, so a column cannot say anything else than its field. Every column may be
//! null. Strings are `Utf8` and places `Int32`, which every engine takes; numbers are `Float64`, so that they are the very
//! numbers of the JSON rows. `source`, `error`, `scores` and `source_evidence` are structs, `reasons`, `repairs` and `blocks` lists of structs.
//! What a JSON row leaves out (`error` of a page that was judged, `repairs` where there are none, `lines` of a block of HTML) is
//! null here. `blocks` is a column of formats with blocks, `duplicate_of` and `alike` of those with copies, `template` of those with templates; explanations are not
//! written.

use super::jsonl::RowFormat;
use crate::classify::Report;
use crate::error::RecordError;
use crate::host::HostEvidence;
use arrow_array::RecordBatch;
use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use std::sync::Arc;

/// Gathers the rows of pages that came from no input into a batch.
///
/// ```
/// use pagesieve::{Document, Filter, output::{Columns, RowFormat}};
/// let mut columns = Columns::new(&RowFormat::new().with_blocks(), 16)?;
/// columns.push_report(&Filter::builtin().check(&Document::html("<p>Hello").with_id("a")))?;
/// let batch = columns.finish()?;
/// assert_eq!((batch.num_rows(), batch.schema().field(1).name().as_str()), (1, "id"));
/// # Ok::<(), arrow_schema::ArrowError>(())
/// ```
#[derive(Debug)]
pub struct Columns {
    format: RowFormat,
    decoder: Decoder,
    row: Vec<u8>,
}

impl Columns {
    /// No rows yet, and room for so many.
    ///
    /// # Errors
    /// None with the fields of this build; the library that makes the arrays can refuse fields.
    pub fn new(format: &RowFormat, most: usize) -> Result<Self, ArrowError> {
        let decoder = decoder(Self::schema(format), most)?;
        Ok(Self { format: format.clone(), decoder, row: Vec::new() })
    }

    /// Names and types of the columns, in the order of the JSON row's fields, but for `source` and `fields`, which a page that
    /// came from no input does not have.
    pub fn schema(format: &RowFormat) -> SchemaRef {
        let fields = fields(format).into_iter().filter(|field| !OF_INPUTS.contains(&field.name().as_str()));
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    }

    /// Appends the report's row.
    ///
    /// # Errors
    /// There is no room for another row.
    pub fn push_report(&mut self, report: &Report) -> Result<(), ArrowError> {
        self.format.append_report(&mut self.row, report);
        self.push()
    }

    /// Appends the row of a record that gave no page.
    ///
    /// # Errors
    /// As [`Columns::push_report`].
    pub fn push_failure(&mut self, error: &RecordError) -> Result<(), ArrowError> {
        self.format.append_failure(&mut self.row, error, None);
        self.push()
    }

    /// The rows so far; the next one begins another batch.
    ///
    /// # Errors
    /// A column would have more than 2 GiB of text.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let batch = self.decoder.flush()?;
        Ok(batch.unwrap_or_else(|| RecordBatch::new_empty(Self::schema(&self.format))))
    }

    fn push(&mut self) -> Result<(), ArrowError> {
        let read = self.decoder.decode(&self.row)?;
        let is_whole = read == self.row.len();
        self.row.clear();
        if is_whole {
            Ok(())
        } else {
            Err(ArrowError::JsonError("there is no room for another row".to_owned()))
        }
    }
}

/// What turns rows into columns, so many at a time.
pub(super) fn decoder(schema: SchemaRef, rows: usize) -> Result<Decoder, ArrowError> {
    ReaderBuilder::new(schema).with_batch_size(rows).build_decoder()
}

/// Columns that say where a page came from.
const OF_INPUTS: [&str; 2] = ["source", "fields"];

/// All columns, in the order of the fields of a row.
pub(super) fn fields(format: &RowFormat) -> Vec<FieldRef> {
    let mut fields = vec![
        field("v", DataType::Int32),
        field("id", DataType::Utf8),
        field("url", DataType::Utf8),
        field("source", structure([field("input", DataType::Utf8), field("position", DataType::Int64)])),
        field("status", DataType::Utf8),
        field("error", structure([field("kind", DataType::Utf8), field("message", DataType::Utf8)])),
        field("verdict", DataType::Utf8),
        field("kind", DataType::Utf8),
        field("kind_p", DataType::Float64),
        field("scores", structure(SCORES.map(|score| field(score, DataType::Float64)))),
        field("confidence", DataType::Float64),
        field("reasons", list(reason())),
        field("repairs", list(repair())),
        field("source_evidence", source_evidence()),
        field("lang", DataType::Utf8),
        field("title", DataType::Utf8),
        field("author", DataType::Utf8),
        field("date", DataType::Utf8),
        field("simhash", DataType::Utf8),
        field("layout", DataType::Utf8),
    ];
    if format.has_copies() {
        fields.extend([field("duplicate_of", DataType::Utf8), field("alike", DataType::Float64)]);
    }
    fields.extend([field("fields", DataType::Utf8), field(format.body_name(), DataType::Utf8)]);
    if format.has_host_evidence() {
        let place = fields.iter().position(|field| field.name() == "lang").unwrap_or(fields.len());
        fields.insert(place, field("host_evidence", host_evidence()));
    }
    fields.extend(format.has_blocks().then(|| field("blocks", list(block(format)))));
    fields
}

const SCORES: [&str; 8] = ["boilerplate", "ads", "adult", "gambling", "scam", "seo", "quality", "empty"];

fn reason() -> DataType {
    structure([
        field("name", DataType::Utf8),
        field("of", DataType::Utf8),
        field("weight", DataType::Float64),
        field("text", DataType::Utf8),
        field("blocks", list(DataType::Int32)),
    ])
}

fn repair() -> DataType {
    structure([field("name", DataType::Utf8), field("count", DataType::Int64), field("text", DataType::Utf8)])
}

fn source_evidence() -> DataType {
    let line = structure([
        field("name", DataType::Utf8),
        field("weight", DataType::Float64),
        field("text", DataType::Utf8),
    ]);
    let score = structure([field("score", DataType::Float64), field("evidence", list(line))]);
    structure([
        field("against", DataType::Float64),
        field("identity", score.clone()),
        field("authority", score.clone()),
        field("behaviour", score.clone()),
        field("lists", score),
    ])
}

fn host_evidence() -> DataType {
    let names = ["domain", "prefix", "host"].map(|name| field(name, DataType::Utf8));
    let counters = HostEvidence::columns().iter().map(|name| field(name, DataType::Int64));
    let others = [field("date", DataType::Utf8), field("filings", list(DataType::Utf8))];
    DataType::Struct(names.into_iter().chain(counters).chain(others).collect())
}

fn block(format: &RowFormat) -> DataType {
    let mut fields = vec![
        field("label", DataType::Utf8),
        field("p", DataType::Float64),
        field("body", DataType::Float64),
        field("reason", DataType::Utf8),
        field("text", DataType::Utf8),
        field("lines", list(DataType::Int32)),
        field("path", DataType::Utf8),
    ];
    fields.extend(format.has_templates().then(|| field("template", DataType::Int64)));
    DataType::Struct(fields.into())
}

fn field(name: &str, of: DataType) -> FieldRef {
    Arc::new(Field::new(name, of, true))
}

fn list(of: DataType) -> DataType {
    DataType::List(field("element", of))
}

fn structure<const N: usize>(fields: [FieldRef; N]) -> DataType {
    DataType::Struct(fields.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sample;
    use super::*;
    use crate::page::BlockKind;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use serde_json::Value;

    /// The names of an object's fields, in order; of lists those of the first item.
    fn names(value: &Value) -> Vec<String> {
        match value {
            Value::Object(fields) => fields.keys().cloned().collect(),
            Value::Array(items) => items.first().map(names).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn names_of(of: &DataType) -> Vec<String> {
        match of {
            DataType::Struct(fields) => fields.iter().map(|field| field.name().clone()).collect(),
            DataType::List(item) => names_of(item.data_type()),
            _ => Vec::new(),
        }
    }

    fn json(report: &Report) -> Value {
        let mut out = Vec::new();
        RowFormat::new().with_blocks().with_host_evidence().append_report(&mut out, report);
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn every_field_of_the_json_rows_is_a_column() {
        let schema = Columns::schema(&RowFormat::new().with_blocks().with_host_evidence());
        let html = Sample::new()
            .with_url("https://a.example/news/a")
            .block(BlockKind::Paragraph, "Bees dance.")
            .report();
        let text = Sample::new().line(3, "Bees dance.").report();
        for row in [json(&html), json(&text)] {
            for (name, value) in row.as_object().unwrap().iter().filter(|(name, _)| *name != "source") {
                let columns = names_of(schema.field_with_name(name).unwrap().data_type());
                let absent: Vec<_> =
                    names(value).into_iter().filter(|name| !columns.contains(name)).collect();
                assert!(absent.is_empty(), "{name} has no {absent:?}");
            }
        }
    }

    #[test]
    fn a_batch_has_a_row_for_each_page_and_each_failure() {
        let failure = RecordError {
            id: "b".to_owned(),
            url: None,
            kind: "too_large",
            message: "the page is larger than the limit".to_owned(),
        };
        let mut columns = Columns::new(&RowFormat::new().with_blocks(), 2).unwrap();
        columns.push_report(&Sample::new().line(7, "正文").report()).unwrap();
        columns.push_failure(&failure).unwrap();
        let batch = columns.finish().unwrap();
        assert_eq!(batch.schema(), Columns::schema(&RowFormat::new().with_blocks()));
        let column = |name: &str| batch.column_by_name(name).unwrap();
        assert_eq!(
            column("status").as_string::<i32>().iter().collect::<Vec<_>>(),
            [Some("ok"), Some("error")]
        );
        assert_eq!(column("error").as_struct().column(0).as_string::<i32>().value(1), "too_large");
        assert!(column("error").is_null(0) && column("blocks").is_null(1) && column("scores").is_null(1));
        let blocks = column("blocks").as_list::<i32>().value(0);
        let lines = blocks.as_struct().column_by_name("lines").unwrap().as_list::<i32>().value(0);
        assert_eq!(lines.as_primitive::<arrow_array::types::Int32Type>().values(), &[7, 7]);
    }

    #[test]
    fn blocks_are_a_column_where_they_are_asked_for() {
        assert!(Columns::schema(&RowFormat::new()).field_with_name("blocks").is_err());
        assert_eq!(Columns::schema(&RowFormat::new()).fields().len(), 20);
    }
}

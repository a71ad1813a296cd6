//! Parquet in and out: columns of common data sets, the same rows as from other formats, broken files, memory of the shape.
#![cfg(feature = "parquet")]
#![expect(clippy::unwrap_used, reason = "what the helpers of a test cannot do fails the test")]

use arrow_array::{
    ArrayRef, BinaryArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
};
use arrow_json::WriterBuilder;
use arrow_json::writer::LineDelimited;
use pagesieve::input::{InputOptions, Inputs, Record};
use pagesieve::output::{ParquetRows, RowFormat};
use pagesieve::{Filter, Media};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// The columns of a file, by name.
type Columns = Vec<(&'static str, ArrayRef)>;

fn strings<const N: usize>(values: [&str; N]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// Writes a file with so many rows in a row group.
fn write(folder: &TempDir, name: &str, columns: Columns, group: usize) -> PathBuf {
    let path = folder.path().join(name);
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, c)| (name, c, true)));
    let batch = batch.unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut writer =
        ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
}

fn read_after(path: &Path, after: u64) -> Vec<Record> {
    let inputs = Inputs::new([path], InputOptions::default());
    inputs.iter().next().unwrap().open_after(after).unwrap().collect()
}

/// `position id url: bytes` of a document, `position !kind` of an error.
fn shown(record: &Record) -> String {
    let position = record.provenance.position;
    match &record.outcome {
        Ok(page) => {
            let (url, text) = (page.url().unwrap_or("-"), String::from_utf8_lossy(page.bytes()));
            format!("{position} {} {url}: {text}", page.id())
        }
        Err(error) => format!("{position} !{}", error.kind),
    }
}

fn rows(path: &Path) -> Vec<String> {
    read_after(path, 0).iter().map(shown).collect()
}

#[test]
fn columns_of_common_data_sets_are_understood_without_settings() {
    let folder = TempDir::new().unwrap();
    let url = || strings(["https://a.example/"]);
    let sets: [(&str, Columns, &str); 6] = [
        (
            "fineweb",
            vec![("text", strings(["t"])), ("id", strings(["<urn:uuid:1>"])), ("url", url())],
            "<urn:uuid:1>",
        ),
        (
            "redpajama",
            vec![("raw_content", strings(["t"])), ("doc_id", strings(["d/1"])), ("url", url())],
            "d/1",
        ),
        (
            "c4",
            vec![("text", strings(["t"])), ("timestamp", strings(["2019"])), ("url", url())],
            "c4.parquet#1",
        ),
        ("dolma", vec![("id", strings(["x"])), ("text", strings(["t"])), ("source", url())], "x"),
        ("hplt", vec![("u", url()), ("text", strings(["t"])), ("id", strings(["h"]))], "h"),
        (
            "culturax",
            vec![("text", strings(["t"])), ("url", url()), ("source", strings(["OSCAR"]))],
            "culturax.parquet#1",
        ),
    ];
    for (name, columns, id) in sets {
        let path = write(&folder, &format!("{name}.parquet"), columns, 10);
        let prefix = format!("{}/", folder.path().display());
        assert_eq!(rows(&path)[0].replace(&prefix, ""), format!("1 {id} https://a.example/: t"), "{name}");
    }
}

#[test]
fn other_columns_come_back_with_their_types() {
    let folder = TempDir::new().unwrap();
    let list = ListArray::from_iter_primitive::<arrow_array::types::Int64Type, _, _>([Some([Some(1), None])]);
    let inner = StructArray::try_from(vec![("k", strings(["v"]))]).unwrap();
    let columns: Columns = vec![
        ("text", strings(["t"])),
        ("dump", strings(["CC-7"])),
        ("score", Arc::new(Float64Array::from(vec![0.91]))),
        ("count", Arc::new(Int64Array::from(vec![None::<i64>]))),
        ("list", Arc::new(list)),
        ("meta", Arc::new(inner)),
        ("raw", Arc::new(BinaryArray::from(vec![b"\xFF\x01".as_slice()]))),
    ];
    let records = read_after(&write(&folder, "a.parquet", columns, 10), 0);
    assert_eq!(
        records[0].provenance.fields.json().unwrap(),
        r#"{"dump":"CC-7","score":0.91,"count":null,"list":[1,null],"raw":"ff01","meta":{"k":"v"}}"#
    );
}

#[test]
fn a_page_of_bytes_keeps_its_charset_and_a_row_without_a_page_is_an_error_row() {
    let folder = TempDir::new().unwrap();
    let pages = [Some(b"<p>plain".as_slice()), Some(b"<p>\xD0\xC2\xCE\xC5"), None, Some(b"<p>last")];
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4]));
    let columns: Columns = vec![("html", Arc::new(BinaryArray::from(pages.to_vec()))), ("id", ids)];
    let records = read_after(&write(&folder, "a.parquet", columns, 10), 0);
    let page = |at: usize| records[at].outcome.as_ref().unwrap();
    assert_eq!((page(0).charset(), page(0).id(), page(0).media()), (Some("utf-8"), "1", Media::Html));
    assert_eq!((page(1).charset(), page(1).bytes()), (None, b"<p>\xD0\xC2\xCE\xC5".as_slice()));
    let error = records[2].outcome.as_ref().unwrap_err();
    assert_eq!((error.id.as_str(), error.kind), ("3", "missing_field"));
    assert_eq!(page(3).bytes(), b"<p>last");
    let other = write(&folder, "b.parquet", vec![("title", strings(["x", "y"]))], 10);
    assert_eq!(rows(&other), ["1 !missing_field", "2 !missing_field"]);
}

/// Ten rows in row groups of three.
fn ten(folder: &TempDir) -> PathBuf {
    let texts: Vec<String> = (1..11).map(|number| format!("text {number}")).collect();
    let ids: Vec<String> = (1..11).map(|number| format!("id{number}")).collect();
    let (texts, ids) = (StringArray::from(texts), StringArray::from(ids));
    write(folder, "ten.parquet", vec![("text", Arc::new(texts)), ("id", Arc::new(ids))], 3)
}

#[test]
fn a_run_that_is_resumed_goes_on_behind_any_row() {
    let folder = TempDir::new().unwrap();
    let path = ten(&folder);
    let all = rows(&path);
    assert_eq!((all.len(), all[9].as_str()), (10, "10 id10 -: text 10"));
    for after in 0..12 {
        let rest: Vec<String> = read_after(&path, after).iter().map(shown).collect();
        assert_eq!(rest, all[(after as usize).min(10)..], "after {after}");
    }
}

#[test]
fn a_file_without_its_footer_is_an_error_that_names_it() {
    let folder = TempDir::new().unwrap();
    let whole = std::fs::read(ten(&folder)).unwrap();
    for length in [4, whole.len() / 2, whole.len() - 1] {
        let path = folder.path().join("cut.parquet");
        std::fs::write(&path, &whole[..length]).unwrap();
        let records = read_after(&path, 0);
        let error = records[0].outcome.as_ref().unwrap_err();
        assert_eq!((records.len(), error.kind, error.id.as_str()), (1, "truncated", path.to_str().unwrap()));
        assert!(error.message.contains("footer"), "{}", error.message);
    }
}

#[test]
fn whatever_byte_of_a_file_is_wrong_reading_comes_to_an_end() {
    let folder = TempDir::new().unwrap();
    let whole = std::fs::read(ten(&folder)).unwrap();
    let path = folder.path().join("wrong.parquet");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&path, &bytes).unwrap();
        let records = read_after(&path, 0);
        assert!(records.len() < 100, "byte {at}");
        assert!(records.is_sorted_by(|a, b| a.provenance.position < b.provenance.position), "byte {at}");
    }
}

#[test]
fn a_damaged_row_group_is_one_row_that_says_which_rows_are_lost() {
    let folder = TempDir::new().unwrap();
    let path = ten(&folder);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(6).position(|window| window == b"text 4").unwrap();
    // The length of the second group's first text.
    bytes[at - 4..at].fill(0xFF);
    std::fs::write(&path, &bytes).unwrap();
    let records = read_after(&path, 0);
    let rows: Vec<String> = records.iter().map(shown).collect();
    assert_eq!(rows.len(), 8, "{rows:?}");
    assert_eq!((rows[3].as_str(), rows[4].as_str()), ("4 !damaged", "7 id7 -: text 7"));
    let message = &records[3].outcome.as_ref().unwrap_err().message;
    assert!(message.contains("rows 4 to 6 (row group 2)"), "{message}");
}

fn page(number: usize) -> String {
    format!(
        "<html><title>Page {number}</title><nav><a href=/>Home</a></nav><h1>Page {number}</h1><p>The council met on \
         Tuesday to speak of bridge number {number}, which has been closed since spring.</p>"
    )
}

/// The rows of all pages of an input, without where they are from.
fn judged(path: &Path) -> Vec<Value> {
    let filter = Filter::builtin();
    let row = |record: Record| {
        let mut line = Vec::new();
        let report = filter.check(&record.outcome.unwrap());
        RowFormat::new().with_blocks().append_record(&mut line, &report, Some(&record.provenance));
        let mut row: Value = serde_json::from_slice(&line).unwrap();
        row.as_object_mut().unwrap().remove("source").unwrap();
        row
    };
    read_after(path, 0).into_iter().map(row).collect()
}

#[test]
fn the_same_pages_give_the_same_rows_whatever_they_come_in() {
    let folder = TempDir::new().unwrap();
    let pages: Vec<String> = (1..5).map(page).collect();
    let ids: Vec<String> = (1..5).map(|number| format!("p{number}")).collect();
    let urls: Vec<String> = ids.iter().map(|id| format!("https://a.example/{id}")).collect();
    let (mut lines, mut warc) = (String::new(), String::new());
    for ((id, url), page) in ids.iter().zip(&urls).zip(&pages) {
        lines += &(serde_json::json!({"id": id, "url": url, "html": page}).to_string() + "\n");
        let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
        write!(
            warc,
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Target-URI: {url}\r\n\
             Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
        .unwrap();
    }
    let put = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        folder.path().join(name)
    };
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("archive/a.warc", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut archive, warc.as_bytes()).unwrap();
    let archive = archive.finish().unwrap().into_inner();
    let column = |values: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    let columns = vec![("id", column(ids)), ("url", column(urls)), ("html", column(pages))];
    let expected = judged(&put("a.jsonl", lines.as_bytes()));
    assert_eq!(expected.len(), 4);
    assert_eq!(judged(&put("a.warc", warc.as_bytes())), expected);
    assert_eq!(judged(&put("a.wacz", &archive)), expected);
    assert_eq!(judged(&write(&folder, "a.parquet", columns, 3)), expected);
}

#[test]
fn rows_stand_in_columns_with_all_that_they_say() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rows.parquet");
    let format = RowFormat::new().with_blocks().with_body_field("text").unwrap().with_fields_as_text();
    let filter = Filter::builtin();
    let mut out = ParquetRows::new(File::create(&path).unwrap(), &format, &path).unwrap();
    let mut lines = Vec::new();
    let source = folder.path().join("in.jsonl");
    std::fs::write(
        &source,
        format!("{}\nno json\n", serde_json::json!({"html": page(1), "own": [1.5, "a"]})),
    )
    .unwrap();
    for record in read_after(&source, 0) {
        let mut line = Vec::new();
        match &record.outcome {
            Ok(page) => format.append_record(&mut line, &filter.check(page), Some(&record.provenance)),
            Err(error) => format.append_failure(&mut line, error, Some(&record.provenance)),
        }
        out.append(&line).unwrap();
        lines.extend(line);
    }
    out.finish().unwrap();
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap().build().unwrap();
    let mut back = WriterBuilder::new().build::<_, LineDelimited>(Vec::new());
    reader.for_each(|batch| back.write(&batch.unwrap()).unwrap());
    let parsed = |bytes: &[u8]| -> Vec<Value> {
        let lines = std::str::from_utf8(bytes).unwrap().lines();
        lines.map(|line| without_nulls(serde_json::from_str(line).unwrap())).collect()
    };
    let rows = parsed(&lines);
    assert_eq!(rows.len(), 2);
    assert!(rows[0]["blocks"][0]["text"].is_string() && rows[0]["fields"] == r#"{"own":[1.5,"a"]}"#);
    assert_eq!(parsed(&back.into_inner()), rows);
}

/// The value without fields that are null, as columns do not say whether a field was null or not there.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            fields.map(|(name, value)| (name, without_nulls(value))).collect()
        }
        Value::Array(values) => values.into_iter().map(without_nulls).collect(),
        value => value,
    }
}

//! WACZ: WARC files in a ZIP archive, read where they stand; and what a broken or hostile archive gives.
#![cfg(feature = "input")]
#![expect(clippy::unwrap_used, reason = "what the helpers of a test cannot do fails the test")]

use flate2::Compression;
use flate2::write::GzEncoder;
use pagesieve::input::{Counts, InputOptions, Inputs, Record};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A record whose id is its URI's last part.
fn record(kind: &str, uri: &str, content_type: &str, block: &str) -> Vec<u8> {
    let (id, length) = (uri.rsplit('/').next().unwrap(), block.len());
    gzip(
        format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Target-URI: {uri}\r\n\
             Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\n"
        )
        .as_bytes(),
    )
}

fn page(id: &str) -> Vec<u8> {
    let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>page {id}");
    record("response", &format!("https://a.example/{id}"), "application/http; msgtype=response", &block)
}

/// A page as Browsertrix writes it: the response, and its text once more, before and after scripts ran.
fn page_with_texts(id: &str) -> Vec<u8> {
    let text = |scheme: &str| {
        record(
            "resource",
            &format!("urn:{scheme}:https://a.example/{id}"),
            "text/plain",
            &format!("page {id}"),
        )
    };
    [page(id), text("text"), text("textFinal")].concat()
}

const LIST: &str = "{\"format\": \"json-pages-1.0\", \"id\": \"pages\", \"title\": \"All Pages\"}\n\
                    {\"id\": \"1\", \"url\": \"https://a.example/1\", \"title\": \"One\"}\n";

fn archive(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn wacz(method: CompressionMethod) -> Vec<u8> {
    let (first, second) = ([page_with_texts("1"), page("2")].concat(), page("3"));
    let members: [(&str, &[u8]); 5] = [
        ("datapackage.json", b"{}"),
        ("archive/a.warc.gz", &first),
        ("pages/pages.jsonl", LIST.as_bytes()),
        ("archive/b.warc.gz", &second),
        ("indexes/index.cdx", b"x"),
    ];
    archive(&members, method)
}

fn write(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The records from a position on, and what was passed over.
fn read(path: &Path, after: u64) -> (Vec<Record>, Counts) {
    let inputs = Inputs::new([path], InputOptions::default());
    let mut records = inputs.iter().next().unwrap().open_after(after).unwrap();
    let all = records.by_ref().collect();
    (all, records.counts().clone())
}

/// `id url: bytes` of a document, `kind message` of an error after a `!`.
fn shown(record: &Record) -> String {
    match &record.outcome {
        Ok(page) => {
            format!("{} {}: {}", page.id(), page.url().unwrap_or("-"), String::from_utf8_lossy(page.bytes()))
        }
        Err(error) => format!("!{} {}", error.kind, error.message),
    }
}

/// The rows of an archive.
fn rows(bytes: impl AsRef<[u8]>) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    read(&write(&folder, "crawl.wacz", bytes), 0).0.iter().map(shown).collect()
}

fn row(id: &str) -> String {
    format!("{id} https://a.example/{id}: <html>page {id}")
}

#[test]
fn one_page_gives_one_row_whatever_is_said_of_it_elsewhere() {
    let folder = TempDir::new().unwrap();
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let (records, counts) = read(&write(&folder, "crawl.wacz", wacz(method)), 0);
        assert_eq!(records.iter().map(shown).collect::<Vec<_>>(), ["1", "2", "3"].map(row));
        assert_eq!(counts.skipped().collect::<Vec<_>>(), [("tool_record", 2)]);
    }
    // The bytes say what it is where the name does not.
    assert_eq!(read(&write(&folder, "crawl.unknown", wacz(CompressionMethod::Stored)), 0).0.len(), 3);
}

#[test]
fn a_list_of_pages_gives_no_rows_but_those_of_its_texts() {
    let folder = TempDir::new().unwrap();
    let list = format!("{LIST}{{\"id\": \"2\", \"url\": \"https://a.example/2\", \"text\": \"own text\"}}\n");
    let path = write(&folder, "pages.jsonl", list);
    for after in 0..3 {
        let (records, counts) = read(&path, after);
        let rows: Vec<String> = records.iter().map(shown).collect();
        assert_eq!(rows, ["2 https://a.example/2: own text"], "after {after}");
        assert!(after > 0 || counts.skipped().eq([("tool_record", 2)]));
    }
}

#[test]
fn a_run_that_is_resumed_goes_on_behind_the_position_in_whichever_member_it_is() {
    let folder = TempDir::new().unwrap();
    let mut bytes = wacz(CompressionMethod::Stored);
    let name = bytes.windows(17).rposition(|window| window == b"archive/b.warc.gz").unwrap();
    bytes[name + 7] = 0;
    for bytes in [wacz(CompressionMethod::Stored), bytes] {
        let path = write(&folder, "crawl.wacz", bytes);
        let all = read(&path, 0).0;
        assert!(all.is_sorted_by(|a, b| a.provenance.position < b.provenance.position));
        for stopped in &all {
            let after = stopped.provenance.position;
            let left = all.iter().filter(|record| record.provenance.position > after).map(shown);
            assert!(left.eq(read(&path, after).0.iter().map(shown)), "after {after}");
        }
    }
}

#[test]
fn a_wrong_checksum_names_the_member_and_costs_nothing_that_was_read() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let mut bytes = wacz(method);
        // The directory stands behind the members: its entry has the checksum 16 bytes in.
        let name = bytes.windows(17).rposition(|window| window == b"archive/a.warc.gz").unwrap();
        let entry = bytes[..name].windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        bytes[entry + 16] ^= 1;
        let rows = rows(bytes);
        let (errors, pages): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.starts_with('!'));
        assert_eq!(pages, [&row("1"), &row("2"), &row("3")]);
        let [error] = errors[..] else { panic!("{errors:?}") };
        assert!(error.contains("archive/a.warc.gz") && error.contains("CRC-32"), "{error}");
    }
}

#[test]
fn a_path_that_leads_out_of_the_archive_is_named_and_left_out() {
    let (one, two) = (page("1"), page("2"));
    // A writer refuses such names, so they are put in the place of harmless ones.
    for (harmless, name) in
        [("archive/aa/bb/x.warc.gz", "archive/../../x.warc.gz"), ("xetc/x.warc.gz", "/etc/x.warc.gz")]
    {
        let members: [(&str, &[u8]); 2] = [(harmless, &one), ("archive/b.warc.gz", &two)];
        let mut bytes = archive(&members, CompressionMethod::Stored);
        while let Some(at) = bytes.windows(name.len()).position(|window| window == harmless.as_bytes()) {
            bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
        }
        let rows = rows(bytes);
        assert_eq!((rows.len(), &rows[1]), (2, &row("2")), "{rows:?}");
        assert!(rows[0].contains("leads out of the archive") && rows[0].contains(name), "{rows:?}");
    }
}

#[test]
fn a_bomb_is_left_out_and_the_next_member_is_read() {
    let (bomb, two) = (vec![b'\n'; 65 << 20], page("2"));
    let members: [(&str, &[u8]); 2] = [("archive/a.warc", &bomb), ("archive/b.warc.gz", &two)];
    let rows = rows(archive(&members, CompressionMethod::Deflated));
    assert!(rows[0].starts_with("!too_large") && rows[0].contains("archive/a.warc"), "{rows:?}");
    assert_eq!(rows[1..], [row("2")]);
}

#[test]
fn members_that_share_bytes_are_read_once() {
    let one = page("1");
    let members: [(&str, &[u8]); 2] = [("archive/a.warc.gz", &one), ("archive/b.warc.gz", &one)];
    let mut bytes = archive(&members, CompressionMethod::Stored);
    let name = bytes.windows(17).rposition(|window| window == b"archive/b.warc.gz").unwrap();
    let entry = bytes[..name].windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    // Where the second member's own header stands.
    bytes[entry + 42..entry + 46].copy_from_slice(&0_u32.to_le_bytes());
    let rows = rows(bytes);
    assert_eq!((rows.len(), &rows[0]), (2, &row("1")), "{rows:?}");
    assert!(rows[1].contains("shares bytes"), "{rows:?}");
}

#[test]
fn an_archive_that_cannot_be_used_says_why() {
    let whole = wacz(CompressionMethod::Stored);
    let cut = rows(&whole[..whole.len() - 30]);
    assert!(cut[0].starts_with("!truncated") && cut[0].contains("directory"), "{cut:?}");
    let other = rows(archive(&[("word/document.xml", b"<x/>")], CompressionMethod::Deflated));
    assert!(
        other[0].starts_with("!unsupported_format") && other[0].contains("without WARC files"),
        "{other:?}"
    );
}

#[test]
fn whatever_byte_of_an_archive_is_wrong_reading_comes_to_an_end() {
    let whole = wacz(CompressionMethod::Deflated);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        assert!(rows(&bytes).len() < 20, "byte {at}");
        if at % 7 == 0 {
            assert!(rows(&whole[..at]).len() < 20, "{at} bytes");
        }
    }
}

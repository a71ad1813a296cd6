//! The crawl in the repository: a small WARC file of the pages in `tests/pages`, which the README's first command filters.

use super::Place;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Records beside the pages: their name, the status line, the type and the body.
const OTHERS: [(&str, &str, &str, &str); 3] = [
    ("moved", "301 Moved Permanently", "text/html", "<p>This page has moved."),
    ("missing", "404 Not Found", "text/html", "<h1>Not found</h1><p>There is no such page."),
    ("timetable", "200 OK", "application/pdf", "%PDF-1.4 timetable"),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn record(kind: &str, url: &str, number: usize, content_type: &str, block: &[u8]) -> Vec<u8> {
    let mut head = String::new();
    write!(head, "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{}>\r\n", id(number)).unwrap();
    if kind == "response" {
        write!(head, "WARC-Concurrent-To: <urn:uuid:{}>\r\n", id(number - 1)).unwrap();
    }
    write!(head, "WARC-Date: 2026-03-01T12:00:00Z\r\n").unwrap();
    if !url.is_empty() {
        write!(head, "WARC-Target-URI: {url}\r\n").unwrap();
    }
    write!(head, "Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n", block.len()).unwrap();
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A request and its response.
fn exchange(name: &str, number: usize, status: &str, content_type: &str, body: &[u8]) -> [Vec<u8>; 2] {
    let host = format!("{name}.example");
    let url = format!("https://{host}/");
    let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n\r\n");
    let response = [head.as_bytes(), body].concat();
    [
        record("request", &url, 2 * number, "application/http; msgtype=request", request.as_bytes()),
        record("response", &url, 2 * number + 1, "application/http; msgtype=response", &response),
    ]
}

/// The records of the crawl, each on its own.
fn records() -> Vec<Vec<u8>> {
    let mut pages: Vec<PathBuf> =
        fs::read_dir(folder("pages")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension != "labels"));
    pages.sort();
    let mut all =
        vec![record("warcinfo", "", 0, "application/warc-fields", b"software: written for pagesieve\r\n")];
    for (number, path) in pages.iter().enumerate() {
        let is_html = path.extension().is_some_and(|extension| extension == "html");
        let content_type = if is_html { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
        let name = path.file_stem().unwrap().to_str().unwrap();
        all.extend(exchange(name, number + 1, "200 OK", content_type, &fs::read(path).unwrap()));
    }
    for (at, (name, status, content_type, body)) in OTHERS.into_iter().enumerate() {
        all.extend(exchange(name, pages.len() + 1 + at, status, content_type, body.as_bytes()));
    }
    all
}

fn packed(record: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(record).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_crawl_in_the_repository_has_the_pages_of_the_tests() {
    let path = folder("crawl/sample.warc.gz");
    let wanted = records();
    if std::env::var_os("PAGESIEVE_BLESS").is_some() {
        fs::create_dir_all(folder("crawl")).unwrap();
        fs::write(&path, wanted.iter().flat_map(|record| packed(record)).collect::<Vec<u8>>()).unwrap();
    }
    let mut found = Vec::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(&path).unwrap()).read_to_end(&mut found).unwrap();
    assert!(
        found == wanted.concat(),
        "tests/crawl/sample.warc.gz is not made from tests/pages: PAGESIEVE_BLESS=1 cargo test --release --test cli crawl"
    );
}

#[test]
fn the_crawl_in_the_repository_is_sorted() {
    let place = Place::new();
    let crawl = folder("crawl/sample.warc.gz");
    let ran = place.run(&format!(
        "filter {} -o kept.jsonl --rejected rejected.jsonl --summary summary.json --report report.html",
        crawl.display()
    ));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let rows = |name: &str| -> Vec<Value> {
        let rows = String::from_utf8(place.read(name)).unwrap();
        rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect()
    };
    let (kept, rejected) = (rows("kept.jsonl"), rows("rejected.jsonl"));
    let pages = records().len() / 2;
    // a PDF is no page
    assert_eq!(kept.len() + rejected.len(), pages - 1, "{}", ran.err);
    let summary: Value = serde_json::from_slice(&place.read("summary.json")).unwrap();
    let counts = [("kept", kept.len()), ("rejected", rejected.len())];
    assert!(counts.iter().all(|(name, count)| summary[*name].as_u64() == Some(*count as u64)), "{summary}");
    assert_eq!(summary["skipped"]["not_a_page"], 1, "{summary}");
    let report = String::from_utf8(place.read("report.html")).unwrap();
    for part in [" kept, ", "en-casino-keyword-doorway.example", "not_a_page", "What was cut from kept pages"]
    {
        assert!(report.contains(part), "{part} is not in {report}");
    }
    let has = |rows: &[Value], name: &str| {
        rows.iter().any(|row| row["url"].as_str().is_some_and(|url| url.contains(name)))
    };
    for good in ["en-reservoir-news", "zh-commentary-parcel-lockers", "en-quern-retries-docs"] {
        assert!(has(&kept, good), "{good}: {}", ran.err);
    }
    for bad in ["en-casino-keyword-doorway", "zh-error-maintenance", "moved.example", "missing.example"] {
        assert!(has(&rejected, bad), "{bad}: {}", ran.err);
    }
}

#[test]
fn the_records_of_rows_are_copied_byte_for_byte_with_their_requests() {
    let place = Place::new();
    let crawl = folder("crawl/sample.warc.gz");
    place.run(&format!("filter {} -o kept.jsonl.gz", crawl.display())).ends_with(0);
    let kept = super::rows(&super::unzipped("kept.jsonl.gz", &place.read("kept.jsonl.gz")));
    let is_kept = |number: usize| kept.iter().any(|row| row["id"] == id(number));
    let all = records();
    let of_kept = all.iter().enumerate().filter(|(at, _)| *at == 0 || is_kept(at + 1) || is_kept(at + 2));
    let wanted: Vec<u8> = of_kept.flat_map(|(_, record)| record.clone()).collect();
    assert!(kept.len() > 5 && wanted.len() < all.concat().len());
    for name in ["kept.warc", "kept.warc.gz", "kept.warc.zst"] {
        let ran = place.run(&format!("warc {} --rows kept.jsonl.gz -o {name}", crawl.display())).ends_with(0);
        let count = kept.len();
        ran.says(&format!("{count} records with {count} requests"));
        assert!(super::unzipped(name, &place.read(name)) == wanted, "{name}");
    }
    place.run("filter kept.warc.gz -o again.jsonl").ends_with(0);
    let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&super::rows(&place.read("again.jsonl"))), ids(&kept));
}

#[test]
fn records_that_cannot_be_copied_are_an_error_that_says_what_to_do() {
    let place = Place::new();
    let crawl = folder("crawl/sample.warc.gz");
    place.write("rows.jsonl", format!("{{\"id\": \"{}\"}}\n{{\"id\": \"elsewhere\"}}\n", id(3)));
    place.write("broken.jsonl", "{\"id\": \"a\"}\n{\"url\": 1}\n").write("page.html", "<p>Page");
    let run = |rest: &str| place.run(&format!("warc {rest} --rows rows.jsonl"));
    let sample = crawl.display();
    run(&format!("{sample} -o some.warc.gz")).ends_with(2).says("1 of 2 rows have no record in these inputs");
    assert_eq!(super::unzipped("some.warc.gz", &place.read("some.warc.gz")), records()[..3].concat());
    run(&format!("{sample} -o some.warc.gz")).ends_with(2).says("exists; give --force");
    run(&format!("{sample} -o some.jsonl")).ends_with(2).says("does not end in .warc");
    run("page.html -o none.warc").ends_with(2).says("`page.html` is no WARC or WACZ file");
    run(&format!("{sample} --rows broken.jsonl -o none.warc"))
        .ends_with(2)
        .says("broken.jsonl:2: expected a row");
    assert!(!place.path("none.warc").exists() && !place.path(".none.warc.tmp").exists());
    place.run(&format!("filter {sample} -o kept.warc.gz")).ends_with(2).says("`pagesieve warc` copies");
}

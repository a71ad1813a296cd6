//! Files of many pages: reading ends, positions grow, a line is a row, and a run that goes on reads what was left.

use super::mutation::{Random, mutated};
use flate2::Compression;
use flate2::write::GzEncoder;
use pagesieve::input::{InputOptions, Inputs, Kind, Record};
use std::io::Write;

const JSON: [&[u8]; 14] = [
    b"\n",
    b"{\"id\":\"x\",\"text\":\"y\"}\n",
    b"{",
    b"}",
    b"\"",
    b"\\ud800",
    b"\\u0000",
    b"NaN",
    b"[",
    b"]",
    b",",
    b"null",
    b"\xff",
    b"\"html\":\"<p>\"",
];
const RECORDS: [&[u8]; 14] = [
    b"\r\n",
    b"\r\n\r\n",
    b"WARC/1.0\r\n",
    b"WARC-Type: response\r\n",
    b"Content-Length: 9\r\n",
    b"Content-Length: 99999999999\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"Content-Type: text/html\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"0\r\n\r\n",
    b"WARC-Type: request\r\n",
];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The parts as members of one format, or as they are.
fn packed(parts: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let members = random.below(3);
    let parts = parts.chunks(1 + random.below(3));
    let packed = parts.map(|parts| match members {
        0 => parts.concat(),
        1 => gzip(&parts.concat()),
        _ => zstd::encode_all(parts.concat().as_slice(), 1).unwrap(),
    });
    packed.flatten().collect()
}

/// Changes the parts, or the file that they make, or both.
fn broken(parts: Vec<Vec<u8>>, pieces: &[&[u8]], random: &mut Random) -> Vec<u8> {
    let before = random.once_in(2);
    let changed = |part: Vec<u8>, random: &mut Random| {
        if before && random.once_in(3) { mutated(part, pieces, random) } else { part }
    };
    let parts: Vec<Vec<u8>> = parts.into_iter().map(|part| changed(part, random)).collect();
    let file = packed(&parts, random);
    if before && random.once_in(2) { file } else { mutated(file, pieces, random) }
}

pub(crate) fn json_lines(random: &mut Random) -> Vec<u8> {
    let line = |number: usize| {
        format!("{{\"id\": \"p{number}\", \"html\": \"<p>page {number}</p>\"}}\n").into_bytes()
    };
    broken((0..=random.below(12)).map(line).collect(), &JSON, random)
}

pub(crate) fn warc(random: &mut Random) -> Vec<u8> {
    let count = 1 + random.below(9);
    let parts = (0..count).map(|number| record(number, random)).collect();
    broken(parts, &RECORDS, random)
}

fn record(number: usize, random: &mut Random) -> Vec<u8> {
    let page = format!("<html><p>page {number}</p>");
    let (kind, block) = match random.below(6) {
        0 => ("request", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        1 => ("warcinfo", b"software: x\r\n".to_vec()),
        2 => (
            "response",
            [b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n".as_slice(), &vec![7; random.below(9000)]]
                .concat(),
        ),
        3 => {
            let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
            ("response", [head.as_slice(), &gzip(page.as_bytes())].concat())
        }
        4 => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
            ("response", format!("{head}{:x}\r\n{page}\r\n0\r\n\r\n", page.len()).into_bytes())
        }
        _ => ("response", format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}").into_bytes()),
    };
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), &block, b"\r\n\r\n"].concat()
}

pub(crate) fn check_json_lines(bytes: &[u8], random: &mut Random) {
    let name = random.one_of(&NAMES);
    let rows = check(name, bytes, Kind::JsonLines, random);
    let first =
        bytes.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let is_whole = first == b"{" || first.starts_with(b"[") || first.starts_with(b"\xef");
    if name == NAMES[0]
        && !is_whole
        && !first.starts_with(b"\x1f")
        && !first.starts_with(b"\x28")
        && !first.starts_with(b"]")
    {
        // Objects that share a line are rows of their own, so there may be more rows than lines and never fewer.
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
        assert!(rows >= lines, "{rows} rows of {lines} lines");
    }
}

pub(crate) fn check_warc(bytes: &[u8], random: &mut Random) {
    let name = random.one_of(&NAMES);
    check(name, bytes, Kind::Warc, random);
}

const NAMES: [&str; 3] = ["input", "input.gz", "input.zst"];

/// Reads a file of that name; gives the number of its rows.
fn check(name: &str, bytes: &[u8], kind: Kind, random: &mut Random) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let inputs = Inputs::new([&path], InputOptions::default().with_kind(kind).with_record_bytes(5000));
    let input = inputs.iter().next().unwrap();
    let all: Vec<Record> = input.open().unwrap().take(100_000).collect();
    assert!(all.len() < 100_000 && all.is_sorted_by(|a, b| a.provenance.position < b.provenance.position));
    let shown = |record: &Record| format!("{} {:?}", record.provenance.position, record.outcome);
    if let Some(stopped) = all.get(random.below(all.len() + 1)) {
        let left =
            all.iter().filter(|record| record.provenance.position > stopped.provenance.position).map(shown);
        let resumed = input.open_after(stopped.provenance.position).unwrap().map(|record| shown(&record));
        assert_eq!(
            left.collect::<Vec<_>>(),
            resumed.collect::<Vec<_>>(),
            "after {}",
            stopped.provenance.position
        );
    }
    all.len()
}

//! Reading WARC and WET; what a damaged one gives.
#![cfg(feature = "input")]
#![expect(clippy::unwrap_used, reason = "what the helpers of a test cannot do fails the test")]

use flate2::Compression;
use flate2::write::GzEncoder;
use pagesieve::input::{Counts, InputOptions, Inputs, Kind, Record, RecordIds};
use pagesieve::page::{Limits, Page};
use pagesieve::{Document, Media};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A record with the usual headers.
fn record(kind: &str, id: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Target-URI: https://a.example/{id}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(id: &str, http_head: &str, body: &[u8]) -> Vec<u8> {
    let block = [http_head.replace('\n', "\r\n").as_bytes(), b"\r\n\r\n", body].concat();
    record("response", id, "application/http; msgtype=response", &block)
}

fn page(id: &str) -> Vec<u8> {
    response(id, "HTTP/1.1 200 OK\nContent-Type: text/html", format!("<html>page {id}").as_bytes())
}

fn read_with(name: &str, bytes: &[u8], options: InputOptions) -> (Vec<Record>, Counts) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let inputs = Inputs::new([&path], options);
    let mut records = inputs.iter().next().unwrap().open().unwrap();
    let all = records.by_ref().collect();
    (all, records.counts().clone())
}

fn read(bytes: &[u8]) -> (Vec<Record>, Counts) {
    read_with("a.warc", bytes, InputOptions::default())
}

fn document(bytes: &[u8]) -> Document {
    let (mut records, _) = read(bytes);
    assert_eq!(records.len(), 1, "{records:?}");
    records.remove(0).outcome.unwrap()
}

/// `id` of a document, `kind` of an error after a `!`.
fn ids(records: &[Record]) -> Vec<String> {
    let show = |record: &Record| match &record.outcome {
        Ok(document) => document.id().to_owned(),
        Err(error) => format!("!{}", error.kind),
    };
    records.iter().map(show).collect()
}

#[test]
fn a_response_gives_id_url_charset_and_the_body_without_heads() {
    let head = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=gb2312\nServer: x";
    let document = document(&response("r1", head, b"<p>\xC4\xE3\xBA\xC3"));
    assert_eq!((document.id(), document.url()), ("r1", Some("https://a.example/r1")));
    assert_eq!((document.media(), document.charset()), (Media::Html, Some("gb2312")));
    assert_eq!(document.bytes(), b"<p>\xC4\xE3\xBA\xC3");
}

#[test]
fn records_that_are_no_pages_are_counted_by_reason() {
    let bytes = [
        record("warcinfo", "i", "application/warc-fields", b"software: x"),
        record("request", "q", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
        page("1"),
        response("2", "HTTP/1.1 200 OK\nContent-Type: image/png", b"\x89PNG"),
        response("3", "HTTP/1.1 301 Moved\nLocation: /x\nContent-Type: text/html", b""),
        response("4", "HTTP/1.1 200 OK", b"{}"),
        record("metadata", "m", "application/warc-fields", b"x: y"),
        record("revisit", "v", "application/http; msgtype=response", b"HTTP/1.1 200 OK\r\n\r\n"),
        record("novelty", "n", "text/html", b"<html>"),
        record("resource", "d", "text/dns", b"20200101"),
        response("5", "HTTP/1.1 404 Not Found\nContent-Type: text/html", b"<html>not found"),
        response("6", "HTTP/1.1 200 OK\nContent-Type: text/html", b""),
    ]
    .concat();
    let (records, counts) = read(&bytes);
    assert_eq!(ids(&records), ["1", "5", "6"]);
    assert_eq!(records.iter().map(|record| record.provenance.position).collect::<Vec<_>>(), [3, 11, 12]);
    let skipped: Vec<_> = counts.skipped().collect();
    assert_eq!(
        skipped,
        [
            ("metadata", 1),
            ("not_a_page", 3),
            ("other_record_type", 1),
            ("redirect", 1),
            ("request", 1),
            ("revisit", 1),
            ("warcinfo", 1)
        ]
    );
}

#[test]
fn bodies_are_dechunked_and_decoded() {
    let gzipped = gzip(b"<html>gzip");
    let mut chunked = format!("{:x}\r\n", gzipped.len()).into_bytes();
    chunked.extend_from_slice(&gzipped);
    chunked.extend_from_slice(b"\r\n0\r\n\r\n");
    let head = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: gzip\nTransfer-Encoding: chunked";
    assert_eq!(document(&response("1", head, &chunked)).bytes(), b"<html>gzip");
    let zstd = zstd::encode_all(b"<html>zstd".as_slice(), 3).unwrap();
    let head = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: zstd";
    assert_eq!(document(&response("1", head, &zstd)).bytes(), b"<html>zstd");
    assert_eq!(document(&response("1", head, b"<html>stored decoded")).bytes(), b"<html>stored decoded");
}

#[test]
fn a_body_that_cannot_be_decoded_is_an_error_row_with_its_id() {
    let head = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: gzip";
    let body = gzip(&b"<html>some longer page".repeat(20));
    let (records, _) = read(&[response("1", head, &body[..10]), page("2")].concat());
    assert_eq!(ids(&records), ["!truncated", "2"]);
    let error = records[0].outcome.as_ref().unwrap_err();
    assert_eq!((error.id.as_str(), error.url.as_deref()), ("1", Some("https://a.example/1")));
    assert!(error.message.starts_with("record 1 at byte 0"), "{}", error.message);
}

/// Whether a page says of itself that its rest is lost.
fn is_cut(record: &Record) -> bool {
    Page::read(record.outcome.as_ref().unwrap(), &Limits::default()).source().is_cut
}

#[test]
fn a_body_that_breaks_off_is_a_page_that_says_so() {
    let lines: String = (0..900).map(|n| (n * 7919).to_string()).collect::<Vec<_>>().join("<p>line ");
    let gzipped = gzip(lines.as_bytes());
    let head = |field: &str| format!("HTTP/1.1 200 OK\nContent-Type: text/html\n{field}");
    let chunk = format!("fff\r\n{}", lines.get(..900).unwrap());
    let bytes = [
        response("1", &head("Content-Encoding: gzip"), &gzipped[..gzipped.len() / 2]),
        response("2", &head("Transfer-Encoding: chunked"), chunk.as_bytes()),
        response("3", &head("Content-Encoding: gzip"), &gzipped),
    ]
    .concat();
    let (records, _) = read(&bytes);
    assert_eq!(ids(&records), ["1", "2", "3"]);
    assert_eq!(records.iter().map(is_cut).collect::<Vec<_>>(), [true, true, false]);
    for record in &records {
        let start = record.outcome.as_ref().unwrap().bytes();
        assert!(start.len() > 800 && lines.as_bytes().starts_with(start));
    }
}

#[test]
fn html_that_is_sent_as_plain_text_is_html_and_markdown_is_not() {
    let media = |body: &str| {
        document(&response("1", "HTTP/1.1 200 OK\nContent-Type: text/plain", body.as_bytes())).media()
    };
    for html in ["<!DOCTYPE html><p>x", "<!-- x -->\n<HTML lang=en><p>x", "<div><p>x</p></div>\n"] {
        assert_eq!(media(html), Media::Html, "{html}");
    }
    for text in ["<p align=center>logo</p>\n\n# A tool\n\nIt works.", "see <html>", "a < b", ""] {
        assert_eq!(media(text), Media::Text, "{text}");
    }
}

#[test]
fn records_of_tools_are_counted_and_pages_beside_them_read() {
    let of = |url: &str, kind: &str, content_type: &str| {
        let text = String::from_utf8(record(kind, "x", content_type, b"<html>page")).unwrap();
        text.replace("https://a.example/x", url).into_bytes()
    };
    let bytes = [
        of("<metadata://gnu.org/software/wget/warc/wget.log>", "resource", "text/plain"),
        of("urn:text:https://a.example/", "resource", "text/plain"),
        of("urn:textFinal:https://a.example/", "conversion", "text/plain"),
        of("urn:pageinfo:https://a.example/", "resource", "application/json"),
        of("urn:X-wpull:log", "resource", "text/plain"),
        of("urn:uuid:1", "resource", "text/html"),
        of("file:///pages/metadata.html", "resource", "text/html"),
    ]
    .concat();
    let (records, counts) = read(&bytes);
    assert_eq!(records.iter().map(|record| record.provenance.position).collect::<Vec<_>>(), [6, 7]);
    assert_eq!(counts.skipped().collect::<Vec<_>>(), [("tool_record", 5)]);
}

#[test]
fn the_crawlers_guess_stands_in_for_a_missing_content_type() {
    let plain = response("1", "HTTP/1.1 200 OK\nServer: x", b"no tags");
    let text = String::from_utf8(plain).unwrap();
    let guessed =
        text.replacen("Content-Type: a", "WARC-Identified-Payload-Type: text/html\r\nContent-Type: a", 1);
    assert_eq!(document(guessed.as_bytes()).media(), Media::Html);
    assert_eq!(
        document(&response("1", "HTTP/1.1 200 OK\nServer: x", b"<!DOCTYPE html>x")).media(),
        Media::Html
    );
}

#[test]
fn a_response_without_an_http_head_is_taken_for_the_body() {
    let bytes = record("response", "1", "application/http; msgtype=response", b"<html>body alone");
    assert_eq!(document(&bytes).bytes(), b"<html>body alone");
}

#[test]
fn wet_conversions_are_text_in_utf8() {
    let bytes = record("conversion", "1", "text/plain", "\u{6587}\u{7AE0}".as_bytes());
    let (mut records, _) = read_with("a.warc.wet.gz", &gzip(&bytes), InputOptions::default());
    let document = records.remove(0).outcome.unwrap();
    assert_eq!((document.media(), document.charset(), document.id()), (Media::Text, Some("utf-8"), "1"));
    assert_eq!(document.bytes(), "\u{6587}\u{7AE0}".as_bytes());
}

#[test]
fn the_first_line_of_a_wet_conversion_is_the_title() {
    let title = |kind: &str| {
        let bytes = record(kind, "1", "text/plain", b"The bridge reopens | Valley Post\nHome\nIt opened.");
        let page = Page::read(&document(&bytes), &Limits::default());
        page.metadata().title_tag.clone()
    };
    assert_eq!(title("conversion").as_deref(), Some("The bridge reopens | Valley Post"));
    assert_eq!(title("resource"), None);
}

#[test]
fn resources_of_html_are_pages() {
    let document = document(&record("resource", "1", "text/html; charset=big5", b"<html>x"));
    assert_eq!((document.media(), document.charset()), (Media::Html, Some("big5")));
}

#[test]
fn every_compression_gives_the_same_records() {
    let members: Vec<Vec<u8>> = (0..50).map(|n| page(&n.to_string())).collect();
    let plain = members.concat();
    let expected: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    let by_member =
        |pack: &dyn Fn(&[u8]) -> Vec<u8>| members.iter().flat_map(|member| pack(member)).collect();
    let zstandard = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    let variants: [(&str, Vec<u8>); 5] = [
        ("a.warc", plain.clone()),
        ("a.warc.gz", by_member(&gzip)),
        ("a.warc.gz", gzip(&plain)),
        ("a.warc.zst", by_member(&zstandard)),
        ("a.warc.zst", zstandard(&plain)),
    ];
    for (name, bytes) in variants {
        assert_eq!(ids(&read_with(name, &bytes, InputOptions::default()).0), expected, "{name}");
    }
}

#[test]
fn header_names_in_lower_case_and_bare_line_feeds_are_read() {
    let lower = "warc/1.0\r\nwarc-type: response\r\nwarc-record-id: <urn:uuid:1>\r\ncontent-type: application/http\r\n\
                 content-length: 47\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<p>\r\n\r\n\r\n"
        .replacen("warc/1.0", "WARC/1.0", 1);
    assert_eq!(document(lower.as_bytes()).bytes(), b"<p>");
    let line_feeds = "WARC/1.0\nWARC-Type: response\nContent-Type: application/http\nContent-Length: 44\n\n\
                      HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>\n\n";
    assert_eq!(document(line_feeds.as_bytes()).bytes(), b"<p>");
}

#[test]
fn a_record_without_an_id_is_named_by_input_and_position() {
    let bytes =
        b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>\r\n\r\n";
    let document = document(bytes);
    assert!(document.id().ends_with("a.warc#1"), "{}", document.id());
}

#[test]
fn a_warc_cut_anywhere_gives_whole_records_and_one_error_row() {
    let whole = [page("1"), page("2"), page("3")].concat();
    let starts: Vec<usize> =
        [0, 1, 2, 3].iter().map(|&count| [page("1"), page("2"), page("3")][..count].concat().len()).collect();
    for length in 0..whole.len() {
        let (records, _) = read(&whole[..length]);
        let ids = ids(&records);
        let complete = starts.iter().filter(|&&start| start > 0 && length + 4 >= start).count();
        let within = length > starts[complete];
        assert_eq!(ids.iter().filter(|id| !id.starts_with('!')).count(), complete, "{length} bytes: {ids:?}");
        assert_eq!(ids.len(), complete + usize::from(within), "{length} bytes: {ids:?}");
    }
}

#[test]
fn a_cut_gzip_member_gives_the_records_before_it_and_an_error_row() {
    let members = [gzip(&page("1")), gzip(&page("2"))].concat();
    for cut in [5, 20, 60] {
        let (records, _) = read_with("a.warc.gz", &members[..members.len() - cut], InputOptions::default());
        let ids = ids(&records);
        assert_eq!(ids.last().unwrap(), "!truncated", "cut by {cut}: {ids:?}");
        assert_eq!(ids[0], "1");
    }
}

#[test]
fn a_damaged_member_costs_its_record_and_the_next_is_read() {
    let mut second = gzip(&page("2"));
    second[0] ^= 0xFF;
    let bytes = [gzip(&page("1")), second, gzip(&page("3"))].concat();
    assert_eq!(ids(&read_with("a.warc.gz", &bytes, InputOptions::default()).0), ["1", "!damaged", "3"]);
}

/// Records of a file as they are read alone, and while another thread helps to inflate.
fn read_alone_and_helped(name: &str, bytes: &[u8]) -> [(Vec<Record>, Counts); 2] {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let inputs = Inputs::new([&path], InputOptions::default().with_helpers(3));
    let (inputs, is_over) = (&inputs, &AtomicBool::new(false));
    let helped = std::thread::scope(|scope| {
        scope.spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                inputs.help();
            }
        });
        let mut records = inputs.iter().next().unwrap().open().unwrap();
        let all = records.by_ref().collect();
        is_over.store(true, Ordering::Relaxed);
        (all, records.counts().clone())
    });
    assert!(!inputs.help(), "what is read needs no help");
    [read_with(name, bytes, InputOptions::default()), helped]
}

#[test]
fn a_file_that_others_help_to_inflate_gives_the_same_records_and_damage() {
    let text =
        |n: u32| (0..400_u32).map(move |at| format!("{:x} ", (n * 400 + at).wrapping_mul(0x9e37_79b1)));
    let page = |n: u32| {
        let body = format!("<html>{}", text(n).collect::<String>());
        gzip(&response(&n.to_string(), "HTTP/1.1 200 OK\nContent-Type: text/html", body.as_bytes()))
    };
    let mut members: Vec<Vec<u8>> = (0..300).map(page).collect();
    for (at, byte) in [(70, 0), (71, 1500), (190, 40)] {
        members[at][byte] ^= 0xFF;
    }
    members.insert(250, gzip(&members[..100].concat()));
    let [alone, helped] = read_alone_and_helped("a.warc.gz", &members.concat());
    assert!(alone.0.len() > 290, "{}", alone.0.len());
    let shown = |record: &Record| match &record.outcome {
        Ok(document) => (record.provenance.position, format!("{document:?}")),
        Err(error) => (record.provenance.position, format!("{} {}", error.kind, error.message)),
    };
    assert!(alone.0.iter().map(shown).eq(helped.0.iter().map(shown)));
    assert_eq!(alone.1, helped.1);
}

#[test]
fn records_are_copied_from_before_and_behind_damage_whatever_it_is() {
    let mut ids = RecordIds::default();
    for id in ["1", "2", "3"] {
        ids.insert(id);
    }
    let members = || [page("1"), page("2"), page("3")].map(|page| gzip(&page));
    let whole = members()[0].len();
    for at in 0..whole {
        let mut bytes = members();
        let length = bytes[1].len();
        bytes[1][at % length] ^= 0x55;
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.warc.gz");
        std::fs::write(&path, bytes.concat()).unwrap();
        let inputs = Inputs::new([&path], InputOptions::default());
        let (mut found, mut copy) = (RecordIds::default(), Vec::new());
        let take = |piece: &[u8], _: bool| {
            copy.extend_from_slice(piece);
            Ok(())
        };
        let copied = inputs.iter().next().unwrap().copy_records(&ids, &mut found, take).unwrap();
        let read = read_with("a.warc.gz", &bytes.concat(), InputOptions::default()).0;
        for (id, page) in [("1", page("1")), ("3", page("3"))] {
            let is_read = read.iter().any(|record| record.outcome.as_ref().is_ok_and(|page| page.id() == id));
            let is_copied = copy.windows(page.len()).any(|part| part == page);
            assert!(is_copied == is_read && found.contains(id) == is_read, "byte {at}, {id}: {copied:?}");
        }
        assert!(
            copied.records == 3 || copied.faults.iter().all(|fault| fault.contains("a.warc.gz: ")),
            "{copied:?}"
        );
        assert!(copied.records == 3 || !copied.faults.is_empty(), "byte {at}: {copied:?}");
    }
}

#[test]
fn a_damaged_record_header_costs_its_record_and_the_next_is_read() {
    let text = |id: &str| String::from_utf8(page(id)).unwrap();
    for broken in [
        text("2").replace("WARC/1.0", "XARC/1.0"),
        text("2").replace("Content-Length: ", "Content-Length: x"),
        text("2").replace("Content-Length", "Content-Lngth"),
        text("2").replace("WARC-Type", "WARC-Tipe"),
        text("2").replace("WARC/1.0", "WARC/7.0"),
    ] {
        let (records, _) = read([text("1"), broken, text("3")].concat().as_bytes());
        assert_eq!(ids(&records), ["1", "!damaged", "3"]);
        assert_eq!(records.iter().map(|record| record.provenance.position).collect::<Vec<_>>(), [1, 2, 3]);
        let message = &records[1].outcome.as_ref().unwrap_err().message;
        assert!(message.contains("at byte ") && message.contains("passed over"), "{message}");
    }
}

#[test]
fn a_record_that_is_shorter_than_its_header_says_swallows_at_most_the_next() {
    let short = String::from_utf8(page("2")).unwrap().replace("Content-Length: ", "Content-Length: 1");
    let bytes = [page("1"), short.into_bytes(), page("3"), page("4"), page("5")].concat();
    let ids = ids(&read(&bytes).0);
    assert!(ids.contains(&"!damaged".to_owned()), "{ids:?}");
    assert_eq!((ids.first().unwrap().as_str(), ids.last().unwrap().as_str()), ("1", "5"));
}

#[test]
fn bytes_that_are_no_warc_are_one_error_row() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    let (records, _) = read_with("a", &bytes, InputOptions::default().with_kind(Kind::Warc));
    assert_eq!(ids(&records), ["!damaged"]);
}

#[test]
fn a_record_over_the_limit_is_an_error_row_and_the_next_is_read() {
    let head = "HTTP/1.1 200 OK\nContent-Type: text/html";
    let large = response("2", head, &vec![b'x'; 300_000]);
    let mut bomb_head = head.to_owned();
    bomb_head.push_str("\nContent-Encoding: gzip");
    let bomb = response("3", &bomb_head, &gzip(&vec![b'x'; 300_000]));
    let bytes = [page("1"), large, bomb, page("4")].concat();
    let (records, _) = read_with("a.warc", &bytes, InputOptions::default().with_record_bytes(100_000));
    assert_eq!(ids(&records), ["1", "!too_large", "!too_large", "4"]);
    assert_eq!(records[1].outcome.as_ref().unwrap_err().id, "2");
}

#[test]
fn a_length_beyond_all_bounds_takes_no_memory() {
    let bytes = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: 18446744073709551615\r\n\r\n<p>";
    let (records, _) = read(bytes);
    assert!(ids(&records)[1] == "!truncated" && is_cut(&records[0]), "{records:?}");
}

#[test]
fn a_length_that_is_too_large_costs_no_other_record() {
    let text = |id: &str| String::from_utf8(page(id)).unwrap();
    let image = String::from_utf8(response("2", "HTTP/1.1 200 OK\nContent-Type: image/png", b"GIF")).unwrap();
    for length in ["Content-Length: 1", "Content-Length: 10000000", "Content-Length: 99999999999999"] {
        for (second, found) in [
            (text("2"), vec!["1", "2", "!damaged", "3", "4"]),
            (image.clone(), vec!["1", "!damaged", "3", "4"]),
        ] {
            let second = second.replace("Content-Length: ", length);
            let bytes = [text("1"), second, text("3"), text("4")].concat();
            let (records, _) = read(bytes.as_bytes());
            assert_eq!(ids(&records), found, "{length}");
            let cut: Vec<bool> = records.iter().filter(|record| record.outcome.is_ok()).map(is_cut).collect();
            assert_eq!(cut.iter().filter(|cut| **cut).count(), found.len() - 4, "{length}");
            let whole = read_with("a.warc.gz", &gzip(bytes.as_bytes()), InputOptions::default()).0;
            assert_eq!(ids(&whole), found);
        }
    }
}

#[test]
fn a_record_that_holds_a_warc_file_is_one_record() {
    let inner = [page("i"), page("j")].concat();
    let bytes = [page("1"), record("resource", "2", "text/html", &inner), page("3")].concat();
    assert_eq!(ids(&read(&bytes).0), ["1", "2", "3"]);
    let last = [page("1"), record("resource", "2", "application/warc", &inner)].concat();
    assert_eq!(ids(&read(&last).0), ["1"]);
}

#[test]
fn an_image_over_the_limit_is_passed_over_and_counted() {
    let image = response("1", "HTTP/1.1 200 OK\nContent-Type: image/png", &vec![0; 300_000]);
    let (records, counts) =
        read_with("a.warc", &[image, page("2")].concat(), InputOptions::default().with_record_bytes(1000));
    assert_eq!(ids(&records), ["2"]);
    assert_eq!(counts.skipped().collect::<Vec<_>>(), [("not_a_page", 1)]);
}

#[test]
fn a_resumed_warc_goes_on_behind_the_given_position() {
    let mut second = gzip(&page("3"));
    second[0] ^= 0xFF;
    let info = record("warcinfo", "i", "application/warc-fields", b"x: y");
    let bytes = [gzip(&info), gzip(&page("2")), second, gzip(&page("4"))].concat();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.warc.gz");
    std::fs::write(&path, bytes).unwrap();
    let inputs = Inputs::new([&path], InputOptions::default());
    let input = inputs.iter().next().unwrap();
    for (after, expected) in
        [(0, vec![2, 3, 4]), (1, vec![2, 3, 4]), (2, vec![3, 4]), (3, vec![4]), (4, vec![])]
    {
        let positions: Vec<u64> =
            input.open_after(after).unwrap().map(|record| record.provenance.position).collect();
        assert_eq!(positions, expected, "after {after}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(300))]

    /// Whatever is done to the bytes, reading ends, positions grow, and no record comes twice.
    #[test]
    fn mangled_records_never_panic_or_hang(
        edits in proptest::collection::vec((0usize..2000, proptest::prelude::any::<u8>()), 0..12),
        cut in 0usize..2000,
        packed in proptest::prelude::any::<bool>(),
    ) {
        let pages: Vec<Vec<u8>> = (0..6).map(|n| page(&n.to_string())).collect();
        let mut bytes: Vec<u8> = if packed { pages.iter().flat_map(|page| gzip(page)).collect() } else { pages.concat() };
        for (at, value) in edits {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(bytes.len().saturating_sub(cut % 300));
        let (records, _) = read(&bytes);
        proptest::prop_assert!(records.len() < 40);
        proptest::prop_assert!(records.is_sorted_by(|a, b| a.provenance.position < b.provenance.position));
    }

    /// Wherever a run was stopped, it goes on with the records that it would have read next, damaged ones included.
    #[test]
    fn a_resumed_run_reads_what_was_left(
        edits in proptest::collection::vec((0usize..4000, proptest::prelude::any::<u8>()), 0..8),
        cut in 0usize..600,
        packing in 0..3usize,
    ) {
        let mut bytes: Vec<u8> = mixed_records().iter().flat_map(|record| packed(packing, record)).collect();
        for (at, value) in edits {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(bytes.len().saturating_sub(cut.saturating_sub(300)));
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.warc");
        std::fs::write(&path, bytes).unwrap();
        let inputs = Inputs::new([&path], InputOptions::default().with_record_bytes(2000));
        let input = inputs.iter().next().unwrap();
        let shown = |record: &Record| format!("{} {:?}", record.provenance.position, record.outcome);
        let all: Vec<Record> = input.open().unwrap().collect();
        for record in &all {
            let rest = all.iter().filter(|other| other.provenance.position > record.provenance.position).map(shown);
            let resumed = input.open_after(record.provenance.position).unwrap();
            proptest::prop_assert_eq!(rest.collect::<Vec<_>>(), resumed.map(|record| shown(&record)).collect::<Vec<_>>());
        }
    }
}

/// Records of every way in which a block is read or passed over.
fn mixed_records() -> Vec<Vec<u8>> {
    let noise: Vec<u8> = (0..3000_u32).map(|n| (n.wrapping_mul(0x9e37_79b1) >> 24) as u8).collect();
    let coded = response(
        "coded",
        "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: gzip",
        &gzip(b"<p>coded"),
    );
    vec![
        record("warcinfo", "i", "application/warc-fields", b"software: x"),
        page("1"),
        record("request", "q", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
        response("image", "HTTP/1.1 200 OK\nContent-Type: image/png", &noise),
        page("2"),
        response("large", "HTTP/1.1 200 OK\nContent-Type: text/html", &noise),
        record("metadata", "m", "application/warc-fields", noise.get(..200).unwrap()),
        coded,
        record("resource", "tool", "text/plain", b"log"),
        page("3"),
    ]
}

/// As it is, as a member of gzip, as a frame of Zstandard.
fn packed(packing: usize, record: &[u8]) -> Vec<u8> {
    match packing {
        0 => record.to_vec(),
        1 => gzip(record),
        _ => zstd::encode_all(record, 3).unwrap(),
    }
}

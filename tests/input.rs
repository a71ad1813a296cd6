//! Reading files, folders and JSON lines; what a broken input gives.
#![cfg(feature = "input")]
#![expect(clippy::unwrap_used, reason = "what the helpers of a test cannot do fails the test")]

use flate2::Compression;
use flate2::write::GzEncoder;
use pagesieve::input::{Counts, InputOptions, Inputs, JsonFields, KeptFields, Kind, Record, RecordError};
use pagesieve::{Document, Error, Media};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn write(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Every record of every input, and the counts.
fn read(path: &Path, options: InputOptions) -> (Vec<Record>, Counts) {
    let mut counts = Counts::default();
    let mut all = Vec::new();
    for input in &Inputs::new([path], options) {
        let mut records = input.open().unwrap();
        all.extend(records.by_ref());
        counts.add(records.counts());
    }
    (all, counts)
}

fn records(path: &Path) -> Vec<Record> {
    read(path, InputOptions::default()).0
}

fn document(path: &Path) -> Document {
    let mut records = records(path);
    assert_eq!(records.len(), 1, "{records:?}");
    records.remove(0).outcome.unwrap()
}

fn error(path: &Path) -> RecordError {
    let mut records = records(path);
    assert_eq!(records.len(), 1, "{records:?}");
    records.remove(0).outcome.unwrap_err()
}

/// The rows of JSON lines: `id: bytes` of a document, `id! kind` of an error.
fn rows(records: &[Record]) -> Vec<String> {
    let show = |record: &Record| match &record.outcome {
        Ok(document) => format!("{}: {}", document.id(), String::from_utf8_lossy(document.bytes())),
        Err(error) => format!("{}! {}", error.id, error.kind),
    };
    records.iter().map(show).collect()
}

fn json_rows(text: impl AsRef<[u8]>, options: InputOptions) -> (Vec<String>, Counts) {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "lines.jsonl", text);
    let (records, counts) = read(&path, options);
    let prefix = format!("{}/", folder.path().display());
    (rows(&records).into_iter().map(|row| row.replace(&prefix, "")).collect(), counts)
}

#[test]
fn pages_are_read_by_name_with_their_path_as_id() {
    let folder = TempDir::new().unwrap();
    for (name, media) in
        [("a.html", Media::Html), ("a.htm", Media::Html), ("a.md", Media::Text), ("a.txt", Media::Text)]
    {
        let path = write(&folder, name, "<p>text");
        let document = document(&path);
        assert_eq!(document.id(), path.to_str().unwrap());
        assert_eq!((document.media(), document.bytes()), (media, b"<p>text".as_slice()));
        assert_eq!(document.charset(), None);
    }
}

#[test]
fn compression_is_told_by_the_bytes_and_not_by_the_name() {
    let folder = TempDir::new().unwrap();
    let page = b"<html>page".as_slice();
    for (name, bytes) in [
        ("a.html.gz", gzip(page)),
        ("a.html.zst", zstandard(page)),
        ("a.html", gzip(page)),
        ("a.html.gz", page.to_vec()),
        ("a.html.gz", [gzip(b"<html>"), gzip(b"page")].concat()),
    ] {
        assert_eq!(document(&write(&folder, name, bytes)).bytes(), page, "{name}");
    }
}

#[test]
fn a_file_without_a_telling_name_is_sniffed() {
    let folder = TempDir::new().unwrap();
    assert_eq!(document(&write(&folder, "index.php", "<!doctype html><p>x")).media(), Media::Html);
    assert_eq!(document(&write(&folder, "notes", "plain words")).media(), Media::Unknown);
    let json = write(&folder, "dump", "{\"id\": \"a\", \"text\": \"x\"}\n");
    assert_eq!(rows(&records(&json)), ["a: x"]);
    let warc = write(
        &folder,
        "crawl",
        gzip(b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
    );
    let (rows, counts) = read(&warc, InputOptions::default());
    assert_eq!((rows.len(), counts.skipped().collect::<Vec<_>>()), (0, vec![("warcinfo", 1)]));
}

#[test]
fn the_kind_can_be_given_against_the_name() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "a.html", "{\"id\": 1, \"text\": \"x\"}");
    let (records, _) = read(&path, InputOptions::default().with_kind(Kind::JsonLines));
    assert_eq!(rows(&records), ["1: x"]);
}

#[test]
fn an_empty_file_is_an_empty_document() {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in [("a.html", Vec::new()), ("a.txt", Vec::new()), ("a.html.gz", gzip(b""))] {
        assert_eq!(document(&write(&folder, name, bytes)).bytes(), b"", "{name}");
    }
    for name in ["a.jsonl", "a.warc", "a.warc.gz"] {
        assert_eq!(records(&write(&folder, name, "")).len(), 0, "{name}");
    }
}

#[test]
fn binary_bytes_come_through_as_they_are() {
    let folder = TempDir::new().unwrap();
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    assert_eq!(document(&write(&folder, "a.html", &bytes)).bytes(), bytes);
}

#[test]
fn a_truncated_gzip_page_is_an_error_row_that_says_what_and_why() {
    let folder = TempDir::new().unwrap();
    let whole = gzip("<html>a page with some text".repeat(50).as_bytes());
    let path = write(&folder, "a.html.gz", &whole[..whole.len() - 10]);
    let error = error(&path);
    assert_eq!((error.id.as_str(), error.kind), (path.to_str().unwrap(), "truncated"));
    assert!(error.message.contains("ends in the middle"), "{}", error.message);
}

#[test]
fn a_damaged_gzip_page_is_an_error_row() {
    let folder = TempDir::new().unwrap();
    let mut bytes = gzip("<html>a page with some text".repeat(50).as_bytes());
    let checksum = bytes.len() - 6;
    bytes[checksum] ^= 0xFF;
    for name in ["a.html.gz", "a.unknown"] {
        assert_eq!(error(&write(&folder, name, &bytes)).kind, "damaged", "{name}");
    }
}

#[test]
fn a_format_that_is_not_read_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    let error = error(&write(&folder, "paper", b"%PDF-1.7"));
    assert_eq!(error.kind, "unsupported_format");
    assert!(error.message.contains("extract its text"), "{}", error.message);
}

#[test]
fn a_page_over_the_limit_is_an_error_row_also_when_it_is_small_on_disk() {
    let folder = TempDir::new().unwrap();
    let bomb = gzip(&vec![b'x'; 1 << 20]);
    let path = write(&folder, "a.html.gz", bomb);
    let (records, _) = read(&path, InputOptions::default().with_record_bytes(1000));
    assert_eq!(rows(&records), [format!("{}! too_large", path.display())]);
}

#[test]
fn a_page_of_50_megabytes_is_read() {
    let folder = TempDir::new().unwrap();
    let bytes = vec![b'<'; 50 << 20];
    assert_eq!(document(&write(&folder, "a.html", &bytes)).bytes().len(), bytes.len());
}

#[test]
fn folders_are_read_in_order_and_what_is_left_out_is_listed() {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in [
        ("b.html", "b"),
        ("a/2.txt", "2"),
        ("a/1.html", "1"),
        ("a/style.css", "p { }"),
        ("c.php", "<html>c"),
        (".hidden/x.html", "x"),
        ("d.jsonl", "{\"id\": 7, \"text\": \"d\"}"),
    ] {
        write(&folder, name, bytes);
    }
    let inputs = Inputs::new([folder.path()], InputOptions::default());
    let names: Vec<&Path> =
        inputs.iter().map(|input| Path::new(&**input.name()).strip_prefix(folder.path()).unwrap()).collect();
    assert_eq!(names, ["a/1.html", "a/2.txt", "b.html", "c.php", "d.jsonl"].map(Path::new));
    let ignored: Vec<&Path> =
        inputs.ignored().iter().map(|path| path.strip_prefix(folder.path()).unwrap()).collect();
    assert_eq!(ignored, [".hidden", "a/style.css"].map(Path::new));
    assert_eq!(
        rows(&records(folder.path())),
        ["a/1.html: 1", "a/2.txt: 2", "b.html: b", "c.php: <html>c", "7: d"]
    );
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_followed_and_loops_end() {
    let folder = TempDir::new().unwrap();
    write(&folder, "pages/a.html", "a");
    std::os::unix::fs::symlink(folder.path(), folder.path().join("pages/up")).unwrap();
    let other = TempDir::new().unwrap();
    write(&other, "b.html", "b");
    std::os::unix::fs::symlink(other.path(), folder.path().join("linked")).unwrap();
    assert_eq!(rows(&records(folder.path())), ["linked/b.html: b", "pages/a.html: a"]);
}

#[test]
fn no_two_pages_have_one_id_and_each_says_where_it_is() {
    let folder = TempDir::new().unwrap();
    for name in ["a/index.html", "b/index.html", "a/b/index.html", "a/lines.jsonl"] {
        write(&folder, name, "{\"text\": \"x\"}");
    }
    let path = |name: &str| folder.path().join(name);
    let given = [path("a"), path("b"), path("a/b/index.html"), path("")];
    let inputs = Inputs::new(given, InputOptions::default());
    let all: Vec<Record> = inputs.iter().flat_map(|input| input.open().unwrap()).collect();
    let ids: Vec<&str> = all.iter().map(|record| record.outcome.as_ref().unwrap().id()).collect();
    let second = path("b/index.html");
    assert_eq!(ids, ["b/index.html", "index.html", "lines.jsonl#1", second.to_str().unwrap()]);
    let names = ["a/b/index.html", "a/index.html", "a/lines.jsonl", "b/index.html"].map(path);
    for (record, name) in all.iter().zip(names) {
        let from = &record.provenance;
        assert_eq!((&*from.input, from.position), (name.to_str().unwrap(), 1));
    }
}

#[test]
fn an_input_given_twice_is_read_once() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "a.html", "a");
    let inputs = Inputs::new([folder.path(), &path, folder.path()], InputOptions::default());
    assert_eq!(inputs.len(), 1);
}

#[test]
fn a_missing_input_is_named_and_the_others_are_read() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "a.html", "a");
    let missing = folder.path().join("no/such/folder");
    let inputs = Inputs::new([&missing, &path], InputOptions::default());
    let opened: Vec<_> = inputs.iter().map(pagesieve::input::Input::open).collect();
    let message = opened[0].as_ref().unwrap_err().to_string();
    assert!(message.contains("no/such/folder") && message.contains("check the spelling"), "{message}");
    assert!(matches!(&opened[0], Err(Error::Io { path, .. }) if *path == missing));
    assert!(opened[1].is_ok());
}

#[test]
fn a_list_of_inputs_has_names_and_sizes_before_anything_is_opened() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "a.html", "four");
    let inputs = Inputs::new(
        [path, PathBuf::from("-"), PathBuf::from("https://example.com/")],
        InputOptions::default(),
    );
    let list: Vec<_> = inputs.iter().map(|input| (input.name().ends_with("a.html"), input.bytes())).collect();
    assert_eq!(list, [(true, Some(4)), (false, None), (false, None)]);
    let mut records = inputs.iter().next().unwrap().open().unwrap();
    assert!(records.next().is_some());
    assert_eq!(records.bytes_read(), 4);
}

#[test]
fn records_can_be_read_on_another_thread() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "a.html", "a");
    let inputs = Inputs::new([path], InputOptions::default());
    let records = inputs.iter().next().unwrap().open().unwrap();
    assert_eq!(std::thread::spawn(move || records.count()).join().unwrap(), 1);
}

#[test]
fn json_lines_of_common_tools_are_understood_without_settings() {
    let lines = [
        r#"{"text": "datatrove", "id": "d1", "metadata": {"url": "https://a.example/1"}}"#,
        r#"{"title": "t", "source": "https://a.example/2", "id": null, "raw_text": "trafilatura", "text": "body"}"#,
        r#"{"warc_record_id": "<urn:uuid:1>", "warc_target_uri": "https://a.example/3", "html": "<p>warc"}"#,
        r#"{"url": "https://a.example/4", "raw_content": "corpus", "source": "cc"}"#,
        r#"{"id": 5, "url": "https://a.example/5", "html": "<p>wins", "text": "loses"}"#,
        r#"{"id": "6", "source": "cc", "html": "", "content": "<p>either"}"#,
        r##"{"id": "7", "data": {"markdown": "# f", "rawHtml": "<p>firecrawl", "metadata": {"sourceURL": "https://a.example/7"}}}"##,
    ];
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "lines.jsonl", lines.join("\n"));
    let documents: Vec<Document> = records(&path).into_iter().map(|record| record.outcome.unwrap()).collect();
    let name = path.display();
    let expected = [
        ("d1".to_owned(), Some("https://a.example/1"), Media::Text, "datatrove"),
        (format!("{name}#2"), Some("https://a.example/2"), Media::Text, "body"),
        ("<urn:uuid:1>".to_owned(), Some("https://a.example/3"), Media::Html, "<p>warc"),
        (format!("{name}#4"), Some("https://a.example/4"), Media::Unknown, "corpus"),
        ("5".to_owned(), Some("https://a.example/5"), Media::Html, "<p>wins"),
        ("6".to_owned(), None, Media::Unknown, "<p>either"),
        ("7".to_owned(), Some("https://a.example/7"), Media::Html, "<p>firecrawl"),
    ];
    for (document, (id, url, media, bytes)) in documents.iter().zip(expected) {
        assert_eq!(document.id(), id);
        assert_eq!((document.url(), document.media(), document.bytes()), (url, media, bytes.as_bytes()));
        assert_eq!(document.charset(), Some("utf-8"), "a JSON string is UTF-8 whatever its meta tags say");
    }
    assert_eq!(documents.len(), 7);
}

#[test]
fn field_names_can_be_set_and_dots_lead_into_objects() {
    let fields = JsonFields::default().with_id(["key"]).with_url(["meta.link"]).with_html(["page.source"]);
    let line = r#"{"key": "k", "id": "no", "meta": {"link": "a.example/x"}, "page": {"source": "<p>x"}, "text": "t"}"#;
    let folder = TempDir::new().unwrap();
    let (mut records, _) = read(&write(&folder, "a.jsonl", line), InputOptions::default().with_json(fields));
    let document = records.remove(0).outcome.unwrap();
    assert_eq!(
        (document.id(), document.url(), document.bytes()),
        ("k", Some("a.example/x"), b"<p>x".as_slice())
    );
}

/// The fields that come back with the row of a line.
fn fields(line: &str, options: InputOptions) -> String {
    let folder = TempDir::new().unwrap();
    let (records, _) = read(&write(&folder, "a.jsonl", line), options);
    let first = records.first().unwrap();
    first.provenance.fields.json().unwrap_or_default().to_owned()
}

#[test]
fn the_fields_of_a_line_that_are_not_the_page_come_back_as_they_were() {
    let all = |line: &str| fields(line, InputOptions::default());
    let line = r#"{"id":1,"url":"https://a.example/","text":"x","score":0.10,"n":123456789012345678901,"dump":{"b":[1, 2],"a":null},"e":""}"#;
    assert_eq!(all(line), r#"{"score":0.10,"n":123456789012345678901,"dump":{"b":[1, 2],"a":null},"e":""}"#);
    // What turned out not to be the page stays, what stands inside an object stays there, and a page leaves it.
    assert_eq!(all(r#"{"html":"<p>x","text":"y","source":"cc"}"#), r#"{"source":"cc","text":"y"}"#);
    assert_eq!(
        all(r#"{"text":"x","metadata":{"url":"https://a.example/","k":1}}"#),
        r#"{"metadata":{"k":1,"url":"https://a.example/"}}"#
    );
    assert_eq!(all(r#"{"data":{"rawHtml":"<p>x","status":200}}"#), r#"{"data":{"status":200}}"#);
    assert_eq!(all(r#"{"text":"","k":1}"#), r#"{"k":1}"#);
    // An error row has them too; the bad field is one of them.
    assert_eq!(all(r#"{"text":7,"k":1}"#), r#"{"k":1,"text":7}"#);
    for line in [r#"{"id":1,"url":"u","text":"x"}"#, "no json", "[1]"] {
        assert_eq!(all(line), "", "{line}");
    }
}

#[test]
fn fields_that_come_back_can_be_named() {
    let line = r#"{"id":1,"text":"x","a":1,"b":2,"html":null}"#;
    let kept = |kept: KeptFields| fields(line, InputOptions::default().with_kept_fields(kept));
    assert_eq!(kept(KeptFields::None), "");
    assert_eq!(kept(KeptFields::Named(vec!["b".to_owned(), "none".to_owned()])), r#"{"b":2}"#);
    assert_eq!(kept(KeptFields::All), r#"{"a":1,"b":2,"html":null}"#);
}

#[test]
fn fields_that_no_reader_of_rows_could_read_come_back_as_text() {
    let all = |line: &str| fields(line, InputOptions::default());
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(all(&format!(r#"{{"text":"x","k":{deep}}}"#)), format!(r#"{{"k":"{deep}"}}"#));
    assert_eq!(all(r#"{"text":"x","k":"a\ud800b\ud83d\ude00"}"#), r#"{"k":"a\uFFFDb\ud83d\ude00"}"#);
    // The object of a file that is read as a whole stands on several lines.
    assert_eq!(all("{\n\"text\":\"x\",\n\"k\":{\n\"a\":\n1}\n}"), r#"{"k":{"a":1}}"#);
    let many: String = (0..20_000).map(|_| r#""k":1,"#).collect();
    assert_eq!(all(&format!("{{{many}\"text\":\"x\"}}")).matches("\"k\"").count(), 20_000);
}

#[test]
fn a_broken_line_is_an_error_row_and_the_next_line_is_read() {
    let text = "{\"id\": 1, \"text\": \"a\"}\nno json\n[1, 2]\n\n{\"id\": 4, \"title\": \"x\"}\n{\"id\": 5, \"text\": 7}\n\
                {\"id\": 6, \"text\": \"cut\n{\"id\": 8, \"text\": \"b\"} x\n{\"id\": 9, \"text\": \"c\"}";
    let (rows, _) = json_rows(text, InputOptions::default());
    assert_eq!(
        rows,
        [
            "1: a",
            "lines.jsonl#2! not_json",
            "lines.jsonl#3! not_object",
            "4! missing_field",
            "5! bad_field",
            "lines.jsonl#7! not_json",
            "lines.jsonl#8! not_json",
            "9: c",
        ]
    );
}

#[test]
fn a_line_without_a_page_says_which_fields_were_looked_for_and_found() {
    let folder = TempDir::new().unwrap();
    let line = r#"{"id": "x", "url": "https://a.example/", "headline": "h"}"#;
    let error = error(&write(&folder, "a.jsonl", line));
    assert_eq!((error.id.as_str(), error.url.as_deref()), ("x", Some("https://a.example/")));
    for part in ["looked for html,", "raw_content", "found id, url, headline"] {
        assert!(error.message.contains(part), "{}", error.message);
    }
}

#[test]
fn an_empty_page_in_a_line_is_an_empty_document() {
    assert_eq!(json_rows("{\"id\": 1, \"text\": \"\"}", InputOptions::default()).0, ["1: "]);
}

#[test]
fn lone_surrogates_and_invalid_utf8_cost_a_character_and_are_counted() {
    let mut text = br#"{"id": 1, "text": "a\ud800b \ud83d\ude00"}"#.to_vec();
    text.extend_from_slice(
        b"\n{\"id\": 2, \"text\": \"a\xFFb\"}\n{\"id\": 3, \"text\": \"c\", \"other\": \"\\udfff\"}",
    );
    let (rows, counts) = json_rows(text, InputOptions::default());
    assert_eq!(rows, ["1: a\u{FFFD}b \u{1F600}", "2: a\u{FFFD}b", "3: c"]);
    assert_eq!(counts.repaired().collect::<Vec<_>>(), [("invalid_utf8", 1), ("lone_surrogate", 1)]);
}

#[test]
fn numbers_that_are_none_are_read_as_null_and_counted() {
    let text = "{\"ppl\": NaN, \"id\": 1, \"text\": \"a NaN, \\\"Infinity\"}\n\
                {\"id\": 2, \"scores\": [-Infinity, 1e5, Infinity,NaN], \"text\": \"b\"}\n\
                {\"id\": NaN, \"text\": \"c\"}\n{\"id\": 4, \"x\": NaNs, \"text\": \"d\"}";
    let (rows, counts) = json_rows(text, InputOptions::default());
    let expected = ["1: a NaN, \"Infinity", "2: b", "lines.jsonl#3: c", "lines.jsonl#4! not_json"];
    assert_eq!(rows, expected);
    assert_eq!(counts.repaired().collect::<Vec<_>>(), [("not_a_number", 3)]);
    let array = "[{\"id\": 1, \"x\": NaN, \"text\": \"a\"},\n {\"id\": 2, \"text\": \"b\\ud800\"}]";
    assert_eq!(json_rows(array, InputOptions::default()).0, ["1: a", "2: b\u{FFFD}"]);
}

#[test]
fn objects_that_share_a_line_are_rows_of_their_own() {
    let text = "{\"id\": 1, \"text\": \"a\"} {\"id\": 2, \"x\": NaN, \"text\": \"} {\"}{\"text\": \"c\"}\n\
                {\"id\": 4, \"text\": \"d\"}\n[{\"id\": 5, \"text\": \"e\"}, {\"id\": 6, \"text\": \"f\"}]\n{\"text\": \"g\"}";
    let rows = ["1: a", "2: } {", "lines.jsonl#3: c", "4: d", "5: e", "6: f", "lines.jsonl#7: g"];
    assert_eq!(json_rows(text, InputOptions::default()).0, rows);
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "a.jsonl", text);
    let inputs = Inputs::new([&path], InputOptions::default());
    for after in 0..8 {
        let rest = inputs.iter().next().unwrap().open_after(after).unwrap();
        let positions: Vec<u64> = rest.map(|record| record.provenance.position).collect();
        assert_eq!(positions, (after + 1..8).collect::<Vec<_>>());
    }
}

#[test]
fn a_list_of_paragraphs_is_a_text_of_lines() {
    let text = "{\"id\": 1, \"text\": [\"a\", null, \"b\"]}\n{\"id\": 2, \"text\": [], \"content\": \"c\"}\n\
                {\"id\": 3, \"text\": [1]}";
    assert_eq!(json_rows(text, InputOptions::default()).0, ["1: a\nb", "2: c", "3! bad_field"]);
}

#[test]
fn a_line_over_the_limit_is_an_error_row_and_the_next_line_is_read() {
    let long = format!("{{\"id\": 1, \"text\": \"{}\"}}", "x".repeat(300_000));
    let text = format!("{long}\n{{\"id\": 2, \"text\": \"a\"}}\n{long}");
    let (rows, _) = json_rows(text, InputOptions::default().with_line_bytes(200_000));
    assert_eq!(rows, ["lines.jsonl#1! too_large", "2: a", "lines.jsonl#3! too_large"]);
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_matter() {
    let text = "\u{FEFF}{\"id\": 1, \"text\": \"a\"}\r\n{\"id\": 2, \"text\": \"b\"}\r\n";
    assert_eq!(json_rows(text, InputOptions::default()).0, ["1: a", "2: b"]);
}

#[test]
fn json_that_is_no_json_lines_is_read_as_a_whole() {
    let array = "[{\"id\": 1, \"text\": \"a\"},\n {\"id\": 2, \"text\": \"b\"}, 3]";
    assert_eq!(json_rows(array, InputOptions::default()).0, ["1: a", "2: b", "lines.jsonl#3! not_object"]);
    let spread = "{\n  \"id\": 1,\n  \"text\": \"a\"\n}\n{\n  \"id\": 2,\n  \"text\": \"b\"\n}\n";
    assert_eq!(json_rows(spread, InputOptions::default()).0, ["1: a", "2: b"]);
    let cut = "[{\"id\": 1, \"text\": \"a\"},";
    assert_eq!(json_rows(cut, InputOptions::default()).0, ["lines.jsonl#1! not_json"]);
}

#[test]
fn compressed_lines_are_read_up_to_the_cut_and_the_cut_is_a_row() {
    let lines: Vec<String> =
        (0..400).map(|n| format!("{{\"id\": {n}, \"text\": \"text {}\"}}", n * 7919)).collect();
    let lines = lines.join("\n");
    for whole in [gzip(lines.as_bytes()), zstandard(lines.as_bytes())] {
        assert_eq!(json_rows(&whole, InputOptions::default()).0.len(), 400);
        let (rows, _) = json_rows(&whole[..whole.len() - 9], InputOptions::default());
        let (last, read) = rows.split_last().unwrap();
        assert!(last.ends_with("! truncated"), "{last}");
        assert!(read.iter().enumerate().all(|(n, row)| *row == format!("{n}: text {}", n * 7919)));
    }
}

#[test]
fn a_resumed_input_goes_on_behind_the_given_position() {
    let folder = TempDir::new().unwrap();
    let lines =
        "{\"id\": 1, \"text\": \"a\"}\nbroken\n\n{\"id\": 4, \"text\": \"b\"}\n{\"id\": 5, \"text\": \"c\"}";
    let path = write(&folder, "a.jsonl", lines);
    let inputs = Inputs::new([&path], InputOptions::default());
    let input = inputs.iter().next().unwrap();
    let all: Vec<u64> = input.open().unwrap().map(|record| record.provenance.position).collect();
    assert_eq!(all, [1, 2, 4, 5]);
    for after in 0..6 {
        let rest: Vec<u64> =
            input.open_after(after).unwrap().map(|record| record.provenance.position).collect();
        let expected: Vec<u64> = all.iter().copied().filter(|&position| position > after).collect();
        assert_eq!(rest, expected, "after {after}");
    }
    let page = write(&folder, "a.html", "a");
    let inputs = Inputs::new([page], InputOptions::default());
    assert_eq!(inputs.iter().next().unwrap().open_after(1).unwrap().count(), 0);
}

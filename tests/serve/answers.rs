//! Answers are what the command line prints, byte for byte.

use super::server::{HTML, JSON, LINES, Server, long_page, page, run};
use flate2::Compression;
use flate2::write::GzEncoder;
use pagesieve::output::RowFormat;
use pagesieve::provenance::Provenance;
use pagesieve::{Document, Filter};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};

const NAMES: [&str; 2] = ["en-harbour-ferry-refit.html", "en-allotment-blog-injected.html"];

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_page_is_answered_with_the_row_of_score() {
    let server = Server::start(&[]);
    for name in NAMES {
        let html = page(name);
        let printed = run(&["score", "--json", "--as", "html", "-"], &html).stdout;
        assert_eq!(server.post("/v1/check", "text/html", &html).text(), text(&printed), "{name}");
        let printed = run(&["score", "--json", "--blocks", "--as", "text", "-"], &html).stdout;
        let answer = server.post("/v1/check?blocks=true", "text/plain", &html);
        assert_eq!(answer.text(), text(&printed), "{name} as text");
        let printed = run(&["score", "--json", "--blocks", "--explain", "--as", "html", "-"], &html).stdout;
        let answer = server.post("/v1/check?blocks=true&explain=true", HTML, &html);
        assert_eq!(answer.text(), text(&printed), "{name} with explanations");
        let printed =
            run(&["score", "--json", "--url", "https://a.example/x", "--as", "html", "-"], &html).stdout;
        let answer = server.post("/v1/check?url=https%3A%2F%2Fa.example%2Fx", "text/html", &html);
        assert_eq!(answer.text(), text(&printed), "{name} with its URL");
    }
}

#[test]
fn a_page_in_json_is_answered_with_the_row_of_filter() {
    let server = Server::start(&[]);
    let html = String::from_utf8(page(NAMES[0])).unwrap();
    let pages = [
        json!({ "id": "a", "url": "https://a.example/x", "html": html }),
        json!({ "text": "One line.\nAnother line.", "charset": "gbk" }),
        json!({ "record_id": 5, "raw_html": html, "metadata": { "url": "https://a.example/y" } }),
    ];
    for page in pages {
        let filter =
            ["filter", "-", "--format", "markdown", "--keep-review", "--rejected", "/dev/stdout", "-q"];
        let printed = run(&filter, page.to_string().as_bytes()).stdout;
        let answer = server.post("/v1/check?body=markdown", JSON, page.to_string());
        assert_eq!(answer.text(), text(&printed), "{page}");
    }
}

#[test]
fn the_charset_of_the_content_type_decodes_the_page() {
    // "新闻正文" in GBK, which nothing in the page says.
    let html = b"<p>\xD0\xC2\xCE\xC5\xD5\xFD\xCE\xC4</p>";
    let answer = Server::start(&[]).post("/v1/check?blocks=true", "text/html; charset=GBK", html);
    let document = Document::html(*html).with_charset("GBK").with_id("-#1");
    let mut row = Vec::new();
    let (report, from) = (Filter::builtin().check(&document), Provenance::new("-", 1));
    RowFormat::new().with_blocks().append_record(&mut row, &report, Some(&from));
    assert_eq!(answer.text(), text(&row));
    assert_eq!(answer.json()["blocks"][0]["text"], "新闻正文");
}

/// Lines of all kinds, of which many are judged at the same time and take different times.
fn lines() -> String {
    let long = String::from_utf8(long_page(20_000)).unwrap();
    let mut lines = String::from("\u{FEFF}");
    for number in 0..24 {
        let line = match number % 6 {
            0 => json!({ "id": number, "html": long }).to_string(),
            1 => "this is no JSON".to_owned(),
            2 => json!({ "id": number, "title": "no page" }).to_string(),
            3 => String::new(),
            4 => json!([1, 2]).to_string(),
            _ => json!({ "text": format!("Line {number}.\nAnother line.") }).to_string(),
        };
        lines += &(line + "\n");
    }
    lines + "{\"text\": \"a last line without an end \\ud800\"}"
}

fn verdict_is_keep(row: &str) -> bool {
    serde_json::from_str::<Value>(row).unwrap()["verdict"] == "keep"
}

#[test]
fn a_batch_is_answered_with_the_rows_of_filter_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let rejected = folder.path().join("rejected.jsonl");
    let filter = ["filter", "-", "--blocks", "--rejected", rejected.to_str().unwrap(), "-q"];
    let kept = run(&filter, lines().as_bytes()).stdout;
    let rejected = std::fs::read_to_string(rejected).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(lines().as_bytes()).unwrap();
    let server = Server::start(&[]);
    for body in [lines().into_bytes(), packed.finish().unwrap()] {
        let answer = server.post("/v1/batch?blocks=true", LINES, body);
        assert_eq!(answer.header("content-type"), Some(LINES));
        let (ours, others): (Vec<&str>, Vec<&str>) =
            answer.text().lines().partition(|row| verdict_is_keep(row));
        assert_eq!(ours, text(&kept).lines().collect::<Vec<_>>());
        assert_eq!(others, rejected.lines().collect::<Vec<_>>());
        assert_eq!(ours.len() + others.len(), 21);
        assert!(answer.text().lines().next().unwrap().starts_with(r#"{"v":1,"id":"0""#));
    }
}

#[test]
fn a_row_comes_before_the_next_line_is_sent() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let head = format!(
        "POST /v1/batch HTTP/1.1\r\nHost: {}\r\nContent-Type: {LINES}\r\nTransfer-Encoding: chunked\r\n\r\n",
        server.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = BufReader::new(stream.try_clone().unwrap());
    for number in 0..3 {
        let line = json!({ "id": format!("page {number}"), "text": "One line." }).to_string() + "\n";
        stream.write_all(format!("{:x}\r\n{line}\r\n", line.len()).as_bytes()).unwrap();
        let mut row = String::new();
        while !row.starts_with('{') {
            row.clear();
            assert!(answer.read_line(&mut row).unwrap() > 0);
        }
        assert!(row.contains(&format!("\"id\":\"page {number}\"")), "{row}");
    }
}

#[test]
fn a_host_is_answered_with_the_object_of_hosts_show() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("hosts.db");
    let database = database.to_str().unwrap();
    let lines = "{\"url\":\"https://www.a.example/\",\"text\":\"One line of text.\"}\n".repeat(4);
    run(&["filter", "-", "--hosts", database, "-q"], lines.as_bytes());
    let server = Server::start(&["--hosts", database]);
    for host in ["www.a.example", "a.example"] {
        let printed = run(&["hosts", "show", host, "--db", database, "--json"], b"").stdout;
        assert_eq!(server.get(&format!("/v1/hosts/{host}")).text(), text(&printed));
    }
    assert!(server.get("/v1/hosts/b.example").error(404, "unknown_host").contains("b.example"));
    let message = Server::start(&[]).get("/v1/hosts/a.example").error(503, "no_hosts");
    assert!(message.contains("--hosts"), "{message}");
}

#[test]
fn figures_count_pages_verdicts_errors_and_stages() {
    let server = Server::start(&[]);
    let html = page(NAMES[0]);
    server.post("/v1/check", HTML, &html);
    server.post("/v1/check", JSON, "no json");
    server.post("/v1/batch", LINES, "{\"text\": \"One line.\"}\nno json\n");
    server.get("/no/such/path");
    let figures = server.get("/metrics");
    for line in [
        "pagesieve_pages_total 2",
        &format!("pagesieve_page_bytes_total {}", html.len() + "One line.".len()),
        "pagesieve_verdicts_total{verdict=\"keep\"} 1",
        "pagesieve_errors_total{kind=\"not_json\"} 2",
        "pagesieve_requests_total{method=\"POST\",path=\"/v1/check\",status=\"422\"} 1",
        "pagesieve_requests_total{method=\"GET\",path=\"other\",status=\"404\"} 1",
        "pagesieve_stage_seconds_count{stage=\"check\"} 2",
        "pagesieve_stage_seconds_count{stage=\"queue\"} 2",
        "pagesieve_stage_seconds_count{stage=\"write\"} 2",
        "pagesieve_stage_seconds_count{stage=\"read\"} 2",
        "pagesieve_waiting_pages 0",
        "# EOF",
    ] {
        assert!(figures.text().lines().any(|found| found == line), "{line} is not in:\n{}", figures.text());
    }
}

#[test]
fn every_answer_forbids_what_the_inspector_does_not_need() {
    let server = Server::start(&[]);
    for path in ["/", "/inspector/inspector.css", "/inspector/inspector.js", "/healthz", "/no/such/path"] {
        let answer = server.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
    assert!(server.get("/").text().starts_with("<!doctype html>"));
}

#[test]
fn the_files_of_the_inspector_are_served_as_what_they_are() {
    let server = Server::start(&[]);
    for (name, media) in [
        ("inspector.css", "text/css; charset=utf-8"),
        ("inspector.js", "text/javascript; charset=utf-8"),
        ("example.html", "text/plain; charset=utf-8"),
    ] {
        let answer = server.get(&format!("/inspector/{name}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media)), "{name}");
    }
    server.get("/inspector/..%2Fopenapi.json").error(404, "not_found");
}

#[test]
fn explained_rows_of_a_batch_are_those_of_check() {
    let server = Server::start(&[]);
    let pages: Vec<String> = NAMES
        .iter()
        .map(|name| json!({ "id": name, "html": String::from_utf8(page(name)).unwrap() }).to_string())
        .collect();
    let path = |endpoint: &str| format!("/v1/{endpoint}?blocks=true&explain=true");
    let rows: String =
        pages.iter().map(|page| server.post(&path("check"), JSON, page).text().to_owned()).collect();
    assert!(rows.contains("\"runner_up\""));
    let batch = server.post(&path("batch"), LINES, pages.join("\n")).text().to_owned();
    // The second line of a batch is a page of its own elsewhere.
    assert_eq!(batch.replace("\"position\":2}", "\"position\":1}"), rows);
    server.post("/v1/check?explain=true", JSON, &pages[0]).error(400, "bad_query");
}

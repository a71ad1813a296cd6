//! Inputs that are no ordinary pages: answers with an error, rows of nothing and of far too much.

use super::*;
use serde_json::json;

/// A WARC response.
fn response(url: &str, status: &str, body: &str) -> String {
    let block = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n{body}");
    let length = block.len();
    format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http\r\n\
         Content-Length: {length}\r\n\r\n{block}\r\n\r\n"
    )
}

#[test]
fn what_a_server_sends_with_a_redirection_or_an_error_is_no_content() {
    let place = Place::new();
    let answers = ["200 OK", "302 Found", "404 Not Found", "503 Service Unavailable"];
    let bytes: String =
        answers.iter().map(|status| response("https://a.example/", status, &article(1))).collect();
    place.write("a.warc", bytes);
    let ran = place.run("filter a.warc --rejected r.jsonl").ends_with(0).says("http_status");
    assert_eq!(rows(ran.out.as_bytes()).len(), 1);
    let rejected = rows(&place.read("r.jsonl"));
    assert_eq!(rejected.len(), 3);
    for row in rejected {
        assert_eq!((&row["verdict"], &row["body"]), (&json!("drop"), &json!("")));
        assert_eq!(row["reasons"][0]["name"], "http_status");
    }
    assert_eq!(rows(place.run("filter a.warc --any-status").ends_with(0).out.as_bytes()).len(), 4);
}

#[test]
fn whatever_a_row_holds_it_gives_a_row() {
    let place = Place::new();
    let long = "河边的桥整个冬天都关着，人们绕路走。".repeat(100_000);
    let texts = [
        long.as_str(),
        "word",
        "((((((((((]]]]]]]]]]>>>>>>",
        "\u{0}\u{7}\u{1b}[2J\u{202e}\u{feff}",
        "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᎠᏂᏴᏫᏯ ᎤᎾᏓᏤᎵ ᎧᏃᎮᏛ. ".repeat(20).as_str(),
    ]
    .map(|text| json!({"url": "no host", "text": text}).to_string());
    let surrogates = r#"{"url": "http://[::bad/", "text": "\udc00 one \ud800"}"#.to_owned();
    let lines: Vec<String> = texts.into_iter().chain([surrogates]).collect();
    place.write("a.jsonl", lines.join("\n"));
    place.run("filter a.jsonl -o k.jsonl --rejected r.jsonl").ends_with(0);
    let all = [rows(&place.read("k.jsonl")), rows(&place.read("r.jsonl"))].concat();
    assert_eq!(all.len(), lines.len());
    assert!(all.iter().all(|row| row["status"] == "ok" && !row["body"].as_str().unwrap().contains('\u{1b}')));
}

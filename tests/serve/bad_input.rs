//! Requests that are too much, too slow or broken, and the end of the service.

use super::server::{Answer, HTML, JSON, LINES, Server, long_page};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// A connection on which the head of a POST was sent.
fn begun(server: &Server, path: &str, headers: &str) -> TcpStream {
    let mut stream = server.connect();
    let host = &server.address;
    let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// Most memory that the process has ever had, in bytes.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[test]
fn a_head_that_never_ends_is_cut_off() {
    let server = Server::start(&["--header-time", "1"]);
    let mut stream = server.connect();
    stream.write_all(b"POST /v1/check HTTP/1.1\r\nHost: 127.0.0.1\r\n").unwrap();
    let started = Instant::now();
    for _ in 0..20 {
        // The connection may be closed at any of these.
        if stream.write_all(b"X-Slow: 1\r\n").is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let mut rest = Vec::new();
    // Closed, with or without a word.
    let _ = stream.read_to_end(&mut rest);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(!rest.starts_with(b"HTTP/1.1 200"));
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_body_that_stops_is_answered_and_given_up() {
    let server = Server::start(&["--idle-time", "1"]);
    let mut stream = begun(&server, "/v1/check", "Content-Type: text/html\r\nContent-Length: 100");
    stream.write_all(b"<p>half").unwrap();
    let message = Answer::read(&mut stream).error(408, "slow_body");
    assert!(message.contains("1 seconds"), "{message}");
    let mut stream = begun(&server, "/v1/batch", &format!("Content-Type: {LINES}\r\nContent-Length: 100"));
    stream.write_all(b"{\"text\": \"One line.\"}\n{\"te").unwrap();
    let answer = Answer::read(&mut stream);
    let rows: Vec<Value> = answer.text().lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!((rows[0]["status"].as_str(), rows[1]["status"].as_str()), (Some("ok"), Some("error")));
    assert!(
        rows[1]["error"]["message"].as_str().unwrap().contains("no byte of the body came"),
        "{}",
        rows[1]
    );
}

#[test]
fn a_client_that_hangs_up_costs_nobody_else_anything() {
    let server = Server::start(&[]);
    for path in ["/v1/check", "/v1/batch"] {
        let mut stream = begun(&server, path, &format!("Content-Type: {JSON}\r\nContent-Length: 100"));
        stream.write_all(b"{\"te").unwrap();
        stream.shutdown(Shutdown::Both).unwrap();
    }
    for broken in ["\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "GET / HTTP/9.9\r\n\r\n"] {
        let mut stream = server.connect();
        stream.write_all(broken.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        // Some are answered with 400, some with nothing.
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{broken:?}");
    }
    assert_eq!(server.post("/v1/check", HTML, "<p>One line.").status, 200);
}

#[test]
fn a_body_of_a_gigabyte_is_refused_before_it_comes() {
    let server = Server::start(&[]);
    let mut stream = begun(&server, "/v1/check", "Content-Type: text/html\r\nContent-Length: 1073741824");
    let started = Instant::now();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_body_that_does_not_say_its_size_is_read_up_to_the_limit() {
    let server = Server::start(&["--max-page", "100000"]);
    server.post("/v1/check", HTML, "<p>One line.");
    let before = peak(server.id());
    let mut stream = begun(&server, "/v1/check", "Content-Type: text/html\r\nTransfer-Encoding: chunked");
    let chunk = [b"10000\r\n".as_slice(), &vec![b'x'; 0x10000], b"\r\n"].concat();
    for _ in 0..1000 {
        // It may hang up before the last of 64 MB has come.
        if stream.write_all(&chunk).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    let message = Answer::read(&mut stream).error(413, "too_large");
    assert!(message.contains("--max-page"), "{message}");
    assert!(peak(server.id()) < before + (16 << 20), "the body went into memory");
}

#[test]
fn a_line_over_the_limit_is_an_error_row_and_the_next_goes_on() {
    let server = Server::start(&["--max-page", "100000"]);
    let long = format!("{{\"id\": \"long\", \"text\": \"{}\"}}", "x".repeat(200_000));
    let answer =
        server.post("/v1/batch", LINES, format!("{long}\nno json\n{{\"id\": 3, \"text\": \"x\"}}\n"));
    let rows: Vec<Value> = answer.text().lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["error"]["kind"], "too_large");
    assert_eq!(rows[1]["error"]["kind"], "not_json");
    assert_eq!((&rows[2]["id"], &rows[2]["status"]), (&"3".into(), &"ok".into()));
}

#[test]
fn a_client_that_reads_no_row_is_given_up() {
    let server = Server::start(&["--idle-time", "1"]);
    // Rows of some 20 MB, more than any socket's buffer holds.
    let body = "no json\n".repeat(80_000);
    let mut stream =
        begun(&server, "/v1/batch", &format!("Content-Type: {LINES}\r\nContent-Length: {}", body.len()));
    let sending = std::thread::spawn(move || {
        // The service may hang up before it has read everything.
        let _ = stream.write_all(body.as_bytes());
        stream
    });
    let asked = Instant::now();
    std::thread::sleep(Duration::from_millis(500));
    while !server.get("/metrics").text().contains("pagesieve_connections 1\n") {
        assert!(asked.elapsed() < Duration::from_secs(30), "the connection is still open");
        std::thread::sleep(Duration::from_millis(200));
    }
    drop(sending.join().unwrap());
}

#[test]
fn requests_that_cannot_work_say_why() {
    let server = Server::start(&[]);
    assert!(server.get("/v1/chekc").error(404, "not_found").contains("/v1/chekc"));
    assert!(server.get("/v1/check").error(405, "method_not_allowed").contains("GET"));
    assert!(
        server
            .post("/v1/check?block=1", HTML, "")
            .error(400, "bad_query")
            .contains("blocks, body, explain, id, url")
    );
    assert!(server.post("/v1/check", "application/pdf", "").error(415, "unsupported_type").contains("pdf"));
    assert!(server.post("/v1/check", JSON, "{\"text\": 5}").error(422, "bad_field").contains("text"));
    assert!(server.post("/v1/check", JSON, "[]").error(422, "not_object").contains("object"));
    assert!(server.post("/v1/check", JSON, "").error(422, "not_json").contains("JSON"));
    let packed = [("Content-Type", HTML), ("Content-Encoding", "gzip")];
    server.ask("POST", "/v1/check", &packed, b"\x1F\x8B").error(415, "unsupported_encoding");
    assert!(server.get("/v1/score").error(400, "bad_query").contains("?url="));
}

#[test]
fn more_pages_than_the_queue_holds_are_sent_away() {
    let server = Server::start(&["--threads", "1", "--queue", "1"]);
    // Long enough that the others come while it is judged, whatever the build.
    let page = long_page(if cfg!(debug_assertions) { 200_000 } else { 4_000_000 });
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| server.post("/v1/check", HTML, &page))).collect();
        asked.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    let (judged, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert!(!judged.is_empty() && !refused.is_empty(), "{} judged", judged.len());
    for answer in refused {
        answer.error(503, "busy");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
}

#[test]
fn a_request_over_its_time_is_answered() {
    let server = Server::start(&["--request-time", "1"]);
    let mut stream = begun(&server, "/v1/check", "Content-Type: text/html\r\nContent-Length: 100");
    let drip = std::thread::spawn({
        let mut stream = stream.try_clone().unwrap();
        move || {
            for _ in 0..15 {
                // The service hangs up.
                let _ = stream.write_all(b"x");
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    });
    let message = Answer::read(&mut stream).error(503, "timeout");
    assert!(message.contains("1 seconds"), "{message}");
    drip.join().unwrap();
}

#[test]
fn a_signal_lets_what_runs_come_to_its_end() {
    let server = Server::start(&[]);
    let address = server.address.clone();
    let running = std::thread::spawn({
        let address = address.clone();
        move || {
            super::server::ask(&address, "POST", "/v1/check", &[("Content-Type", HTML)], &long_page(300_000))
        }
    });
    let idle = server.connect();
    let asked = Instant::now();
    while !server.get("/metrics").text().contains("stage_seconds_count{stage=\"queue\"} 1") {
        assert!(asked.elapsed() < Duration::from_secs(30));
    }
    let (code, said) = server.stop();
    assert_eq!(running.join().unwrap().status, 200);
    assert_eq!(code, Some(0));
    assert!(said.starts_with("stopped after ") && said.ends_with("1 pages judged\n"), "{said}");
    assert!(TcpStream::connect(address).is_err());
    drop(idle);
}

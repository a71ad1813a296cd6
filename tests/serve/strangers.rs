//! Who may not use the service, and what it may not be used for.

use super::server::{Answer, HTML, LINES, Server, answering, ask, program};
use pagesieve::Filter;
use pagesieve::input::fetch::{FetchOptions, Robots};
use pagesieve::serve::{Options, Service, State};
use std::net::{IpAddr, Ipv4Addr};
use std::process::Output;

const TOKEN: &str = "a-token-of-the-test-0123";

/// A server that sends every request to the address.
fn redirecting_to(target: &str) -> String {
    let head =
        format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    answering(head.into_bytes())
}

/// A service that may fetch from 127.0.0.1 and no other address of this machine; it ends with the test's process.
fn service_that_reaches_us() -> String {
    let fetch = FetchOptions::default().with_robots(Robots::Ignored);
    let options = Options::default()
        .with_address((Ipv4Addr::LOCALHOST, 0).into())
        .with_fetch(fetch.with_address(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let service = Service::bind(State::new(Filter::builtin(), options).unwrap()).unwrap();
    let address = service.address().to_string();
    std::thread::spawn(move || service.run());
    address
}

#[test]
fn addresses_that_are_not_public_are_not_fetched() {
    let server = Server::start(&["--ignore-robots"]);
    let own = format!("http://{}/healthz", server.address);
    for url in [
        own.as_str(),
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://name.localhost./",
    ] {
        let message = server.get(&format!("/v1/score?url={url}")).error(502, "not_fetched");
        assert!(message.contains("only public addresses are fetched from"), "{url}: {message}");
    }
    for url in ["file:///etc/passwd", "ftp://a.example/", "no URL", "http://user:secret@a.example/"] {
        let url = url.replace(' ', "%20");
        server.get(&format!("/v1/score?url={url}")).error(502, "not_fetched");
    }
}

#[test]
fn a_redirect_leads_to_no_private_address() {
    let service = service_that_reaches_us();
    for target in ["http://127.0.0.2/", "http://169.254.169.254/", "http://[::ffff:10.0.0.1]/"] {
        let path = format!("/v1/score?url={}", redirecting_to(target));
        let message = ask(&service, "GET", &path, &[], b"").error(502, "not_fetched");
        assert!(message.contains("only public addresses are fetched from"), "{target}: {message}");
    }
}

fn check_with(server: &Server, headers: &[(&str, &str)]) -> Answer {
    let headers = [&[("Content-Type", HTML)], headers].concat();
    server.ask("POST", "/v1/check", &headers, b"<p>One line.")
}

#[test]
fn pages_of_other_sites_are_refused() {
    let server = Server::start(&[]);
    let own = format!("http://{}", server.address);
    assert_eq!(check_with(&server, &[]).status, 200);
    assert_eq!(check_with(&server, &[("Origin", &own), ("Sec-Fetch-Site", "same-origin")]).status, 200);
    for header in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://a.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:1"),
    ] {
        check_with(&server, &[header]).error(403, "cross_site");
    }
    let visit = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")];
    assert_eq!(server.ask("GET", "/", &visit, b"").status, 200, "a link to the inspector");
    server.ask("GET", "/v1/score?url=http://a.example/", &visit, b"").error(403, "cross_site");
}

#[test]
fn names_that_somebody_points_at_this_machine_are_refused() {
    let server = Server::start(&["--host-name", "Filter.example"]);
    for host in ["localhost", "127.0.0.1:8040", "[::1]:8040", "filter.example"] {
        assert_eq!(check_with(&server, &[("Host", host)]).status, 200, "{host}");
    }
    for host in ["rebound.example", "127.0.0.1.rebound.example:8040", "10.0.0.1", ""] {
        let message = check_with(&server, &[("Host", host)]).error(403, "foreign_host");
        assert!(message.contains("--host-name"), "{message}");
    }
}

#[test]
fn what_a_form_can_send_is_no_batch() {
    let server = Server::start(&[]);
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let message = server.post("/v1/batch", media, "{\"text\": \"x\"}").error(415, "unsupported_type");
        assert!(message.contains(LINES), "{message}");
    }
}

#[test]
fn with_a_token_only_those_who_have_it_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let server = Server::start(&["--token-file", file.to_str().unwrap()]);
    let right = format!("Bearer {TOKEN}");
    assert_eq!(check_with(&server, &[("Authorization", &right)]).status, 200);
    let message = check_with(&server, &[]).error(401, "unauthorized");
    assert!(message.contains("Authorization: Bearer"), "{message}");
    for wrong in ["Bearer a-token-of-the-test-0124", "Bearer", "Bearer ", "Basic YTpi", TOKEN, &right[..20]] {
        let answer = check_with(&server, &[("Authorization", wrong)]);
        answer.error(401, "unauthorized");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    for path in ["/metrics", "/openapi.json", "/v1/score?url=http://a.example/", "/no/such/path"] {
        server.get(path).error(401, "unauthorized");
    }
    for path in
        ["/", "/inspector/inspector.js", "/inspector/inspector.css", "/inspector/example.html", "/healthz"]
    {
        assert_eq!(server.get(path).status, 200, "{path} says nothing of any page");
    }
}

fn fails_to_start(arguments: &[&str], token: Option<&str>) -> String {
    let mut command = program(&["serve"]);
    command.args(arguments);
    if let Some(token) = token {
        command.env("PAGESIEVE_TOKEN", token);
    }
    let Output { status, stderr, .. } = command.output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(2), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn an_address_for_others_needs_a_token() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let said = fails_to_start(&["--listen", address], None);
        assert!(said.contains("--token-file") && said.contains("PAGESIEVE_TOKEN"), "{said}");
    }
    let said = fails_to_start(&["--listen", "0.0.0.0:0"], Some("short"));
    assert!(said.contains("at least 16"), "{said}");
    let said = fails_to_start(&["--token-file", "/no/such/file"], None);
    assert!(said.contains("/no/such/file"), "{said}");
}

#[test]
fn a_second_service_on_the_same_port_says_so_in_one_line() {
    let server = Server::start(&[]);
    let said = fails_to_start(&["--listen", &server.address], None);
    assert!(said.contains(&server.address) && said.contains("another program listens there"), "{said}");
}

//! Fetching one URL: from a server of the test on this machine, and refusals that need none.
#![cfg(feature = "fetch")]
#![expect(clippy::unwrap_used, reason = "what the helpers of a test cannot do fails the test")]

use flate2::Compression;
use flate2::write::GzEncoder;
use pagesieve::input::fetch::{Addresses, FetchOptions, Robots, fetch};
use pagesieve::input::{InputOptions, Inputs};
use pagesieve::{Document, Error, Media};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// What the server does with a request for a path.
type Answer = fn(&str, &mut TcpStream) -> std::io::Result<()>;

/// A server on a free port; it ends with the test's process.
struct Server {
    base: String,
    requests: Receiver<String>,
}

impl Server {
    fn new(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let sender = sender.clone();
                std::thread::spawn(move || serve(stream.unwrap(), &sender, answer));
            }
        });
        Self { base, requests }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The requests so far, heads and all.
    fn requests(&self) -> Vec<String> {
        self.requests.try_iter().collect()
    }
}

fn serve(mut stream: TcpStream, requests: &Sender<String>, answer: Answer) {
    let mut head = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let _ = requests.send(head);
    // The client hangs up on answers that are too long or too slow.
    let _ = answer(&path, &mut stream);
}

fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n")?;
    stream.write_all(body)
}

/// A site without robots.txt, with one page behind every usual trouble.
fn site(path: &str, stream: &mut TcpStream) -> std::io::Result<()> {
    const HTML: &str = "Content-Type: text/html; charset=GBK\r\n";
    match path {
        "/page" => send(stream, "200 OK", HTML, b"<p>\xC4\xE3\xBA\xC3"),
        "/text" => send(stream, "200 OK", "Content-Type: text/plain\r\n", b"text"),
        "/image" => send(stream, "200 OK", "Content-Type: image/png\r\n", b"\x89PNG"),
        "/unsaid" => send(stream, "200 OK", "", b"<!DOCTYPE html><p>x"),
        "/gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&b"<p>gzip".repeat(1000))?;
            send(
                stream,
                "200 OK",
                "Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
                &encoder.finish()?,
            )
        }
        "/zstd" => {
            let body = zstd::encode_all(b"<p>zstd".as_slice(), 3)?;
            send(stream, "200 OK", "Content-Type: text/html\r\nContent-Encoding: zstd\r\n", &body)
        }
        "/hop" => send(stream, "302 Found", "Location: /page#part\r\n", b""),
        "/loop" => send(stream, "301 Moved", "Location: /loop\r\n", b""),
        "/to-file" => send(stream, "302 Found", "Location: file:///etc/passwd\r\n", b""),
        "/endless" => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 4096])?;
            }
        }
        "/drip" => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")?;
            loop {
                stream.write_all(b"x")?;
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        "/silent" => {
            std::thread::sleep(Duration::from_secs(5));
            Ok(())
        }
        "/cut" => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<p>half")
        }
        _ => match path.strip_prefix("/to?") {
            Some(target) => send(stream, "302 Found", &format!("Location: {target}\r\n"), b""),
            None => send(stream, "404 Not Found", HTML, b"<p>not here"),
        },
    }
}

/// Lets the server's address through, and no other that is not public.
fn local() -> FetchOptions {
    FetchOptions::default().with_address("127.0.0.1".parse().unwrap())
}

fn get(path: &str) -> Document {
    let server = Server::new(site);
    fetch(&server.url(path), &local()).unwrap()
}

fn problem(url: &str, options: &FetchOptions) -> String {
    match fetch(url, options) {
        Err(Error::Fetch { url: named, problem }) => {
            assert_eq!(named, url);
            problem
        }
        other => panic!("{url}: {other:?}"),
    }
}

fn problem_at(path: &str, options: &FetchOptions) -> String {
    problem(&Server::new(site).url(path), options)
}

#[test]
fn a_page_comes_with_media_and_charset_of_the_header() {
    let server = Server::new(site);
    let document = fetch(&server.url("/page"), &local()).unwrap();
    assert_eq!((document.media(), document.charset()), (Media::Html, Some("GBK")));
    assert_eq!(document.bytes(), b"<p>\xC4\xE3\xBA\xC3");
    assert_eq!((document.id(), document.url()), (&*server.url("/page"), Some(&*server.url("/page"))));
    assert_eq!(get("/text").media(), Media::Text);
    assert_eq!(get("/unsaid").media(), Media::Html);
}

#[test]
fn proxies_of_the_environment_are_not_used() {
    let test = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_page_comes_with_media_and_charset_of_the_header"])
        .envs(["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"].map(|name| (name, "http://127.0.0.1:9")))
        .env("no_proxy", "")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&test.stdout);
    assert!(test.status.success() && output.contains("1 passed"), "{output}");
}

#[test]
fn compressed_bodies_are_decoded() {
    assert_eq!(get("/gzip").bytes(), b"<p>gzip".repeat(1000));
    assert_eq!(get("/zstd").bytes(), b"<p>zstd");
}

#[test]
fn redirects_lead_to_the_url_of_the_document() {
    let server = Server::new(site);
    let document = fetch(&server.url("/hop"), &local()).unwrap();
    assert_eq!((document.id(), document.url()), (&*server.url("/hop"), Some(&*server.url("/page"))));
}

#[test]
fn too_many_redirects_are_refused() {
    let server = Server::new(site);
    let problem = problem(&server.url("/loop"), &local().with_redirects(3));
    assert!(problem.contains("more than 3 redirects"), "{problem}");
    let pages = server.requests().iter().filter(|request| request.starts_with("GET /loop ")).count();
    assert_eq!(pages, 4);
}

#[test]
fn an_address_that_is_not_public_is_refused_before_anything_is_sent() {
    let server = Server::new(site);
    let options = FetchOptions::default();
    let port = server.base.rsplit_once(':').unwrap().1;
    for host in [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "a.LocalHost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
    ] {
        let problem = problem(&format!("http://{host}:{port}/page"), &options);
        assert!(problem.ends_with("unless private ones are allowed"), "{host}: {problem}");
    }
    assert!(server.requests().is_empty());
    for host in [
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "0.0.0.0",
    ] {
        let problem = problem(&format!("http://{host}/"), &options);
        assert!(problem.contains("has the address"), "{host}: {problem}");
    }
}

#[test]
fn a_redirect_to_an_address_that_is_not_public_is_refused() {
    let others =
        ["http://127.0.0.2/", "http://2130706434/", "http://169.254.169.254/latest/meta-data/", "//[::1]/"];
    for other in others {
        let problem = problem_at(&format!("/to?{other}"), &local());
        assert!(problem.contains("has the address"), "{other}: {problem}");
    }
}

#[test]
fn any_address_can_be_allowed() {
    let server = Server::new(site);
    assert!(fetch(&server.url("/page"), &FetchOptions::default().with_addresses(Addresses::Any)).is_ok());
}

#[test]
fn urls_other_than_http_and_with_passwords_are_refused() {
    let options = FetchOptions::default().with_addresses(Addresses::Any);
    for url in
        ["file:///etc/passwd", "ftp://a.example/", "data:text/html,x", "javascript:1", "gopher://a.example/"]
    {
        assert!(problem(url, &options).contains("expected http or https"), "{url}");
    }
    assert!(problem("http://user:word@a.example/", &options).contains("password"));
    assert!(problem("no url", &options).contains("this is no URL"));
    assert!(problem_at("/to-file", &local()).contains("expected http or https"));
}

#[test]
fn a_page_over_the_limit_is_refused_and_not_read_to_its_end() {
    for path in ["/endless", "/gzip"] {
        let problem = problem_at(path, &local().with_bytes(5000));
        assert!(problem.contains("limit of 5000 bytes"), "{path}: {problem}");
    }
}

#[test]
fn a_slow_server_is_given_up() {
    for path in ["/drip", "/silent"] {
        let start = Instant::now();
        let problem = problem_at(path, &local().with_time(Duration::from_millis(400)));
        assert!(problem.contains("longer than 0.4 seconds"), "{path}: {problem}");
        assert!(start.elapsed() < Duration::from_secs(3), "{path}");
    }
}

#[test]
fn answers_that_are_no_page_are_named() {
    assert!(problem_at("/image", &local()).contains("sent `image/png`; expected HTML or text"));
    assert!(problem_at("/missing", &local()).contains("answered 404"));
    assert!(!problem_at("/cut", &local()).is_empty());
}

#[test]
fn the_user_agent_is_our_name_and_version_and_the_users_contact() {
    let server = Server::new(site);
    fetch(&server.url("/page"), &local().with_contact("https://me.example/bot")).unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let expected = format!("pagesieve/{} (+https://me.example/bot)\r\n", env!("CARGO_PKG_VERSION"));
    for request in &requests {
        assert!(request.to_ascii_lowercase().contains(&format!("user-agent: {expected}")), "{request}");
    }
    assert!(requests[0].starts_with("GET /robots.txt ") && requests[1].starts_with("GET /page "));
}

/// A site that forbids `/private`.
fn guarded(path: &str, stream: &mut TcpStream) -> std::io::Result<()> {
    match path {
        "/robots.txt" => send(stream, "200 OK", "", b"User-agent: *\nDisallow: /private\n"),
        _ => site(if path == "/private/page" { "/page" } else { path }, stream),
    }
}

/// A site whose robots.txt cannot be had.
fn failing(path: &str, stream: &mut TcpStream) -> std::io::Result<()> {
    match path {
        "/robots.txt" => send(stream, "503 Service Unavailable", "", b""),
        _ => site(path, stream),
    }
}

#[test]
fn robots_txt_is_respected_unless_it_is_ignored_explicitly() {
    let server = Server::new(guarded);
    assert!(fetch(&server.url("/page"), &local()).is_ok());
    let url = server.url("/private/page");
    let problem = problem(&url, &local());
    assert!(problem.contains("forbids") && problem.contains("ignore robots.txt explicitly"), "{problem}");
    assert!(fetch(&url, &local().with_robots(Robots::Ignored)).is_ok());
}

#[test]
fn a_redirect_is_measured_by_the_rules_of_where_it_leads() {
    let (open, guarded) = (Server::new(site), Server::new(guarded));
    let url = open.url(&format!("/to?{}", guarded.url("/private/page")));
    assert!(problem(&url, &local()).contains("forbids"));
    let requests = guarded.requests();
    assert!(requests.len() == 1 && requests[0].starts_with("GET /robots.txt "), "{requests:?}");
}

#[test]
fn a_site_whose_robots_txt_fails_is_not_fetched_from() {
    let server = Server::new(failing);
    let problem = problem(&server.url("/page"), &local());
    assert!(
        problem.contains("answered 503") && problem.contains("ignore robots.txt explicitly"),
        "{problem}"
    );
    assert!(fetch(&server.url("/page"), &local().with_robots(Robots::Ignored)).is_ok());
}

#[test]
fn a_url_can_be_one_of_the_inputs() {
    let server = Server::new(site);
    let inputs = Inputs::new(
        [server.url("/page"), server.url("/missing")],
        InputOptions::default().with_fetch(local()),
    );
    let opened: Vec<_> = inputs.iter().map(pagesieve::input::Input::open).collect();
    assert!(matches!(&opened[1], Err(Error::Fetch { .. })));
    let records: Vec<_> = opened.into_iter().next().unwrap().unwrap().collect();
    assert_eq!(records.len(), 1);
    assert_eq!(*records[0].provenance.input, *server.url("/page"));
    assert_eq!(records[0].outcome.as_ref().unwrap().id(), server.url("/page"));
}

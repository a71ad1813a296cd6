//! What the service adds to the library's own time, and how it does under load.
//!
//! `cargo bench --bench service -- [--rounds N]` judges pages of 100 KB, made of the pages of `training_data`, in turns
//! by the library (`check` and the row) and by `POST /v1/check` over one connection that is kept, and prints the
//! medians and their ratio.
//!
//! `cargo bench --bench service -- --load SECONDS [--connections N]` sends pages over many connections (64) for
//! that long and prints answers a second, p50, p99, errors, and the process's memory at its start and every quarter;
//! clients and service share the process and its processors.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints its figures")]

use pagesieve::output::RowFormat;
use pagesieve::serve::{Options, Service, State};
use pagesieve::{Document, Filter};
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const PAGE_BYTES: usize = 100_000;
const PAGES: usize = 8;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("service: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Arguments {
    rounds: usize,
    load: Option<u64>,
    connections: usize,
}

fn run() -> Outcome<()> {
    let arguments = arguments()?;
    let pages = pages()?;
    let options = Options::default().with_address((Ipv4Addr::LOCALHOST, 0).into());
    let service = Service::bind(State::new(Filter::builtin(), options)?)?;
    let address = service.address();
    std::thread::spawn(move || service.run());
    match arguments.load {
        Some(seconds) => load(address, &pages, Duration::from_secs(seconds), arguments.connections),
        None => overhead(address, &pages, arguments.rounds),
    }
}

fn arguments() -> Outcome<Arguments> {
    let mut found = Arguments { rounds: 15, load: None, connections: 64 };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        // Cargo adds `--bench`.
        if name == "--bench" {
            continue;
        }
        let number = given.next().ok_or_else(|| format!("`{name}` needs a number"))?.parse::<usize>()?.max(1);
        match name.as_str() {
            "--rounds" => found.rounds = number,
            "--load" => found.load = Some(number as u64),
            "--connections" => found.connections = number,
            _ => return Err(format!("there is no option `{name}`").into()),
        }
    }
    Ok(found)
}

/// Pages of 100 KB: bodies of labelled pages, one behind the other, each page from another one on.
fn pages() -> Outcome<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("training_data/pages");
    let mut files: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "html"));
    files.sort();
    let mut bodies = Vec::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        let body = text.split_once("<body").and_then(|(_, rest)| rest.split_once('>'));
        let body = body.and_then(|(_, rest)| rest.split_once("</body>")).map(|(body, _)| body.to_owned());
        bodies.extend(body);
    }
    let page = |first: usize| {
        let mut page = b"<!doctype html><html><body>".to_vec();
        for body in bodies.iter().cycle().skip(first) {
            page.extend_from_slice(body.as_bytes());
            if page.len() >= PAGE_BYTES {
                break;
            }
        }
        page
    };
    if bodies.is_empty() {
        Err("training_data holds no page".into())
    } else {
        Ok((0..PAGES).map(|at| page(at * 7)).collect())
    }
}

/// A connection that is kept.
struct Client {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Client {
    fn new(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let head = format!(
            "POST /v1/check HTTP/1.1\r\nHost: {address}\r\nContent-Type: text/html\r\nContent-Length: "
        );
        Ok(Self { stream: BufReader::new(stream), head })
    }

    /// The row of a page.
    fn check(&mut self, page: &[u8]) -> Outcome<Vec<u8>> {
        let head = format!("{}{}\r\n\r\n", self.head, page.len());
        let request = [head.as_bytes(), page].concat();
        self.stream.get_mut().write_all(&request)?;
        let (mut line, mut length, mut status) = (String::new(), 0, String::new());
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line)?;
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse()?;
            }
        }
        let mut row = vec![0; length];
        self.stream.read_exact(&mut row)?;
        if status.starts_with("HTTP/1.1 200") { Ok(row) } else { Err(status.into()) }
    }
}

fn overhead(address: SocketAddr, pages: &[Vec<u8>], rounds: usize) -> Outcome<()> {
    let filter = Filter::builtin();
    let mut client = Client::new(address)?;
    let (mut library, mut service) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        for page in pages {
            let started = Instant::now();
            let mut row = Vec::new();
            RowFormat::new()
                .append_report(&mut row, &filter.check(&Document::html(page.clone()).with_id("-#1")));
            let alone = started.elapsed();
            let started = Instant::now();
            let answered = client.check(page)?;
            let over_http = started.elapsed();
            if black_box(row) != answered {
                return Err("the service answers another row than the library".into());
            }
            // The first round warms both up.
            if round > 0 {
                library.push(alone);
                service.push(over_http);
            }
        }
    }
    let (library, service) = (at(&mut library, 0.5), at(&mut service, 0.5));
    println!("pages of {} KB, {} rounds, medians", PAGE_BYTES / 1000, rounds);
    println!("library         {:9.3} ms", milliseconds(library));
    println!("POST /v1/check  {:9.3} ms", milliseconds(service));
    println!("the service adds {:.1} %", (service.as_secs_f64() / library.as_secs_f64() - 1.0) * 100.0);
    Ok(())
}

fn load(address: SocketAddr, pages: &[Vec<u8>], time: Duration, connections: usize) -> Outcome<()> {
    let started = Instant::now();
    let mut memory = vec![memory()?];
    let work = |number: usize| {
        let (mut client, mut times, mut errors) = (Client::new(address)?, Vec::new(), 0);
        for page in pages.iter().cycle().skip(number) {
            let asked = Instant::now();
            if client.check(page).is_ok() {
                times.push(asked.elapsed());
            } else {
                errors += 1;
                client = Client::new(address)?;
            }
            if started.elapsed() >= time {
                break;
            }
        }
        Outcome::Ok((times, errors))
    };
    let (mut times, mut errors) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..connections).map(|number| scope.spawn(move || work(number))).collect();
        for _ in 0..4 {
            std::thread::sleep(time / 4);
            memory.push(self::memory()?);
        }
        for client in clients {
            let (found, failed) = client.join().map_err(|_| "a client panicked")??;
            times.extend(found);
            errors += failed;
        }
        Outcome::Ok(())
    })?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{connections} connections, {seconds:.0} s: {:.0} answers a second, {errors} errors",
        times.len() as f64 / seconds
    );
    let (p50, p99) = (at(&mut times, 0.5), at(&mut times, 0.99));
    println!("p50 {:.1} ms, p99 {:.1} ms", milliseconds(p50), milliseconds(p99));
    println!("memory in MB at the start and every quarter: {memory:?}");
    Ok(())
}

/// The time below which this share of the times is.
fn at(times: &mut [Duration], share: f64) -> Duration {
    times.sort();
    let place = (times.len() as f64 * share) as usize;
    times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Memory of this process in megabytes.
fn memory() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the system does not say VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1000)
}

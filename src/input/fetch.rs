//! One URL → a [`Document`].
//!
//! A URL may come from anybody, so the request must not reach what only this machine can reach. Names are
//! resolved by a resolver that lets public addresses through and no others, and the connection goes to the
//! very addresses that it gave: a name that resolves differently a moment later gains nothing. Redirects are
//! followed here, one by one, and each is treated as a new URL. Proxies of the environment are not used, as
//! behind one the address is no longer ours to check.

use super::address::refusal;
use super::compression::{Bounded, read_bounded};
use super::http::Head;
use super::media_type::MediaType;
use super::robots::{self, Rules};
use crate::page::Document;
use crate::{Error, Result};
use std::fmt;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::{HeaderMap, Response, Uri, header};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};
use url::{Origin, Url};

/// Whether a site's robots.txt is asked for and respected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Robots {
    /// It is; a site that forbids the page, or whose robots.txt cannot be read, is not fetched from.
    #[default]
    Respected,
    /// It is not asked for.
    Ignored,
}

/// Which addresses may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Addresses {
    /// Those of the public internet.
    #[default]
    Public,
    /// Any, also of this machine and its network. For tests and for one's own servers, never for URLs that
    /// somebody else chose.
    Any,
}

/// How a URL is fetched.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    bytes: usize,
    time: Duration,
    redirects: u32,
    robots: Robots,
    addresses: Addresses,
    /// Addresses that are let through although they are not public.
    allowed: Vec<IpAddr>,
    user_agent: String,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            bytes: 16 << 20,
            time: Duration::from_secs(20),
            redirects: 5,
            robots: Robots::default(),
            addresses: Addresses::default(),
            allowed: Vec::new(),
            user_agent: user_agent("fetches single pages on a user's request"),
        }
    }
}

impl FetchOptions {
    /// Largest page in bytes, decompressed (default 16 MiB).
    pub fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Time for everything together: names, robots.txt, redirects and the page (default 20 seconds).
    pub fn with_time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Redirects that are followed (default 5).
    pub fn with_redirects(mut self, redirects: u32) -> Self {
        self.redirects = redirects;
        self
    }

    /// Whether robots.txt is respected (default: it is).
    pub fn with_robots(mut self, robots: Robots) -> Self {
        self.robots = robots;
        self
    }

    /// Which addresses may be connected to (default: public ones).
    pub fn with_addresses(mut self, addresses: Addresses) -> Self {
        self.addresses = addresses;
        self
    }

    /// Lets one address through that is not public, as that of one's own server; redirects to others are still
    /// refused.
    pub fn with_address(mut self, address: IpAddr) -> Self {
        self.allowed.push(address);
        self
    }

    /// Where the owner of a site can reach you: a URL or an e-mail address, sent as
    /// `pagesieve/VERSION (+contact)`. Characters that a header cannot hold are left out.
    pub fn with_contact(mut self, contact: &str) -> Self {
        let plain: String =
            contact.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')')).collect();
        self.user_agent = user_agent(&format!("+{plain}"));
        self
    }
}

fn user_agent(comment: &str) -> String {
    format!("{}/{} ({comment})", robots::AGENT, env!("CARGO_PKG_VERSION"))
}

/// Fetches a page.
///
/// The document's id is the URL as given, its URL the one that the last redirect led to. Media type and charset
/// are those of the `Content-Type` header.
///
/// Fails with [`Error::Fetch`] for anything but `http` and `https`, for addresses that are not public, for
/// pages that robots.txt forbids, at the limits of size, time and redirects, for answers other than 2xx and
/// for what is neither HTML nor text.
pub fn fetch(url: &str, options: &FetchOptions) -> Result<Document> {
    Session::new(options)
        .page(url)
        .map(|document| document.with_id(url))
        .map_err(|problem| Error::Fetch { url: url.to_owned(), problem: problem.text })
}

/// What went wrong.
#[derive(Debug)]
struct Problem {
    /// For people.
    text: String,
    /// Whether the address was refused, so that robots.txt has nothing to do with it.
    refused: bool,
}

impl Problem {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), refused: false }
    }

    fn err<T>(text: impl Into<String>) -> Result<T, Self> {
        Err(Self::new(text))
    }
}

/// The work for one page.
struct Session<'o> {
    agent: Agent,
    options: &'o FetchOptions,
    deadline: Instant,
    sites: Vec<(Origin, Rules)>,
}

/// What a request is for; robots.txt does not need its own permission.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Page,
    Robots,
}

impl<'o> Session<'o> {
    fn new(options: &'o FetchOptions) -> Self {
        let config = Config::builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(options.user_agent.as_str())
            .accept("text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1")
            .build();
        let guard = Guard::new(options);
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), guard),
            options,
            deadline: Instant::now() + options.time,
            sites: Vec::new(),
        }
    }

    fn page(&mut self, url: &str) -> Result<Document, Problem> {
        let url = Url::parse(url)
            .map_err(|error| Problem::new(format!("this is no URL: {error}; expected http://…")))?;
        let (url, mut answer) = self.follow(url, Purpose::Page)?;
        let status = answer.status();
        if !status.is_success() {
            return Problem::err(format!("the server answered {status}"));
        }
        let body = self.body(&mut answer)?;
        let stated = content_type(answer.headers());
        let Some(document) = MediaType::parse(&stated).document_as_sent(body) else {
            return Problem::err(format!("the server sent `{stated}`; expected HTML or text"));
        };
        Ok(document.with_url(url))
    }

    /// Sends the request and follows redirects; every hop is checked like the first.
    fn follow(&mut self, mut url: Url, purpose: Purpose) -> Result<(Url, Response<Body>), Problem> {
        for _ in 0..=self.options.redirects {
            check(&url)?;
            url.set_fragment(None);
            if purpose == Purpose::Page {
                self.ask_robots(&url)?;
            }
            let answer = self.request(&url)?;
            let Some(target) = redirect(&answer) else { return Ok((url, answer)) };
            url = url
                .join(&target)
                .map_err(|error| Problem::new(format!("redirected to `{target}`: {error}")))?;
        }
        Problem::err(format!("more than {} redirects; the last led to `{url}`", self.options.redirects))
    }

    fn request(&self, url: &Url) -> Result<Response<Body>, Problem> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.too_slow());
        }
        let request = self.agent.get(url.as_str()).config().timeout_global(Some(left)).build();
        request.call().map_err(|error| self.problem(error))
    }

    fn ask_robots(&mut self, url: &Url) -> Result<(), Problem> {
        if self.options.robots == Robots::Ignored {
            return Ok(());
        }
        let origin = url.origin();
        if !self.sites.iter().any(|(site, _)| *site == origin) {
            let rules = self.rules(url)?;
            self.sites.push((origin.clone(), rules));
        }
        if self.sites.iter().any(|(site, rules)| *site == origin && !rules.allow(url.as_str())) {
            return Problem::err(format!(
                "robots.txt of {} forbids `{url}`; {OVERRIDE}",
                origin.ascii_serialization()
            ));
        }
        Ok(())
    }

    fn rules(&mut self, url: &Url) -> Result<Rules, Problem> {
        let site = url.origin().ascii_serialization();
        let robots = url.join("/robots.txt").map_err(|error| Problem::new(error.to_string()))?;
        let unknown = |problem: Problem| match problem {
            Problem { refused: true, .. } => problem,
            Problem { text, .. } => Problem::new(format!("robots.txt of {site}: {text}; {OVERRIDE}")),
        };
        let (_, mut answer) = self.follow(robots, Purpose::Robots).map_err(unknown)?;
        let mut body = Vec::new();
        let reader = answer.body_mut().as_reader();
        let read = reader.take(robots::BYTES as u64).read_to_end(&mut body);
        read.map_err(|error| unknown(self.problem(error.into())))?;
        Rules::from_answer(answer.status().as_u16(), &body).map_err(|problem| unknown(Problem::new(problem)))
    }

    fn body(&self, answer: &mut Response<Body>) -> Result<Vec<u8>, Problem> {
        let body = match read_bounded(answer.body_mut().as_reader(), self.options.bytes) {
            Bounded::Whole(body) => body,
            Bounded::TooLarge => {
                let limit = self.options.bytes;
                return Problem::err(format!(
                    "the page is larger than the limit of {limit} bytes; raise it to read the page"
                ));
            }
            Bounded::Failed(_, error) => return Err(self.problem(error.into())),
        };
        let encodings = header_values(answer.headers(), header::CONTENT_ENCODING);
        let head = Head { encodings, ..Head::default() };
        match head.decode(body, self.options.bytes) {
            Ok((body, false)) => Ok(body),
            Ok((_, true)) => Problem::err("the answer's body breaks off; try again".to_owned()),
            Err(fault) => Err(Problem::new(fault.message)),
        }
    }

    fn problem(&self, error: ureq::Error) -> Problem {
        match error {
            ureq::Error::Timeout(_) => self.too_slow(),
            ureq::Error::HostNotFound => Problem::new("the host was not found; check the spelling"),
            ureq::Error::Other(refused) => Problem { text: refused.to_string(), refused: true },
            error => Problem::new(error.to_string()),
        }
    }

    fn too_slow(&self) -> Problem {
        Problem::new(format!(
            "it took longer than {} seconds; raise the time limit to wait",
            self.options.time.as_secs_f32()
        ))
    }
}

const OVERRIDE: &str = "ignore robots.txt explicitly if the site's owner allows you to fetch it";

/// What a URL must be before anything is sent.
fn check(url: &Url) -> Result<(), Problem> {
    if !matches!(url.scheme(), "http" | "https") {
        return Problem::err(format!("`{}` URLs are not fetched; expected http or https", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Problem::err("it holds a user name or a password, which would be sent along; remove it");
    }
    match url.host() {
        Some(_) => Ok(()),
        None => Problem::err("it names no host"),
    }
}

/// Where an answer sends the browser.
fn redirect(answer: &Response<Body>) -> Option<String> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let target = answer.headers().get(header::LOCATION)?;
    Some(String::from_utf8_lossy(target.as_bytes()).into_owned())
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE);
    value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}

fn header_values(headers: &HeaderMap, name: header::HeaderName) -> Vec<String> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|value| value.trim().to_ascii_lowercase()).collect()
}

/// Resolves names and lets only addresses through that may be connected to.
#[derive(Debug)]
struct Guard {
    inner: DefaultResolver,
    addresses: Addresses,
    allowed: Vec<IpAddr>,
}

impl Guard {
    fn new(options: &FetchOptions) -> Self {
        let allowed = options.allowed.clone();
        Self { inner: DefaultResolver::default(), addresses: options.addresses, allowed }
    }

    fn allows(&self, address: IpAddr) -> bool {
        self.addresses == Addresses::Any || refusal(address).is_none() || self.allowed.contains(&address)
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        if is_localhost(uri.host().unwrap_or_default()) && !self.allows(loopback) {
            return Err(ureq::Error::Other(Box::new(Refused::new(uri, loopback))));
        }
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|address| self.allows(address.ip())) {
            allowed.push(*address);
        }
        match found.first() {
            Some(first) if allowed.is_empty() => {
                Err(ureq::Error::Other(Box::new(Refused::new(uri, first.ip()))))
            }
            _ => Ok(allowed),
        }
    }
}

/// Names that mean this machine, whatever a name server says of them (RFC 6761, 6.3).
fn is_localhost(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

/// A host none of whose addresses is public.
#[derive(Debug)]
struct Refused {
    host: String,
    address: IpAddr,
}

impl Refused {
    fn new(uri: &Uri, address: IpAddr) -> Self {
        Self { host: uri.host().unwrap_or_default().to_owned(), address }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, address } = self;
        let why = refusal(*address).unwrap_or("not public");
        write!(
            f,
            "`{host}` has the address {address}, which is {why}; only public addresses are fetched from, unless private \
             ones are allowed"
        )
    }
}

impl std::error::Error for Refused {}

//! What a user can say about the service.

use super::guard;
use crate::input::fetch::FetchOptions;
use crate::{Error, Result};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::time::Duration;

/// Shortest token in bytes: 16 characters of base 64 are 96 bits, which nobody tries out over a network.
const SHORTEST_TOKEN: usize = 16;

/// What a client must send as `Authorization: Bearer TOKEN`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token of at least 16 visible ASCII characters; white space around it does not count.
    pub fn new(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.len() < SHORTEST_TOKEN || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            let problem = format!(
                "expected a token of at least {SHORTEST_TOKEN} visible ASCII characters without spaces, found {} \
                 characters; make one with `openssl rand -base64 24`",
                text.chars().count()
            );
            return Err(Error::Settings(problem));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether this is the token, in a time that does not depend on where the two differ.
    pub(super) fn is(&self, sent: &[u8]) -> bool {
        guard::equal(self.0.as_bytes(), sent)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where the service listens, whom it answers, and how much it takes on at a time.
#[derive(Debug, Clone)]
pub struct Options {
    pub(super) address: SocketAddr,
    pub(super) token: Option<Token>,
    pub(super) hosts: Vec<String>,
    pub(super) threads: usize,
    pub(super) queue: usize,
    pub(super) connections: usize,
    pub(super) page_bytes: usize,
    pub(super) request_time: Duration,
    pub(super) header_time: Duration,
    pub(super) idle_time: Duration,
    pub(super) fetch: FetchOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 8040).into(),
            token: None,
            hosts: Vec::new(),
            threads: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            queue: 256,
            connections: 512,
            page_bytes: 16 << 20,
            request_time: Duration::from_mins(1),
            header_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(30),
            fetch: FetchOptions::default(),
        }
    }
}

impl Options {
    /// Where to listen (default 127.0.0.1:8040); port 0 takes a free one. An address that other machines can reach needs a
    /// token.
    pub fn with_address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// What every client must send (default: nothing).
    pub fn with_token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// A name under which a loopback service may be asked, besides this machine's own: that of a proxy before it.
    pub fn with_host(mut self, name: &str) -> Self {
        self.hosts.push(name.to_ascii_lowercase());
        self
    }

    /// Threads that judge pages (default: one for each processor).
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Pages that may wait for a thread (default 256); with more, `/v1/check` answers 503.
    pub fn with_queue(mut self, pages: usize) -> Self {
        self.queue = pages.max(1);
        self
    }

    /// Connections at a time (default 512); others wait until one is closed.
    pub fn with_connections(mut self, connections: usize) -> Self {
        self.connections = connections.max(1);
        self
    }

    /// Largest page, and longest line of a batch, in bytes (default 16 MiB).
    pub fn with_page_bytes(mut self, bytes: usize) -> Self {
        self.page_bytes = bytes;
        self
    }

    /// Time for one request from its head to the start of its answer (default 60 seconds).
    pub fn with_request_time(mut self, time: Duration) -> Self {
        self.request_time = time;
        self
    }

    /// Time for a request's head, and for which an idle connection is kept (default 10 seconds).
    pub fn with_header_time(mut self, time: Duration) -> Self {
        self.header_time = time;
        self
    }

    /// Time that may pass without a byte of a body, in either direction (default 30 seconds).
    pub fn with_idle_time(mut self, time: Duration) -> Self {
        self.idle_time = time;
        self
    }

    /// How `GET /v1/score` fetches a page.
    pub fn with_fetch(mut self, fetch: FetchOptions) -> Self {
        self.fetch = fetch;
        self
    }

    /// Bytes of bodies in memory at a time: sixteen of the largest pages.
    pub(super) fn body_bytes(&self) -> usize {
        self.page_bytes.saturating_mul(16)
    }

    /// Refuses an address that others can reach without a token.
    pub(super) fn check(&self) -> Result<()> {
        if self.address.ip().is_loopback() || self.token.is_some() {
            return Ok(());
        }
        Err(Error::Settings(format!(
            "other machines can reach {}, which needs a token; give one with --token-file FILE or in PAGESIEVE_TOKEN, or \
             listen on 127.0.0.1",
            self.address
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_least_length_and_never_shows_in_debug_output() {
        assert!(Token::new("short").is_err() && Token::new("sixteen letters and spaces").is_err());
        let token = Token::new(" 0123456789abcdef\n").unwrap();
        assert!(token.is(b"0123456789abcdef"));
        assert!(!token.is(b"0123456789abcdeF") && !token.is(b"0123456789abcde") && !token.is(b""));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn only_loopback_goes_without_a_token() {
        let open = Options::default().with_address("0.0.0.0:0".parse().unwrap());
        assert!(open.check().unwrap_err().to_string().contains("--token-file"));
        assert!(open.with_token(Token::new("0123456789abcdef").unwrap()).check().is_ok());
        assert!(Options::default().with_address("[::1]:0".parse().unwrap()).check().is_ok());
    }
}

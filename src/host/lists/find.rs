//! Looking up a host: a walk down the map, no memory taken.

use super::file::List;
use fst::raw::{Fst, Node, Output};
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An entry that covers a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub(super) value: u64,
    /// Labels of the host that the entry has; all of them for an address.
    labels: usize,
    /// Bytes of the path that the entry has.
    path: usize,
}

impl Found {
    /// The part of `host` and `path` that the entry names.
    pub fn entry(&self, host: &str, path: &str) -> String {
        let from = host.rmatch_indices('.').nth(self.labels.saturating_sub(1)).map_or(0, |(at, _)| at + 1);
        let from = if is_address(host) { 0 } else { from };
        let (host, path) = (host.get(from..).unwrap_or(host), path.get(..self.path).unwrap_or_default());
        format!("{host}{path}")
    }
}

impl List {
    /// The most specific entry that covers the host: the host itself or a domain above it. The host is in the
    /// form that URLs give, in ASCII and lower case.
    pub fn find(&self, host: &str) -> Option<Found> {
        self.find_page(host, "")
    }

    /// As [`List::find`], and entries with a path count too when the page's path is below theirs.
    ///
    /// A map that somebody forged, with a digest that fits, may lead out of its own bytes, where `fst` panics. Such a map
    /// covers nothing then.
    pub fn find_page(&self, host: &str, path: &str) -> Option<Found> {
        catch_unwind(AssertUnwindSafe(|| self.walk(host, path))).ok().flatten()
    }

    fn walk(&self, host: &str, path: &str) -> Option<Found> {
        let host = host.trim_end_matches('.');
        let mut walk = Walk::new(self.map.as_fst());
        let mut best = None;
        if is_address(host) {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            walk.bytes(b"=")?;
            walk.bytes(bare.as_bytes())?;
            best = walk.end(1, 0);
        } else {
            for (at, label) in host.rsplit('.').enumerate() {
                if at > 0 {
                    if walk.bytes(b".").is_none() {
                        return best;
                    }
                    best = walk.end(at, 0).or(best);
                }
                if walk.bytes(label.as_bytes()).is_none() {
                    return best;
                }
                best = walk.end(at + 1, 0).or(best);
            }
        }
        walk.path(host, path).or(best)
    }
}

fn is_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    host.starts_with('[')
        || (last.bytes().all(|byte| byte.is_ascii_digit()) && host.parse::<IpAddr>().is_ok())
        || host.contains(':')
}

/// A place in the map.
struct Walk<'m, D> {
    map: &'m Fst<D>,
    node: Node<'m>,
    value: Output,
}

impl<'m, D: AsRef<[u8]>> Walk<'m, D> {
    fn new(map: &'m Fst<D>) -> Self {
        Self { map, node: map.root(), value: Output::zero() }
    }

    /// Goes down; none where the map has no such key.
    fn bytes(&mut self, bytes: &[u8]) -> Option<()> {
        for byte in bytes {
            let step = self.node.transition(self.node.find_input(*byte)?);
            self.value = self.value.cat(step.out);
            self.node = self.map.node(step.addr);
        }
        Some(())
    }

    /// The entry that ends here.
    fn end(&self, labels: usize, path: usize) -> Option<Found> {
        let value = || self.value.cat(self.node.final_output()).value();
        self.node.is_final().then(|| Found { value: value(), labels, path })
    }

    /// The longest entry with a path that is the page's or a folder above it.
    fn path(&mut self, host: &str, path: &str) -> Option<Found> {
        let labels = host.split('.').count();
        let mut best = None;
        for (at, byte) in path.bytes().enumerate() {
            if self.bytes(&[byte]).is_none() {
                break;
            }
            let next = path.as_bytes().get(at + 1);
            if byte == b'/' || matches!(next, None | Some(b'/' | b'?')) {
                best = self.end(labels, at + 1).or(best);
            }
        }
        best
    }
}

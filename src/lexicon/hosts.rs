//! Hosts by what links to them say: `models/lexicon/hosts.tsv`.

use super::table::{BadLine, Row, one_of, rows, shipped};
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/hosts.tsv");
const COLUMNS: [&str; 3] = ["kind", "host", "source"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A top-level domain that is given away or sold for a song.
    Cheap,
    /// A registrable domain that pages of all kinds link to: from share menus, footers and app banners.
    Platform,
    /// A host or registrable domain below which strangers publish pages of their own, and which is no public suffix.
    Shared,
}

static HOSTS: LazyLock<Vec<(Kind, &str)>> = LazyLock::new(|| shipped(hosts(TABLE)));

fn hosts(text: &'static str) -> Result<Vec<(Kind, &'static str)>, BadLine> {
    let kinds = [("cheap", Kind::Cheap), ("platform", Kind::Platform), ("shared", Kind::Shared)];
    let mut hosts = Vec::new();
    for Row { line, cells: [kind, host, _] } in rows(text, COLUMNS)? {
        hosts.push((one_of(line, "kind", kind, &kinds)?, host));
    }
    Ok(hosts)
}

fn is(kind: Kind, host: &str) -> bool {
    HOSTS.iter().any(|(known, name)| *known == kind && name.eq_ignore_ascii_case(host))
}

/// Whether a top-level domain is given away or sold for a song.
pub(crate) fn is_cheap(suffix: &str) -> bool {
    is(Kind::Cheap, suffix)
}

/// Whether a registrable domain is one that pages of all kinds link to: from share menus, footers and app banners.
pub(crate) fn is_platform(domain: &str) -> bool {
    is(Kind::Platform, domain)
}

/// Whether strangers publish pages of their own below a host, which is no public suffix.
#[cfg(feature = "hosts")]
pub(crate) fn is_shared_host(host: &str) -> bool {
    is(Kind::Shared, host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_by_their_kind() {
        assert!(is_cheap("TOP") && !is_cheap("com"));
        assert!(is_platform("Facebook.com") && !is_platform("book.com"));
    }

    #[test]
    fn a_bad_line_is_named_with_what_to_do() {
        let found = hosts("kind\thost\tsource\ndear\tcom\thand\n").unwrap_err().to_string();
        assert_eq!(found, "line 2: kind \"dear\" is unknown; write one of: cheap, platform, shared");
    }
}

//! Hosts by what links to them say: `models/lexicon/hosts.tsv`.

use super::table::{BadLine, Row, rows};
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/hosts.tsv");
const COLUMNS: [&str; 3] = ["kind", "host", "source"];

#[derive(Debug, Default)]
struct Hosts {
    cheap: Vec<&'static str>,
    platforms: Vec<&'static str>,
}

static HOSTS: LazyLock<Hosts> = LazyLock::new(|| hosts(TABLE).unwrap_or_default());

fn hosts(text: &'static str) -> Result<Hosts, BadLine> {
    let mut hosts = Hosts::default();
    for Row { line, cells: [kind, host, _] } in rows(text, COLUMNS)? {
        match kind {
            "cheap" => hosts.cheap.push(host),
            "platform" => hosts.platforms.push(host),
            _ => return Err(BadLine::unknown(line, "kind", kind, &["cheap", "platform"])),
        }
    }
    Ok(hosts)
}

/// Whether a top-level domain is given away or sold for a song.
pub(crate) fn is_cheap(suffix: &str) -> bool {
    HOSTS.cheap.iter().any(|cheap| suffix.eq_ignore_ascii_case(cheap))
}

/// Whether a registrable domain is one that pages of all kinds link to: from share menus, footers and app banners.
pub(crate) fn is_platform(domain: &str) -> bool {
    HOSTS.platforms.iter().any(|platform| domain.eq_ignore_ascii_case(platform))
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
        assert_eq!(found, "line 2: kind \"dear\" is unknown; write one of: cheap, platform");
    }
}

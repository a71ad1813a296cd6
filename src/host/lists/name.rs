//! One entry of a list as it is written → its key.

use std::borrow::Cow;
use std::net::IpAddr;
use url::Host;

/// Why an entry is not taken. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// Everybody may register names below it (`com.cn`, `github.io`): it would cover thousands of strangers.
    PublicSuffix,
    /// A wildcard in another place than in front of the first label.
    Wildcard,
    /// A name or address of the local network, as `localhost`.
    Local,
    /// A filter of an ad blocker that is no bare host.
    Filter,
    /// No host, no address.
    Malformed,
    /// The rank or score is missing, no number, or out of range.
    Value,
    /// A line that is too long to be an entry.
    TooLong,
}

impl Refusal {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PublicSuffix => "public_suffix",
            Self::Wildcard => "wildcard",
            Self::Local => "local",
            Self::Filter => "filter",
            Self::Malformed => "malformed",
            Self::Value => "value",
            Self::TooLong => "too_long",
        }
    }
}

/// Names of hosts files that are not hosts of the web.
const LOCAL: [&str; 10] = [
    "localhost",
    "localhost.localdomain",
    "local",
    "broadcasthost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
];

/// What an entry covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName {
    host: Place,
    /// The path below which pages are covered, `/` in front; empty for all.
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// A name in lower case, and whether only the names below it are meant.
    Name {
        name: String,
        below: bool,
    },
    Address(IpAddr),
}

impl HostName {
    /// Reads an entry: a host, an address, `*.host`, `.host`, `||host^`, a URL, each with or without port and
    /// path. Names are made lower case and ASCII (IDNA).
    ///
    /// ```
    /// use pagesieve::host::{HostName, Refusal};
    /// assert_eq!(HostName::parse("||Ads.Example.com^").unwrap().to_string(), "ads.example.com");
    /// assert_eq!(HostName::parse("例子.中国").unwrap().to_string(), "xn--fsqu00a.xn--fiqs8s");
    /// assert_eq!(HostName::parse("*.com.cn"), Err(Refusal::PublicSuffix));
    /// ```
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let (rest, anchored) = match text.strip_prefix("||") {
            Some(filter) => (bare_filter(filter)?, true),
            None => (text, false),
        };
        let (rest, has_scheme) = without_scheme(rest);
        if anchored && has_scheme {
            return Err(Refusal::Filter);
        }
        let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let host = match host.rsplit_once('@') {
            Some((_, host)) if has_scheme => host,
            Some(_) => return Err(Refusal::Malformed),
            None => host,
        };
        let match_pattern = text.starts_with("*://");
        let place = Place::parse(host, match_pattern)?;
        Self { host: place, path: path_of(path)?.to_owned() }.guarded()
    }

    /// Refuses what would cover strangers, and what is not in the web.
    fn guarded(self) -> Result<Self, Refusal> {
        match &self.host {
            Place::Address(address) if is_local(address) => Err(Refusal::Local),
            Place::Name { name, .. } if LOCAL.contains(&name.as_str()) || name.ends_with(".localhost") => {
                Err(Refusal::Local)
            }
            Place::Name { name, .. } if self.path.is_empty() && psl::domain_str(name).is_none() => {
                Err(Refusal::PublicSuffix)
            }
            _ => Ok(self),
        }
    }

    /// Writes the key into `key`, which is cleared.
    pub(super) fn write_key(&self, key: &mut Vec<u8>) {
        key.clear();
        match &self.host {
            Place::Name { name, below } => {
                write_reversed(name, key);
                key.extend(below.then_some(b'.'));
            }
            Place::Address(address) => key.extend_from_slice(format!("={address}").as_bytes()),
        }
        key.extend_from_slice(self.path.as_bytes());
    }
}

impl std::fmt::Display for HostName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.host {
            Place::Name { name, below: true } => write!(f, "*.{name}{}", self.path),
            Place::Name { name, below: false } => write!(f, "{name}{}", self.path),
            Place::Address(address) => write!(f, "{address}{}", self.path),
        }
    }
}

impl Place {
    fn parse(host: &str, match_pattern: bool) -> Result<Self, Refusal> {
        if let Some(address) = address(host) {
            return Ok(Self::Address(address));
        }
        let host = without_port(host)?;
        if let Some(address) = address(host) {
            return Ok(Self::Address(address));
        }
        let (host, below) = match host.strip_prefix("*.") {
            Some(host) => (host, !match_pattern),
            None => (host.strip_prefix('.').unwrap_or(host), false),
        };
        if host.contains('*') {
            return Err(Refusal::Wildcard);
        }
        let name = ascii(host.trim_end_matches('.'))?;
        if let Some(address) = address(&name) {
            return Ok(Self::Address(address));
        }
        Ok(Self::Name { name: name.into_owned(), below })
    }
}

/// The labels from the last to the first.
pub(super) fn write_reversed(name: &str, out: &mut Vec<u8>) {
    for (at, label) in name.rsplit('.').enumerate() {
        out.extend((at > 0).then_some(b'.'));
        out.extend_from_slice(label.as_bytes());
    }
}

/// The host of `||host^`, when the filter blocks all of it.
fn bare_filter(filter: &str) -> Result<&str, Refusal> {
    const ALL_OF_IT: [&str; 6] = ["", "$all", "$document", "$doc", "$important", "$third-party"];
    let (host, options) = filter.split_once('^').unwrap_or((filter, ""));
    if ALL_OF_IT.contains(&options) && !host.contains('$') { Ok(host) } else { Err(Refusal::Filter) }
}

fn without_scheme(text: &str) -> (&str, bool) {
    match text.split_once("://") {
        Some((scheme, rest)) if scheme == "*" || scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            (rest, true)
        }
        _ => text.strip_prefix("//").map_or((text, false), |rest| (rest, true)),
    }
}

/// The path that is covered; empty for the whole host.
fn path_of(path: &str) -> Result<&str, Refusal> {
    let path = path.strip_suffix('*').unwrap_or(path);
    match path {
        "" | "/" => Ok(""),
        _ if path.contains('*') => Err(Refusal::Wildcard),
        _ if path.starts_with('/') => Ok(path.split('#').next().unwrap_or(path)),
        _ => Err(Refusal::Malformed),
    }
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

/// The host without `:8080`; a list of hosts does not go by ports.
fn without_port(host: &str) -> Result<&str, Refusal> {
    let Some((name, port)) = host.rsplit_once(':') else { return Ok(host) };
    let is_port = !port.is_empty() && port.parse::<u16>().is_ok();
    if is_port { Ok(name) } else { Err(Refusal::Malformed) }
}

/// The name in ASCII and lower case.
fn ascii(host: &str) -> Result<Cow<'_, str>, Refusal> {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    let last = host.rsplit('.').next().unwrap_or_default();
    // What ends with a number is an address in one of its many forms, or nothing.
    let is_number = last.starts_with(|c: char| c.is_ascii_digit());
    let name = if host.bytes().all(plain) && !host.contains("xn--") && !is_number {
        Cow::Borrowed(host)
    } else {
        match Host::parse(host) {
            Ok(Host::Domain(name)) => Cow::Owned(name.trim_end_matches('.').to_owned()),
            Ok(Host::Ipv4(address)) => Cow::Owned(address.to_string()),
            Ok(Host::Ipv6(_)) | Err(_) => return Err(Refusal::Malformed),
        }
    };
    let fits = name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()));
    if fits { Ok(name) } else { Err(Refusal::Malformed) }
}

fn is_local(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.is_private()
                || v4.is_loopback()
                || v4.is_unspecified()
                || v4.is_link_local()
                || v4.is_broadcast()
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unicast_link_local()
                || v6.is_unique_local()
                || v6.is_multicast()
        }
    }
}

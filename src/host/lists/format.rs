//! Lines of a list → entries with their values, in any of the forms in which lists come.

use super::name::Refusal;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// What an entry says beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// It belongs to a category.
    Category,
    /// A score from 0 to 1, 1 is the best.
    Score,
    /// A rank from 1, 1 is the best.
    Rank,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One host, URL or `||host^` a line, or a hosts file (`0.0.0.0 host host…`), also mixed.
    Hosts,
    /// `host,score`; a line of names may stand on top.
    Scored,
    /// `rank,host`, as Tranco writes it.
    Ranked,
    /// Common Crawl's ranks of hosts or domains: position and value of harmonic centrality, of page rank, and
    /// the name from its last label to its first, with tabs between them.
    CommonCrawl,
}

impl Format {
    /// What its entries say.
    pub fn kind(self) -> Kind {
        match self {
            Self::Hosts => Kind::Category,
            Self::Scored => Kind::Score,
            Self::Ranked | Self::CommonCrawl => Kind::Rank,
        }
    }

    /// The format of a list by one of its lines; none for a line that is no entry.
    pub(super) fn of_line(line: &str) -> Option<Self> {
        if line.starts_with("#harmonicc_pos") {
            return Some(Self::CommonCrawl);
        }
        let line = content(line)?;
        let tabs = line.split('\t').count();
        let first = line.split([',', '\t']).next().unwrap_or_default().trim();
        Some(match (tabs, line.contains(',')) {
            (5.., _) if first.parse::<u64>().is_ok() => Self::CommonCrawl,
            (_, true) if first.parse::<u64>().is_ok() => Self::Ranked,
            (_, true) => Self::Scored,
            _ => Self::Hosts,
        })
    }

    /// Calls `entry` with each host of the line and its value. A rank counts from 1, a score is in millionths,
    /// the value of a category's entry is 0.
    pub(super) fn read<'l>(
        self,
        line: &'l str,
        mut entry: impl FnMut(Result<(&'l str, u32), Refusal>),
    ) -> Content {
        let Some(line) = content(line) else { return Content::Comment };
        match self {
            Self::Hosts => hosts(line, &mut entry),
            Self::Scored => match line.split_once(',') {
                Some((host, rest)) => entry(score(rest).map(|score| (unquoted(host), score))),
                None => entry(Err(Refusal::Value)),
            },
            Self::Ranked => match line.split_once(',') {
                Some((position, host)) => {
                    let host = unquoted(host.split(',').next().unwrap_or_default());
                    entry(rank(position).map(|rank| (host, rank)));
                }
                None => entry(Err(Refusal::Value)),
            },
            Self::CommonCrawl => {
                let mut fields = line.split('\t');
                let (position, host) = (fields.next().unwrap_or_default(), fields.nth(3).unwrap_or_default());
                entry(rank(position).map(|rank| (host, rank)));
            }
        }
        Content::Entries
    }
}

/// What a line was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Comment,
    Entries,
}

/// The line without its comment; none where nothing else is left.
fn content(line: &str) -> Option<&str> {
    let line = line.trim_start_matches('\u{feff}').trim();
    let is_comment =
        line.starts_with(['#', '!', ';', '[']) && !is_bracketed_address(line) && !line.contains("##");
    if line.is_empty() || is_comment || line.starts_with("// ") {
        return None;
    }
    let end = [" #", "\t#"].iter().filter_map(|sign| line.find(sign)).min().unwrap_or(line.len());
    line.get(..end).map(str::trim_end)
}

/// `[2001:db8::1]`, where `[Adblock Plus 2.0]` is a title.
fn is_bracketed_address(line: &str) -> bool {
    line.strip_prefix('[')
        .and_then(|rest| rest.split(']').next())
        .is_some_and(|inner| inner.parse::<IpAddr>().is_ok())
}

fn hosts<'l>(line: &'l str, entry: &mut impl FnMut(Result<(&'l str, u32), Refusal>)) {
    if line.starts_with("@@") || ["##", "#@#", "#?#"].iter().any(|sign| line.contains(sign)) {
        return entry(Err(Refusal::Filter));
    }
    let mut words = line.split_ascii_whitespace();
    let first = words.next().unwrap_or_default();
    let Some(second) = words.next() else { return entry(Ok((first, 0))) };
    if first.parse::<IpAddr>().is_err() {
        return entry(Err(Refusal::Malformed));
    }
    std::iter::once(second).chain(words).for_each(|host| entry(Ok((host, 0))));
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"')
}

fn rank(text: &str) -> Result<u32, Refusal> {
    let rank = unquoted(text).parse().map_err(|_| Refusal::Value)?;
    if rank == 0 { Err(Refusal::Value) } else { Ok(rank) }
}

/// The first of the fields, in millionths.
fn score(fields: &str) -> Result<u32, Refusal> {
    let score: f64 =
        unquoted(fields.split(',').next().unwrap_or_default()).parse().map_err(|_| Refusal::Value)?;
    if (0.0..=1.0).contains(&score) { Ok((score * 1e6).round() as u32) } else { Err(Refusal::Value) }
}

//! What a list would hit, before anybody uses it.

use super::file::List;
use super::find::Found;
use super::format::Kind;
use super::shared::is_shared;
use crate::Result;
use crate::host::Store;
use fst::Streamer;
use std::collections::HashMap;

/// What one entry would hit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hit {
    /// The entry.
    pub entry: String,
    /// Hosts that it covers.
    pub hosts: u64,
    /// Pages of theirs that were seen.
    pub pages: u64,
    /// Of them the pages whose verdict was `keep`.
    pub kept: u64,
    /// The best rank among the hosts, where they have ranks.
    pub rank: Option<u32>,
    /// Whether the entry covers the sites of many strangers, and so counts for nothing: see [`is_shared`].
    pub is_shared: bool,
}

/// What a list would hit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trial {
    /// Entries that hit something: those with the most kept pages, the best rank or the most hosts first.
    pub hits: Vec<Hit>,
    /// Hosts that were looked up (for a database: hosts by section).
    pub hosts: u64,
    /// Pages of theirs.
    pub pages: u64,
}

impl Trial {
    /// What the list would hit among the pages of a database.
    pub fn of_store(list: &List, store: &Store) -> Result<Self> {
        let (mut trial, mut hits) = (Self::default(), HashMap::new());
        store.each_domain(|places| {
            for (place, evidence) in places {
                trial.hosts += 1;
                trial.pages += evidence.pages;
                if let Some(found) = list.find_page(place.host(), place.prefix()) {
                    let hit = hit(&mut hits, found, place.host(), place.prefix());
                    hit.pages += evidence.pages;
                    hit.kept += evidence.verdicts.first().copied().unwrap_or_default();
                }
            }
        })?;
        Ok(trial.with_hits(hits))
    }

    /// What the list would hit among the hosts of another one.
    pub fn of_list(list: &List, against: &List) -> Self {
        let (mut trial, mut hits) = (Self::default(), HashMap::new());
        let ranked = against.header().kind == Kind::Rank;
        let mut entries = against.map.stream();
        while let Some((key, value)) = entries.next() {
            let Ok(key) = std::str::from_utf8(key) else { continue };
            let (host, path) = page_of(key);
            trial.hosts += 1;
            if let Some(found) = list.find_page(&host, path) {
                let hit = hit(&mut hits, found, &host, path);
                let rank = ranked.then_some(value as u32);
                hit.rank = hit.rank.into_iter().chain(rank).min();
            }
        }
        trial.with_hits(hits)
    }

    fn with_hits(mut self, hits: HashMap<String, Hit>) -> Self {
        self.hits = hits.into_values().collect();
        let order = |hit: &Hit| {
            let most = (std::cmp::Reverse(hit.kept), std::cmp::Reverse(hit.pages));
            (most, hit.rank.unwrap_or(u32::MAX), std::cmp::Reverse(hit.hosts))
        };
        self.hits.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.entry.cmp(&b.entry)));
        self
    }

    /// All hits as one.
    pub fn total(&self) -> Hit {
        self.hits.iter().fold(Hit::default(), |total, hit| Hit {
            entry: String::new(),
            hosts: total.hosts + hit.hosts,
            pages: total.pages + hit.pages,
            kept: total.kept + hit.kept,
            rank: total.rank.into_iter().chain(hit.rank).min(),
            is_shared: false,
        })
    }
}

fn hit<'h>(hits: &'h mut HashMap<String, Hit>, found: Found, host: &str, path: &str) -> &'h mut Hit {
    let entry = found.entry(host, path);
    let hit = hits.entry(entry.clone()).or_insert_with(|| Hit {
        is_shared: is_shared(&entry),
        entry,
        ..Hit::default()
    });
    hit.hosts += 1;
    hit
}

/// Host and path of a key.
fn page_of(key: &str) -> (String, &str) {
    let at = key.find('/').unwrap_or(key.len());
    let (host, path) = key.split_at_checked(at).unwrap_or((key, ""));
    match host.strip_prefix('=') {
        Some(address) => (address.to_owned(), path),
        None => (host.trim_end_matches('.').rsplit('.').collect::<Vec<_>>().join("."), path),
    }
}

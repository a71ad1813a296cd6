//! What is known of a page's source: lists, and the evidence of an earlier crawl, looked up by many threads at once.
//!
//! Nothing is written, and what is given does not depend on what was asked before. Each thread that asks has a connection of
//! its own to the database, and what was found of a section is kept for the next page of it.

use super::credibility::{is_spam, listed, of_place};
use super::known::seen_of;
use super::{Credibility, Grounds, List, MIN_PAGES, Place, Prior, Store};
use crate::Result;
use crate::classify::{Against, Reason, SourceEvidence, SubScore};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// Sections whose evidence is kept in memory, a kilobyte or two each.
const MOST_KEPT: usize = 4096;

/// Where it is looked up what is known of a page's source.
#[derive(Debug)]
pub struct Lookup {
    lists: Vec<List>,
    crawl: Option<Crawl>,
}

/// The database of an earlier crawl.
#[derive(Debug)]
struct Crawl {
    path: PathBuf,
    prior: Prior,
    digest: String,
    /// Connections that no thread uses now.
    idle: Mutex<Vec<Store>>,
    kept: Mutex<HashMap<(String, String), Arc<Seen>>>,
}

/// What the earlier crawl says of a section.
#[derive(Debug, Clone, Default)]
struct Seen {
    identity: SubScore,
    behaviour: SubScore,
    against: Vec<Against>,
}

impl Lookup {
    /// Looks things up in these lists, and in the database of a crawl that is over.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn new(store: Option<Store>, lists: Vec<List>) -> Result<Self> {
        let crawl = store.map(Crawl::new).transpose()?;
        Ok(Self { lists, crawl })
    }

    /// What tells this evidence from other evidence: each list's name and digest, and the runs that the database counts.
    pub fn digest(&self) -> (String, String) {
        let of = |list: &List| format!("{}:{}", list.header().name, list.header().map.1);
        let lists: Vec<String> = self.lists.iter().map(of).collect();
        (lists.join(" "), self.crawl.as_ref().map(|crawl| crawl.digest.clone()).unwrap_or_default())
    }

    /// What is known of the source of a page with this URL.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn of(&self, url: Option<&str>) -> Result<SourceEvidence> {
        let parsed = url.and_then(|url| Url::parse(url).ok());
        let Some((place, url)) = url.and_then(Place::of_url).zip(parsed) else { return Ok(no_url()) };
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", url.path());
        let (authority, lists) = listed(place.host(), &path, &self.lists);
        let mut against = against_of_lists(&lists);
        let seen = match &self.crawl {
            Some(crawl) => crawl.seen(&place)?,
            None => Arc::new(Seen { identity: no_crawl(), behaviour: no_crawl(), against: Vec::new() }),
        };
        against.extend(seen.against.iter().cloned());
        let (identity, behaviour) = (seen.identity.clone(), seen.behaviour.clone());
        Ok(SourceEvidence { identity, authority, behaviour, lists, against })
    }
}

fn no_url() -> SourceEvidence {
    let unknown = || SubScore::Unknown { why: "the page's URL is not known, or has no host".to_owned() };
    let [identity, authority, behaviour, lists] = [unknown(), unknown(), unknown(), unknown()];
    SourceEvidence { identity, authority, behaviour, lists, against: Vec::new() }
}

fn no_crawl() -> SubScore {
    SubScore::Unknown { why: "no database of an earlier crawl was given with --known-hosts".to_owned() }
}

fn against_of_lists(lists: &SubScore) -> Vec<Against> {
    let SubScore::Known { evidence, .. } = lists else { return Vec::new() };
    let bad = evidence.iter().filter(|line| line.weight < 0.0);
    let of = |line: &super::Weight| Against {
        reason: Reason::ListedSource,
        weight: -line.weight as f32,
        text: line.text.clone(),
    };
    bad.map(of).collect()
}

impl Crawl {
    fn new(store: Store) -> Result<Self> {
        let (path, prior, digest) = (store.path().to_owned(), store.prior()?, store.digest()?);
        Ok(Self { path, prior, digest, idle: Mutex::new(vec![store]), kept: Mutex::default() })
    }

    fn seen(&self, place: &Place) -> Result<Arc<Seen>> {
        let key = (place.host().to_owned(), place.prefix().to_owned());
        if let Some(seen) = locked(&self.kept).get(&key) {
            return Ok(Arc::clone(seen));
        }
        let idle = locked(&self.idle).pop();
        let store = idle.map_or_else(|| Store::reopen(&self.path), Ok)?;
        let seen = Arc::new(self.read(&store, place)?);
        locked(&self.idle).push(store);
        let mut kept = locked(&self.kept);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&seen));
        Ok(seen)
    }

    /// What the database says of the page's section, and of its host where too few pages of the section were seen.
    fn read(&self, store: &Store, place: &Place) -> Result<Seen> {
        let (places, filings) = seen_of(store, place)?;
        let grounds =
            Grounds { host: place.host(), places: &places, prior: self.prior, filings: &filings, lists: &[] };
        let Credibility { identity, behaviour, .. } = Credibility::of(grounds);
        let own = places.iter().find(|(found, evidence)| found == place && evidence.pages >= MIN_PAGES);
        let (behaviour, of) = match own {
            Some((_, evidence)) => {
                (of_place(evidence, self.prior), format!("{}{}", place.host(), place.prefix()))
            }
            None => (behaviour.host, place.host().to_owned()),
        };
        let against = against_of_pages(&behaviour, &of);
        Ok(Seen { identity, behaviour, against })
    }
}

fn against_of_pages(behaviour: &SubScore, of: &str) -> Vec<Against> {
    let SubScore::Known { evidence, .. } = behaviour else { return Vec::new() };
    let bad = evidence.iter().filter(|line| line.weight < 0.0 && is_spam(&line.name));
    let against = |line: &super::Weight| Against {
        reason: Reason::SpammySource,
        weight: -line.weight as f32,
        text: format!("{} on pages of {of}: {}", line.name, line.text),
    };
    bad.map(against).collect()
}

/// What a thread left there that panicked is whole: nothing is changed in steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Importer, ListOptions};
    use std::path::Path;

    fn lookup(text: &str) -> Lookup {
        let mut importer =
            Importer::new(ListOptions::new("bad").with_category("scam").with_date("2025-01-01"));
        importer.add(Path::new("l"), None, text.as_bytes()).unwrap();
        Lookup::new(None, vec![importer.finish(None).unwrap()]).unwrap()
    }

    fn against(lookup: &Lookup, url: &str) -> Vec<String> {
        lookup.of(Some(url)).unwrap().against.into_iter().map(|against| against.text).collect()
    }

    #[test]
    fn an_entry_with_a_path_counts_for_the_pages_below_it() {
        let lookup = lookup("http://a.example/casino/\nhttp://medium.com/@spam\nmedium.com\n1.2.3.4\n");
        assert_eq!(
            against(&lookup, "https://a.example/casino/x?y=1"),
            ["bad, 2025-01-01: scam (a.example/casino/)"]
        );
        assert_eq!(
            against(&lookup, "https://medium.com/@spam/x"),
            ["bad, 2025-01-01: scam (medium.com/@spam)"]
        );
        assert_eq!(against(&lookup, "http://1.2.3.4:80/x"), ["bad, 2025-01-01: scam (1.2.3.4)"]);
        for url in [
            "https://a.example/news/x",
            "https://medium.com/@other/x",
            "https://x.medium.com/",
            "http://5.6.7.8/",
        ] {
            assert!(against(&lookup, url).is_empty(), "{url}");
        }
    }

    #[test]
    fn of_a_page_without_a_host_nothing_is_known() {
        for url in [None, Some("no url"), Some("urn:uuid:1")] {
            let found = lookup("a.example\n").of(url).unwrap();
            assert!((found.weight(), found.log_odds()) == (0.0, None), "{found:?}");
        }
    }
}

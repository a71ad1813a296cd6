//! Everything that is known of one host, put together from the database and the lists.

use super::{
    Credibility, Grounds, HostEvidence, List, Place, Prior, SCORES, SharedFiling, Sign, Store, SubScore,
    VERDICTS,
};
use crate::classify::Label;
use crate::{Error, Result};
use serde_json::{Map, Value, json};

/// Where something may be known: a database, lists, or both.
#[derive(Debug)]
pub struct Sources {
    store: Option<Store>,
    lists: Vec<List>,
    prior: Prior,
}

/// What is known of one host.
#[derive(Debug, Clone)]
pub struct Known {
    domain: String,
    total: HostEvidence,
    credibility: Credibility,
}

impl Sources {
    /// Reads what is usual in the database, which takes a look at each of its places.
    pub fn new(store: Option<Store>, lists: Vec<List>) -> Result<Self> {
        let prior = store.as_ref().map_or_else(|| Ok(Prior::of(&HostEvidence::default())), Store::prior)?;
        Ok(Self { store, lists, prior })
    }

    /// The database.
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// What is usual among the pages of the database.
    pub fn prior(&self) -> Prior {
        self.prior
    }

    /// Reads anew what is usual in the database, to which other programs may have added.
    pub fn refresh(&mut self) -> Result<()> {
        if let Some(store) = &self.store {
            self.prior = store.prior()?;
        }
        Ok(())
    }

    /// What is known of a host, a registrable domain, or the host of a URL.
    ///
    /// Fails with [`Error::Settings`] for what is none of these, and when the database cannot be read.
    pub fn known(&self, host: &str) -> Result<Known> {
        let url = if host.contains("://") { host.to_owned() } else { format!("http://{host}") };
        let place = Place::of_url(&url).ok_or_else(|| {
            Error::Settings(format!("expected a host or a URL, found `{host}`; give it as `www.example.com`"))
        })?;
        let seen = self.store.as_ref().map(|store| seen_of(store, &place)).transpose()?;
        let (places, filings) = seen.unwrap_or_default();
        let grounds = Grounds {
            host: place.host(),
            places: &places,
            prior: self.prior,
            filings: &filings,
            lists: &self.lists,
        };
        let credibility = Credibility::of(grounds);
        let total = HostEvidence::sum(&places);
        Ok(Known { domain: place.domain().to_owned(), total, credibility })
    }
}

/// The places of a host with their evidence, and the filing numbers of its domain.
type Places = (Vec<(Place, HostEvidence)>, Vec<SharedFiling>);

/// What a database says of a host: its places and those of the hosts below it, and the filing numbers of its domain.
pub(super) fn seen_of(store: &Store, place: &Place) -> Result<Places> {
    let mut places = store.domain(place.domain())?;
    let below = |host: &str| {
        host.strip_suffix(place.host()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    places.retain(|(found, _)| below(found.host()));
    Ok((places, store.shared_filings(place.domain())?))
}

impl Known {
    /// The registrable domain.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The evidence of all its places.
    pub fn total(&self) -> &HostEvidence {
        &self.total
    }

    /// The four sub-scores.
    pub fn credibility(&self) -> &Credibility {
        &self.credibility
    }

    /// Whether neither a page nor a list says anything of the host.
    pub fn is_nothing(&self) -> bool {
        let Credibility { identity, authority, behaviour, lists, .. } = &self.credibility;
        let scores = [identity, authority, &behaviour.host, lists];
        self.total.pages == 0 && scores.iter().all(|score| matches!(score, SubScore::Unknown { .. }))
    }

    /// The object that `pagesieve hosts show --json` prints.
    pub fn json(&self) -> Value {
        let Credibility { host, identity, authority, behaviour, lists } = &self.credibility;
        json!({
            "v": 1, "host": host, "domain": self.domain, "identity": identity, "authority": authority,
            "behaviour": behaviour, "lists": lists, "evidence": self.evidence(),
        })
    }

    fn evidence(&self) -> Value {
        let total = &self.total;
        let named = |pairs: Vec<(&str, Value)>| -> Map<String, Value> {
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
        };
        let score = |name: &'static str| {
            let over = total.score(name).over;
            (name, json!({ "mean": total.mean(name), "deviation": total.deviation(name), "over": over }))
        };
        let labels = Label::ALL.iter().zip(total.labels);
        let labels = labels.map(|(label, count)| {
            (label.as_str(), json!({ "blocks": count.blocks, "characters": count.characters }))
        });
        let verdicts = VERDICTS.iter().zip(total.verdicts).map(|(name, count)| (*name, count.into()));
        let signs = Sign::ALL.iter().map(|sign| (sign.as_str(), total.sign(*sign).into()));
        json!({
            "pages": total.pages, "verdicts": named(verdicts.collect()),
            "scores": named(SCORES.map(score).into()), "labels": named(labels.collect()),
            "signs": named(signs.collect()), "dates": total.dates, "filings": total.filings,
            "repairs": total.repairs, "reasons": total.reasons,
        })
    }
}

//! Evidence → four sub-scores, each with the lines it was added up from.
//!
//! A sub-score is known or unknown; unknown is not a number. A known one is the logistic function of the sum of
//! its lines' weights, so a reader can add them up; 1 is the best. The four are never mixed.

mod behaviour;
mod identity;
mod listed;

#[cfg(test)]
mod tests;

pub use behaviour::{Behaviour, Prior, Section, behaviour};
pub(super) use behaviour::{is_spam, of_place};

use super::{HostEvidence, List, Place, SharedFiling};
pub use crate::classify::{SubScore, Weight};
use serde::Serialize;

/// Pages of a host under which nothing is said about its pages. Chosen by hand: with fewer the prior decides.
pub const MIN_PAGES: u64 = 3;

/// Why nothing is said of a host of which too few pages were seen, and what it would need.
fn too_few(pages: u64) -> SubScore {
    let more = MIN_PAGES.saturating_sub(pages);
    let seen = match pages {
        0 => "no page was seen".to_owned(),
        1 => "1 page was seen".to_owned(),
        pages => format!("{pages} pages were seen"),
    };
    SubScore::unknown(format!(
        "{seen}, and {MIN_PAGES} are the fewest that say something; it needs {more} more"
    ))
}

impl Weight {
    fn new(name: impl Into<String>, weight: f64, text: impl Into<String>) -> Self {
        Self { name: name.into(), weight, text: text.into() }
    }
}

impl SubScore {
    /// The logistic function of the lines' sum.
    fn of(mut evidence: Vec<Weight>) -> Self {
        let sum: f64 = evidence.iter().map(|line| line.weight).sum();
        evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        Self::Known { score: 1.0 / (1.0 + (-sum).exp()), evidence }
    }

    fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown { why: why.into() }
    }
}

/// Everything that is known of a host.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'g> {
    /// The host or the registrable domain that is asked about.
    pub host: &'g str,
    /// Its places with their evidence.
    pub places: &'g [(Place, HostEvidence)],
    /// What is usual among the pages of the database.
    pub prior: Prior,
    /// The filing numbers of its registrable domain.
    pub filings: &'g [SharedFiling],
    /// The lists that the user has imported.
    pub lists: &'g [List],
}

/// What lists say of a page's host, and of its path: authority, and lists.
pub(super) fn listed(host: &str, path: &str, lists: &[List]) -> (SubScore, SubScore) {
    (listed::authority(host, lists), listed::lists(host, path, lists))
}

/// The four sub-scores of a host.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Credibility {
    /// The host or the registrable domain.
    pub host: String,
    /// Who is responsible: how openly the pages say it.
    pub identity: SubScore,
    /// How the web ranks it, by rank files that the user has imported.
    pub authority: SubScore,
    /// What its own pages are like; the worst sections are shown apart.
    pub behaviour: Behaviour,
    /// What lists that the user has imported say.
    pub lists: SubScore,
}

impl Credibility {
    /// What the evidence amounts to.
    pub fn of(grounds: Grounds<'_>) -> Self {
        let total = HostEvidence::sum(grounds.places);
        let (authority, lists) = listed(grounds.host, "", grounds.lists);
        Self {
            host: grounds.host.to_owned(),
            identity: identity::identity(&total, grounds.filings),
            authority,
            behaviour: behaviour(grounds.places, grounds.prior),
            lists,
        }
    }
}

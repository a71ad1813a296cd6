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

use super::{HostEvidence, List, Place, SharedFiling};
use serde::Serialize;

/// Pages of a host under which nothing is said about its pages. Chosen by hand: with fewer the prior decides.
pub const MIN_PAGES: u64 = 3;

/// One line of evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weight {
    /// Stable name, `snake_case`.
    pub name: String,
    /// What it adds to the sum, log-odds; positive speaks for the host.
    pub weight: f64,
    /// For people: what was seen.
    pub text: String,
}

impl Weight {
    fn new(name: impl Into<String>, weight: f64, text: impl Into<String>) -> Self {
        Self { name: name.into(), weight, text: text.into() }
    }
}

/// A sub-score.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum SubScore {
    /// There is evidence.
    Known {
        /// 0 to 1, 1 is the best.
        score: f64,
        /// What it was added up from, the heaviest first.
        evidence: Vec<Weight>,
    },
    /// There is none.
    Unknown {
        /// What is missing.
        why: String,
    },
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

    /// The score, if it is known.
    pub fn score(&self) -> Option<f64> {
        match self {
            Self::Known { score, .. } => Some(*score),
            Self::Unknown { .. } => None,
        }
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
        Self {
            host: grounds.host.to_owned(),
            identity: identity::identity(&total, grounds.filings),
            authority: listed::authority(grounds.host, grounds.lists),
            behaviour: behaviour(grounds.places, grounds.prior),
            lists: listed::lists(grounds.host, grounds.lists),
        }
    }
}

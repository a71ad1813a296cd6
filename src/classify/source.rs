//! What is known of a page's source from outside the page, and how much of it counts in the verdict.
//!
//! The caller looks it up and hands it in as a value (see `host::Lookup`), so a verdict depends on the page and on what
//! was known before the run, never on the order of pages. The page's scores stay the page's own: evidence about hosts is
//! added up from them, and would feed itself otherwise.

use super::{Finding, Reason, Settings, Verdict};
use crate::model::{logit, sigmoid};
use serde::Serialize;

/// The most that everything known of a source adds against a page, log-odds: odds of twenty to one. Chosen by hand: a
/// page that is junk with less than one chance in twenty-one stays what it is on any host.
pub const MOST_AGAINST: f32 = 3.0;

/// What adds less is told and moves no verdict, log-odds. Chosen by hand: a page in review is often next to surely not its
/// author's, and a trifle must not be what drops it.
pub const LEAST_MOVING: f32 = 1.0;

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
    /// The score, if it is known.
    pub fn score(&self) -> Option<f64> {
        match self {
            Self::Known { score, .. } => Some(*score),
            Self::Unknown { .. } => None,
        }
    }
}

impl Default for SubScore {
    fn default() -> Self {
        Self::Unknown { why: String::new() }
    }
}

/// Something known of a source that speaks against its pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    /// What it is.
    pub reason: Reason,
    /// How much it speaks against a page, log-odds above 0.
    pub weight: f32,
    /// For people: which list, or which pages.
    pub text: String,
}

/// What is known of a page's source: four sub-scores, and what of them counts against the page. By default nothing is known,
/// which says nothing against it.
///
/// ```
/// use pagesieve::classify::{Against, Reason, SourceEvidence};
/// use pagesieve::{Document, Filter};
/// let against = Against { reason: Reason::ListedSource, weight: 2.0, text: "my list: scam".to_owned() };
/// let known = SourceEvidence { against: vec![against], ..SourceEvidence::default() };
/// let report = Filter::builtin().check_from(&Document::html("<p>Bees dance in spring."), known);
/// assert!(report.reasons().iter().any(|finding| finding.reason == Reason::ListedSource));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceEvidence {
    /// Who is responsible.
    pub identity: SubScore,
    /// How the web ranks the host.
    pub authority: SubScore,
    /// What the host's pages were like that were seen before.
    pub behaviour: SubScore,
    /// What the user's lists say.
    pub lists: SubScore,
    /// What counts against the page in its verdict.
    pub against: Vec<Against>,
}

impl SourceEvidence {
    /// What is added against the page, log-odds, 0 to [`MOST_AGAINST`].
    pub fn weight(&self) -> f32 {
        self.sum_against().min(MOST_AGAINST)
    }

    fn sum_against(&self) -> f32 {
        self.against.iter().map(|against| against.weight.max(0.0)).sum()
    }

    /// All lines of all known sub-scores added up, log-odds; none where nothing is known. For measuring alone: no row has it.
    pub fn log_odds(&self) -> Option<f64> {
        let scores = [&self.identity, &self.authority, &self.behaviour, &self.lists];
        let sums = scores.into_iter().filter_map(|score| match score {
            SubScore::Known { evidence, .. } => Some(evidence.iter().map(|line| line.weight).sum::<f64>()),
            SubScore::Unknown { .. } => None,
        });
        sums.reduce(|sum, more| sum + more)
    }

    /// The verdict of a page that would have `own` by itself and is junk, not its author's or no content with the
    /// probability `doubt`. A verdict moves by one step at most: a clean page is never dropped for its host alone.
    pub(super) fn judged(&self, own: Verdict, doubt: f32, settings: &Settings) -> (Verdict, Vec<Finding>) {
        let mut findings = self.findings();
        let odds = logit(doubt) + self.weight();
        let moved = match own {
            _ if self.weight() < LEAST_MOVING => own,
            Verdict::Keep if sigmoid(odds) >= settings.bad_page => Verdict::Review,
            Verdict::Review if sigmoid(odds) >= settings.junk_page => Verdict::Drop,
            _ => own,
        };
        if moved != own {
            let text = format!(
                "`{}` became `{}`: junk or not its author's with {doubt:.2} by the page alone, with {:.2} by what is known \
                 of its source",
                own.as_str(),
                moved.as_str(),
                sigmoid(odds)
            );
            findings.insert(0, finding(Reason::DoubtfulSource, odds, text));
            return (moved, findings);
        }
        (own, findings)
    }

    /// A finding for each thing that counts. Their weights add up to what counts: above the bound each has its share.
    fn findings(&self) -> Vec<Finding> {
        let sum = self.sum_against();
        let share = if sum > MOST_AGAINST { MOST_AGAINST / sum } else { 1.0 };
        let counted = self.against.iter().filter(|against| against.weight > 0.0);
        counted.map(|against| finding(against.reason, against.weight * share, against.text.clone())).collect()
    }
}

fn finding(reason: Reason, weight: f32, text: String) -> Finding {
    Finding { reason, of: "verdict", weight, text, blocks: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(weights: &[f32]) -> SourceEvidence {
        let of = |weight: &f32| Against {
            reason: Reason::ListedSource,
            weight: *weight,
            text: "bad, 2025-01-01: adult (a.example)".to_owned(),
        };
        SourceEvidence { against: weights.iter().map(of).collect(), ..SourceEvidence::default() }
    }

    fn verdict(weights: &[f32], own: Verdict, doubt: f32) -> Verdict {
        known(weights).judged(own, doubt, &Settings::default()).0
    }

    #[test]
    fn a_list_drops_no_clean_page_and_a_doubtful_one() {
        assert_eq!(verdict(&[2.0], Verdict::Keep, 0.04), Verdict::Keep);
        assert_eq!(verdict(&[2.0], Verdict::Keep, 0.3), Verdict::Review);
        assert_eq!(verdict(&[2.0], Verdict::Review, 0.3), Verdict::Drop);
        assert_eq!(verdict(&[2.0], Verdict::Review, 0.04), Verdict::Review);
        assert_eq!(verdict(&[9.0, 9.0, 9.0], Verdict::Keep, 0.499), Verdict::Review, "one step at most");
        assert_eq!(verdict(&[9.0; 9], Verdict::Keep, 0.04), Verdict::Keep, "whatever the lists");
        assert_eq!(verdict(&[9.0], Verdict::Drop, 0.0), Verdict::Drop);
        assert_eq!(verdict(&[0.9], Verdict::Review, 0.99), Verdict::Review, "a trifle moves nothing");
        assert_eq!(verdict(&[0.5, 0.5], Verdict::Review, 0.99), Verdict::Drop, "two of them are none");
    }

    #[test]
    fn what_is_not_known_or_speaks_for_a_source_moves_nothing() {
        let nothing = SourceEvidence::default().judged(Verdict::Review, 0.9, &Settings::default());
        for weights in [&[][..], &[-2.0], &[0.0]] {
            assert_eq!(
                known(weights).judged(Verdict::Keep, 0.49, &Settings::default()),
                (Verdict::Keep, vec![])
            );
        }
        assert_eq!(nothing.1, vec![]);
    }

    #[test]
    fn reasons_name_the_list_and_add_up_to_what_counts() {
        let (_, findings) = known(&[2.0, 4.0]).judged(Verdict::Keep, 0.2, &Settings::default());
        let names: Vec<Reason> = findings.iter().map(|finding| finding.reason).collect();
        assert_eq!(names, [Reason::DoubtfulSource, Reason::ListedSource, Reason::ListedSource]);
        let sum: f32 = findings.iter().skip(1).map(|finding| finding.weight).sum();
        assert!((sum - MOST_AGAINST).abs() < 1e-6 && (known(&[2.0, 4.0]).weight() - 3.0).abs() < 1e-6);
        assert!(findings[0].text.starts_with("`keep` became `review`: "), "{}", findings[0].text);
        assert!(findings[1].text.contains("bad, 2025-01-01"));
    }
}

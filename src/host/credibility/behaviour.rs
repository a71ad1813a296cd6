//! What a host's own pages are like.
//!
//! Rates of bad pages are shrunk towards what is usual: `(bad + STRENGTH · prior) / (pages + STRENGTH)`, so that
//! one bad page of two says little. The prior is the rate of the whole database (an empirical Bayes estimate),
//! itself shrunk towards a guess while the database is small.
//!
//! The host's figure is that of its *typical* section: for each kind of junk the median of the rates of its
//! places, each weighted by its pages up to a bound. A hacked section with ten thousand pages moves it no more
//! than any other section does; it is shown apart, with a figure of its own.

use super::{MIN_PAGES, SubScore, Weight, too_few};
use crate::host::{HostEvidence, Place};
use serde::Serialize;

/// Pages that the prior counts as. Chosen by hand: three bad pages of three give a rate of
/// one in four.
const STRENGTH: f64 = 10.0;
/// The rate of bad pages before anything was seen. Chosen by hand, near what hand-read samples of crawls have
/// for a single kind of junk (a few in a hundred).
const GUESS: f64 = 0.02;
/// Pages of the database that the guess counts as.
const GUESS_STRENGTH: f64 = 1000.0;
/// However bad the database, this is the highest rate that passes for usual.
const HIGHEST_PRIOR: f64 = 0.1;
/// The quality that passes for usual before anything was seen. Chosen by hand.
const USUAL_QUALITY: f64 = 0.5;
/// Pages up to which a place weighs more with each.
const MOST_PAGES: u64 = 50;
/// The sum of a host of which nothing bad is seen: a score of 0.88.
const CLEAN: f64 = 2.0;
/// Sections that are shown.
const WORST: usize = 5;

/// The kinds of junk that speak against a host and how much. Empty pages and ads are a nuisance, spam is a
/// reason to stay away. Chosen by hand.
const KINDS: [(&str, f64); 6] =
    [("adult", 1.0), ("gambling", 1.0), ("scam", 1.0), ("seo", 1.0), ("ads", 0.5), ("empty", 0.5)];

/// What is usual among pages: the rate of each kind of junk, and the mean quality.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prior {
    /// Share of pages over the score, in the order adult, gambling, scam, seo, ads, empty.
    pub rates: [f64; KINDS.len()],
    /// Mean quality.
    pub quality: f64,
    /// Pages that it was estimated from; with none it is a guess.
    pub pages: u64,
}

impl Prior {
    /// What is usual where these pages were counted.
    pub fn of(total: &HostEvidence) -> Self {
        let pages = total.pages as f64;
        let shrunk = |sum: f64, guess: f64| (sum + guess * GUESS_STRENGTH) / (pages + GUESS_STRENGTH);
        let rate = |(name, _)| shrunk(total.score(name).over as f64, GUESS).min(HIGHEST_PRIOR);
        let quality = shrunk(total.mean("quality") * pages, USUAL_QUALITY);
        Self { rates: KINDS.map(rate), quality, pages: total.pages }
    }
}

/// The behaviour of a host, and that of its worst sections.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Behaviour {
    /// The typical section's.
    pub host: SubScore,
    /// Pages that were seen.
    pub pages: u64,
    /// Sections that are worse than the host, the worst first.
    pub worst: Vec<Section>,
    /// The pages that the prior was estimated from.
    pub prior: Prior,
}

/// A part of a host.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// The whole host.
    pub host: String,
    /// The first segment of the path.
    pub prefix: String,
    /// Pages that were seen.
    pub pages: u64,
    /// What they are like.
    pub behaviour: SubScore,
}

/// What the pages at these places are like.
pub fn behaviour(places: &[(Place, HostEvidence)], prior: Prior) -> Behaviour {
    let pages = places.iter().map(|(_, evidence)| evidence.pages).sum();
    let host = if pages < MIN_PAGES { too_few(pages) } else { SubScore::of(typical(places, &prior, pages)) };
    let worst = host.score().map(|score| worst(places, &prior, score)).unwrap_or_default();
    Behaviour { host, pages, worst, prior }
}

/// What the pages of one section are like.
pub(in crate::host) fn of_place(evidence: &HostEvidence, prior: Prior) -> SubScore {
    if evidence.pages < MIN_PAGES {
        too_few(evidence.pages)
    } else {
        SubScore::of(of_section(evidence, &prior))
    }
}

/// The kinds of spam among those that speak against a host: what counts in the verdict of its pages.
pub(in crate::host) fn is_spam(kind: &str) -> bool {
    matches!(kind, "adult" | "gambling" | "scam" | "seo")
}

fn typical(places: &[(Place, HostEvidence)], prior: &Prior, pages: u64) -> Vec<Weight> {
    let mut lines = vec![clean(pages)];
    for ((name, factor), usual) in KINDS.into_iter().zip(prior.rates) {
        let rates = places.iter().map(|(_, evidence)| (rate(evidence, name, usual), evidence.pages));
        let over: u64 = places.iter().map(|(_, evidence)| evidence.score(name).over).sum();
        let hit = places.iter().filter(|(_, evidence)| evidence.score(name).over > 0).count();
        let typical = median(rates);
        let text = format!(
            "{over} of {pages} pages, in {hit} of {} sections; typical section {:.1} %, usual {:.1} %",
            places.len(),
            100.0 * typical,
            100.0 * usual
        );
        lines.extend((over > 0).then(|| Weight::new(name, factor * against(typical, usual), text)));
    }
    let qualities = places.iter().map(|(_, evidence)| (quality(evidence, prior), evidence.pages));
    lines.push(quality_line(median(qualities), prior));
    lines
}

fn worst(places: &[(Place, HostEvidence)], prior: &Prior, host: f64) -> Vec<Section> {
    let enough = places.iter().filter(|(_, evidence)| evidence.pages >= MIN_PAGES);
    let mut sections: Vec<(f64, Section)> = enough
        .filter_map(|(place, evidence)| {
            let behaviour = SubScore::of(of_section(evidence, prior));
            let score = behaviour.score().filter(|score| *score < host - 0.05)?;
            let (host, prefix) = (place.host().to_owned(), place.prefix().to_owned());
            Some((score, Section { host, prefix, pages: evidence.pages, behaviour }))
        })
        .collect();
    sections.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.pages.cmp(&a.1.pages)));
    sections.truncate(WORST);
    sections.into_iter().map(|(_, section)| section).collect()
}

fn of_section(evidence: &HostEvidence, prior: &Prior) -> Vec<Weight> {
    let mut lines = vec![clean(evidence.pages)];
    for ((name, factor), usual) in KINDS.into_iter().zip(prior.rates) {
        let (rate, over) = (rate(evidence, name, usual), evidence.score(name).over);
        let text = format!(
            "{over} of {} pages; shrunk {:.1} %, usual {:.1} %",
            evidence.pages,
            100.0 * rate,
            100.0 * usual
        );
        lines.extend((over > 0).then(|| Weight::new(name, factor * against(rate, usual), text)));
    }
    lines.push(quality_line(quality(evidence, prior), prior));
    lines
}

fn clean(pages: u64) -> Weight {
    Weight::new("start", CLEAN, format!("what a host has without findings; {pages} pages were seen"))
}

fn quality_line(quality: f64, prior: &Prior) -> Weight {
    let text = format!("quality of the typical body {quality:.2}, usual {:.2}", prior.quality);
    Weight::new("quality", 2.0 * (quality - prior.quality), text)
}

/// The share of pages over the score, shrunk towards what is usual.
fn rate(evidence: &HostEvidence, name: &str, usual: f64) -> f64 {
    (evidence.score(name).over as f64 + STRENGTH * usual) / (evidence.pages as f64 + STRENGTH)
}

/// The mean quality, shrunk towards what is usual.
fn quality(evidence: &HostEvidence, prior: &Prior) -> f64 {
    let pages = evidence.pages as f64;
    (evidence.mean("quality") * pages + STRENGTH * prior.quality) / (pages + STRENGTH)
}

/// How much a rate above the usual speaks against a host; a lower one does not speak for it.
fn against(rate: f64, usual: f64) -> f64 {
    let log_odds = |rate: f64| (rate / (1.0 - rate)).ln();
    (log_odds(usual) - log_odds(rate)).min(0.0)
}

/// The weighted median; values weigh as many pages as they come from, up to a bound.
fn median(values: impl Iterator<Item = (f64, u64)>) -> f64 {
    let mut values: Vec<(f64, u64)> = values.map(|(value, pages)| (value, pages.min(MOST_PAGES))).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<u64>().div_ceil(2);
    let mut seen = 0;
    let middle = values.iter().find(|(_, weight)| {
        seen += weight;
        seen >= half
    });
    middle.map_or(0.0, |(value, _)| *value)
}

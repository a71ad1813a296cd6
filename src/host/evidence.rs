//! Counters that add up: what was seen of a host, whatever the order and wherever it was counted.
//!
//! Scores are added as whole millionths, not as floating-point numbers, so that sums are the same to the last
//! digit however pages were spread over threads, runs and machines.

use super::Place;
use super::signs::{Sign, Signs};
use crate::classify::{Label, Report, Scores, Verdict};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Parts of one in which scores are added.
pub const MICRO: f64 = 1e6;
/// From here on a page counts as being over a score: more likely than not. For `boilerplate` and `ads`, which
/// are shares of the page, it is half of the page.
pub const OVER: f32 = 0.5;

/// The scores that are added up, in the order of the columns.
pub const SCORES: [&str; 8] = ["boilerplate", "ads", "adult", "gambling", "scam", "seo", "quality", "empty"];
/// The verdicts, in the order of the columns.
pub const VERDICTS: [&str; 3] = ["keep", "review", "drop"];

/// The sum of one score over pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScoreSum {
    /// Sum of the scores, millionths.
    pub sum: u64,
    /// Sum of their squares, millionths.
    pub squares: u64,
    /// Pages whose score is at least [`OVER`].
    pub over: u64,
}

/// Blocks of one label over pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LabelCount {
    /// Blocks.
    pub blocks: u64,
    /// Their characters.
    pub characters: u64,
}

/// What was seen at one place, or at several that were added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostEvidence {
    /// Pages.
    pub pages: u64,
    /// Pages by verdict, in the order of [`VERDICTS`].
    pub verdicts: [u64; VERDICTS.len()],
    /// In the order of [`SCORES`].
    pub scores: [ScoreSum; SCORES.len()],
    /// In the order of [`Label::ALL`].
    pub labels: [LabelCount; Label::ALL.len()],
    /// Pages that show a sign, in the order of [`Sign::ALL`].
    pub signs: [u64; Sign::ALL.len()],
    /// The first and the last date of publication, `YYYY-MM-DD`.
    pub dates: Option<(String, String)>,
    /// Pages by filing number that they show.
    pub filings: BTreeMap<String, u64>,
    /// How often something was undone in a body, by the repair's name.
    pub repairs: BTreeMap<String, u64>,
    /// Pages by the name of a reason that was given.
    pub reasons: BTreeMap<String, u64>,
}

impl HostEvidence {
    /// Adds one page.
    pub fn add_page(&mut self, report: &Report) {
        self.pages += 1;
        let verdict = match report.verdict() {
            Verdict::Keep => 0,
            Verdict::Review => 1,
            Verdict::Drop => 2,
        };
        self.verdicts.iter_mut().skip(verdict).take(1).for_each(|count| *count += 1);
        self.scores.iter_mut().zip(values(&report.scores())).for_each(|(sum, score)| sum.add_score(score));
        for (block, said) in report.blocks() {
            if let Some(count) = self.labels.get_mut(said.label as usize) {
                count.blocks += 1;
                count.characters += block.text().chars().count() as u64;
            }
        }
        self.add_signs(report);
        if let Some(date) = report.date().filter(|date| is_date(date)) {
            self.add_dates(&(date.to_owned(), date.to_owned()));
        }
    }

    fn add_signs(&mut self, report: &Report) {
        let signs = Signs::of(report);
        self.signs.iter_mut().zip(signs.shown()).for_each(|(pages, shown)| *pages += u64::from(shown));
        signs.filings.into_iter().for_each(|number| *self.filings.entry(number).or_default() += 1);
        for repair in report.repairs() {
            *self.repairs.entry(repair.name.to_owned()).or_default() += repair.count as u64;
        }
        let mut names: Vec<&str> = report.reasons().iter().map(|finding| finding.reason.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            *self.reasons.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// What was seen at all of these places.
    pub fn sum(places: &[(Place, Self)]) -> Self {
        let mut total = Self::default();
        for (_, evidence) in places {
            total.add(evidence);
        }
        total
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        let counts: Vec<u64> = self.counts().zip(other.counts()).map(|(a, b)| a.saturating_add(b)).collect();
        self.fill(counts);
        if let Some(dates) = &other.dates {
            self.add_dates(dates);
        }
        let maps = [
            (&mut self.filings, &other.filings),
            (&mut self.repairs, &other.repairs),
            (&mut self.reasons, &other.reasons),
        ];
        for (ours, theirs) in maps {
            for (name, count) in theirs {
                *ours.entry(name.clone()).or_default() += count;
            }
        }
    }

    fn add_dates(&mut self, (first, last): &(String, String)) {
        let dates = self.dates.get_or_insert_with(|| (first.clone(), last.clone()));
        if *first < dates.0 {
            dates.0.clone_from(first);
        }
        if *last > dates.1 {
            dates.1.clone_from(last);
        }
    }

    /// Each counter with its name, in the order of the database's columns.
    pub fn counters(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        Self::columns().iter().map(String::as_str).zip(self.counts())
    }

    /// The names of the counters, in the order of [`HostEvidence::counters`]: the columns of the database.
    pub fn columns() -> &'static [String] {
        static COLUMNS: LazyLock<Vec<String>> = LazyLock::new(column_names);
        &COLUMNS
    }

    /// All counters in one row.
    pub(super) fn counts(&self) -> impl Iterator<Item = u64> + '_ {
        let scores = self.scores.iter().flat_map(|score| [score.sum, score.squares, score.over]);
        let labels = self.labels.iter().flat_map(|label| [label.blocks, label.characters]);
        let signs = self.signs.iter().copied();
        std::iter::once(self.pages).chain(self.verdicts).chain(scores).chain(labels).chain(signs)
    }

    /// Sets all counters from one row.
    pub(super) fn fill(&mut self, counts: impl IntoIterator<Item = u64>) {
        let mut counts = counts.into_iter();
        let mut next = || counts.next().unwrap_or_default();
        self.pages = next();
        self.verdicts.iter_mut().for_each(|count| *count = next());
        for score in &mut self.scores {
            *score = ScoreSum { sum: next(), squares: next(), over: next() };
        }
        for label in &mut self.labels {
            *label = LabelCount { blocks: next(), characters: next() };
        }
        self.signs.iter_mut().for_each(|count| *count = next());
    }

    /// The sum of the score of that name.
    pub fn score(&self, name: &str) -> ScoreSum {
        let at = SCORES.iter().position(|known| *known == name);
        at.and_then(|at| self.scores.get(at)).copied().unwrap_or_default()
    }

    /// The mean of the score of that name, 0 to 1; 0 without pages.
    pub fn mean(&self, name: &str) -> f64 {
        self.score(name).sum as f64 / MICRO / self.pages.max(1) as f64
    }

    /// The standard deviation of the score of that name; 0 without pages.
    pub fn deviation(&self, name: &str) -> f64 {
        let mean = self.mean(name);
        let squares = self.score(name).squares as f64 / MICRO / self.pages.max(1) as f64;
        (squares - mean * mean).max(0.0).sqrt()
    }

    /// Pages that show the sign.
    pub fn sign(&self, sign: Sign) -> u64 {
        self.signs.get(sign as usize).copied().unwrap_or_default()
    }
}

impl ScoreSum {
    fn add_score(&mut self, score: f32) {
        // What is no number counts as nothing.
        let score = if score.is_nan() { 0.0 } else { score.clamp(0.0, 1.0) };
        let exact = f64::from(score);
        self.sum += (exact * MICRO).round() as u64;
        self.squares += (exact * exact * MICRO).round() as u64;
        self.over += u64::from(score >= OVER);
    }
}

fn column_names() -> Vec<String> {
    let mut columns = vec!["pages".to_owned()];
    columns.extend(VERDICTS.map(|name| format!("verdict_{name}")));
    for name in SCORES {
        columns.extend(["sum", "squares", "over"].map(|what| format!("{name}_{what}")));
    }
    for label in Label::ALL {
        columns.extend(["blocks", "characters"].map(|what| format!("{label}_{what}")));
    }
    columns.extend(Sign::ALL.iter().map(|sign| format!("sign_{}", sign.as_str())));
    columns
}

/// The scores in the order of [`SCORES`].
fn values(scores: &Scores) -> [f32; SCORES.len()] {
    let Scores { boilerplate, ads, adult, gambling, scam, seo, quality, empty } = *scores;
    [boilerplate, ads, adult, gambling, scam, seo, quality, empty]
}

fn is_date(text: &str) -> bool {
    let shape =
        |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

/// The evidence of many pages, by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    places: HashMap<Place, HostEvidence>,
    unplaced: u64,
}

impl Evidence {
    /// Adds one page where its URL says; a page without one is only counted.
    pub fn add_page(&mut self, report: &Report) {
        match report.page().source().url.as_deref().and_then(Place::of_url) {
            Some(place) => self.places.entry(place).or_default().add_page(report),
            None => self.unplaced += 1,
        }
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.unplaced += other.unplaced;
        for (place, evidence) in &other.places {
            match self.places.get_mut(place) {
                Some(ours) => ours.add(evidence),
                None => drop(self.places.insert(place.clone(), evidence.clone())),
            }
        }
    }

    /// Pages, those without a URL included.
    pub fn pages(&self) -> u64 {
        self.unplaced + self.places.values().map(|evidence| evidence.pages).sum::<u64>()
    }

    /// Pages without a URL that has a host.
    pub fn unplaced(&self) -> u64 {
        self.unplaced
    }

    /// Each place with its evidence, in order.
    pub fn places(&self) -> impl Iterator<Item = (&Place, &HostEvidence)> {
        let mut places: Vec<_> = self.places.iter().collect();
        places.sort_unstable_by_key(|(place, _)| *place);
        places.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Filter};

    fn report(url: &str, adult: f32) -> Report {
        let page = "<html><body><p>The town council met on Tuesday to speak of the bridge, which has been closed \
                    since spring.</p><footer><a href=/about>About us</a> <a href=https://beian.miit.gov.cn/>\
                    京ICP备05012345号-3</a></footer></body></html>";
        let mut report = Filter::builtin().check(&Document::html(page).with_url(url));
        report.scores.adult = adult;
        report.date = Some("2024-05-06".to_owned());
        report
    }

    #[test]
    fn a_page_adds_to_every_counter() {
        let mut evidence = HostEvidence::default();
        evidence.add_page(&report("http://a.example/", 0.75));
        let adult = evidence.score("adult");
        assert_eq!((evidence.pages, adult.sum, adult.squares, adult.over), (1, 750_000, 562_500, 1));
        assert_eq!(evidence.verdicts.iter().sum::<u64>(), 1);
        assert!(evidence.labels.iter().map(|label| label.characters).sum::<u64>() > 80);
        assert_eq!((evidence.sign(Sign::AboutLink), evidence.sign(Sign::Filing)), (1, 1));
        assert_eq!((evidence.sign(Sign::FilingLink), evidence.sign(Sign::ContactLink)), (0, 0));
        assert_eq!(evidence.filings.get("京ICP备05012345号"), Some(&1));
        assert_eq!(evidence.dates, Some(("2024-05-06".to_owned(), "2024-05-06".to_owned())));
        assert!((evidence.mean("adult") - 0.75).abs() < 1e-9 && evidence.deviation("adult") < 1e-6);
    }

    #[test]
    fn sums_do_not_depend_on_the_order() {
        let pages: Vec<Report> =
            (0..12).map(|n| report(&format!("http://h{}.example/s/{n}", n % 3), n as f32 / 11.7)).collect();
        let (mut forwards, mut halves) = (Evidence::default(), [Evidence::default(), Evidence::default()]);
        for (at, page) in pages.iter().enumerate() {
            forwards.add_page(page);
            halves[at % 2].add_page(page);
        }
        let [mut one, two] = halves;
        one.add(&two);
        assert_eq!(one, forwards);
        assert_eq!((forwards.pages(), forwards.places().count()), (12, 3));
    }

    #[test]
    fn counters_survive_a_row() {
        let mut evidence = HostEvidence::default();
        evidence.fill(1..=HostEvidence::columns().len() as u64);
        let mut again = HostEvidence::default();
        again.fill(evidence.counts());
        assert_eq!(again, evidence);
        assert_eq!(evidence.counts().last(), Some(HostEvidence::columns().len() as u64));
    }

    #[test]
    fn a_page_without_a_host_is_counted_apart() {
        let mut evidence = Evidence::default();
        evidence.add_page(&Report::unread("a"));
        assert_eq!((evidence.pages(), evidence.unplaced(), evidence.places().count()), (1, 1, 0));
    }
}

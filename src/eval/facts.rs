//! What is said of title, author and date ↔ what the gold says: exact matches and F1.

use super::metrics::word_prf;
use super::run::{PageResult, SetResult};
use crate::classify::Report;
use serde::Serialize;
use std::collections::BTreeSet;

/// Title, author and date of a page, by the gold or by a prediction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The title.
    pub title: Option<String>,
    /// The author, or several with commas between.
    pub author: Option<String>,
    /// The day of publication, `YYYY-MM-DD`; what stands behind it is not looked at.
    pub date: Option<String>,
}

impl Facts {
    /// What a report says.
    pub fn of_report(report: &Report) -> Self {
        let owned = |said: Option<&str>| said.map(str::to_owned);
        Self { title: owned(report.title()), author: owned(report.author()), date: owned(report.date()) }
    }
}

/// How a field of a page compares with the gold.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FactMatch {
    /// Whether something was said.
    pub given: bool,
    /// Whether it is the gold: a title but for white space, case and the form of quotation marks and dashes, the set of
    /// authors, the day.
    pub exact: bool,
    /// F1 of the title's words or of the authors' names; of a date 1 or 0.
    pub f1: f64,
}

/// How the fields of a page compare with the gold; none where the gold does not have the field.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FactMatches {
    /// Of the title.
    pub title: Option<FactMatch>,
    /// Of the author.
    pub author: Option<FactMatch>,
    /// Of the date.
    pub date: Option<FactMatch>,
}

impl FactMatches {
    /// Compares what was said with the gold.
    pub fn new(said: &Facts, gold: &Facts) -> Self {
        Self {
            title: compare(said.title.as_deref(), gold.title.as_deref(), title),
            author: compare(said.author.as_deref(), gold.author.as_deref(), author),
            date: compare(said.date.as_deref(), gold.date.as_deref(), date),
        }
    }
}

/// The figures of a field over a set's pages that have it in the gold.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct FactFigures {
    /// Pages whose gold has the field.
    pub pages: usize,
    /// Pages of those for which something was said.
    pub given: usize,
    /// Share of exact matches.
    pub exact: f64,
    /// Mean F1.
    pub f1: f64,
}

impl FactFigures {
    fn of(found: impl Iterator<Item = FactMatch>) -> Self {
        let found: Vec<FactMatch> = found.collect();
        let count = |wanted: fn(&&FactMatch) -> bool| found.iter().filter(wanted).count();
        let share = |sum: f64| sum / found.len().max(1) as f64;
        Self {
            pages: found.len(),
            given: count(|found| found.given),
            exact: share(count(|found| found.exact) as f64),
            f1: share(found.iter().map(|found| found.f1).sum()),
        }
    }
}

impl SetResult {
    /// The figures of title, author and date, as far as the set's gold has them.
    pub fn facts(&self) -> Vec<(&'static str, FactFigures)> {
        let of = |field: fn(&FactMatches) -> Option<FactMatch>| {
            FactFigures::of(self.pages.iter().filter_map(|page: &PageResult| field(&page.facts)))
        };
        let all = [
            ("title", of(|facts| facts.title)),
            ("author", of(|facts| facts.author)),
            ("date", of(|facts| facts.date)),
        ];
        all.into_iter().filter(|(_, figures)| figures.pages > 0).collect()
    }
}

fn compare(said: Option<&str>, gold: Option<&str>, by: fn(&str, &str) -> (bool, f64)) -> Option<FactMatch> {
    let gold = gold.filter(|gold| !gold.trim().is_empty())?;
    let (exact, f1) = said.map_or((false, 0.0), |said| by(said, gold));
    Some(FactMatch { given: said.is_some(), exact, f1 })
}

fn title(said: &str, gold: &str) -> (bool, f64) {
    (plain(said) == plain(gold), word_prf(said, gold).f1)
}

fn author(said: &str, gold: &str) -> (bool, f64) {
    let (said, gold) = (names(said), names(gold));
    let both = said.intersection(&gold).count();
    (said == gold, 2.0 * both as f64 / (said.len() + gold.len()).max(1) as f64)
}

fn date(said: &str, gold: &str) -> (bool, f64) {
    let day = |date: &str| date.trim().chars().take("YYYY-MM-DD".len()).collect::<String>();
    let same = day(said) == day(gold);
    (same, f64::from(u8::from(same)))
}

/// A text with white space, case, quotation marks and dashes in one form each.
fn plain(text: &str) -> String {
    let form = |c: char| match c {
        '‘' | '’' | '‚' | '‛' | '`' | '´' | '′' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' => '-',
        c => c,
    };
    let shown =
        text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'));
    let formed: String = shown.map(form).flat_map(char::to_lowercase).collect();
    formed.replace('…', "...").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names in a line of authors.
fn names(line: &str) -> BTreeSet<String> {
    const BETWEEN: [char; 9] = [',', ';', '/', '|', '&', '、', '，', '；', '\n'];
    let spaced =
        [" and ", " und ", " et ", " y "].iter().fold(plain(line), |line, and| line.replace(and, ","));
    let names = spaced.split(BETWEEN).map(|name| name.trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_the_same_whatever_the_form_of_their_quotation_marks() {
        assert!(title("The  ‘old’ mill – a History", "the 'old' mill - a history").0);
        let (exact, f1) = title("The old mill | Post", "The old mill");
        assert!(!exact && (0.85..0.86).contains(&f1), "{f1}");
    }

    #[test]
    fn authors_are_sets_of_names() {
        assert_eq!(author("Bob Ray, Ann Lee", "Ann Lee and Bob Ray"), (true, 1.0));
        assert_eq!(author("林小满", "林小满、周平"), (false, 2.0 / 3.0));
    }

    #[test]
    fn dates_are_compared_by_the_day_and_fields_that_the_gold_lacks_not_at_all() {
        let of = |date: Option<&str>| Facts { date: date.map(str::to_owned), ..Facts::default() };
        let found = FactMatches::new(&of(Some("2025-08-06")), &of(Some("2025-08-06T10:00:00Z")));
        assert_eq!(found.date, Some(FactMatch { given: true, exact: true, f1: 1.0 }));
        assert_eq!(FactMatches::new(&of(None), &of(Some("2025-08-06"))).date, Some(FactMatch::default()));
        assert_eq!(FactMatches::new(&of(Some("2025-08-06")), &of(None)).date, None);
    }
}

//! The two metrics of the field, and the snippets.
//!
//! *Word*: bags of lower-cased words (WCXB's `evaluate.py`); a set's figure is the mean over its pages.
//! *Shingle*: runs of four words with their case (the scorer of Zyte's article-extraction-benchmark); precision and
//! recall are means over pages, F1 is computed from the two means. Both take each Han ideograph and each kana
//! as a word ([`crate::page::words`]), which the two originals do not.

use crate::page::words::{is_han, words};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Precision, recall and their harmonic mean, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Prf {
    /// Share of the predicted that is in the gold.
    pub precision: f64,
    /// Share of the gold that is predicted.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

impl Prf {
    /// The three figures of a precision and a recall.
    pub fn new(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        Self { precision, recall, f1 }
    }

    const PERFECT: Self = Self { precision: 1.0, recall: 1.0, f1: 1.0 };
}

/// Word precision, recall and F1 of a predicted text. Gold without a word: all 1 if the prediction has none
/// either, else all 0; a prediction without a word: all 0.
///
/// ```
/// use pagesieve::eval::word_prf;
/// assert_eq!(word_prf("the cat sat", "The cat").recall, 1.0);
/// ```
pub fn word_prf(predicted: &str, gold: &str) -> Prf {
    let (predicted, gold) = (predicted.to_lowercase(), gold.to_lowercase());
    let mut left: HashMap<&str, u32> = HashMap::new();
    words(&gold).for_each(|word| *left.entry(word).or_default() += 1);
    let gold_count: u32 = left.values().sum();
    let (mut count, mut shared) = (0_u32, 0_u32);
    for word in words(&predicted) {
        count += 1;
        shared += u32::from(take_one(left.get_mut(word)));
    }
    match (gold_count, count) {
        (0, 0) => Prf::PERFECT,
        (0, _) | (_, 0) => Prf::default(),
        _ => Prf::new(f64::from(shared) / f64::from(count), f64::from(shared) / f64::from(gold_count)),
    }
}

/// Takes one out of a counter, if there is one left in it.
fn take_one(left: Option<&mut u32>) -> bool {
    let Some(left) = left.filter(|left| **left > 0) else { return false };
    *left -= 1;
    true
}

/// Words of a shingle.
const SHINGLE: usize = 4;

/// What of a page's shingles is shared, only predicted, or only gold, as shares of their sum.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ShingleShares {
    /// In both texts.
    pub shared: f64,
    /// Only in the prediction.
    pub predicted_only: f64,
    /// Only in the gold.
    pub gold_only: f64,
}

/// Compares the shingles of a predicted text with the gold's; all 0 if neither text has a word.
pub fn shingle_shares(predicted: &str, gold: &str) -> ShingleShares {
    let mut ids = HashMap::new();
    let (gold, predicted) = (word_ids(gold, &mut ids), word_ids(predicted, &mut ids));
    let mut left: HashMap<&[u32], u32> = HashMap::new();
    shingles(&gold).for_each(|shingle| *left.entry(shingle).or_default() += 1);
    let gold_count: u32 = left.values().sum();
    let (mut count, mut shared) = (0_u32, 0_u32);
    for shingle in shingles(&predicted) {
        count += 1;
        shared += u32::from(take_one(left.get_mut(shingle)));
    }
    shares(f64::from(shared), f64::from(count), f64::from(gold_count))
}

fn shares(shared: f64, predicted: f64, gold: f64) -> ShingleShares {
    let sum = predicted + gold - shared;
    if sum <= 0.0 {
        return ShingleShares::default();
    }
    let share = |count: f64| count / sum;
    ShingleShares {
        shared: share(shared),
        predicted_only: share(predicted - shared),
        gold_only: share(gold - shared),
    }
}

fn word_ids<'t>(text: &'t str, ids: &mut HashMap<&'t str, u32>) -> Vec<u32> {
    let mut id = |word| {
        let next = ids.len() as u32;
        *ids.entry(word).or_insert(next)
    };
    words(text).map(&mut id).collect()
}

/// Runs of four words; a shorter text is one run.
fn shingles(words: &[u32]) -> impl Iterator<Item = &[u32]> {
    let length = words.len().min(SHINGLE);
    words.windows(length.max(1))
}

/// A set's shingle precision (mean over pages with a predicted shingle), recall (mean over pages with a gold
/// shingle) and the F1 of these two means.
pub fn shingle_prf(pages: &[ShingleShares]) -> Prf {
    let sums = pages.iter().fold(ShingleSums::default(), |sums, page| sums.plus(page, 1.0));
    sums.prf()
}

/// Standard error of [`shingle_prf`]'s F1, by the jackknife: the spread of the figure when each page in turn is
/// left out. 0 for less than two pages.
pub fn shingle_f1_error(pages: &[ShingleShares]) -> f64 {
    let all = pages.iter().fold(ShingleSums::default(), |sums, page| sums.plus(page, 1.0));
    let without: Vec<f64> = pages.iter().map(|page| all.plus(page, -1.0).prf().f1).collect();
    let n = without.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = without.iter().sum::<f64>() / n;
    let squares: f64 = without.iter().map(|f1| (f1 - mean).powi(2)).sum();
    (squares * (n - 1.0) / n).sqrt()
}

/// Sums over pages from which the two means come.
#[derive(Debug, Clone, Copy, Default)]
struct ShingleSums {
    precision: f64,
    predicted_pages: f64,
    recall: f64,
    gold_pages: f64,
}

impl ShingleSums {
    fn plus(mut self, page: &ShingleShares, weight: f64) -> Self {
        let (predicted, gold) = (page.shared + page.predicted_only, page.shared + page.gold_only);
        if predicted > 0.0 {
            self.precision += weight * page.shared / predicted;
            self.predicted_pages += weight;
        }
        if gold > 0.0 {
            self.recall += weight * page.shared / gold;
            self.gold_pages += weight;
        }
        self
    }

    fn prf(self) -> Prf {
        let mean = |sum: f64, pages: f64| if pages > 0.5 { sum / pages } else { 0.0 };
        Prf::new(mean(self.precision, self.predicted_pages), mean(self.recall, self.gold_pages))
    }
}

/// Mean of the pages' figures.
pub fn mean_prf(pages: &[Prf]) -> Prf {
    let n = pages.len().max(1) as f64;
    let mean = |figure: fn(&Prf) -> f64| pages.iter().map(figure).sum::<f64>() / n;
    Prf { precision: mean(|p| p.precision), recall: mean(|p| p.recall), f1: mean(|p| p.f1) }
}

/// Standard error of the mean F1 over pages; 0 for less than two pages.
pub fn word_f1_error(pages: &[Prf]) -> f64 {
    let n = pages.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = pages.iter().map(|page| page.f1).sum::<f64>() / n;
    let squares: f64 = pages.iter().map(|page| (page.f1 - mean).powi(2)).sum();
    (squares / (n - 1.0) / n).sqrt()
}

/// How many of `snippets` stand in a text; case and runs of white space do not count. `squashed` is the text
/// after [`squash`].
pub fn snippets_found(squashed: &str, snippets: &[String]) -> usize {
    snippets.iter().filter(|snippet| squashed.contains(&squash(snippet))).count()
}

/// Lower case, each run of white space one blank, none at the ends.
pub fn squash(text: &str) -> String {
    let mut squashed = String::with_capacity(text.len());
    for part in text.split(is_space).filter(|part| !part.is_empty()) {
        if !squashed.is_empty() {
            squashed.push(' ');
        }
        squashed.push_str(part);
    }
    squashed.to_lowercase()
}

/// White space, with the four separators of ASCII that Python counts too.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}')
}

/// Whether more than 30 % of a text's characters are Han ideographs.
pub fn is_chinese(text: &str) -> bool {
    let (mut han, mut all) = (0_u64, 0_u64);
    for c in text.chars() {
        all += 1;
        han += u64::from(is_han(c));
    }
    han * 10 > all * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Prediction, gold, word P/R/F1, and shares of shingles shared, only predicted, only gold. The figures are
    /// those of an independent scorer in Python with the same definitions.
    type Case = (&'static str, &'static str, [f64; 3], [f64; 3]);

    const CASES: &[Case] = &[
        (
            "The cat sat on the mat.",
            "the CAT sat, on a mat",
            [0.833_333_333, 0.833_333_333, 0.833_333_333],
            [0.0, 0.5, 0.5],
        ),
        (
            "今天天气很好，我们去公园散步。广告",
            "今天天气很好，我们去公园散步。",
            [0.866_666_667, 1.0, 0.928_571_429],
            [0.833_333_333, 0.166_666_667, 0.0],
        ),
        (
            "Rust 语言 1.91 发布了 x86_64",
            "Rust语言1.91版发布",
            [0.777_777_778, 0.875, 0.823_529_412],
            [0.222_222_222, 0.444_444_444, 0.333_333_333],
        ),
        ("", "", [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
        ("menu", "", [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
        ("", "text", [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]),
        (" — ", " … ", [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
        (
            "हिन्दी में पाठ और अंक १२३",
            "हिन्दी पाठ १२३ अंक",
            [0.8, 1.0, 0.888_888_889],
            [0.0, 0.583_333_333, 0.416_666_667],
        ),
        ("ΟΔΟΣ İstanbul STRASSE", "οδος i̇stanbul strasse", [1.0, 1.0, 1.0], [0.0, 0.5, 0.5]),
        (
            "Ⓐ a\u{301}b ½ ² 々〇・テスト ｱｲｳ",
            "ⓐ áb ½ ² 々〇テスト ｱｲｳ",
            [0.8, 0.888_888_889, 0.842_105_263],
            [0.625, 0.25, 0.125],
        ),
        ("a a a b c d e", "a a b b c d e f", [0.857_142_857, 0.75, 0.8], [0.125, 0.375, 0.5]),
        (
            "one two",
            "one two three four five",
            [1.0, 0.4, 0.571_428_571],
            [0.0, 0.333_333_333, 0.666_666_667],
        ),
    ];

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-8
    }

    #[test]
    fn word_figures_are_those_of_the_python_scorer() {
        for (predicted, gold, [precision, recall, f1], _) in CASES {
            let found = word_prf(predicted, gold);
            let same =
                near(found.precision, *precision) && near(found.recall, *recall) && near(found.f1, *f1);
            assert!(same, "{predicted:?} against {gold:?}: {found:?}");
        }
    }

    #[test]
    fn shingle_figures_are_those_of_the_python_scorer() {
        for (predicted, gold, _, [shared, predicted_only, gold_only]) in CASES {
            let found = shingle_shares(predicted, gold);
            let same = near(found.shared, *shared)
                && near(found.predicted_only, *predicted_only)
                && near(found.gold_only, *gold_only);
            assert!(same, "{predicted:?} against {gold:?}: {found:?}");
        }
    }

    #[test]
    fn a_sets_figures_are_those_of_the_python_scorer() {
        let shares: Vec<_> = CASES.iter().map(|(p, g, ..)| shingle_shares(p, g)).collect();
        let shingle = shingle_prf(&shares);
        assert!(near(shingle.precision, 0.236_772_486_772), "{shingle:?}");
        assert!(near(shingle.recall, 0.270_370_370_370), "{shingle:?}");
        assert!(near(shingle.f1, 0.252_458_509_631), "{shingle:?}");
        let pages: Vec<_> = CASES.iter().map(|(p, g, ..)| word_prf(p, g)).collect();
        assert!(near(mean_prf(&pages).f1, 0.723_988_074_762));
        assert!(near(word_f1_error(&pages), 0.103_381_486_420));
    }

    #[test]
    fn the_jackknife_error_is_near_the_bootstraps() {
        let shares: Vec<_> = CASES.iter().map(|(p, g, ..)| shingle_shares(p, g)).collect();
        assert!((shingle_f1_error(&shares) - 0.114).abs() < 0.03, "{}", shingle_f1_error(&shares));
        assert!(near(shingle_f1_error(&shares[..1]), 0.0));
    }

    #[test]
    fn snippets_are_found_whatever_their_case_and_white_space() {
        let text = squash("  Subscribe\n to\u{1F}our\u{A0}News  ");
        assert_eq!(text, "subscribe to our news");
        let snippets = ["TO  our".to_owned(), "absent".to_owned(), "news ".to_owned()];
        assert_eq!(snippets_found(&text, &snippets), 2);
    }

    #[test]
    fn a_page_is_chinese_above_three_tenths_of_ideographs() {
        assert!(is_chinese("中文字符abcdefg"));
        assert!(!is_chinese("中文字abcdefg"), "exactly 30 %");
        assert!(!is_chinese(""));
    }
}

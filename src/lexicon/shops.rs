//! Words of shops, casinos and pharmacies that are put on hacked sites, by language: `models/lexicon/shops.tsv`.

use super::search::Forms;
use super::table::{BadLine, Row, one_of, rows, shipped};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/shops.tsv");
const COLUMNS: [&str; 4] = ["language", "sign", "phrase", "source"];
/// What a phrase counts: what honest shops of the language do not write, and what they write as well.
const SIGNS: [(&str, u32); 2] = [("sure", SURE_WORD), ("shop", 1)];
/// What a word of the trade itself counts.
pub(crate) const SURE_WORD: u32 = 3;

struct Words {
    forms: Forms,
    /// The language of each phrase and what it counts.
    signs: Vec<(&'static str, u32)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let (phrases, signs): (Vec<_>, Vec<_>) = shipped(phrases()).into_iter().unzip();
    Words { forms: Forms::of_any_case(phrases), signs }
});

/// A language, and the place of a sign.
type Sign = (&'static str, u32);

fn phrases() -> Result<Vec<(&'static str, Sign)>, BadLine> {
    let read = |Row { line, cells: [language, sign, phrase, _] }| {
        Ok((phrase, (language, one_of(line, "sign", sign, &SIGNS)?)))
    };
    rows(TABLE, COLUMNS)?.into_iter().map(read).collect()
}

/// What the words of a text count together as those of a shop, by language; each word counts once.
pub(crate) fn shop_words(text: &str) -> FxHashMap<&'static str, u32> {
    let (mut seen, mut counts) = (FxHashSet::default(), FxHashMap::default());
    for found in WORDS.forms.all(text).map(|found| found.form) {
        if let Some((language, count)) = WORDS.signs.get(found).filter(|_| seen.insert(found)) {
            *counts.entry(*language).or_default() += count;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_counts_once_and_in_its_language() {
        assert_eq!(shop_words("オンラインカジノ オンラインカジノ 送料無料")["ja"], SURE_WORD + 1);
        assert!(!shop_words("オンラインカジノ").contains_key("ko"));
        assert!(shop_words("本日の会議は三時から").is_empty());
    }

    #[test]
    fn phrases_are_lower_case() {
        assert!(phrases().unwrap().iter().all(|(phrase, _)| phrase.to_lowercase() == *phrase));
    }
}

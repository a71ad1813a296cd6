//! The words of a text as hashed grams: what the models of kinds look at.
//!
//! Tokens are Han characters, words and signs of the text's normal form ([`crate::lexicon::Normal`]). Grams are one and two
//! tokens in a row, three where the first is a Han character, and four letters of a word, so that brands made
//! of known parts are known.

use super::tokens::mix;
use crate::lexicon::Normal;
use crate::page::{Page, words::is_cjk};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Characters of the normal form that are looked at.
pub(crate) const LONGEST: usize = 120;
/// The same of paragraphs, which are no titles and no offers: their start says what they are about.
const PARAGRAPH: usize = 60;
/// A text of so many bytes is a paragraph.
const PARAGRAPH_BYTES: usize = 400;
/// Letters of a part of a word, and the shortest word that has parts.
const PART: usize = 4;
const LONG_WORD: usize = 6;

/// Reads texts into grams, reusing its memory.
#[derive(Debug, Default)]
pub(crate) struct Grams {
    normal: Normal,
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    hash: u32,
    han: bool,
}

impl Grams {
    /// Replaces what is in `grams` by the hashed grams of a text. The upper bits of a hash are its slot.
    pub(crate) fn read(&mut self, text: &str, grams: &mut Vec<u32>) {
        grams.clear();
        self.normal.read(text, longest(text));
        self.tokens.clear();
        let chars = self.normal.chars();
        let mut at = 0;
        while let Some(c) = chars.get(at).copied() {
            let end = token_end(chars, at);
            let word = chars.get(at..end).unwrap_or_default();
            if c != ' ' {
                let hash = word.iter().fold(0x811c_9dc5, |hash, c| mix(hash ^ *c as u32));
                self.tokens.push(Token { hash, han: is_cjk(c) });
                parts(word, grams);
            }
            at = end;
        }
        self.add_runs(grams);
        let length = (chars.len() as u32 + 1).ilog2();
        let decorated = (self.normal.decorations() as u32 + 1).ilog2().min(4);
        grams.extend([slot(0x4000_0007 ^ length), slot(0x5000_0009 ^ decorated)]);
    }

    /// A name for each gram of a text, in the order of [`Grams::read`]: its words. Parts of a word, and the word at the
    /// start and end, have the word's name.
    pub(crate) fn spelled(&mut self, text: &str) -> Vec<String> {
        self.normal.read(text, longest(text));
        let chars = self.normal.chars();
        let (mut names, mut tokens, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(c) = chars.get(at).copied() {
            let end = token_end(chars, at);
            let word = chars.get(at..end).unwrap_or_default();
            if c != ' ' {
                let whole: String = word.iter().collect();
                let parts = if word.len() < LONG_WORD { &[] } else { word };
                names.extend(parts.windows(PART).map(|_| whole.clone()));
                tokens.push((whole, is_cjk(c)));
            }
            at = end;
        }
        let ends = [tokens.first(), tokens.last()];
        names.extend(
            ends.map(|token| token.map_or_else(|| "(nothing)".to_owned(), |(token, _)| token.clone())),
        );
        spell_runs(&tokens, &mut names);
        names.extend(["(length)".to_owned(), "(decorations)".to_owned()]);
        names
    }

    fn add_runs(&self, grams: &mut Vec<u32>) {
        let mut tokens = self.tokens.as_slice();
        let edge = |seed: u32, token: Option<&Token>| slot(mix(seed ^ token.map_or(0, |token| token.hash)));
        grams.extend([edge(0x6000_000b, tokens.first()), edge(0x7000_000d, tokens.last())]);
        while let [first, rest @ ..] = tokens {
            grams.push(slot(first.hash));
            if let [second, rest @ ..] = rest {
                let two = mix(first.hash.rotate_left(5) ^ second.hash);
                grams.push(slot(two));
                if let [third, ..] = rest
                    && first.han
                {
                    grams.push(slot(mix(two.rotate_left(5) ^ third.hash)));
                }
            }
            tokens = rest;
        }
    }
}

/// The grams of each of a page's blocks. Short texts are read once: menus and comments repeat them.
#[derive(Debug, Default)]
pub(crate) struct PageGrams {
    grams: Vec<u32>,
    /// Where those of each block stand.
    ranges: Vec<Range<usize>>,
}

/// A short text, bytes.
const SHORT: usize = 40;

impl PageGrams {
    pub(crate) fn of(page: &Page) -> Self {
        let (mut all, mut reader, mut bag) = (Self::default(), Grams::default(), Vec::new());
        let mut seen: FxHashMap<&str, Range<usize>> = FxHashMap::default();
        for text in page.blocks().map(|block| block.text()) {
            let mut read = || {
                reader.read(text, &mut bag);
                let start = all.grams.len();
                all.grams.extend_from_slice(&bag);
                start..all.grams.len()
            };
            let range =
                if text.len() > SHORT { read() } else { seen.entry(text).or_insert_with(read).clone() };
            all.ranges.push(range);
        }
        all
    }

    /// Those of a block; none where there is no such block.
    pub(crate) fn block(&self, index: usize) -> &[u32] {
        self.ranges.get(index).and_then(|range| self.grams.get(range.clone())).unwrap_or_default()
    }

    /// For each block its grams, and the first block whose grams they are.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&[u32], usize)> {
        let mut first: FxHashMap<usize, usize> = FxHashMap::default();
        let blocks = self.ranges.iter().enumerate();
        blocks.map(move |(index, range)| (self.block(index), *first.entry(range.start).or_insert(index)))
    }
}

/// Raised when grams change their meaning.
const REVISION: u32 = 5;

/// The schema of what kinds are told from, hexadecimal: the revision, the grams of a text with everything in it that the
/// normal form takes away, and the columns of the small vectors with their revisions. A model carries that of the code it was
/// trained with. What ideographs become is left to a test: the table of their forms takes longer to make than a page to judge.
pub(crate) fn kinds_schema() -> String {
    const PROBE: &str = "Ｆ①Ⅷ㎏ c a s h ﬁ é ａ\u{200b}b ★ cаsinо “x” 、。— ½";
    let mut grams = Vec::new();
    Grams::default().read(PROBE, &mut grams);
    let mut hash = xxhash_rust::xxh3::Xxh3::with_seed(u64::from(REVISION));
    for gram in &grams {
        hash.update(&gram.to_le_bytes());
    }
    hash.update(super::vectors::revisions().as_bytes());
    format!("{:016x}", hash.digest())
}

/// Spreads a hash over its upper bits.
fn slot(hash: u32) -> u32 {
    hash.wrapping_mul(0x9e37_79b1)
}

/// Characters of the normal form that are looked at of a text.
fn longest(text: &str) -> usize {
    if text.len() < PARAGRAPH_BYTES { LONGEST } else { PARAGRAPH }
}

/// Where the token that starts here ends.
fn token_end(chars: &[char], at: usize) -> usize {
    let alone = chars.get(at).is_none_or(|c| is_cjk(*c) || !c.is_alphanumeric());
    if alone { at + 1 } else { word_end(chars, at) }
}

/// Names of the runs of one, two and three tokens.
fn spell_runs(tokens: &[(String, bool)], names: &mut Vec<String>) {
    for at in 0..tokens.len() {
        let run = tokens.get(at..).unwrap_or_default();
        let longest = if run.first().is_some_and(|(_, han)| *han) { 3 } else { 2 };
        for length in 1..=longest.min(run.len()) {
            let words: Vec<&str> = run.iter().take(length).map(|(word, _)| word.as_str()).collect();
            let between = if run.iter().take(length).all(|(_, han)| *han) { "" } else { " " };
            names.push(words.join(between));
        }
    }
}

fn word_end(chars: &[char], start: usize) -> usize {
    let word = chars.iter().skip(start).take_while(|c| c.is_alphanumeric() && !is_cjk(**c));
    start + word.count()
}

/// The parts of a long word.
fn parts(word: &[char], grams: &mut Vec<u32>) {
    if word.len() < LONG_WORD {
        return;
    }
    let part = |part: &[char]| part.iter().fold(0x2f72_b421, |hash, c| mix(hash ^ *c as u32));
    grams.extend(word.windows(PART).map(|letters| slot(part(letters))));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(text: &str) -> Vec<u32> {
        let mut out = Vec::new();
        Grams::default().read(text, &mut out);
        out.sort_unstable();
        out
    }

    #[test]
    fn hidden_words_have_the_grams_of_plain_ones() {
        assert_eq!(grams("加微信领福利"), grams("加 微 信 领福利"));
        assert_eq!(grams("CASINO bonus 100"), grams("ｃａｓｉｎｏ bonus 250"));
        assert_ne!(grams("casino bonus"), grams("bonus casino"));
    }

    #[test]
    fn ideographs_become_what_they_were_for_the_shipped_model() {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        hash.update(crate::lexicon::simplified_forms().as_bytes());
        for gram in grams("加·微 信 計(jì)算 賭場【20P】") {
            hash.update(&gram.to_le_bytes());
        }
        let found = format!("{:016x}", hash.digest());
        assert_eq!(
            found, "a3a54152857a5614",
            "the forms of ideographs changed: raise REVISION, retrain the kinds"
        );
    }

    #[test]
    fn every_gram_has_one_name() {
        let mut names = std::collections::HashMap::new();
        let is_known = |names: &[String], name: &str| names.iter().any(|known| known == name);
        let mut all = Vec::new();
        for text in
            ["", "Lucky slots bonus 250!", "加★微★信 领福利 now", "s l o t s 賭場【20P】", "赞 slots bonus"]
        {
            let mut hashes = Vec::new();
            Grams::default().read(text, &mut hashes);
            let spelled = Grams::default().spelled(text);
            assert_eq!(hashes.len(), spelled.len(), "{spelled:?}");
            all.extend(spelled.iter().cloned());
            for (hash, name) in hashes.into_iter().zip(spelled).filter(|(_, name)| !name.starts_with('(')) {
                assert_eq!(*names.entry(hash).or_insert_with(|| name.clone()), name);
            }
        }
        assert!(is_known(&all, "slots bonus") && is_known(&all, "加微信"));
        let mut hashes = Vec::new();
        Grams::default().read("luckycasinoroyal bonus", &mut hashes);
        let spelled = Grams::default().spelled("luckycasinoroyal bonus");
        assert_eq!(hashes.len(), spelled.len());
        assert!(spelled.iter().filter(|name| *name == "luckycasinoroyal").count() > 10);
    }

    #[test]
    fn a_brand_shares_parts_with_what_it_is_made_of() {
        let known = grams("casino");
        assert!(grams("luckycasinoroyal").iter().filter(|gram| known.contains(gram)).count() >= 3);
    }

    #[test]
    fn a_long_text_has_bounded_grams() {
        assert!(grams(&"长".repeat(100_000)).len() < 4 * LONGEST);
        assert!(grams(&"a".repeat(100_000)).len() < 2 * LONGEST);
    }
}

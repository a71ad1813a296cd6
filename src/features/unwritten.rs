//! Signs of text that nobody wrote: garbled in a wrong charset, taken apart by signs, or mixed from other texts.

use super::vectors::Unwritten;
use crate::lexicon::{is_han, is_rare};
use crate::page::{Block, Page, words::words};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::Hasher;

/// A block of such a weight as main content takes part in what is seen on whole sentences and paragraphs.
const BODY: f32 = 0.5;
/// Sentences that are compared, at most.
const SENTENCES: usize = 200;
/// Fewer sentences say nothing of how they hang together…
const FEW_SENTENCES: usize = 4;
/// …and stand for what is usual.
const USUAL: (f32, f32) = (0.09, 0.04);
/// How far apart sentences stand that are compared with neighbours.
const FAR: [usize; 3] = [3, 7, 13];
/// Signs of a Latin word that is common enough to stand in any sentence.
const SHORT_WORD: usize = 3;
/// What tells the words of one stem apart.
const STEM: usize = 6;
/// Characters of a cell, at most.
const FEW_CHARACTERS: usize = 4;
/// Characters of Latin-1 that stand together in no word of a language, but in text that was read as it.
const RUN: usize = 3;
/// Signs of lost characters that count where more stand together: each byte of one emoji leaves one.
const LOST_OF_ONE: usize = 2;
/// A blank that does not break.
const NBSP: char = '\u{a0}';
/// A paragraph has more words than a heading.
const PARAGRAPH_WORDS: usize = 10;
/// Fewer paragraphs repeat nothing.
const FEW_PARAGRAPHS: usize = 3;

/// What programs write for characters that are lost: U+FFFD read as GBK, memory that nothing was written to, marks of
/// encoders without the character. One of them may be an example.
const FILLINGS: [&str; 4] = ["锟斤拷", "烫烫烫", "屯屯屯", "????"];

/// The signs on the main content of a page; `body` says how much a block belongs to it, 0 to 1.
pub(crate) fn signs(page: &Page, body: impl Fn(usize) -> f32) -> [f32; Unwritten::COUNT] {
    let texts: Vec<&str> =
        weighed(page, &body).filter(|(_, weight)| *weight >= BODY).map(|(block, _)| block.text()).collect();
    let (related, nearer) = relations(texts.iter().copied());
    let Letters { rare, replaced, runs, alone } = letters(page, &body);
    Unwritten::row([
        (Unwritten::Rare, rare),
        (Unwritten::Replaced, replaced),
        (Unwritten::Runs, runs),
        (Unwritten::Alone, alone),
        (Unwritten::Related, related),
        (Unwritten::Nearer, nearer),
        (Unwritten::Key, key_phrase(page, &texts)),
    ])
}

/// Shares of the letters of a text, 0 to 1: see the signs of the same names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letters {
    pub(crate) rare: f32,
    pub(crate) replaced: f32,
    pub(crate) runs: f32,
    pub(crate) alone: f32,
}

/// The signs that single characters give.
pub(crate) fn letters(page: &Page, body: impl Fn(usize) -> f32) -> Letters {
    let mut counts = Counts::default();
    weighed(page, body).for_each(|(block, weight)| counts.add(&Counts::of(block.text()), weight));
    let Counts { all, rare, replaced, runs, alone } = counts;
    let all = all.max(1.0);
    Letters { rare: rare / all, replaced: replaced / all, runs: runs / all, alone: alone / all }
}

/// The shown blocks that belong to the main content, and how much.
fn weighed(page: &Page, body: impl Fn(usize) -> f32) -> impl Iterator<Item = (Block<'_>, f32)> {
    let shown = page.blocks().filter(|block| !block.kind().is_pseudo());
    shown.map(move |block| (block, body(block.index()))).filter(|(_, weight)| *weight > 0.0)
}

/// Letters, digits and characters that stand for lost ones, and how many of them are strange.
#[derive(Debug, Default)]
struct Counts {
    all: f32,
    rare: f32,
    replaced: f32,
    runs: f32,
    alone: f32,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut letters = Self::default();
        if text.is_ascii() {
            letters.all = text.bytes().filter(u8::is_ascii_alphanumeric).count() as f32;
        } else {
            letters.count(text);
        }
        let filling =
            |filling: &&str| text.matches(*filling).skip(1).map(|found| found.chars().count()).sum::<usize>();
        if !text.is_ascii() || text.contains("????") {
            letters.replaced += FILLINGS.iter().map(filling).sum::<usize>() as f32;
        }
        letters.rare += words(text).filter(|word| has_no_vowel(word)).map(str::len).sum::<usize>() as f32;
        letters.alone = alone(text) as f32;
        letters
    }

    fn count(&mut self, text: &str) {
        let (mut run, mut lost) = (0, 0);
        for c in text.chars() {
            lost = if c == char::REPLACEMENT_CHARACTER { lost + 1 } else { 0 };
            if lost > LOST_OF_ONE {
                continue;
            }
            let is_letter = c.is_alphanumeric() || is_rare(c);
            self.all += f32::from(u8::from(is_letter));
            self.rare += f32::from(u8::from(is_rare(c)));
            self.replaced += f32::from(u8::from(lost > 0));
            run = if matches!(c, '\u{80}'..='\u{ff}') && c != NBSP { run + 1 } else { 0 };
            self.runs += if run == RUN { RUN as f32 } else { f32::from(u8::from(run > RUN)) };
        }
    }

    fn add(&mut self, other: &Self, weight: f32) {
        self.all += weight * other.all;
        self.rare += weight * other.rare;
        self.replaced += weight * other.replaced;
        self.runs += weight * other.runs;
        self.alone += weight * other.alone;
    }
}

/// Whether a word of small Latin letters cannot be spoken.
fn has_no_vowel(word: &str) -> bool {
    word.len() > SHORT_WORD && word.bytes().all(|b| b.is_ascii_lowercase() && !b"aeiouy".contains(&b))
}

/// Letters with signs or blanks on both sides. A text of a few characters is a cell of a table and says nothing.
fn alone(text: &str) -> usize {
    if text.chars().nth(FEW_CHARACTERS).is_none() {
        return 0;
    }
    let (mut count, mut behind_word, mut open) = (0, false, false);
    for c in text.chars().chain([' ']) {
        let in_word = c.is_alphanumeric();
        count += usize::from(open && !in_word);
        open = c.is_alphabetic() && !behind_word;
        behind_word = in_word;
    }
    count
}

/// How much neighbouring sentences have in common, and how much more than sentences that stand apart.
fn relations<'t>(texts: impl Iterator<Item = &'t str>) -> (f32, f32) {
    let sentences = texts.flat_map(sentences).map(grams).filter(|grams| !grams.is_empty());
    let sentences: Vec<FxHashSet<u64>> = sentences.take(SENTENCES).collect();
    if sentences.len() < FEW_SENTENCES {
        return USUAL;
    }
    let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
    sentences.iter().flatten().for_each(|gram| *counts.entry(*gram).or_default() += 1);
    let all = sentences.len() as f32;
    let weight = |gram: &u64| counts.get(gram).map_or(0.0, |count| (all / *count as f32).ln());
    let sums: Vec<f32> = sentences.iter().map(|grams| sum(grams.iter().map(weight))).collect();
    let mean = |distances: &[usize]| {
        let (mut total, mut pairs) = (0.0, 0);
        for distance in distances {
            let first = sentences.iter().zip(&sums);
            for ((a, a_sum), (b, b_sum)) in first.zip(sentences.iter().zip(&sums).skip(*distance)) {
                total += sum(a.intersection(b).map(weight)) / a_sum.min(*b_sum).max(f32::EPSILON);
                pairs += 1;
            }
        }
        if pairs == 0 { None } else { Some(total / pairs as f32) }
    };
    let near = mean(&[1]).unwrap_or(0.0);
    (near, mean(&FAR).map_or(0.0, |far| near - far))
}

/// The sum of numbers that come in any order: the smallest first, so that it is always the same.
fn sum(numbers: impl Iterator<Item = f32>) -> f32 {
    let mut numbers: Vec<f32> = numbers.collect();
    numbers.sort_by(f32::total_cmp);
    numbers.iter().sum()
}

/// The sentences of a block.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split_inclusive(['。', '！', '？', '!', '?', '\n']);
    parts.flat_map(|part| part.split_inclusive(". "))
}

/// What tells a sentence from another: its longer words, and pairs of ideographs.
fn grams(sentence: &str) -> FxHashSet<u64> {
    let mut before = None;
    words(sentence)
        .filter_map(|word| {
            let ideograph = word.chars().next().filter(|c| is_han(*c));
            let pair = before.zip(ideograph);
            before = ideograph;
            match ideograph {
                Some(_) => pair.map(|(first, second)| hash([first, second].into_iter())),
                None => word
                    .chars()
                    .nth(SHORT_WORD)
                    .map(|_| hash(word.chars().flat_map(char::to_lowercase).take(STEM))),
            }
        })
        .collect()
}

fn hash(chars: impl Iterator<Item = char>) -> u64 {
    let mut hasher = FxHasher::default();
    chars.for_each(|c| hasher.write_u32(c as u32));
    hasher.finish()
}

/// The share of the paragraphs that hold the same phrase of the page's title.
fn key_phrase(page: &Page, texts: &[&str]) -> f32 {
    let title = page.metadata().title.as_deref().or(texts.first().copied()).unwrap_or_default();
    let is_paragraph = |text: &&&str| **text != title && words(text).nth(PARAGRAPH_WORDS).is_some();
    let paragraphs: Vec<String> = texts.iter().filter(is_paragraph).map(|text| text.to_lowercase()).collect();
    if paragraphs.len() < FEW_PARAGRAPHS {
        return 0.0;
    }
    let holding = |phrase: &str| paragraphs.iter().filter(|text| text.contains(phrase)).count();
    let most = phrases(title).iter().map(|phrase| holding(phrase)).max().unwrap_or(0);
    most as f32 / paragraphs.len() as f32
}

/// The phrases of a title, in lower case: two words, four ideographs.
fn phrases(title: &str) -> Vec<String> {
    let title = title.to_lowercase();
    let words: Vec<&str> = words(&title).take(PARAGRAPH_WORDS * 2).collect();
    let are_han = |words: &[&str]| words.iter().all(|word| word.starts_with(is_han));
    let four = words.windows(4).filter(|words| are_han(words)).map(<[&str]>::concat);
    let long =
        |words: &[&str]| words.iter().all(|word| word.len() >= SHORT_WORD && !word.starts_with(is_han));
    let two = words.windows(2).filter(|words| long(words)).map(|words| words.join(" "));
    four.chain(two).collect()
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "shares of nothing and of all are exact")]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    fn of(text: &str, sign: Unwritten) -> f32 {
        let page = Page::read(&Document::text(text), &Limits::default());
        signs(&page, |_| 1.0)[sign as usize]
    }

    const TEXT: &str = "河上的桥整个冬天都关着。\n桥的工程三月才会结束。\n工程师说河水太急了。";

    #[test]
    fn garbled_text_has_rare_and_lost_characters() {
        assert_eq!(
            [Unwritten::Rare, Unwritten::Replaced, Unwritten::Runs].map(|sign| of(TEXT, sign)),
            [0.0; 3]
        );
        assert!(of("鍥藉唴鏂伴椈", Unwritten::Rare) > 0.5);
        assert!(of("qxrtz zkvbw the bridge", Unwritten::Rare) > 0.4);
        assert!((of("�桥�上", Unwritten::Replaced) - 0.5).abs() < 0.01);
        assert!(of("锟斤拷锟斤拷锟斤拷锟斤拷", Unwritten::Replaced) > 0.7);
        assert_eq!(of("Der Fuß über die Brücke, l’été où", Unwritten::Runs), 0.0);
    }

    #[test]
    fn text_that_is_taken_apart_stands_alone() {
        for text in ["【河】【上】【的】【桥】", "河 上 的 桥", "t.h.e b.r.i.d.g.e"] {
            assert!(of(text, Unwritten::Alone) > 0.9, "{text}");
        }
        for text in [TEXT, "桥\n河\n3", "1 2 3 4 5 6"] {
            assert_eq!(of(text, Unwritten::Alone), 0.0, "{text}");
        }
    }

    #[test]
    fn sentences_of_one_text_are_related() {
        let mixed = "河上的桥整个冬天都关着。\n番茄切成小块炒熟。\n股票昨天又跌了三成。\n猫在屋顶上睡觉。";
        let whole = format!("{TEXT}\n河水到三月才会退下去。");
        assert!(of(&whole, Unwritten::Related) > 0.03 && of(mixed, Unwritten::Related) == 0.0);
    }

    #[test]
    fn a_phrase_of_the_title_stands_in_each_paragraph() {
        let text = "cheap garden sheds\nWhoever wants cheap garden sheds for his own house will find them here soon.\n\
                    The weather was fine, and so cheap garden sheds were bought by all of us.\n\
                    Nobody knows why, but cheap garden sheds are what the town is known for.";
        assert_eq!(of(text, Unwritten::Key), 1.0);
    }
}

//! Signs of text that nobody wrote: garbled in a wrong charset, taken apart by signs, or mixed from other texts.

use super::vectors::Unwritten;
use crate::lexicon::{is_han, is_rare};
use crate::page::{Block, Page, words::words};
use rustc_hash::{FxHashMap, FxHasher};
use std::cmp::Ordering;
use std::hash::Hasher;

/// A block of a smaller weight as main content takes no part…
const LEAST: f32 = 0.1;
/// …and one of such a weight also in what is seen on whole sentences and paragraphs.
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
/// Question marks of the last one.
const QUESTIONS: usize = 4;

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
    shown.map(move |block| (block, body(block.index()))).filter(|(_, weight)| *weight >= LEAST)
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
        let mut seen = Seen::default();
        text.chars().for_each(|c| seen.see(c));
        let Seen { mut counts, longest, is_filled, .. } = seen;
        counts.alone = seen.alone.count() as f32;
        if is_filled {
            let filling = |filling: &&str| {
                text.matches(*filling).skip(1).map(|found| found.chars().count()).sum::<usize>()
            };
            counts.replaced += FILLINGS.iter().map(filling).sum::<usize>() as f32;
        }
        // most texts have no run of consonants that is as long as such a word
        if longest > SHORT_WORD {
            counts.rare += unspoken(text) as f32;
        }
        counts
    }

    fn add(&mut self, other: &Self, weight: f32) {
        self.all += weight * other.all;
        self.rare += weight * other.rare;
        self.replaced += weight * other.replaced;
        self.runs += weight * other.runs;
        self.alone += weight * other.alone;
    }
}

/// What is counted of a text, character by character.
#[derive(Debug, Default)]
struct Seen {
    counts: Counts,
    alone: Alone,
    /// Characters of Latin-1, and signs of lost ones, that stand together up to here.
    run: usize,
    lost: usize,
    /// Small consonants that stand together up to here, and at most.
    consonants: usize,
    longest: usize,
    /// Question marks that stand together up to here.
    questions: usize,
    /// Whether one of [`FILLINGS`] may stand in the text.
    is_filled: bool,
}

impl Seen {
    fn see(&mut self, c: char) {
        let sign = Sign::of(c);
        self.alone.see(sign);
        if c.is_ascii() {
            self.counts.all += f32::from(u8::from(sign != Sign::Other));
            (self.run, self.lost) = (0, 0);
            self.see_ascii(c, sign);
        } else {
            (self.consonants, self.questions) = (0, 0);
            self.see_other(c, sign);
        }
    }

    fn see_ascii(&mut self, c: char, sign: Sign) {
        self.consonants = if sign == Sign::Consonant { self.consonants + 1 } else { 0 };
        self.longest = self.longest.max(self.consonants);
        self.questions = if c == '?' { self.questions + 1 } else { 0 };
        self.is_filled |= self.questions == QUESTIONS;
    }

    fn see_other(&mut self, c: char, sign: Sign) {
        self.is_filled |= matches!(c, '锟' | '烫' | '屯');
        self.lost = if c == char::REPLACEMENT_CHARACTER { self.lost + 1 } else { 0 };
        if self.lost > LOST_OF_ONE {
            return;
        }
        let (counts, is_rare) = (&mut self.counts, is_rare(c));
        counts.all += f32::from(u8::from(is_rare || sign != Sign::Other));
        counts.rare += f32::from(u8::from(is_rare));
        counts.replaced += f32::from(u8::from(self.lost > 0));
        self.run = if matches!(c, '\u{80}'..='\u{ff}') && c != NBSP { self.run + 1 } else { 0 };
        counts.runs += if self.run == RUN { RUN as f32 } else { f32::from(u8::from(self.run > RUN)) };
    }
}

/// Letters of words of small Latin letters that cannot be spoken, as they have no vowel.
fn unspoken(text: &str) -> usize {
    let is_consonant = |b| b < 128 && Sign::of(char::from(b)) == Sign::Consonant;
    let has_no_vowel = |word: &&str| word.len() > SHORT_WORD && word.bytes().all(is_consonant);
    words(text).filter(has_no_vowel).map(str::len).sum()
}

/// What a character is beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Sign {
    /// A small Latin letter that is no vowel.
    Consonant,
    Letter,
    Digit,
    #[default]
    Other,
}

/// What each ASCII character is.
#[expect(clippy::indexing_slicing, reason = "only the compiler evaluates it")]
const ASCII: [Sign; 128] = {
    let mut table = [Sign::Other; 128];
    let mut at = 0;
    while at < table.len() {
        table[at] = match at as u8 {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'A'..=b'Z' => Sign::Letter,
            b'a'..=b'z' => Sign::Consonant,
            b'0'..=b'9' => Sign::Digit,
            _ => Sign::Other,
        };
        at += 1;
    }
    table
};

impl Sign {
    fn of(c: char) -> Self {
        match ASCII.get(c as usize) {
            Some(sign) => *sign,
            None if c.is_alphabetic() => Self::Letter,
            None if c.is_numeric() => Self::Digit,
            None => Self::Other,
        }
    }

    fn is_letter(self) -> bool {
        matches!(self, Self::Consonant | Self::Letter)
    }
}

/// Letters with signs or blanks on both sides.
#[derive(Debug, Default)]
struct Alone {
    count: usize,
    before: Sign,
    /// Whether the last character is a letter without another one before it.
    open: bool,
    all: usize,
}

impl Alone {
    fn see(&mut self, sign: Sign) {
        self.count += usize::from(self.open && sign == Sign::Other);
        self.open = sign.is_letter() && self.before == Sign::Other;
        self.before = sign;
        self.all += 1;
    }

    /// How many there are. A text of a few characters is a cell of a table and says nothing.
    fn count(&self) -> usize {
        if self.all <= FEW_CHARACTERS { 0 } else { self.count + usize::from(self.open) }
    }
}

/// How much neighbouring sentences have in common, and how much more than sentences that stand apart.
fn relations<'t>(texts: impl Iterator<Item = &'t str>) -> (f32, f32) {
    let sentences = texts.flat_map(sentences).map(grams).filter(|grams| !grams.is_empty());
    let sentences: Vec<Vec<u64>> = sentences.take(SENTENCES).collect();
    if sentences.len() < FEW_SENTENCES {
        return USUAL;
    }
    let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
    sentences.iter().flatten().for_each(|gram| *counts.entry(*gram).or_default() += 1);
    let all = sentences.len() as f32;
    let weight = |gram: &u64| counts.get(gram).map_or(0.0, |count| (all / *count as f32).ln());
    let weighed = |grams: &Vec<u64>| grams.iter().map(|gram| (*gram, weight(gram))).collect();
    let weighed: Vec<Vec<(u64, f32)>> = sentences.iter().map(weighed).collect();
    let sums: Vec<f32> = weighed.iter().map(|grams| grams.iter().map(|(_, weight)| weight).sum()).collect();
    let mean = |distances: &[usize]| {
        let (mut total, mut pairs) = (0.0, 0);
        for distance in distances {
            let first = weighed.iter().zip(&sums);
            for ((a, a_sum), (b, b_sum)) in first.zip(weighed.iter().zip(&sums).skip(*distance)) {
                total += in_common(a, b) / a_sum.min(*b_sum).max(f32::EPSILON);
                pairs += 1;
            }
        }
        if pairs == 0 { None } else { Some(total / pairs as f32) }
    };
    let near = mean(&[1]).unwrap_or(0.0);
    (near, mean(&FAR).map_or(0.0, |far| near - far))
}

/// The weight of what two sentences have in common; both in the order of their grams.
fn in_common(a: &[(u64, f32)], b: &[(u64, f32)]) -> f32 {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut sum = 0.0;
    while let (Some((first, weight)), Some((second, _))) = (a.peek(), b.peek()) {
        match first.cmp(second) {
            Ordering::Less => drop(a.next()),
            Ordering::Greater => drop(b.next()),
            Ordering::Equal => {
                sum += weight;
                a.next();
                b.next();
            }
        }
    }
    sum
}

/// The sentences of a block.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split_inclusive(['。', '！', '？', '!', '?', '\n']);
    parts.flat_map(|part| part.split_inclusive(". "))
}

/// What tells a sentence from another: its longer words, and pairs of ideographs; in order, each once.
fn grams(sentence: &str) -> Vec<u64> {
    let mut before = None;
    let mut grams: Vec<u64> = words(sentence)
        .filter_map(|word| {
            let ideograph = word.chars().next().filter(|c| is_han(*c));
            let pair = before.zip(ideograph);
            before = ideograph;
            match ideograph {
                Some(_) => pair.map(|(first, second)| hash([first, second].into_iter())),
                None => stem(word),
            }
        })
        .collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// The start of a word that is no short one, hashed.
fn stem(word: &str) -> Option<u64> {
    if word.is_ascii() {
        let stem = word.bytes().take(STEM).map(|b| char::from(b.to_ascii_lowercase()));
        return (word.len() > SHORT_WORD).then(|| hash(stem));
    }
    word.chars().nth(SHORT_WORD).map(|_| hash(word.chars().flat_map(char::to_lowercase).take(STEM)))
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

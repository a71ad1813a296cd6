//! The tables of words, compiled: which rule holds for a block.

use super::key::{Key, simplified, start_of};
use super::rules::{At, Place, Rule};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::HashMap;

/// A table of rules, arranged for looking up.
#[derive(Debug)]
pub(super) struct Index {
    rules: &'static [Rule],
    /// Words at a block's start and whole blocks, by first character.
    first: HashMap<char, Vec<Entry>>,
    /// The first three characters of such words: bits by [`start_number`].
    starts: [u64; STARTS / 64],
    /// Words at a block's end, by last character.
    last: HashMap<char, Vec<Entry>>,
    /// These last characters.
    ends: Vec<char>,
    /// Words anywhere in a block, and the rule of each; none if the table is too big to be compiled.
    inside: Option<AhoCorasick>,
    inside_rules: Vec<usize>,
    /// Blocks of more bytes are not searched for words inside.
    inside_longest: usize,
    /// The longest block that a word at the end is looked for in, bytes.
    last_bytes: usize,
}

#[derive(Debug)]
struct Entry {
    word: &'static str,
    rule: usize,
}

/// Most bytes of a character.
const WIDEST: usize = 4;

/// Starts of words that are told apart.
const STARTS: usize = 1 << 14;

impl Index {
    pub(super) fn of(rules: &'static [Rule]) -> Self {
        let mut index = Self {
            rules,
            first: HashMap::new(),
            starts: [0; STARTS / 64],
            last: HashMap::new(),
            ends: Vec::new(),
            inside: None,
            inside_rules: Vec::new(),
            inside_longest: 0,
            last_bytes: 0,
        };
        let mut inside = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            for word in rule.words {
                index.add(at, rule, word, &mut inside);
            }
        }
        let builder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(inside);
        let ends = index.last.keys().copied().collect();
        Self { inside: builder.ok(), ends, ..index }
    }

    fn add(&mut self, at: usize, rule: &Rule, word: &'static str, inside: &mut Vec<String>) {
        let entry = Entry { word, rule: at };
        match rule.at {
            At::Whole | At::Start => {
                let start = start_of(word);
                let number = start_number(start);
                if let Some(bits) = self.starts.get_mut(number / 64) {
                    *bits |= 1 << (number % 64);
                }
                self.first.entry(start[0]).or_default().push(entry);
            }
            At::End => {
                self.last_bytes = self.last_bytes.max(rule.longest * WIDEST);
                self.last.entry(word.chars().last().unwrap_or_default()).or_default().push(entry);
            }
            At::Inside | At::Number(_) => {
                self.inside_longest = self.inside_longest.max(rule.longest);
                for form in forms(word) {
                    inside.push(form);
                    self.inside_rules.push(at);
                }
            }
        }
    }

    /// The first rule of the table that holds for a block; `key` is memory for its normal form.
    pub(super) fn find(&self, text: &str, key: &mut Key, place: Place) -> Option<&'static Rule> {
        let mut best = usize::MAX;
        let mut hit = |rule: usize| {
            let known = self.rules.get(rule).filter(|_| rule < best);
            if known.is_some_and(|known| place.has(known.place) && is_within(text, known.longest)) {
                best = rule;
            }
        };
        if self.may_start(key.peek(text)) || self.may_end(text) {
            key.read(text);
            self.find_outside(key, &mut hit);
        }
        if let Some(inside) = self.inside.as_ref().filter(|_| is_within(text, self.inside_longest)) {
            self.find_inside(inside, text, &mut hit);
        }
        self.rules.get(best)
    }

    /// Whether a word starts with these characters, or is the first or the first two of them.
    fn may_start(&self, [first, second, third]: [char; 3]) -> bool {
        let has = |start| {
            let number = start_number(start);
            self.starts.get(number / 64).is_some_and(|bits| bits & (1 << (number % 64)) != 0)
        };
        has([first, second, third]) || has([first, second, ' ']) || has([first, ' ', ' '])
    }

    fn may_end(&self, text: &str) -> bool {
        let last = || text.chars().rev().find(|c| c.is_alphanumeric());
        text.len() <= self.last_bytes
            && last().is_some_and(|c| self.ends.contains(&simplified(c.to_ascii_lowercase())))
    }

    fn find_outside(&self, key: &Key, hit: &mut impl FnMut(usize)) {
        let (start, whole) = (key.text(), key.whole());
        for entry in entries(&self.first, start.chars().next()) {
            let holds = match self.rules.get(entry.rule).map(|rule| rule.at) {
                Some(At::Whole) => whole == Some(entry.word),
                _ => start.starts_with(entry.word),
            };
            if holds {
                hit(entry.rule);
            }
        }
        let Some(whole) = whole else { return };
        let ending = entries(&self.last, whole.chars().last());
        ending.iter().filter(|entry| whole.ends_with(entry.word)).for_each(|entry| hit(entry.rule));
    }

    fn find_inside(&self, inside: &AhoCorasick, text: &str, hit: &mut impl FnMut(usize)) {
        for found in inside.find_iter(text) {
            let Some(rule) = self.inside_rules.get(found.pattern().as_usize()) else { continue };
            let rest = text.as_bytes().get(found.end()..).unwrap_or_default();
            match self.rules.get(*rule).map(|rule| rule.at) {
                Some(At::Number(within)) if !has_number(rest, within) => {}
                _ => hit(*rule),
            }
        }
    }
}

/// The number of a word's first characters; different ones may share a number.
fn start_number([first, second, third]: [char; 3]) -> usize {
    let mixed = (first as u32).wrapping_mul(0x9e37_79b1)
        ^ (second as u32).wrapping_mul(0x85eb_ca6b)
        ^ (third as u32).wrapping_mul(0xc2b2_ae35);
    (mixed >> 16) as usize % STARTS
}

/// A word as it stands in texts: as listed, in capitals, with a capital at its start or at each part's.
fn forms(word: &str) -> Vec<String> {
    let mut capital = true;
    let title: String = word
        .chars()
        .map(|c| {
            let own = if capital { c.to_ascii_uppercase() } else { c };
            capital = c == ' ';
            own
        })
        .collect();
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    let sentence = first.into_iter().chain(chars).collect();
    let mut forms = vec![word.to_owned(), word.to_ascii_uppercase(), title, sentence];
    forms.sort();
    forms.dedup();
    forms
}

fn entries(table: &HashMap<char, Vec<Entry>>, c: Option<char>) -> &[Entry] {
    c.and_then(|c| table.get(&c)).map_or(&[], Vec::as_slice)
}

/// Whether a text has at most so many characters.
fn is_within(text: &str, longest: usize) -> bool {
    text.len() <= longest || text.len() <= longest * WIDEST && text.chars().count() <= longest
}

fn has_number(rest: &[u8], within: usize) -> bool {
    rest.iter().take(within).any(u8::is_ascii_digit)
}

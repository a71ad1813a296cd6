//! A table of phrases, compiled: which of them holds for a text.

use super::key::{Key, start_of};
use super::normal::simplified;
use super::phrases::{At, Phrase, Place};
use super::search::Forms;
use rustc_hash::FxHashMap;

/// Phrases, arranged for looking up. They are named by their place in the list.
#[derive(Debug)]
pub(crate) struct Matcher {
    /// The first that counts stands first.
    phrases: Vec<Phrase>,
    /// Phrases at a text's start and whole texts, by first character.
    first: FxHashMap<char, Vec<usize>>,
    /// The first three characters of such phrases: bits by [`start_number`].
    starts: [u64; STARTS / 64],
    /// Phrases at a text's end, by last character.
    last: FxHashMap<char, Vec<usize>>,
    /// These last characters.
    ends: Vec<char>,
    /// Forms of phrases anywhere in a text, and the phrase of each.
    anywhere: Forms,
    of_form: Vec<usize>,
    /// The longest text that is searched for phrases anywhere, characters.
    longest: usize,
    /// The longest text at whose end phrases are looked for, bytes.
    last_bytes: usize,
}

/// Most bytes of a character.
const WIDEST: usize = 4;

/// Starts of phrases that are told apart.
const STARTS: usize = 1 << 14;

impl Matcher {
    pub(super) fn of(mut phrases: Vec<Phrase>) -> Self {
        phrases.sort_by_key(|phrase| phrase.rank);
        let mut matcher = Self {
            phrases: Vec::new(),
            first: FxHashMap::default(),
            starts: [0; STARTS / 64],
            last: FxHashMap::default(),
            ends: Vec::new(),
            anywhere: Forms::as_written::<&str>([]),
            of_form: Vec::new(),
            longest: 0,
            last_bytes: 0,
        };
        let mut forms = Vec::new();
        for (number, phrase) in phrases.iter().enumerate() {
            matcher.add(number, phrase, &mut forms);
        }
        let ends = matcher.last.keys().copied().collect();
        Self { phrases, anywhere: Forms::as_written(forms), ends, ..matcher }
    }

    fn add(&mut self, number: usize, phrase: &Phrase, all: &mut Vec<String>) {
        match phrase.at {
            At::Whole | At::Start => {
                let start = start_of(phrase.text);
                let bit = start_number(start);
                if let Some(bits) = self.starts.get_mut(bit / 64) {
                    *bits |= 1 << (bit % 64);
                }
                self.first.entry(start[0]).or_default().push(number);
            }
            At::End => {
                self.last_bytes = self.last_bytes.max(phrase.longest * WIDEST);
                self.last.entry(phrase.text.chars().last().unwrap_or_default()).or_default().push(number);
            }
            At::Anywhere | At::Digit(_) => {
                self.longest = self.longest.max(phrase.longest);
                for form in forms(phrase.text) {
                    all.push(form);
                    self.of_form.push(number);
                }
            }
        }
    }

    /// The phrase of the lowest rank that holds for a text; `key` is memory for its normal form.
    pub(crate) fn find(&self, text: &str, key: &mut Key, place: Place) -> Option<&Phrase> {
        let mut best = usize::MAX;
        let mut hit = |number: usize| {
            let phrase = self.phrases.get(number).filter(|_| number < best);
            if phrase.is_some_and(|phrase| place.has(phrase.place) && is_within(text, phrase.longest)) {
                best = number;
            }
        };
        if self.may_start(key.peek(text)) || self.may_end(text) {
            key.read(text);
            self.find_outside(key, &mut hit);
        }
        if is_within(text, self.longest) {
            self.find_anywhere(text, &mut hit);
        }
        self.phrases.get(best)
    }

    /// Whether a phrase starts with these characters, or is the first or the first two of them.
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
        for (number, phrase) in self.numbered(&self.first, start.chars().next()) {
            let holds = match phrase.at {
                At::Whole => whole == Some(phrase.text),
                _ => start.starts_with(phrase.text),
            };
            if holds {
                hit(number);
            }
        }
        let Some(whole) = whole else { return };
        let ending = self.numbered(&self.last, whole.chars().last());
        ending.filter(|(_, phrase)| whole.ends_with(phrase.text)).for_each(|(number, _)| hit(number));
    }

    fn find_anywhere(&self, text: &str, hit: &mut impl FnMut(usize)) {
        for found in self.anywhere.longest(text) {
            let Some(number) = self.of_form.get(found.form) else { continue };
            let rest = text.as_bytes().get(found.end..).unwrap_or_default();
            match self.phrases.get(*number).map(|phrase| phrase.at) {
                Some(At::Digit(within)) if !has_digit(rest, within) => {}
                _ => hit(*number),
            }
        }
    }

    /// The phrases that a table has for a character, with their numbers.
    fn numbered<'m>(
        &'m self,
        table: &'m FxHashMap<char, Vec<usize>>,
        c: Option<char>,
    ) -> impl Iterator<Item = (usize, &'m Phrase)> {
        let numbers = c.and_then(|c| table.get(&c)).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(|number| Some((*number, self.phrases.get(*number)?)))
    }
}

/// The bit of a phrase's first characters; different ones may share a bit.
fn start_number([first, second, third]: [char; 3]) -> usize {
    let mixed = (first as u32).wrapping_mul(0x9e37_79b1)
        ^ (second as u32).wrapping_mul(0x85eb_ca6b)
        ^ (third as u32).wrapping_mul(0xc2b2_ae35);
    (mixed >> 16) as usize % STARTS
}

/// A phrase as it stands in texts: as listed, in capitals, with a capital at its start or at each part's.
pub(super) fn forms(word: &str) -> Vec<String> {
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

/// Whether a text has at most so many characters.
fn is_within(text: &str, longest: usize) -> bool {
    text.len() <= longest || text.len() <= longest * WIDEST && text.chars().count() <= longest
}

fn has_digit(rest: &[u8], within: usize) -> bool {
    rest.iter().take(within).any(u8::is_ascii_digit)
}

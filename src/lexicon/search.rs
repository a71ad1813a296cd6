//! Phrases in a text, each wherever it stands.

use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::ops::Range;

/// Phrases, arranged to be found wherever they stand.
///
/// Hardly any place of a text starts a phrase of a table, and one bit for the first four bytes there says so. An automaton
/// looks at each byte as well, in a table that leaves the cache for every text, and takes longer to be made than all tables
/// take to be read; the tests compare with one.
#[derive(Debug)]
pub(crate) struct Forms {
    list: Vec<Form>,
    /// Where in the list those of a key stand.
    of_key: FxHashMap<u32, Range<usize>>,
    /// By first byte: [`LONG`] and [`SHORT`] forms.
    first: [u8; 256],
    /// Bits of the keys of long forms.
    seen: Box<[u64]>,
    /// Whether ASCII letters are the same in capitals.
    any_case: bool,
}

#[derive(Debug)]
struct Form {
    key: u32,
    text: Box<[u8]>,
    /// Its place in the list that was given.
    number: usize,
}

/// A place of a form in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The form's place in the list that was given.
    pub(crate) form: usize,
    /// Bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Bytes of a key; shorter forms are keys as a whole.
const KEY: usize = 4;
/// Keys that are told apart by bits: 4 KiB, of which the largest table sets a fortieth.
const BITS: u32 = 15;
/// Makes ASCII letters small in each byte of a key; whether other signs are the same is compared afterwards.
const SMALL: u32 = 0x2020_2020;
/// A form with this first byte has [`KEY`] bytes or more…
const LONG: u8 = 1;
/// …or fewer.
const SHORT: u8 = 2;

impl Forms {
    /// Of forms that are the same in capitals.
    pub(crate) fn of_any_case<T: AsRef<str>>(forms: impl IntoIterator<Item = T>) -> Self {
        Self::new(forms, true)
    }

    /// Of forms that are found as they are written.
    pub(crate) fn as_written<T: AsRef<str>>(forms: impl IntoIterator<Item = T>) -> Self {
        Self::new(forms, false)
    }

    fn new<T: AsRef<str>>(forms: impl IntoIterator<Item = T>, any_case: bool) -> Self {
        let form = |(number, form): (usize, T)| {
            let text: Box<[u8]> = form.as_ref().as_bytes().into();
            Form { key: key(&text, 0) & mask(text.len()), text, number }
        };
        let forms = forms.into_iter().enumerate().map(form);
        let mut list: Vec<Form> = forms.filter(|form| !form.text.is_empty()).collect();
        // those of a key together, the longest first
        list.sort_by_key(|form| (form.key, Reverse(form.text.len())));
        let (of_key, seen) = (FxHashMap::default(), vec![0; (1 << BITS) / u64::BITS as usize].into());
        let mut forms = Self { list: Vec::new(), of_key, first: [0; 256], seen, any_case };
        list.iter().enumerate().for_each(|(at, form)| forms.note(at, form));
        Self { list, ..forms }
    }

    fn note(&mut self, at: usize, form: &Form) {
        self.of_key.entry(form.key).or_insert(at..at).end = at + 1;
        let length = if form.text.len() < KEY { SHORT } else { LONG };
        let first = form.text.first().copied().unwrap_or_default();
        for first in [first.to_ascii_lowercase(), first.to_ascii_uppercase()] {
            if let Some(lengths) = self.first.get_mut(usize::from(first)) {
                *lengths |= length;
            }
        }
        let (word, bit) = bit(form.key);
        if let Some(word) = self.seen.get_mut(word).filter(|_| length == LONG) {
            *word |= bit;
        }
    }

    /// All places of all forms, by where they start, the longest first.
    pub(crate) fn all<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Found> + 'a {
        let (text, mut from) = (text.as_bytes(), 0);
        let places = std::iter::from_fn(move || {
            let at = self.next(text, from)?;
            from = at + 1;
            Some(at)
        });
        places.flat_map(move |at| self.at(text, at))
    }

    /// The places of the longest forms from the left that do not overlap.
    pub(crate) fn longest<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Found> + 'a {
        let (text, mut from) = (text.as_bytes(), 0);
        std::iter::from_fn(move || {
            loop {
                let at = self.next(text, from)?;
                let found = self.at(text, at).next();
                from = found.map_or(at + 1, |found| found.end);
                if found.is_some() {
                    return found;
                }
            }
        })
    }

    /// The next place from here on where a form may start.
    fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let may_start = |(at, first): (usize, &u8)| match self.first.get(usize::from(*first)) {
            None | Some(0) => false,
            Some(&LONG) => {
                let (word, bit) = bit(key(rest, at));
                self.seen.get(word).is_some_and(|word| word & bit != 0)
            }
            Some(_) => true,
        };
        rest.iter().enumerate().position(may_start).map(|at| from + at)
    }

    /// The forms that start at a place, the longest first.
    fn at<'a>(&'a self, text: &'a [u8], at: usize) -> impl Iterator<Item = Found> + 'a {
        let key = key(text, at);
        let range = move |length| self.of_key.get(&(key & mask(length))).cloned();
        let forms = (1..=KEY).rev().filter_map(range).filter_map(|range| self.list.get(range)).flatten();
        forms.filter_map(move |form| {
            let end = at + form.text.len();
            let there = text.get(at..end)?;
            let holds =
                if self.any_case { there.eq_ignore_ascii_case(&form.text) } else { *there == *form.text };
            holds.then_some(Found { form: form.number, start: at, end })
        })
    }
}

/// The word of a key's bit, and the bit in it.
fn bit(key: u32) -> (usize, u64) {
    let place = key.wrapping_mul(0x9e37_79b1) >> (u32::BITS - BITS);
    ((place / u64::BITS) as usize, 1 << (place % u64::BITS))
}

/// The bytes of a key of this length. No byte of a form that is small is zero, so keys of two lengths differ.
fn mask(length: usize) -> u32 {
    if length >= KEY { u32::MAX } else { (1 << (8 * length)) - 1 }
}

/// The first bytes at a place, the first one lowest; blanks behind the end.
fn key(text: &[u8], at: usize) -> u32 {
    let whole = text.get(at..at + KEY).and_then(|bytes| bytes.try_into().ok());
    let bytes = whole.unwrap_or_else(|| {
        let mut bytes = [0; KEY];
        let rest = text.get(at..).unwrap_or_default();
        bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        bytes
    });
    u32::from_le_bytes(bytes) | SMALL
}

/// Whether no Latin letter stands beside a place.
pub(super) fn is_apart(text: &str, found: &Found) -> bool {
    let is_letter =
        |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_alphabetic);
    !is_letter(found.start.checked_sub(1)) && !is_letter(Some(found.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aho_corasick::{AhoCorasick, Match, MatchKind};

    const FORMS: [&str; 12] =
        ["bet", "Better", "$", "£", "加微", "加微信", "微信", "a", "xxx", "no dep", "no", "1\u{0}"];
    const TEXTS: [&str; 8] = [
        "",
        "No deposit: $5 or £5, bet on the BETTER one",
        "加微信领福利，加微",
        "xxxx a",
        "1",
        "A no depot",
        "be",
        "ＡA加",
    ];

    fn place(found: Match) -> Found {
        Found { form: found.pattern().as_usize(), start: found.start(), end: found.end() }
    }

    #[test]
    fn all_places_are_those_that_an_automaton_finds() {
        for any_case in [false, true] {
            let automaton = AhoCorasick::builder().ascii_case_insensitive(any_case).build(FORMS).unwrap();
            let forms = Forms::new(FORMS, any_case);
            for text in TEXTS {
                let mut expected: Vec<Found> = automaton.find_overlapping_iter(text).map(place).collect();
                expected.sort_by_key(|found| (found.start, Reverse(found.end)));
                assert_eq!(forms.all(text).collect::<Vec<_>>(), expected, "{text}");
            }
        }
    }

    #[test]
    fn the_longest_places_are_those_that_an_automaton_finds() {
        for any_case in [false, true] {
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(any_case)
                .match_kind(MatchKind::LeftmostLongest)
                .build(FORMS)
                .unwrap();
            let forms = Forms::new(FORMS, any_case);
            for text in TEXTS {
                let expected: Vec<Found> = automaton.find_iter(text).map(place).collect();
                assert_eq!(forms.longest(text).collect::<Vec<_>>(), expected, "{text}");
            }
        }
    }
}

//! The tables of words, compiled: which rule holds for a block.

use super::key::Key;
use super::rules::{At, Place, Rule};
use aho_corasick::AhoCorasick;
use std::collections::HashMap;

/// A table of rules, arranged for looking up.
#[derive(Debug)]
pub(super) struct Index {
    rules: &'static [Rule],
    /// Words at a block's start and whole blocks, by first character.
    first: HashMap<char, Vec<Entry>>,
    /// Words at a block's end, by last character.
    last: HashMap<char, Vec<Entry>>,
    /// Words anywhere in a block, and the rule of each; none if the table is too big to be compiled.
    inside: Option<AhoCorasick>,
    inside_rules: Vec<usize>,
    /// Blocks of more bytes are not searched for words inside.
    inside_bytes: usize,
}

#[derive(Debug)]
struct Entry {
    word: &'static str,
    rule: usize,
}

/// Most bytes of a character.
const WIDEST: usize = 4;

impl Index {
    pub(super) fn of(rules: &'static [Rule]) -> Self {
        let (mut first, mut last): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        let (mut inside_words, mut inside_rules, mut inside_bytes) = (Vec::new(), Vec::new(), 0);
        for (at, rule) in rules.iter().enumerate() {
            for word in rule.words {
                let entry = Entry { word, rule: at };
                match rule.at {
                    At::Whole | At::Start => {
                        first.entry(word.chars().next().unwrap_or_default()).or_default().push(entry);
                    }
                    At::End => last.entry(word.chars().last().unwrap_or_default()).or_default().push(entry),
                    At::Inside | At::Number(_) => {
                        inside_words.push(word);
                        inside_rules.push(at);
                        inside_bytes = inside_bytes.max(rule.longest * WIDEST);
                    }
                }
            }
        }
        let inside = AhoCorasick::builder().ascii_case_insensitive(true).build(inside_words).ok();
        Self { rules, first, last, inside, inside_rules, inside_bytes }
    }

    /// The first rule of the table that holds for a block.
    pub(super) fn find(&self, text: &str, key: &Key, place: Place) -> Option<&'static Rule> {
        let mut best = usize::MAX;
        let mut hit = |rule: usize| {
            let known = self.rules.get(rule).filter(|_| rule < best);
            if known.is_some_and(|known| place.has(known.place) && is_within(text, known.longest)) {
                best = rule;
            }
        };
        let (start, whole) = (key.text(), key.whole());
        for entry in entries(&self.first, start.chars().next()) {
            let rule_at = self.rules.get(entry.rule).map(|rule| rule.at);
            let holds = match rule_at {
                Some(At::Whole) => whole == Some(entry.word),
                _ => start.starts_with(entry.word),
            };
            if holds {
                hit(entry.rule);
            }
        }
        if let Some(whole) = whole {
            let ending = entries(&self.last, whole.chars().last());
            ending.iter().filter(|entry| whole.ends_with(entry.word)).for_each(|entry| hit(entry.rule));
        }
        if let Some(inside) = self.inside.as_ref().filter(|_| text.len() <= self.inside_bytes) {
            self.find_inside(inside, text, &mut hit);
        }
        self.rules.get(best)
    }

    fn find_inside(&self, inside: &AhoCorasick, text: &str, hit: &mut impl FnMut(usize)) {
        for found in inside.find_overlapping_iter(text) {
            let Some(rule) = self.inside_rules.get(found.pattern().as_usize()) else { continue };
            let rest = text.as_bytes().get(found.end()..).unwrap_or_default();
            match self.rules.get(*rule).map(|rule| rule.at) {
                Some(At::Number(within)) if !has_number(rest, within) => {}
                _ => hit(*rule),
            }
        }
    }
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

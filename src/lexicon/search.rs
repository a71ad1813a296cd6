//! Phrases in a text, each wherever it stands.

use aho_corasick::{AhoCorasick, Match};

/// All places of the forms in a text, those that overlap among them.
pub(super) fn overlapping<'a>(forms: &'a AhoCorasick, text: &'a str) -> impl Iterator<Item = Match> + 'a {
    // most texts have none, and that costs a third of looking for all that overlap
    let text = if forms.is_match(text) { text } else { "" };
    forms.find_overlapping_iter(text)
}

/// Whether no Latin letter stands beside a place.
pub(super) fn is_apart(text: &str, found: &Match) -> bool {
    let is_letter =
        |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_alphabetic);
    !is_letter(found.start().checked_sub(1)) && !is_letter(Some(found.end()))
}

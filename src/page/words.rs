//! What a word is, for counting: in Chinese and Japanese a character, else a run of letters and digits.
//!
//! A word is one Han ideograph, one kana, or the longest run of letters, digits and `_` between them. Letters
//! and digits are Python's `\w` (Unicode's L and N categories), so that figures compare with the published
//! scorers of the field; Rust's `char::is_alphanumeric` also has combining vowel signs and circled letters.

pub use crate::lexicon::is_han;
use unicode_general_category::{GeneralCategory, get_general_category};

/// The words of `text`, in order, as they are written.
///
/// ```
/// use pagesieve::page::words::words;
/// assert_eq!(words("Rust 1.91 很快").collect::<Vec<_>>(), ["Rust", "1", "91", "很", "快"]);
/// ```
pub fn words(text: &str) -> Words<'_> {
    Words { rest: text }
}

/// Iterator over the words of a text; [`words`] makes it.
#[derive(Debug, Clone)]
pub struct Words<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let start = position(self.rest, true)?;
        let (_, from) = self.rest.split_at_checked(start)?;
        let first = from.chars().next()?;
        let end = if is_cjk(first) { first.len_utf8() } else { position(from, false).unwrap_or(from.len()) };
        let (word, rest) = from.split_at_checked(end)?;
        self.rest = rest;
        Some(word)
    }

    fn count(self) -> usize {
        let (mut count, mut within) = (0, false);
        for c in self.rest.chars() {
            let is_whole = is_cjk(c);
            let goes_on = !is_whole && is_word_char(c);
            count += usize::from(is_whole || goes_on && !within);
            within = goes_on;
        }
        count
    }
}

/// Which ASCII characters may stand in a word.
#[expect(clippy::indexing_slicing, reason = "only the compiler evaluates it")]
const IN_WORD: [bool; 128] = {
    let mut table = [false; 128];
    let mut at = 0;
    while at < table.len() {
        table[at] = (at as u8).is_ascii_alphanumeric() || at as u8 == b'_';
        at += 1;
    }
    table
};

/// Where the first character stands that may be in a word of letters and digits, or that may not; a character that is a word
/// of its own counts as both.
fn position(text: &str, in_word: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        match IN_WORD.get(usize::from(*text.as_bytes().get(at)?)) {
            Some(found) if *found == in_word => return Some(at),
            Some(_) => at += 1,
            None => {
                let c = text.get(at..)?.chars().next()?;
                if is_cjk(c) || is_word_char(c) == in_word {
                    return Some(at);
                }
                at += c.len_utf8();
            }
        }
    }
}

/// Whether `c` is a word of its own: a Han ideograph, a kana, `々` or `〇`.
pub fn is_cjk(c: char) -> bool {
    c >= '\u{3005}'
        && (is_han(c)
            || matches!(u32::from(c),
                0x3005 | 0x3007 | 0x3041..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x31F0..=0x31FF))
}

/// Whether `c` may stand in a word of letters and digits.
pub fn is_word_char(c: char) -> bool {
    match IN_WORD.get(c as usize) {
        Some(found) => *found,
        None => c.is_alphanumeric() && (c < FIRST_MARK || !is_sign(c)),
    }
}

/// No combining sign, and no symbol in place of a letter, stands before it in Unicode.
const FIRST_MARK: char = '\u{300}';

/// Whether `c`, which Unicode calls alphabetic, is a combining sign or a symbol in place of a letter.
fn is_sign(c: char) -> bool {
    use GeneralCategory::{NonspacingMark, OtherSymbol, SpacingMark};
    matches!(get_general_category(c), NonspacingMark | SpacingMark | OtherSymbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<&str> {
        words(text).collect()
    }

    #[test]
    fn han_and_kana_are_words_of_their_own() {
        assert_eq!(list("第3章「テスト」"), ["第", "3", "章", "テ", "ス", "ト"]);
        assert_eq!(list("人々・〇"), ["人", "々", "〇"]);
    }

    #[test]
    fn runs_of_letters_digits_and_underscores_are_words() {
        assert_eq!(
            list(" don't snake_case x86-64 ½ naïve "),
            ["don", "t", "snake_case", "x86", "64", "½", "naïve"]
        );
    }

    #[test]
    fn combining_signs_and_circled_letters_split_words_as_in_python() {
        assert_eq!(list("हिन्दी"), ["ह", "न", "द"]);
        assert_eq!(list("aⒶb e\u{301}a"), ["a", "b", "e", "a"]);
    }

    #[test]
    fn words_are_counted_as_they_are_listed() {
        for text in ["", " don't snake_case ½ naïve", "第3章「テスト」x々y", "हिन्दी aⒶb e\u{301}a_ — ª"]
        {
            assert_eq!(words(text).count(), list(text).len(), "{text}");
        }
    }

    #[test]
    fn a_text_without_words_has_none() {
        assert_eq!(list("").len() + list(" —，。\u{3000}!?\n").len(), 0);
    }
}

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
}

/// Where the first character stands that may be in a word of letters and digits, or that may not; a character that is a word
/// of its own counts as both.
fn position(text: &str, in_word: bool) -> Option<usize> {
    let at = text.bytes().position(|b| !b.is_ascii() || is_word_char(char::from(b)) == in_word)?;
    let (_, rest) = text.split_at_checked(at)?;
    rest.find(|c| is_cjk(c) || is_word_char(c) == in_word).map(|found| at + found)
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
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { c.is_alphanumeric() && !is_sign(c) }
}

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
    fn a_text_without_words_has_none() {
        assert_eq!(list("").len() + list(" —，。\u{3000}!?\n").len(), 0);
    }
}

//! Texts → a hash for each run of three words.
//!
//! The hash of a word is XXH3 of its UTF-8, that of a run XXH3 of its words' hashes, least significant byte first. A text of one
//! or two words is one run. Three words are what the field's filters of copies take at the least: of two, function words make
//! many that unrelated texts share, and of five a changed word costs five.

use crate::lexicon::plain;
use crate::page::words::{is_cjk, is_word_char};
use xxhash_rust::xxh3::xxh3_64;

/// Words of a run.
const RUN: usize = 3;

/// Calls `each` with the hash of every run of words of the texts, which are read as one.
pub(super) fn shingles<'t>(texts: impl IntoIterator<Item = &'t str>, each: impl FnMut(u64)) {
    let mut reader = Reader { word: Vec::new(), last: [0; RUN], words: 0, each };
    for text in texts {
        for c in text.chars() {
            if c.is_ascii() {
                reader.push(c.to_ascii_lowercase());
            } else {
                plain(c, &mut |c| reader.push(c));
            }
        }
        reader.end_word();
    }
    reader.finish();
}

struct Reader<F> {
    /// The word that is being read.
    word: Vec<u8>,
    /// Hashes of the last words, the newest last.
    last: [u64; RUN],
    words: usize,
    each: F,
}

impl<F: FnMut(u64)> Reader<F> {
    fn push(&mut self, c: char) {
        if is_cjk(c) {
            self.end_word();
            self.add(c);
            self.end_word();
        } else if is_word_char(c) {
            self.add(c);
        } else {
            self.end_word();
        }
    }

    fn add(&mut self, c: char) {
        match c {
            '\0'..='\x7f' => self.word.push(c as u8),
            _ => self.word.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let [_, second, third] = self.last;
        self.last = [second, third, xxh3_64(&self.word)];
        self.word.clear();
        self.words += 1;
        if self.words >= RUN {
            self.give();
        }
    }

    fn give(&mut self) {
        let mut bytes = [0; 8 * RUN];
        for (to, hash) in bytes.chunks_exact_mut(8).zip(self.last) {
            to.copy_from_slice(&hash.to_le_bytes());
        }
        (self.each)(xxh3_64(&bytes));
    }

    fn finish(&mut self) {
        if (1..RUN).contains(&self.words) {
            self.give();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(texts: &[&str]) -> Vec<u64> {
        let mut runs = Vec::new();
        shingles(texts.iter().copied(), |run| runs.push(run));
        runs
    }

    #[test]
    fn each_three_words_in_a_row_are_a_run_across_blocks() {
        assert_eq!(runs(&["The ferry sails", "at noon."]), runs(&["the FERRY, sails at — noon"]));
        assert_eq!(runs(&["the ferry sails at noon"]).len(), 3);
        assert_ne!(runs(&["the ferry sails"]), runs(&["ferry the sails"]));
        assert_eq!(runs(&["渡輪在中午開出"]).len(), 5);
    }

    #[test]
    fn plain_characters_and_their_decorated_forms_are_the_same() {
        assert_eq!(runs(&["Ｆｅｒｒｙ ｃａｆé\u{301} 渡輪"]), runs(&["ferry cafe 渡轮"]));
        assert_ne!(runs(&["12 knots tonight"]), runs(&["14 knots tonight"]));
    }

    #[test]
    fn a_text_of_few_words_is_one_run_and_one_of_none_has_none() {
        assert_eq!(
            (runs(&["Hello"]).len(), runs(&["Hello", "you"]).len(), runs(&["—", ""]).len()),
            (1, 1, 0)
        );
        assert_ne!(runs(&["Hello"]), runs(&["Hello you"]));
    }
}

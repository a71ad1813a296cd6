//! Where sentences end: in a word, which is a run without white space, and at its end.
//!
//! Two marks are told apart. A full one (。！？ and those of other scripts) ends a sentence wherever it stands; a
//! plain one (. ! ?) also stands in numbers, addresses and abbreviations, and what follows must look like a start.
//! The segmentation of Unicode (UAX 29) knows no abbreviations, and its crate takes quadratic time on a page of
//! brackets.

use crate::page::width::is_wide;
use unicode_general_category::{GeneralCategory, get_general_category};

const FULL: &str = "。！？｡।॥۔؟።។။";

/// Words that end in a dot without ending a sentence, in lower case; longer ones are no abbreviations.
const ABBREVIATIONS: &str = "mr mrs ms dr prof st vs etc no vol fig jr sr inc ltd co corp dept est approx jan feb mar apr jun jul aug \
sep sept oct nov dec gen col lt sgt rev hon bzw ca usw nr str tel";
const LONGEST: usize = 6;

/// A mark that may end a sentence, with the quotes and brackets behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Full,
    Plain,
}

/// The places in a word, in bytes, at which a sentence starts, and the mark at its end.
pub(super) fn ends(word: &str) -> (Vec<usize>, Option<End>) {
    let (mut starts, mut end, mut before, mut last) = (Vec::new(), None, ' ', ' ');
    let is_link = word.contains(['/', '@']);
    for (at, c) in word.char_indices() {
        if FULL.contains(c) {
            end = Some(End::Full);
        } else if matches!(c, '.' | '!' | '?') {
            if end.is_none() {
                (end, before) = (Some(End::Plain), last);
            }
        } else if !is_closing(c) {
            let starts_here = match end.take() {
                Some(End::Full) => true,
                Some(End::Plain) if is_wide(c) => is_wide(before),
                Some(End::Plain) => before.is_lowercase() && c.is_uppercase() && !is_link,
                None => false,
            };
            starts.extend(starts_here.then_some(at));
        }
        last = c;
    }
    (starts, end.filter(|end| *end == End::Full || !is_abbreviation(word)))
}

/// Whether a sentence can start with the word, behind a plain mark.
pub(super) fn can_start(word: &str) -> bool {
    !word.trim_start_matches(is_opening).starts_with(char::is_lowercase)
}

/// Whether the dot at a word's end is that of an ellipsis, an abbreviation, an initial, or a number of a list.
fn is_abbreviation(word: &str) -> bool {
    let Some(stem) = word.trim_end_matches(is_closing).strip_suffix('.') else { return false };
    let stem = stem.trim_start_matches(is_opening);
    let is_number = stem.len() <= 2 && stem.bytes().all(|byte| byte.is_ascii_digit());
    let is_initial = stem.chars().nth(1).is_none() && !stem.starts_with(is_wide);
    let is_known =
        stem.len() <= LONGEST && ABBREVIATIONS.split(' ').any(|known| known.eq_ignore_ascii_case(stem));
    is_number || is_initial || is_known || stem.contains('.')
}

fn is_closing(c: char) -> bool {
    use GeneralCategory::{ClosePunctuation, FinalPunctuation};
    matches!(c, '"' | '\'') || matches!(get_general_category(c), ClosePunctuation | FinalPunctuation)
}

fn is_opening(c: char) -> bool {
    use GeneralCategory::{InitialPunctuation, OpenPunctuation};
    matches!(c, '"' | '\'') || matches!(get_general_category(c), OpenPunctuation | InitialPunctuation)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The word with a bar at each start of a sentence.
    fn cut(word: &str) -> String {
        let (mut text, mut from) = (String::new(), 0);
        for start in ends(word).0 {
            text.extend([word.get(from..start).unwrap(), "|"]);
            from = start;
        }
        text + word.get(from..).unwrap()
    }

    #[test]
    fn full_marks_end_a_sentence_anywhere_with_the_quotes_behind_them() {
        for expected in
            ["天晴了。|他说：“走吧！”|我们走。", "真的？！|是。", "好!|走", "end.|The", "(天。)|好"]
        {
            assert_eq!(cut(&expected.replace('|', "")), expected);
        }
    }

    #[test]
    fn numbers_addresses_and_ellipses_are_no_ends() {
        for word in [
            "3.5",
            "第3.5章",
            "1.定期",
            "https://a.example/Path.Name?Q=A",
            "U.S.A",
            "Node.js",
            "等等……他",
            "wait...no",
        ] {
            assert_eq!(cut(word), word);
        }
    }

    #[test]
    fn a_word_ends_a_sentence_unless_its_dot_is_another() {
        for word in ["end.", "end.”", "(end!)", "2010.", "了.", "what?!"] {
            assert_eq!(ends(word).1, Some(End::Plain), "{word}");
        }
        for word in ["Mr.", "(etc.)", "J.", "U.S.", "e.g.", "wait...", "12.", "end", "end…", "."] {
            assert_eq!(ends(word).1, None, "{word}");
        }
        assert_eq!(ends("了。」").1, Some(End::Full));
    }

    #[test]
    fn sentences_start_with_no_small_letter() {
        assert!(can_start("The") && can_start("“The") && can_start("3") && can_start("天"));
        assert!(!can_start("and") && !can_start("(and"));
    }
}

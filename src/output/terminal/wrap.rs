//! Lines of at most so many columns.

use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthChar;

/// The text in lines of at most `width` columns, broken at blanks and beside wide characters, and inside a
/// word where it is longer than a line.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::Custom(|line| Box::new(pieces(line).map(Word::from))))
        .word_splitter(WordSplitter::NoHyphenation);
    let text = text.replace('\t', " ");
    textwrap::wrap(&text, options).iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The line cut into words with the blanks behind them; a wide character is a word.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let mut before: Option<char> = None;
        let end = rest.char_indices().find_map(|(index, c)| {
            let breaks = before
                .is_some_and(|last| (last == ' ' && c != ' ') || is_wide(c) || (is_wide(last) && c != ' '));
            before = Some(c);
            (breaks && columns(c) > 0).then_some(index)
        });
        let (piece, behind) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}

fn is_wide(c: char) -> bool {
    columns(c) > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(lines("one two three", 8), ["one two", "three"]);
        assert_eq!(lines("a\nb", 8), ["a", "b"]);
        assert_eq!(lines("", 8), [""]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut() {
        assert_eq!(lines("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn mixed_scripts_break_beside_wide_characters() {
        assert_eq!(lines("使用Rust语言", 6), ["使用", "Rust语", "言"]);
    }

    #[test]
    fn combining_marks_stay_with_their_letter() {
        assert_eq!(lines("e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn no_line_is_wider_than_asked_for() {
        let text = "The 模型 was trained 在很多网页上, and averyveryverylongwordindeed 结束。 ".repeat(5);
        for width in 4..30 {
            for line in lines(&text, width) {
                assert!(line.chars().map(columns).sum::<usize>() <= width, "{width}: {line}");
            }
        }
    }
}

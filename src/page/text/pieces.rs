//! One long line → pieces of the size of a paragraph.
//!
//! A line is cut where an entry starts (behind several blanks, at a bullet, between Chinese words with a blank
//! between them) and where a sentence starts. Sentences are then put together up to the size of a paragraph, which
//! is what the model has learned on, and short entries up to that of a row of a menu. All is done in one pass; only
//! white space stands between two pieces.

use super::sentences::{self, End};
use crate::page::width::{columns, is_wide};
use std::ops::Range;

/// A piece of so many columns takes no other sentence. The numbers of this file were chosen by how much of the
/// body of a page is found again when its lines are folded to one.
const PARAGRAPH: usize = 300;
/// Most columns of a row of short entries.
const ROW: usize = 60;
/// An entry of so many columns is running text, whatever it ends with.
const RUNNING: usize = 80;
/// A text of more columns without an end of a sentence is cut at blanks…
const UNBROKEN: usize = 400;
/// …into pieces of so many columns.
const STRETCH: usize = 150;
/// Bytes of the longest number of a list item: three of China's digits.
const LONGEST_NUMBER: usize = 9;

/// A part of the line that is not cut.
#[derive(Debug)]
struct Part {
    range: Range<usize>,
    columns: usize,
    /// Whether it goes on where a sentence has ended.
    follows: bool,
    /// Whether it is running text.
    running: bool,
}

impl Part {
    fn new(line: &str, range: Range<usize>, follows: bool, ends: bool) -> Self {
        let columns = line.get(range.clone()).map_or(0, columns);
        Self { range, columns, follows, running: ends || columns >= RUNNING }
    }

    /// Whether the next part belongs to the same paragraph or row.
    fn takes(&self, next: &Self) -> bool {
        let together = self.columns + next.columns;
        match (self.running, next.running) {
            (true, true) => next.follows && self.columns < PARAGRAPH && together <= UNBROKEN,
            (false, false) => together < ROW,
            _ => false,
        }
    }
}

/// The pieces of a line, in bytes, in order.
pub(super) fn pieces(line: &str) -> Vec<Range<usize>> {
    let mut pieces: Vec<Part> = Vec::new();
    for part in parts(line).into_iter().flat_map(|part| stretches(line, part)) {
        match pieces.last_mut() {
            Some(piece) if piece.takes(&part) => {
                piece.range.end = part.range.end;
                piece.columns += 1 + part.columns;
            }
            _ => pieces.push(part),
        }
    }
    pieces.into_iter().map(|piece| piece.range).collect()
}

/// The sentences of a text, in bytes, in order.
pub(crate) fn sentences_of(text: &str) -> Vec<Range<usize>> {
    let mut sentences: Vec<Range<usize>> = Vec::new();
    for part in parts(text) {
        match sentences.last_mut() {
            Some(last) if !part.follows => last.end = part.range.end,
            _ => sentences.push(part.range),
        }
    }
    sentences
}

/// The line cut at every start of an entry or a sentence.
fn parts(line: &str) -> Vec<Part> {
    let mut cutter = Cutter { line, parts: Vec::new(), start: 0, follows: false };
    let mut before: Option<(Range<usize>, Option<End>)> = None;
    for range in words(line) {
        if let Some((last, end)) = before {
            cutter.cut_between(&last, end, &range);
        } else {
            cutter.start = range.start;
        }
        let (starts, end) = sentences::ends(cutter.text(range.clone()));
        for at in starts.into_iter().map(|at| range.start + at) {
            cutter.cut(at, at, true, true);
        }
        before = Some((range, end));
    }
    if let Some((last, end)) = before {
        cutter.cut(last.end, last.end, end.is_some(), false);
    }
    cutter.parts
}

/// The parts up to a place of the line.
struct Cutter<'t> {
    line: &'t str,
    parts: Vec<Part>,
    /// Where the next part starts.
    start: usize,
    /// Whether the next part goes on where a sentence has ended.
    follows: bool,
}

impl<'t> Cutter<'t> {
    fn text(&self, range: Range<usize>) -> &'t str {
        self.line.get(range).unwrap_or_default()
    }

    /// Ends a part; the next one starts at `start`.
    fn cut(&mut self, end: usize, start: usize, ends_sentence: bool, follows: bool) {
        self.parts.push(Part::new(self.line, self.start..end, self.follows, ends_sentence));
        (self.start, self.follows) = (start, follows);
    }

    /// Cuts between two words if an entry or a sentence starts there.
    fn cut_between(&mut self, last: &Range<usize>, end: Option<End>, next: &Range<usize>) {
        let (before, word) = (self.text(last.clone()), self.text(next.clone()));
        let starts_entry = is_entry(before, self.text(last.end..next.start), word);
        let starts_sentence = match end {
            Some(End::Plain) => sentences::can_start(word),
            Some(End::Full) => !starts_entry,
            None => false,
        };
        if starts_entry || starts_sentence {
            self.cut(last.end, next.start, end.is_some(), starts_sentence);
        }
    }
}

/// The part, or its stretches where it is too long for a paragraph.
fn stretches(line: &str, part: Part) -> Vec<Part> {
    if part.columns <= UNBROKEN {
        return vec![part];
    }
    let text = line.get(part.range.clone()).unwrap_or_default();
    let mut stretches: Vec<Part> = Vec::new();
    for word in words(text) {
        let range = part.range.start + word.start..part.range.start + word.end;
        let word = Part::new(line, range, false, true);
        match stretches.last_mut() {
            Some(stretch) if stretch.columns < STRETCH => {
                stretch.range.end = word.range.end;
                stretch.columns += 1 + word.columns;
            }
            _ => stretches.push(word),
        }
    }
    stretches
}

/// The runs of a text without white space, in bytes.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| !c.is_whitespace())?;
        let word = text.get(start..)?.split(char::is_whitespace).next()?;
        at = start + word.len();
        Some(start..at)
    })
}

/// Whether a word starts an entry of a list or a menu.
fn is_entry(before: &str, gap: &str, word: &str) -> bool {
    let is_wide_gap =
        gap.chars().nth(1).is_some() || gap.contains(|c: char| c.is_control() || c == '\u{3000}');
    let between_hanzi = before.ends_with(is_unspaced) && word.starts_with(is_unspaced);
    is_wide_gap || between_hanzi || is_bullet(word) || is_number(word)
}

/// Whether a character is of a script that has no blanks between words: the wide ones but Hangul.
fn is_unspaced(c: char) -> bool {
    is_wide(c) && !matches!(c as u32, 0x1100..=0x115f | 0xac00..=0xd7a3)
}

fn is_bullet(word: &str) -> bool {
    word.starts_with(['•', '▪', '■', '●', '◆', '►']) || matches!(word, "·" | "|" | "»" | "-")
}

/// Whether a word starts with the number of a list item: `3)`, `(3)`, `3、`, `三、`, `3.定期`, `③`.
fn is_number(word: &str) -> bool {
    let open = word.strip_prefix(['(', '（']);
    let inside = open.unwrap_or(word);
    let behind =
        inside.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    let closes = match open {
        Some(_) => behind.starts_with([')', '）']),
        None => behind.starts_with([')', '、']) || is_dot_before_letter(behind),
    };
    let is_short = (1..=LONGEST_NUMBER).contains(&(inside.len() - behind.len()));
    (is_short && closes) || word.starts_with(|c| matches!(c, '①'..='⑳'))
}

fn is_dot_before_letter(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(line: &str) -> Vec<&str> {
        pieces(line).into_iter().map(|range| line.get(range).unwrap()).collect()
    }

    #[test]
    fn sentences_are_put_together_up_to_a_paragraph() {
        let sentence = "The bridge over the river was closed for the whole winter. ";
        let found = texts(&sentence.repeat(12)).into_iter().map(columns).collect::<Vec<_>>();
        assert_eq!(found, [353, 353], "six sentences each");
        let chinese = "河上的桥整个冬天都关着。".repeat(30);
        let found = texts(&chinese);
        assert_eq!(found.concat(), chinese);
        assert!(found.iter().all(|piece| piece.ends_with('。') && columns(piece) <= 324), "{found:?}");
    }

    #[test]
    fn a_text_has_its_sentences() {
        let text = "天晴了。他说：“走吧！”We went to Mr. Hill. It was 3.5 miles.";
        let found: Vec<&str> = sentences_of(text).into_iter().filter_map(|range| text.get(range)).collect();
        assert_eq!(found, ["天晴了。", "他说：“走吧！”", "We went to Mr. Hill.", "It was 3.5 miles."]);
    }

    #[test]
    fn no_sentence_is_cut_at_an_abbreviation_a_number_or_an_initial() {
        let line =
            "Dr. J. Moor paid 3.5 marks to Mr. Hill at https://a.example/?Q=A.B ... and he went. ".repeat(9);
        assert!(texts(&line).iter().all(|piece| piece.starts_with("Dr. J.") && piece.ends_with("went.")));
    }

    #[test]
    fn a_menu_is_parted_from_the_text_behind_it() {
        for line in [
            "首页 关于我们 联系我们 河上的桥整个冬天都关着，要到三月才会重新开放，城里的人都绕路走。",
            "Home • News • Contact  The bridge over the river was closed for the whole winter.",
            "Home | News | Contact\tThe bridge over the river was closed for the whole winter.",
            "1、桥梁 2、道路 （3）河流 ④湖泊\u{3000}河上的桥整个冬天都关着，要到三月才会重新开放。",
        ] {
            let found = texts(line);
            assert_eq!(found.len(), 2, "{found:?}");
            assert!(found[1].starts_with(['河', 'T']), "{found:?}");
        }
    }

    #[test]
    fn rows_of_a_menu_have_the_width_of_a_line() {
        let rows = texts(&"• An entry ".repeat(20)).into_iter().map(columns).collect::<Vec<_>>();
        assert_eq!(rows, [54, 54, 54, 54]);
    }

    #[test]
    fn words_without_an_end_are_cut_at_blanks() {
        let line = "word ".repeat(200);
        let found = texts(&line);
        assert_eq!(found.join(" "), line.trim_end());
        assert!(found.iter().all(|piece| piece.len() < STRETCH + 5), "{found:?}");
        let unbroken = "字".repeat(9000);
        assert_eq!(texts(&unbroken), [unbroken.as_str()]);
    }

    #[test]
    fn blanks_between_words_of_korean_are_no_entries() {
        let line = "다리는 겨울 내내 닫혀 있었고 사람들은 먼 길을 돌아서 다녔다";
        assert_eq!(texts(line), [line]);
    }

    proptest! {
        #[test]
        fn only_white_space_stands_between_the_pieces(
            parts in prop::collection::vec(prop::sample::select(vec![
                "a", "B", "word", "字", "天晴了", "다리", "3", "12", " ", "  ", "\t", "\r", "\u{a0}", "\u{3000}", "\u{85}", ".", "!", "?",
                "。", "！”", "…", "...", "(", ")", "“", "”", "」", "•", "·", "|", "-", "、", "①", "Mr.", "a.b/c", "\0", "\u{200b}", "é",
            ]), 0..300),
        ) {
            let line = parts.concat();
            let text = |range: Range<usize>| line.get(range).unwrap();
            let mut end = 0;
            for range in pieces(&line) {
                prop_assert!(range.start >= end && range.start < range.end);
                prop_assert_eq!(text(end..range.start).trim(), "");
                prop_assert_eq!(text(range.clone()).trim(), text(range.clone()));
                end = range.end;
            }
            prop_assert_eq!(text(end..line.len()).trim(), "");
        }
    }
}

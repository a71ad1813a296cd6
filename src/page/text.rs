//! The plain-text front end: lines → the blocks of a [`Page`].
//!
//! The page's text is the decoded input, and the blocks are runs of its lines, so that the blocks' spans and
//! the gaps between them give the input back. A line is a block of its own, but lines of a hard-wrapped
//! paragraph belong together, and a long line that is most of the page is cut ([`pieces()`]). Markup that was
//! left in the text stays in it.

mod pieces;
mod sentences;

use super::block::{BlockData, BlockKind};
use super::element::{Element, ElementId, Tag};
use super::limits::{Limit, Limits};
use super::metadata::MetaCollector;
use super::width::columns;
use super::{Metadata, Page};
use pieces::pieces;
pub(crate) use pieces::sentences_of;
use std::iter::Peekable;
use std::ops::{Range, RangeInclusive};

/// A paragraph counts as hard-wrapped when it has at least so many lines…
const WRAPPED_LINES: usize = 3;
/// …the longest of them is so many columns wide…
const WRAPPED_COLUMNS: RangeInclusive<usize> = 50..=100;
/// …and each but the last reaches this share of it: a word more would not have fitted.
const WRAPPED_FILL: f32 = 0.8;

/// A line of so many columns is cut if it holds half of the page: whoever wrote it had no lines in mind. On a page
/// with lines of its own the cut loses text of long paragraphs.
const LONG: usize = 700;

/// The title of a page has fewer columns.
const LONGEST_TITLE: usize = 400;

/// A line of the input without its indentation and line end.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    number: u32,
}

pub(super) fn segment(text: String, limits: &Limits) -> Page {
    let mut page = Page { text, ..Page::default() };
    page.elements.push(Element { parent: ElementId(0), tag: Tag::Html, depth: 0, attrs: (0, 0) });
    (page.blocks, page.source.limit) = blocks(&page.text, limits.blocks());
    page
}

/// The blocks of a text, and whether there are more than `most`.
fn blocks(text: &str, most: usize) -> (Vec<BlockData>, Option<Limit>) {
    let all: usize = lines(text).map(|line| line.len()).sum();
    let mut found = Vec::new();
    let mut ahead = lines(text).peekable();
    while let Some(first) = ahead.next() {
        let run = run(first, &mut ahead, most);
        let lines = if is_wrapped(text, &run) { run.len() } else { 1 };
        for block in run.chunks(lines).flat_map(|lines| blocks_of(text, lines, all, most)) {
            if found.len() >= most {
                return (found, Some(Limit::Blocks));
            }
            found.push(block);
        }
    }
    (found, None)
}

impl Line {
    /// Bytes.
    fn len(&self) -> usize {
        self.end - self.start
    }
}

/// The lines that are not blank, of which a page may have millions.
fn lines(text: &str) -> impl Iterator<Item = Line> {
    let mut at = 0;
    let line = move |(number, line): (u32, &str)| {
        let start = at + line.len() - line.trim_start().len();
        let end = at + line.trim_end().len();
        at += line.len();
        Line { start, end, number }
    };
    (1..).zip(text.split_inclusive('\n')).map(line).filter(|line| line.start < line.end)
}

/// A line and those below it up to a blank one. Of a page without blank lines so many at a time as it may have blocks,
/// and one more, by which the limit is seen: no more than that are in memory.
fn run(first: Line, ahead: &mut Peekable<impl Iterator<Item = Line>>, most: usize) -> Vec<Line> {
    let mut run = vec![first];
    let mut number = first.number;
    while run.len() <= most
        && let Some(next) = ahead.next_if(|next| next.number == number + 1)
    {
        number = next.number;
        run.push(next);
    }
    run
}

/// The block of a paragraph's lines, or the pieces of a line that is too long; the page has `all` bytes. A line that would
/// be over the limit of blocks stays whole, so that nothing is lost.
fn blocks_of(text: &str, lines: &[Line], all: usize, limit: usize) -> Vec<BlockData> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Vec::new() };
    let text = text.get(first.start..last.end).unwrap_or_default();
    let is_cut = lines.len() == 1 && 2 * text.len() >= all && text.len() >= LONG && columns(text) >= LONG;
    let ranges = Some(text).filter(|_| is_cut).map(pieces).filter(|pieces| pieces.len() <= limit);
    let ranges = ranges.unwrap_or_else(|| std::iter::once(0..text.len()).collect());
    let block = |range: Range<usize>| BlockData {
        start: (first.start + range.start) as u32,
        end: (first.start + range.end) as u32,
        kind: BlockKind::Line,
        lines: (first.number, last.number),
        ..BlockData::default()
    };
    ranges.into_iter().map(block).collect()
}

/// What a text says of its page whose first line is the page's title; nothing if that is a long line.
pub(super) fn title_line(text: &str) -> Metadata {
    let mut meta = MetaCollector::default();
    let line = text.lines().next().unwrap_or_default();
    if columns(line) < LONGEST_TITLE {
        meta.title(line);
    }
    meta.finish()
}

impl Page {
    /// What stands before a block if it is a piece of the same line of plain text as the block at `before`: white space
    /// or nothing. Where other pieces stand between them, it is what stands behind the first of the two.
    pub(crate) fn gap(&self, before: usize, index: usize) -> Option<&str> {
        let (first, last) = (self.blocks.get(before)?, self.blocks.get(index)?);
        if first.lines != last.lines || first.lines.0 == 0 {
            return None;
        }
        let next = self.blocks.get(before + 1)?;
        let behind = self.text.get(first.end as usize..next.start as usize)?;
        if !behind.is_empty() {
            return Some(behind);
        }
        let previous = self.blocks.get(index.checked_sub(1)?)?;
        self.text.get(previous.end as usize..last.start as usize)
    }
}

fn is_wrapped(text: &str, run: &[Line]) -> bool {
    if run.len() < WRAPPED_LINES {
        return false;
    }
    let widths: Vec<usize> =
        run.iter().map(|line| text.get(line.start..line.end).map_or(0, columns)).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let least = (widest as f32 * WRAPPED_FILL) as usize;
    let Some((_, full)) = widths.split_last() else { return false };
    WRAPPED_COLUMNS.contains(&widest) && full.iter().all(|width| *width >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, (u32, u32))> {
        let page = segment(text.to_owned(), &Limits::default());
        page.blocks().map(|block| (block.text().to_owned(), block.lines().unwrap())).collect()
    }

    #[test]
    fn each_line_is_a_block_with_its_number() {
        let found = read("一\r\n\n  - 二\n\t\n三");
        assert_eq!(found, [("一".into(), (1, 1)), ("- 二".into(), (3, 3)), ("三".into(), (5, 5))]);
    }

    #[test]
    fn a_hard_wrapped_paragraph_is_one_block() {
        let wrapped = "The quick brown fox jumps over the lazy dog and then it goes\n\
                       back to the wood where it lives, as foxes do when they have\n\
                       jumped.\n\nNext.";
        let found: Vec<_> = read(wrapped).into_iter().map(|(_, lines)| lines).collect();
        assert_eq!(found, [(1, 3), (5, 5)]);
    }

    #[test]
    fn a_list_of_titles_is_not_a_paragraph() {
        assert_eq!(read("- a short title\n- another one that is longer\n- the third").len(), 3);
    }

    /// A sentence of 118 columns.
    const SENTENCE: &str = "The bridge over the river was closed for the whole winter, and people had to go round by the mill on the other side.";

    #[test]
    fn a_long_line_that_is_the_page_is_cut_and_its_pieces_keep_its_number() {
        let line = [SENTENCE; 6].join(" ");
        let found = read(&format!("Title\n{line}\nEnd"));
        let numbers: Vec<_> = found.iter().map(|(_, (first, _))| *first).collect();
        assert_eq!(numbers, [1, 2, 2, 3]);
        let page = segment(format!("Title\n  {line}\n"), &Limits::default());
        assert_eq!((page.gap(1, 2), page.gap(0, 1)), (Some(" "), None));
        let text = |index| page.block(index).unwrap().text();
        assert_eq!([text(1), page.gap(1, 2).unwrap(), text(2)].concat(), line);
    }

    #[test]
    fn a_long_line_among_others_stays_whole() {
        let long = [SENTENCE; 6].join(" ");
        assert_eq!(read(&[long.as_str(); 3].join("\n")).len(), 3);
        assert_eq!(read(&[SENTENCE; 3].join(" ")).len(), 1, "not long");
        let few = segment(long.clone(), &Limits::default().with_blocks(1));
        assert_eq!((few.block(0).unwrap().text(), few.source().limit), (long.as_str(), None));
    }

    #[test]
    fn a_gap_over_other_pieces_is_what_stands_behind_the_first() {
        let line =
            "河上的桥整个冬天都关着，人们绕路走。".repeat(20) + "• 首页 • 新闻  " + &SENTENCE.repeat(2);
        let page = segment(line, &Limits::default());
        let texts: Vec<&str> = page.blocks().map(|block| block.text()).collect();
        let entry = texts.iter().position(|text| text.starts_with('•')).unwrap();
        assert_eq!(texts.len(), entry + 2, "{texts:?}");
        let [start, before, last] = [entry - 2, entry - 1, entry + 1];
        let gaps = [page.gap(start, before), page.gap(before, entry), page.gap(entry, last)];
        assert_eq!(gaps, [Some(""), Some(""), Some("  ")]);
        assert_eq!((page.gap(start, last), page.gap(start, entry)), (Some("  "), Some("")));
    }

    #[test]
    fn a_title_line_is_the_title_of_the_page() {
        let meta = title_line("  The bridge reopens -  Valley Post\nText");
        assert_eq!(meta.title_tag.as_deref(), Some("The bridge reopens - Valley Post"));
        assert_eq!(meta.title.as_deref(), Some("The bridge reopens"));
        assert_eq!(title_line(&SENTENCE.repeat(4)), Metadata::default());
        assert_eq!(title_line(""), Metadata::default());
    }
}

//! The plain-text front end: lines → the blocks of a [`Page`].
//!
//! The page's text is the decoded input, and the blocks are runs of its lines, so that the blocks' spans and
//! the gaps between them give the input back. A line is a block of its own, but lines of a hard-wrapped
//! paragraph belong together. Markup that was left in the text stays in it.

use super::Page;
use super::block::{BlockData, BlockKind};
use super::element::{Element, ElementId, Tag};
use super::limits::{Limit, Limits};

/// A paragraph counts as hard-wrapped when it has at least so many lines…
const WRAPPED_LINES: usize = 3;
/// …the longest of them is so many columns wide…
const WRAPPED_COLUMNS: std::ops::RangeInclusive<usize> = 50..=100;
/// …and each but the last reaches this share of it: a word more would not have fitted.
const WRAPPED_FILL: f32 = 0.8;

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
    let lines = lines(&page.text);
    for run in lines.split(|line| line.start == line.end) {
        let blocks = if is_wrapped(&page.text, run) { run.chunks(run.len()) } else { run.chunks(1) };
        for block in blocks {
            if page.blocks.len() >= limits.blocks() {
                page.source.limit = Some(Limit::Blocks);
                return page;
            }
            page.blocks.extend(block_of(block));
        }
    }
    page
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let start = at + line.len() - line.trim_start().len();
        let end = at + line.trim_end().len();
        lines.push(Line { start: start.min(end.max(at)), end: end.max(at), number });
        at += line.len();
    }
    lines
}

fn block_of(lines: &[Line]) -> Option<BlockData> {
    let (first, last) = (lines.first()?, lines.last()?);
    Some(BlockData {
        start: first.start as u32,
        end: last.end as u32,
        kind: BlockKind::Line,
        lines: (first.number, last.number),
        ..BlockData::default()
    })
}

fn is_wrapped(text: &str, run: &[Line]) -> bool {
    if run.len() < WRAPPED_LINES {
        return false;
    }
    let columns =
        |line: &Line| text.get(line.start..line.end).map_or(0, |line| line.chars().map(width).sum());
    let widths: Vec<usize> = run.iter().map(columns).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let least = (widest as f32 * WRAPPED_FILL) as usize;
    let Some((_, full)) = widths.split_last() else { return false };
    WRAPPED_COLUMNS.contains(&widest) && full.iter().all(|width| *width >= least)
}

/// Columns of a character: two for the wide scripts of East Asia.
fn width(c: char) -> usize {
    if matches!(c as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x20000..=0x3fffd)
    {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(String, (u32, u32))> {
        let page = segment(text.to_owned(), &Limits::default());
        page.blocks().map(|block| (block.text().to_owned(), block.lines().unwrap())).collect()
    }

    #[test]
    fn each_line_is_a_block_with_its_number() {
        let found = blocks("一\r\n\n  - 二\n\t\n三");
        assert_eq!(found, [("一".into(), (1, 1)), ("- 二".into(), (3, 3)), ("三".into(), (5, 5))]);
    }

    #[test]
    fn a_hard_wrapped_paragraph_is_one_block() {
        let wrapped = "The quick brown fox jumps over the lazy dog and then it goes\n\
                       back to the wood where it lives, as foxes do when they have\n\
                       jumped.\n\nNext.";
        let found: Vec<_> = blocks(wrapped).into_iter().map(|(_, lines)| lines).collect();
        assert_eq!(found, [(1, 3), (5, 5)]);
    }

    #[test]
    fn a_list_of_titles_is_not_a_paragraph() {
        assert_eq!(blocks("- a short title\n- another one that is longer\n- the third").len(), 3);
    }
}

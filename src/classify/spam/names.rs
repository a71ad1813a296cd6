//! The names that a page gives itself and its site: parts of its head, of breadcrumbs and of copyright lines.
//!
//! Hijackers leave the article and put their brand where the organisation's name stood. A line such as
//! `Home > News > BRAND` is mostly harmless words, so each part is looked at by itself.

use super::super::naming::{Naming, Probabilities, Reader};
use super::{COUNTED, EDGE};
use crate::page::{Block, BlockKind, Page, words::is_cjk};
use rustc_hash::FxHashSet;

/// Blocks of more bytes are text, not a line of names.
pub(in crate::classify) const LINE_BYTES: usize = 360;
/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 3..=40;
/// Names that are looked at, so that the work has a bound.
const MOST: usize = 96;

/// A name and what its words say.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) said: Probabilities,
    /// Whether another line has it too, as a site's name stands in the breadcrumb and in the copyright line.
    pub(super) repeated: bool,
}

/// All names of a page; lines that are spam themselves name nobody, nor do sentences.
pub(super) fn names<'p>(
    page: &'p Page,
    naming: &Naming,
    head: impl Iterator<Item = &'p str>,
    reader: &mut Reader<'_>,
) -> Vec<Name> {
    let count = page.blocks().len();
    let at_edge = |at: usize| at < EDGE || at + EDGE >= count;
    let is_sentence = |text: &str| text.ends_with(['。', '.', '！', '!', '？', '?', '”', '"']);
    let edge = page.blocks().enumerate().filter(|(at, _)| at_edge(*at) && naming.spam(*at) < COUNTED);
    let edge = edge.filter(|(_, block)| !is_sentence(block.text()));
    let edge = edge.map(|(_, block)| block.text()).filter(|text| text.len() <= LINE_BYTES);
    let mut lines: Vec<&str> = head.chain(edge).collect();
    lines.dedup();
    // A name that stands in several lines is read once.
    let mut seen = FxHashSet::default();
    let parts = lines.iter().flat_map(|line| parts(line)).take(MOST).filter(|part| seen.insert(*part));
    // What stands as a heading on the page is the title of its article and nobody's name.
    let is_heading = |block: &Block<'_>| matches!(block.kind(), BlockKind::Heading(_));
    let headings: FxHashSet<&str> = page.blocks().filter(is_heading).map(|block| block.text()).collect();
    let parts = parts.filter(|part| !headings.contains(part));
    let name = |part: &str| Name {
        said: reader.read(part),
        repeated: lines.iter().filter(|line| line.contains(part)).nth(1).is_some(),
    };
    parts.map(name).collect()
}

/// The parts of a line of several.
pub(super) fn parts(line: &str) -> impl Iterator<Item = &str> {
    let chinese = line.chars().any(is_cjk);
    let ends = move |c: char| SEPARATORS.contains(&c) || chinese && c.is_whitespace();
    let parts = line.split(ends).map(str::trim).filter(move |part| part.len() < line.len());
    parts.filter(|part| NAME.contains(&part.chars().count()))
}

/// Signs between the parts of a title, a breadcrumb or a copyright line.
const SEPARATORS: [char; 25] = [
    '>', '›', '»', '/', '|', '｜', '-', '–', '—', '_', '·', '•', ',', '，', '、', '。', ':', '：', '!', '！',
    '©', '\t', '【', '】', '→',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_one_part_is_no_list_of_names() {
        assert_eq!(parts("Our company since 1950").count(), 0);
        assert_eq!(parts("首页 > 新闻中心 > 某某公司").collect::<Vec<_>>(), ["新闻中心", "某某公司"]);
        assert_eq!(
            parts("Home > Team > Board of trustees").collect::<Vec<_>>(),
            ["Home", "Team", "Board of trustees"]
        );
    }
}

//! Main content that stands on the page more than once → the copies.
//!
//! Pages carry their article once for wide screens and once for telephones, in tabs, in a dialog, in `noscript`; texts
//! are pasted twice. What a reader sees first stays. Much is repeated on purpose: refrains, quotations, cells of a table, terms
//! under each of a page's offers. So a run of blocks is a copy only if it follows closely what it repeats, and
//! has a whole paragraph or is a good part of the main content. (On the WCXB development set the gold text
//! repeats 173 of 287 runs with a paragraph as well.)

use super::hidden::hider;
use crate::page::select::chain;
use crate::page::{Block, BlockKind, Element, ElementId, Media, Page, Tag, columns};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;
use std::ops::Range;

/// A line of a paragraph has so many columns; lines of songs and tables have fewer.
const LINE: usize = 80;
/// A run of repeated blocks has so many columns.
const RUN: usize = 100;
/// A good part of the main content is one in so many.
const SHARE: usize = 6;
/// A run follows closely if so much of what stands from the first place to the second is repeated, in per cent.
const CLOSE: usize = 70;
/// Places of a text that are compared with a later one: the first ones and the last.
const PLACES: usize = 4;

/// Takes copies out of the choice.
pub(super) fn take_out(page: &Page, chosen: &mut [bool]) -> Vec<usize> {
    let mut texts: Vec<Text<'_>> = page
        .blocks()
        .filter(|block| chosen.get(block.index()) == Some(&true))
        .map(|block| Text::of(page, block))
        .collect();
    texts.sort_by_key(|text| (text.unseen, text.block.index()));
    let all = texts.iter().map(|text| text.columns).sum();
    let (mut places, mut copies, mut at) = (FxHashMap::<u64, Vec<usize>>::default(), Vec::new(), 0);
    while let Some(text) = texts.get(at) {
        let first = places.entry(text.key).or_default();
        let runs = first.iter().map(|from| (*from, run(&texts, *from, at)));
        let longest = runs
            .filter(|(from, run)| is_copy(&texts, *from, run, all))
            .map(|(_, run)| run)
            .max_by_key(ExactSizeIterator::len);
        let Some(run) = longest else {
            remember(first, at);
            at += 1;
            continue;
        };
        for (at, text) in run.clone().zip(texts.iter().skip(run.start)) {
            remember(places.entry(text.key).or_default(), at);
            copies.push(text.block.index());
        }
        at = run.end;
    }
    for at in &copies {
        if let Some(chosen) = chosen.get_mut(*at) {
            *chosen = false;
        }
    }
    copies.sort_unstable();
    copies
}

fn remember(places: &mut Vec<usize>, at: usize) {
    places.truncate(PLACES - 1);
    places.push(at);
}

/// A block of the main content as it is compared.
struct Text<'p> {
    block: Block<'p>,
    /// Hash of its letters and digits, and of whether it is a quotation.
    key: u64,
    columns: usize,
    /// Whether it is not shown, or only without scripts.
    unseen: bool,
    /// The element that the block's element stands in; none in plain text.
    parent: Option<ElementId>,
}

impl<'p> Text<'p> {
    fn of(page: &Page, block: Block<'p>) -> Self {
        let mut hasher = FxHasher::default();
        for c in block.text().chars().filter(|c| c.is_alphanumeric()) {
            match c {
                // as any other character they take 0.6 % of all instructions of `filter`
                '\0'..='\x7f' => hasher.write_u32(c.to_ascii_lowercase() as u32),
                _ => c.to_lowercase().for_each(|c| hasher.write_u32(c as u32)),
            }
        }
        hasher.write_u8(u8::from(block.kind() == BlockKind::Quote));
        let in_noscript = || {
            chain(page, block.element_id())
                .any(|id| page.element(id).is_some_and(|e| e.tag() == Tag::Noscript))
        };
        let unseen = block.kind().is_pseudo() || hider(page, block).is_some() || in_noscript();
        let parent = page.element(block.element_id()).map(Element::parent);
        let parent = parent.filter(|_| page.source().media == Media::Html);
        Self { block, key: hasher.finish(), columns: columns(block.text()), unseen, parent }
    }

    /// Whether the block is a paragraph that nobody repeats on purpose.
    fn is_paragraph(&self) -> bool {
        let may_be_repeated = matches!(
            self.block.kind(),
            BlockKind::Cell { .. } | BlockKind::ListItem { .. } | BlockKind::Code
        );
        !may_be_repeated && self.block.text().lines().any(|line| columns(line) >= LINE)
    }
}

/// The blocks from `at` on that are the same as those from `from` on.
fn run(texts: &[Text<'_>], from: usize, at: usize) -> Range<usize> {
    let pairs = texts.iter().skip(from).take(at - from).zip(texts.iter().skip(at));
    at..at
        + pairs
            .take_while(|(first, second)| first.key == second.key && !are_of_one_place(first, second))
            .count()
}

/// Whether both stand in one element or one table: what is repeated there was written so.
fn are_of_one_place(first: &Text<'_>, second: &Text<'_>) -> bool {
    first.parent.is_some() && first.parent == second.parent || are_in_one_table(first, second)
}

fn are_in_one_table(first: &Text<'_>, second: &Text<'_>) -> bool {
    let table = |text: &Text<'_>| match text.block.kind() {
        BlockKind::Cell { table, .. } => Some(table),
        _ => None,
    };
    table(first).is_some_and(|number| table(second) == Some(number))
}

/// Whether a run is a copy, and no refrain.
fn is_copy(texts: &[Text<'_>], from: usize, run: &Range<usize>, all: usize) -> bool {
    let blocks = texts.get(run.clone()).unwrap_or_default();
    let columns: usize = blocks.iter().map(|text| text.columns).sum();
    // what is not shown stands behind all that is, however far
    let is_close = 100 * blocks.len() >= CLOSE * (run.start - from) || blocks.iter().all(|text| text.unseen);
    columns >= RUN && is_close && (SHARE * columns >= all || blocks.iter().any(Text::is_paragraph))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    /// Which blocks are left where all were chosen.
    fn left(document: &Document) -> Vec<bool> {
        let page = Page::read(document, &Limits::default());
        let mut chosen = vec![true; page.blocks().len()];
        let copies = take_out(&page, &mut chosen);
        assert_eq!(copies.len(), chosen.iter().filter(|left| !**left).count());
        chosen
    }

    const ARTICLE: &str = "<h1>Ferry back</h1><p>The ferry returned to the harbour on Monday after a refit of eleven weeks, its \
        owners said.</p><p>Crew and passengers had waited for the new engines since last autumn, when the old ones failed \
        twice.</p>";

    #[test]
    fn the_first_copy_that_is_shown_stays() {
        let twice = format!("<div class=wide>{ARTICLE}</div><div class=narrow>{ARTICLE}</div>");
        assert_eq!(left(&Document::html(&*twice)), [true, true, true, false, false, false]);
        let noscript = format!("<body><noscript>{ARTICLE}</noscript><div>{ARTICLE}</div>");
        assert_eq!(left(&Document::html(&*noscript)), [false, false, false, true, true, true]);
        let text = "渡轮周一返航\n\n新发动机已经装好，船主说，从下周起每天往返四次，票价不变，学生凭证半价，老人和孩子在码头可以免费乘坐一个月。\n\n";
        assert_eq!(left(&Document::text(text.repeat(3))), [true, true, false, false, false, false]);
    }

    #[test]
    fn a_text_of_short_lines_that_is_pasted_twice_stands_once() {
        let lines = [
            "Flour, two cups",
            "Butter, one spoon",
            "Milk, half a cup",
            "Four eggs of the same day",
            "Salt and pepper, ground in a mill",
        ];
        let list = format!("<li>{}</li>", lines.join("</li><li>"));
        let html = format!("<ul>{list}</ul><ul>{list}</ul>");
        assert_eq!(left(&Document::html(html)), [[true; 5], [false; 5]].concat());
    }

    #[test]
    fn refrains_quotations_and_cells_stay() {
        let refrain = "<p>Oh the ferry comes at morning light<p>and the harbour bells are ringing<p>oh the ferry goes at night\
            <p>with all the sailors singing";
        let verse = |of: &str| {
            format!("<p>First came the {of}<p>over the {of} water<p>then the {of} was gone<p>by noon")
        };
        let song: String = ["fog", "rain", "snow"].map(|of| verse(of) + refrain).concat();
        assert!(left(&Document::html(song)).iter().all(|left| *left));
        let quoted = ARTICLE.replace("<h1>Ferry back</h1>", "").replace("p>", "blockquote>");
        assert!(left(&Document::html(format!("{ARTICLE}{quoted}"))).iter().all(|left| *left));
        let row = format!(
            "<tr><td>{}</td><td>yes</td></tr>",
            "sails on working days and on the first Sunday of each month ".repeat(2)
        );
        let table =
            format!("<p>A table of the ferries follows.<table>{row}{row}<tr><td>no</td></tr>{row}</table>");
        assert!(left(&Document::html(table)).iter().all(|left| *left));
    }
}

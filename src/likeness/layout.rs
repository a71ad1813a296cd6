//! A page's elements → the fingerprint of its layout.

use super::simhash::Votes;
use crate::page::{ElementId, Media, Page};
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

/// The fingerprint of an HTML page's layout, whatever its texts are; none of plain text and of a page without blocks.
///
/// It is a similarity hash of the set of the blocks' paths, each the chain of elements from the root down with the id or first
/// class of each, without digits. How often a path stands on the page does not count, so a longer article on the same template
/// has the same fingerprint; one with a table more has a near one, which an exact hash of the set would not be.
pub fn layout(page: &Page) -> Option<u64> {
    let mut paths = Paths::new(page);
    let mut seen = FxHashSet::default();
    let mut votes = Votes::default();
    let blocks = page.blocks().filter(|block| !block.kind().is_pseudo());
    for block in blocks.filter(|_| page.source().media == Media::Html) {
        let path = paths.of(block.element_id());
        if seen.insert(path) {
            votes.add(path);
        }
    }
    votes.hash()
}

/// Hashes of the paths of a page's elements.
struct Paths<'p> {
    page: &'p Page,
    known: FxHashMap<ElementId, u64>,
    /// Elements whose path is being told, from the deepest upwards.
    waiting: Vec<ElementId>,
    /// Memory for an element's name.
    name: Vec<u8>,
}

impl<'p> Paths<'p> {
    fn new(page: &'p Page) -> Self {
        Self { page, known: FxHashMap::default(), waiting: Vec::new(), name: Vec::new() }
    }

    /// The hash of the path of an element.
    fn of(&mut self, id: ElementId) -> u64 {
        let mut at = id;
        let mut above = loop {
            if let Some(hash) = self.known.get(&at) {
                break *hash;
            }
            self.waiting.push(at);
            match self.page.element(at).map(crate::page::Element::parent) {
                Some(parent) if parent != at => at = parent,
                _ => break 0,
            }
        };
        while let Some(at) = self.waiting.pop() {
            let step = step(self.page, at, &mut self.name);
            above = xxh3_64([above.to_le_bytes(), step.to_le_bytes()].as_flattened());
            self.known.insert(at, above);
        }
        above
    }
}

/// The hash of an element's name and of its id or first class; `of` is memory for both. Digits count elements or number posts,
/// and go.
pub(super) fn step(page: &Page, id: ElementId, of: &mut Vec<u8>) -> u64 {
    of.clear();
    of.extend_from_slice(page.element(id).map_or("", |element| element.tag().as_str()).as_bytes());
    if let Some((sign, name)) = page.step_name(id) {
        of.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
        of.extend(name.bytes().filter(|b| !b.is_ascii_digit()));
    }
    xxh3_64(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    fn of(html: &str) -> Option<u64> {
        layout(&Page::read(&Document::html(html), &Limits::default()))
    }

    /// A page of one template with so many paragraphs, and something in its article.
    fn page(number: usize, paragraphs: usize, more: &str) -> String {
        let text = "<p>Something else on every page.</p>".repeat(paragraphs);
        format!(
            "<nav class=menu><ul><li><a href=/>Home</a><li><a href=/a>News</a></ul></nav><main id=main><article \
             id=post-{number} class=entry><h1>Page {number}</h1><div class=by>By A</div><div class=text>{text}{more}</div>\
             </article></main><aside class=side><h3>More</h3><ul class=links><li>One<li>Two</ul></aside><footer><p>© A \
             <div class=legal>Imprint</div></footer>"
        )
    }

    #[test]
    fn pages_of_one_template_have_one_layout_and_a_table_more_a_near_one() {
        let one = of(&page(1, 3, "")).unwrap();
        assert_eq!(of(&page(2718, 40, "")), Some(one));
        let table = of(&page(3, 5, "<table><tr><td>1<td>2</table>")).unwrap();
        assert!((1..=16).contains(&(one ^ table).count_ones()), "{}", (one ^ table).count_ones());
        let other =
            of("<table class=t><tr><td class=left><font>Menu</font><td><font>Text</font></table>").unwrap();
        assert!((one ^ other).count_ones() > 16);
    }

    #[test]
    fn plain_text_and_pages_without_blocks_have_no_layout() {
        let text = Page::read(&Document::text("a line\n\nanother"), &Limits::default());
        assert_eq!((layout(&text), of("<div></div>"), of("")), (None, None, None));
    }

    #[test]
    fn elements_as_deep_as_the_limit_cost_no_stack() {
        assert!(of(&format!("{}x", "<div class=a>".repeat(20_000))).is_some());
    }
}

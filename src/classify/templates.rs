//! Blocks of the body that repeat on the pages of its site → those that are the site's template, and no part of the page's content.
//!
//! A paragraph that stands in one place on many pages of a site was not written for this one. A short block may be: `Ingredients`
//! stands on each recipe and says what comes below it. So a run of such blocks goes if it has a long one or is long in all, or has
//! a sentence that half of the site's pages have, and short ones alone where the body ends. A heading stays with what follows it.
//! A page of which hardly anything would be left keeps its body: it is the same page under several addresses.

use super::evidence::Evidence;
use super::{BlockReport, Finding, Reason};
use crate::likeness::Repeated;
use crate::page::{Block, BlockKind, Page, columns};

/// A run has so many columns in all: a line of a paragraph.
const LINE: usize = 80;
/// A body of which less than one part in ten would be left keeps all, and so does one of which fewer columns would be left than a
/// short sentence has.
const LEFT: usize = 10;
const SENTENCE: usize = 40;
/// A sentence goes by itself if one page of the site in so many has it. Chosen by hand: a step such as `Preheat the oven to
/// 180 degrees` stands on some of a site's recipes, what the site says of itself on most of its pages.
const EVERYWHERE: u32 = 2;

/// Takes templates out of the choice; gives the blocks, in order.
pub(super) fn take_out(page: &Page, repeated: &Repeated, chosen: &mut [bool]) -> Vec<usize> {
    let is_chosen = |block: &Block<'_>| chosen.get(block.index()) == Some(&true);
    let body: Vec<Text<'_>> =
        page.blocks().filter(is_chosen).map(|block| Text::of(block, repeated)).collect();
    let mut out = Vec::new();
    for run in
        body.chunk_by(|one, two| one.repeats == two.repeats).filter(|run| run.iter().any(|text| text.repeats))
    {
        let is_last = run.last().map(Text::index) == body.last().map(Text::index);
        out.extend(template(run, is_last).iter().map(Text::index));
    }
    let columns = |left: bool| -> usize {
        let of = body.iter().filter(|text| !left || out.binary_search(&text.index()).is_err());
        of.map(|text| text.columns).sum()
    };
    if columns(true) < SENTENCE || columns(true) * LEFT < columns(false) {
        return Vec::new();
    }
    for at in &out {
        if let Some(chosen) = chosen.get_mut(*at) {
            *chosen = false;
        }
    }
    out
}

/// What was cut out of the body, for the page's row.
pub(super) fn finding(evidence: &Evidence<'_>, blocks: &[BlockReport]) -> Option<Finding> {
    let repeated = evidence.repeated.as_ref()?;
    let cut = blocks.iter().enumerate().filter(|(_, block)| block.reason == Reason::Template);
    let blocks: Vec<usize> = cut.map(|(index, _)| index).collect();
    let counts = blocks.iter().filter_map(|index| repeated.blocks.get(*index).copied().flatten());
    let (fewest, pages) = (counts.min()?, repeated.pages);
    let text = format!(
        "blocks of the body that stand on {fewest} or more of the site's {pages} pages: {}",
        blocks.len()
    );
    Some(Finding { reason: Reason::Template, of: "verdict", weight: 0.0, text, blocks })
}

/// A block of the body.
struct Text<'p> {
    block: Block<'p>,
    columns: usize,
    /// Whether it is a sentence that half of the site's pages have.
    is_everywhere: bool,
    /// Whether it repeats on the site. Code does by its nature: a licence, a line that includes a library.
    repeats: bool,
}

impl<'p> Text<'p> {
    fn of(block: Block<'p>, repeated: &Repeated) -> Self {
        let count = repeated.blocks.get(block.index()).copied().flatten();
        let columns = columns(block.text());
        let is_common = count.is_some_and(|count| count >= repeated.pages.div_ceil(EVERYWHERE));
        let is_everywhere = block.kind().level().is_none() && is_common && columns >= SENTENCE;
        let repeats = block.kind() != BlockKind::Code && count.is_some();
        Self { block, columns, is_everywhere, repeats }
    }

    fn index(&self) -> usize {
        self.block.index()
    }

    fn is_heading(&self) -> bool {
        self.block.kind().level().is_some()
    }
}

/// What of a run of repeated blocks is a template.
fn template<'r, 'p>(run: &'r [Text<'p>], is_last: bool) -> &'r [Text<'p>] {
    if is_last {
        return run;
    }
    // headings before what is the page's own
    let own = run.iter().rev().take_while(|text| text.is_heading()).count();
    let run = run.get(..run.len() - own).unwrap_or_default();
    let all: usize = run.iter().map(|text| text.columns).sum();
    if all >= LINE || run.iter().any(|text| text.is_everywhere) { run } else { &[] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    const OWN: &str = "<p>The ferry came back to the harbour on Monday after eleven weeks in the yard, its owners said.</p>";
    const MORE: &str = "<p>Crew and passengers had waited for the new engines since autumn, when the old ones failed twice.</p>";
    const SITE: &str = "<p>Harbour Post has told the news of this coast since 1911, and you can help: tell us what you have seen.</p>";

    /// Which blocks are left of a body of this HTML, where those that start so repeat.
    fn left(html: &str, repeats: &[&str]) -> Vec<bool> {
        let page = Page::read(&Document::html(html), &Limits::default());
        let count =
            |block: Block<'_>| repeats.iter().any(|start| block.text().starts_with(start)).then_some(50);
        let repeated = Repeated { pages: 50, blocks: page.blocks().map(count).collect() };
        let mut chosen = vec![true; page.blocks().len()];
        let out = take_out(&page, &repeated, &mut chosen);
        assert_eq!(out.len(), chosen.iter().filter(|left| !**left).count());
        chosen
    }

    #[test]
    fn a_repeated_paragraph_goes_wherever_it_stands_and_so_does_its_heading() {
        let html = format!("<h1>Ferry</h1>{OWN}<h3>About us</h3>{SITE}{MORE}{SITE}");
        assert_eq!(left(&html, &["About", "Harbour Post"]), [true, true, false, false, true, false]);
    }

    #[test]
    fn short_blocks_that_stand_between_the_pages_own_stay() {
        let html = format!("<h2>Ingredients</h2>{OWN}<p>Serves four<h2>Method</h2>{MORE}<p>Enjoy!");
        let repeats = ["Ingredients", "Serves", "Method", "Enjoy"];
        assert_eq!(left(&html, &repeats), [true, true, true, true, true, false]);
    }

    #[test]
    fn a_sentence_of_half_the_pages_goes_with_its_heading_and_one_of_fewer_stays() {
        let html = format!("{OWN}<h3>Help</h3><p>Tell us what you have seen on this coast.</p>{MORE}");
        let page = Page::read(&Document::html(html), &Limits::default());
        let left = |pages: u32| {
            let repeated = Repeated { pages, blocks: vec![None, Some(50), Some(50), None] };
            let mut chosen = vec![true; 4];
            take_out(&page, &repeated, &mut chosen);
            chosen
        };
        assert_eq!((left(100), left(101)), (vec![true, false, false, true], vec![true; 4]));
    }

    #[test]
    fn a_list_that_every_page_has_goes_as_a_whole() {
        let list = "<ul><li>Ferry times<li>Tide tables<li>Harbour dues<li>Berths for guests<li>Lost property<li>The museum\
            <li>Boats for sale</ul>";
        let starts = ["Ferry times", "Tide", "Harbour dues", "Berths", "Lost", "The museum", "Boats"];
        assert_eq!(
            left(&format!("{OWN}{list}{MORE}"), &starts),
            [&[true][..], &[false; 7], &[true]].concat()
        );
    }

    #[test]
    fn a_page_of_which_nothing_would_be_left_keeps_its_body() {
        let html = format!("<h1>Ferry</h1>{OWN}{MORE}{SITE}");
        assert_eq!(left(&html, &["The ferry", "Crew", "Harbour"]), [true; 4]);
        let license = "Copyright holders permit to use, copy, modify and distribute this software for any purpose with or without fee.";
        assert_eq!(left(&format!("<pre>{license}</pre>{OWN}"), &["Copyright"]), [true, true]);
    }
}

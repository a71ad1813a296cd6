//! Other texts for blocks, on a copy of a page: for an article that was repaired.

use super::{BlockKind, Page};

impl Page {
    /// Gives a block another text. `places` are the new places of the starts and ends of its spans, in the order of
    /// [`Page::places`]. What other blocks hold stays as it is; a page that would grow over 4 GiB stays whole.
    pub(crate) fn rewrite(&mut self, index: usize, text: &str, places: &[(u32, u32)]) {
        let indentation = self.indentation(index).to_owned();
        let start = self.text.len() + 1 + indentation.len();
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(start + text.len())) else { return };
        let Some(block) = self.blocks.get_mut(index) else { return };
        self.text.extend(["\n", &indentation, text]);
        (block.start, block.end) = (start, end);
        let (first, last) = block.spans;
        for span in self.spans.get_mut(first as usize..last as usize).unwrap_or_default() {
            (span.start, span.end) = (moved(places, span.start), moved(places, span.end));
        }
    }

    /// The starts and ends of a block's spans, in bytes of its text, ascending, each once.
    pub(crate) fn places(&self, index: usize) -> Vec<u32> {
        let spans = self.block(index).map(|block| block.spans()).unwrap_or_default();
        let mut places: Vec<u32> = spans.iter().flat_map(|span| [span.start, span.end]).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// What stands before a line of a plain-text page: list marks are nested by it.
    fn indentation(&self, index: usize) -> &str {
        let Some(block) = self.blocks.get(index).filter(|block| block.kind == BlockKind::Line) else {
            return "";
        };
        let before = self.text.get(..block.start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        if line.chars().all(|c| c == ' ' || c == '\t') { line } else { "" }
    }
}

/// The new place of an old one.
fn moved(places: &[(u32, u32)], old: u32) -> u32 {
    let found = places.binary_search_by_key(&old, |(old, _)| *old);
    found.ok().and_then(|at| places.get(at)).map_or(old, |(_, new)| *new)
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Limits, SpanKind};
    use super::*;

    #[test]
    fn a_block_gets_another_text_and_its_marks_move() {
        let html = "<p>one</p><p>two <b>three</b> four</p>";
        let mut page = Page::read(&Document::html(html), &Limits::default());
        assert_eq!(page.places(1), [3, 9]);
        page.rewrite(1, "2 3 4", &[(3, 2), (9, 3)]);
        let block = page.block(1).unwrap();
        let span = block.spans()[0];
        assert_eq!((block.text(), page.block(0).unwrap().text()), ("2 3 4", "one"));
        assert_eq!((span.kind, span.start, span.end), (SpanKind::Strong, 2, 3));
    }

    #[test]
    fn a_line_keeps_its_indentation() {
        let mut page = Page::read(&Document::text("- a\n  - b"), &Limits::default());
        page.rewrite(1, "- c", &[]);
        assert!(page.text.ends_with("\n  - c"));
        assert_eq!(page.block(1).unwrap().text(), "- c");
    }
}

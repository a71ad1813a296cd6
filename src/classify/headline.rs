//! The heading above an article whose page does not name its title anywhere else.

use super::facts::is_heading_like;
use super::ledger::{Claim, Source};
use super::{Label, Reason};
use crate::page::{BlockKind, Page};

/// Blocks before the body in which its heading is looked for: bylines and promos stand between.
const REACH: usize = 6;
/// A heading has at least this probability of main content. The model was taught by pages whose title stands in
/// `<title>` and whose annotators left the heading out, so that it is low even for the best of headings.
const LEAST: f32 = 0.1;

/// The headline belongs to the body.
pub(super) const CLAIM: Claim = Claim { source: Source::Page, label: Label::Body, reason: Reason::Headline };

/// The heading that goes with the body. Where `<title>` or a meta tag names the title, it is in the report, and
/// the heading stays outside the body as in the field's labelled sets; else it would be lost. `title` is that title, if it
/// is the article's.
pub(super) fn of(page: &Page, labels: &[Label], body: &[f32], title: Option<&str>) -> Option<usize> {
    if title.is_some() {
        return None;
    }
    let first = labels.iter().position(|label| label.is_body())?;
    let may_be = |index: &usize| {
        body.get(*index) >= Some(&LEAST)
            && matches!(labels.get(*index), Some(Label::Related | Label::Nav | Label::Ui))
            && page.block(*index).is_some_and(|block| is_heading_like(&block))
    };
    let has_own = page.block(first).is_some_and(|block| match block.kind() {
        BlockKind::Heading(level) => level <= 2,
        _ => block.kind() == BlockKind::Line && is_heading_like(&block),
    });
    if has_own { None } else { (first.saturating_sub(REACH)..first).rev().find(may_be) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    /// The heading of a page whose blocks have these labels and probabilities.
    fn heading(document: &Document, labels: &[(Label, f32)]) -> Option<usize> {
        let page = Page::read(document, &Limits::default());
        assert_eq!(page.blocks().len(), labels.len());
        let (labels, body): (Vec<Label>, Vec<f32>) = labels.iter().copied().unzip();
        of(&page, &labels, &body, page.metadata().title.as_deref())
    }

    const LABELS: [(Label, f32); 4] =
        [(Label::Nav, 0.01), (Label::Related, 0.3), (Label::Meta, 0.2), (Label::Body, 0.9)];

    #[test]
    fn a_heading_that_nothing_else_names_goes_with_the_body() {
        let text =
            Document::text("Menu\nThe harbour bridge reopens\nBy A. Writer\nThe bridge opened on Monday.");
        assert_eq!(heading(&text, &LABELS), Some(1));
        let html = "<nav>Menu</nav><h2>The harbour bridge</h2><i>By A</i><p>The bridge opened on Monday.</p>";
        assert_eq!(heading(&Document::html(html), &LABELS), Some(1));
    }

    #[test]
    fn a_heading_that_the_title_element_repeats_stays_outside() {
        let html = "<title>T</title><nav>Menu</nav><h2>The harbour bridge</h2><i>By A</i><p>It opened.</p>";
        assert_eq!(heading(&Document::html(html), &LABELS), None);
    }

    #[test]
    fn breadcrumbs_and_list_items_are_no_headings() {
        let text = Document::text("Menu\nHome > News > Harbour\nBy A. Writer\nThe bridge opened on Monday.");
        assert_eq!(heading(&text, &LABELS), None);
    }
}

//! Blocks of the body that a reader of the page does not see.

use crate::features::is_hiding;
use crate::page::{AttrName, ElementId, Page};

/// Takes out of the choice the blocks that their own element or the one above hides, unless three quarters of it are
/// hidden: then a script shows the article, and what hides it says nothing. (On the WCXB development set 2 % of the
/// blocks so hidden are main content.)
pub(super) fn take_out(page: &Page, tokens: &[u32], chosen: &mut [bool]) -> Vec<usize> {
    let hidden: Vec<usize> =
        (0..chosen.len()).filter(|at| chosen.get(*at) == Some(&true) && is_hidden(page, *at)).collect();
    let count = |blocks: &mut dyn Iterator<Item = usize>| -> u64 {
        blocks.filter_map(|at| tokens.get(at)).map(|tokens| u64::from(*tokens)).sum()
    };
    let all = count(&mut (0..chosen.len()).filter(|at| chosen.get(*at) == Some(&true)));
    if hidden.is_empty() || 4 * count(&mut hidden.iter().copied()) > 3 * all {
        return Vec::new();
    }
    for at in &hidden {
        if let Some(chosen) = chosen.get_mut(*at) {
            *chosen = false;
        }
    }
    hidden
}

fn is_hidden(page: &Page, index: usize) -> bool {
    let Some(block) = page.block(index) else { return false };
    let own = block.element_id();
    let parent = block.element().map(crate::page::Element::parent);
    page.attr(own, AttrName::Hidden).is_some()
        || hides(page, own)
        || parent.is_some_and(|parent| hides(page, parent))
}

fn hides(page: &Page, id: ElementId) -> bool {
    page.attr(id, AttrName::Style).is_some_and(is_hiding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    fn left(html: &str) -> Vec<bool> {
        let page = Page::read(&Document::html(html), &Limits::default());
        let mut chosen = vec![true; page.blocks().len()];
        take_out(&page, &vec![10; chosen.len()], &mut chosen);
        chosen
    }

    #[test]
    fn a_hidden_paragraph_beside_a_shown_article_goes() {
        let html = "<p>one</p><p>two</p><p style='display: none'>three</p><div style='visibility:hidden'><p>four</p></div>";
        assert_eq!(left(html), [true, true, false, false]);
    }

    #[test]
    fn an_article_that_a_script_will_show_stays() {
        let html =
            "<div style='visibility:hidden'><p>one</p><p>two</p><p>three</p><p>four</p></div><p>five</p>";
        assert_eq!(left(html), [true; 5]);
    }
}

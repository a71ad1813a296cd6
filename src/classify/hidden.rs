//! Blocks of the body that a reader of the page does not see.
//!
//! What is hidden is not what a reader came for: words against copying, dialogs, templates. But answers, tabs, slides and the
//! rest of a long article are hidden as well until somebody asks for them, and those are main content. Of the blocks of 40
//! characters or more that are hidden and that the model takes for main content, four in five are in the gold text of the
//! WCXB development set, nearly all of them in folds.

use super::evidence::Scored;
use super::kind::Kinds;
use super::{Label, Reason};
use crate::page::select::chain;
use crate::page::{AttrName, Block, BlockKind, Element, ElementId, Hiding, Page};
use rustc_hash::FxHashMap;

/// Takes hidden blocks out of the choice, unless they are folds or three quarters of it are hidden: then a script shows the
/// article, and what hides it says nothing.
pub(super) fn take_out(scored: Scored<'_>, kinds: &Kinds<'_>, chosen: &mut [bool]) -> Vec<usize> {
    let search = Search { scored, kinds };
    let all: Vec<usize> = (0..chosen.len()).filter(|at| chosen.get(*at) == Some(&true)).collect();
    let hidden: Vec<(usize, ElementId, Hiding)> = all.iter().filter_map(|at| search.hider(*at)).collect();
    let tokens = |at: &usize| scored.measured.tokens().get(*at).map_or(0, |tokens| u64::from(*tokens));
    let count = |hides: &dyn Fn(Hiding) -> bool| -> u64 {
        hidden.iter().filter(|(_, _, by)| hides(*by)).map(|(at, ..)| tokens(at)).sum()
    };
    let text: u64 = all.iter().map(tokens).sum();
    if hidden.is_empty() || 4 * count(&|_| true) > 3 * text {
        return Vec::new();
    }
    let veiled = VEILED * count(&|by| by == Hiding::Veil) > text;
    // blocks of one hidden element are asked about once
    let mut folds = FxHashMap::default();
    let mut goes = |(at, hider, by): &(usize, ElementId, Hiding)| {
        let waits = *by == Hiding::Veil && veiled;
        let mut is_fold = || *folds.entry(*hider).or_insert_with(|| search.is_fold(*at, *hider));
        !waits && (search.is_part(*at) || !is_fold())
    };
    let out: Vec<usize> = hidden.iter().filter(|found| goes(found)).map(|(at, ..)| *at).collect();
    for at in &out {
        if let Some(chosen) = chosen.get_mut(*at) {
            *chosen = false;
        }
    }
    out
}

/// Text that keeps its place while it is not seen waits for a script if it is more than one part in so many of the body.
const VEILED: u64 = 3;

/// What hides a block: the inline element whose words it is, or by their own attributes its element or the one above.
pub(super) fn hider(page: &Page, block: Block<'_>) -> Option<(ElementId, Hiding)> {
    let inline = page.traces().parted(block.inner_id()).map(|by| (block.inner_id(), by));
    let says = |id: &ElementId| {
        page.attributes(*id).any(|(name, _)| matches!(name, AttrName::Style | AttrName::Hidden))
    };
    let around = || {
        let elements = [Some(block.element_id()), block.element().map(Element::parent)];
        let mut saying = elements.into_iter().flatten().filter(says);
        saying.find_map(|id| Some((id, page.traces().hiding(id)?)))
    };
    let known = |by| matches!(by, Hiding::Attribute | Hiding::Style | Hiding::Veil);
    inline.or_else(|| around().filter(|(_, by)| known(*by)))
}

struct Search<'a> {
    scored: Scored<'a>,
    kinds: &'a Kinds<'a>,
}

/// Parts of classes, ids and roles of what a reader opens.
const FOLDS: [&str; 17] = [
    "accord", "answer", "carousel", "collaps", "expand", "faq", "fold", "more", "pane", "reveal", "slide",
    "spoiler", "swiper", "tab-", "tab_", "tabs", "toggle",
];
/// Elements above the hidden one whose names tell what it is.
const LEVELS: usize = 3;
/// Elements before and behind the hidden one among which its siblings are looked for.
const NEAR: u32 = 64;
/// Hidden words of a shown paragraph are the rest of it only if they have so many tokens.
const REST: u32 = 12;
/// What a reader presses to see the rest.
const MORE: [&str; 14] = [
    "read more", "show more", "see more", "view more", "more", "continue reading", "read on",
    "read the rest", "expand", "展开", "全文", "显示全部", "更多", "继续阅读",
];
/// What is pressed has at most so many tokens.
const PRESSED: u32 = 10;

impl Search<'_> {
    fn hider(&self, index: usize) -> Option<(usize, ElementId, Hiding)> {
        let (id, by) = hider(self.scored.page, self.scored.page.block(index)?)?;
        Some((index, id, by))
    }

    /// Whether a block belongs to a menu, a dialog or the legal text, which are opened as well.
    fn is_part(&self, index: usize) -> bool {
        let (label, reason) = self.kinds.of_junk(index);
        let named =
            [Reason::Control, Reason::PopupName, Reason::Dialog, Reason::NavElement, Reason::SocialName];
        label == Label::Legal || named.contains(&reason)
    }

    /// Whether a hidden element is one that a reader of the body can open; `index` is its first block.
    fn is_fold(&self, index: usize, hider: ElementId) -> bool {
        let block = self.scored.page.block(index);
        if block.is_some_and(|block| block.inner_id() == hider && block.element_id() != hider) {
            return self.tokens(index) >= REST && (self.is_named(hider, 1) || self.is_pressed(index, hider));
        }
        self.is_named(hider, LEVELS)
            || self.is_asked(index, hider)
            || self.is_pressed(index, hider)
            || self.has_shown_sibling(hider)
    }

    fn tokens(&self, index: usize) -> u32 {
        self.scored.measured.tokens().get(index).copied().unwrap_or_default()
    }

    /// Whether names of the hidden element and of those around it say so.
    fn is_named(&self, hider: ElementId, levels: usize) -> bool {
        let page = self.scored.page;
        let names = chain(page, hider)
            .take(levels)
            .flat_map(|at| page.attributes(at))
            .filter(|(name, _)| matches!(name, AttrName::Class | AttrName::Id | AttrName::Role));
        names
            .map(|(_, value)| value.to_ascii_lowercase())
            .any(|value| FOLDS.iter().any(|fold| value.contains(fold)))
    }

    fn is_within(&self, index: usize, hider: ElementId) -> bool {
        let page = self.scored.page;
        page.block(index).is_some_and(|block| chain(page, block.inner_id()).any(|id| id == hider))
    }

    /// Whether the shown block before the hidden element is a heading or a question.
    fn is_asked(&self, index: usize, hider: ElementId) -> bool {
        let before =
            (0..index).rev().find(|at| !self.is_within(*at, hider)).and_then(|at| self.scored.page.block(at));
        before.is_some_and(|block| self.is_beside(block, hider) && is_question(block))
    }

    /// Whether the block behind the hidden element opens it.
    fn is_pressed(&self, index: usize, hider: ElementId) -> bool {
        let mut behind = index..self.scored.page.blocks().len();
        let block = behind.find(|at| !self.is_within(*at, hider)).and_then(|at| self.scored.page.block(at));
        block.is_some_and(|block| {
            let text = block.text().to_lowercase();
            self.tokens(block.index()) <= PRESSED && MORE.iter().any(|more| text.contains(more))
        })
    }

    /// Whether a shown block stands in the element that the hidden one stands in.
    fn is_beside(&self, block: Block<'_>, hidden: ElementId) -> bool {
        let page = self.scored.page;
        let around = page.element(hidden).map(Element::parent);
        chain(page, block.element_id()).take(LEVELS).any(|id| Some(id) == around)
    }

    /// Whether an element of the same name and class beside the hidden one is shown, as one slide of several is: a paragraph
    /// without a class stands beside others on every page.
    fn has_shown_sibling(&self, hidden: ElementId) -> bool {
        let page = self.scored.page;
        let Some(own) = page.element(hidden) else { return false };
        let class = |id: ElementId| {
            page.attr(id, AttrName::Class).and_then(|class| class.split_ascii_whitespace().next())
        };
        let is_alike = |id: &ElementId| {
            let beside =
                page.element(*id).filter(|other| other.parent() == own.parent() && other.tag() == own.tag());
            beside.is_some() && class(*id) == class(hidden) && page.traces().hiding(*id).is_none()
        };
        let near = hidden.0.saturating_sub(NEAR)..hidden.0.saturating_add(NEAR);
        class(hidden).is_some() && near.map(ElementId).any(|id| is_alike(&id))
    }
}

/// Whether a block asks for what follows it.
fn is_question(block: Block<'_>) -> bool {
    let heads = matches!(block.kind(), BlockKind::Heading(_) | BlockKind::Control);
    heads || block.text().ends_with(['?', '？'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::measure;
    use crate::page::{Document, Limits};

    /// Which blocks are left where all were chosen.
    fn left(html: &str) -> Vec<bool> {
        let page = Page::read(&Document::html(html), &Limits::default());
        let (measured, body) = (measure(&page), vec![0.9; page.blocks().len()]);
        let scored = Scored { page: &page, measured: &measured, body: &body, corrected: None };
        let mut chosen = vec![true; body.len()];
        take_out(scored, &Kinds::of(&page, &measured), &mut chosen);
        chosen
    }

    const SHOWN: &str = "<p>The ferry returned to the harbour on Monday after a refit of eleven weeks.</p>";
    const TEXT: &str =
        "<p>Its two engines were made in the yard across the bay and burn a third less oil.</p>";

    #[test]
    fn a_hidden_paragraph_beside_a_shown_article_goes() {
        let html = "<p>one two three</p><p>four five six</p><p style='display: none'>seven</p><div style='visibility:hidden'><p>eight</p></div>";
        assert_eq!(left(html), [true, true, false, false]);
        assert_eq!(
            left(&format!("{SHOWN}{SHOWN}<div class=modal style='display:none'>{TEXT}</div>")),
            [true, true, false]
        );
    }

    #[test]
    fn an_article_that_a_script_will_show_stays() {
        let html =
            "<div style='visibility:hidden'><p>one</p><p>two</p><p>three</p><p>four</p></div><p>five</p>";
        assert_eq!(left(html), [true; 5]);
        assert_eq!(left(&format!("{SHOWN}<div style='visibility:hidden'>{TEXT}</div>")), [true; 2]);
    }

    #[test]
    fn what_a_reader_can_open_stays() {
        for (fold, blocks) in [
            ("<div class=accordion><div style='display:none'>TEXT</div></div>", 3),
            ("<div><h3>How long?</h3><div hidden>TEXT</div></div>", 4),
            ("<dl><dt>How long does it take?</dt><dd style='display:none'>TEXT</dd></dl>", 4),
            ("<div id=x style='display:none'>TEXT</div><a>Read more</a>", 4),
            ("<div id=x style='display:none'>TEXT</div><button>展开全文</button>", 4),
            ("<section class=s>TEXT</section><section class=s style='display:none'>TEXT</section>", 4),
        ] {
            let html = format!("{SHOWN}{SHOWN}{}", fold.replace("TEXT", TEXT));
            let found = left(&html);
            let last = html.matches(TEXT).count();
            assert_eq!(found.len(), blocks, "{fold}");
            assert!(found.iter().filter(|body| **body).count() >= 2 + last, "{fold}: {found:?}");
        }
    }
}

//! What a block outside the body is, and the rules that overrule the body model.
//!
//! In: a page and its measurements. Out: for each block a label and the name of the rule that gave it. Words
//! come first ([`rules`]), then the lists that stand below a heading of such words, then the elements around
//! the block ([`markup`]), then its shape ([`shape`]). The module knows no probability.
//!
//! Start reading at [`Kinds::of`]; a rule is added in [`rules`].

mod index;
mod key;
mod markup;
mod rules;
mod shape;

use super::Label;
use crate::features::Measured;
use crate::features::schema::BlockFeature as F;
use crate::page::{Block, BlockKind, Media, Page};
use index::Index;
use key::Key;
use rules::{NAMING, OVERRULING, Place};
use std::sync::LazyLock;

static STRONG: LazyLock<Index> = LazyLock::new(|| Index::of(OVERRULING));
static WEAK: LazyLock<Index> = LazyLock::new(|| Index::of(NAMING));

/// A label and the name of the rule that gave it.
type Ruled = (Label, &'static str);

/// The kinds of a page's blocks.
pub(super) struct Kinds<'p> {
    page: &'p Page,
    measured: &'p Measured,
    /// Whether the page is plain text.
    text: bool,
    /// First and last block of running text; the page's end when there is none.
    running: (usize, usize),
    /// What overrules the model, block by block.
    strong: Vec<Option<Ruled>>,
    /// What the heading above a block's list says.
    listed: Vec<Option<Ruled>>,
}

/// A block of running text has at least so many tokens and sentence ends…
const RUNNING_TOKENS: u32 = 40;
const RUNNING_SENTENCES: f32 = 2.0;
/// …and at most this share of its characters in links.
const RUNNING_LINKS: f32 = 0.3;

impl<'p> Kinds<'p> {
    pub(super) fn of(page: &'p Page, measured: &'p Measured) -> Self {
        let blocks = measured.blocks();
        let text = page.source().media == Media::Text;
        let mut kinds = Self {
            page,
            measured,
            text,
            running: (0, blocks),
            strong: Vec::with_capacity(blocks),
            listed: vec![None; blocks],
        };
        kinds.running = kinds.find_running();
        let mut key = Key::default();
        for block in page.blocks() {
            let found = kinds.rule(block, &mut key);
            kinds.strong.push(found);
        }
        kinds.list();
        kinds
    }

    /// A label that the block has whatever the model says, and the name of the rule.
    pub(super) fn overruled(&self, index: usize) -> Option<Ruled> {
        self.strong.get(index).copied().flatten()
    }

    /// The kind of a block that is not main content, and the name of the rule.
    pub(super) fn of_junk(&self, index: usize) -> Ruled {
        let Some(block) = self.page.block(index) else { return (Label::Ui, "outside_body") };
        if block.kind().is_pseudo() {
            return (Label::Meta, "not_shown");
        }
        self.overruled(index)
            .or_else(|| self.listed.get(index).copied().flatten())
            .or_else(|| self.named(block))
            .or_else(|| markup::kind(self.measured.row(index)))
            .unwrap_or_else(|| self.shaped(block))
    }

    fn value(&self, index: usize, feature: F) -> f32 {
        self.measured.row(index).get(feature as usize).copied().unwrap_or_default()
    }

    fn is_running(&self, index: usize) -> bool {
        self.measured.tokens().get(index).is_some_and(|tokens| *tokens >= RUNNING_TOKENS)
            && self.value(index, F::Sentences) >= RUNNING_SENTENCES.ln_1p()
            && self.value(index, F::LinkDensity) <= RUNNING_LINKS
            && self.value(index, F::Pseudo) == 0.0
    }

    fn find_running(&self) -> (usize, usize) {
        let blocks = self.measured.blocks();
        let mut running = (0..blocks).filter(|index| self.is_running(*index));
        let first = running.next();
        (first.unwrap_or(0), running.last().or(first).unwrap_or(blocks))
    }

    fn place(&self, block: Block<'_>) -> Place {
        let index = block.index();
        let when = |holds: bool, place| if holds { place } else { Place::ANYWHERE };
        let tail = index > self.running.1;
        when(self.text, Place::TEXT)
            .and(when(tail, Place::TAIL))
            .and(when(tail || index < self.running.0, Place::EDGE))
            .and(when(markup::is_links(self.measured.row(index)), Place::LINK))
            .and(when(!matches!(block.kind(), BlockKind::Cell { .. }), Place::NO_CELL))
    }

    /// The rule that overrules the model.
    fn rule(&self, block: Block<'_>, key: &mut Key) -> Option<Ruled> {
        if block.kind().is_pseudo() || block.kind() == BlockKind::Code {
            return None;
        }
        let text = block.text();
        key.read(text);
        let words = STRONG.find(text, key, self.place(block)).map(|rule| (rule.label, rule.name));
        words.or_else(|| self.strong_shape(block))
    }

    fn strong_shape(&self, block: Block<'_>) -> Option<Ruled> {
        let text = block.text();
        if self.text && shape::is_bare_markup(text) {
            return Some((Label::Seo, "bare_markup"));
        }
        if shape::is_pagination(text) {
            return Some((Label::Nav, "pagination"));
        }
        let crumbs = self.text || block.index() < self.running.0;
        shape::breadcrumb(text).filter(|(_, home)| *home && crumbs).map(|_| (Label::Nav, "breadcrumb"))
    }

    /// Gives the lists below headings of junk their label; on a plain-text page they overrule the model.
    fn list(&mut self) {
        let mut section: Option<Ruled> = None;
        for index in 0..self.measured.blocks() {
            if let Some(ruled) = self.overruled(index) {
                section = match ruled.1 {
                    "related_heading" => Some((Label::Related, "related_list")),
                    "source_heading" => Some((Label::Meta, "source_list")),
                    "comment_prompt" => Some((Label::Comment, "comment_list")),
                    _ => None,
                };
                continue;
            }
            if self.is_running(index)
                || matches!(self.page.block(index).map(|b| b.kind()), Some(BlockKind::Heading(_)))
            {
                section = None;
            }
            if let Some(slot) = self.listed.get_mut(index) {
                *slot = section;
            }
            if self.text
                && index > self.running.1
                && section.is_some_and(|(label, _)| label != Label::Comment)
            {
                if let Some(slot) = self.strong.get_mut(index) {
                    *slot = section;
                }
            }
        }
    }

    fn named(&self, block: Block<'_>) -> Option<Ruled> {
        let mut key = Key::default();
        key.read(block.text());
        if block.kind() == BlockKind::Control {
            return Some((Label::Ui, "control"));
        }
        WEAK.find(block.text(), &key, self.place(block)).map(|rule| (rule.label, rule.name))
    }

    fn shaped(&self, block: Block<'_>) -> Ruled {
        let text = block.text();
        if shape::breadcrumb(text).is_some() {
            return (Label::Nav, "breadcrumb");
        }
        if shape::is_list_item(text) {
            return (Label::Related, "list_item");
        }
        (Label::Related, "outside_body")
    }
}

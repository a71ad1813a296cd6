//! What a block outside the body is, and the rules that overrule the body model.
//!
//! In: a page and its measurements. Out: for each block a label and the name of the rule that gave it. Words
//! come first ([`crate::lexicon`]), then the lists that stand below a heading of such words, then the elements around
//! the block ([`markup`]), then its shape ([`shape`]). The module knows no probability.
//!
//! Start reading at [`Kinds::of`]; a phrase is added in `models/lexicon/phrases.tsv`.

mod comments;
mod markup;
mod shape;
#[cfg(test)]
mod tests;

use super::{Group, Label, Reason};
use crate::features::Measured;
use crate::features::schema::BlockFeature as F;
use crate::lexicon::{self, Key, Place};
use crate::page::{Block, BlockKind, Media, Page};
use shape::Alone;
pub(super) use shape::is_noise_tag;
use std::cell::OnceCell;

/// A label and the name of the rule that gave it.
type Ruled = (Label, Reason);

/// What a rule looks at; the first tell most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    /// The block's own words or those of the heading above it.
    Words,
    /// The elements around it.
    Markup,
    /// Its length and place.
    Shape,
    /// Nothing told anything.
    Nothing,
}

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
    /// The kinds that were asked for so far: every block's is asked for more than once.
    junk: Vec<OnceCell<Ruled>>,
    /// The same of what words say without overruling.
    named: Vec<OnceCell<Option<Ruled>>>,
}

/// A block of running text has at least so many tokens and ends as a sentence does, or has so many sentences…
const RUNNING_TOKENS: u32 = 20;
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
            junk: vec![OnceCell::new(); blocks],
            named: vec![OnceCell::new(); blocks],
        };
        let mut key = Key::default();
        kinds.running = kinds.find_running(&mut key);
        for block in page.blocks() {
            let found = kinds.rule(block, &mut key);
            kinds.strong.push(found);
        }
        kinds.list();
        for (index, ruled) in comments::find(&kinds) {
            if let Some(slot) = kinds.strong.get_mut(index) {
                slot.get_or_insert(ruled);
            }
        }
        kinds
    }

    /// A label that the block has whatever the model says, and the name of the rule.
    pub(super) fn overruled(&self, index: usize) -> Option<Ruled> {
        self.strong.get(index).copied().flatten()
    }

    /// Whether a block is a dump of search words, which is no part of any page.
    pub(super) fn is_dump(&self, index: usize) -> bool {
        self.overruled(index).is_some_and(|(_, reason)| reason == Reason::KeywordDump)
    }

    /// The kind of a block that is not main content, and the name of the rule.
    pub(super) fn of_junk(&self, index: usize) -> Ruled {
        match self.junk.get(index) {
            Some(known) => *known.get_or_init(|| self.find_junk(index)),
            None => self.find_junk(index),
        }
    }

    fn find_junk(&self, index: usize) -> Ruled {
        let Some(block) = self.page.block(index) else { return (Label::Ui, Reason::OutsideBody) };
        if block.kind().is_pseudo() {
            return (Label::Meta, Reason::NotShown);
        }
        let row = self.measured.row(index);
        let listed = || self.listed.get(index).copied().flatten();
        let short = self.measured.tokens().get(index).is_some_and(|tokens| *tokens <= ENTRY_TOKENS);
        let around =
            || markup::kind(self.page, block, row).map(|kind| if short { as_entry(kind) } else { kind });
        self.overruled(index)
            .or_else(|| around().filter(|(label, _)| listed().is_some() && *label == Label::Comment))
            .or_else(listed)
            .or_else(|| self.named(block))
            .or_else(|| (block.kind() == BlockKind::Control).then_some((Label::Ui, Reason::Control)))
            .or_else(around)
            .unwrap_or_else(|| self.shaped(block))
    }

    /// The kind by the rules, and how telling the rule is.
    pub(super) fn tier(&self, index: usize) -> (Label, Tier) {
        if let Some((label, _)) = self.overruled(index) {
            return (label, Tier::Words);
        }
        let (label, reason) = self.of_junk(index);
        let tier = match reason.group() {
            Group::Markup => Tier::Markup,
            Group::Shape => Tier::Shape,
            Group::Nothing => Tier::Nothing,
            _ => Tier::Words,
        };
        (label, tier)
    }

    /// Whether a block stands before, and whether behind, all running text.
    pub(super) fn beside_running(&self, index: usize) -> (bool, bool) {
        (index < self.running.0, index > self.running.1)
    }

    fn value(&self, index: usize, feature: F) -> f32 {
        self.measured.row(index).get(feature as usize).copied().unwrap_or_default()
    }

    fn is_running(&self, index: usize) -> bool {
        self.measured.tokens().get(index).is_some_and(|tokens| *tokens >= RUNNING_TOKENS)
            && self.value(index, F::LinkDensity) <= RUNNING_LINKS
            && self.page.block(index).is_some_and(|block| {
                let sentences = self.value(index, F::Sentences) >= RUNNING_SENTENCES.ln_1p();
                !block.kind().is_pseudo()
                    && (sentences || block.text().ends_with(['.', '。', '”', '!', '！']))
            })
    }

    /// First and last block of running text that no rule takes: disclaimers are not what a page is about.
    fn find_running(&self, key: &mut Key) -> (usize, usize) {
        let mut holds = |index: &usize| {
            let block = self.page.block(*index).filter(|_| self.is_running(*index));
            block.is_some_and(|block| self.rule(block, key).is_none())
        };
        let blocks = self.measured.blocks();
        let first = (0..blocks).find(&mut holds);
        (first.unwrap_or(0), (0..blocks).rev().find(holds).unwrap_or(blocks))
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
        let words = lexicon::overruling().find(text, key, self.place(block));
        words.map(|phrase| (phrase.label, phrase.reason)).or_else(|| self.strong_shape(block))
    }

    fn strong_shape(&self, block: Block<'_>) -> Option<Ruled> {
        let text = block.text();
        if self.text && shape::is_noise_markup(text) {
            return Some((Label::Seo, Reason::NoiseMarkup));
        }
        if shape::is_keyword_dump(text) {
            return Some((Label::Seo, Reason::KeywordDump));
        }
        let tail = block.index() > self.running.1;
        let alone = if tail { Alone::Counts } else { Alone::DoesNotCount };
        if shape::is_pagination(text, alone) {
            return Some((Label::Nav, Reason::Pagination));
        }
        let crumbs = self.text || block.index() < self.running.0;
        shape::breadcrumb(text).filter(|(_, home)| *home && crumbs).map(|_| (Label::Nav, Reason::Breadcrumb))
    }

    /// Gives the lists below headings of junk their label; behind the article of a plain-text page they overrule
    /// the model.
    fn list(&mut self) {
        let sure = self.text && self.is_article();
        let mut section: Option<Ruled> = None;
        for index in 0..self.measured.blocks() {
            if let Some(ruled) = self.overruled(index) {
                section = below(ruled);
                continue;
            }
            if self.ends_list(index) {
                section = None;
            }
            let overrules = sure && index > self.running.1 && section != Some(COMMENTS);
            if let Some(slot) = self.strong.get_mut(index).filter(|_| overrules) {
                *slot = section;
            }
            if let Some(slot) = self.listed.get_mut(index) {
                *slot = section;
            }
            section = self.page.block(index).and_then(|block| self.opens_comments(block)).or(section);
        }
    }

    /// Whether the running text is more than everything behind it.
    fn is_article(&self) -> bool {
        let tokens = self.measured.tokens();
        let last = self.running.1.saturating_add(1).min(tokens.len());
        let running = (0..last).filter(|index| self.is_running(*index));
        let running: u32 = running.filter_map(|index| tokens.get(index)).sum();
        running >= tokens.iter().skip(last).sum()
    }

    /// Whether no list goes on at a block.
    fn ends_list(&self, index: usize) -> bool {
        let heading = |block: Block<'_>| matches!(block.kind(), BlockKind::Heading(_));
        self.is_running(index) || self.page.block(index).is_some_and(heading)
    }

    fn opens_comments(&self, block: Block<'_>) -> Option<Ruled> {
        let named = (block.text().len() <= HEADING_BYTES).then(|| self.named(block)).flatten();
        named.filter(|(label, _)| *label == Label::Comment).map(|_| COMMENTS)
    }

    fn named(&self, block: Block<'_>) -> Option<Ruled> {
        match self.named.get(block.index()) {
            Some(known) => *known.get_or_init(|| self.find_named(block)),
            None => self.find_named(block),
        }
    }

    fn find_named(&self, block: Block<'_>) -> Option<Ruled> {
        let mut key = Key::default();
        let found = lexicon::naming().find(block.text(), &mut key, self.place(block));
        found.map(|phrase| (phrase.label, phrase.reason))
    }

    /// What a block without any other sign is by its shape and place.
    fn shaped(&self, block: Block<'_>) -> Ruled {
        let (text, index) = (block.text(), block.index());
        let tokens = self.measured.tokens().get(index).copied().unwrap_or_default();
        let links = markup::is_links(self.measured.row(index));
        let item = !self.text && self.value(index, F::InItem) <= ITEM_LEVELS;
        let early = self.text && index < self.running.0;
        match () {
            () if shape::breadcrumb(text).is_some() => (Label::Nav, Reason::Breadcrumb),
            () if shape::is_number(text) => (Label::Meta, Reason::Number),
            () if self.value(index, F::DateLike) > 0.0 && tokens <= DATE_TOKENS => {
                (Label::Meta, Reason::DateLine)
            }
            () if shape::is_menu(text) => (Label::Nav, Reason::MenuLine),
            () if (links || early || item || shape::is_list_item(text)) && tokens <= ENTRY_TOKENS => {
                (Label::Nav, Reason::ShortEntry)
            }
            () if shape::is_list_item(text) => (Label::Related, Reason::ListItem),
            () => (Label::Related, Reason::OutsideBody),
        }
    }
}

/// What stands below a heading of comments.
const COMMENTS: Ruled = (Label::Comment, Reason::CommentList);
/// A heading of comments is at most so long, bytes.
const HEADING_BYTES: usize = 60;
/// A line with a date is a byline if it has at most so many tokens.
const DATE_TOKENS: u32 = 24;
/// Levels up to the list item that a block is.
const ITEM_LEVELS: f32 = 1.0;
/// An entry of a menu has at most so many tokens.
const ENTRY_TOKENS: u32 = 4;

/// What stands beside the article is a menu if it is that short.
fn as_entry(kind: Ruled) -> Ruled {
    match kind.1 {
        Reason::AsideElement | Reason::SideName => (Label::Nav, kind.1),
        _ => kind,
    }
}

/// What stands in the list below a block with this label.
fn below(heading: Ruled) -> Option<Ruled> {
    match heading.1 {
        Reason::RelatedHeading => Some((Label::Related, Reason::RelatedList)),
        Reason::SourceHeading => Some((Label::Meta, Reason::SourceList)),
        _ => None,
    }
}

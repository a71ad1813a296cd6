//! Whether a page has any main content: script shells, error pages, bot checks.

use super::evidence::Scored;
use super::ledger::{Claim, Source};
use super::naming::FEW;
use super::page_kind::Told;
use super::{Label, PageKind, Reason};
use crate::features::schema::PageFeature;
use crate::features::vectors::EmptySign;
use crate::lexicon::{NoContent, no_content};
use crate::model::Logistic;
use crate::page::{BlockKind, Page};
use std::ops::BitOr;

/// A phrase counts in the title and in blocks of at most so many tokens.
const SHORT_BLOCK: u32 = 40;
/// Blocks from the start that are searched for phrases.
const SEARCHED_BLOCKS: usize = 40;

/// What speaks for and against main content.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signs {
    pub(super) script: bool,
    pub(super) error: bool,
    pub(super) check: bool,
    /// ln(1 + tokens) expected in the body.
    expected: f32,
    /// The highest probability of a block.
    highest: f32,
    confidence: f32,
    page_tokens: f32,
    blocks: f32,
    prose: f32,
    /// ln(1 + bytes of source for each token).
    bytes_per_token: f32,
}

/// How empty a page is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Emptiness {
    /// The probability that the page stands in the place of content, 0 to 1.
    pub(super) probability: f32,
    /// The probability that none of its blocks is main content, 0 to 1: a template of somebody's running text has such blocks.
    pub(super) bare: f32,
}

/// The numbers that [`crate::model::Blocks::empty`] looks at, in order.
pub(crate) const INPUTS: usize = EmptySign::COUNT;

impl Signs {
    pub(super) fn of(scored: Scored<'_>, confidence: f32) -> Self {
        let Scored { page, measured, .. } = scored;
        let of_page = |feature: PageFeature| measured.of_page().get(feature as usize).copied().unwrap_or(0.0);
        let NoContent { script, error, check } = told(page, measured.tokens());
        let signs = Self {
            script,
            error,
            check,
            expected: 0.0,
            highest: 0.0,
            confidence,
            page_tokens: 0.0,
            blocks: of_page(PageFeature::Blocks),
            prose: of_page(PageFeature::LongestProse),
            bytes_per_token: 0.0,
        };
        signs.counted_without(scored, &[])
    }

    /// The same of a page whose dumps of search words are as if they were not there.
    pub(super) fn without(self, scored: Scored<'_>, dumps: &[usize]) -> Self {
        if dumps.is_empty() { self } else { self.counted_without(scored, dumps) }
    }

    fn counted_without(self, Scored { page, measured, body, .. }: Scored<'_>, dumps: &[usize]) -> Self {
        let counted = || measured.tokens().iter().zip(body).enumerate();
        let counted = || counted().filter(|(index, _)| dumps.binary_search(index).is_err()).map(|(_, of)| of);
        let tokens: f32 = counted().map(|(tokens, _)| *tokens as f32).sum();
        let expected: f32 = counted().map(|(tokens, p)| p * *tokens as f32).sum();
        let dumped: usize = dumps.iter().filter_map(|index| page.block(*index)).map(|b| b.text().len()).sum();
        Self {
            expected: expected.ln_1p(),
            highest: counted().map(|(_, p)| *p).fold(0.0, f32::max),
            page_tokens: tokens.ln_1p(),
            bytes_per_token: (page.source().bytes.saturating_sub(dumped) as f32 / tokens.max(1.0)).ln_1p(),
            ..self
        }
    }

    /// The probability that the page stands in the place of content: by the server's word, by what kind of page it is, else
    /// by a model of these signs, and by the labels of its blocks.
    pub(super) fn probability(
        &mut self,
        model: &Logistic,
        kind: Option<&Told>,
        page: &Page,
        labels: &[Label],
    ) -> Emptiness {
        if labels.is_empty() || page.source().failed_status().is_some() {
            return Emptiness { probability: 1.0, bare: 1.0 };
        }
        let signs = model.probability(&self.inputs());
        let probability = kind.map_or(signs, |kind| kind.p(PageKind::Placeholder));
        if is_hollow(page, labels) {
            self.script = true;
            return Emptiness { probability: probability.max(HOLLOW), bare: HOLLOW };
        }
        // The model knows no pages of a line or three.
        let is_line = labels.len() <= FEW && labels.iter().any(|label| label.is_body());
        let bare = if is_line && !self.is_told() { signs.min(IN_DOUBT) } else { signs };
        Emptiness { probability: if kind.is_some() { probability } else { bare }, bare }
    }

    /// Whether the page's own words say that it has no content.
    pub(super) fn is_told(&self) -> bool {
        self.script || self.error || self.check
    }

    /// The numbers for the model of empty pages.
    pub(super) fn inputs(&self) -> [f32; INPUTS] {
        let flag = |sign: bool| if sign { 1.0 } else { 0.0 };
        EmptySign::row([
            (EmptySign::Script, flag(self.script)),
            (EmptySign::Error, flag(self.error)),
            (EmptySign::Check, flag(self.check)),
            (EmptySign::Expected, self.expected),
            (EmptySign::Highest, self.highest),
            (EmptySign::Confidence, self.confidence),
            (EmptySign::PageTokens, self.page_tokens),
            (EmptySign::Blocks, self.blocks),
            (EmptySign::Prose, self.prose),
            (EmptySign::BytesPerToken, self.bytes_per_token),
            (EmptySign::ToldAndShort, flag(self.is_told()) * (7.0 - self.page_tokens).max(0.0)),
        ])
    }
}

/// The numbers for the model of empty pages, from a page and its blocks' probabilities.
#[cfg(feature = "train")]
pub(crate) fn empty_inputs(scored: Scored<'_>, confidence: f32) -> [f32; INPUTS] {
    Signs::of(scored, confidence).inputs()
}

/// How sure it is that a hollow page has no main content.
const HOLLOW: f32 = 0.9;
/// The probability of no main content that leaves open whether there is any.
const IN_DOUBT: f32 = 0.4;

/// Whether the body is the meta description alone: the page's text is brought by scripts.
fn is_hollow(page: &Page, labels: &[Label]) -> bool {
    let mut body = page.blocks().zip(labels).filter(|(_, label)| label.is_body()).peekable();
    body.peek().is_some() && body.all(|(block, _)| block.kind() == BlockKind::Meta)
}

/// A page without main content has no body: what was taken for it is words of widgets.
pub(super) fn claims(labels: &[Label]) -> impl Iterator<Item = (usize, Claim)> + '_ {
    let claim = Claim { source: Source::NoContent, label: Label::Ui, reason: Reason::EmptyPage };
    labels.iter().enumerate().filter(|(_, label)| label.is_body()).map(move |(block, _)| (block, claim))
}

/// What the page's own words say.
fn told(page: &Page, tokens: &[u32]) -> NoContent {
    let title = page.metadata().title_tag.as_deref().unwrap_or_default();
    let blocks = page.blocks().zip(tokens).take(SEARCHED_BLOCKS);
    let short =
        blocks.filter(|(_, tokens)| **tokens <= SHORT_BLOCK).map(|(block, _)| no_content(block.text()));
    short.fold(no_content(title), NoContent::bitor)
}

//! Whether a page has any main content: script shells, error pages, bot checks.

use super::decide::Claim;
use super::{BlockReport, Label};
use crate::features::schema::PageFeature;
use crate::features::{Measured, vectors::EMPTY_SIGNS};
use crate::lexicon::{NoContent, no_content};
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

/// The numbers that [`crate::model::Header::empty`] looks at, in order.
pub(crate) const INPUTS: usize = EMPTY_SIGNS.len();

impl Signs {
    pub(super) fn of(page: &Page, measured: &Measured, probabilities: &[f32], confidence: f32) -> Self {
        let tokens: f32 = measured.tokens().iter().map(|tokens| *tokens as f32).sum();
        let expected: f32 =
            probabilities.iter().zip(measured.tokens()).map(|(p, tokens)| p * *tokens as f32).sum();
        let of_page = |feature: PageFeature| measured.of_page().get(feature as usize).copied().unwrap_or(0.0);
        let NoContent { script, error, check } = told(page, measured.tokens());
        Self {
            script,
            error,
            check,
            expected: expected.ln_1p(),
            highest: probabilities.iter().copied().fold(0.0, f32::max),
            confidence,
            page_tokens: tokens.ln_1p(),
            blocks: of_page(PageFeature::Blocks),
            prose: of_page(PageFeature::LongestProse),
            bytes_per_token: (page.source().bytes as f32 / tokens.max(1.0)).ln_1p(),
        }
    }

    /// Whether the page's own words say that it has no content.
    pub(super) fn is_told(&self) -> bool {
        self.script || self.error || self.check
    }

    /// The numbers for the model of empty pages.
    pub(super) fn inputs(&self) -> [f32; INPUTS] {
        let flag = |sign: bool| if sign { 1.0 } else { 0.0 };
        [
            flag(self.script),
            flag(self.error),
            flag(self.check),
            self.expected,
            self.highest,
            self.confidence,
            self.page_tokens,
            self.blocks,
            self.prose,
            self.bytes_per_token,
            flag(self.script || self.error || self.check) * (7.0 - self.page_tokens).max(0.0),
        ]
    }
}

/// The numbers for the model of empty pages, from a page and its blocks' probabilities.
#[cfg(feature = "train")]
pub(crate) fn empty_inputs(
    page: &Page,
    measured: &Measured,
    probabilities: &[f32],
    confidence: f32,
) -> [f32; INPUTS] {
    Signs::of(page, measured, probabilities, confidence).inputs()
}

/// How sure it is that a hollow page has no main content.
pub(super) const HOLLOW: f32 = 0.9;

/// Whether the body is the meta description alone: the page's text is brought by scripts.
pub(super) fn is_hollow(page: &Page, blocks: &[BlockReport]) -> bool {
    let mut body = page.blocks().zip(blocks).filter(|(_, report)| report.label.is_body()).peekable();
    body.peek().is_some() && body.all(|(block, _)| block.kind() == BlockKind::Meta)
}

/// A page without main content has no body: what was taken for it is words of widgets.
pub(super) fn claims(blocks: &[BlockReport]) -> Vec<Claim> {
    let body = blocks.iter().enumerate().filter(|(_, block)| block.label.is_body());
    body.map(|(block, _)| Claim { block, label: Label::Ui, reason: "empty_page" }).collect()
}

/// What the page's own words say.
fn told(page: &Page, tokens: &[u32]) -> NoContent {
    let title = page.metadata().title_tag.as_deref().unwrap_or_default();
    let blocks = page.blocks().zip(tokens).take(SEARCHED_BLOCKS);
    let short =
        blocks.filter(|(_, tokens)| **tokens <= SHORT_BLOCK).map(|(block, _)| no_content(block.text()));
    short.fold(no_content(title), NoContent::bitor)
}

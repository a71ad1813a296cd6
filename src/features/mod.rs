//! [`Page`] → numbers: a row of dense measurements for each block, and its hashed bags.
//!
//! In: a page. Out: [`Measured`]. Training and serving call the same [`measure`]; nothing else computes a
//! feature. The room never sees bytes or a tree, and knows no weight and no threshold; scores that a model
//! gave come back in through [`Measured::add_scores`].
//!
//! Start reading at [`measure`], then [`schema`] for what the columns mean.

mod block;
mod clues;
mod context;
mod grams;
mod markup;
mod names;
mod page;
pub mod schema;
mod sparse;
pub(crate) mod spelled;
mod tokens;
pub(crate) mod unwritten;
pub mod vectors;
mod words;

pub use context::BlockScores;
pub use schema::COLUMNS;
pub use sparse::{Distance, Sparse};

#[cfg(feature = "train")]
pub(crate) use clues::{Clue, is_exact};
pub(crate) use clues::{Clues, clues_schema};
pub(crate) use grams::{Grams, PageGrams, kinds_schema};
pub(crate) use sparse::{above, for_inline};

use crate::page::Page;
use schema::{BlockFeature, PAGE_AT, PageFeature, SCORES_AT};

/// The measurements of one page.
#[derive(Debug, Default)]
pub struct Measured {
    /// One row of [`COLUMNS`] values for each block, row by row.
    rows: Vec<f32>,
    /// Tokens of each block.
    tokens: Vec<u32>,
    /// The hashed bags.
    sparse: Sparse,
    /// Blocks in elements of the same parent, tag and class.
    siblings: block::Siblings,
}

/// From this share of Chinese and Japanese characters on a page counts as Chinese.
pub(crate) const CHINESE: f32 = 0.3;

/// Measures a page. The score columns stay NaN until [`Measured::add_scores`].
pub fn measure(page: &Page) -> Measured {
    let tokens = tokens::Tokens::of(page.blocks().map(|block| block.text()));
    let signatures = markup::Signatures::of(page);
    let markup = markup::Markup::of(page, &signatures);
    let siblings = block::Siblings::of(page);
    let mut own = vec![f32::NAN; page.blocks().len() * BlockFeature::COUNT];
    block::measure(page, &tokens, &markup, &siblings, &mut own);
    let mut of_page = [f32::NAN; PageFeature::COUNT];
    page::measure(page, &tokens, &markup, &own, &mut of_page);
    let rows = rows(page, &tokens, &own, &of_page);
    let sparse = Sparse::of(page, &tokens, &signatures);
    Measured { rows, tokens: tokens.counts.iter().map(|counts| counts.tokens).collect(), sparse, siblings }
}

/// Joins the parts of every block's row.
fn rows(page: &Page, tokens: &tokens::Tokens, own: &[f32], of_page: &[f32]) -> Vec<f32> {
    let totals = context::Totals::of(page, tokens);
    let shared = markup::shared_depths(page);
    let mut rows = vec![f32::NAN; page.blocks().len() * COLUMNS];
    let owns = own.chunks_exact(BlockFeature::COUNT);
    for (index, (row, own_row)) in rows.chunks_exact_mut(COLUMNS).zip(owns).enumerate() {
        row.iter_mut().zip(own_row).for_each(|(value, own)| *value = *own);
        context::neighbours(page, own, &shared, index, row);
        totals.windows(index, row);
        row.iter_mut().skip(PAGE_AT).zip(of_page).for_each(|(value, of_page)| *value = *of_page);
    }
    rows
}

impl Measured {
    /// Blocks that were measured.
    pub fn blocks(&self) -> usize {
        self.tokens.len()
    }

    /// The rows, one after another.
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }

    /// The row of a block.
    pub fn row(&self, index: usize) -> &[f32] {
        self.rows.get(index * COLUMNS..(index + 1) * COLUMNS).unwrap_or_default()
    }

    /// The values that are the same for all blocks of the page, in the order of
    /// [`schema::PageFeature`]; empty for a page without blocks.
    pub fn of_page(&self) -> &[f32] {
        self.rows.get(PAGE_AT..SCORES_AT).unwrap_or_default()
    }

    /// Chinese and Japanese characters for each character of the page, 0 to 1.
    pub fn page_cjk(&self) -> f32 {
        self.of_page().get(PageFeature::PageCjk as usize).copied().unwrap_or(0.0)
    }

    /// Whether so much of the page is in Chinese or Japanese characters that it counts as a Chinese one.
    pub(crate) fn is_chinese(&self) -> bool {
        self.page_cjk() > CHINESE
    }

    /// Whether the URL or the structured data say that the page is a forum's, or one of questions and answers.
    pub(crate) fn is_forum(&self) -> bool {
        let of_page = |feature: PageFeature| self.of_page().get(feature as usize).copied();
        of_page(PageFeature::UrlKind) == Some(page::FORUM_URL)
            || of_page(PageFeature::LdType) == Some(page::FORUM_LD)
    }

    /// Tokens of each block.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// The hashed bags.
    pub fn sparse(&self) -> &Sparse {
        &self.sparse
    }

    /// Fills the score columns from the scores of a model's sparse part, one for each block.
    pub fn add_scores(&mut self, page: &Page, scores: &[BlockScores]) {
        let weights: Vec<f32> = self.tokens.iter().map(|tokens| *tokens as f32 + 1.0).collect();
        if scores.len() == self.blocks() {
            context::scores(page, &self.siblings, &weights, scores, &mut self.rows);
        }
    }

    /// Whether every column of every row has a value.
    pub fn is_complete(&self) -> bool {
        self.rows.iter().all(|value| value.is_finite())
    }
}

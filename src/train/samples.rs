//! Labelled pages → measured blocks with targets and weights.

use super::sgd::{Bags, Random};
use crate::features::{Measured, measure};
use crate::page::{Document, Limits, Media, Page};

/// A measured page whose blocks have targets.
#[derive(Debug)]
pub struct Sample {
    /// Identifier, unique in the set.
    pub id: String,
    /// The page.
    pub page: Page,
    /// Its measurements.
    pub measured: Measured,
    /// Share of each block that is main content, 0 to 1.
    pub targets: Vec<f32>,
    /// How much each block counts.
    pub weights: Vec<f32>,
    /// The fold of its registrable domain.
    pub fold: usize,
    /// The first of its rows among those of all samples.
    pub first_row: usize,
}

/// Blocks count as the square root of their tokens, and pages count alike, whatever their number of blocks
/// (worth 0.003 of word F1 on the WCXB development set against equal weights).
fn weights(tokens: &[u32], page_weight: f32) -> Vec<f32> {
    let roots: Vec<f32> = tokens.iter().map(|tokens| (*tokens as f32 + 0.5).sqrt()).collect();
    let sum: f32 = roots.iter().sum::<f32>().max(1.0);
    // 250 is the mean number of blocks of a page: a block counts 1 on average
    roots.iter().map(|root| root / sum * 250.0 * page_weight).collect()
}

impl Sample {
    /// Measures a page whose blocks have targets.
    pub fn new(id: &str, page: Page, targets: Vec<f32>, fold: usize, page_weight: f32) -> Self {
        let measured = measure(&page);
        let weights = weights(measured.tokens(), page_weight);
        Self { id: id.to_owned(), page, measured, targets, weights, fold, first_row: 0 }
    }

    /// The same page as a tool would leave it that gives text: a line for each block. With `thinned`, runs of
    /// blocks outside the main content are left out by chance, as a tool does that cuts some of the junk.
    pub fn as_text(&self, thinned: Option<u64>) -> Option<Self> {
        let mut random = thinned.map(|seed| Random(seed | 1));
        let (mut text, mut targets) = (String::new(), Vec::new());
        let (mut dropped, mut last) = (false, f32::NAN);
        for (block, target) in self.page.blocks().zip(&self.targets) {
            if block.kind().is_pseudo() {
                continue;
            }
            if let Some(random) = &mut random {
                let junk = *target < 0.5;
                if junk != (last < 0.5) || random.unit() < RUN_END {
                    dropped = junk && random.unit() < DROPPED_RUNS;
                }
                last = *target;
                if dropped {
                    continue;
                }
            }
            for word in block.text().split_whitespace() {
                text.push_str(word);
                text.push(' ');
            }
            text.push('\n');
            targets.push(*target);
        }
        let page = Page::read(
            &Document::html(text).with_media(Media::Text).with_charset("utf-8"),
            &Limits::default(),
        );
        let complete = page.blocks().len() == targets.len();
        complete.then(|| Self::new(&self.id, page, targets, self.fold, 1.0))
    }
}

/// Chance that a run of junk ends at a block, and that a run is left out.
const RUN_END: f32 = 0.05;
const DROPPED_RUNS: f32 = 0.6;

/// The blocks of many samples as one table.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) bags: Bags,
    pub(super) targets: Vec<f32>,
    pub(super) weights: Vec<f32>,
    pub(super) folds: Vec<u8>,
}

impl Table {
    /// Gathers the samples and tells each where its rows start.
    pub(super) fn of(samples: &mut [Sample]) -> Self {
        let mut table = Self::default();
        for sample in samples {
            sample.first_row = table.targets.len();
            table.bags.add(&sample.page, &sample.measured);
            table.targets.extend(&sample.targets);
            table.weights.extend(&sample.weights);
            table.folds.extend(sample.targets.iter().map(|_| sample.fold as u8));
        }
        table
    }

    /// The rows of all folds for which `wanted` holds.
    pub(super) fn rows(&self, wanted: impl Fn(usize) -> bool) -> Vec<u32> {
        let rows = self.folds.iter().enumerate().filter(|(_, fold)| wanted(**fold as usize));
        rows.map(|(row, _)| row as u32).collect()
    }
}

//! Pages side by side: step by step through all of them at once.

#![expect(clippy::indexing_slicing, reason = "places are below the sizes of the arrays, which are made here")]

use super::super::descent::Random;
use super::super::samples::Sample;
use crate::features::COLUMNS;
use crate::model::Sequence;
use ndarray::{Array1, Array2};

/// Blocks of one page that are learned from at once, at most: longer pages give a part by chance.
pub(super) const WINDOW: usize = 640;
/// Blocks of a batch, about.
const BLOCKS: usize = 4_096;
/// The share of the columns that a page does without in a step.
const DROPPED: f32 = 0.1;

/// Consecutive blocks of a page.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) sample: &'a Sample,
    pub(super) from: usize,
    pub(super) count: usize,
}

/// Pages side by side. Row `step * pages + page` is a block; what is behind a page's end has no weight.
pub(super) struct Batch {
    pub(super) pages: usize,
    pub(super) steps: usize,
    /// Standardised rows.
    pub(super) rows: Array2<f32>,
    pub(super) targets: Array1<f32>,
    /// How much each block counts; all together 1.
    pub(super) weights: Array1<f32>,
    /// 1 for a block, 0 behind a page's end.
    pub(super) present: Array1<f32>,
}

/// Pages of about the same length together, in another order each time.
pub(super) fn batches<'a>(samples: &[&'a Sample], random: &mut Random) -> Vec<Vec<Part<'a>>> {
    let mut parts: Vec<Part<'a>> = samples
        .iter()
        .filter(|sample| !sample.targets.is_empty())
        .map(|sample| {
            let all = sample.targets.len();
            let count = all.min(WINDOW);
            Part { sample, from: random.below(all - count + 1), count }
        })
        .collect();
    random.shuffle(&mut parts);
    parts.sort_by_key(|part| part.count);
    let (mut batches, mut batch) = (Vec::new(), Vec::new());
    for part in parts {
        // the longest page stands last
        if !batch.is_empty() && (batch.len() + 1) * part.count > BLOCKS {
            batches.push(std::mem::take(&mut batch));
        }
        batch.push(part);
    }
    batches.push(batch);
    random.shuffle(&mut batches);
    batches
}

impl Batch {
    pub(super) fn of(parts: &[Part<'_>], sequence: &Sequence) -> Self {
        let steps = parts.iter().map(|part| part.count).max().unwrap_or_default();
        let pages = parts.len();
        let count = steps * pages;
        let mut batch = Self {
            pages,
            steps,
            rows: Array2::zeros((count, COLUMNS)),
            targets: Array1::zeros(count),
            weights: Array1::zeros(count),
            present: Array1::zeros(count),
        };
        for (page, part) in parts.iter().enumerate() {
            batch.add(page, part, sequence);
        }
        let all = batch.weights.sum().max(1e-6);
        batch.weights /= all;
        batch
    }

    fn add(&mut self, page: usize, part: &Part<'_>, sequence: &Sequence) {
        let Part { sample, from, count } = *part;
        for step in 0..count {
            let (row, block) = (step * self.pages + page, from + step);
            if let Some(values) = self.rows.row_mut(row).into_slice() {
                sequence.standardise(sample.measured.row(block), values);
            }
            let value = |of: &[f32]| of.get(block).copied().unwrap_or(0.0);
            self.targets[row] = value(&sample.targets);
            self.weights[row] = value(&sample.weights);
            self.present[row] = 1.0;
        }
    }

    /// The same, for each page without some columns.
    pub(super) fn without_some_columns(mut self, random: &mut Random) -> Self {
        for page in 0..self.pages {
            let kept: Vec<f32> = (0..COLUMNS).map(|_| mask(random, DROPPED)).collect();
            for step in 0..self.steps {
                let mut row = self.rows.row_mut(step * self.pages + page);
                row.iter_mut().zip(&kept).for_each(|(value, kept)| *value *= kept);
            }
        }
        self
    }
}

/// 0 by this chance, else what keeps the sum as it was (Srivastava et al. 2014).
pub(super) fn mask(random: &mut Random, dropped: f32) -> f32 {
    if random.unit() < dropped { 0.0 } else { 1.0 / (1.0 - dropped) }
}

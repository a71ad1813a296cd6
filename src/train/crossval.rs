//! Folds by registrable domain: every prediction comes from models that saw no page of the page's domain.

use super::boost::{self, Backend, Rows};
use super::descent::Random;
use super::exits::exits;
use super::samples::Sample;
use super::sequence;
use super::sgd::{self, Table};
use crate::classify::score_blocks;
use crate::model::{Forest, Sequence, SparseModel};
use crate::page::Media;
use rayon::prelude::*;
use std::collections::HashMap;

/// Rows of one page that a forest learns from, at most; pages with more give a random part that counts for the
/// whole (250 rows score as all on the WCXB development set).
const MOST_ROWS: usize = 200;
/// The same for pages as text, where fewer columns tell anything.
const MOST_TEXT_ROWS: usize = 100;

/// The sparse models that each fold's pages may be scored with.
pub(super) struct SparseFolds {
    /// Fitted without the two folds (the same fold twice: without that fold).
    models: HashMap<(usize, usize), SparseModel>,
    /// Fitted on all.
    pub(super) all: SparseModel,
}

impl SparseFolds {
    /// Fits without each fold and without each two folds: scores of the rows that a fold's forest learns from must
    /// know nothing of the fold.
    pub(super) fn fit(table: &Table, folds: usize, seed: u64) -> Self {
        let mut left_out: Vec<(usize, usize)> = (0..folds).map(|fold| (fold, fold)).collect();
        left_out.extend((0..folds).flat_map(|a| (a + 1..folds).map(move |b| (a, b))));
        let models = left_out
            .into_par_iter()
            .map(|(a, b)| ((a, b), sgd::fit(table, |fold| fold != a && fold != b, seed)))
            .collect();
        Self { models, all: sgd::fit(table, |_| true, seed) }
    }

    /// The model that saw neither fold.
    pub(super) fn without(&self, a: usize, b: usize) -> &SparseModel {
        self.models.get(&(a.min(b), a.max(b))).unwrap_or(&self.all)
    }
}

/// Boosted forests that are fitted, with other seeds and other rows of large pages, and averaged: it takes away some of what
/// is chance in a fit.
const FITS: u64 = 2;

/// Which pages a forest is fitted on, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Growth {
    pub(super) media: Media,
    /// The fold that is left out.
    pub(super) without: Option<usize>,
    pub(super) backend: Backend,
    pub(super) seed: u64,
}

impl Growth {
    fn wants(&self, sample: &Sample) -> bool {
        Some(sample.fold) != self.without && sample.page.source().media == self.media
    }
}

/// Scores the samples of the wanted kind, each by a sparse model that saw neither its own fold nor the one that is left
/// out.
pub(super) fn score(samples: &mut [Sample], sparse: &SparseFolds, growth: Growth) {
    samples.par_iter_mut().filter(|sample| growth.wants(sample)).for_each(|sample| {
        add_scores(sample, sparse.without(sample.fold, growth.without.unwrap_or(sample.fold)));
    });
}

/// Fits a network over the order of blocks on the samples of the wanted kind, which have scores.
pub(super) fn fit_sequence(samples: &[Sample], growth: Growth) -> Result<Option<Sequence>, String> {
    let wanted: Vec<&Sample> = samples.iter().filter(|sample| growth.wants(sample)).collect();
    sequence::fit(&wanted, growth.seed)
}

/// Fits a forest on the samples of the wanted kind, which have scores.
pub(super) fn fit_forest(samples: &[Sample], growth: Growth) -> Result<Forest, String> {
    let Growth { media, backend, seed, .. } = growth;
    let wanted = |sample: &Sample| growth.wants(sample);
    let (most, size) =
        if media == Media::Text { (MOST_TEXT_ROWS, boost::SMALL) } else { (MOST_ROWS, boost::LARGE) };
    let rows_of = |seed: u64| rows(samples.iter().filter(|sample| wanted(sample)), most, seed);
    let fit = |seed: u64| boost::fit(&rows_of(seed), backend, size, seed);
    if backend == Backend::RandomForest {
        return fit(seed);
    }
    let forests = (seed..seed + FITS).map(fit).collect::<Result<Vec<_>, _>>()?;
    let forest = Forest::mean(&forests)?;
    let exits = exits(&forest, &rows_of(seed));
    Ok(forest.with_exits(exits))
}

/// The rows of some pages, at most so many of each.
fn rows<'a>(samples: impl Iterator<Item = &'a Sample>, most: usize, seed: u64) -> Rows {
    let mut rows = Rows::default();
    let mut random = Random(seed ^ 0x5eed | 1);
    for sample in samples {
        let chance = most as f32 / sample.measured.blocks() as f32;
        for (index, (target, weight)) in sample.targets.iter().zip(&sample.weights).enumerate() {
            if chance >= 1.0 || random.unit() < chance {
                rows.add(sample.measured.row(index), *target, weight / chance.min(1.0));
            }
        }
    }
    rows
}

pub(super) fn add_scores(sample: &mut Sample, model: &SparseModel) {
    let scores = score_blocks(&sample.page, &sample.measured, model);
    sample.measured.add_scores(&sample.page, &scores);
}

//! What every training run does alike: options, reading pages, figures and notes in the header of the model.

use super::boost::Backend;
use super::dataset::{Dataset, Example};
use crate::error::Error;
use crate::eval::all;
use crate::page::Page;
use rayon::prelude::*;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::Xxh3;

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub(super) folds: usize,
    pub(super) seed: u64,
    pub(super) backend: Backend,
    pub(super) strength: f32,
}

impl Default for Options {
    /// The strength is the weight of half the squared weights of an adapter. `docs/active-learning.md` has the figures of
    /// others: means over site families and over pages of other sites.
    fn default() -> Self {
        Self { folds: 5, seed: 1, backend: Backend::Boosted, strength: 1.0 }
    }
}

impl Options {
    /// Number of folds (default 5, at least 2 and at most 64).
    pub fn with_folds(mut self, folds: usize) -> Self {
        self.folds = folds.clamp(2, 64);
        self
    }

    /// Seed of all chance (default 1). The same data and seed give the same bytes. An adapter does not depend on it, its
    /// folds do.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The library that fits the block forests.
    pub fn with_backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    /// How strongly the corrections of an adapter are held back, above 0 (default 1): larger needs more corrected pages,
    /// and touches other pages less.
    pub fn with_strength(mut self, strength: f32) -> Self {
        self.strength = strength.max(1e-3);
        self
    }
}

impl Dataset {
    /// What `read` makes of each example, or all that is wrong with any of them.
    pub(super) fn read<T: Send>(
        &self,
        read: impl Fn(usize, &Example) -> Result<T, Vec<Error>> + Sync,
    ) -> Result<Vec<T>, Vec<Error>> {
        let examples = self.examples.par_iter().enumerate();
        all(examples.map(|(at, example)| read(at, example)).collect::<Vec<_>>())
    }
}

/// What is fitted without each fold, and on all rows.
pub(super) struct Folded<M> {
    without: Vec<M>,
    pub(super) all: M,
}

impl<M: Send> Folded<M> {
    /// `fit` is told which fold is left out.
    pub(super) fn fit(folds: usize, fit: impl Fn(Option<usize>) -> M + Sync) -> Self {
        let without = || (0..folds).into_par_iter().map(|fold| fit(Some(fold))).collect();
        let (without, all) = rayon::join(without, || fit(None));
        Self { without, all }
    }

    /// What saw nothing of a fold.
    pub(super) fn without(&self, fold: usize) -> &M {
        self.without.get(fold).unwrap_or(&self.all)
    }
}

/// Rounds a figure to four digits, so that a header stays readable.
pub(crate) fn rounded(figure: f64) -> f64 {
    (figure * 1e4).round() / 1e4
}

/// Figures of a model's header by name, rounded.
pub(super) fn figures<const N: usize>(figures: [(&str, f64); N]) -> BTreeMap<String, f64> {
    figures.map(|(name, figure)| (name.to_owned(), rounded(figure))).into()
}

/// Notes of a model's header on its training, with the version of the program.
pub(super) fn notes<const N: usize>(notes: [(&str, String); N]) -> BTreeMap<String, String> {
    let version = ("version", env!("CARGO_PKG_VERSION").to_owned());
    notes.into_iter().chain([version]).map(|(name, note)| (name.to_owned(), note)).collect()
}

/// How often each name occurs: `a 3, b 1`.
pub(super) fn counted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}

/// A digest of what was learned from: each page's identifier, the texts of its blocks, and the bytes of their targets.
#[derive(Default)]
pub(super) struct Digest(Xxh3);

impl Digest {
    pub(super) fn add<B: AsRef<[u8]>>(&mut self, id: &str, page: &Page, targets: impl Iterator<Item = B>) {
        self.0.update(id.as_bytes());
        for (block, target) in page.blocks().zip(targets) {
            self.0.update(block.text().as_bytes());
            self.0.update(target.as_ref());
        }
    }

    pub(super) fn note(&self) -> String {
        format!("xxh3 {:016x}", self.0.digest())
    }
}

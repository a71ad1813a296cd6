//! Multinomial models of hashed grams: weights of 8 bits, those of a gram side by side.

use super::file::Arrays;
use super::{Weights, check};
use serde::{Deserialize, Serialize};

/// Weights of a slot: one for each class, and as many more as make a slot start at a multiple of its size.
const WIDTH: usize = 16;

/// A model of the words of a text: what each of `N` classes starts from, and what each gram adds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Words<const N: usize> {
    /// Weights of grams: slot by slot, [`WIDTH`] for each.
    #[serde(flatten)]
    grams: Weights,
    /// What the score of each class starts from.
    biases: Vec<f32>,
}

impl<const N: usize> Words<N> {
    /// A model of these weights, slot by slot.
    pub fn new(biases: [f32; N], grams: &[[f32; N]]) -> Self {
        const { assert!(N <= WIDTH) };
        let mut weights = vec![0.0; grams.len() * WIDTH];
        for (padded, slot) in weights.as_chunks_mut::<WIDTH>().0.iter_mut().zip(grams) {
            padded.iter_mut().zip(slot).for_each(|(weight, fitted)| *weight = *fitted);
        }
        Self { grams: Weights::round(&weights), biases: biases.to_vec() }
    }

    pub(super) fn arrays(&mut self, name: &str, arrays: &mut Arrays) -> Result<(), String> {
        check::numbers("biases", &self.biases, N)?;
        self.grams.arrays(name, arrays)
    }

    /// The bits of a slot's number, and those of its weights' places.
    pub(super) fn bits(&self) -> u32 {
        self.grams.bits
    }

    /// Finds the weights of a gram, one for each class.
    fn slots<'a>(&'a self) -> impl Fn(u32) -> Option<&'a [i8; WIDTH]> {
        let slots = self.grams.values.as_chunks().0;
        let shift = 32 - slots.len().max(1).ilog2();
        move |gram| slots.get(gram.checked_shr(shift).unwrap_or(0) as usize)
    }

    /// The probability of each class, from a text's grams.
    pub fn of_grams(&self, grams: &[u32]) -> [f32; N] {
        let mut sums = [0i32; WIDTH];
        let slot = self.slots();
        for weights in grams.iter().filter_map(|gram| slot(*gram)) {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i32::from(*weight));
        }
        let scale = self.grams.scale * scale(grams.len());
        let mut scores = [0.0; N];
        for ((score, sum), bias) in scores.iter_mut().zip(sums).zip(&self.biases) {
            *score = bias + sum as f32 * scale;
        }
        normalised(scores)
    }

    /// What one of `count` grams of a text adds to the score of each class.
    pub(crate) fn of_gram(&self, gram: u32, count: usize) -> [f32; N] {
        let slot = self.slots()(gram).copied().unwrap_or_default();
        let scale = self.grams.scale * scale(count);
        let mut scores = [0.0; N];
        scores.iter_mut().zip(slot).for_each(|(score, weight)| *score = f32::from(weight) * scale);
        scores
    }
}

/// What the sum over so many grams is multiplied with, so that long texts are not surer than their words are.
pub(crate) fn scale(grams: usize) -> f32 {
    1.0 / (grams.max(1) as f32).sqrt()
}

/// A multinomial logistic model over a few numbers: a row of weights, one for each of `N` classes, for each number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Softmax<const N: usize> {
    /// Rows of weights; the last one is added whatever the numbers are.
    pub rows: Vec<[f32; N]>,
}

impl<const N: usize> Softmax<N> {
    /// The probability of each class.
    pub fn probabilities(&self, values: &[f32]) -> [f32; N] {
        let mut scores = self.rows.last().copied().unwrap_or([0.0; N]);
        for (row, value) in self.rows.iter().zip(values).filter(|(_, value)| **value != 0.0) {
            scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * value);
        }
        normalised(scores)
    }

    /// The rows in a file; `columns` is how many numbers there are.
    pub(super) fn arrays(&mut self, name: &str, columns: usize, arrays: &mut Arrays) -> Result<(), String> {
        let mut rows = self.rows.concat();
        arrays.numbers(name, &mut rows)?;
        check::numbers(name, &rows, N * (columns + 1))?;
        self.rows = rows.as_chunks().0.to_vec();
        Ok(())
    }
}

/// Scores → probabilities.
pub(crate) fn normalised<const N: usize>(mut scores: [f32; N]) -> [f32; N] {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = scores
        .iter_mut()
        .map(|score| {
            *score = (*score - most).exp();
            *score
        })
        .sum();
    scores.map(|score| score / sum)
}

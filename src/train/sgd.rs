//! Fits the sparse logistic models of blocks. No crate of the field takes sparse records of 2^19 columns.

#![expect(clippy::indexing_slicing, reason = "slots are below the table's size, ranges are made here")]

use super::descent::{Slot, descend};
use super::samples::Sample;
use crate::model::{Biases, SparseModel, Tables, Weights, sigmoid};

/// Slots of each table: 2^18 tables of markup and of words score as 2^20 do on the WCXB development set.
pub(super) const BITS: u32 = 18;
const SLOTS: usize = 1 << BITS;
const EPOCHS: usize = 4;
const RATE: f32 = 0.08;
/// Pull of a weight towards zero at each of its updates.
const DECAY: f32 = 2e-5;

/// The blocks of many pages: their hashed bags, first slots of the markup, then of the words; whether they are main
/// content, 0 or 1; how much they count, 1 on average; their folds.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Vec<u32>,
    ends: Vec<(u32, u32)>,
    targets: Vec<f32>,
    weights: Vec<f32>,
    folds: Vec<usize>,
}

impl Table {
    /// Gathers the samples that are whole pages.
    pub(super) fn of(samples: &[Sample]) -> Self {
        let mut table = Self::default();
        for sample in samples.iter().filter(|sample| !sample.thinned) {
            table.add_bags(sample);
            table.targets.extend(&sample.targets);
            table.weights.extend(&sample.weights);
            table.folds.extend(sample.targets.iter().map(|_| sample.fold));
        }
        table
    }

    fn add_bags(&mut self, sample: &Sample) {
        let (sparse, mut bag) = (sample.measured.sparse(), Vec::new());
        for index in 0..sample.measured.blocks() {
            sparse.block_markup(&sample.page, index, &mut bag);
            self.slots.extend(bag.iter().map(|hash| hash >> (32 - BITS)));
            let middle = self.slots.len() as u32;
            self.slots.extend(sparse.block_text(index).iter().map(|hash| hash >> (32 - BITS)));
            self.ends.push((middle, self.slots.len() as u32));
        }
    }

    /// Blocks.
    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    /// The slots of a block's markup, and of its words.
    fn bags(&self, row: usize) -> (&[u32], &[u32]) {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before].1);
        let (middle, end) = self.ends[row];
        (&self.slots[start as usize..middle as usize], &self.slots[middle as usize..end as usize])
    }
}

/// What a slot weighs in the model of its own bag, and in the model of both.
type Slots = Vec<Slot<2>>;

/// Fits the models of the markup, of the words and of both in one pass over the rows of the wanted folds: they share the
/// slots.
pub(super) fn fit(table: &Table, wanted: impl Fn(usize) -> bool, seed: u64) -> SparseModel {
    let rows = (0u32..).zip(&table.folds).filter(|(_, fold)| wanted(**fold));
    let rows: Vec<u32> = rows.map(|(row, _)| row).collect();
    let (mut markup, mut words) = (vec![Slot::NEW; SLOTS], vec![Slot::NEW; SLOTS]);
    let mut bias = Slot::<3>::NEW;
    descend(&rows, EPOCHS, RATE, seed, |row, rate, _| {
        let (of_markup, of_words) = table.bags(row);
        let ([own_markup, both_markup], [own_words, both_words]) =
            (score(&markup, of_markup), score(&words, of_words));
        let scores = [own_markup, own_words, both_markup + both_words];
        let mut gradient = [0.0; 3];
        for ((gradient, score), bias) in gradient.iter_mut().zip(scores).zip(bias.weights) {
            *gradient = (sigmoid(bias + score) - table.targets[row]) * table.weights[row];
        }
        bias.learn(gradient, rate, DECAY);
        let [for_markup, for_words, for_both] = gradient;
        for at in of_markup {
            markup[*at as usize].learn([for_markup, for_both], rate, DECAY);
        }
        for at in of_words {
            words[*at as usize].learn([for_words, for_both], rate, DECAY);
        }
    });
    let [attr, text, both] = bias.weights;
    let rounded = |slots: &Slots, model: usize| {
        Weights::round(&slots.iter().map(|slot| slot.weights[model]).collect::<Vec<_>>())
    };
    let weights = Tables {
        attr: rounded(&markup, 0),
        both_attr: rounded(&markup, 1),
        both_text: rounded(&words, 1),
        text: rounded(&words, 0),
    };
    SparseModel { weights, biases: Biases { attr, text, both } }
}

fn score(slots: &Slots, bag: &[u32]) -> [f32; 2] {
    bag.iter().fold([0.0, 0.0], |[own, both], slot| {
        let [of_own, of_both] = slots[*slot as usize].weights;
        [own + of_own, both + of_both]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "a slot that was never seen has no weight at all")]
    fn a_token_that_marks_the_body_gets_a_positive_weight() {
        let mut table = Table { weights: vec![1.0; 200], folds: vec![0; 200], ..Table::default() };
        for row in 0..200u32 {
            let body = row % 2 == 0;
            table.slots.extend([if body { 7 } else { 9 }, 11]);
            let end = table.slots.len() as u32;
            table.ends.push((end, end));
            table.targets.push(if body { 1.0 } else { 0.0 });
        }
        let fitted = fit(&table, |_| true, 1);
        let weight = |slot: u32| fitted.weights.attr.of(slot << (32 - BITS));
        assert!(weight(7) > 0.5 && weight(9) < -0.5 && weight(11).abs() < 0.5);
        assert_eq!(fitted.weights.text.of(7 << (32 - BITS)), 0.0, "the words were never seen");
    }
}

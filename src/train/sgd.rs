//! Fits the sparse logistic models: stochastic gradient descent with one rate a weight (`AdaGrad`, Duchi et
//! al. 2011). No crate of the field takes sparse records of 2^19 columns.

#![expect(clippy::indexing_slicing, reason = "slots are below the table's size, ranges are made here")]

use crate::features::Measured;
use crate::model::{Biases, SparseModel, Weights};
use crate::page::Page;

/// Slots of each table: 2^18 tables of markup and of words score as 2^20 do on the WCXB development set.
pub(super) const BITS: u32 = 18;
const SLOTS: usize = 1 << BITS;
const EPOCHS: usize = 4;
const RATE: f32 = 0.08;
/// Pull of a weight towards zero at each of its updates.
const DECAY: f32 = 2e-5;

/// The hashed bags of many blocks: for each, slots of the markup, then of the words.
#[derive(Debug, Default)]
pub(super) struct Bags {
    slots: Vec<u32>,
    ends: Vec<(u32, u32)>,
}

impl Bags {
    pub(super) fn add(&mut self, page: &Page, measured: &Measured) {
        let mut bag = Vec::new();
        for index in 0..measured.blocks() {
            measured.sparse().block_markup(page, index, &mut bag);
            self.slots.extend(bag.iter().map(|hash| hash >> (32 - BITS)));
            let middle = self.slots.len() as u32;
            let words = measured.sparse().block_text(index);
            self.slots.extend(words.iter().map(|hash| hash >> (32 - BITS)));
            self.ends.push((middle, self.slots.len() as u32));
        }
    }

    /// The slots of a block's markup, and of its words.
    fn of(&self, row: usize) -> (&[u32], &[u32]) {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before].1);
        let (middle, end) = self.ends[row];
        (&self.slots[start as usize..middle as usize], &self.slots[middle as usize..end as usize])
    }
}

/// The blocks to learn from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) bags: &'a Bags,
    /// Whether the block is main content, 0 or 1.
    pub(super) targets: &'a [f32],
    /// How much a block counts, 1 on average.
    pub(super) weights: &'a [f32],
    /// The rows to learn from.
    pub(super) rows: &'a [u32],
    pub(super) seed: u64,
}

/// A weight and the sum of its squared gradients.
#[derive(Debug, Clone, Copy)]
struct Learned {
    weight: f32,
    squares: f32,
}

impl Learned {
    const NEW: Self = Self { weight: 0.0, squares: 1e-2 };

    fn learn(&mut self, gradient: f32, rate: f32) {
        self.squares += gradient * gradient;
        self.weight -= rate * (gradient / self.squares.sqrt() + DECAY * self.weight);
    }
}

/// What a slot weighs in the model of its own bag, and in the model of both.
#[derive(Debug, Clone, Copy)]
struct Slot {
    own: Learned,
    both: Learned,
}

/// Fits the models of the markup, of the words and of both in one pass over the rows: they share the slots.
pub(super) fn fit(task: Task<'_>) -> SparseModel {
    let mut order = task.rows.to_vec();
    let mut random = Random(task.seed | 1);
    let new = Slot { own: Learned::NEW, both: Learned::NEW };
    let (mut markup, mut words) = (vec![new; SLOTS], vec![new; SLOTS]);
    let mut bias = [Learned::NEW; 3];
    for epoch in 0..EPOCHS {
        random.shuffle(&mut order);
        let rate = RATE / (1.0 + epoch as f32 * 0.5);
        for row in &order {
            let row = *row as usize;
            let (of_markup, of_words) = task.bags.of(row);
            let (own_markup, both_markup) = score(&markup, of_markup);
            let (own_words, both_words) = score(&words, of_words);
            let scores = [own_markup, own_words, both_markup + both_words];
            let mut gradients = [0.0; 3];
            for ((gradient, score), bias) in gradients.iter_mut().zip(scores).zip(&mut bias) {
                let p = crate::model::sigmoid(bias.weight + score);
                *gradient = (p - task.targets[row]) * task.weights[row];
                bias.learn(*gradient, rate);
            }
            let [for_markup, for_words, for_both] = gradients;
            learn(&mut markup, of_markup, [for_markup, for_both], rate);
            learn(&mut words, of_words, [for_words, for_both], rate);
        }
    }
    let [attr, text, both] = bias.map(|bias| bias.weight);
    let rounded =
        |slots: &[Slot], of: fn(&Slot) -> f32| Weights::round(&slots.iter().map(of).collect::<Vec<_>>());
    SparseModel {
        attr: rounded(&markup, |slot| slot.own.weight),
        text: rounded(&words, |slot| slot.own.weight),
        both_attr: rounded(&markup, |slot| slot.both.weight),
        both_text: rounded(&words, |slot| slot.both.weight),
        bias: Biases { attr, text, both },
    }
}

fn score(slots: &[Slot], bag: &[u32]) -> (f32, f32) {
    bag.iter().fold((0.0, 0.0), |(own, both), slot| {
        let slot = &slots[*slot as usize];
        (own + slot.own.weight, both + slot.both.weight)
    })
}

fn learn(slots: &mut [Slot], bag: &[u32], [own, both]: [f32; 2], rate: f32) {
    for slot in bag {
        let slot = &mut slots[*slot as usize];
        slot.own.learn(own, rate);
        slot.both.learn(both, rate);
    }
}

/// Xorshift64*: enough for the order of rows, and the same everywhere.
#[derive(Debug)]
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from 0 to 1.
    pub(super) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(super) fn shuffle(&mut self, items: &mut [u32]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "a slot that was never seen has no weight at all")]
    fn a_token_that_marks_the_body_gets_a_positive_weight() {
        let mut bags = Bags::default();
        let (mut targets, mut rows) = (Vec::new(), Vec::new());
        for row in 0..200u32 {
            let body = row % 2 == 0;
            bags.slots.extend([if body { 7 } else { 9 }, 11]);
            let end = bags.slots.len() as u32;
            bags.ends.push((end, end));
            targets.push(if body { 1.0 } else { 0.0 });
            rows.push(row);
        }
        let weights = vec![1.0; 200];
        let task = Task { bags: &bags, targets: &targets, weights: &weights, rows: &rows, seed: 1 };
        let fitted = fit(task);
        let weight = |slot: u32| fitted.attr.of(slot << (32 - BITS));
        assert!(weight(7) > 0.5 && weight(9) < -0.5 && weight(11).abs() < 0.5);
        assert_eq!(fitted.text.of(7 << (32 - BITS)), 0.0, "the words were never seen");
    }
}

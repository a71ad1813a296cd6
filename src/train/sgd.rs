//! Fits the sparse logistic models: stochastic gradient descent with one rate a weight (AdaGrad, Duchi et al.
//! 2011). No crate of the field takes sparse records of 2^19 columns.

#![expect(clippy::indexing_slicing, reason = "slots are below the table's size, ranges are made here")]

use crate::features::Measured;
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
            self.slots.extend(words.iter().map(|hash| (hash >> (32 - BITS)) + SLOTS as u32));
            self.ends.push((middle, self.slots.len() as u32));
        }
    }

    fn of(&self, row: usize, part: Part) -> &[u32] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before].1);
        let (middle, end) = self.ends[row];
        let (from, to) = match part {
            Part::Markup => (start, middle),
            Part::Words => (middle, end),
            Part::Both => (start, end),
        };
        &self.slots[from as usize..to as usize]
    }
}

/// Which of the bags a model looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Markup,
    Words,
    Both,
}

/// What a fit gives: a bias, and the weights of the markup's and of the words' slots.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    pub(super) bias: f32,
    weights: Vec<f32>,
}

impl Fitted {
    pub(super) fn markup(&self) -> &[f32] {
        &self.weights[..SLOTS]
    }

    pub(super) fn words(&self) -> &[f32] {
        &self.weights[SLOTS..]
    }
}

/// The blocks to learn from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) bags: &'a Bags,
    /// Share of the block that is main content, 0 to 1.
    pub(super) targets: &'a [f32],
    /// How much a block counts, 1 on average.
    pub(super) weights: &'a [f32],
    /// The rows to learn from.
    pub(super) rows: &'a [u32],
    pub(super) seed: u64,
}

pub(super) fn fit(task: Task<'_>, part: Part) -> Fitted {
    let mut order = task.rows.to_vec();
    let mut random = Random(task.seed | 1);
    let mut weights = vec![0.0f32; 2 * SLOTS];
    let mut squares = vec![1e-2f32; 2 * SLOTS];
    let (mut bias, mut bias_square) = (0.0f32, 1e-2f32);
    for epoch in 0..EPOCHS {
        random.shuffle(&mut order);
        let rate = RATE / (1.0 + epoch as f32 * 0.5);
        for row in &order {
            let row = *row as usize;
            let slots = task.bags.of(row, part);
            let score: f32 = bias + slots.iter().map(|slot| weights[*slot as usize]).sum::<f32>();
            let gradient = (crate::model::sigmoid(score) - task.targets[row]) * task.weights[row];
            bias_square += gradient * gradient;
            bias -= rate * gradient / bias_square.sqrt();
            let square = gradient * gradient;
            for slot in slots {
                let slot = *slot as usize;
                squares[slot] += square;
                let weight = &mut weights[slot];
                *weight -= rate * (gradient / squares[slot].sqrt() + DECAY * *weight);
            }
        }
    }
    Fitted { bias, weights }
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

/// The slot of a hash is its upper bits: what [`crate::model::Weights`] does too.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
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
        let fitted = fit(task, Part::Both);
        assert!(fitted.markup()[7] > 0.5 && fitted.markup()[9] < -0.5 && fitted.markup()[11].abs() < 0.5);
    }
}

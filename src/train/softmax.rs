//! Fits multinomial logistic models on sparse rows whose label may be known in part only. The loss of a row is minus the
//! log of the probability that the model gives to all labels that are right.

#![expect(clippy::indexing_slicing, reason = "slots are below the table's size, ranges are made here")]

use super::descent::{Slot, descend};

/// Rows to learn from: slots with values, the classes that are right (a bit for each), how much they count, their folds.
#[derive(Debug, Default)]
pub(super) struct Table {
    items: Vec<(u32, f32)>,
    ends: Vec<usize>,
    rights: Vec<u16>,
    weights: Vec<f32>,
    folds: Vec<usize>,
}

impl Table {
    pub(super) fn add(&mut self, items: impl Iterator<Item = (u32, f32)>, known: (u16, f32), fold: usize) {
        let (right, weight) = known;
        self.items.extend(items);
        self.ends.push(self.items.len());
        self.rights.push(right);
        self.weights.push(weight);
        self.folds.push(fold);
    }

    /// A row as numbers of so many columns.
    pub(super) fn values(&self, row: usize, columns: usize) -> Vec<f32> {
        let mut values = vec![0.0; columns];
        self.row(row).iter().for_each(|(slot, value)| values[*slot as usize] = *value);
        values
    }

    /// The fold of a row.
    pub(super) fn fold(&self, row: usize) -> usize {
        self.folds[row]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn row(&self, row: usize) -> &[(u32, f32)] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start..self.ends[row]]
    }

    /// Weights so that rare classes are heard: each class's rows together count as the root of their weight, and a row at
    /// most `most` times.
    pub(super) fn balance(&mut self, most: impl Fn(usize) -> f32) {
        let mut totals = [0.0f32; u16::BITS as usize];
        for (right, weight) in self.rights.iter().zip(&self.weights) {
            if let Some(class) = only(*right) {
                totals[class] += weight;
            }
        }
        let largest = totals.iter().copied().fold(1.0, f32::max);
        for (right, weight) in self.rights.iter().zip(&mut self.weights) {
            if let Some(class) = only(*right) {
                *weight *= (largest / totals[class].max(1.0)).sqrt().min(most(class));
            }
        }
    }
}

/// The class that is right, where it is only one.
fn only(right: u16) -> Option<usize> {
    right.is_power_of_two().then_some(right.trailing_zeros() as usize)
}

/// How to fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    /// Slots of the table of weights.
    pub(super) slots: usize,
    pub(super) epochs: usize,
    pub(super) rate: f32,
    /// Pull of a weight towards zero at each of its updates.
    pub(super) decay: f32,
    /// Share of a row's items that are left out each time, so that no word is relied upon alone.
    pub(super) dropped: f32,
    /// Share of the truth that is spread over all labels (label smoothing, Szegedy et al. 2016): words that only one
    /// source uses get no extreme weights, and what is said of texts of other sources is better for it.
    pub(super) smoothing: f32,
    pub(super) seed: u64,
}

/// Weights of each slot, and what the scores start from.
#[derive(Debug)]
pub(super) struct Fitted<const N: usize> {
    pub(super) weights: Vec<[f32; N]>,
    pub(super) biases: [f32; N],
}

/// Fits on the rows of all folds, but for one that may be left out.
pub(super) fn fit<const N: usize>(table: &Table, without: Option<usize>, fit: Fit) -> Fitted<N> {
    let rows = (0u32..).zip(&table.folds).filter(|(_, fold)| Some(**fold) != without);
    let rows: Vec<u32> = rows.map(|(row, _)| row).collect();
    let mut slots = vec![Slot::<N>::NEW; fit.slots];
    let mut bias = Slot::<N>::NEW;
    let mut kept = Vec::new();
    let up = 1.0 / (1.0 - fit.dropped);
    descend(&rows, fit.epochs, fit.rate, fit.seed, |row, rate, random| {
        kept.clear();
        kept.extend(table.row(row).iter().filter(|_| fit.dropped == 0.0 || random.unit() >= fit.dropped));
        let mut scores = bias.weights;
        for (slot, value) in &kept {
            let (weights, value) = (&slots[*slot as usize].weights, value * up);
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight * value);
        }
        let gradient = gradient(scores, table.rights[row], table.weights[row], fit.smoothing);
        bias.learn(gradient, rate, fit.decay);
        for (slot, value) in &kept {
            slots[*slot as usize].learn(gradient.map(|slope| slope * (value * up)), rate, fit.decay);
        }
    });
    Fitted { weights: slots.iter().map(|slot| slot.weights).collect(), biases: bias.weights }
}

/// The model's probabilities, less those that it should give: its own, shared among the labels that are right, and
/// the smoothing's share of all labels.
fn gradient<const N: usize>(mut scores: [f32; N], right: u16, weight: f32, smoothing: f32) -> [f32; N] {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    for score in &mut scores {
        *score = (*score - most).exp();
    }
    let all: f32 = scores.iter().sum();
    let right = (0..N).map(|class| right & (1 << class) != 0);
    let possible: f32 = right.clone().zip(scores).filter(|(right, _)| *right).map(|(_, score)| score).sum();
    let possible = possible.max(1e-20);
    let mut gradient = [0.0; N];
    for ((slope, score), right) in gradient.iter_mut().zip(scores).zip(right) {
        let wanted = if right { score / possible } else { 0.0 };
        let wanted = wanted * (1.0 - smoothing) + smoothing / N as f32;
        *slope = (score / all - wanted) * weight;
    }
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_known_in_part_teach_what_they_are_not() {
        let mut table = Table::default();
        for _ in 0..200 {
            table.add([(0, 1.0)].into_iter(), (0b0001, 1.0), 0);
            table.add([(1, 1.0)].into_iter(), (0b0110, 1.0), 0);
            table.add([(1, 1.0), (2, 1.0)].into_iter(), (0b0010, 1.0), 0);
        }
        // a row of another fold says the opposite
        table.add([(0, 1.0)].into_iter(), (0b1000, 1e6), 1);
        let settings =
            Fit { slots: 4, epochs: 5, rate: 0.1, decay: 0.0, dropped: 0.0, smoothing: 0.0, seed: 1 };
        let fitted: Fitted<4> = fit(&table, Some(1), settings);
        let weight = |slot: usize, class: usize| fitted.weights[slot][class];
        assert!(weight(0, 0) > 0.5 && weight(1, 0) < 0.0);
        assert!(weight(1, 1) > 0.0 && weight(1, 1) > weight(1, 3));
        assert!(weight(2, 1) > weight(2, 2));
    }
}

//! Fits multinomial logistic models on sparse rows whose label may be known in part only: stochastic gradient
//! descent with one rate a weight (`AdaGrad`). The loss of a row is minus the log of the probability that the model
//! gives to all labels it may have.

#![expect(clippy::indexing_slicing, reason = "slots are below the table's size, ranges are made here")]

use super::rows::Allowed;
use super::sgd::Random;
use crate::classify::SPAM;
use crate::model::KINDS;

/// Rows to learn from: slots with values, the labels that are possible, how much they count.
#[derive(Debug, Default)]
pub(super) struct Table {
    items: Vec<(u32, f32)>,
    ends: Vec<usize>,
    allowed: Vec<Allowed>,
    weights: Vec<f32>,
}

impl Table {
    pub(super) fn add(&mut self, items: impl Iterator<Item = (u32, f32)>, allowed: Allowed, weight: f32) {
        self.items.extend(items);
        self.ends.push(self.items.len());
        self.allowed.push(allowed);
        self.weights.push(weight);
    }

    /// A row as numbers of so many columns.
    pub(super) fn values(&self, row: usize, columns: usize) -> Vec<f32> {
        let mut values = vec![0.0; columns];
        self.row(row).iter().for_each(|(slot, value)| values[*slot as usize] = *value);
        values
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn row(&self, row: usize) -> &[(u32, f32)] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start..self.ends[row]]
    }

    /// Weights so that rare labels are heard: each label's rows together count as the root of their weight. Spam is
    /// left nearly as rare as it is: a false alarm costs more than a miss.
    pub(super) fn balance(&mut self) {
        let mut totals = [0.0f32; KINDS];
        for (allowed, weight) in self.allowed.iter().zip(&self.weights) {
            if let Some(label) = allowed.only() {
                totals[label as usize] += weight;
            }
        }
        let most = totals.iter().copied().fold(1.0, f32::max);
        for (allowed, weight) in self.allowed.iter().zip(&mut self.weights) {
            if let Some(label) = allowed.only() {
                let most_balance = if SPAM.contains(&label) { MOST_SPAM } else { MOST_BALANCE };
                *weight *= (most / totals[label as usize].max(1.0)).sqrt().min(most_balance);
            }
        }
    }
}

/// A row of a rare label counts so many times at most.
const MOST_BALANCE: f32 = 4.0;
const MOST_SPAM: f32 = 2.0;

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
pub(super) struct Fitted {
    pub(super) weights: Vec<[f32; KINDS]>,
    pub(super) biases: [f32; KINDS],
}

type Vector = [f32; KINDS];

#[derive(Debug, Clone, Copy)]
struct Slot {
    weight: Vector,
    squares: Vector,
}

impl Slot {
    const NEW: Self = Self { weight: [0.0; KINDS], squares: [1e-2; KINDS] };

    fn learn(&mut self, gradient: &Vector, value: f32, fit: &Fit, rate: f32) {
        for ((weight, squares), gradient) in self.weight.iter_mut().zip(&mut self.squares).zip(gradient) {
            let gradient = gradient * value;
            *squares += gradient * gradient;
            *weight -= rate * (gradient / squares.sqrt() + fit.decay * *weight);
        }
    }
}

/// Fits on some of the rows.
pub(super) fn fit(table: &Table, rows: &[u32], fit: Fit) -> Fitted {
    let mut order = rows.to_vec();
    let mut random = Random(fit.seed | 1);
    let mut slots = vec![Slot::NEW; fit.slots];
    let mut bias = Slot::NEW;
    let mut kept = Vec::new();
    for epoch in 0..fit.epochs {
        random.shuffle(&mut order);
        let rate = fit.rate / (1.0 + epoch as f32 * 0.5);
        for row in &order {
            let row = *row as usize;
            kept.clear();
            kept.extend(table.row(row).iter().filter(|_| fit.dropped == 0.0 || random.unit() >= fit.dropped));
            let up = 1.0 / (1.0 - fit.dropped);
            let mut scores = bias.weight;
            for (slot, value) in &kept {
                let value = value * up;
                scores
                    .iter_mut()
                    .zip(&slots[*slot as usize].weight)
                    .for_each(|(score, w)| *score += w * value);
            }
            let gradient = gradient(scores, table.allowed[row], table.weights[row], fit.smoothing);
            bias.learn(&gradient, 1.0, &fit, rate);
            for (slot, value) in &kept {
                slots[*slot as usize].learn(&gradient, value * up, &fit, rate);
            }
        }
    }
    Fitted { weights: slots.iter().map(|slot| slot.weight).collect(), biases: bias.weight }
}

/// The model's probabilities, less those that it should give: its own, shared among the labels that are possible, and
/// the smoothing's share of all labels.
fn gradient(mut scores: Vector, allowed: Allowed, weight: f32, smoothing: f32) -> Vector {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    for score in &mut scores {
        *score = (*score - most).exp();
    }
    let all: f32 = scores.iter().sum();
    let possible: f32 = (0..KINDS).filter(|kind| allowed.has(*kind)).map(|kind| scores[kind]).sum();
    let possible = possible.max(1e-20);
    let mut gradient = [0.0; KINDS];
    for kind in 0..KINDS {
        let wanted = if allowed.has(kind) { scores[kind] / possible } else { 0.0 };
        let wanted = wanted * (1.0 - smoothing) + smoothing / KINDS as f32;
        gradient[kind] = (scores[kind] / all - wanted) * weight;
    }
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Label;

    #[test]
    fn rows_known_in_part_teach_what_they_are_not() {
        let mut table = Table::default();
        for _ in 0..200 {
            table.add([(0, 1.0)].into_iter(), Allowed::one(Label::Body), 1.0);
            table.add([(1, 1.0)].into_iter(), Allowed::any(&[Label::Nav, Label::Ui]), 1.0);
            table.add([(1, 1.0), (2, 1.0)].into_iter(), Allowed::one(Label::Nav), 1.0);
        }
        let rows: Vec<u32> = (0..table.len() as u32).collect();
        let settings =
            Fit { slots: 4, epochs: 5, rate: 0.1, decay: 0.0, dropped: 0.0, smoothing: 0.0, seed: 1 };
        let fitted = fit(&table, &rows, settings);
        let weight = |slot: usize, label: Label| fitted.weights[slot][label as usize];
        assert!(weight(0, Label::Body) > 0.5 && weight(1, Label::Body) < 0.0);
        assert!(weight(1, Label::Nav) > 0.0 && weight(1, Label::Nav) > weight(1, Label::Adult));
        assert!(weight(2, Label::Nav) > weight(2, Label::Ui));
    }
}

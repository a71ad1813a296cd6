//! Fits the network over the order of blocks on plain-text pages: log loss, Adam (Kingma and Ba 2015) with decoupled decay.
//!
//! `network` goes forward and back through the layers, `batch` puts pages side by side. What was fitted is compared with
//! what the exported [`Sequence`] gives.

mod batch;
mod network;

use super::descent::Random;
use super::samples::Sample;
use crate::features::COLUMNS;
use crate::model::{LAYERS, Place, Sequence};
use batch::{Batch, batches};
use ndarray::Array2;
use network::{Gradients, Network};

const EPOCHS: usize = 10;
/// Few pages are gone over more often, until so many steps were taken.
const LEAST_STEPS: usize = 200;
const RATE: f32 = 4e-3;
/// The rate falls to this share of it.
const LAST_RATE: f32 = 0.02;
/// Steps until the rate is reached.
const WARM_UP: f32 = 30.0;
const DECAY: f32 = 1e-3;
/// How slowly the means of the gradients and of their squares move.
const MOMENTS: [f32; 2] = [0.9, 0.99];
/// Longer gradients are shortened to this.
const LONGEST: f32 = 1.0;
/// Pages of fewer blocks than this, all together, teach no order.
const LEAST_BLOCKS: usize = 2_000;
/// The exported network gives the same log-odds but for so much.
const TOLERANCE: f32 = 1e-2;
/// Pages on which this is proven.
const PROVEN: usize = 50;

/// Fits a network on pages whose scores are known; none if they are too few.
///
/// # Errors
/// When the exported network does not give what the fitted one does.
pub(super) fn fit(samples: &[&Sample], seed: u64) -> Result<Option<Sequence>, String> {
    if samples.iter().map(|sample| sample.targets.len()).sum::<usize>() < LEAST_BLOCKS {
        return Ok(None);
    }
    let mut random = Random::of_seed(seed ^ 0x0bad_5eed);
    let mut sequence = standard(samples);
    let mut network = Network::new(&mut random);
    let mut adam = Adam::new();
    let steps = batches(samples, &mut Random::of_seed(seed)).len();
    let epochs = EPOCHS.max(LEAST_STEPS.div_ceil(steps));
    for _ in 0..epochs {
        for pages in batches(samples, &mut random) {
            let batch = Batch::of(&pages, &sequence).without_some_columns(&mut random);
            let gradients = network.gradients(&batch, &mut random);
            adam.step(&mut network, gradients, epochs * steps);
        }
    }
    network.export(&mut sequence);
    prove(&network, &sequence, samples)?;
    Ok(Some(sequence))
}

/// A sequence that knows the columns' means and deviations, each block with its weight.
fn standard(samples: &[&Sample]) -> Sequence {
    let (mut sums, mut squares, mut all) = (vec![0.0; COLUMNS], vec![0.0; COLUMNS], 0.0);
    for sample in samples {
        for (row, weight) in sample.measured.rows().chunks_exact(COLUMNS).zip(&sample.weights) {
            let weight = f64::from(*weight);
            all += weight;
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(row) {
                let value = f64::from(*value);
                *sum += weight * value;
                *square += weight * value * value;
            }
        }
    }
    let means: Vec<f64> = sums.into_iter().map(|sum| sum / f64::max(all, 1.0)).collect();
    let scale = |(square, mean): (f64, &f64)| {
        let deviation = (square / f64::max(all, 1.0) - mean * mean).max(0.0).sqrt();
        if deviation > 1e-4 { (1.0 / deviation) as f32 } else { 0.0 }
    };
    let scales = squares.into_iter().zip(&means).map(scale).collect();
    let means = means.into_iter().map(|mean| mean as f32).collect();
    Sequence { columns: COLUMNS, means, scales, ..Sequence::default() }
}

/// Compares the exported network with the fitted one.
fn prove(network: &Network, sequence: &Sequence, samples: &[&Sample]) -> Result<(), String> {
    for sample in samples.iter().filter(|sample| sample.targets.len() <= batch::WINDOW).take(PROVEN) {
        let whole = batch::Part { sample, from: 0, count: sample.targets.len() };
        let fitted = network.log_odds(&Batch::of(&[whole], sequence));
        let exported = sequence.log_odds_of_rows(sample.measured.rows());
        for (at, (fitted, exported)) in fitted.iter().zip(exported).enumerate() {
            if (fitted - exported).abs() > TOLERANCE {
                return Err(format!(
                    "the exported sequence gives {exported} on block {at}, the fitted one {fitted}: it was not written"
                ));
            }
        }
    }
    Ok(())
}

/// The optimiser: for each number the mean of its gradients and of their squares.
struct Adam {
    means: Gradients,
    squares: Gradients,
    steps: usize,
}

impl Adam {
    fn new() -> Self {
        Self { means: Gradients::zeros(), squares: Gradients::zeros(), steps: 0 }
    }

    /// A step of `total`.
    fn step(&mut self, network: &mut Network, mut gradients: Gradients, total: usize) {
        let length = gradients.arrays().map(|array| array.iter().map(|x| x * x).sum::<f32>()).sum::<f32>();
        let shorter = (LONGEST / length.sqrt().max(1e-6)).min(1.0);
        self.steps += 1;
        let step = self.steps as f32;
        let done = (step / total as f32).min(1.0);
        let cosine = f32::midpoint(1.0, (done * std::f32::consts::PI).cos());
        let rate = RATE * (step / WARM_UP).min(1.0) * (LAST_RATE + (1.0 - LAST_RATE) * cosine);
        let [slow, slower] = MOMENTS;
        let (unbias, unbias_square) = (1.0 - slow.powf(step), 1.0 - slower.powf(step));
        let moments = self.means.arrays_mut().zip(self.squares.arrays_mut());
        for ((weights, gradient), (means, squares)) in
            network.layers.arrays_mut().zip(gradients.arrays_mut()).zip(moments)
        {
            let moments = means.iter_mut().zip(squares.iter_mut());
            for ((weight, gradient), (mean, square)) in weights.iter_mut().zip(gradient.iter()).zip(moments) {
                let gradient = gradient * shorter;
                *mean = slow * *mean + (1.0 - slow) * gradient;
                *square = slower * *square + (1.0 - slower) * gradient * gradient;
                let change = (*mean / unbias) / ((*square / unbias_square).sqrt() + 1e-8);
                *weight -= rate * (change + DECAY * *weight);
            }
        }
    }
}

/// The inputs of a layer.
fn inputs(place: Place, inputs: usize) -> usize {
    if place == Place::Dense { COLUMNS } else { inputs }
}

/// Arrays for the weights and the biases of all layers.
fn shapes() -> impl Iterator<Item = (Array2<f32>, Array2<f32>)> {
    let zeros = |(place, _, from, to): (Place, &str, usize, usize)| {
        (Array2::zeros((inputs(place, from), to)), Array2::zeros((1, to)))
    };
    LAYERS.into_iter().map(zeros)
}

#[cfg(test)]
mod tests;

//! Forward and back through the layers, many pages at once.

#![expect(clippy::indexing_slicing, reason = "places are below the sizes of the arrays, which are made here")]

use super::super::descent::Random;
use super::batch::{Batch, mask};
use super::shapes;
use crate::model::{DENSE, GATES, Gates, JOINED, Place, STATE, Sequence, sigmoid, swish};
use ndarray::{Array1, Array2, ArrayView2, Axis, Slice};
use std::ops::Range;

/// The share of the last layer's inputs that a step does without.
const DROPPED: f32 = 0.1;

/// Weights and biases of all layers, or something of the same shape for each of them.
pub(super) struct Gradients(Vec<(Array2<f32>, Array2<f32>)>);

/// The network while it is fitted.
pub(super) struct Network {
    pub(super) layers: Gradients,
}

impl Gradients {
    pub(super) fn zeros() -> Self {
        Self(shapes().collect())
    }

    pub(super) fn arrays(&self) -> impl Iterator<Item = &Array2<f32>> {
        self.0.iter().flat_map(|(weights, bias)| [weights, bias])
    }

    pub(super) fn arrays_mut(&mut self) -> impl Iterator<Item = &mut Array2<f32>> {
        self.0.iter_mut().flat_map(|(weights, bias)| [weights, bias])
    }

    fn weights(&self, place: Place) -> &Array2<f32> {
        &self.0[place as usize].0
    }

    fn bias(&self, place: Place) -> &Array2<f32> {
        &self.0[place as usize].1
    }

    /// `inputs` × weights + bias.
    fn apply(&self, place: Place, inputs: &Array2<f32>) -> Array2<f32> {
        inputs.dot(self.weights(place)) + self.bias(place)
    }

    /// Adds what a layer's outputs pass back to its weights, and gives what they pass back to its inputs.
    fn add(&mut self, layers: &Self, place: Place, inputs: &Array2<f32>, back: &Array2<f32>) -> Array2<f32> {
        let (weights, bias) = &mut self.0[place as usize];
        *weights += &inputs.t().dot(back);
        *bias += &back.sum_axis(Axis(0)).insert_axis(Axis(0));
        back.dot(&layers.weights(place).t())
    }
}

/// What the layers give on the way forward.
struct Forward {
    /// Before and behind the first bend.
    before: Array2<f32>,
    down: Chain,
    up: Chain,
    joined: Array2<f32>,
    /// Before and behind the second bend, some left out.
    last_before: Array2<f32>,
    last: Array2<f32>,
    kept: Array2<f32>,
    log_odds: Array1<f32>,
}

/// What a chain gives on its way, a row for each block.
struct Chain {
    input: Place,
    state: Place,
    /// The order in which the steps are taken.
    steps: Vec<usize>,
    old: Array2<f32>,
    reset: Array2<f32>,
    kept: Array2<f32>,
    new: Array2<f32>,
    /// What the old state says of the new one, before the reset.
    said: Array2<f32>,
    states: Array2<f32>,
}

impl Network {
    /// A network of small weights by chance.
    pub(super) fn new(random: &mut Random) -> Self {
        let mut layers: Vec<(Array2<f32>, Array2<f32>)> = shapes().collect();
        for (weights, _) in &mut layers {
            let (inputs, outputs) = weights.dim();
            // Glorot and Bengio 2010
            let widest = (6.0 / (inputs + outputs.min(inputs.max(1) * 3)) as f32).sqrt();
            weights.iter_mut().for_each(|weight| *weight = (random.unit() * 2.0 - 1.0) * widest);
        }
        Self { layers: Gradients(layers) }
    }

    /// Writes the layers into a sequence.
    pub(super) fn export(&self, sequence: &mut Sequence) {
        for (layer, (weights, bias)) in sequence.layers.iter_mut().zip(&self.layers.0) {
            layer.weights = weights.iter().copied().collect();
            layer.bias = bias.iter().copied().collect();
        }
    }

    /// The log-odds of a batch's blocks.
    pub(super) fn log_odds(&self, batch: &Batch) -> Vec<f32> {
        self.forward(batch, None).log_odds.to_vec()
    }

    /// The same with some inputs of the last layer left out.
    #[cfg(test)]
    pub(super) fn log_odds_dropped(&self, batch: &Batch, random: &mut Random) -> Vec<f32> {
        self.forward(batch, Some(random)).log_odds.to_vec()
    }

    fn forward(&self, batch: &Batch, random: Option<&mut Random>) -> Forward {
        let layers = &self.layers;
        let before = layers.apply(Place::Dense, &batch.rows);
        let dense = before.mapv(swish);
        let down = self.chain(batch, &dense, false);
        let up = self.chain(batch, &dense, true);
        let mut joined = Array2::zeros((dense.nrows(), JOINED));
        for (numbers, from) in [(&dense, 0), (&down.states, DENSE), (&up.states, DENSE + STATE)] {
            joined.slice_axis_mut(Axis(1), Slice::from(from..from + numbers.ncols())).assign(numbers);
        }
        let last_before = layers.apply(Place::Join, &joined);
        let mut last = last_before.mapv(swish);
        let mut kept = Array2::ones(last.dim());
        if let Some(random) = random {
            kept.iter_mut().for_each(|kept| *kept = mask(random, DROPPED));
            last *= &kept;
        }
        let log_odds = layers.apply(Place::Out, &last).remove_axis(Axis(1));
        Forward { before, down, up, joined, last_before, last, kept, log_odds }
    }

    fn chain(&self, batch: &Batch, dense: &Array2<f32>, is_up: bool) -> Chain {
        let (input, state) =
            if is_up { (Place::UpInput, Place::UpState) } else { (Place::DownInput, Place::DownState) };
        let of_input = self.layers.apply(input, dense);
        let blank = || Array2::zeros((dense.nrows(), STATE));
        let mut steps: Vec<usize> = (0..batch.steps).collect();
        if is_up {
            steps.reverse();
        }
        let mut chain = Chain {
            input,
            state,
            steps,
            old: blank(),
            reset: blank(),
            kept: blank(),
            new: blank(),
            said: blank(),
            states: blank(),
        };
        let mut states = Array2::zeros((batch.pages, STATE));
        for step in chain.steps.clone() {
            let of_state = self.layers.apply(state, &states);
            for page in 0..batch.pages {
                let row = step * batch.pages + page;
                let gates = Gates::of(&gates(&of_input, row), &gates(&of_state, page));
                for unit in 0..STATE {
                    let old = states[[page, unit]];
                    let next = gates.next(unit, old) * batch.present[row];
                    chain.old[[row, unit]] = old;
                    chain.reset[[row, unit]] = gates.reset[unit];
                    chain.kept[[row, unit]] = gates.kept[unit];
                    chain.new[[row, unit]] = gates.new[unit];
                    chain.said[[row, unit]] = of_state[[page, 2 * STATE + unit]];
                    chain.states[[row, unit]] = next;
                    states[[page, unit]] = next;
                }
            }
        }
        chain
    }

    /// The gradients of the batch's log loss.
    pub(super) fn gradients(&self, batch: &Batch, random: &mut Random) -> Gradients {
        let forward = self.forward(batch, Some(random));
        let (layers, mut gradients) = (&self.layers, Gradients::zeros());
        let wrong = (forward.log_odds.mapv(sigmoid) - &batch.targets) * &batch.weights;
        let mut back = gradients.add(layers, Place::Out, &forward.last, &wrong.insert_axis(Axis(1)));
        back *= &forward.kept;
        back *= &forward.last_before.mapv(slope);
        let back = gradients.add(layers, Place::Join, &forward.joined, &back);
        let dense = columns(&forward.joined, 0..DENSE).to_owned();
        let mut to_dense = columns(&back, 0..DENSE).to_owned();
        for (chain, from) in [(&forward.down, DENSE), (&forward.up, DENSE + STATE)] {
            let back = columns(&back, from..from + STATE).to_owned();
            let (to_input, to_state) = self.back_through(chain, batch, &back);
            gradients.add(layers, chain.state, &chain.old, &to_state);
            to_dense += &gradients.add(layers, chain.input, &dense, &to_input);
        }
        to_dense *= &forward.before.mapv(slope);
        gradients.add(layers, Place::Dense, &batch.rows, &to_dense);
        gradients
    }

    /// Back along a chain: what its states pass back to its gates, by way of the inputs and of the old states.
    fn back_through(&self, chain: &Chain, batch: &Batch, back: &Array2<f32>) -> (Array2<f32>, Array2<f32>) {
        let mut to_input = Array2::zeros((back.nrows(), GATES));
        let mut to_state = Array2::zeros((back.nrows(), GATES));
        let mut carried = Array2::<f32>::zeros((batch.pages, STATE));
        for step in chain.steps.iter().rev() {
            let rows = step * batch.pages..(step + 1) * batch.pages;
            for (page, row) in rows.clone().enumerate() {
                for unit in 0..STATE {
                    let at = [row, unit];
                    let (old, reset, kept) = (chain.old[at], chain.reset[at], chain.kept[at]);
                    let (new, said) = (chain.new[at], chain.said[at]);
                    let back = (back[at] + carried[[page, unit]]) * batch.present[row];
                    let of_new = back * (1.0 - kept) * (1.0 - new * new);
                    let of_kept = back * (old - new) * kept * (1.0 - kept);
                    let of_reset = of_new * said * reset * (1.0 - reset);
                    carried[[page, unit]] = back * kept;
                    let parts = [(of_reset, of_reset), (of_kept, of_kept), (of_new, of_new * reset)];
                    for (gate, (input, state)) in parts.into_iter().enumerate() {
                        to_input[[row, gate * STATE + unit]] = input;
                        to_state[[row, gate * STATE + unit]] = state;
                    }
                }
            }
            carried +=
                &to_state.slice_axis(Axis(0), Slice::from(rows)).dot(&self.layers.weights(chain.state).t());
        }
        (to_input, to_state)
    }
}

fn columns(of: &Array2<f32>, columns: Range<usize>) -> ArrayView2<'_, f32> {
    of.slice_axis(Axis(1), Slice::from(columns))
}

/// A row's gates.
fn gates(of: &Array2<f32>, row: usize) -> [f32; GATES] {
    std::array::from_fn(|gate| of[[row, gate]])
}

/// The slope of [`swish`].
fn slope(x: f32) -> f32 {
    let open = sigmoid(x);
    open + x * open * (1.0 - open)
}

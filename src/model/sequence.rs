//! A small recurrent network over the blocks of a page of plain text, in their order.
//!
//! Text has no markup to lean on: what stands before and behind a line tells more than the line. Two chains of gated
//! recurrent units (GRU; Cho et al. 2014) read the page, one from its start and one from its end:
//!
//! ```text
//! row → standardised → dense → GRU down ┐
//!                        │  └→ GRU up  ─┤
//!                        └──────────────┴→ dense → log-odds
//! ```

#![expect(
    clippy::indexing_slicing,
    reason = "the sizes of all layers are constants, and checked when a file is read"
)]

use super::check;
use super::file::Arrays;
use serde::{Deserialize, Serialize};

/// Numbers that a row is brought to.
pub(crate) const DENSE: usize = 48;
/// Numbers in the state of each chain.
pub(crate) const STATE: usize = 32;
/// The gates of a state: what is forgotten, what is kept, what is new.
pub(crate) const GATES: usize = 3 * STATE;
/// What the last dense layer reads.
pub(crate) const JOINED: usize = DENSE + 2 * STATE;
/// Standardised values are cut to this range on both sides of 0.
const WIDEST: f32 = 4.0;

/// A linear layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Layer {
    /// A row of weights, one for each output, for each input.
    pub(crate) weights: Vec<f32>,
    /// What each output starts from.
    pub(crate) bias: Vec<f32>,
}

/// The places of the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Dense,
    DownInput,
    DownState,
    UpInput,
    UpState,
    Join,
    Out,
}

/// Each layer's name in a file, inputs and outputs; those of the first are columns.
pub(crate) const LAYERS: [(Place, &str, usize, usize); 7] = [
    (Place::Dense, "dense", 0, DENSE),
    (Place::DownInput, "down.input", DENSE, GATES),
    (Place::DownState, "down.state", STATE, GATES),
    (Place::UpInput, "up.input", DENSE, GATES),
    (Place::UpState, "up.state", STATE, GATES),
    (Place::Join, "join", JOINED, DENSE),
    (Place::Out, "out", DENSE, 1),
];

/// The network.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sequence {
    /// Numbers of a row.
    pub(crate) columns: usize,
    /// What is taken from each column, and what the rest is multiplied with; 0 for a column that says nothing.
    #[serde(skip)]
    pub(crate) means: Vec<f32>,
    #[serde(skip)]
    pub(crate) scales: Vec<f32>,
    #[serde(skip)]
    pub(crate) layers: [Layer; LAYERS.len()],
}

impl Layer {
    /// `outputs` = bias + inputs × weights. Inputs of 0 cost nothing.
    fn apply(&self, inputs: &[f32], outputs: &mut [f32]) {
        outputs.copy_from_slice(&self.bias);
        for (input, weights) in inputs.iter().zip(self.weights.chunks_exact(self.bias.len())) {
            if *input != 0.0 {
                outputs.iter_mut().zip(weights).for_each(|(output, weight)| *output += input * weight);
            }
        }
    }
}

impl Sequence {
    /// The log-odds of a page's rows of `columns` values, in their order.
    pub fn log_odds_of_rows(&self, rows: &[f32]) -> Vec<f32> {
        let [dense, down_input, down_state, up_input, up_state, join, out] = &self.layers;
        let mut joined: Vec<[f32; JOINED]> = Vec::with_capacity(rows.len() / self.columns.max(1));
        let mut standard = vec![0.0; self.columns];
        for row in rows.chunks_exact(self.columns.max(1)) {
            self.standardise(row, &mut standard);
            let mut all = [0.0; JOINED];
            let (first, _) = all.split_at_mut(DENSE);
            dense.apply(&standard, first);
            bend(first);
            joined.push(all);
        }
        chain(down_input, down_state, joined.iter_mut(), DENSE);
        chain(up_input, up_state, joined.iter_mut().rev(), DENSE + STATE);
        let mut last = [0.0; DENSE];
        let log_odds = |all: &[f32; JOINED]| {
            join.apply(all, &mut last);
            bend(&mut last);
            let mut odds = [0.0];
            out.apply(&last, &mut odds);
            odds[0]
        };
        joined.iter().map(log_odds).collect()
    }

    /// A row's columns, each with mean 0 and deviation 1 over the pages of training.
    pub(crate) fn standardise(&self, row: &[f32], standard: &mut [f32]) {
        let scaled = row.iter().zip(&self.means).zip(&self.scales);
        for (standard, ((value, mean), scale)) in standard.iter_mut().zip(scaled) {
            *standard = ((value - mean) * scale).clamp(-WIDEST, WIDEST);
        }
    }

    /// The numbers in a file.
    pub(super) fn arrays(&mut self, columns: usize, arrays: &mut Arrays) -> Result<(), String> {
        check::count("columns of the sequence", self.columns, columns)?;
        let numbers = |name: &str, values: &mut Vec<f32>, count: usize, arrays: &mut Arrays| {
            let name = format!("sequence.{name}");
            arrays.numbers(&name, values)?;
            check::numbers(&name, values, count)
        };
        numbers("means", &mut self.means, columns, arrays)?;
        numbers("scales", &mut self.scales, columns, arrays)?;
        for (layer, (place, name, inputs, outputs)) in self.layers.iter_mut().zip(LAYERS) {
            let inputs = if place == Place::Dense { columns } else { inputs };
            numbers(&format!("{name}.weights"), &mut layer.weights, inputs * outputs, arrays)?;
            numbers(&format!("{name}.bias"), &mut layer.bias, outputs, arrays)?;
        }
        Ok(())
    }
}

/// Reads rows one after another; each gets the state behind it, from this place on.
fn chain<'r>(input: &Layer, state: &Layer, rows: impl Iterator<Item = &'r mut [f32; JOINED]>, to: usize) {
    let mut states = [0.0; STATE];
    let (mut of_input, mut of_state) = ([0.0; GATES], [0.0; GATES]);
    for row in rows {
        let (dense, _) = row.split_at(DENSE);
        input.apply(dense, &mut of_input);
        state.apply(&states, &mut of_state);
        let gates = Gates::of(&of_input, &of_state);
        for (at, value) in states.iter_mut().enumerate() {
            *value = gates.next(at, *value);
        }
        row.iter_mut().skip(to).zip(states).for_each(|(place, value)| *place = value);
    }
}

/// What one step makes of a state.
pub(crate) struct Gates {
    /// How much of the old state counts for what is new.
    #[cfg_attr(not(feature = "train"), expect(dead_code, reason = "the way back asks for it"))]
    pub(crate) reset: [f32; STATE],
    /// How much of the old state is kept.
    pub(crate) kept: [f32; STATE],
    pub(crate) new: [f32; STATE],
}

impl Gates {
    /// From what the input and the old state give.
    pub(crate) fn of(input: &[f32; GATES], state: &[f32; GATES]) -> Self {
        let opened = |gate: usize| super::sigmoid(input[gate] + state[gate]);
        let reset: [f32; STATE] = std::array::from_fn(opened);
        let kept = std::array::from_fn(|unit| opened(STATE + unit));
        let of_new = |unit: usize| (input[2 * STATE + unit] + reset[unit] * state[2 * STATE + unit]).tanh();
        Self { reset, kept, new: std::array::from_fn(of_new) }
    }

    /// The next value of one of the state's numbers.
    pub(crate) fn next(&self, unit: usize, old: f32) -> f32 {
        self.new[unit] + self.kept[unit] * (old - self.new[unit])
    }
}

/// `x` times its sigmoid (Ramachandran et al. 2017).
pub(crate) fn swish(x: f32) -> f32 {
    x * super::sigmoid(x)
}

fn bend(values: &mut [f32]) {
    for value in values {
        *value = swish(*value);
    }
}

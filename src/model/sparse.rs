//! Sparse logistic models over hashed tokens: a table of 8-bit weights each.

use super::check;
use super::file::Arrays;
use serde::{Deserialize, Serialize};

/// Weights of one bag of hashed tokens, rounded to 8 bits: weight = `scale` × value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Weights {
    /// 0 when the header of a file says nothing of the table.
    pub(super) scale: f32,
    /// The table has 2^bits slots; the slot of a hash is its upper bits.
    pub(super) bits: u32,
    #[serde(skip)]
    pub(super) values: Vec<i8>,
}

impl Weights {
    /// Rounds weights. Their number is a power of two.
    pub fn round(weights: &[f32]) -> Self {
        let most = weights.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
        let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
        let values = weights.iter().map(|weight| (weight / scale).round() as i8).collect();
        Self { scale, bits: weights.len().max(1).ilog2(), values }
    }

    /// The table in a file.
    pub(super) fn arrays(&mut self, array: &str, arrays: &mut Arrays) -> Result<(), String> {
        arrays.numbers(array, &mut self.values)?;
        let (count, bits) = (self.values.len(), self.bits);
        if bits > 24 || count != 1 << bits {
            return Err(format!("{array}: {count} weights where 2^{bits} belong"));
        }
        check::finite(array, &[self.scale])
    }

    /// The weight of a hash.
    pub fn of(&self, hash: u32) -> f32 {
        let slot = hash.checked_shr(32 - self.bits).unwrap_or(0);
        f32::from(self.values.get(slot as usize).copied().unwrap_or(0)) * self.scale
    }
}

/// The three sparse models of blocks: of the markup, of the words, of both together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SparseModel {
    /// What each token adds.
    pub weights: Tables,
    /// What each sum starts from.
    pub biases: Biases,
}

/// The tables of the three sparse models.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tables {
    /// The markup alone.
    pub attr: Weights,
    /// The markup's part of the model of both.
    pub both_attr: Weights,
    /// The words' part of the model of both.
    pub both_text: Weights,
    /// The words alone.
    pub text: Weights,
}

/// What the sums of the three sparse models start from, log-odds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Biases {
    /// The markup alone.
    pub attr: f32,
    /// The words alone.
    pub text: f32,
    /// Both together.
    pub both: f32,
}

impl SparseModel {
    /// The tables in a file.
    pub(super) fn arrays(&mut self, arrays: &mut Arrays) -> Result<(), String> {
        let Tables { attr, both_attr, both_text, text } = &mut self.weights;
        for (name, weights) in
            [("attr", attr), ("both_attr", both_attr), ("both_text", both_text), ("text", text)]
        {
            if weights.scale == 0.0 {
                return Err(format!("weights `{name}` are missing in the header"));
            }
            weights.arrays(&format!("weights.{name}"), arrays)?;
        }
        check::finite("biases", &[self.biases.attr, self.biases.text, self.biases.both])
    }
}

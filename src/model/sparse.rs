//! Sparse logistic models over hashed tokens: a table of 8-bit weights each.

use serde::{Deserialize, Serialize};

/// Weights of one bag of hashed tokens, rounded to 8 bits: weight = `scale` × value.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    scale: f32,
    /// The table has 2^bits slots; the slot of a hash is its upper bits.
    bits: u32,
    values: Vec<i8>,
}

impl Weights {
    /// Rounds weights. Their number is a power of two.
    pub fn round(weights: &[f32]) -> Self {
        let most = weights.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
        let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
        let values = weights.iter().map(|weight| (weight / scale).round() as i8).collect();
        Self { scale, bits: weights.len().max(1).ilog2(), values }
    }

    /// Weights as they stand in a file.
    ///
    /// # Errors
    /// When there are not 2^bits values, or the scale is no number.
    pub fn new(scale: f32, bits: u32, values: Vec<i8>) -> Result<Self, String> {
        if bits > 24 || values.len() != 1 << bits {
            return Err(format!("{} weights where 2^{bits} belong", values.len()));
        }
        if !scale.is_finite() {
            return Err(format!("scale {scale} is no number"));
        }
        Ok(Self { scale, bits, values })
    }

    /// The weight of a hash.
    pub fn of(&self, hash: u32) -> f32 {
        let slot = hash.checked_shr(32 - self.bits).unwrap_or(0);
        f32::from(self.values.get(slot as usize).copied().unwrap_or(0)) * self.scale
    }

    /// Weight = scale × value.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// The table has 2^bits slots.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The table.
    pub fn values(&self) -> &[i8] {
        &self.values
    }
}

/// The three sparse models of blocks: of the markup, of the words, of both together.
#[derive(Debug, Clone, PartialEq)]
pub struct SparseModel {
    /// The markup alone.
    pub attr: Weights,
    /// The words alone.
    pub text: Weights,
    /// The markup's part of the model of both.
    pub both_attr: Weights,
    /// The words' part of the model of both.
    pub both_text: Weights,
    /// What each sum starts from.
    pub bias: Biases,
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

//! Small dense logistic models: calibration of block probabilities, and scores of whole pages.

use crate::features::{CHINESE, vectors::BodyCalibration};
use serde::{Deserialize, Serialize};

/// A logistic model over a few numbers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Logistic {
    /// What the log-odds start from.
    pub intercept: f32,
    /// One weight for each number.
    pub weights: Vec<f32>,
}

impl Logistic {
    /// The log-odds of the positive class.
    pub fn log_odds(&self, values: &[f32]) -> f32 {
        self.weights.iter().zip(values).fold(self.intercept, |sum, (weight, value)| sum + weight * value)
    }

    /// The probability of the positive class.
    pub fn probability(&self, values: &[f32]) -> f32 {
        super::sigmoid(self.log_odds(values))
    }
}

/// The numbers that a block's calibration looks at: its log-odds, by themselves and on Chinese pages.
pub fn calibration_inputs(log_odds: f32, cjk: f32) -> [f32; BodyCalibration::COUNT] {
    let chinese = if cjk > CHINESE { 1.0 } else { 0.0 };
    BodyCalibration::row([
        (BodyCalibration::Odds, log_odds),
        (BodyCalibration::Chinese, chinese),
        (BodyCalibration::ChineseOdds, chinese * log_odds),
    ])
}

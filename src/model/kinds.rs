//! The models of kinds: what a text is by its words, what a block is by its words and all around it, and what a
//! page is by its blocks.

use super::bundle::{Bundle, Part};
use super::file::Arrays;
use super::{Logistic, Weights, check};
use crate::features::vectors::{LabelCalibration, PageSign, context_columns, names};
use crate::label::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Kinds that are told apart, in the order of [`Label::ALL`].
pub const KINDS: usize = Label::ALL.len();
/// Weights of a slot: one for each kind, and as many more as make a slot start at a multiple of its size.
const WIDTH: usize = 16;

/// A multinomial logistic model over a few numbers: a row of weights, one for each kind, for each number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Softmax {
    /// Rows of weights; the last one is added whatever the numbers are.
    pub rows: Vec<[f32; KINDS]>,
}

impl Softmax {
    /// The probability of each kind.
    pub fn probabilities(&self, values: &[f32]) -> [f32; KINDS] {
        let mut scores = self.rows.last().copied().unwrap_or_default();
        for (row, value) in self.rows.iter().zip(values).filter(|(_, value)| **value != 0.0) {
            scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * value);
        }
        normalised(scores)
    }
}

/// Scores → probabilities.
pub(crate) fn normalised(mut scores: [f32; KINDS]) -> [f32; KINDS] {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = scores
        .iter_mut()
        .map(|score| {
            *score = (*score - most).exp();
            *score
        })
        .sum();
    scores.map(|score| score / sum)
}

/// What tells kinds apart.
pub type KindModel = Bundle<Kinds>;

/// What a block is by its words and by all around it, and what a page is by its blocks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kinds {
    /// Weights of grams: slot by slot, [`WIDTH`] for each.
    #[serde(flatten)]
    grams: Weights,
    /// What the score of each kind starts from.
    biases: Vec<f32>,
    /// The columns of the context.
    columns: Vec<String>,
    /// Calibration of a label's probability, over the log-odds of its probability, by itself, for `body`, on Chinese pages and
    /// in plain text.
    pub label_calibration: Logistic,
    /// Models of whole pages: score → logistic model over [`PageSign`].
    pub pages: BTreeMap<String, Logistic>,
    /// The numbers that the models of pages look at.
    page_columns: Vec<String>,
    /// What a block is by its words' probabilities and all around it.
    #[serde(skip)]
    pub context: Softmax,
}

impl Kinds {
    /// A first model, of words alone: what each kind starts from, and the weights of grams, slot by slot and kind by kind.
    pub fn of_words(biases: [f32; KINDS], grams: &[[f32; KINDS]]) -> Self {
        let mut weights = vec![0.0; grams.len() * WIDTH];
        for (padded, slot) in weights.as_chunks_mut::<WIDTH>().0.iter_mut().zip(grams) {
            padded.iter_mut().zip(slot).for_each(|(weight, fitted)| *weight = *fitted);
        }
        Self {
            grams: Weights::round(&weights),
            biases: biases.to_vec(),
            columns: context_columns(),
            label_calibration: Logistic::default(),
            pages: BTreeMap::new(),
            page_columns: names(PageSign::TABLE).map(str::to_owned).collect(),
            context: Softmax::default(),
        }
    }
}

impl Part for Kinds {
    const TASK: &'static str = "kinds";
    const SCHEMA: &'static str = "schema of kinds";

    fn schema() -> String {
        crate::features::kinds_schema()
    }

    fn check(&self) -> Result<(), String> {
        check::names("context column", &self.columns, context_columns())?;
        check::names("page column", &self.page_columns, names(PageSign::TABLE))?;
        check::numbers("biases", &self.biases, KINDS)?;
        check::logistic("label calibration", &self.label_calibration, LabelCalibration::COUNT)?;
        self.pages.iter().try_for_each(|(score, model)| match Label::from_name(score) {
            Some(_) => check::logistic(&format!("page score `{score}`"), model, PageSign::COUNT),
            None => Err(format!("page score `{score}` is no label of this build")),
        })
    }

    fn arrays(&mut self, arrays: &mut Arrays) -> Result<(), String> {
        self.grams.arrays("grams", arrays)?;
        let mut context = self.context.rows.concat();
        arrays.numbers("context", &mut context)?;
        check::numbers("context", &context, KINDS * (self.columns.len() + 1))?;
        self.context.rows = context.as_chunks().0.to_vec();
        Ok(())
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("columns", self.columns.len().to_string()),
            ("weights grams", format!("2^{} values", self.grams.bits)),
        ]
    }
}

static BUILTIN: LazyLock<Arc<KindModel>> =
    LazyLock::new(|| Bundle::open_builtin(include_bytes!("../../models/kinds.model")));

impl KindModel {
    /// The model that stands in the program.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(&BUILTIN)
    }

    /// Finds the weights of a gram, one for each kind.
    fn slots<'a>(&'a self) -> impl Fn(u32) -> Option<&'a [i8; WIDTH]> {
        let slots = self.part.grams.values.as_chunks().0;
        let shift = 32 - slots.len().max(1).ilog2();
        move |gram| slots.get(gram.checked_shr(shift).unwrap_or(0) as usize)
    }

    /// The probability of each kind by the words of a text, from its grams.
    pub fn of_grams(&self, grams: &[u32]) -> [f32; KINDS] {
        let mut sums = [0i32; WIDTH];
        let slot = self.slots();
        for weights in grams.iter().filter_map(|gram| slot(*gram)) {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i32::from(*weight));
        }
        let scale = self.part.grams.scale * scale(grams.len());
        let mut scores = [0.0; KINDS];
        for ((score, sum), bias) in scores.iter_mut().zip(sums).zip(&self.part.biases) {
            *score = bias + sum as f32 * scale;
        }
        normalised(scores)
    }

    /// What one of `count` grams of a text adds to the score of each kind.
    pub(crate) fn of_gram(&self, gram: u32, count: usize) -> [f32; KINDS] {
        let slot = self.slots()(gram).copied().unwrap_or_default();
        let scale = self.part.grams.scale * scale(count);
        let mut scores = [0.0; KINDS];
        scores.iter_mut().zip(slot).for_each(|(score, weight)| *score = f32::from(weight) * scale);
        scores
    }
}

/// What the sum over so many grams is multiplied with, so that long texts are not surer than their words are.
pub(crate) fn scale(grams: usize) -> f32 {
    1.0 / (grams.max(1) as f32).sqrt()
}

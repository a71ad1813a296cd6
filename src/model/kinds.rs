//! The models of kinds: what a text is by its words, what a block is by its words and all around it, and what a
//! page is by its blocks.

use super::bundle::{Bundle, Part};
use super::file::{self, Arrays};
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
    rows: Vec<[f32; KINDS]>,
}

impl Softmax {
    /// Rows of weights; the last one is added whatever the numbers are.
    pub fn new(rows: Vec<[f32; KINDS]>) -> Self {
        Self { rows }
    }

    /// The rows.
    pub fn rows(&self) -> &[[f32; KINDS]] {
        &self.rows
    }

    /// The probability of each kind.
    pub fn probabilities(&self, values: &[f32]) -> [f32; KINDS] {
        let mut scores = self.rows.last().copied().unwrap_or_default();
        for (row, value) in self.rows.iter().zip(values).filter(|(_, value)| **value != 0.0) {
            scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * value);
        }
        normalised(scores)
    }

    /// What each number adds to the score of a kind.
    pub fn parts<'a>(&'a self, values: &'a [f32], kind: usize) -> impl Iterator<Item = f32> + 'a {
        let of_kind = move |row: &[f32; KINDS]| row.get(kind).copied().unwrap_or_default();
        self.rows.iter().zip(values).map(move |(row, value)| of_kind(row) * value)
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
        check::count("biases", self.biases.len(), KINDS)?;
        check::finite("biases", &self.biases)?;
        check::logistic("label calibration", &self.label_calibration, LabelCalibration::COUNT)?;
        self.pages.iter().try_for_each(|(score, model)| match Label::from_name(score) {
            Some(_) => check::logistic(&format!("page score `{score}`"), model, PageSign::COUNT),
            None => Err(format!("page score `{score}` is no label of this build")),
        })
    }

    fn fill(&mut self, arrays: &Arrays) -> Result<(), String> {
        self.grams.fill("grams", arrays)?;
        let values: Vec<f32> = file::values(arrays, "context", f32::from_le_bytes)?;
        check::finite("context", &values)?;
        check::count("context", values.len(), KINDS * (self.columns.len() + 1))?;
        self.context = Softmax::new(values.as_chunks().0.to_vec());
        Ok(())
    }

    fn arrays(&self) -> Arrays {
        let context = self.context.rows().iter().flatten().copied();
        let context = file::bytes(context, f32::to_le_bytes);
        [("grams".to_owned(), self.grams.bytes()), ("context".to_owned(), context)].into()
    }

    fn facts(&self) -> Vec<(String, String)> {
        let grams = ("weights grams".to_owned(), format!("2^{} values", self.grams.bits()));
        let columns = ("columns".to_owned(), self.columns.len().to_string());
        let pages: Vec<&str> = self.pages.keys().map(String::as_str).collect();
        vec![columns, grams, ("page scores".to_owned(), pages.join(", "))]
    }
}

static BUILTIN: LazyLock<Arc<KindModel>> =
    LazyLock::new(|| Bundle::open_builtin(include_bytes!("../../models/kinds.model")));

impl KindModel {
    /// The model that stands in the program.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(&BUILTIN)
    }

    /// The probability of each kind by the words of a text, from its grams.
    pub fn of_grams(&self, grams: &[u32]) -> [f32; KINDS] {
        let mut sums = [0i32; WIDTH];
        let values = self.part.grams.values().as_chunks::<WIDTH>().0;
        let shift = 32 - values.len().max(1).ilog2();
        for gram in grams {
            let slot = gram.checked_shr(shift).unwrap_or(0) as usize;
            if let Some(weights) = values.get(slot) {
                sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i32::from(*weight));
            }
        }
        let scale = self.part.grams.scale() * scale(grams.len());
        let mut scores = [0.0; KINDS];
        for ((score, sum), bias) in scores.iter_mut().zip(sums).zip(&self.part.biases) {
            *score = bias + sum as f32 * scale;
        }
        normalised(scores)
    }

    /// What one of `count` grams of a text adds to the score of each kind.
    pub(crate) fn of_gram(&self, gram: u32, count: usize) -> [f32; KINDS] {
        let values = self.part.grams.values().as_chunks::<WIDTH>().0;
        let shift = 32 - values.len().max(1).ilog2();
        let slot = values.get(gram.checked_shr(shift).unwrap_or(0) as usize).copied().unwrap_or_default();
        let scale = self.part.grams.scale() * scale(count);
        let mut scores = [0.0; KINDS];
        scores.iter_mut().zip(slot).for_each(|(score, weight)| *score = f32::from(weight) * scale);
        scores
    }
}

/// What the sum over so many grams is multiplied with, so that long texts are not surer than their words are.
pub(crate) fn scale(grams: usize) -> f32 {
    1.0 / (grams.max(1) as f32).sqrt()
}

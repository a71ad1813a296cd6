//! The models of kinds: what a text is by its words, what a block is by its words and all around it, and what a
//! page is by its blocks.

use super::file::{self, Arrays, Lists};
use super::{Logistic, Weights, check};
use crate::error::{Error, Result};
use crate::features::vectors::{LabelCalibration, PageSign, context_columns, names};
use crate::label::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Kinds that are told apart, in the order of [`KindHeader::labels`].
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
#[derive(Debug, Clone, PartialEq)]
pub struct KindModel {
    /// What the file says of itself.
    pub header: KindHeader,
    /// Weights of grams: slot by slot, [`WIDTH`] for each.
    grams: Weights,
    /// What a block is by its words' probabilities and all around it.
    context: Softmax,
}

/// What a file of kinds says of itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct KindHeader {
    /// `kinds`.
    pub task: String,
    /// The kinds, in order.
    pub labels: Vec<String>,
    /// Hash of the normal form, of the grams and of the context's columns, hexadecimal.
    pub schema: String,
    /// Weight = scale × value.
    pub scale: f32,
    /// The table has 2^bits values.
    pub bits: u32,
    /// What the score of each kind starts from.
    pub biases: Vec<f32>,
    /// The columns of the context.
    pub columns: Vec<String>,
    /// Calibration of a label's probability, over the log-odds of its probability, by itself, for `body`, on Chinese pages and
    /// in plain text.
    pub label_calibration: Logistic,
    /// Models of whole pages: score → logistic model over `page_columns`.
    pub pages: BTreeMap<String, Logistic>,
    /// The numbers that the models of pages look at.
    pub page_columns: Vec<String>,
    /// How it was trained: data with digests, split rule, parameters.
    pub training: BTreeMap<String, String>,
    /// What was measured out of fold: set → metric → value.
    pub metrics: BTreeMap<String, BTreeMap<String, f64>>,
    /// The model's licence and that of its sources.
    pub licence: String,
    /// Bytes of each array, in file order.
    pub arrays: BTreeMap<String, usize>,
}

impl KindHeader {
    /// Whether labels, columns and the small models are those that this build fills.
    fn check(&self) -> Result<(), String> {
        check::names("label", &self.labels, Label::ALL.iter().map(|label| label.as_str()))?;
        check::names("context column", &self.columns, context_columns())?;
        check::names("page column", &self.page_columns, names(PageSign::TABLE))?;
        check::count("biases", self.biases.len(), KINDS)?;
        check::finite("biases", &self.biases)?;
        check::logistic("label calibration", &self.label_calibration, LabelCalibration::COUNT)?;
        self.pages.iter().try_for_each(|(score, model)| match Label::from_name(score) {
            Some(_) => check::logistic(&format!("page score `{score}`"), model, PageSign::COUNT),
            None => Err(format!("page score `{score}` is no label of this build; {}", check::RETRAIN)),
        })
    }
}

impl Lists for KindHeader {
    fn arrays(&self) -> &BTreeMap<String, usize> {
        &self.arrays
    }
}

static BUILTIN: LazyLock<Arc<KindModel>> = LazyLock::new(|| {
    let model = KindModel::from_bytes("built-in", include_bytes!("../../models/kinds.model"));
    #[expect(
        clippy::expect_used,
        reason = "a test opens the built-in model: no build with another one passes"
    )]
    Arc::new(model.expect("the built-in model of kinds fits this build"))
});

impl KindModel {
    /// A model from fitted parts: weights of grams, slot by slot and kind by kind, and the context's rows.
    pub fn new(header: KindHeader, grams: &[[f32; KINDS]], context: Softmax) -> Self {
        let padded =
            |slot: &[f32; KINDS]| (0..WIDTH).map(|kind| slot.get(kind).copied().unwrap_or(0.0)).collect();
        let weights: Vec<f32> = grams.iter().flat_map(|slot| -> Vec<f32> { padded(slot) }).collect();
        Self { header, grams: Weights::round(&weights), context }
    }

    /// The same model of words with another header and model of the context.
    pub fn with_context(self, header: KindHeader, context: Softmax) -> Self {
        Self { header, context, ..self }
    }

    /// The model that stands in the program.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(&BUILTIN)
    }

    /// The probability of each kind by the words of a text, from its grams.
    pub fn of_grams(&self, grams: &[u32]) -> [f32; KINDS] {
        let mut sums = [0i32; WIDTH];
        let values = self.grams.values().as_chunks::<WIDTH>().0;
        let shift = 32 - values.len().max(1).ilog2();
        for gram in grams {
            let slot = gram.checked_shr(shift).unwrap_or(0) as usize;
            if let Some(weights) = values.get(slot) {
                sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i32::from(*weight));
            }
        }
        let scale = self.grams.scale() * scale(grams.len());
        let mut scores = [0.0; KINDS];
        for ((score, sum), bias) in scores.iter_mut().zip(sums).zip(&self.header.biases) {
            *score = bias + sum as f32 * scale;
        }
        normalised(scores)
    }

    /// What one of `count` grams of a text adds to the score of each kind.
    pub(crate) fn of_gram(&self, gram: u32, count: usize) -> [f32; KINDS] {
        let values = self.grams.values().as_chunks::<WIDTH>().0;
        let shift = 32 - values.len().max(1).ilog2();
        let slot = values.get(gram.checked_shr(shift).unwrap_or(0) as usize).copied().unwrap_or_default();
        let scale = self.grams.scale() * scale(count);
        let mut scores = [0.0; KINDS];
        scores.iter_mut().zip(slot).for_each(|(score, weight)| *score = f32::from(weight) * scale);
        scores
    }

    /// What a block is by its words' probabilities and all around it.
    pub fn context(&self) -> &Softmax {
        &self.context
    }

    /// Reads a model; `name` stands in messages.
    ///
    /// # Errors
    /// [`Error::Model`] that says what is wrong and what to do.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let model = file::read(bytes).and_then(|(header, arrays)| Self::assemble(header, &arrays));
        model.map_err(|problem| Error::Model { name: name.to_owned(), problem })
    }

    /// Whether a file says that it is a model of kinds, whole or not.
    pub fn is_of_kinds(bytes: &[u8]) -> bool {
        let start = bytes.get(..256).unwrap_or(bytes);
        start.windows(7).any(|word| word == b"\"kinds\"")
    }

    fn assemble(header: KindHeader, arrays: &Arrays) -> Result<Self, String> {
        if header.task != "kinds" {
            return Err(format!("expected a model of `kinds`, found one of `{}`", header.task));
        }
        let ours = crate::features::kinds_schema();
        if header.schema != ours {
            let theirs = &header.schema;
            return Err(format!(
                "schema of kinds {theirs}, this build has {ours}: retrain with `pagesieve train`"
            ));
        }
        header.check()?;
        let values = file::values(arrays, "grams", i8::from_le_bytes)?;
        let grams =
            Weights::new(header.scale, header.bits, values).map_err(|problem| format!("grams: {problem}"))?;
        let values: Vec<f32> = file::values(arrays, "context", f32::from_le_bytes)?;
        check::finite("context", &values)?;
        let (rows, rest) = values.as_chunks::<KINDS>();
        if !rest.is_empty() || rows.len() != header.columns.len() + 1 {
            let (found, columns) = (values.len(), header.columns.len());
            return Err(format!(
                "the context has {found} weights for {columns} columns: the file is damaged"
            ));
        }
        Ok(Self { grams, context: Softmax::new(rows.to_vec()), header })
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`Error::Model`] when the header cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut arrays = Arrays::new();
        arrays.insert("grams".to_owned(), self.grams.values().iter().map(|value| *value as u8).collect());
        arrays.insert("context".to_owned(), file::f32s(self.context.rows().iter().flatten().copied()));
        let mut header = self.header.clone();
        (header.scale, header.bits) = (self.grams.scale(), self.grams.bits());
        header.arrays = file::lengths(&arrays);
        file::write(&header, &arrays)
            .map_err(|problem| Error::Model { name: "new model of kinds".to_owned(), problem })
    }
}

/// What the sum over so many grams is multiplied with, so that long texts are not surer than their words are.
pub(crate) fn scale(grams: usize) -> f32 {
    1.0 / (grams.max(1) as f32).sqrt()
}

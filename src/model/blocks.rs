//! The model of blocks: what judges blocks and pages.

use super::bundle::{Bundle, Part};
use super::file::Arrays;
use super::{Forest, Logistic, Sequence, SparseModel, Weights, check};
use crate::features::vectors::{BodyCalibration, EmptySign};
use crate::features::{COLUMNS, schema};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// Everything that judges blocks and pages.
pub type Model = Bundle<Blocks>;

/// How likely each block is main content, and whether the page has any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blocks {
    /// Names of the columns of a block's row, in order.
    columns: Vec<String>,
    /// Calibration of block log-odds on HTML pages.
    pub html_calibration: Logistic,
    /// Calibration of block log-odds on plain-text pages.
    pub text_calibration: Logistic,
    /// Whether a page has no main content, over the signs of `classify::empty`.
    pub empty: Logistic,
    /// Log-odds of rows.
    pub forests: Forests,
    /// Scores of hashed tokens.
    #[serde(flatten)]
    pub sparse: SparseModel,
}

/// A forest for each kind of page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forests {
    /// Blocks of HTML pages.
    #[serde(default)]
    pub html: Forest,
    /// Blocks of plain-text pages.
    #[serde(default)]
    pub text: Forest,
    /// The order of blocks on plain-text pages; none where there was too little to learn from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<Sequence>,
}

/// The file of the model that stands in the program.
pub(super) const FILE: &[u8] = include_bytes!("../../models/blocks.model");

static BUILTIN: OnceLock<Arc<Model>> = OnceLock::new();

impl Model {
    /// The model that stands in the program.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(BUILTIN.get_or_init(|| Bundle::open_builtin(FILE)))
    }
}

impl Blocks {
    /// Fitted parts, not yet calibrated.
    pub fn new(sparse: SparseModel, forests: Forests) -> Self {
        Self {
            columns: (0..COLUMNS).map(schema::column_name).collect(),
            html_calibration: Logistic::default(),
            text_calibration: Logistic::default(),
            empty: Logistic::default(),
            forests,
            sparse,
        }
    }

    /// The forest and the calibration of blocks, of plain-text pages or of HTML pages.
    pub fn of_blocks(&self, text: bool) -> (&Forest, &Logistic) {
        if text {
            (&self.forests.text, &self.text_calibration)
        } else {
            (&self.forests.html, &self.html_calibration)
        }
    }

    /// The log-odds of all rows of a page before calibration, scores among them: those of the forest, on plain-text
    /// pages the mean of these and what the order of the blocks says.
    pub fn log_odds_of_rows(&self, text: bool, rows: &[f32]) -> Vec<f32> {
        let mut odds = self.of_blocks(text).0.log_odds_of_rows(rows, COLUMNS);
        for (odds, of_order) in odds.iter_mut().zip(self.of_order(text, rows)) {
            *odds = f32::midpoint(*odds, of_order);
        }
        odds
    }

    /// What the order of the blocks says; empty where nothing is asked for it.
    pub(crate) fn of_order(&self, text: bool, rows: &[f32]) -> Vec<f32> {
        let sequence = self.forests.sequence.as_ref().filter(|_| text);
        sequence.map(|sequence| sequence.log_odds_of_rows(rows)).unwrap_or_default()
    }
}

impl Part for Blocks {
    const TASK: &'static str = "blocks";
    const SCHEMA: &'static str = "feature schema";
    const POSITIVE: &'static str = "body";

    fn labels() -> impl Iterator<Item = &'static str> {
        ["other", Self::POSITIVE].into_iter()
    }

    fn schema() -> String {
        format!("{:016x}", schema::schema_hash())
    }

    fn check(&self) -> Result<(), String> {
        check::names("column", &self.columns, (0..COLUMNS).map(schema::column_name))?;
        check::logistic("calibration of HTML blocks", &self.html_calibration, BodyCalibration::COUNT)?;
        check::logistic("calibration of text blocks", &self.text_calibration, BodyCalibration::COUNT)?;
        check::logistic("model of empty pages", &self.empty, EmptySign::COUNT)
    }

    fn arrays(&mut self, arrays: &mut Arrays) -> Result<(), String> {
        self.sparse.arrays(arrays)?;
        self.forests.html.arrays("html", arrays)?;
        self.forests.text.arrays("text", arrays)?;
        self.forests.sequence.as_mut().map_or(Ok(()), |sequence| sequence.arrays(COLUMNS, arrays))
    }

    fn builtin() -> Option<(&'static Bundle<Self>, &'static [u8])> {
        BUILTIN.get().map(|model| (&**model, FILE))
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let trees = |forest: &Forest| format!("{} trees", forest.trees);
        let slots = |weights: &Weights| format!("2^{} slots", weights.bits);
        let (forests, weights) = (&self.forests, &self.sparse.weights);
        vec![
            ("columns", self.columns.len().to_string()),
            ("forest html", trees(&forests.html)),
            ("forest text", trees(&forests.text)),
            ("sequence text", if forests.sequence.is_some() { "yes" } else { "no" }.to_owned()),
            ("weights attr", slots(&weights.attr)),
            ("weights both_attr", slots(&weights.both_attr)),
            ("weights both_text", slots(&weights.both_text)),
            ("weights text", slots(&weights.text)),
        ]
    }
}

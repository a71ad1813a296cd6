//! Model bytes → [`Model`]; numbers → probabilities.
//!
//! In: a model file's bytes, rows of numbers, hashed tokens. Out: log-odds and probabilities. The room never
//! sees a page and uses no training library: what those fitted was written into flat arrays at export.
//!
//! Start reading at [`Model::from_bytes`]; the file's layout is in `file.rs`.

mod adapter;
mod check;
mod file;
mod forest;
mod kinds;
mod linear;
mod paths;
mod sparse;
#[cfg(test)]
mod testing;

pub use adapter::{Adapter, AdapterHeader, Correction, digest};
pub use forest::{Forest, Link, Node};
pub(crate) use kinds::normalised;
#[cfg(feature = "train")]
pub(crate) use kinds::scale as gram_scale;
pub use kinds::{KINDS, KindHeader, KindModel, Softmax};
pub use linear::{Logistic, calibration_inputs};
pub(crate) use paths::Paths;
pub use sparse::{Biases, SparseModel, Weights};

use crate::error::{Error, Result};
use crate::features::vectors::{BodyCalibration, EmptySign};
use crate::features::{COLUMNS, schema};
use file::Arrays;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Everything that judges blocks and pages.
#[derive(Debug, Clone)]
pub struct Model {
    /// What the file says of itself.
    pub header: Header,
    /// Scores of hashed tokens.
    pub sparse: SparseModel,
    /// Blocks of HTML pages.
    pub html: Forest,
    /// Blocks of plain-text pages.
    pub text: Forest,
}

/// What a model file says of itself. It holds no clock time: the same data, seed and code give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// `blocks`.
    pub task: String,
    /// The algorithm of the block forests: `boosted-trees` or `random-forest`.
    pub algorithm: String,
    /// The labels that the forests tell apart.
    pub labels: Vec<String>,
    /// The label whose probability they give.
    pub positive: String,
    /// Hash of the feature schema, hexadecimal.
    pub schema: String,
    /// Names of the columns, in order: says which one differs when the hash does.
    pub columns: Vec<String>,
    /// Calibration of block log-odds on HTML pages.
    pub html_calibration: Logistic,
    /// Calibration of block log-odds on plain-text pages.
    pub text_calibration: Logistic,
    /// Whether a page has no main content, over the signs of `classify::empty`.
    pub empty: Logistic,
    /// Base log-odds and link of the forests, by name.
    pub forests: BTreeMap<String, ForestHeader>,
    /// Scale and bits of the weight tables, by name.
    pub weights: BTreeMap<String, WeightsHeader>,
    /// What the sparse sums start from.
    pub biases: Biases,
    /// How it was trained: data with digests, split rule, parameters.
    pub training: BTreeMap<String, String>,
    /// What was measured out of fold: set → metric → value.
    pub metrics: BTreeMap<String, BTreeMap<String, f64>>,
    /// The model's licence and that of its sources.
    pub licence: String,
    /// Bytes of each array, in file order.
    pub arrays: BTreeMap<String, usize>,
}

/// The part of a forest that stands in the header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForestHeader {
    /// What the log-odds start from.
    pub base: f32,
    /// How leaves become a probability.
    pub link: Link,
    /// Trees.
    pub trees: usize,
}

/// The part of a weight table that stands in the header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightsHeader {
    /// Weight = scale × value.
    pub scale: f32,
    /// The table has 2^bits slots.
    pub bits: u32,
}

impl Header {
    /// Whether task, labels, columns and the small models are those that this build fills.
    fn check(&self) -> Result<(), String> {
        if self.task != "blocks" {
            return Err(format!("expected a model of `blocks`, found one of `{}`", self.task));
        }
        check::names("label", &self.labels, LABELS)?;
        check::names("positive label", std::slice::from_ref(&self.positive), [POSITIVE])?;
        self.check_schema()?;
        check::logistic("calibration of HTML blocks", &self.html_calibration, BodyCalibration::COUNT)?;
        check::logistic("calibration of text blocks", &self.text_calibration, BodyCalibration::COUNT)?;
        check::logistic("model of empty pages", &self.empty, EmptySign::COUNT)?;
        check::finite("biases", &[self.biases.attr, self.biases.text, self.biases.both])
    }

    fn check_schema(&self) -> Result<(), String> {
        let ours = format!("{:016x}", schema::schema_hash());
        let theirs = &self.schema;
        check::names("column", &self.columns, (0..COLUMNS).map(schema::column_name))
            .map_err(|differs| format!("feature schema {theirs}, this build has {ours}: {differs}"))?;
        if *theirs == ours {
            return Ok(());
        }
        let retrain = check::RETRAIN;
        Err(format!(
            "feature schema {theirs}, this build has {ours}: a feature of the same name has another revision; {retrain}"
        ))
    }
}

/// What the forests tell apart.
const LABELS: [&str; 2] = ["other", POSITIVE];
/// The label whose probability they give.
const POSITIVE: &str = "body";

impl file::Lists for Header {
    fn arrays(&self) -> &BTreeMap<String, usize> {
        &self.arrays
    }
}

static BUILTIN: LazyLock<Arc<Model>> = LazyLock::new(|| {
    let model = Model::from_bytes("built-in", include_bytes!("../../models/blocks.model"));
    #[expect(
        clippy::expect_used,
        reason = "a test opens the built-in model: no build with another one passes"
    )]
    Arc::new(model.expect("the built-in model fits this build"))
});

impl Model {
    /// The model that stands in the program.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(&BUILTIN)
    }

    /// Reads a model; `name` stands in messages.
    ///
    /// # Errors
    /// [`Error::Model`] that says what differs and what to do: damage, another format version, another feature
    /// schema.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let model = file::read(bytes).and_then(|(header, arrays)| Self::assemble(header, &arrays));
        model.map_err(|problem| Error::Model { name: name.to_owned(), problem })
    }

    fn assemble(header: Header, arrays: &Arrays) -> Result<Self, String> {
        header.check()?;
        let sparse = SparseModel {
            attr: weights(&header, arrays, "attr")?,
            text: weights(&header, arrays, "text")?,
            both_attr: weights(&header, arrays, "both_attr")?,
            both_text: weights(&header, arrays, "both_text")?,
            bias: header.biases,
        };
        let html = forest(&header, arrays, "html")?;
        let text = forest(&header, arrays, "text")?;
        Ok(Self { header, sparse, html, text })
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`Error::Model`] when the header cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut arrays = Arrays::new();
        let mut header = self.header.clone();
        for (name, weights) in self.tables() {
            header
                .weights
                .insert(name.to_owned(), WeightsHeader { scale: weights.scale(), bits: weights.bits() });
            arrays.insert(
                format!("weights.{name}"),
                weights.values().iter().map(|value| *value as u8).collect(),
            );
        }
        for (name, forest) in [("html", &self.html), ("text", &self.text)] {
            let entry =
                ForestHeader { base: forest.base(), link: forest.link(), trees: forest.roots().len() };
            header.forests.insert(name.to_owned(), entry);
            let nodes = forest.nodes();
            arrays.insert(format!("forest.{name}.roots"), file::u32s(forest.roots().iter().copied()));
            arrays.insert(format!("forest.{name}.left"), file::u32s(nodes.iter().map(|node| node.left)));
            arrays.insert(format!("forest.{name}.column"), file::u16s(nodes.iter().map(|node| node.column)));
            arrays.insert(format!("forest.{name}.value"), file::f32s(nodes.iter().map(|node| node.value)));
        }
        header.biases = self.sparse.bias;
        header.arrays = file::lengths(&arrays);
        file::write(&header, &arrays)
            .map_err(|problem| Error::Model { name: "new model".to_owned(), problem })
    }

    fn tables(&self) -> [(&'static str, &Weights); 4] {
        let sparse = &self.sparse;
        [
            ("attr", &sparse.attr),
            ("text", &sparse.text),
            ("both_attr", &sparse.both_attr),
            ("both_text", &sparse.both_text),
        ]
    }
}

fn weights(header: &Header, arrays: &Arrays, name: &str) -> Result<Weights, String> {
    let entry =
        header.weights.get(name).ok_or_else(|| format!("weights `{name}` are missing in the header"))?;
    let values = file::values(arrays, &format!("weights.{name}"), i8::from_le_bytes)?;
    Weights::new(entry.scale, entry.bits, values).map_err(|problem| format!("weights `{name}`: {problem}"))
}

fn forest(header: &Header, arrays: &Arrays, name: &str) -> Result<Forest, String> {
    let entry =
        header.forests.get(name).ok_or_else(|| format!("forest `{name}` is missing in the header"))?;
    let roots = file::values(arrays, &format!("forest.{name}.roots"), u32::from_le_bytes)?;
    let left = file::values(arrays, &format!("forest.{name}.left"), u32::from_le_bytes)?;
    let column = file::values(arrays, &format!("forest.{name}.column"), u16::from_le_bytes)?;
    let value = file::values(arrays, &format!("forest.{name}.value"), f32::from_le_bytes)?;
    if left.len() != column.len() || left.len() != value.len() {
        return Err(format!("forest `{name}` has arrays of different lengths"));
    }
    let nodes = left.into_iter().zip(column).zip(value);
    let nodes = nodes.map(|((left, column), value)| Node { value, left, column }).collect();
    Forest::new(entry.link, entry.base, roots, nodes, COLUMNS)
        .map_err(|problem| format!("forest `{name}`: {problem}"))
}

/// The probability of log-odds.
pub fn sigmoid(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The log-odds of a probability, kept within ±13.8 (a millionth).
pub fn logit(p: f32) -> f32 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

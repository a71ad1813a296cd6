//! Model bytes → [`Model`]; numbers → probabilities.
//!
//! In: a model file's bytes, rows of numbers, hashed tokens. Out: log-odds and probabilities. The room never
//! sees a page and uses no training library: what those fitted was written into flat arrays at export.
//!
//! Start reading at [`Bundle::from_bytes`], which opens the files of all three tasks; their layout is in `file.rs`.

mod adapter;
mod blocks;
mod bundle;
mod check;
mod file;
mod forest;
mod kinds;
mod linear;
mod page_kinds;
mod paths;
mod sequence;
mod sparse;
#[cfg(test)]
mod testing;
mod words;

pub use adapter::{Adapter, Correction, Corrections};
pub use blocks::{Blocks, Forests, Model};
#[cfg(feature = "cli")]
pub(crate) use bundle::Part;
pub use bundle::{Bundle, ModelFile, digest};
#[cfg(feature = "train")]
pub(crate) use forest::{Exit, Sure};
pub use forest::{Forest, Link, Node};
pub use kinds::{KINDS, KindModel, Kinds};
pub use linear::{Logistic, calibration_inputs};
pub use page_kinds::{PAGE_KINDS, PageKinds};
pub(crate) use paths::Paths;
pub use sequence::Sequence;
#[cfg(feature = "train")]
pub(crate) use sequence::{DENSE, GATES, Gates, JOINED, LAYERS, Place, STATE, swish};
pub use sparse::{Biases, SparseModel, Tables, Weights};
pub(crate) use words::normalised;
#[cfg(feature = "train")]
pub(crate) use words::scale as gram_scale;
pub use words::{Softmax, Words};

/// The models that stand in the program: names of their files, and [`digest`]s.
pub fn builtin_digests() -> [(&'static str, String); 2] {
    [("blocks.model", digest(blocks::FILE)), ("kinds.model", digest(kinds::FILE))]
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

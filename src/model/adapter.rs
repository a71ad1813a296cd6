//! The adapter: corrections of the block model and of the model of kinds, by the clues of a block.
//!
//! It is fitted on pages that a person has corrected, on top of two models that stay as they are, and bound to them.

use super::file::{self, Arrays, Lists};
use super::{KINDS, KindModel, Model, check};
use crate::error::{Error, Result};
use crate::features::clues_schema;
use crate::label::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is added for a token: to the log-odds of main content, and to the score of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Correction {
    /// Added to the log-odds of main content.
    pub body: f32,
    /// Added to the score (logarithm of the probability, up to a constant) of each kind.
    pub kinds: [f32; KINDS],
}

/// Corrections by token.
#[derive(Debug, Clone, PartialEq)]
pub struct Adapter {
    /// What the file says of itself.
    pub header: AdapterHeader,
    /// Tokens in rising order.
    tokens: Vec<u32>,
    /// What each token adds.
    corrections: Vec<Correction>,
}

/// What an adapter says of itself. It holds no clock time: the same data, base and code give the same bytes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AdapterHeader {
    /// `adapter`.
    pub task: String,
    /// The kinds, in order.
    pub labels: Vec<String>,
    /// Hash of what clues are, hexadecimal.
    pub schema: String,
    /// XXH3-64 of the file of the block model that it was fitted on, hexadecimal.
    pub blocks: String,
    /// The same of the model of kinds.
    pub kinds: String,
    /// Tokens that something is added for.
    pub tokens: usize,
    /// How it was trained: data with digests, parameters.
    pub training: BTreeMap<String, String>,
    /// What was measured out of fold: set → metric → value.
    pub metrics: BTreeMap<String, BTreeMap<String, f64>>,
    /// The adapter's licence and that of its sources.
    pub licence: String,
    /// Bytes of each array, in file order.
    pub arrays: BTreeMap<String, usize>,
}

impl Lists for AdapterHeader {
    fn arrays(&self) -> &BTreeMap<String, usize> {
        &self.arrays
    }
}

/// The digest that binds an adapter to a model file: XXH3-64, hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(bytes))
}

impl Adapter {
    /// An adapter over two models, from what each token adds.
    ///
    /// # Errors
    /// [`Error::Model`] when the header of a base cannot be written.
    pub fn new(base: &Model, kinds: &KindModel, corrections: BTreeMap<u32, Correction>) -> Result<Self> {
        let header = AdapterHeader {
            task: "adapter".to_owned(),
            schema: clues_schema(),
            blocks: digest(&base.to_bytes()?),
            kinds: digest(&kinds.to_bytes()?),
            tokens: corrections.len(),
            labels: kinds.header.labels.clone(),
            ..AdapterHeader::default()
        };
        let (tokens, corrections) = corrections.into_iter().unzip();
        Ok(Self { header, tokens, corrections })
    }

    /// Reads an adapter; `name` stands in messages.
    ///
    /// # Errors
    /// [`Error::Model`] that says what is wrong and what to do.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let adapter = file::read(bytes).and_then(|(header, arrays)| Self::assemble(header, &arrays));
        adapter.map_err(|problem| Error::Model { name: name.to_owned(), problem })
    }

    /// Whether a file says that it is an adapter, whole or not.
    pub fn is_adapter(bytes: &[u8]) -> bool {
        let start = bytes.get(..256).unwrap_or(bytes);
        start.windows(9).any(|word| word == b"\"adapter\"")
    }

    fn assemble(header: AdapterHeader, arrays: &Arrays) -> Result<Self, String> {
        if header.task != "adapter" {
            return Err(format!("expected an `adapter`, found a model of `{}`", header.task));
        }
        let ours = clues_schema();
        if header.schema != ours {
            return Err(format!(
                "schema of clues {}, this build has {ours}: train again with `pagesieve train --base`",
                header.schema
            ));
        }
        check::names("label", &header.labels, Label::ALL.iter().map(|label| label.as_str()))?;
        let tokens = file::values(arrays, "tokens", u32::from_le_bytes)?;
        let body = file::values(arrays, "body", f32::from_le_bytes)?;
        let kinds: Vec<f32> = file::values(arrays, "kinds", f32::from_le_bytes)?;
        let (rows, rest) = kinds.as_chunks::<KINDS>();
        let count = tokens.len();
        if header.tokens != count || body.len() != count || rows.len() != count || !rest.is_empty() {
            return Err(format!("arrays of different lengths for {count} tokens: the file is damaged"));
        }
        if !tokens.is_sorted_by(|a, b| a < b) || !body.iter().chain(&kinds).all(|value| value.is_finite()) {
            return Err("tokens out of order, or values that are no numbers: the file is damaged".to_owned());
        }
        let corrections =
            body.iter().zip(rows).map(|(body, kinds)| Correction { body: *body, kinds: *kinds });
        Ok(Self { header, corrections: corrections.collect(), tokens })
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`Error::Model`] when the header cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut arrays = Arrays::new();
        let corrections = &self.corrections;
        arrays.insert("tokens".to_owned(), file::u32s(self.tokens.iter().copied()));
        arrays.insert("body".to_owned(), file::f32s(corrections.iter().map(|found| found.body)));
        arrays.insert("kinds".to_owned(), file::f32s(corrections.iter().flat_map(|found| found.kinds)));
        let mut header = self.header.clone();
        header.tokens = self.tokens.len();
        header.arrays = file::lengths(&arrays);
        file::write(&header, &arrays)
            .map_err(|problem| Error::Model { name: "new adapter".to_owned(), problem })
    }

    /// Whether it was fitted on top of these models.
    ///
    /// # Errors
    /// [`Error::Model`] that names the model that differs and says to train again.
    pub fn check_base(&self, name: &str, base: &Model, kinds: &KindModel) -> Result<()> {
        let found = [
            ("blocks", &self.header.blocks, digest(&base.to_bytes()?)),
            ("kinds", &self.header.kinds, digest(&kinds.to_bytes()?)),
        ];
        let differs = found.iter().find(|(_, fitted_on, found)| *fitted_on != found);
        let Some((model, fitted_on, found)) = differs else { return Ok(()) };
        let problem = format!(
            "fitted on the model of {model} with digest {fitted_on}, and the one here has {found}: train the \
             adapter again with `pagesieve train --base`"
        );
        Err(Error::Model { name: name.to_owned(), problem })
    }

    /// What the adapter adds for a block with these clues.
    pub fn correction(&self, clues: &[(u32, f32)]) -> Correction {
        let mut sum = Correction::default();
        for (token, value) in clues {
            let Ok(at) = self.tokens.binary_search(token) else { continue };
            let Some(found) = self.corrections.get(at) else { continue };
            sum.body += found.body * value;
            sum.kinds.iter_mut().zip(found.kinds).for_each(|(sum, kind)| *sum += kind * value);
        }
        sum
    }

    /// The tokens with what they add, in the order of the tokens.
    pub fn corrections(&self) -> impl ExactSizeIterator<Item = (u32, &Correction)> {
        self.tokens.iter().copied().zip(&self.corrections)
    }
}

//! The adapter: corrections of the block model and of the model of kinds, by the clues of a block.
//!
//! It is fitted on pages that a person has corrected, on top of two models that stay as they are, and bound to them.

use super::bundle::{Bundle, Part};
use super::file::Arrays;
use super::{KINDS, KindModel, Model, check};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Corrections on top of two models.
pub type Adapter = Bundle<Corrections>;

/// What is added for a token: to the log-odds of main content, and to the score of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Correction {
    /// Added to the log-odds of main content.
    pub body: f32,
    /// Added to the score (logarithm of the probability, up to a constant) of each kind.
    pub kinds: [f32; KINDS],
}

/// Corrections by token, and what they correct.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Corrections {
    /// [`Bundle::digest`] of the block model that they were fitted on.
    blocks: String,
    /// The same of the model of kinds.
    kinds: String,
    /// Tokens that something is added for.
    tokens: usize,
    /// What each token adds.
    #[serde(skip)]
    by_token: BTreeMap<u32, Correction>,
}

impl Part for Corrections {
    const TASK: &'static str = "adapter";
    const SCHEMA: &'static str = "schema of clues";
    const RETRAIN: &'static str = "train again with `pagesieve train --base`";

    fn schema() -> String {
        crate::features::clues_schema()
    }

    /// There are neither columns nor small models.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    fn arrays(&mut self, arrays: &mut Arrays) -> Result<(), String> {
        let corrections = self.by_token.values();
        let mut body: Vec<f32> = corrections.clone().map(|found| found.body).collect();
        let mut kinds: Vec<f32> = corrections.flat_map(|found| found.kinds).collect();
        let mut tokens: Vec<u32> = self.by_token.keys().copied().collect();
        arrays.numbers("body", &mut body)?;
        arrays.numbers("kinds", &mut kinds)?;
        arrays.numbers("tokens", &mut tokens)?;
        check::count("tokens", tokens.len(), self.tokens)?;
        check::numbers("body", &body, self.tokens)?;
        check::numbers("kinds", &kinds, self.tokens * KINDS)?;
        if !tokens.is_sorted_by(|a, b| a < b) {
            return Err("tokens: they are out of order".to_owned());
        }
        let corrections = body.into_iter().zip(kinds.as_chunks().0);
        let corrections = corrections.map(|(body, kinds)| Correction { body, kinds: *kinds });
        self.by_token = tokens.into_iter().zip(corrections).collect();
        Ok(())
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("fitted on blocks", self.blocks.clone()),
            ("fitted on kinds", self.kinds.clone()),
            ("tokens", self.tokens.to_string()),
        ]
    }
}

impl Adapter {
    /// An adapter over two models, from what each token adds.
    ///
    /// # Errors
    /// [`Error::Model`] when the header of a base cannot be written.
    pub fn new(base: &Model, kinds: &KindModel, by_token: BTreeMap<u32, Correction>) -> Result<Self> {
        let (blocks, kinds) = (base.digest()?, kinds.digest()?);
        Ok(Self::of(Corrections { blocks, kinds, tokens: by_token.len(), by_token }))
    }

    /// Whether it was fitted on top of these models.
    ///
    /// # Errors
    /// [`Error::Model`] that names the model that differs and says to train again.
    pub fn check_base(&self, name: &str, base: &Model, kinds: &KindModel) -> Result<()> {
        let Corrections { blocks: on_blocks, kinds: on_kinds, .. } = &self.part;
        let found = [("blocks", on_blocks, base.digest()?), ("kinds", on_kinds, kinds.digest()?)];
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
            let Some(found) = self.part.by_token.get(token) else { continue };
            sum.body += found.body * value;
            sum.kinds.iter_mut().zip(found.kinds).for_each(|(sum, kind)| *sum += kind * value);
        }
        sum
    }

    /// The tokens with what they add, in the order of the tokens.
    pub fn corrections(&self) -> impl ExactSizeIterator<Item = (u32, &Correction)> {
        self.part.by_token.iter().map(|(token, found)| (*token, found))
    }
}

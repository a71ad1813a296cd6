//! What an adapter adds to a page's blocks.
//!
//! Corrections are added to the calibrated log-odds of main content before the cut, and to the scores of the kinds
//! after the last stage of naming. Where they are strong and the sum is on their side, they decide: a rule that
//! overrules the model must not make a person's correction impossible.

use super::Label;
use super::naming::Probabilities;
use crate::features::{Clues, Measured};
use crate::model::{Adapter, Correction};
use crate::page::Page;

/// A correction of at least so many log-odds decides about a block against the built-in rules. Chosen by hand: it
/// is what two or three corrected blocks of a kind reach, and what tokens that many sites share do not.
pub(super) const STRONG: f32 = 2.0;

/// The models' log-odds count no more than this where an adapter speaks, so that a block that they are quite sure of
/// can be corrected as well.
pub(crate) const MOST_BASE: f32 = 4.0;
/// An adapter speaks of a block from so many log-odds on.
const SPOKEN: f32 = 1.0;

fn corrected(odds: f32, added: f32) -> f32 {
    if added.abs() < SPOKEN { odds + added } else { odds.clamp(-MOST_BASE, MOST_BASE) + added }
}

/// The corrections of a page's blocks.
#[derive(Debug)]
pub(crate) struct Corrected {
    corrections: Vec<Correction>,
    /// What the log-odds of main content have gained.
    added: Vec<f32>,
    settled: Vec<Option<bool>>,
}

impl Corrected {
    /// Adds the corrections to the log-odds of main content.
    pub(crate) fn of(page: &Page, measured: &Measured, odds: &mut [f32], adapter: &Adapter) -> Self {
        let mut clues = Clues::of(page, measured);
        let mut found = Vec::new();
        let (mut corrections, mut added, mut settled) = (Vec::new(), Vec::new(), Vec::new());
        for (index, odds) in odds.iter_mut().enumerate() {
            clues.read(index, *odds, &mut found);
            let correction = adapter.correction(&found);
            let before = std::mem::replace(odds, corrected(*odds, correction.body));
            added.push(*odds - before);
            let decides = correction.body.abs() >= STRONG && (*odds > 0.0) == (correction.body > 0.0);
            settled.push(decides.then_some(*odds > 0.0));
            corrections.push(correction);
        }
        Self { corrections, added, settled }
    }

    /// Whether a block is decided, and whether it is main content then.
    pub(super) fn settled(&self, index: usize) -> Option<bool> {
        self.settled.get(index).copied().flatten()
    }

    /// What a block's log-odds of main content have gained.
    pub(super) fn added(&self, index: usize) -> f32 {
        self.added.get(index).copied().unwrap_or_default()
    }

    /// How far the corrections speak for one kind against another, log-odds.
    pub(super) fn between(&self, index: usize, one: Label, other: Label) -> f32 {
        let score = |label: Label| {
            let of = self.corrections.get(index).and_then(|found| found.kinds.get(label as usize));
            of.copied().unwrap_or_default()
        };
        score(one) - score(other)
    }

    /// Whether the corrections speak clearly for one kind against another.
    pub(super) fn prefers(&self, index: usize, one: Label, other: Label) -> bool {
        one != other && self.between(index, one, other) >= STRONG
    }

    /// What is added to the scores of the kinds, block by block.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Probabilities> + '_ {
        self.corrections.iter().map(|correction| correction.kinds)
    }
}

/// What models without an adapter say of a page: what corrections are fitted on.
#[cfg(feature = "train")]
#[derive(Debug)]
pub(crate) struct Basis {
    /// Calibrated log-odds of main content, block by block.
    pub(crate) odds: Vec<f32>,
    /// The label that each block was given, rules and all.
    pub(crate) given: Vec<Label>,
    /// Whether the cut and the naming gave it, and not a rule that overrules them.
    pub(crate) by_model: Vec<bool>,
    /// What each block is by its words.
    pub(crate) by_words: Vec<Probabilities>,
}

/// The cut takes or leaves blocks of so many log-odds at most against their sign; beyond, a rule has decided.
#[cfg(feature = "train")]
const CUT: f32 = 1.1;

#[cfg(feature = "train")]
impl super::Filter {
    /// What the models say of a page, without an adapter.
    pub(crate) fn basis(&self, page: &Page, measured: &mut Measured) -> Basis {
        let odds = self.log_odds(page, measured);
        let report = self.clone().without_adapter().judge("", page.clone());
        let given: Vec<Label> = report.blocks().map(|(_, block)| block.label).collect();
        let known = super::kind::Kinds::of(page, measured);
        let by_model = given.iter().zip(&odds).enumerate().map(|(index, (given, odds))| {
            let by_rule = known.overruled(index).is_some_and(|(label, _)| label == *given);
            !by_rule && (given.is_body() == (*odds > 0.0) || odds.abs() < CUT)
        });
        let by_model = by_model.collect();
        let by_words = self.kinds.as_deref().map(|kinds| super::naming_words(page, kinds));
        Basis { odds, given, by_model, by_words: by_words.unwrap_or_default() }
    }

    /// The probability of each kind of each block, for these log-odds of main content.
    pub(crate) fn kinds_of(
        &self,
        page: &Page,
        measured: &Measured,
        odds: &[f32],
        by_words: &[Probabilities],
    ) -> Vec<Probabilities> {
        let Some(kinds) = self.kinds.as_deref() else { return Vec::new() };
        let body: Vec<f32> = odds.iter().map(|odds| crate::model::sigmoid(*odds)).collect();
        let rows = super::naming_inputs(page, measured, &body, by_words);
        rows.iter().map(|row| kinds.context().probabilities(row)).collect()
    }
}

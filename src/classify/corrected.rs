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
#[cfg(feature = "train")]
use {super::evidence::Scored, crate::page::Document};

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

#[cfg(feature = "train")]
impl super::Filter {
    /// What the models say of a page, without an adapter.
    pub(crate) fn basis(&self, page: &Page, measured: &mut Measured) -> Basis {
        let odds = self.log_odds(page, measured);
        let body: Vec<f32> = odds.iter().map(|odds| crate::model::sigmoid(*odds)).collect();
        let scored = Scored { page, measured, body: &body, corrected: None };
        let evidence = self.evidence(scored, &Document::html(""), &[]);
        let mut ledger = evidence.ledger();
        self.findings(&evidence, &mut ledger);
        let (given, by_model) = ledger.standing().map(|claim| (claim.label, claim.source.is_model())).unzip();
        let by_words = evidence.naming.map(|naming| naming.by_words).unwrap_or_default();
        Basis { odds, given, by_model, by_words }
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
        let scored = Scored { page, measured, body: &body, corrected: None };
        let rows = super::naming_inputs(scored, by_words);
        rows.iter().map(|row| kinds.part.context.probabilities(row)).collect()
    }
}

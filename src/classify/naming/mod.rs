//! What each block is, as probabilities of all kinds: the words first, then the words around, the rules, the
//! body model and the place.
//!
//! In: a page, its measurements, the probabilities of main content, the rules' kinds. Out: for each block the
//! probability of every [`Label`](super::Label). The models come from [`KindModel`]; the inputs of the second one
//! are listed in [`context`].
//!
//! Start reading at [`Naming::of`].

mod advice;
mod context;

use super::evidence::{SPAM, Scored};
use super::kind::Kinds;
use super::{Label, settings};
use crate::features::{Grams, PageGrams};
use crate::model::{KINDS, KindModel, normalised};
use crate::page::{Media, Page};
use context::Around;

#[cfg(feature = "train")]
pub(crate) use context::COLUMNS;

/// A probability for each label, in the order of [`Label::ALL`].
pub type Probabilities = [f32; KINDS];

/// What a page's blocks are.
#[derive(Debug, Default)]
pub(crate) struct Naming {
    /// What its blocks' words were told from.
    pub(super) grams: PageGrams,
    /// By their words alone.
    pub(crate) by_words: Vec<Probabilities>,
    /// By everything.
    pub(crate) probabilities: Vec<Probabilities>,
    /// The same without corrections; empty where there are none.
    before: Vec<Probabilities>,
    /// Whether the page warns of cheats.
    pub(super) is_advice: bool,
}

impl Naming {
    pub(super) fn of(scored: Scored<'_>, rules: &Kinds<'_>, model: &KindModel) -> Self {
        let grams = PageGrams::of(scored.page);
        let mut by_words = by_words(&grams, model);
        let is_scam = |of: &Probabilities| of.get(Label::Scam as usize) >= Some(&DOUBT);
        let is_advice = by_words.iter().any(is_scam) && advice::is_advice(scored.page);
        if is_advice {
            let texts = scored.page.blocks().map(|block| block.text());
            texts.zip(&mut by_words).for_each(|(text, of)| advice::soften(text, of));
        }
        let around = Around::new(scored, rules, &by_words);
        let mut inputs = Vec::new();
        let name = |index| {
            around.inputs(index, &mut inputs);
            model.part.context.probabilities(&inputs)
        };
        let probabilities = (0..by_words.len()).map(name).collect();
        Self { grams, is_advice, ..Self::new(by_words, probabilities) }
    }

    pub(crate) fn new(by_words: Vec<Probabilities>, probabilities: Vec<Probabilities>) -> Self {
        Self { by_words, probabilities, ..Self::default() }
    }

    /// Adds to the score of each kind of each block.
    pub(super) fn correct(&mut self, scores: impl Iterator<Item = Probabilities>) {
        self.before.clone_from(&self.probabilities);
        for (of, added) in self.probabilities.iter_mut().zip(scores) {
            if added.iter().any(|added| *added != 0.0) {
                let mut sums = of.map(|p| p.max(LEAST).ln());
                sums.iter_mut().zip(added).for_each(|(sum, added)| *sum += added);
                *of = normalised(sums);
            }
        }
    }

    /// The likeliest kind of a block, where corrections have made it so.
    pub(super) fn renamed(&self, index: usize) -> Option<Label> {
        let before = likeliest(self.before.get(index)?, |_| true)?.0;
        let (after, _) = self.likeliest(index, |_| true)?;
        (before != after).then_some(after)
    }

    /// The probability of one label that thresholds are held against. Corrections are fitted to which kind is the
    /// likeliest: where they leave that as it is, they move no block over a threshold.
    pub(super) fn settled(&self, index: usize, label: Label) -> f32 {
        let of = self.before.get(index).filter(|_| self.renamed(index).is_none());
        of.map_or_else(|| self.p(index, label), |of| of.get(label as usize).copied().unwrap_or(0.0))
    }

    /// The probability of one label.
    pub(crate) fn p(&self, index: usize, label: Label) -> f32 {
        self.probabilities.get(index).and_then(|of| of.get(label as usize)).copied().unwrap_or(0.0)
    }

    /// The probability that a block is spam of any kind.
    pub(super) fn spam(&self, index: usize) -> f32 {
        settings::KINDS.iter().map(|label| self.p(index, *label)).sum()
    }

    /// The probability that a block is adult, gambling or scam by its words alone.
    pub(super) fn spam_by_words(&self, index: usize) -> f32 {
        let words = self.by_words.get(index).copied().unwrap_or_default();
        SPAM.iter().filter_map(|label| words.get(*label as usize)).sum()
    }

    /// Whether a block's words alone say that it is of a kind.
    pub(super) fn words_say(&self, index: usize, label: Label) -> bool {
        let words = self.by_words.get(index);
        words.and_then(|words| words.get(label as usize)).is_some_and(|p| *p >= SAID)
    }

    /// The likeliest label among those wanted, and its probability.
    pub(super) fn likeliest(&self, index: usize, wanted: impl Fn(Label) -> bool) -> Option<(Label, f32)> {
        likeliest(self.probabilities.get(index)?, wanted)
    }
}

fn likeliest(of: &Probabilities, wanted: impl Fn(Label) -> bool) -> Option<(Label, f32)> {
    let known = Label::ALL.iter().copied().zip(of.iter().copied()).filter(|(label, _)| wanted(*label));
    known.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// A page on which no words are a scam with this probability is not asked whether it warns of them.
const DOUBT: f32 = 0.1;

/// A kind is never less likely than this, where scores are added.
pub(crate) const LEAST: f32 = 1e-6;

/// A page of so few blocks has nothing around a block that tells what it is.
pub(super) const FEW: usize = 3;

/// Whether a page is a line or three of plain text.
pub(super) fn stands_alone(page: &Page) -> bool {
    page.source().media == Media::Text && page.blocks().len() <= FEW
}

/// From this probability on words say something of their block, and of their page.
const SAID: f32 = 0.5;

/// What each block is by its words.
pub(crate) fn by_words(grams: &PageGrams, model: &KindModel) -> Vec<Probabilities> {
    let mut said: Vec<Probabilities> = Vec::new();
    for (grams, first) in grams.blocks() {
        let known = said.get(first).copied();
        said.push(known.unwrap_or_else(|| model.part.words.of_grams(grams)));
    }
    said
}

/// Says of texts what they are by their words.
pub(super) struct Reader<'m> {
    model: &'m KindModel,
    is_advice: bool,
    grams: Grams,
    bag: Vec<u32>,
}

impl<'m> Reader<'m> {
    pub(super) fn new(model: &'m KindModel) -> Self {
        Self { model, is_advice: false, grams: Grams::default(), bag: Vec::new() }
    }

    /// For texts of a page that warns of cheats.
    pub(super) fn of_advice(self, is_advice: bool) -> Self {
        Self { is_advice, ..self }
    }

    pub(super) fn read(&mut self, text: &str) -> Probabilities {
        self.grams.read(text, &mut self.bag);
        let mut of = self.model.part.words.of_grams(&self.bag);
        if self.is_advice {
            advice::soften(text, &mut of);
        }
        of
    }
}

/// The inputs of the second model for every block of a page, with the words' probabilities given.
pub(super) fn inputs_by(scored: Scored<'_>, rules: &Kinds<'_>, by_words: &[Probabilities]) -> Vec<Vec<f32>> {
    let around = Around::new(scored, rules, by_words);
    let row = |index| {
        let mut inputs = Vec::new();
        around.inputs(index, &mut inputs);
        inputs
    };
    (0..by_words.len()).map(row).collect()
}

/// The same with the rules asked anew.
#[cfg(feature = "train")]
pub(crate) fn inputs(scored: Scored<'_>, by_words: &[Probabilities]) -> Vec<Vec<f32>> {
    inputs_by(scored, &Kinds::of(scored.page, scored.measured), by_words)
}

//! Probabilities of kinds + the cut → each block's label, with the reason.

use super::corrected::Corrected;
use super::injected::Injected;
use super::kind::Kinds;
use super::naming::{FEW, Naming, stands_alone};
use super::rules::Ruling;
use super::{BlockReport, Label, Settings};
use crate::page::{Block, Page};

/// Labels of spam about an unrelated matter, which takes a block out of the body on its words alone.
pub(crate) const SPAM: [Label; 3] = [Label::Adult, Label::Gambling, Label::Scam];

/// What decides about a page's blocks.
pub(super) struct Decision<'a> {
    pub(super) kinds: &'a Kinds<'a>,
    pub(super) injected: &'a Injected,
    /// None: the rules alone name what is not main content.
    pub(super) naming: Option<&'a Naming>,
    /// What an adapter says; none without one.
    pub(super) corrected: Option<&'a Corrected>,
    /// Calibrates the probability of a label on this page.
    pub(super) calibrate: &'a dyn Fn(Label, f32) -> f32,
    pub(super) settings: &'a Settings,
    /// Of a page of plain text with hardly a block, those that are lines and no running text; else none.
    pub(super) lines: &'a [bool],
    pub(super) rulings: &'a [Option<Ruling>],
    /// Probabilities of main content.
    pub(super) body: &'a [f32],
    /// The cut.
    pub(super) chosen: &'a [bool],
    /// Blocks of the body that a reader does not see.
    pub(super) hidden: &'a [usize],
}

/// The reason of a block that an adapter has decided.
pub(super) const CORRECTED: &str = "corrections";

/// Sentences of a text that is no line.
const SENTENCES: usize = 3;
/// From this probability of main content on, several sentences are running text.
const RUNNING: f32 = 0.8;

/// Which blocks of a page stand alone: all of a page of plain text with hardly a block, but for running text. What that is
/// about, its start does not tell.
pub(super) fn lines(page: &Page, body: &[f32]) -> Vec<bool> {
    if !stands_alone(page) {
        return Vec::new();
    }
    let sentences = |text: &str| text.chars().filter(|c| "。！？.!?".contains(*c)).count();
    let is_line = |(block, p): (Block<'_>, &f32)| *p < RUNNING || sentences(block.text()) < SENTENCES;
    page.blocks().zip(body).map(is_line).collect()
}

type Named = (Label, &'static str);

/// A label for a block, from something that looks at the labels of the whole page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// Index of the block.
    pub(super) block: usize,
    pub(super) label: Label,
    pub(super) reason: &'static str,
}

/// How strong a claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// What the mirror kit put in, and the headline: yields to the user's selectors, to corrections, and to a label that
    /// says more than that the block is no article.
    Page,
    /// That the page has no main content: yields to the user's selectors alone.
    NoContent,
}

/// Whether what may be a scam is likelier to be somebody's honest pitch, whose words are much the same.
fn is_pitch(naming: &Naming, index: usize, label: Label) -> bool {
    let pitch = naming.p(index, Label::Promo).max(naming.p(index, Label::Ad));
    label == Label::Scam && pitch > naming.p(index, label)
}

impl Decision<'_> {
    /// What is said about a block.
    pub(super) fn block(&self, index: usize) -> BlockReport {
        self.report(index, self.label(index))
    }

    /// Writes label, probability and reason of a block; nothing else writes any of them.
    fn report(&self, index: usize, (label, reason): Named) -> BlockReport {
        let body_probability = self.body.get(index).copied().unwrap_or_default();
        let probability = match self.naming {
            Some(naming) => (self.calibrate)(label, naming.p(index, label)),
            None if label.is_body() => body_probability,
            None => 1.0 - body_probability,
        };
        BlockReport { label, probability, body_probability, reason }
    }

    /// Gives blocks the labels that something claims which has looked at the labels of the whole page; as far as the claim
    /// outranks who has decided about the block.
    pub(super) fn claim(&self, blocks: &mut [BlockReport], rank: Rank, claims: &[Claim]) {
        for claim in claims {
            let Some(block) = blocks.get_mut(claim.block) else { continue };
            if self.yields(block, rank, claim) {
                *block = self.report(claim.block, (claim.label, claim.reason));
            }
        }
    }

    /// Whether a block's label yields to a claim.
    fn yields(&self, block: &BlockReport, rank: Rank, claim: &Claim) -> bool {
        let index = claim.block;
        let is_kept = self.rulings.get(index).copied().flatten() == Some(Ruling::Keep);
        let is_corrected = self.settled(index).is_some_and(|body| body != claim.label.is_body());
        let is_vague = matches!(block.label, Label::Body | Label::Related | Label::Nav | Label::Ui);
        match rank {
            Rank::NoContent => !is_kept,
            Rank::Page => !is_kept && !is_corrected && is_vague,
        }
    }

    fn label(&self, index: usize) -> Named {
        match self.rulings.get(index).copied().flatten() {
            Some(Ruling::Keep) => return (Label::Body, Ruling::Keep.reason()),
            Some(Ruling::Drop) => return (self.junk(index).0, Ruling::Drop.reason()),
            None => {}
        }
        match self.settled(index) {
            Some(true) => return (Label::Body, CORRECTED),
            Some(false) => return (self.junk(index).0, CORRECTED),
            None => {}
        }
        let ruled = || self.injected.overruled(index).or_else(|| self.kinds.overruled(index));
        if let Some(named) = self.spam(index).or_else(ruled).filter(|named| !self.is_renamed(index, named.0))
        {
            return named;
        }
        if let Some(named) = self.alone(index) {
            return named;
        }
        match self.chosen.get(index) {
            Some(true) => (Label::Body, "model"),
            _ if self.hidden.contains(&index) => (self.junk(index).0, "hidden"),
            _ => self.junk(index),
        }
    }

    /// Whether an adapter speaks so clearly of a block that it is decided: main content or not.
    pub(super) fn settled(&self, index: usize) -> Option<bool> {
        self.corrected.and_then(|corrected| corrected.settled(index))
    }

    /// Whether an adapter speaks clearly for another kind than a rule's.
    fn is_renamed(&self, index: usize, label: Label) -> bool {
        let likeliest = || self.naming.and_then(|naming| naming.likeliest(index, |_| true));
        self.corrected.is_some_and(|corrected| {
            likeliest().is_some_and(|(other, _)| corrected.prefers(index, other, label))
        })
    }

    /// The kind of a block that is spam whatever the body model says.
    fn spam(&self, index: usize) -> Option<Named> {
        let naming = self.naming?;
        let wanted = |label: Label| SPAM.contains(&label) && self.settings.is_junk(label);
        let alone = self.body.len() <= FEW;
        let in_body = self.chosen.get(index) == Some(&true) && !alone;
        if let Some(label) = naming.renamed(index).filter(|_| !in_body) {
            return wanted(label).then_some((label, CORRECTED));
        }
        let kinds = SPAM.iter().filter(|label| wanted(**label));
        let all: f32 = kinds.map(|label| naming.settled(index, *label)).sum();
        let (label, _) = naming.likeliest(index, wanted)?;
        let least = match (alone, in_body) {
            (true, _) => self.settings.spam_alone,
            (false, true) => self.settings.spam,
            (false, false) => self.settings.spam_outside,
        };
        let named = all >= least && (in_body || !is_pitch(naming, index, label));
        named.then(|| (label, self.reason(naming, index, label)))
    }

    /// The kind of a line that stands without a page around it: there is nothing to cut, and the words know best.
    fn alone(&self, index: usize) -> Option<Named> {
        let naming = self.naming.filter(|_| self.lines.get(index) == Some(&true))?;
        let (label, _) =
            naming.likeliest(index, |label| !SPAM.contains(&label) || self.settings.is_junk(label))?;
        let reason = if label.is_body() { "words" } else { self.reason(naming, index, label) };
        Some((label, reason))
    }

    /// The kind of a block that is not main content.
    fn junk(&self, index: usize) -> Named {
        let ruled = self.kinds.of_junk(index);
        let wanted =
            |label: Label| !label.is_body() && (!SPAM.contains(&label) || self.settings.is_junk(label));
        match self.naming.and_then(|naming| Some((naming, naming.likeliest(index, wanted)?))) {
            Some((naming, (label, _))) => (label, self.reason(naming, index, label)),
            None => ruled,
        }
    }

    /// The rule that says the same, else what the words say, else what stands around.
    fn reason(&self, naming: &Naming, index: usize, label: Label) -> &'static str {
        let ruled = self.kinds.of_junk(index);
        if ruled.0 == label {
            return ruled.1;
        }
        if naming.words_say(index, label) { "words" } else { "context" }
    }
}

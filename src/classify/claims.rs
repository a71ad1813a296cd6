//! Evidence → claims about each block, entered into the [`Ledger`].

use super::evidence::{Evidence, SPAM, Scored};
use super::ledger::{Claim, Ledger, Source};
use super::naming::{FEW, Naming, stands_alone};
use super::rules::Ruling;
use super::{Label, Reason};
use crate::page::Block;

/// The reason of a block that an adapter has decided.
const CORRECTED: Reason = Reason::Corrections;

/// A paragraph has at least so many tokens and sentences. (A short news item has two sentences; titles and offers have one, or
/// are shorter.)
const PARAGRAPH_TOKENS: u32 = 25;
const PARAGRAPH_SENTENCES: usize = 2;
/// One sentence is a paragraph too if its words are so surely no spam.
const CLEAN_WORDS: f32 = 0.1;
/// A page of at most so many blocks has too little around a paragraph to say that it is spam.
const SHORT_PAGE: usize = 12;
/// A plain statement is spam from this probability on.
const SURE_STATEMENT: f32 = 0.9;
/// From this probability on, the words of a block alone say that it is spam.
const SPAM_WORDS: f32 = 0.5;

/// Whether what may be a scam is likelier to be somebody's honest pitch, whose words are much the same.
fn is_pitch(naming: &Naming, index: usize, label: Label) -> bool {
    let pitch = naming.p(index, Label::Promo).max(naming.p(index, Label::Ad));
    label == Label::Scam && pitch > naming.p(index, label)
}

type Named = (Label, Reason);

impl Evidence<'_> {
    /// What every source claims of every block.
    pub(crate) fn ledger(&self) -> Ledger {
        let blocks = self.scored.body.len();
        let has_lines = stands_alone(self.scored.page);
        let mut ledger = Ledger::new(blocks);
        for index in 0..blocks {
            let mut add = |source: Source, named: Option<Named>| {
                if let Some(named) = named {
                    ledger.add(index, Claim::new(source, named));
                }
            };
            let junk = self.junk(index);
            let drop = |dropped: bool, reason: Reason| dropped.then_some((junk.0, reason));
            let stays = |named: &Named| !self.is_renamed(index, named.0);
            add(Source::Likeliest, Some(junk));
            add(Source::Cut, (self.chosen.get(index) == Some(&true)).then_some((Label::Body, Reason::Model)));
            add(Source::Hidden, drop(self.hidden.binary_search(&index).is_ok(), Reason::Hidden));
            add(Source::Copy, drop(self.copies.binary_search(&index).is_ok(), Reason::Duplicate));
            add(Source::Template, drop(self.is_template(index), Reason::Template));
            add(Source::Line, has_lines.then(|| self.line(index)).flatten());
            add(Source::Rule, self.kinds.overruled(index).filter(stays));
            add(Source::Trace, self.injected.overruled(index).filter(stays));
            add(Source::Spam, self.spam(index).filter(stays));
            add(Source::Correction, self.correction(index, junk.0));
            add(Source::Selector, self.ruling(index, junk.0));
        }
        ledger
    }

    /// Whether the user keeps a block, or drops it as the kind of junk that it is likeliest to be.
    fn ruling(&self, index: usize, junk: Label) -> Option<Named> {
        let ruling = self.rulings.get(index).copied().flatten()?;
        let label = if ruling == Ruling::Keep { Label::Body } else { junk };
        Some((label, ruling.reason()))
    }

    /// What an adapter says of a block, if it speaks so clearly that the block is decided: main content or not, or spam.
    fn correction(&self, index: usize, junk: Label) -> Option<Named> {
        let corrected = self.scored.corrected?;
        let label = match corrected.settled(index) {
            Some(true) => Label::Body,
            Some(false) => junk,
            None => self.naming.as_ref()?.renamed(index).filter(|label| {
                SPAM.contains(label) && self.settings.is_junk(*label) && !self.is_within_body(index)
            })?,
        };
        Some((label, CORRECTED))
    }

    /// Whether an adapter speaks clearly for another kind than a rule's.
    fn is_renamed(&self, index: usize, label: Label) -> bool {
        let likeliest = || self.naming.as_ref()?.likeliest(index, |_| true);
        self.scored.corrected.is_some_and(|corrected| {
            likeliest().is_some_and(|(other, _)| corrected.prefers(index, other, label))
        })
    }

    /// Whether a block of a short page is a paragraph whose own words are no spam. The models see the line beside it, and that
    /// is no reason to lose it.
    fn is_paragraph(&self, index: usize) -> bool {
        let Scored { page, measured, .. } = self.scored;
        if self.chosen.len() > SHORT_PAGE || measured.tokens().get(index) < Some(&PARAGRAPH_TOKENS) {
            return false;
        }
        let sentences = |block: Block<'_>| block.text().chars().filter(|c| "。！？.!?".contains(*c)).count();
        let most = match page.block(index).map(sentences) {
            Some(PARAGRAPH_SENTENCES..) => SPAM_WORDS,
            Some(1) if self.chosen.len() > 1 => CLEAN_WORDS,
            _ => return false,
        };
        self.naming.as_ref().is_some_and(|naming| naming.spam_by_words(index) < most)
    }

    /// Whether a block stands in the main content of a page that has other blocks around it.
    fn is_within_body(&self, index: usize) -> bool {
        self.chosen.get(index) == Some(&true) && self.chosen.len() > FEW
    }

    /// Whether a line without a page around it is a plain statement whose words may be spam and may as well be none: "She kissed
    /// him." Offers call and promise, and are told by that.
    fn is_statement(&self, index: usize) -> bool {
        let states =
            |text: &str| text.ends_with(['.', '。']) && !text.contains(['!', '！', '?', '？', '/', '@']);
        let spam = |naming: &Naming| SPAM.iter().map(|label| naming.settled(index, *label)).sum::<f32>();
        stands_alone(self.scored.page)
            && self.scored.page.block(index).is_some_and(|block| states(block.text()))
            && self.naming.as_ref().is_some_and(|naming| spam(naming) < SURE_STATEMENT)
    }

    /// The kind of a block that is spam whatever the body model says.
    fn spam(&self, index: usize) -> Option<Named> {
        let naming = self.naming.as_ref()?;
        let within = self.is_within_body(index);
        if !within && naming.renamed(index).is_some() || self.is_paragraph(index) || self.is_statement(index)
        {
            return None;
        }
        let wanted = |label: Label| SPAM.contains(&label) && self.settings.is_junk(label);
        let all: f32 =
            SPAM.iter().filter(|label| wanted(**label)).map(|label| naming.settled(index, *label)).sum();
        let (label, _) = naming.likeliest(index, wanted)?;
        let least = match (self.chosen.len() <= FEW, within) {
            (true, _) => self.settings.spam_alone,
            (false, true) => self.settings.spam,
            (false, false) => self.settings.spam_outside,
        };
        let named = all >= least && (within || !is_pitch(naming, index, label));
        named.then(|| (label, self.reason(naming, index, label)))
    }

    /// The kind of a line that stands without a page around it: there is nothing to cut, and the words know best. A paragraph
    /// is main content if its words do not say that it is something else; then the cut decides.
    fn line(&self, index: usize) -> Option<Named> {
        let naming = self.naming.as_ref()?;
        if self.is_paragraph(index) {
            let is_junk = Label::ALL.iter().any(|label| !label.is_body() && naming.words_say(index, *label));
            return (!is_junk).then_some((Label::Body, Reason::Words));
        }
        let is_statement = self.is_statement(index);
        let may_be = |label: Label| self.may_be(label) && !(is_statement && SPAM.contains(&label));
        let (label, _) = naming.likeliest(index, may_be)?;
        let reason = if label.is_body() { Reason::Words } else { self.reason(naming, index, label) };
        Some((label, reason))
    }

    /// The kind of a block that is not main content.
    fn junk(&self, index: usize) -> Named {
        let likeliest = |naming: &Naming| {
            let (label, _) = naming.likeliest(index, |label| !label.is_body() && self.may_be(label))?;
            Some((label, self.reason(naming, index, label)))
        };
        self.naming.as_ref().and_then(likeliest).unwrap_or_else(|| self.kinds.of_junk(index))
    }

    /// Whether a label is one that the user looks for.
    pub(super) fn may_be(&self, label: Label) -> bool {
        !SPAM.contains(&label) || self.settings.is_junk(label)
    }

    /// The rule that says the same, else what the words say, else what stands around.
    fn reason(&self, naming: &Naming, index: usize, label: Label) -> Reason {
        let ruled = self.kinds.of_junk(index);
        if ruled.0 == label {
            return ruled.1;
        }
        if naming.words_say(index, label) { Reason::Words } else { Reason::Context }
    }
}

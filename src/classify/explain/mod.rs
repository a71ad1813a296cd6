//! Why each block of a page has its label: the runner-up, and what spoke for the label and against it.
//!
//! In: a document and the models of a [`Filter`]. Out: a [`Report`] with [`BlockSigns`] for each block. The page is
//! judged as always and then read a second time, so [`Filter::check`] pays nothing for it.
//!
//! Two questions are asked of a block: whether it is main content ([`body`]: trees over measurements, two of which are
//! sums over tokens), and which kind it is otherwise ([`kind`]: a multinomial model over what words say and what stands
//! around). Which of them are told is in `Explainer::questions`.

mod body;
mod kind;
mod parts;

use super::corrected::Corrected;
use super::naming::{FEW, Naming};
use super::{BlockReport, Filter, Label, Report, kind as rules};
use super::{decide::SPAM, settings::Settings};
use crate::features::{Measured, measure};
use crate::page::{Document, Media, Page};
use body::BodyOdds;
use kind::KindOdds;
use parts::{Key, Parts};

/// Why a block has its label.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BlockSigns {
    /// The likeliest of the other labels. None where no model tells kinds and the block is main content.
    pub runner_up: Option<RunnerUp>,
    /// What spoke for the label and against it, at most 8, the strongest first; a named rule that decided stands before
    /// all others.
    pub signs: Vec<Sign>,
}

/// A label that a block might have had.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunnerUp {
    /// The label.
    pub label: Label,
    /// Its calibrated probability, 0 to 1.
    pub probability: f32,
}

/// Something that spoke for a block's label or against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// Stable name: `token:class=sidebar`, `token:first=read more`, `column:link_density`, `gram:casino`,
    /// `context:near.ad`, `rule:copyright`, `corrections`.
    pub name: String,
    /// Log-odds; above 0 it spoke for the label that the block has. Of main content against the rest, calibrated, or of
    /// the label against the next likeliest kind: the sign's text says which.
    pub weight: f32,
    /// For people: what was seen.
    pub text: String,
}

/// Signs of a block, at most.
const MOST_SIGNS: usize = 8;
/// Log-odds of a decision that a rule has made whatever the models say.
const CERTAIN: f32 = 10.0;
/// Reasons that name no rule.
const NO_RULE: [&str; 4] = ["model", "words", "context", "corrections"];

impl Filter {
    /// Judges a document as [`Filter::check`] does, and adds why each block has its label ([`Report::signs`]). It takes
    /// about three times as long.
    ///
    /// ```
    /// use pagesieve::{Document, Filter};
    /// let report = Filter::builtin().explain(&Document::html("<nav><p>Home</p></nav><p>Bees dance in spring.</p>"));
    /// assert_eq!(report.signs().len(), 2);
    /// assert!(report.signs()[0].signs.len() <= 8);
    /// ```
    pub fn explain(&self, document: &Document) -> Report {
        let mut report = self.check(document);
        let page = Page::read(document, &self.limits);
        let mut measured = measure(&page);
        let (body, corrected) = self.probabilities(&page, &mut measured);
        let rules = rules::Kinds::of(&page, &measured);
        let naming = self.naming(&page, &measured, (&body, corrected.as_ref()), &rules);
        let known = Known { page: &page, measured: &measured, body: &body, rules: &rules };
        let mut explainer = Explainer {
            filter: self,
            known,
            naming: naming.as_ref(),
            corrected: corrected.as_ref(),
            body: BodyOdds::of(self, known),
            kind: naming
                .as_ref()
                .zip(self.kinds.as_deref())
                .map(|(naming, model)| KindOdds::of(model, naming, known)),
        };
        let blocks = report.blocks.iter().enumerate();
        report.signs = blocks.map(|(index, said)| explainer.block(index, said)).collect();
        report
    }
}

/// What the models were shown of a page.
#[derive(Clone, Copy)]
struct Known<'a> {
    page: &'a Page,
    measured: &'a Measured,
    /// Probabilities of main content.
    body: &'a [f32],
    rules: &'a rules::Kinds<'a>,
}

struct Explainer<'a> {
    filter: &'a Filter,
    known: Known<'a>,
    naming: Option<&'a Naming>,
    /// What an adapter has added.
    corrected: Option<&'a Corrected>,
    body: BodyOdds<'a>,
    kind: Option<KindOdds<'a>>,
}

/// What is asked of a block: whether it is main content, and which of two kinds it is.
struct Questions {
    body: bool,
    against: Option<Label>,
}

impl Explainer<'_> {
    fn block(&mut self, index: usize, said: &BlockReport) -> BlockSigns {
        let runner_up = self.runner_up(index, said);
        let questions = self.questions(index, said, runner_up);
        let mut signs = Vec::new();
        if questions.body {
            let way = if said.label.is_body() { 1.0 } else { -1.0 };
            let (_, parts) = self.body.parts(index);
            signs.extend(strongest(parts, way, |key| self.body.said(index, key)));
            let added = self.corrected.map_or(0.0, |corrected| corrected.added(index));
            signs.extend(of_corrections(way * added, "main content".to_owned()));
        }
        if let (Some(kind), Some(other)) = (&mut self.kind, questions.against) {
            let (_, parts) = kind.parts(index, said.label, other);
            signs.extend(strongest(parts, 1.0, |key| kind.said(index, key, said.label, other)));
            let added = self.corrected.map_or(0.0, |corrected| corrected.between(index, said.label, other));
            signs.extend(of_corrections(added, format!("{} or {other}", said.label)));
        }
        signs.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.name.cmp(&b.name)));
        rule_first(&mut signs, said, self.decided_by_rule(index, said));
        signs.truncate(MOST_SIGNS);
        BlockSigns { runner_up, signs }
    }

    /// The likeliest label but the block's own.
    fn runner_up(&self, index: usize, said: &BlockReport) -> Option<RunnerUp> {
        let Some(naming) = self.naming else {
            let junk = 1.0 - said.body_probability;
            let (label, probability) = if said.label.is_body() {
                (self.known.rules.of_junk(index).0, junk)
            } else {
                (Label::Body, said.body_probability)
            };
            return (!label.is_body() || !said.label.is_body()).then_some(RunnerUp { label, probability });
        };
        let (label, p) = naming.likeliest(index, |label| label != said.label && self.may_be(label))?;
        let Known { page, measured, .. } = self.known;
        Some(RunnerUp { label, probability: self.filter.label_probability(page, measured, label, p) })
    }

    fn may_be(&self, label: Label) -> bool {
        let settings: &Settings = &self.filter.settings;
        !SPAM.contains(&label) || settings.is_junk(label)
    }

    /// What decided: the body model for main content, both models for junk; the model of kinds alone for spam, which is told
    /// from main content, and for the lines of a page that is hardly more than a line.
    fn questions(&self, index: usize, said: &BlockReport, runner_up: Option<RunnerUp>) -> Questions {
        let page = self.known.page;
        let alone = page.source().media == Media::Text && page.blocks().len() <= FEW;
        let label = said.label;
        let Some(naming) = self.naming else { return Questions { body: true, against: None } };
        if SPAM.contains(&label) {
            return Questions { body: false, against: Some(Label::Body) };
        }
        if alone {
            return Questions { body: false, against: runner_up.map(|other| other.label) };
        }
        if label.is_body() {
            return Questions { body: true, against: None };
        }
        let wanted = |other: Label| other != label && !other.is_body() && self.may_be(other);
        Questions { body: true, against: naming.likeliest(index, wanted).map(|(other, _)| other) }
    }

    /// Whether a named rule gave the label whatever the models say.
    fn decided_by_rule(&self, index: usize, said: &BlockReport) -> bool {
        let is_named = !NO_RULE.contains(&said.reason);
        let agrees = self.known.rules.of_junk(index) == (said.label, said.reason)
            && self.known.rules.overruled(index).is_none();
        is_named && !(agrees && self.naming.is_some())
    }
}

/// What people have corrected on pages like this one, if that says anything of the block.
fn of_corrections(weight: f32, asked: String) -> Option<Sign> {
    let text = asked + ": corrections of pages like this one";
    (weight != 0.0).then(|| Sign { name: "corrections".to_owned(), weight, text })
}

/// The strongest parts as signs; `way` is -1 where what is asked is the opposite of the label.
fn strongest(mut parts: Parts, way: f32, said: impl Fn(Key) -> (String, String)) -> Vec<Sign> {
    parts.retain(|(_, weight)| weight.abs() >= LEAST);
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    parts.truncate(MOST_SIGNS);
    let sign = |(key, weight): (Key, f32)| {
        let (name, text) = said(key);
        Sign { name, weight: weight * way, text }
    };
    parts.into_iter().map(sign).collect()
}

/// A sign of less says nothing, log-odds: it moves no probability by more than a quarter of a percent.
const LEAST: f32 = 0.01;

/// Puts the rule that a block's reason names first; with the weight that the model gives it, or a certain one.
fn rule_first(signs: &mut Vec<Sign>, said: &BlockReport, decided: bool) {
    let name = format!("rule:{}", said.reason);
    let known = signs.iter().position(|sign| sign.name == name);
    if !decided {
        if let Some(at) = known {
            let sign = signs.remove(at);
            signs.insert(0, sign);
        }
        return;
    }
    if let Some(at) = known {
        signs.remove(at);
    }
    let text = format!("the rule `{}` decides: {}", said.reason, said.label);
    signs.insert(0, Sign { name, weight: CERTAIN, text });
}

#[cfg(test)]
mod tests;

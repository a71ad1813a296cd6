//! Why each block of a page has its label: the runner-up, and what spoke for the label and against it.
//!
//! In: the evidence and the ledger of the pass that judged the page. Out: [`BlockSigns`] for each block: every claim that
//! was made about it, and what the models' numbers rest on.
//!
//! Two questions are asked of a block: whether it is main content ([`body`]: trees over measurements, two of which are
//! sums over tokens), and which kind it is otherwise ([`kind`]: a multinomial model over what words say and what stands
//! around). Which of them are told is in `Explainer::questions`.

mod body;
mod kind;
mod parts;

use super::evidence::{Evidence, SPAM};
use super::ledger::{Claim, Ledger, Source};
use super::naming::stands_alone;
use super::{BlockReport, Filter, Label};
use body::BodyOdds;
use kind::KindOdds;
use parts::{Key, Parts};

/// Why a block has its label.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BlockSigns {
    /// The likeliest of the other labels, never likelier than the block's own. None where the user keeps the block.
    pub runner_up: Option<RunnerUp>,
    /// All claims that were made about the block, the one that stands first.
    pub claims: Vec<Claim>,
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

impl Filter {
    /// Why each block has its label, in reading order.
    pub(super) fn signs(
        &self,
        evidence: &Evidence<'_>,
        ledger: &Ledger,
        blocks: &[BlockReport],
    ) -> Vec<BlockSigns> {
        let kind = evidence.naming.as_ref().zip(evidence.model);
        let mut explainer = Explainer {
            evidence,
            body: BodyOdds::of(self, evidence.scored),
            kind: kind.map(|(naming, model)| KindOdds::of(model, naming, evidence)),
        };
        let standing = ledger.standing().zip(ledger.by_block()).zip(blocks).enumerate();
        let signs = standing.map(|(index, ((claim, mut claims), said))| {
            claims.sort_by_key(|other| *other != claim);
            BlockSigns { claims, ..explainer.block(index, claim, said) }
        });
        signs.collect()
    }
}

struct Explainer<'a> {
    evidence: &'a Evidence<'a>,
    body: BodyOdds<'a>,
    kind: Option<KindOdds<'a>>,
}

/// What is asked of a block: whether it is main content, and which of two kinds it is.
struct Questions {
    body: bool,
    against: Option<Label>,
}

impl Explainer<'_> {
    fn block(&mut self, index: usize, claim: Claim, said: &BlockReport) -> BlockSigns {
        let runner_up = self.evidence.odds(index, claim).runner_up;
        let questions = self.questions(index, said, runner_up);
        let corrected = self.evidence.scored.corrected;
        let mut signs = Vec::new();
        if questions.body {
            let way = if said.label.is_body() { 1.0 } else { -1.0 };
            let (_, parts) = self.body.parts(index);
            signs.extend(strongest(parts, way, |key| self.body.said(index, key)));
            let added = corrected.map_or(0.0, |corrected| corrected.added(index));
            signs.extend(of_corrections(way * added, "main content".to_owned()));
        }
        if let (Some(kind), Some(other)) = (&mut self.kind, questions.against) {
            let (_, parts) = kind.parts(index, said.label, other);
            signs.extend(strongest(parts, 1.0, |key| kind.said(index, key, said.label, other)));
            let added = corrected.map_or(0.0, |corrected| corrected.between(index, said.label, other));
            signs.extend(of_corrections(added, format!("{} or {other}", said.label)));
        }
        signs.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.name.cmp(&b.name)));
        rule_first(&mut signs, claim);
        signs.truncate(MOST_SIGNS);
        BlockSigns { runner_up, signs, claims: Vec::new() }
    }

    /// What decided: the body model for main content, both models for junk; the model of kinds alone for spam, which is told
    /// from main content, and for the lines of a page that is hardly more than a line.
    fn questions(&self, index: usize, said: &BlockReport, runner_up: Option<RunnerUp>) -> Questions {
        let label = said.label;
        let Some(naming) = &self.evidence.naming else { return Questions { body: true, against: None } };
        if SPAM.contains(&label) {
            return Questions { body: false, against: Some(Label::Body) };
        }
        if stands_alone(self.evidence.scored.page) {
            return Questions { body: false, against: runner_up.map(|other| other.label) };
        }
        if label.is_body() {
            return Questions { body: true, against: None };
        }
        let wanted = |other: Label| other != label && !other.is_body() && self.evidence.may_be(other);
        Questions { body: true, against: naming.likeliest(index, wanted).map(|(other, _)| other) }
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

/// Puts the rule that the standing claim names first; with the weight that the model gives it, or with a certain one where
/// it decided whatever the models say.
fn rule_first(signs: &mut Vec<Sign>, claim: Claim) {
    let name = format!("rule:{}", claim.reason);
    let known = signs.iter().position(|sign| sign.name == name).map(|at| signs.remove(at));
    let decided = !claim.source.is_model() && claim.source != Source::Correction;
    let text = || format!("the rule `{}` decides: {}", claim.reason, claim.label);
    let sign = if decided { Some(Sign { name, weight: CERTAIN, text: text() }) } else { known };
    signs.splice(0..0, sign);
}

#[cfg(test)]
mod tests;

//! The claim that stands for a block → its report: label, probability and reason, written together.
//!
//! The probability is that of the printed label, whatever decided. It is calibrated with what decided as an input, for a rule
//! may know better than the models that disagree with it.

use super::Label;
use super::evidence::Evidence;
use super::explain::RunnerUp;
use super::ledger::{Claim, Ledger, Source};
use super::report::BlockReport;
use super::rules::Ruling;
#[cfg(feature = "train")]
use super::{Filter, evidence::Scored, naming::Naming};
use crate::features::vectors::LabelCalibration as Column;
use crate::model::logit;
use crate::page::Media;

/// The probability of a block's label, 0 to 1, and the likeliest other label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Odds {
    pub(super) probability: f32,
    /// None where the user has ruled that nothing else may be.
    pub(super) runner_up: Option<RunnerUp>,
}

impl Odds {
    /// What decides is not always the likeliest label: the cut weighs a whole page. Where the model finds another label
    /// likelier than the one that stands, both have the mean of the two, which is what the pool of adjacent violators gives
    /// (Ayer et al. 1955).
    fn new(probability: f32, runner_up: Option<RunnerUp>) -> Self {
        match runner_up {
            Some(other) if other.probability > probability => {
                let mean = f32::midpoint(probability, other.probability);
                Self { probability: mean, runner_up: Some(RunnerUp { probability: mean, ..other }) }
            }
            _ => Self { probability, runner_up },
        }
    }
}

impl Evidence<'_> {
    /// What is said of each block.
    pub(super) fn reports(&self, ledger: &Ledger) -> Vec<BlockReport> {
        let report = |(index, claim): (usize, Claim)| BlockReport {
            label: claim.label,
            probability: self.odds(index, claim).probability,
            body_probability: self.body(index),
            reason: claim.reason,
        };
        ledger.standing().enumerate().map(report).collect()
    }

    /// How likely a block's label is, and which one is the next likeliest.
    pub(super) fn odds(&self, index: usize, claim: Claim) -> Odds {
        let ruled = self.rulings.get(index).copied().flatten();
        if ruled == Some(Ruling::Keep) {
            return Odds { probability: 1.0, runner_up: None };
        }
        let Some(naming) = &self.naming else { return self.odds_by_rules(index, claim) };
        // What the user drops is no main content: the other labels share the whole.
        let ruled_out = if ruled == Some(Ruling::Drop) { naming.p(index, Label::Body) } else { 0.0 };
        let share = |p: f32| p / (1.0 - ruled_out).max(f32::EPSILON);
        let p = share(naming.p(index, claim.label)).min(1.0);
        let probability = self.calibrated(p, claim);
        let others = |label: Label| {
            label != claim.label && self.may_be(label) && !(label.is_body() && ruled == Some(Ruling::Drop))
        };
        let runner_up = naming.likeliest(index, others).map(|(label, other)| {
            let of_rest = (share(other) / (1.0 - p).max(f32::EPSILON)).min(1.0);
            RunnerUp { label, probability: (1.0 - probability) * of_rest }
        });
        Odds::new(probability, runner_up)
    }

    /// Without a model of kinds: main content or not.
    fn odds_by_rules(&self, index: usize, claim: Claim) -> Odds {
        let body = self.body(index);
        let junk = RunnerUp { label: self.kinds.of_junk(index).0, probability: 1.0 - body };
        if claim.label.is_body() {
            return Odds::new(body, Some(junk));
        }
        Odds::new(1.0 - body, Some(RunnerUp { label: Label::Body, probability: body }))
    }

    /// The probability that a claim is right whose label the model gives the probability `p`.
    fn calibrated(&self, p: f32, claim: Claim) -> f32 {
        let Some(model) = self.model else { return p };
        model.part.label_calibration.probability(&self.calibration_inputs(p, claim))
    }

    /// The numbers that the calibration of a label's probability looks at. The fit hears rare labels more than they are
    /// frequent, so that the probabilities need it.
    fn calibration_inputs(&self, p: f32, claim: Claim) -> [f32; Column::COUNT] {
        let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
        let odds = logit(p);
        let chinese = flag(self.scored.measured.is_chinese());
        let text = flag(self.scored.page.source().media == Media::Text);
        let body = flag(claim.label.is_body());
        let rule = flag(matches!(claim.source, Source::Rule | Source::Trace));
        let [spam, line, page] =
            [Source::Spam, Source::Line, Source::Page].map(|source| flag(claim.source == source));
        Column::row([
            (Column::Odds, odds),
            (Column::Body, body),
            (Column::BodyOdds, body * odds),
            (Column::Chinese, chinese),
            (Column::ChineseOdds, chinese * odds),
            (Column::Text, text),
            (Column::TextOdds, text * odds),
            (Column::Rule, rule),
            (Column::RuleOdds, rule * odds),
            (Column::Spam, spam),
            (Column::SpamOdds, spam * odds),
            (Column::Line, line),
            (Column::LineOdds, line * odds),
            (Column::Page, page),
        ])
    }

    fn body(&self, index: usize) -> f32 {
        self.scored.body.get(index).copied().unwrap_or_default()
    }
}

/// A label that a block was given, and the numbers that its probability is calibrated by.
#[cfg(feature = "train")]
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    pub(crate) label: Label,
    pub(crate) inputs: [f32; Column::COUNT],
}

#[cfg(feature = "train")]
impl Filter {
    /// What is decided about each block of a page where the models of kinds say `naming`.
    pub(crate) fn decided(&self, scored: Scored<'_>, naming: Naming) -> Vec<Decided> {
        let evidence = self.evidence_with(scored, naming);
        let mut ledger = evidence.ledger();
        self.findings(&evidence, &mut ledger);
        let decided = |(index, claim): (usize, Claim)| {
            let p = evidence.naming.as_ref().map_or(0.0, |naming| naming.p(index, claim.label));
            Decided { label: claim.label, inputs: evidence.calibration_inputs(p, claim) }
        };
        ledger.standing().enumerate().map(decided).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odds(probability: f32, other: f32) -> (f32, f32) {
        let odds = Odds::new(probability, Some(RunnerUp { label: Label::Related, probability: other }));
        (odds.probability, odds.runner_up.unwrap().probability)
    }

    #[test]
    fn the_runner_up_is_never_likelier_than_the_winner() {
        assert_eq!(odds(0.25, 0.75), (0.5, 0.5));
        assert_eq!(odds(0.75, 0.25), (0.75, 0.25));
    }
}

//! What a row says of its page's source.

use crate::classify::{Report, SourceEvidence, SubScore, Weight};
use crate::host::shown_by;
use serde::Serialize;

/// Four sub-scores, `null` where nothing is known, and what of them counts against the page.
#[derive(Serialize)]
pub(super) struct SourceEvidenceField {
    against: f64,
    identity: Option<SubScoreField>,
    authority: Option<SubScoreField>,
    behaviour: Option<SubScoreField>,
    lists: Option<SubScoreField>,
}

#[derive(Serialize)]
struct SubScoreField {
    /// None where the lines are what one page shows.
    score: Option<f64>,
    evidence: Vec<LineField>,
}

#[derive(Serialize)]
struct LineField {
    name: String,
    weight: f64,
    text: String,
}

impl SourceEvidenceField {
    /// None where nothing at all is known.
    pub(super) fn of(report: &Report) -> Option<Self> {
        let known = report.source_evidence();
        let SourceEvidence { identity, authority, behaviour, lists, .. } = known;
        let by_itself = || {
            let shown = shown_by(report);
            (!shown.is_empty()).then(|| SubScoreField::new(None, &shown))
        };
        let field = Self {
            against: four(f64::from(known.weight())),
            identity: SubScoreField::of(identity).or_else(by_itself),
            authority: SubScoreField::of(authority),
            behaviour: SubScoreField::of(behaviour),
            lists: SubScoreField::of(lists),
        };
        let parts = [&field.identity, &field.authority, &field.behaviour, &field.lists];
        let is_something = parts.iter().any(|part| part.is_some());
        is_something.then_some(field)
    }
}

impl SubScoreField {
    fn of(score: &SubScore) -> Option<Self> {
        match score {
            SubScore::Known { score, evidence } => Some(Self::new(Some(*score), evidence)),
            SubScore::Unknown { .. } => None,
        }
    }

    fn new(score: Option<f64>, lines: &[Weight]) -> Self {
        let line = |line: &Weight| LineField {
            name: line.name.clone(),
            weight: four(line.weight),
            text: line.text.clone(),
        };
        Self { score: score.map(four), evidence: lines.iter().map(line).collect() }
    }
}

/// Four decimals, and no minus zero.
fn four(value: f64) -> f64 {
    (value * 1e4).round() / 1e4 + 0.0
}

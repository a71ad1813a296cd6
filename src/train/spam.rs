//! Pages with and without spam → the models of whole pages, one for each kind of spam.

use super::logistic;
use super::run::rounded;
use crate::classify::{Label, PageKind, SCORED};
use crate::eval::{Reliability, auc};
use crate::model::{Logistic, sigmoid};
use std::collections::BTreeMap;

/// A page's numbers for each kind, whether it has such spam (none: not known), its fold, and its language.
pub(super) struct SpamRow {
    pub(super) inputs: Vec<Vec<f32>>,
    pub(super) truth: [Option<bool>; SCORED.len()],
    pub(super) fold: usize,
    pub(super) chinese: bool,
}

/// What is known of a page by where it came from and by its blocks' labels.
pub(super) fn truth(source: &str, has: impl Fn(Label) -> bool) -> [Option<bool>; SCORED.len()] {
    let pattern = source.strip_prefix("pages:");
    let brand = source.starts_with("injected:hijack") && !source.ends_with("related");
    SCORED.map(|label| match (pattern, label) {
        _ if has(label) => Some(true),
        (Some("hijack"), Label::Gambling) | (Some("mirror" | "hidden" | "doorway"), Label::Seo) => Some(true),
        (Some("hijack"), Label::Seo) | (Some("hidden" | "doorway"), _) => None,
        _ if brand && label == Label::Seo => None,
        _ => Some(false),
    })
}

/// What is known of a page by its kind, a bit for each that it may be: content has no spam, a gambling site is gambling, and
/// what a hijacker has put on a page is not known.
pub(super) fn truth_of_kinds(kinds: u16) -> [Option<bool>; SCORED.len()] {
    let may_be = || PageKind::ALL.iter().copied().filter(|kind| kinds & (1 << *kind as u16) != 0);
    let is_hijacked = may_be().any(|kind| kind == PageKind::Hijacked);
    SCORED.map(|label| match () {
        () if may_be().all(|kind| kind.spam().is_none()) => Some(false),
        () if !is_hijacked && may_be().all(|kind| kind.spam() == Some(label)) => Some(true),
        () => None,
    })
}

/// A model for each kind of spam, by its name.
type Models = BTreeMap<String, Logistic>;
/// Figures by name.
type Figures = BTreeMap<String, f64>;

/// The models, and figures out of fold.
pub(super) fn fit(
    rows: &[SpamRow],
    folds: usize,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<(Models, Figures), String> {
    let (mut models, mut figures) = (BTreeMap::new(), BTreeMap::new());
    for (at, label) in SCORED.into_iter().enumerate() {
        let known: Vec<Known> = rows.iter().filter_map(|row| Known::of(row, at)).collect();
        let positive = known.iter().filter(|row| row.truth).count();
        if positive < LEAST {
            tell(&format!("kinds: only {positive} pages with {label}: their score stays 0"));
            continue;
        }
        let odds = out_of_fold(&known, folds, WEIGHT)?;
        let of = |truth| odds.iter().filter(|row| row.truth == truth).map(Known::first).collect::<Vec<_>>();
        figures.insert(format!("{label} auc"), rounded(auc(&of(true), &of(false)).unwrap_or_default()));
        let calibrated = out_of_fold(&odds, folds, CALIBRATION_WEIGHT)?;
        for (name, chinese) in [("Chinese", true), ("English", false)] {
            let scored = calibrated.iter().filter(|row| row.chinese == chinese);
            let found = Reliability::of(scored.map(|row| (sigmoid(row.first()), row.truth)));
            figures.insert(format!("{label} ece, {name}"), rounded(found.ece));
        }
        figures.insert(format!("{label} pages"), positive as f64);
        let (model, calibration) = (logistic_of(&known, WEIGHT)?, logistic_of(&odds, CALIBRATION_WEIGHT)?);
        models.insert(label.as_str().to_owned(), behind(&calibration, model));
    }
    Ok((models, figures))
}

/// Weights of the squared weights of the models and of their calibrations: log-odds that a model gives pages it has not
/// seen become those that hold. A model's weights are kept small, so that they hold for other pages; that makes it less
/// sure than it may be.
const WEIGHT: f64 = 4.0;
const CALIBRATION_WEIGHT: f64 = 1e-3;

/// A page of which it is known whether it has spam of a kind.
struct Known {
    inputs: Vec<f32>,
    truth: bool,
    fold: usize,
    chinese: bool,
}

impl Known {
    fn of(row: &SpamRow, kind: usize) -> Option<Self> {
        let truth = row.truth.get(kind).copied().flatten()?;
        Some(Self { inputs: row.inputs.get(kind)?.clone(), truth, fold: row.fold, chinese: row.chinese })
    }

    fn first(&self) -> f32 {
        self.inputs.first().copied().unwrap_or_default()
    }
}

/// The same pages with one number each: the log-odds by a model that saw nothing of the page's fold.
fn out_of_fold(known: &[Known], folds: usize, weight: f64) -> Result<Vec<Known>, String> {
    let without = |fold| logistic_of(known.iter().filter(|row| row.fold != fold), weight);
    let models = (0..folds).map(without).collect::<Result<Vec<_>, _>>()?;
    let odds = |row: &Known| models.get(row.fold).map_or(0.0, |model| model.log_odds(&row.inputs));
    Ok(known.iter().map(|row| Known { inputs: vec![odds(row)], ..*row }).collect())
}

/// A model with its calibration in its weights.
fn behind(calibration: &Logistic, mut model: Logistic) -> Logistic {
    let slope = calibration.weights.first().copied().unwrap_or(1.0);
    model.weights.iter_mut().for_each(|weight| *weight *= slope);
    model.intercept = model.intercept * slope + calibration.intercept;
    model
}

/// Fewer pages with a kind of spam teach nothing.
const LEAST: usize = 10;

/// A logistic model in which no sign of spam lowers the score: columns whose weight is below 0 are left out, the lowest
/// first, until there is none (backward elimination).
fn logistic_of<'k>(rows: impl IntoIterator<Item = &'k Known>, weight: f64) -> Result<Logistic, String> {
    let (mut inputs, truth): (Vec<Vec<f32>>, Vec<bool>) =
        rows.into_iter().map(|row| (row.inputs.clone(), row.truth)).unzip();
    loop {
        let model = logistic::fit(&inputs, &truth, weight)?;
        let lowest = model.weights.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        let Some((column, _)) = lowest.filter(|(_, weight)| **weight < 0.0) else { return Ok(model) };
        inputs.iter_mut().filter_map(|row| row.get_mut(column)).for_each(|value| *value = 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_never_lowers_the_score() {
        // the second sign stands on more pages without spam than on such with it
        let row = |truth: bool, second: f32| Known {
            inputs: vec![if truth { 0.8 } else { 0.1 }, second],
            truth,
            fold: 0,
            chinese: false,
        };
        let rows: Vec<Known> =
            (0..40).map(|at| row(at % 2 == 0, if at % 4 == 1 { 1.0 } else { 0.0 })).collect();
        let model = logistic_of(&rows, WEIGHT).unwrap();
        assert!(model.weights[0] > 0.0 && model.weights[1] == 0.0, "{model:?}");
    }

    #[test]
    fn a_calibration_in_the_weights_says_the_same() {
        let model = Logistic { intercept: -1.0, weights: vec![2.0, 0.5] };
        let calibration = Logistic { intercept: 0.3, weights: vec![1.5] };
        let inputs = [0.7, 2.0];
        let apart = calibration.probability(&[model.log_odds(&inputs)]);
        assert!((behind(&calibration, model).probability(&inputs) - apart).abs() < 1e-6);
    }
}

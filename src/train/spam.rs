//! Pages with and without spam → the models of whole pages, one for each kind of spam.

use super::logistic;
use crate::classify::{Label, SCORED};
use crate::eval::Reliability;
use crate::model::Logistic;
use smartcore::ensemble::random_forest_classifier::{
    RandomForestClassifier, RandomForestClassifierParameters,
};
use smartcore::linalg::basic::matrix::DenseMatrix;
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
        let (odds, forest) = out_of_fold(&known, folds)?;
        for (name, scores) in [("logistic", &odds), ("forest", &forest)] {
            figures.insert(format!("{label} auc, {name}"), rounded(auc(scores)));
        }
        let calibrated = calibrated(&known, &odds, folds)?;
        for (name, chinese) in [("Chinese", true), ("English", false)] {
            let scored = known.iter().zip(&calibrated).filter(|(row, _)| row.chinese == chinese);
            let found = Reliability::of(scored.map(|(_, scored)| *scored));
            figures.insert(format!("{label} ece, {name}"), rounded(found.ece));
        }
        figures.insert(format!("{label} pages"), positive as f64);
        let model = logistic_of(&known.iter().collect::<Vec<_>>())?;
        models.insert(label.as_str().to_owned(), behind(&calibration_of(odds.iter())?, model));
    }
    Ok((models, figures))
}

/// A page of which it is known whether it has spam of a kind.
struct Known<'r> {
    inputs: &'r Vec<f32>,
    truth: bool,
    fold: usize,
    chinese: bool,
}

impl<'r> Known<'r> {
    fn of(row: &'r SpamRow, kind: usize) -> Option<Self> {
        let truth = row.truth.get(kind).copied().flatten()?;
        Some(Self { inputs: row.inputs.get(kind)?, truth, fold: row.fold, chinese: row.chinese })
    }
}

/// What was said of pages, and whether it is so.
type Scored = Vec<(f32, bool)>;

/// Log-odds by a logistic model, and the probability by a forest, that saw nothing of a page's fold, in the pages' order.
fn out_of_fold(known: &[Known<'_>], folds: usize) -> Result<(Scored, Scored), String> {
    let mut scored = vec![((0.0, false), (0.0, false)); known.len()];
    for fold in 0..folds {
        let others: Vec<&Known> = known.iter().filter(|row| row.fold != fold).collect();
        let model = logistic_of(&others)?;
        let forest = forest_of(&others)?;
        for (row, said) in known.iter().zip(&mut scored).filter(|(row, _)| row.fold == fold) {
            *said = ((model.log_odds(row.inputs), row.truth), (forest(row.inputs), row.truth));
        }
    }
    Ok(scored.into_iter().unzip())
}

/// How log-odds that a model gives pages it has not seen become those that hold. The weights are kept small, so that they
/// hold for other pages; that makes the model less sure than it may be.
fn calibration_of<'s>(scored: impl Iterator<Item = &'s (f32, bool)>) -> Result<Logistic, String> {
    let (odds, truth): (Vec<Vec<f32>>, Vec<bool>) = scored.map(|(odds, truth)| (vec![*odds], *truth)).unzip();
    logistic::fit(&odds, &truth, 1e-3)
}

/// A model with its calibration in its weights.
fn behind(calibration: &Logistic, mut model: Logistic) -> Logistic {
    let slope = calibration.weights.first().copied().unwrap_or(1.0);
    model.weights.iter_mut().for_each(|weight| *weight *= slope);
    model.intercept = model.intercept * slope + calibration.intercept;
    model
}

/// Calibrated probabilities, each by a calibration that saw nothing of the page's fold.
fn calibrated(known: &[Known<'_>], odds: &Scored, folds: usize) -> Result<Scored, String> {
    let mut scored = odds.clone();
    for fold in 0..folds {
        let others = known.iter().zip(odds).filter(|(row, _)| row.fold != fold);
        let calibration = calibration_of(others.map(|(_, scored)| scored))?;
        for (_, (said, _)) in known.iter().zip(&mut scored).filter(|(row, _)| row.fold == fold) {
            *said = calibration.probability(&[*said]);
        }
    }
    Ok(scored)
}

/// Fewer pages with a kind of spam teach nothing.
const LEAST: usize = 10;

fn logistic_of(rows: &[&Known<'_>]) -> Result<Logistic, String> {
    let inputs: Vec<Vec<f32>> = rows.iter().map(|row| row.inputs.clone()).collect();
    let truth: Vec<bool> = rows.iter().map(|row| row.truth).collect();
    logistic::fit(&inputs, &truth, 0.1)
}

/// The random forest that the logistic model is compared with: the probability of spam as the share of trees.
fn forest_of(rows: &[&Known<'_>]) -> Result<impl Fn(&[f32]) -> f32 + use<>, String> {
    let inputs: Vec<Vec<f32>> = rows.iter().map(|row| row.inputs.clone()).collect();
    let truth: Vec<u32> = rows.iter().map(|row| u32::from(row.truth)).collect();
    let matrix = DenseMatrix::from_2d_vec(&inputs).map_err(|error| error.to_string())?;
    let trees = (0..TREES).map(|seed| {
        let parameters = RandomForestClassifierParameters::default()
            .with_n_trees(1)
            .with_max_depth(6)
            .with_min_samples_leaf(5)
            .with_seed(seed);
        RandomForestClassifier::fit(&matrix, &truth, parameters).map_err(|error| error.to_string())
    });
    let trees = trees.collect::<Result<Vec<_>, _>>()?;
    Ok(move |inputs: &[f32]| {
        let Ok(row) = DenseMatrix::from_2d_vec(&vec![inputs.to_vec()]) else { return 0.0 };
        let votes = trees.iter().filter(|tree| tree.predict(&row).is_ok_and(|said| said.first() == Some(&1)));
        votes.count() as f32 / TREES as f32
    })
}

const TREES: u64 = 40;

/// The chance that a page with spam has a higher score than one without.
fn auc(scores: &[(f32, bool)]) -> f64 {
    let mut order: Vec<&(f32, bool)> = scores.iter().collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut ties, mut sum, mut positives) = (0.0f64, 0.0f64, 0.0f64, 0.0f64);
    let mut at = 0;
    while let Some(first) = order.get(at) {
        let same: Vec<_> =
            order.iter().skip(at).take_while(|score| score.0.total_cmp(&first.0).is_eq()).collect();
        let truths = same.iter().filter(|score| score.1).count() as f64;
        ties += same.len() as f64 - truths;
        sum += truths * (below + ties / 2.0);
        below += ties;
        ties = 0.0;
        positives += truths;
        at += same.len();
    }
    sum / (positives * below).max(1.0)
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_the_chance_of_the_right_order() {
        assert!((auc(&[(0.1, false), (0.4, false), (0.35, true), (0.8, true)]) - 0.75).abs() < 1e-9);
        assert!((auc(&[(0.5, false), (0.5, true)]) - 0.5).abs() < 1e-9);
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

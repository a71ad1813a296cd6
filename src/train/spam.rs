//! Pages with and without spam → the models of whole pages, one for each kind of spam.

use super::logistic;
use crate::classify::{Label, SCORED, SPAM_SIGNS};
use crate::model::Logistic;
use smartcore::ensemble::random_forest_classifier::{
    RandomForestClassifier, RandomForestClassifierParameters,
};
use smartcore::linalg::basic::matrix::DenseMatrix;
use std::collections::BTreeMap;

/// A page's numbers for each kind, whether it has such spam (none: not known), and its fold.
pub(super) struct SpamRow {
    pub(super) inputs: Vec<Vec<f32>>,
    pub(super) truth: [Option<bool>; SCORED.len()],
    pub(super) fold: usize,
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
        let known: Vec<(&Vec<f32>, bool, usize)> = rows
            .iter()
            .filter_map(|row| Some((row.inputs.get(at)?, row.truth.get(at).copied().flatten()?, row.fold)))
            .collect();
        let positive = known.iter().filter(|(_, truth, _)| *truth).count();
        if positive < LEAST {
            tell(&format!("kinds: only {positive} pages with {label}: their score stays 0"));
            continue;
        }
        let mut scored: [Vec<(f32, bool)>; 2] = [Vec::new(), Vec::new()];
        for fold in 0..folds {
            let (held, others): (Vec<_>, Vec<_>) = known.iter().partition(|(_, _, of)| *of == fold);
            let model = logistic_of(&others)?;
            let forest = forest_of(&others)?;
            for (inputs, truth, _) in held {
                scored[0].push((model.probability(inputs), *truth));
                scored[1].push((forest(inputs), *truth));
            }
        }
        for (name, scores) in ["logistic", "forest"].into_iter().zip(&scored) {
            figures.insert(format!("{label} auc, {name}"), rounded(auc(scores)));
        }
        figures.insert(format!("{label} pages"), positive as f64);
        models.insert(label.as_str().to_owned(), logistic_of(&known.iter().collect::<Vec<_>>())?);
    }
    Ok((models, figures))
}

/// Fewer pages with a kind of spam teach nothing.
const LEAST: usize = 10;

fn logistic_of(rows: &[&(&Vec<f32>, bool, usize)]) -> Result<Logistic, String> {
    let inputs: Vec<Vec<f32>> = rows.iter().map(|(inputs, ..)| (*inputs).clone()).collect();
    let truth: Vec<bool> = rows.iter().map(|(_, truth, _)| *truth).collect();
    logistic::fit(&inputs, &truth, 0.1)
}

/// The random forest that the logistic model is compared with: the probability of spam as the share of trees.
fn forest_of(rows: &[&(&Vec<f32>, bool, usize)]) -> Result<impl Fn(&[f32]) -> f32, String> {
    let inputs: Vec<Vec<f32>> = rows.iter().map(|(inputs, ..)| (*inputs).clone()).collect();
    let truth: Vec<u32> = rows.iter().map(|(_, truth, _)| u32::from(*truth)).collect();
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

/// Numbers of a page for one kind.
pub(super) const COLUMNS: [&str; SPAM_SIGNS.len()] = SPAM_SIGNS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_the_chance_of_the_right_order() {
        assert!((auc(&[(0.1, false), (0.4, false), (0.35, true), (0.8, true)]) - 0.75).abs() < 1e-9);
        assert!((auc(&[(0.5, false), (0.5, true)]) - 0.5).abs() < 1e-9);
    }
}

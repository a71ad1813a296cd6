//! Fits the block forests: boosted trees (`forust-ml`), or a random forest (`smartcore`) in their place.

use crate::features::COLUMNS;
use crate::model::{Forest, Link, Node};
use forust_ml::gradientbooster::GrowPolicy;
use forust_ml::{GradientBooster, Matrix};
use serde::Deserialize;
use smartcore::ensemble::random_forest_regressor::{RandomForestRegressor, RandomForestRegressorParameters};
use smartcore::linalg::basic::matrix::DenseMatrix;

/// Which library fits the block forests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backend {
    /// Gradient-boosted trees with log loss.
    #[default]
    Boosted,
    /// A random forest of regression trees on 0 and 1.
    RandomForest,
}

impl Backend {
    /// The name that a model file carries.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boosted => "boosted-trees",
            Self::RandomForest => "random-forest",
        }
    }
}

/// Rows to learn from.
#[derive(Debug, Default)]
pub(super) struct Rows {
    values: Vec<f32>,
    targets: Vec<f64>,
    weights: Vec<f64>,
}

impl Rows {
    pub(super) fn add(&mut self, row: &[f32], target: f32, weight: f32) {
        self.values.extend_from_slice(row);
        self.targets.push(f64::from(target));
        self.weights.push(f64::from(weight));
    }

    fn len(&self) -> usize {
        self.targets.len()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(COLUMNS)
    }

    /// The values column by column.
    fn columns<T: From<f32>>(&self) -> Vec<T> {
        let at = |column: usize| self.rows().filter_map(move |row| row.get(column));
        (0..COLUMNS).flat_map(|column| at(column).map(|value| T::from(*value))).collect()
    }
}

/// How large a forest is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    trees: usize,
    leaves: usize,
    rate: f32,
}

/// On the WCXB development set, out of fold, the mean of two forests of 140 × 63 leaves at rate 0.1 scores 0.003 less of word F1
/// on HTML pages than one of these, and the mean of three of 110 × 31 at rate 0.1 0.008 less; 160 × 40 leaves score 0.0002
/// less on pages as text.
pub(super) const LARGE: Size = Size { trees: 250, leaves: 63, rate: 0.07 };
pub(super) const SMALL: Size = Size { trees: 140, leaves: 40, rate: 0.1 };
const DEPTH: usize = 14;
const BINS: u16 = 128;
/// Share of the columns that each tree looks at.
const COLUMN_SHARE: f64 = 0.5;

/// Parameters of the random forest: half the trees of a usual one, as each is deep.
const BAGGED_TREES: usize = 50;
const BAGGED_DEPTH: u16 = 16;
const BAGGED_COLUMNS: usize = 24;

/// Our evaluation of an exported forest differs from the library's by no more.
const TOLERANCE: f32 = 1e-5;

pub(super) fn fit(rows: &Rows, backend: Backend, size: Size, seed: u64) -> Result<Forest, String> {
    let (forest, theirs) = match backend {
        Backend::Boosted => boosted(rows, size, seed)?,
        Backend::RandomForest => bagged(rows, seed)?,
    };
    prove(&forest, rows, &theirs)?;
    Ok(forest)
}

/// Compares the probabilities of the exported forest with the library's own on every row.
fn prove(forest: &Forest, rows: &Rows, theirs: &[f64]) -> Result<(), String> {
    for (at, (row, theirs)) in rows.rows().zip(theirs).enumerate() {
        let ours = crate::model::sigmoid(forest.log_odds(row));
        // probabilities beyond what log-odds are kept for count as that
        let theirs = (*theirs as f32).clamp(1e-6, 1.0 - 1e-6);
        if (ours - theirs).abs() > TOLERANCE {
            return Err(format!(
                "the exported forest gives {ours} on row {at}, the library {theirs}: it was not written"
            ));
        }
    }
    Ok(())
}

fn boosted(rows: &Rows, size: Size, seed: u64) -> Result<(Forest, Vec<f64>), String> {
    let columns = rows.columns();
    let matrix = Matrix::new(&columns, rows.len(), COLUMNS);
    let mut booster = GradientBooster::default()
        .set_iterations(size.trees)
        .set_learning_rate(size.rate)
        .set_max_depth(DEPTH)
        .set_max_leaves(size.leaves)
        .set_nbins(BINS)
        .set_l2(1.0)
        .set_min_leaf_weight(2.0)
        .set_colsample_bytree(COLUMN_SHARE)
        .set_initialize_base_score(true)
        .set_seed(seed);
    booster.grow_policy = GrowPolicy::LossGuide;
    booster.fit(&matrix, &rows.targets, &rows.weights, None).map_err(|error| error.to_string())?;
    let trees = booster.trees.iter().map(|tree| {
        let branch = |at: usize| {
            tree.nodes.get(at).map(|node| {
                if node.is_leaf {
                    return Branch::Leaf(node.weight_value);
                }
                Branch::Cut {
                    column: node.split_feature as u16,
                    below: first_at_least(node.split_value),
                    children: [node.left_child, node.right_child],
                }
            })
        };
        flatten(branch)
    });
    let forest = Forest::of_trees(Link::Logistic, booster.base_score as f32, trees)?;
    let log_odds = booster.predict(&matrix, true);
    Ok((forest, log_odds.into_iter().map(|odds| 1.0 / (1.0 + (-odds).exp())).collect()))
}

/// The smallest f32 that is not below a threshold: `x < it` cuts all f32 as `x < threshold` does.
fn first_at_least(threshold: f64) -> f32 {
    let near = threshold as f32;
    if f64::from(near) < threshold { near.next_up() } else { near }
}

/// The smallest f32 above a threshold: `x < it` cuts all f32 as `x <= threshold` does.
fn first_above(threshold: f64) -> f32 {
    let near = threshold as f32;
    if f64::from(near) <= threshold { near.next_up() } else { near }
}

/// The serialised form of a forest of `smartcore`, whose fields are private.
#[derive(Deserialize)]
struct SavedForest {
    forest_regressor: SavedTrees,
}

#[derive(Deserialize)]
struct SavedTrees {
    trees: Vec<SavedTree>,
}

#[derive(Deserialize)]
struct SavedTree {
    nodes: Vec<SavedNode>,
}

#[derive(Deserialize)]
struct SavedNode {
    output: f64,
    split_feature: usize,
    split_value: Option<f64>,
    true_child: Option<usize>,
    false_child: Option<usize>,
}

fn bagged(rows: &Rows, seed: u64) -> Result<(Forest, Vec<f64>), String> {
    let matrix = DenseMatrix::new(rows.len(), COLUMNS, rows.columns::<f32>(), true);
    let matrix = matrix.map_err(|error| error.to_string())?;
    let parameters = RandomForestRegressorParameters::default()
        .with_n_trees(BAGGED_TREES)
        .with_max_depth(BAGGED_DEPTH)
        .with_min_samples_leaf(4)
        .with_m(BAGGED_COLUMNS)
        .with_seed(seed);
    let fitted = RandomForestRegressor::fit_with_weights(&matrix, &rows.targets, &rows.weights, parameters);
    let fitted = fitted.map_err(|error| error.to_string())?;
    let saved = serde_json::to_value(&fitted).and_then(serde_json::from_value::<SavedForest>);
    let saved = saved.map_err(|error| format!("the form of smartcore's forest has changed: {error}"))?;
    let trees = saved.forest_regressor.trees.iter().map(|tree| {
        let branch = |at: usize| {
            tree.nodes.get(at).map(|node| match (node.true_child, node.false_child, node.split_value) {
                (Some(yes), Some(no), Some(value)) => Branch::Cut {
                    column: node.split_feature as u16,
                    // smartcore's cut is `value <= threshold`
                    below: first_above(value),
                    children: [yes, no],
                },
                _ => Branch::Leaf(node.output as f32),
            })
        };
        flatten(branch)
    });
    let forest = Forest::of_trees(Link::Mean, 0.0, trees)?;
    let theirs = fitted.predict(&matrix).map_err(|error| error.to_string())?;
    Ok((forest, theirs))
}

/// A node of a library's tree.
enum Branch {
    Leaf(f32),
    Cut { column: u16, below: f32, children: [usize; 2] },
}

/// Writes a tree into an array with each node's branches side by side, from the node 0 on.
fn flatten(branch: impl Fn(usize) -> Option<Branch>) -> Vec<Node> {
    const EMPTY: Node = Node { value: 0.0, left: 0, column: 0 };
    let mut nodes = vec![EMPTY];
    let mut waiting = vec![(0, 0)];
    while let Some((from, to)) = waiting.pop() {
        let node = match branch(from) {
            None => EMPTY,
            Some(Branch::Leaf(value)) => Node { value, ..EMPTY },
            Some(Branch::Cut { column, below, children: [yes, no] }) => {
                let left = nodes.len();
                nodes.extend([EMPTY; 2]);
                waiting.extend([(yes, left), (no, left + 1)]);
                Node { value: below, left: left as u32, column }
            }
        };
        if let Some(place) = nodes.get_mut(to) {
            *place = node;
        }
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_libraries_export_what_they_predict() {
        // every even column tells one thing, every odd one another: a forest sees some of the columns at each cut
        let row =
            |a: f32, b: f32| -> Vec<f32> { (0..COLUMNS).map(|at| if at % 2 == 0 { a } else { b }).collect() };
        let mut rows = Rows::default();
        for n in 0..600usize {
            let (a, b) = ((n % 37) as f32 / 7.0, (n % 11) as f32);
            let body = a > 2.0 && b < 6.0;
            rows.add(&row(a, b), if body { 1.0 } else { 0.0 }, 0.5 + (n % 3) as f32);
        }
        for backend in [Backend::Boosted, Backend::RandomForest] {
            let forest = fit(&rows, backend, SMALL, 7).unwrap();
            let p = |a, b| crate::model::sigmoid(forest.log_odds(&row(a, b)));
            assert!(p(4.0, 1.0) > 0.9 && p(1.0, 1.0) < 0.1 && p(4.0, 9.0) < 0.1, "{backend:?}");
            assert_eq!(
                fit(&rows, backend, SMALL, 7).unwrap(),
                forest,
                "the same data and seed give the same forest"
            );
        }
    }
}

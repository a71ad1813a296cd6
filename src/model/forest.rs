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
    /// In the order of the trees; none for averaged ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) exits: Vec<Exit>,
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
        Ok(Self { link, base, trees: roots.len(), exits: Vec::new(), roots, nodes })
    }

    /// How many trees there are.
    #[cfg(feature = "train")]
    pub(crate) fn trees(&self) -> usize {
        self.trees
    }

    /// Sets where rows leave that are sure.
    #[cfg(feature = "train")]
    pub(crate) fn with_exits(self, exits: Vec<Exit>) -> Self {
        Self { exits, ..self }
    }

    /// The mean of boosted forests: the trees of all in turn, each with its share.
    ///
    /// # Errors
    /// As [`Forest::new`].
    #[cfg(feature = "train")]
    pub(crate) fn mean(forests: &[Self]) -> Result<Self, String> {
        let share = 1.0 / forests.len().max(1) as f32;
        let base = forests.iter().map(|forest| forest.base * share).sum();
        let most = forests.iter().map(|forest| forest.trees).max().unwrap_or_default();
        let trees = (0..most).flat_map(|at| forests.iter().filter_map(move |forest| forest.tree(at)));
        let of_share =
            |node: Node| Node { value: if node.left == 0 { node.value * share } else { node.value }, ..node };
        Self::of_trees(Link::Logistic, base, trees.map(|tree| tree.map(of_share)))
    }

    /// A forest of trees whose places are counted from the first node of each.
    ///
    /// # Errors
    /// As [`Forest::new`].
    #[cfg(feature = "train")]
    pub(crate) fn of_trees<T: IntoIterator<Item = Node>>(
        link: Link,
        base: f32,
        trees: impl IntoIterator<Item = T>,
    ) -> Result<Self, String> {
        let (mut roots, mut nodes) = (Vec::new(), Vec::new());
        for tree in trees {
            let root = nodes.len() as u32;
            roots.push(root);
            let moved = |node: Node| Node { left: if node.left == 0 { 0 } else { node.left + root }, ..node };
            nodes.extend(tree.into_iter().map(moved));
        }
        Self::new(link, base, roots, nodes, COLUMNS)
    }

    /// The nodes of a tree, with places counted from its first.
    #[cfg(feature = "train")]
    fn tree(&self, at: usize) -> Option<impl Iterator<Item = Node>> {
        let root = *self.roots.get(at)?;
        let end = self.roots.get(at + 1).map_or(self.nodes.len(), |next| *next as usize);
        let nodes = self.nodes.get(root as usize..end)?.iter();
        Some(nodes.map(move |node| Node { left: node.left.saturating_sub(root), ..*node }))
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
        let (roots, exits) = (std::mem::take(&mut self.roots), std::mem::take(&mut self.exits));
        let forest = Exit::check(&exits, self.trees)
            .and_then(|()| Self::new(self.link, self.base, roots, nodes, COLUMNS))
            .map_err(|problem| format!("forest `{name}`: {problem}"))?;
        *self = Self { exits, ..forest };
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

    /// The log-odds of many rows of `columns` values. A row that is sure at an exit is not shown to the trees behind it.
    pub fn log_odds_of_rows(&self, rows: &[f32], columns: usize) -> Vec<f32> {
        let rows: Vec<&[f32]> = rows.chunks_exact(columns).collect();
        let mut sums = vec![0.0; rows.len()];
        let mut open: Vec<u32> = (0..rows.len() as u32).collect();
        let mut shown = 0;
        for exit in &self.exits {
            self.add_trees(&self.roots[shown..exit.trees], &rows, &open, &mut sums);
            open.retain(|row| {
                let sum = &mut sums[*row as usize];
                let end = exit.end(self.base + *sum);
                *sum = end.map_or(*sum, |end| end - self.base);
                end.is_none()
            });
            shown = exit.trees;
        }
        self.add_trees(&self.roots[shown..], &rows, &open, &mut sums);
        sums.into_iter().map(|sum| self.link_sum(sum)).collect()
    }

    /// The log-odds of a row after the first trees, of boosted ones.
    #[cfg(feature = "train")]
    pub(crate) fn log_odds_after(&self, trees: usize, row: &[f32]) -> f32 {
        self.base + self.roots.iter().take(trees).map(|root| self.leaf(*root, row)).sum::<f32>()
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

/// Where rows of boosted trees leave that are sure: the trees behind would not change on which side they end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Exit {
    /// So many trees stand before it.
    pub(crate) trees: usize,
    pub(crate) below: Sure,
    pub(crate) above: Sure,
}

/// One side of an exit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sure {
    /// The log-odds from which on a row leaves.
    pub(crate) from: f32,
    /// The log-odds that all trees give of such a row are so many times those here, on average.
    pub(crate) scale: f32,
}

impl Exit {
    /// The log-odds that a row ends with if it leaves here.
    pub(super) fn end(&self, log_odds: f32) -> Option<f32> {
        self.scale(log_odds).map(|scale| log_odds * scale)
    }

    /// What the log-odds of a row that leaves here are multiplied with.
    pub(super) fn scale(&self, log_odds: f32) -> Option<f32> {
        let below = (log_odds <= self.below.from).then_some(self.below.scale);
        below.or((log_odds >= self.above.from).then_some(self.above.scale))
    }

    fn check(exits: &[Self], trees: usize) -> Result<(), String> {
        let mut before = 0;
        for exit in exits {
            if exit.trees <= before || exit.trees >= trees {
                return Err(format!(
                    "an exit behind tree {} of {trees} does not stand between trees",
                    exit.trees
                ));
            }
            let Self { below, above, .. } = exit;
            super::check::finite("exit", &[below.scale, above.scale])?;
            if below.from.is_nan() || above.from.is_nan() {
                return Err(format!("the exit behind tree {} has no bounds", exit.trees));
            }
            before = exit.trees;
        }
        Ok(())
    }
}

impl Node {
    /// Where a row goes from here. NaN goes right, as any value that is not below the threshold.
    #[expect(clippy::neg_cmp_op_on_partial_ord, reason = "NaN has to go right; one comparison, no branch")]
    pub(super) fn branch(&self, row: &[f32]) -> usize {
        self.left as usize + usize::from(!(row[self.column as usize] < self.value))
    }
}

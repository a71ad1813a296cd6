//! Decision trees in flat arrays: boosted (log-odds add up) or bagged (probabilities are averaged).

#![expect(clippy::indexing_slicing, reason = "children and columns are checked when a forest is made")]

use serde::{Deserialize, Serialize};

/// How the leaves of a row's trees become a probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Link {
    /// The sum of the leaves and the base is the log-odds.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    link: Link,
    base: f32,
    /// The place of each tree's first node.
    roots: Vec<u32>,
    nodes: Vec<Node>,
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
        Ok(Self { link, base, roots, nodes })
    }

    /// How leaves become a probability.
    pub fn link(&self) -> Link {
        self.link
    }

    /// What the log-odds start from.
    pub fn base(&self) -> f32 {
        self.base
    }

    /// The place of each tree's first node.
    pub fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// All nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The log-odds of a row.
    pub fn log_odds(&self, row: &[f32]) -> f32 {
        let sum: f32 = self.roots.iter().map(|root| self.leaf(*root, row)).sum();
        match self.link {
            Link::Logistic => self.base + sum,
            Link::Mean => super::logit(sum / self.roots.len().max(1) as f32),
        }
    }

    fn leaf(&self, root: u32, row: &[f32]) -> f32 {
        let mut node = &self.nodes[root as usize];
        while node.left != 0 {
            // NaN goes right, as any value that is not below the threshold
            let right = u32::from(!(row[node.column as usize] < node.value));
            node = &self.nodes[(node.left + right) as usize];
        }
        node.value
    }
}

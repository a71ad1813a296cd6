//! What each column of a row adds to a forest's log-odds.
//!
//! The method is Saabas' (2014, "Interpreting random forests"): on a row's way down a tree, each cut adds to its column
//! what the expected value changes by. A model file stores no cover, so a node's expected value is the mean of the
//! leaves below it, each counted once. Parts add up to the log-odds exactly, base included; how much of an interaction
//! goes to which of its columns depends on the order of the cuts.

#![expect(clippy::indexing_slicing, reason = "children and columns are checked when a forest is made")]

use super::forest::{SURE, SURE_PART, SURE_SCALE};
use super::{Forest, Link, logit};

/// A forest with the expected value of each node.
#[derive(Debug)]
pub(crate) struct Paths<'f> {
    forest: &'f Forest,
    means: Vec<f32>,
}

impl<'f> Paths<'f> {
    pub(crate) fn of(forest: &'f Forest) -> Self {
        let nodes = &forest.nodes;
        let mut leaves = vec![(0.0f64, 0.0f64); nodes.len()];
        for (at, node) in nodes.iter().enumerate().rev() {
            let left = node.left as usize;
            leaves[at] = match left {
                0 => (f64::from(node.value), 1.0),
                _ => (leaves[left].0 + leaves[left + 1].0, leaves[left].1 + leaves[left + 1].1),
            };
        }
        let means = leaves.into_iter().map(|(sum, count)| (sum / count) as f32).collect();
        Self { forest, means }
    }

    /// Replaces `parts` by what each column adds, and gives what the log-odds start from. Both together are what
    /// [`Forest::log_odds_of_rows`] says of the row, shortcut of sure rows included.
    pub(crate) fn log_odds(&self, row: &[f32], parts: &mut Vec<f32>) -> f32 {
        parts.clear();
        parts.resize(row.len(), 0.0);
        let roots = &self.forest.roots;
        if self.forest.link == Link::Mean {
            return self.of_mean(row, parts);
        }
        let (first, rest) = roots.split_at(roots.len() / SURE_PART);
        let mut start = self.forest.base;
        let mut sum = 0.0;
        for root in first {
            start += self.means[*root as usize];
            sum += self.walk(*root, row, parts);
        }
        if !first.is_empty() && self.forest.base + sum < SURE {
            scale(parts, SURE_SCALE);
            return start * SURE_SCALE;
        }
        for root in rest {
            start += self.means[*root as usize];
            self.walk(*root, row, parts);
        }
        start
    }

    /// Trees that are averaged give probabilities: their parts are stretched to log-odds, all by the same factor.
    fn of_mean(&self, row: &[f32], parts: &mut [f32]) -> f32 {
        let roots = &self.forest.roots;
        let trees = roots.len().max(1) as f32;
        let start: f32 = roots.iter().map(|root| self.means[*root as usize]).sum::<f32>() / trees;
        let p: f32 = roots.iter().map(|root| self.walk(*root, row, parts)).sum::<f32>() / trees;
        let rise = p - start;
        let factor = if rise.abs() < 1e-6 { 0.0 } else { (logit(p) - logit(start)) / rise };
        scale(parts, factor / trees);
        if factor == 0.0 { logit(p) } else { logit(start) }
    }

    /// Adds a tree's parts and gives its leaf.
    fn walk(&self, root: u32, row: &[f32], parts: &mut [f32]) -> f32 {
        let nodes = &self.forest.nodes;
        let mut at = root as usize;
        while nodes[at].left != 0 {
            let next = nodes[at].branch(row);
            parts[nodes[at].column as usize] += self.means[next] - self.means[at];
            at = next;
        }
        nodes[at].value
    }
}

fn scale(parts: &mut [f32], factor: f32) {
    for part in parts {
        *part *= factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Node;

    fn node(value: f32, left: u32, column: u16) -> Node {
        Node { value, left, column }
    }

    /// Cuts at column 0, then at column 1.
    fn forest(link: Link, base: f32) -> Forest {
        let nodes = vec![node(0.5, 1, 0), node(0.1, 0, 0), node(2.0, 3, 1), node(0.3, 0, 0), node(0.8, 0, 0)];
        Forest::new(link, base, vec![0], nodes, 2).unwrap()
    }

    #[test]
    fn a_column_adds_what_its_cut_changes_of_the_expected_value() {
        let forest = forest(Link::Logistic, -1.0);
        let mut parts = Vec::new();
        let start = Paths::of(&forest).log_odds(&[1.0, 3.0], &mut parts);
        assert!((start - (-1.0 + 0.4)).abs() < 1e-6, "{start}");
        assert!(
            (parts[0] - (0.55 - 0.4)).abs() < 1e-6 && (parts[1] - (0.8 - 0.55)).abs() < 1e-6,
            "{parts:?}"
        );
    }

    #[test]
    fn parts_add_up_to_the_log_odds_of_both_links() {
        for link in [Link::Logistic, Link::Mean] {
            let forest = forest(link, 0.0);
            for row in [[0.0, 0.0], [1.0, 0.0], [1.0, 9.0], [f32::NAN, 1.0]] {
                let mut parts = Vec::new();
                let start = Paths::of(&forest).log_odds(&row, &mut parts);
                let sum = start + parts.iter().sum::<f32>();
                assert!((sum - forest.log_odds(&row)).abs() < 1e-4, "{link:?} {row:?} {sum}");
            }
        }
    }
}

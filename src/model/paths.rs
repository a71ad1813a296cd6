//! What each column of a row adds to a forest's log-odds.
//!
//! The method is Saabas' (2014, "Interpreting random forests"): on a row's way down a tree, each cut adds to its column
//! what the expected value changes by. A model file stores no cover, so a node's expected value is the mean of the
//! leaves below it, each counted once. Parts add up to the log-odds exactly, base included; how much of an interaction
//! goes to which of its columns depends on the order of the cuts.

#![expect(clippy::indexing_slicing, reason = "children and columns are checked when a forest is made")]

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
    /// [`Forest::log_odds_of_rows`] says of the row, exits of sure rows included.
    pub(crate) fn log_odds(&self, row: &[f32], parts: &mut Vec<f32>) -> f32 {
        parts.clear();
        parts.resize(row.len(), 0.0);
        let roots = &self.forest.roots;
        if self.forest.link == Link::Mean {
            return self.of_mean(row, parts);
        }
        let mut exits = self.forest.exits.iter().peekable();
        let (mut start, mut sum) = (self.forest.base, self.forest.base);
        for (at, root) in roots.iter().enumerate() {
            let exit = exits.next_if(|exit| exit.trees == at);
            if let Some(factor) = exit.and_then(|exit| exit.scale(sum)) {
                scale(parts, factor);
                return start * factor;
            }
            start += self.means[*root as usize];
            sum += self.walk(*root, row, parts);
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
    use super::super::forest::{Exit, Sure};
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

    #[test]
    fn a_row_that_is_sure_leaves_at_the_exit_with_the_sum_of_its_parts() {
        let one = forest(Link::Logistic, -1.0);
        let second =
            one.nodes.iter().map(|node| Node { left: node.left + u32::from(node.left > 0) * 5, ..*node });
        let nodes = one.nodes.iter().copied().chain(second).collect();
        let both = Forest::new(Link::Logistic, -1.0, vec![0, 5], nodes, 2).unwrap();
        let [below, above] = [-0.85, 0.0].map(|from| Sure { from, scale: 3.0 });
        let forest = Forest { exits: vec![Exit { trees: 1, below, above }], ..both };
        let rows = [0.0, 0.0, 1.0, 3.0];
        let found = forest.log_odds_of_rows(&rows, 2);
        // the first row has -0.9 behind the first tree and leaves there, the second one -0.2
        for (found, expected) in found.iter().zip([-2.7, 0.6]) {
            assert!((found - expected).abs() < 1e-5, "{found} {expected}");
        }
        for (row, found) in rows.chunks_exact(2).zip(found) {
            let mut parts = Vec::new();
            let start = Paths::of(&forest).log_odds(row, &mut parts);
            assert!((start + parts.iter().sum::<f32>() - found).abs() < 1e-5);
        }
    }
}

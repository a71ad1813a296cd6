//! Measurements that come from the blocks around a block, and from scores of the blocks around it.

#![expect(clippy::indexing_slicing, reason = "rows have the columns that the schema names")]

use super::block::{Siblings, log_count, signed_log};
use super::markup::Kinship;
use super::schema::{
    BlockFeature, COLUMNS, NEIGHBOURS, NEIGHBOURS_AT, NeighbourFeature, SCORES_AT, ScoreFeature, WINDOWS_AT,
    WindowFeature,
};
use super::sparse::above;
use super::tokens::Tokens;
use crate::page::Page;

/// Levels above which nearness tells nothing more; also the value of a neighbour that is not there.
const MOST_LEVELS: u16 = 24;

/// Writes the neighbours' columns of a block's row. `shared` is [`super::markup::shared_depths`].
pub(super) fn neighbours(page: &Page, own: &[f32], shared: &[u16], index: usize, row: &mut [f32]) {
    let depth = page.elements[page.blocks[index].element.0 as usize].depth;
    for (place, offset) in NEIGHBOURS.iter().enumerate() {
        let values = &mut row[NEIGHBOURS_AT + place * NeighbourFeature::COUNT..][..NeighbourFeature::COUNT];
        let at = index.checked_add_signed(*offset).filter(|at| *at < page.blocks.len());
        let Some(at) = at else {
            values.fill(-1.0);
            continue;
        };
        let other = &own[at * BlockFeature::COUNT..(at + 1) * BlockFeature::COUNT];
        values[NeighbourFeature::Tokens as usize] = other[BlockFeature::Tokens as usize];
        values[NeighbourFeature::LinkDensity as usize] = other[BlockFeature::LinkDensity as usize];
        values[NeighbourFeature::Sentences as usize] = other[BlockFeature::Sentences as usize];
        values[NeighbourFeature::OwnTag as usize] = other[BlockFeature::OwnTag as usize];
        values[NeighbourFeature::StopWords as usize] = other[BlockFeature::StopWords as usize];
        let between = &shared[index.min(at)..index.max(at)];
        let common = between.iter().copied().min().unwrap_or(depth);
        values[NeighbourFeature::Levels as usize] = f32::from(depth.saturating_sub(common).min(MOST_LEVELS));
    }
}

/// Running totals over the blocks, so that a window is a difference.
pub(super) struct Totals {
    tokens: Vec<f32>,
    chars: Vec<f32>,
    link_chars: Vec<f32>,
    stops: Vec<f32>,
}

impl Totals {
    pub(super) fn of(page: &Page, tokens: &Tokens) -> Self {
        let running = |value: &dyn Fn(usize) -> f32| {
            let mut total = 0.0;
            let mut totals = vec![0.0];
            for index in 0..page.blocks.len() {
                total += value(index);
                totals.push(total);
            }
            totals
        };
        Self {
            tokens: running(&|at| tokens.counts[at].tokens as f32),
            chars: running(&|at| tokens.counts[at].chars as f32),
            link_chars: running(&|at| page.blocks[at].inline.link_chars as f32),
            stops: running(&|at| tokens.counts[at].stops as f32),
        }
    }

    fn around(totals: &[f32], index: usize, before: usize, after: usize) -> f32 {
        let end = (index + 1 + after).min(totals.len() - 1);
        let own = totals[index + 1] - totals[index];
        let own = if before > 0 && after > 0 { own } else { 0.0 };
        let (start, end) = match (before, after) {
            (_, 0) => (index.saturating_sub(before), index),
            (0, _) => (index + 1, end),
            _ => (index.saturating_sub(before), end),
        };
        totals[end] - totals[start] - own
    }

    /// Writes the windows' columns of a block's row.
    pub(super) fn windows(&self, index: usize, row: &mut [f32]) {
        let mut set = |feature: WindowFeature, value: f32| row[WINDOWS_AT + feature as usize] = value;
        for (size, tokens, links, sentences) in [
            (4, WindowFeature::TokensNear, WindowFeature::LinksNear, WindowFeature::SentencesNear),
            (12, WindowFeature::TokensWide, WindowFeature::LinksWide, WindowFeature::SentencesWide),
        ] {
            let chars = Self::around(&self.chars, index, size, size).max(1.0);
            set(tokens, log_count(Self::around(&self.tokens, index, size, size) as u32));
            set(links, (Self::around(&self.link_chars, index, size, size) / chars).clamp(0.0, 1.0));
            set(sentences, log_count(Self::around(&self.stops, index, size, size) as u32));
        }
        set(WindowFeature::TokensUp, log_count(Self::around(&self.tokens, index, 12, 0) as u32));
        set(WindowFeature::TokensDown, log_count(Self::around(&self.tokens, index, 0, 12) as u32));
    }
}

/// The three sparse scores of a block, log-odds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BlockScores {
    /// Of the markup around it.
    pub attr: f32,
    /// Of its words.
    pub text: f32,
    /// Of both together.
    pub both: f32,
}

/// Levels up whose containers' means are columns.
const CONTAINERS: [(usize, ScoreFeature); 6] = [
    (0, ScoreFeature::Container0),
    (1, ScoreFeature::Container1),
    (2, ScoreFeature::Container2),
    (3, ScoreFeature::Container3),
    (4, ScoreFeature::Container4),
    (6, ScoreFeature::Container6),
];

/// Writes the score columns of all rows: the scores themselves and those of the blocks around.
pub(super) fn scores(
    page: &Page,
    groups: &Siblings,
    weights: &[f32],
    scores: &[BlockScores],
    rows: &mut [f32],
) {
    let p: Vec<f32> = scores.iter().map(|score| 1.0 / (1.0 + (-score.both).exp())).collect();
    let mass = running(p.iter().zip(weights).map(|(p, weight)| p * weight));
    let total = running(weights.iter().copied());
    let containers = container_sums(page, &p, weights);
    let siblings = groups.sums(&p);
    let ranks = ranks(&p);
    let peak = peak(&p, weights);
    let peak_kin = peak.map(|at| Kinship::of(page, page.blocks[at].element));
    let most = p.iter().copied().fold(0.0, f32::max);
    let all = p.len();
    let mean = mass[all] / total[all].max(1e-6);
    for (index, row) in rows.chunks_exact_mut(COLUMNS).enumerate() {
        let mut set = |feature: ScoreFeature, value: f32| row[SCORES_AT + feature as usize] = value;
        set(ScoreFeature::Attr, scores[index].attr);
        set(ScoreFeature::Text, scores[index].text);
        set(ScoreFeature::Both, scores[index].both);
        let at = |offset: isize| index.checked_add_signed(offset).and_then(|at| p.get(at)).copied();
        set(ScoreFeature::Before1, at(-1).unwrap_or(-1.0));
        set(ScoreFeature::Before2, at(-2).unwrap_or(-1.0));
        set(ScoreFeature::Before3, at(-3).unwrap_or(-1.0));
        set(ScoreFeature::After1, at(1).unwrap_or(-1.0));
        set(ScoreFeature::After2, at(2).unwrap_or(-1.0));
        set(ScoreFeature::After3, at(3).unwrap_or(-1.0));
        let window = |before: usize, after: usize| {
            let around = |totals: &[f32]| Totals::around(totals, index, before, after);
            let weight = around(&total);
            if weight > 1e-4 { around(&mass) / weight } else { -1.0 }
        };
        set(ScoreFeature::Near3, window(3, 3));
        set(ScoreFeature::Near8, window(8, 8));
        set(ScoreFeature::Near20, window(20, 20));
        set(ScoreFeature::Up5, window(5, 0));
        set(ScoreFeature::Down5, window(0, 5));
        set(ScoreFeature::Up30, window(30, 0));
        set(ScoreFeature::Down30, window(0, 30));
        for (level, feature) in CONTAINERS {
            let id = above(page, page.blocks[index].element).nth(level);
            let others = id.map(|id| {
                let (mass, weight) = containers[id.0 as usize];
                (mass - p[index] * weights[index], weight - weights[index])
            });
            set(
                feature,
                others.filter(|(_, weight)| *weight > 1e-4).map_or(-1.0, |(mass, weight)| mass / weight),
            );
        }
        let (mass, count) = siblings[index];
        set(ScoreFeature::Siblings, if count > 1.0 { (mass - p[index]) / (count - 1.0) } else { -1.0 });
        let block = page.blocks[index].element;
        let (up, own) = peak_kin.as_ref().map_or((0, 0), |kin| kin.levels(block));
        set(ScoreFeature::FromPeak, peak.map_or(0.0, |at| signed_log(index as f32 - at as f32)));
        set(ScoreFeature::PeakLevels, f32::from(up.min(MOST_LEVELS)));
        set(ScoreFeature::PeakOwn, f32::from(own.min(MOST_LEVELS)));
        set(ScoreFeature::PageMean, mean);
        set(ScoreFeature::PageMax, most);
        set(ScoreFeature::Rank, ranks[index]);
    }
}

/// The block that is most surely a long piece of main content.
fn peak(p: &[f32], weights: &[f32]) -> Option<usize> {
    let mass = |at: &usize| p[*at] * weights[*at].sqrt();
    (0..p.len()).max_by(|a, b| mass(a).total_cmp(&mass(b)).then(b.cmp(a)))
}

fn running(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut total = 0.0;
    std::iter::once(0.0)
        .chain(values.map(|value| {
            total += value;
            total
        }))
        .collect()
}

/// For each element: the weighted sum of the probabilities below it, and of the weights.
fn container_sums(page: &Page, p: &[f32], weights: &[f32]) -> Vec<(f32, f32)> {
    let mut sums = vec![(0.0, 0.0); page.elements.len()];
    for (index, block) in page.blocks.iter().enumerate() {
        for id in above(page, block.element).take(7) {
            let sum = &mut sums[id.0 as usize];
            sum.0 += p[index] * weights[index];
            sum.1 += weights[index];
        }
    }
    sums
}

fn ranks(p: &[f32]) -> Vec<f32> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*b].total_cmp(&p[*a]).then(a.cmp(b)));
    let mut ranks = vec![0.0; p.len()];
    for (rank, index) in order.into_iter().enumerate() {
        ranks[index] = rank as f32 / p.len() as f32;
    }
    ranks
}

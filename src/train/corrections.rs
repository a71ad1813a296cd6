//! Labelled pages and what the base says of them → what each token adds.
//!
//! Two regularised logistic models whose offset is the base: one of main content, then one of the kinds, which sees
//! the main content as the first one corrects it. Only tokens that stand on a block which the base gets wrong take
//! part; all other blocks with such tokens hold them back.
//!
//! The very text of a block at its place has a token too, so that what a person has corrected is right from then on. It is
//! fitted last, on what the other tokens leave: else it would explain each correction by itself, and the next page
//! would gain nothing.

use super::adapt::Item;
use super::lbfgs::minimise;
use crate::classify::{Filter, MOST_BASE};
use crate::features::{Clue, is_exact};
use crate::model::{Correction, KINDS};
use crate::page::Media;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// What a rule that overrules the models is worth, log-odds. A correction against it must be as strong, so that
/// [`STRONG`](crate::classify) is reached; chosen by hand.
const RULED: f32 = 3.0;
/// The least log-odds of what the cut has decided.
const DECIDED: f32 = 0.5;
/// The base is wrong about a block to which it gives its label less than this.
const WRONG: f32 = 0.6;
/// Tokens that add less than this to any block are left out.
const LEAST_WEIGHT: f64 = 2e-3;
/// Each HTML page is learned from a second time as if its site were not known, and counts so much then: corrections have
/// to reach pages without URL, and those of the same template elsewhere. Plain text has no template that would tell it
/// from other sites' text, which got worse by it (word F1 of `training_data` 0.988 → 0.981).
const WITHOUT_SITE: f64 = 0.5;
/// A page's blocks count as so many blocks at most.
const MOST_MASS: f32 = 150.0;

impl Item {
    /// The base's log-odds of main content, as far as its decision agrees with them.
    fn offset(&self, index: usize) -> f32 {
        let odds = self.basis.odds.get(index).copied().unwrap_or_default();
        let by_model = self.basis.by_model.get(index) == Some(&true);
        let least = if by_model { DECIDED } else { RULED };
        let body = self.basis.given.get(index).is_some_and(|label| label.is_body());
        let odds = odds.clamp(-MOST_BASE, MOST_BASE);
        if body { odds.max(least) } else { odds.min(-least) }
    }

    /// Whether the base gets a block wrong, or is not sure of it.
    fn is_wrong(&self, index: usize) -> bool {
        let Some(target) = self.targets.get(index) else { return false };
        let given = self.basis.given.get(index).copied();
        let p = crate::model::sigmoid(self.offset(index));
        let body = target.body.is_some_and(|body| if body >= 0.5 { p < WRONG } else { p > 1.0 - WRONG });
        body || target.label.is_some_and(|label| Some(label) != given)
    }

    /// The tokens of the blocks that the base gets wrong, and those of the very blocks beside them, which may have to be
    /// held against what is learned of the former.
    pub(super) fn wrong_tokens(&self, tokens: &mut FxHashSet<u32>) {
        let mut exact = Vec::new();
        let mut any = false;
        self.for_blocks(|index, found| {
            exact.extend(found.all.iter().filter(|clue| is_exact(**clue)).map(|(token, _)| *token));
            if self.is_wrong(index) {
                any = true;
                tokens.extend(found.all.iter().map(|(token, _)| *token));
            }
        });
        if any {
            tokens.extend(exact);
        }
    }

    /// How much a block counts: long ones more, and none of the page's too much.
    fn weight(&self, index: usize) -> f32 {
        let tokens = self.measured.tokens();
        let root = |tokens: &u32| (*tokens as f32 + 0.5).sqrt();
        let mean = tokens.iter().map(root).sum::<f32>() / tokens.len().max(1) as f32;
        let own = 0.5 + 0.5 * tokens.get(index).map_or(0.0, root) / mean.max(0.1);
        own * (MOST_MASS / tokens.len().max(1) as f32).min(1.0)
    }
}

/// A row: its tokens as places in the list of tokens, and the page and block that it is.
struct Row<'i> {
    item: &'i Item,
    index: usize,
    weight: f64,
    clues: Vec<Clue>,
    /// The clue that is this very block, if it takes part.
    exact: Option<Clue>,
}

impl Row<'_> {
    /// What all its clues add.
    fn added(&self, weights: &[f64]) -> f64 {
        added(&self.clues, weights) + added(self.exact.as_slice(), weights)
    }
}

/// Fits on some pages.
pub(super) fn fit(items: &[&Item], base: &Filter, strength: f32) -> BTreeMap<u32, Correction> {
    let mut wrong = FxHashSet::default();
    for item in items {
        item.wrong_tokens(&mut wrong);
    }
    let mut tokens: Vec<u32> = wrong.into_iter().collect();
    tokens.sort_unstable();
    let rows = rows(items, &tokens);
    let body = body(&rows, tokens.len(), f64::from(strength));
    let kinds = kinds(kind_rows(&rows, &body, base), tokens.len(), f64::from(strength));
    let corrections = tokens.iter().zip(&body).zip(kinds.as_chunks::<KINDS>().0);
    let corrections = corrections
        .filter(|((_, body), kinds)| kinds.iter().chain([*body]).any(|weight| weight.abs() >= LEAST_WEIGHT));
    let correction = |body: f64, kinds: &[f64; KINDS]| Correction {
        body: body as f32,
        kinds: kinds.map(|weight| weight as f32),
    };
    corrections.map(|((token, body), kinds)| (*token, correction(*body, kinds))).collect()
}

fn rows<'i>(items: &[&'i Item], tokens: &[u32]) -> Vec<Row<'i>> {
    let mut rows = Vec::new();
    for item in items {
        for (index, found) in item.clues.iter().enumerate() {
            let place = |(token, value): &Clue| Some((tokens.binary_search(token).ok()? as u32, *value));
            let places = |clues: &[Clue]| -> Vec<Clue> {
                clues.iter().filter(|clue| !is_exact(**clue)).filter_map(place).collect()
            };
            let exact = found.general().iter().find(|clue| is_exact(**clue)).and_then(place);
            let weight = f64::from(item.weight(index));
            let general = places(found.general());
            let clues = places(&found.all);
            if clues.len() > general.len() {
                rows.push(Row { item, index, weight, clues, exact });
            }
            let again = !found.has_site() || item.page.source().media == Media::Html;
            if again && (!general.is_empty() || exact.is_some()) {
                let weight = weight * if found.has_site() { WITHOUT_SITE } else { 1.0 };
                rows.push(Row { item, index, weight, clues: general, exact });
            }
        }
    }
    rows
}

fn added(clues: &[Clue], weights: &[f64]) -> f64 {
    clues
        .iter()
        .map(|(at, value)| weights.get(*at as usize).copied().unwrap_or(0.0) * f64::from(*value))
        .sum()
}

/// Sums of weights of tokens that are not the same.
fn together(mut weights: Vec<f64>, others: &[f64]) -> Vec<f64> {
    weights.iter_mut().zip(others).for_each(|(weight, other)| *weight += other);
    weights
}

/// The model of main content: a weight for each token.
fn body(rows: &[Row<'_>], tokens: usize, strength: f64) -> Vec<f64> {
    let offset = |row: &Row<'_>| f64::from(row.item.offset(row.index));
    let shared = fit_body(rows, |row| &row.clues, offset, tokens, strength);
    let rest = |row: &Row<'_>| offset(row) + added(&row.clues, &shared);
    let exact = fit_body(rows, |row| row.exact.as_slice(), rest, tokens, strength);
    together(shared, &exact)
}

fn fit_body<'r>(
    rows: &'r [Row<'_>],
    clues: impl Fn(&'r Row<'_>) -> &'r [Clue],
    offset: impl Fn(&Row<'_>) -> f64,
    tokens: usize,
    strength: f64,
) -> Vec<f64> {
    let target = |row: &Row<'_>| row.item.targets.get(row.index).and_then(|target| target.body);
    let known = rows.iter().filter_map(|row| Some((row, target(row)? >= 0.5)));
    let known: Vec<(&[Clue], f64, f64, f64)> = known
        .map(|(row, body)| (clues(row), row.weight, offset(row), if body { 1.0 } else { -1.0 }))
        .filter(|(clues, ..)| !clues.is_empty())
        .collect();
    minimise(tokens, |weights, gradient| {
        let mut value = penalty(weights, gradient, strength);
        for (clues, weight, offset, sign) in &known {
            let margin = sign * (offset + added(clues, weights));
            value += weight * softplus(-margin);
            let slope = -sign * weight / (1.0 + margin.exp());
            for (at, clue) in *clues {
                if let Some(gradient) = gradient.get_mut(*at as usize) {
                    *gradient += slope * f64::from(*clue);
                }
            }
        }
        value
    })
}

/// Starts the gradient and the value: half the sum of squares times the strength.
fn penalty(weights: &[f64], gradient: &mut [f64], strength: f64) -> f64 {
    gradient.iter_mut().zip(weights).for_each(|(slope, weight)| *slope = strength * weight);
    0.5 * strength * weights.iter().map(|weight| weight * weight).sum::<f64>()
}

fn softplus(x: f64) -> f64 {
    if x > 30.0 { x } else { x.exp().ln_1p() }
}

/// A row whose kind is known: its clues, the base's scores of each kind, the kind, how much it counts.
struct KindRow<'r> {
    clues: &'r [Clue],
    exact: &'r [Clue],
    base: [f64; KINDS],
    label: usize,
    weight: f64,
}

/// Adds to the scores of the kinds what clues say.
fn add_kinds(scores: &mut [f64; KINDS], clues: &[Clue], weights: &[f64]) {
    let of_token = weights.as_chunks::<KINDS>().0;
    for (at, value) in clues {
        let Some(weights) = of_token.get(*at as usize) else { continue };
        scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight * f64::from(*value));
    }
}

/// The model of kinds: weights for each token, one for each kind.
fn kinds(mut rows: Vec<KindRow<'_>>, tokens: usize, strength: f64) -> Vec<f64> {
    let shared = fit_kinds(&rows, tokens, strength);
    for row in &mut rows {
        add_kinds(&mut row.base, row.clues, &shared);
        row.clues = row.exact;
    }
    rows.retain(|row| !row.clues.is_empty());
    let exact = fit_kinds(&rows, tokens, strength);
    together(shared, &exact)
}

fn fit_kinds(known: &[KindRow<'_>], tokens: usize, strength: f64) -> Vec<f64> {
    minimise(tokens * KINDS, |weights, gradient| {
        let mut value = penalty(weights, gradient, strength);
        let slopes = gradient.as_chunks_mut::<KINDS>().0;
        for row in known {
            let mut scores = row.base;
            add_kinds(&mut scores, row.clues, weights);
            let own = scores.get(row.label).copied().unwrap_or_default();
            let most = scores.iter().copied().fold(f64::MIN, f64::max);
            let sum: f64 = scores.iter().map(|score| (score - most).exp()).sum();
            value += row.weight * (most + sum.ln() - own);
            let slope = |(kind, score): (usize, f64)| {
                let wanted = if kind == row.label { 1.0 } else { 0.0 };
                row.weight * ((score - most).exp() / sum - wanted)
            };
            let mut at_kind = scores.iter().copied().enumerate().map(slope);
            let slope: [f64; KINDS] = std::array::from_fn(|_| at_kind.next().unwrap_or(0.0));
            for (at, clue) in row.clues {
                let Some(slopes) = slopes.get_mut(*at as usize) else { continue };
                slopes.iter_mut().zip(slope).for_each(|(to, slope)| *to += slope * f64::from(*clue));
            }
        }
        value
    })
}

fn kind_rows<'r>(rows: &'r [Row<'_>], body: &[f64], base: &Filter) -> Vec<KindRow<'r>> {
    let mut known = Vec::new();
    for page in rows.chunk_by(|a, b| std::ptr::eq(a.item, b.item)) {
        let Some(item) = page.first().map(|row| row.item) else { continue };
        let mut odds = item.basis.odds.clone();
        for row in page {
            if let (Some(odds), Some(base)) = (odds.get_mut(row.index), item.basis.odds.get(row.index)) {
                *odds = base.clamp(-MOST_BASE, MOST_BASE) + row.added(body) as f32;
            }
        }
        let said = base.kinds_of(&item.page, &item.measured, &odds, &item.basis.by_words);
        for row in page {
            let label = item.targets.get(row.index).and_then(|target| target.label);
            let (Some(label), Some(said)) = (label, said.get(row.index)) else { continue };
            let mut base = said.map(|p| f64::from(p.max(crate::classify::LEAST_KIND).ln()));
            if item.basis.by_model.get(row.index) == Some(&false) {
                let most = base.iter().copied().fold(f64::MIN, f64::max);
                let given = item.basis.given.get(row.index).map_or(0, |given| *given as usize);
                if let Some(score) = base.get_mut(given) {
                    *score = most + f64::from(RULED);
                }
            }
            let (clues, exact) = (row.clues.as_slice(), row.exact.as_slice());
            known.push(KindRow { clues, exact, base, label: label as usize, weight: row.weight });
        }
    }
    known
}

//! Pages whose kind is known → the model of a page's kind.
//!
//! The words come first: a multinomial model of the grams in four places of a page. What it says of pages that it has not
//! seen, and all that the other models say of them, is what the second model learns from. Two are fitted, a multinomial
//! logistic model (`linfa`) and a random forest (`smartcore`), and compared out of fold; the first is the better one and is
//! what a model file holds (`models/README.md` has the figures of both).

#![expect(clippy::indexing_slicing, reason = "classes are kinds, of which there are as many as places")]

use super::kinds::{FOUND, KindPage, WRITTEN};
use super::run::{Folded, Options, rounded};
use super::softmax::{self, Fit, Fitted, Table};
use super::split::fold_of;
use crate::classify::{Bags, KindProbabilities, PageKind};
use crate::eval::auc;
use crate::model::{PAGE_KINDS, PageKinds, Softmax, Words, gram_scale};
use linfa::DatasetBase;
use linfa::prelude::Fit as _;
use linfa_logistic::MultiLogisticRegression;
use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;
use smartcore::ensemble::random_forest_classifier::{
    RandomForestClassifier, RandomForestClassifierParameters,
};
use smartcore::linalg::basic::matrix::DenseMatrix;
use std::collections::BTreeMap;

/// Slots of 2^15 hashes of grams: they stay in the second-level cache.
const SLOT_BITS: u32 = 15;
const WORDS: Fit =
    Fit { slots: 1 << SLOT_BITS, epochs: 10, rate: 0.15, decay: 1e-5, dropped: 0.3, smoothing: 0.1, seed: 0 };
/// The weight of the squared weights, for columns brought to a variance of 1. Of 33, 100 and 300 it told bad pages of a
/// crawl from clean ones best, out of fold.
const WEIGHT: f64 = 100.0;
/// Fewer pages that are labelled as a whole teach nothing.
const LEAST: usize = 100;

/// What the words say of pages, fitted without each fold.
pub(super) type PageWords = Folded<Words<PAGE_KINDS>>;

/// How much a page counts: one that was found and judged as a whole most, one whose kind is known by its set least.
fn weight(source: &str) -> f32 {
    match () {
        () if source.starts_with(FOUND) => 4.0,
        () if source.starts_with(WRITTEN) => 2.0,
        () => 1.0 / 3.0,
    }
}

/// Fits the words of pages: each place by itself, and all together; none where too few pages are labelled as a whole.
pub(super) fn words(pages: &[KindPage], bags: &[Option<Bags>], options: Options) -> Option<PageWords> {
    if pages.iter().filter(|page| page.is_marked() && page.kinds != 0).count() < LEAST {
        return None;
    }
    let mut table = Table::default();
    for (page, bags) in pages.iter().zip(bags).filter_map(|(page, bags)| Some((page, bags.as_ref()?))) {
        let (weight, fold) = (weight(&page.source), fold_of(&page.group, options.folds, options.seed));
        let mut add = |grams: &[u32], share: f32| {
            let value = gram_scale(grams.len());
            let items = grams.iter().map(|gram| (gram >> (32 - SLOT_BITS), value));
            table.add(items, (page.kinds, weight * share), fold);
        };
        bags.zones().for_each(|zone| add(zone, 0.25));
        add(&bags.all(), 0.5);
    }
    table.balance(|_| 4.0);
    Some(Folded::fit(options.folds, |without| {
        let Fitted { weights, biases } = softmax::fit(&table, without, Fit { seed: options.seed, ..WORDS });
        Words::new(biases, &weights)
    }))
}

/// A page for the second model.
pub(super) struct Known {
    /// The numbers, from models that saw nothing of its group.
    inputs: Vec<f32>,
    right: u16,
    /// The likeliest of the kinds that are right, by the words.
    class: usize,
    /// How often it counts.
    times: usize,
    fold: usize,
    source: String,
}

impl Known {
    pub(super) fn new(page: &KindPage, inputs: Vec<f32>, by_words: &KindProbabilities, fold: usize) -> Self {
        let right = (0..PAGE_KINDS).filter(|kind| page.kinds & (1 << kind) != 0);
        let p = |kind: &usize| by_words.get(*kind).copied().unwrap_or(0.0);
        let class = right.max_by(|a, b| p(a).total_cmp(&p(b))).unwrap_or_default();
        let times = weight(&page.source).max(1.0) as usize;
        Self { inputs, right: page.kinds, class, times, fold, source: page.source.clone() }
    }

    /// Whether all kinds that are right are of some sort.
    fn is(&self, of: impl Fn(PageKind) -> bool) -> bool {
        PageKind::ALL.iter().all(|kind| self.right & (1 << *kind as u16) == 0 || of(*kind))
    }
}

/// Fits the second model, and measures it out of fold beside a random forest.
pub(super) fn fit(
    words: Words<PAGE_KINDS>,
    known: &[Known],
    options: Options,
) -> Result<(PageKinds, BTreeMap<String, f64>), String> {
    let without = |fold: usize| rows(known, |row| row.fold != fold);
    let folds = || (0..options.folds).into_par_iter();
    let models = folds().map(|fold| logistic(&without(fold))).collect::<Result<Vec<_>, _>>()?;
    let said = |row: &Known| models.get(row.fold).map(|model| model.probabilities(&row.inputs));
    let said: Vec<KindProbabilities> = known.iter().filter_map(said).collect();
    let mut found = figures("logistic", known, &said);
    let forests = folds().map(|fold| forest(known, &without(fold), fold, options.seed));
    let votes = forests.collect::<Result<Vec<_>, _>>()?;
    let mut said = said;
    for (row, votes) in votes.into_iter().flatten() {
        said.get_mut(row).into_iter().for_each(|said| *said = votes);
    }
    found.extend(figures("forest", known, &said));
    found.insert("pages".to_owned(), known.len() as f64);
    Ok((PageKinds::new(words, logistic(&rows(known, |_| true))?), found))
}

/// How well bad pages and placeholders among the pages that were found are told from content.
fn figures(name: &str, known: &[Known], said: &[KindProbabilities]) -> BTreeMap<String, f64> {
    let is_bad = |kind: PageKind| kind.spam().is_some();
    let is_placeholder = |kind: PageKind| kind == PageKind::Placeholder;
    let p = |of: &dyn Fn(PageKind) -> bool, truth: &dyn Fn(PageKind) -> bool| -> Vec<f32> {
        let rows = known.iter().zip(said);
        let rows = rows.filter(|(row, _)| row.source.starts_with(FOUND) && row.is(truth));
        rows.map(|(_, said)| {
            PageKind::ALL.iter().zip(said).filter(|(kind, _)| of(**kind)).map(|(_, p)| p).sum()
        })
        .collect()
    };
    let pairs: [(&str, &dyn Fn(PageKind) -> bool); 2] = [("bad", &is_bad), ("placeholder", &is_placeholder)];
    let figure = |(of, wanted): (&str, &dyn Fn(PageKind) -> bool)| {
        let auc = auc(&p(wanted, wanted), &p(wanted, &PageKind::is_content)).unwrap_or_default();
        (format!("{name}, {of} auc"), rounded(auc))
    };
    pairs.into_iter().map(figure).collect()
}

/// The pages as often as they count; of those that only their set tells, every third.
fn rows(known: &[Known], wanted: impl Fn(&Known) -> bool) -> Vec<&Known> {
    let counts = |(at, row): &(usize, &Known)| row.times > 1 || at % 3 == 0;
    let known = known.iter().enumerate().filter(counts).filter(|(_, row)| wanted(row));
    known.flat_map(|(_, row)| std::iter::repeat_n(row, row.times)).collect()
}

/// Fits a multinomial logistic model on columns of mean 0 and variance 1, and writes it for columns as they are.
fn logistic(rows: &[&Known]) -> Result<Softmax<PAGE_KINDS>, String> {
    let columns = rows.first().map_or(0, |row| row.inputs.len());
    let values = rows.iter().flat_map(|row| row.inputs.iter().map(|value| f64::from(*value))).collect();
    let mut matrix =
        Array2::from_shape_vec((rows.len(), columns), values).map_err(|error| error.to_string())?;
    let means = matrix.mean_axis(Axis(0)).ok_or("expected pages of known kinds, found none")?;
    let spreads = matrix.std_axis(Axis(0), 0.0).mapv(|spread| if spread > 1e-6 { spread } else { 1.0 });
    matrix = (matrix - &means) / &spreads;
    let classes = Array1::from_iter(rows.iter().map(|row| row.class));
    let data = DatasetBase::new(matrix, classes);
    let fitted = MultiLogisticRegression::default().alpha(WEIGHT).max_iterations(150).fit(&data);
    let fitted = fitted.map_err(|error| error.to_string())?;
    let weights = fitted.params() / &spreads.insert_axis(Axis(1));
    let biases = fitted.intercept() - means.dot(&weights);
    // a kind that no page has is never told
    let mut softmax = Softmax { rows: vec![[0.0; PAGE_KINDS]; columns] };
    softmax.rows.push([NEVER; PAGE_KINDS]);
    for (at, class) in fitted.classes().iter().enumerate() {
        let of_class = weights.column(at);
        for (row, weight) in softmax.rows.iter_mut().zip(of_class.iter().chain([&biases[at]])) {
            row[*class] = *weight as f32;
        }
    }
    prove(&fitted.predict_probabilities(data.records()), fitted.classes(), rows, &softmax)?;
    Ok(softmax)
}

/// The score of a kind that no page has.
const NEVER: f32 = -30.0;

/// Our evaluation gives the library's probabilities.
fn prove(
    theirs: &Array2<f64>,
    classes: &[usize],
    rows: &[&Known],
    model: &Softmax<PAGE_KINDS>,
) -> Result<(), String> {
    for (row, theirs) in rows.iter().zip(theirs.rows()) {
        let ours = model.probabilities(&row.inputs);
        let differs = classes.iter().zip(theirs).any(|(class, p)| (f64::from(ours[*class]) - p).abs() > 1e-3);
        if differs {
            return Err(format!(
                "the exported model of page kinds and linfa disagree on a page of {}",
                row.source
            ));
        }
    }
    Ok(())
}

/// Trees of the forest, their depth, and the columns that a cut looks at.
const TREES: u16 = 60;
const DEPTH: u16 = 12;
const COLUMNS: usize = 24;

/// The share of a forest's trees that say each kind, for the pages of a fold: of `smartcore`, tree by tree, as its forests
/// only tell the kind that most trees say.
fn forest(
    known: &[Known],
    rows: &[&Known],
    fold: usize,
    seed: u64,
) -> Result<Vec<(usize, KindProbabilities)>, String> {
    let dense = |rows: &[&Known]| {
        let values: Vec<f32> = rows.iter().flat_map(|row| row.inputs.iter().copied()).collect();
        let columns = rows.first().map_or(0, |row| row.inputs.len());
        DenseMatrix::new(rows.len(), columns, values, false).map_err(|error| error.to_string())
    };
    let classes: Vec<u32> = rows.iter().map(|row| row.class as u32).collect();
    let (places, judged): (Vec<usize>, Vec<&Known>) =
        known.iter().enumerate().filter(|(_, row)| row.fold == fold).unzip();
    if rows.is_empty() || judged.is_empty() {
        return Ok(Vec::new());
    }
    let (rows, judged) = (dense(rows)?, dense(&judged)?);
    let mut votes = vec![[0.0; PAGE_KINDS]; places.len()];
    for tree in 0..TREES {
        let parameters = RandomForestClassifierParameters::default()
            .with_n_trees(1)
            .with_max_depth(DEPTH)
            .with_min_samples_leaf(2)
            .with_m(COLUMNS)
            .with_seed(seed.wrapping_mul(1000) + u64::from(tree));
        let fitted =
            RandomForestClassifier::fit(&rows, &classes, parameters).map_err(|error| error.to_string())?;
        let said = fitted.predict(&judged).map_err(|error| error.to_string())?;
        votes.iter_mut().zip(said).for_each(|(votes, kind)| votes[kind as usize] += 1.0 / f32::from(TREES));
    }
    Ok(places.into_iter().zip(votes).collect())
}

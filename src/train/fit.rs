//! A training run from labelled pages to a proven model.

use super::boost::Backend;
use super::crossval::{Growth, SparseFolds, add_scores, fit_forest};
use super::dataset::Dataset;
use super::logistic;
use super::samples::{CHINESE, Sample, Table};
use super::split::folds;
use crate::classify::{Filter, Profile, cut, empty_inputs};
use crate::error::{Error, Result};
use crate::eval::{Language, Reliability, word_prf};
use crate::features::{COLUMNS, schema, vectors::EMPTY_SIGNS};
use crate::model::{Forest, Header, Logistic, Model, calibration_inputs, logit, sigmoid};
use crate::page::{Limits, Media, Page};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    folds: usize,
    seed: u64,
    backend: Backend,
}

impl Default for Options {
    fn default() -> Self {
        Self { folds: 5, seed: 1, backend: Backend::Boosted }
    }
}

impl Options {
    /// Number of folds by registrable domain (default 5, at least 2).
    pub fn with_folds(mut self, folds: usize) -> Self {
        self.folds = folds.clamp(2, 64);
        self
    }

    /// Seed of all chance (default 1). The same data and seed give the same bytes.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The library that fits the block forests.
    pub fn with_backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }
}

/// What a model that saw no page of its domain made of a page.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The set that the page belongs to.
    pub set: String,
    /// The page's identifier.
    pub id: String,
    /// The body.
    pub body: String,
    /// The language of the page.
    pub language: Language,
    /// Expected word F1.
    pub confidence: f32,
    /// Each block.
    pub blocks: Vec<BlockOutcome>,
}

/// What was made of a block, and what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockOutcome {
    /// Calibrated probability of main content.
    pub p: f32,
    /// Whether it is main content.
    pub body: bool,
    /// Its tokens.
    pub tokens: u32,
}

/// The result of a training run.
#[derive(Debug)]
pub struct Trained {
    /// The model, fitted on all pages.
    pub model: Model,
    /// Out-of-fold outcome of each example, in the dataset's order.
    pub outcomes: Vec<Outcome>,
    /// The same for the examples as plain text, a line for each block.
    pub text_outcomes: Vec<Outcome>,
}

/// Fits a model on all examples, and one without each fold to measure and calibrate it.
///
/// # Errors
/// [`Error::Data`] for pages that cannot be read or whose labels do not fit; [`Error::Settings`] when there is too
/// little to learn from.
pub fn train(
    dataset: &Dataset,
    options: Options,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Trained, Vec<Error>> {
    let mut run = Run::load(dataset, options, tell)?;
    run.fit().map_err(|problem| vec![Error::Settings(problem)])
}

/// Names of the two forests.
const FORESTS: [Media; 2] = [Media::Html, Media::Text];

struct Run<'a> {
    dataset: &'a Dataset,
    options: Options,
    tell: &'a (dyn Fn(&str) + Sync),
    /// Pages as they are, one for each example, then fragments of some of them.
    samples: Vec<Sample>,
    /// HTML pages as text, and pages that are text.
    texts: Vec<Sample>,
}

impl<'a> Run<'a> {
    fn load(
        dataset: &'a Dataset,
        options: Options,
        tell: &'a (dyn Fn(&str) + Sync),
    ) -> Result<Self, Vec<Error>> {
        if dataset.examples.len() < 2 * options.folds {
            let found = dataset.examples.len();
            let problem = format!(
                "{found} labelled pages are too few for {} folds: add pages, or lower --folds",
                options.folds
            );
            return Err(vec![Error::Settings(problem)]);
        }
        tell(&format!("reading {} pages", dataset.examples.len()));
        let folds = folds(&dataset.domains(), options.folds, options.seed);
        let read: Vec<_> =
            dataset.examples.par_iter().zip(folds).map(|(example, fold)| sample(example, fold)).collect();
        let (mut samples, mut problems) = (Vec::new(), Vec::new());
        for read in read {
            match read {
                Ok(sample) => samples.push(sample),
                Err(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let texts =
            samples.par_iter().enumerate().flat_map_iter(|(at, sample)| as_texts(at, sample)).collect();
        let fragments: Vec<Sample> = samples.par_iter().enumerate().filter_map(fragment).collect();
        samples.extend(fragments);
        Ok(Self { dataset, options, tell, samples, texts })
    }

    fn fit(&mut self) -> Result<Trained, String> {
        let table = Table::of(&self.samples);
        (self.tell)(&format!("fitting sparse models on {} blocks", table.targets.len()));
        let sparse = SparseFolds::fit(&table, self.options.folds, self.options.seed);
        drop(table);
        let mut fold_models = Vec::new();
        for fold in 0..self.options.folds {
            (self.tell)(&format!("fitting trees without fold {} of {}", fold + 1, self.options.folds));
            let forests = self.forests(&sparse, Some(fold))?;
            fold_models.push(self.assemble(sparse.without(fold, fold).clone(), forests));
        }
        let odds = self.out_of_fold(&fold_models);
        for (fold, model) in fold_models.iter_mut().enumerate() {
            self.calibrate(model, &odds, |sample| sample != fold)?;
        }
        let (outcomes, text_outcomes) = self.outcomes(fold_models);
        (self.tell)("fitting trees on all pages");
        let forests = self.forests(&sparse, None)?;
        let mut model = self.assemble(sparse.all.clone(), forests);
        self.calibrate(&mut model, &odds, |_| true)?;
        self.describe(&mut model);
        self.measure(&mut model, "", &outcomes);
        self.measure(&mut model, " as text", &text_outcomes);
        let trained = Trained { model, outcomes, text_outcomes };
        Ok(trained.with_reliability())
    }

    fn forests(&mut self, sparse: &SparseFolds, without: Option<usize>) -> Result<[Forest; 2], String> {
        let (backend, seed) = (self.options.backend, self.options.seed);
        let growth = |media| Growth { media, without, backend, seed };
        let html = fit_forest(&mut self.samples, sparse, growth(Media::Html))?;
        let text = fit_forest(&mut self.texts, sparse, growth(Media::Text))?;
        Ok([html, text])
    }

    fn assemble(&self, sparse: crate::model::SparseModel, [html, text]: [Forest; 2]) -> Model {
        let header = Header {
            task: "blocks".to_owned(),
            algorithm: self.options.backend.name().to_owned(),
            labels: vec!["other".to_owned(), "body".to_owned()],
            positive: "body".to_owned(),
            schema: format!("{:016x}", schema::schema_hash()),
            columns: (0..COLUMNS).map(schema::column_name).collect(),
            html_calibration: Logistic::default(),
            text_calibration: Logistic::default(),
            empty: Logistic::default(),
            forests: BTreeMap::new(),
            weights: BTreeMap::new(),
            biases: sparse.bias,
            training: BTreeMap::new(),
            metrics: BTreeMap::new(),
            licence: String::new(),
            arrays: BTreeMap::new(),
        };
        Model { header, sparse, html, text }
    }

    fn samples_of(&self, media: Media) -> &[Sample] {
        if media == Media::Text { &self.texts } else { &self.samples }
    }

    /// Log-odds of all blocks from the model without their fold, for each kind of page.
    fn out_of_fold(&mut self, models: &[Model]) -> [Vec<Vec<f32>>; 2] {
        FORESTS.map(|media| {
            let samples = if media == Media::Text { &mut self.texts } else { &mut self.samples };
            let predict = |sample: &mut Sample| {
                let Some(model) = models.get(sample.fold) else { return Vec::new() };
                add_scores(sample, &model.sparse);
                let forest = if media == Media::Text { &model.text } else { &model.html };
                (0..sample.measured.blocks())
                    .map(|index| forest.log_odds(sample.measured.row(index)))
                    .collect()
            };
            samples.par_iter_mut().map(predict).collect()
        })
    }

    /// Fits the calibrations and the model of empty pages on the folds for which `wanted` holds.
    fn calibrate(
        &self,
        model: &mut Model,
        odds: &[Vec<Vec<f32>>; 2],
        wanted: impl Fn(usize) -> bool,
    ) -> Result<(), String> {
        for (media, odds) in FORESTS.into_iter().zip(odds) {
            let calibration = calibration(self.samples_of(media), odds, media, &wanted)?;
            match media {
                Media::Text => model.header.text_calibration = calibration,
                _ => model.header.html_calibration = calibration,
            }
        }
        model.header.empty = self.empty(model, odds, &wanted)?;
        Ok(())
    }

    /// The model of pages without main content, from both kinds of pages.
    fn empty(
        &self,
        model: &Model,
        odds: &[Vec<Vec<f32>>; 2],
        wanted: &impl Fn(usize) -> bool,
    ) -> Result<Logistic, String> {
        let (mut rows, mut targets) = (Vec::new(), Vec::new());
        for (sample, odds) in self.samples.iter().zip(&odds[0]).filter(|(sample, _)| wanted(sample.fold)) {
            if sample.page.blocks().len() == 0 || sample.page.source().media == Media::Text {
                continue;
            }
            let p = calibrated(&model.header.html_calibration, odds, sample.measured.page_cjk());
            let (_, confidence) =
                cut(&p, sample.measured.tokens(), Profile::Balanced.knobs(sample.measured.page_cjk()));
            rows.push(empty_inputs(&sample.page, &sample.measured, &p, confidence).to_vec());
            targets.push(!sample.has_body);
        }
        let empty = targets.iter().filter(|empty| **empty).count();
        if empty < LEAST_EMPTY {
            (self.tell)(&format!("only {empty} pages without main content: empty pages are not told"));
            return Ok(Logistic { intercept: logit(0.01), weights: vec![0.0; EMPTY_SIGNS.len()] });
        }
        logistic::fit(&rows, &targets, 0.01)
    }

    /// What each fold's model makes of its fold, through the door that everybody uses.
    fn outcomes(&self, models: Vec<Model>) -> (Vec<Outcome>, Vec<Outcome>) {
        let filters: Vec<Filter> = models.into_iter().map(Filter::new).collect();
        let judge = |sample: &Sample| -> Option<Outcome> {
            let report = filters.get(sample.fold)?.judge(&sample.id, sample.page.clone());
            let p = report.blocks().map(|(_, block)| block.body_probability);
            let known = sample.targets.iter().zip(sample.measured.tokens());
            let blocks = p.zip(known).map(|(p, (target, tokens))| BlockOutcome {
                p,
                body: *target >= 0.5,
                tokens: *tokens,
            });
            Some(Outcome {
                set: sample.set.clone(),
                id: sample.id.clone(),
                body: report.body(),
                language: sample.language(report.lang()),
                confidence: report.confidence(),
                blocks: blocks.collect(),
            })
        };
        let whole = |samples: &[Sample]| -> Vec<Outcome> {
            samples.par_iter().filter(|sample| !sample.thinned).filter_map(judge).collect()
        };
        (whole(&self.samples), whole(&self.texts))
    }

    /// Writes the out-of-fold figures of each set into the header, rounded so that the text stays readable.
    fn measure(&self, model: &mut Model, suffix: &str, outcomes: &[Outcome]) {
        let gold =
            self.dataset.examples.iter().map(|example| ((&example.set, &example.page.id), &example.page));
        let gold: BTreeMap<_, _> = gold.collect();
        let mut sets: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for outcome in outcomes {
            let Some(page) = gold.get(&(&outcome.set, &outcome.id)) else { continue };
            let Some(text) = &page.text else { continue };
            let f1 = word_prf(&outcome.body, text).f1;
            sets.entry(format!("{}{suffix}", outcome.set)).or_default().push(f1);
            if page.is_chinese() {
                sets.entry(format!("{}{suffix}, Chinese", outcome.set)).or_default().push(f1);
            }
        }
        for (set, figures) in sets {
            let mean = figures.iter().sum::<f64>() / figures.len() as f64;
            let entry = model.header.metrics.entry(set).or_default();
            entry.insert("pages".to_owned(), figures.len() as f64);
            entry.insert("word_f1".to_owned(), (mean * 1e4).round() / 1e4);
        }
    }

    fn describe(&self, model: &mut Model) {
        let note = &mut model.header.training;
        let options = &self.options;
        note.insert("folds".to_owned(), format!("{} by registrable domain", options.folds));
        note.insert("seed".to_owned(), options.seed.to_string());
        let whole = || self.samples.iter().filter(|sample| !sample.thinned);
        note.insert("pages".to_owned(), whole().count().to_string());
        note.insert("fragments".to_owned(), (self.samples.len() - whole().count()).to_string());
        let blocks: usize = whole().map(|sample| sample.targets.len()).sum();
        note.insert("blocks".to_owned(), blocks.to_string());
        let mut sets: BTreeMap<&str, usize> = BTreeMap::new();
        for example in &self.dataset.examples {
            *sets.entry(&example.set).or_default() += 1;
        }
        let sets: Vec<String> = sets.iter().map(|(set, pages)| format!("{set} {pages}")).collect();
        note.insert("sets".to_owned(), sets.join(", "));
        note.insert("data".to_owned(), format!("xxh3 {:016x}", self.digest()));
        note.insert("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    }
}

impl Trained {
    /// How far the probabilities of main content can be trusted, out of fold: of all blocks, and of those of each
    /// language, as they are and as text.
    pub fn reliability(&self) -> Vec<(String, Reliability)> {
        let sets = [("all blocks", &self.outcomes), ("all blocks as text", &self.text_outcomes)];
        sets.into_iter().flat_map(|(name, outcomes)| reliability(name, outcomes)).collect()
    }

    /// Writes [`Trained::reliability`] into the header, rounded so that the text stays readable.
    fn with_reliability(mut self) -> Self {
        for (name, found) in self.reliability() {
            let entry = self.model.header.metrics.entry(name).or_default();
            entry.insert("blocks".to_owned(), found.count as f64);
            let figures =
                [("ece", found.ece), ("ece_equal_count", found.ece_equal_count), ("brier", found.brier)];
            entry.extend(figures.map(|(name, figure)| (name.to_owned(), (figure * 1e4).round() / 1e4)));
        }
        self
    }
}

fn reliability(name: &str, outcomes: &[Outcome]) -> Vec<(String, Reliability)> {
    let of = |wanted: &dyn Fn(&Outcome) -> bool| {
        let blocks = outcomes.iter().filter(|outcome| wanted(outcome)).flat_map(|outcome| &outcome.blocks);
        Reliability::of(blocks.map(|block| (block.p, block.body)))
    };
    let languages = Language::ALL.map(|language| {
        (format!("{name}, {}", language.as_str()), of(&|outcome| outcome.language == language))
    });
    let all = (name.to_owned(), of(&|_| true));
    [all].into_iter().chain(languages).filter(|(_, found)| found.count > 0).collect()
}

impl Run<'_> {
    /// A digest of all that was learned from: texts of the blocks, and what they are.
    fn digest(&self) -> u64 {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for sample in self.samples.iter().filter(|sample| !sample.thinned) {
            hash.update(sample.id.as_bytes());
            for (block, target) in sample.page.blocks().zip(&sample.targets) {
                hash.update(block.text().as_bytes());
                hash.update(&target.to_le_bytes());
            }
        }
        hash.digest()
    }
}

/// Fewer pages without main content teach nothing.
const LEAST_EMPTY: usize = 4;

fn sample(example: &super::dataset::Example, fold: usize) -> Result<Sample, Vec<Error>> {
    let document = example.document().map_err(|error| vec![error])?;
    let page = Page::read(&document, &Limits::default());
    let targets = example.targets(&page, &document)?;
    let shares: Vec<f32> = targets.blocks.iter().map(|target| target.body.unwrap_or(0.0)).collect();
    let shares = shares.into_iter().map(|share| if share > 0.0 { 1.0 } else { 0.0 }).collect();
    let has_body = match &example.rules {
        Some(_) => targets.blocks.iter().any(|target| target.body.unwrap_or(0.0) > 0.0),
        None => example.page.text.as_deref().is_some_and(|text| !text.trim().is_empty()),
    };
    let mut sample = Sample::new(&example.page.id, page, shares, fold, example.weight);
    sample.set.clone_from(&example.set);
    sample.has_body = has_body;
    Ok(sample)
}

/// A page as text: every other page whole, the others thinned. A page that is text stands for itself.
fn as_texts(at: usize, sample: &Sample) -> Vec<Sample> {
    if sample.page.source().media == Media::Text {
        return vec![sample.again()];
    }
    let thinned = (at % 2 == 1).then_some(at as u64 + 1);
    sample.as_text(thinned).into_iter().collect()
}

/// One in so many HTML pages is learned from as a fragment too.
const FRAGMENTS: usize = 4;

fn fragment((at, sample): (usize, &Sample)) -> Option<Sample> {
    let wanted = at % FRAGMENTS == 0 && sample.page.source().media == Media::Html;
    if wanted { sample.fragment(at as u64 + 1) } else { None }
}

fn calibrated(calibration: &Logistic, odds: &[f32], cjk: f32) -> Vec<f32> {
    odds.iter().map(|odds| sigmoid(calibration.log_odds(&calibration_inputs(*odds, cjk)))).collect()
}

/// Rows that a calibration is fitted on, about.
const CALIBRATED: f32 = 80_000.0;
/// Chinese pages are few: each of their blocks counts so many times more.
const CHINESE_SHARE: f32 = 8.0;

/// Fits a calibration. Blocks stand in it in proportion to the root of their tokens, between what a block's
/// probability and what a body's expected F1 would ask for.
fn calibration(
    samples: &[Sample],
    odds: &[Vec<f32>],
    media: Media,
    wanted: &impl Fn(usize) -> bool,
) -> Result<Logistic, String> {
    let (mut rows, mut targets) = (Vec::new(), Vec::new());
    let wanted = |sample: &Sample| wanted(sample.fold) && sample.page.source().media == media;
    let mass = |tokens: &u32, cjk: f32| {
        (*tokens as f32 + 0.5).sqrt() * if cjk > CHINESE { CHINESE_SHARE } else { 1.0 }
    };
    let of = |sample: &Sample| -> f32 {
        sample.measured.tokens().iter().map(|tokens| mass(tokens, sample.measured.page_cjk())).sum()
    };
    let step = (samples.iter().filter(|sample| wanted(sample)).map(of).sum::<f32>() / CALIBRATED).max(1e-3);
    let mut due = 0.0;
    for (sample, odds) in samples.iter().zip(odds).filter(|(sample, _)| wanted(sample)) {
        let cjk = sample.measured.page_cjk();
        for ((odds, target), tokens) in odds.iter().zip(&sample.targets).zip(sample.measured.tokens()) {
            due += mass(tokens, cjk);
            while due >= step {
                due -= step;
                rows.push(calibration_inputs(*odds, cjk).to_vec());
                targets.push(*target >= 0.5);
            }
        }
    }
    logistic::fit(&rows, &targets, 1e-4)
}

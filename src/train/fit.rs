//! A training run from labelled pages to a proven model.

use super::crossval::{Growth, SparseFolds, add_scores, fit_forest, fit_sequence, score};
use super::dataset::{Dataset, Example};
use super::logistic;
use super::run::{Digest, Options, counted, figures, notes};
use super::samples::Sample;
use super::sgd::Table;
use super::split::folds;
use crate::classify::{Filter, Knobs, Profile, Scored, cut, empty_inputs};
use crate::error::Error;
use crate::eval::{
    BlockFigures, BlockPage, Figures, Language, PageResult, Prediction, Reliability, SetResult, Truth,
};
use crate::features::vectors::EmptySign;
use crate::model::{Blocks, Forests, Logistic, Model, SparseModel, calibration_inputs, logit, sigmoid};
use crate::page::Media;
use rayon::prelude::*;

/// The result of a training run.
#[derive(Debug)]
pub struct Trained {
    /// The model, fitted on all pages.
    pub model: Model,
    /// What models made of each example that saw no page of its domain, in the dataset's order.
    pub sets: Vec<SetResult>,
    /// The same for the examples as plain text, a line for each block.
    pub text_sets: Vec<SetResult>,
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
        let mut samples =
            dataset.read(|at, example| sample(example, at, folds.get(at).copied().unwrap_or_default()))?;
        let texts =
            samples.par_iter().enumerate().flat_map_iter(|(at, sample)| as_texts(at, sample)).collect();
        let fragments: Vec<Sample> = samples.par_iter().enumerate().filter_map(fragment).collect();
        samples.extend(fragments);
        Ok(Self { dataset, options, tell, samples, texts })
    }

    fn fit(&mut self) -> Result<Trained, String> {
        let table = Table::of(&self.samples);
        (self.tell)(&format!("fitting sparse models on {} blocks", table.len()));
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
        let filters: Vec<Filter> = fold_models.into_iter().map(Filter::new).collect();
        let [sets, text_sets] = [&self.samples, &self.texts].map(|samples| self.results(&filters, samples));
        (self.tell)("fitting trees on all pages");
        let forests = self.forests(&sparse, None)?;
        let mut model = self.assemble(sparse.all.clone(), forests);
        self.calibrate(&mut model, &odds, |_| true)?;
        self.describe(&mut model);
        let mut trained = Trained { model, sets, text_sets };
        trained.measure();
        Ok(trained)
    }

    fn forests(&mut self, sparse: &SparseFolds, without: Option<usize>) -> Result<Forests, String> {
        let (backend, seed) = (self.options.backend, self.options.seed);
        let growth = |media| Growth { media, without, backend, seed };
        let (of_html, of_text) = (growth(Media::Html), growth(Media::Text));
        score(&mut self.samples, sparse, of_html);
        score(&mut self.texts, sparse, of_text);
        // the network is fitted by one thread, the forests by all
        let forest_of_texts = |html| fit_forest(&self.texts, of_text).map(|text| (html, text));
        let (sequence, forests) = rayon::join(
            || fit_sequence(&self.texts, of_text),
            || fit_forest(&self.samples, of_html).and_then(forest_of_texts),
        );
        let (html, text) = forests?;
        Ok(Forests { html, text, sequence: sequence? })
    }

    fn assemble(&self, sparse: SparseModel, forests: Forests) -> Model {
        let mut model = Model::of(Blocks::new(sparse, forests));
        self.options.backend.name().clone_into(&mut model.algorithm);
        model
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
                add_scores(sample, &model.part.sparse);
                model.part.log_odds_of_rows(media == Media::Text, sample.measured.rows())
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
                Media::Text => model.part.text_calibration = calibration,
                _ => model.part.html_calibration = calibration,
            }
        }
        model.part.empty = self.empty(model, odds, &wanted)?;
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
            let p = calibrated(&model.part.html_calibration, odds, sample.measured.page_cjk());
            let (_, confidence) =
                cut(&p, sample.measured.tokens(), Knobs::of(Profile::Balanced, &sample.measured));
            let scored = Scored { page: &sample.page, measured: &sample.measured, body: &p, corrected: None };
            rows.push(empty_inputs(scored, confidence).to_vec());
            targets.push(!sample.has_body);
        }
        let empty = targets.iter().filter(|empty| **empty).count();
        if empty < LEAST_EMPTY {
            (self.tell)(&format!("only {empty} pages without main content: empty pages are not told"));
            return Ok(Logistic { intercept: logit(0.01), weights: vec![0.0; EmptySign::COUNT] });
        }
        logistic::fit(&rows, &targets, 0.01)
    }

    /// What each fold's model makes of its fold, through the door that everybody uses.
    fn results(&self, filters: &[Filter], samples: &[Sample]) -> Vec<SetResult> {
        let judge = |sample: &Sample| -> Option<(&str, PageResult)> {
            let example = self.dataset.examples.get(sample.example)?;
            let report = filters.get(sample.fold)?.judge(&example.page.id, sample.page.clone());
            let truths: Vec<_> =
                sample.targets.iter().map(|target| Some(Truth::of_body(*target >= 0.5))).collect();
            let blocks = Some(BlockPage::new(&report, &truths, sample.language(report.lang())));
            let prediction = Prediction { blocks, ..Prediction::new(report.body()) };
            Some((&example.set, PageResult::new(&example.page, prediction)))
        };
        let whole = samples.par_iter().filter(|sample| !sample.thinned);
        let mut sets: Vec<SetResult> = Vec::new();
        for (name, page) in whole.filter_map(judge).collect::<Vec<_>>() {
            match sets.iter_mut().find(|set| set.name == name) {
                Some(set) => set.pages.push(page),
                None => sets.push(SetResult { name: name.to_owned(), pages: vec![page] }),
            }
        }
        sets
    }

    fn describe(&self, model: &mut Model) {
        let whole = || self.samples.iter().filter(|sample| !sample.thinned);
        let mut digest = Digest::default();
        for sample in whole() {
            let id = self.dataset.examples.get(sample.example).map_or("", |example| &example.page.id);
            digest.add(id, &sample.page, sample.targets.iter().map(|target| target.to_le_bytes()));
        }
        let blocks: usize = whole().map(|sample| sample.targets.len()).sum();
        model.training.extend(notes([
            ("folds", format!("{} by registrable domain", self.options.folds)),
            ("seed", self.options.seed.to_string()),
            ("pages", whole().count().to_string()),
            ("fragments", (self.samples.len() - whole().count()).to_string()),
            ("blocks", blocks.to_string()),
            ("sets", counted(self.dataset.examples.iter().map(|example| example.set.as_str()))),
            ("data", digest.note()),
        ]));
    }
}

impl Trained {
    /// How far the probabilities of main content can be trusted, out of fold: of all blocks, and of those of each
    /// language, as they are and as text.
    pub fn reliability(&self) -> Vec<(String, Reliability)> {
        let sets = [("all blocks", &self.sets), ("all blocks as text", &self.text_sets)];
        sets.into_iter().flat_map(|(name, sets)| reliability(name, sets)).collect()
    }

    /// Writes the figures of each set and [`Trained::reliability`] into the header.
    fn measure(&mut self) {
        let metrics = &mut self.model.metrics;
        for (suffix, sets) in [("", &self.sets), (" as text", &self.text_sets)] {
            for set in sets {
                let name = format!("{}{suffix}", set.name);
                let known = || set.pages.iter().filter(|page| page.word.is_some());
                let chinese = Figures::of(known().filter(|page| page.chinese));
                let groups = [(format!("{name}, Chinese"), chinese), (name, Figures::of(known()))];
                metrics.extend(groups.into_iter().filter_map(|(name, found)| {
                    let all = [("pages", found.pages as f64), ("word_f1", found.word?.f1)];
                    Some((name, figures(all)))
                }));
            }
        }
        let reliability = self.reliability();
        self.model.metrics.extend(reliability.into_iter().map(|(name, found)| {
            let Reliability { count, ece, ece_equal_count, brier, .. } = found;
            let blocks = count as f64;
            let all =
                [("blocks", blocks), ("ece", ece), ("ece_equal_count", ece_equal_count), ("brier", brier)];
            (name, figures(all))
        }));
    }
}

fn reliability(name: &str, sets: &[SetResult]) -> Vec<(String, Reliability)> {
    let pages = || sets.iter().flat_map(|set| &set.pages).filter_map(|page| page.prediction.blocks.as_ref());
    let languages = Language::ALL.map(|language| {
        let of_language = BlockFigures::of(pages().filter(|page| page.language == language));
        (format!("{name}, {}", language.as_str()), of_language)
    });
    let all = [(name.to_owned(), BlockFigures::of(pages()))].into_iter().chain(languages);
    all.filter(|(_, found)| found.blocks > 0).map(|(name, found)| (name, found.body)).collect()
}

/// Fewer pages without main content teach nothing.
const LEAST_EMPTY: usize = 4;

fn sample(example: &Example, at: usize, fold: usize) -> Result<Sample, Vec<Error>> {
    let (page, targets) = example.read()?;
    let shares = targets.iter().map(|target| if target.body.unwrap_or(0.0) > 0.0 { 1.0 } else { 0.0 });
    let sample = Sample { example: at, ..Sample::new(page, shares.collect(), fold, 1.0) };
    let has_text = example.page.text.as_deref().is_some_and(|text| !text.trim().is_empty());
    Ok(Sample { has_body: if example.rules.is_some() { sample.has_body } else { has_text }, ..sample })
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
    let mass = |tokens: &u32, is_chinese: bool| {
        (*tokens as f32 + 0.5).sqrt() * if is_chinese { CHINESE_SHARE } else { 1.0 }
    };
    let of = |sample: &Sample| -> f32 {
        sample.measured.tokens().iter().map(|tokens| mass(tokens, sample.measured.is_chinese())).sum()
    };
    let step = (samples.iter().filter(|sample| wanted(sample)).map(of).sum::<f32>() / CALIBRATED).max(1e-3);
    let mut due = 0.0;
    for (sample, odds) in samples.iter().zip(odds).filter(|(sample, _)| wanted(sample)) {
        let cjk = sample.measured.page_cjk();
        for ((odds, target), tokens) in odds.iter().zip(&sample.targets).zip(sample.measured.tokens()) {
            due += mass(tokens, sample.measured.is_chinese());
            while due >= step {
                due -= step;
                rows.push(calibration_inputs(*odds, cjk).to_vec());
                targets.push(*target >= 0.5);
            }
        }
    }
    logistic::fit(&rows, &targets, 1e-4)
}

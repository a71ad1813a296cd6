//! Labelled texts and pages → the models of kinds.
//!
//! The first model reads words. The second looks at what the first says of a block and of the blocks around it, at
//! the rules, the body model and the place; it learns from what first models say that saw nothing of the block's
//! group (page, domain or text), as it will meet unknown pages.

use super::dataset::{Dataset, Target};
use super::injected::Injector;
use super::logistic;
use super::rows::{Allowed, PageRow, Rows, TextRow};
use super::samples::Sample;
use super::softmax::{self, Fit, Fitted, Table};
use super::spam::{self, SpamRow};
use crate::classify::{
    CONTEXT_COLUMNS, Filter, Label, Naming, Probabilities, SCORED, Scored, Selves, naming_inputs,
    naming_words, spam_inputs,
};
use crate::eval::{Confusion, Reliability};
use crate::features::vectors::{LABEL_CALIBRATION, PAGE_SIGNS, context_columns};
use crate::features::{Grams, Measured, kinds_schema, measure};
use crate::model::{KindHeader, KindModel, Logistic, Softmax, gram_scale, label_calibration_inputs};
use crate::page::{Document, Limits, Media, Page};
use rayon::prelude::*;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Values of the first model's table: a slot of 16 for each of 2^17 hashes of grams.
const SLOT_BITS: u32 = 17;
/// Smoothing and epochs were chosen by what the model says of lines of sources that it was not trained on.
const WORDS: Fit =
    Fit { slots: 1 << SLOT_BITS, epochs: 8, rate: 0.15, decay: 1e-5, dropped: 0.25, smoothing: 0.1, seed: 0 };
const AROUND: Fit =
    Fit { slots: CONTEXT_COLUMNS, epochs: 6, rate: 0.05, decay: 1e-5, dropped: 0.0, smoothing: 0.0, seed: 0 };

/// Blocks of a page that the first model learns from, at most.
const MOST_BLOCKS: usize = 40;
/// The same for Chinese pages, of which there are few: they are what harmless Chinese titles are known from.
const MOST_CHINESE: usize = 300;
/// Single texts that the second model learns from, at most.
const MOST_TEXTS: usize = 20_000;
/// A block that only its share in the main content is known of counts less than a labelled one.
const PARTLY_KNOWN: f32 = 0.3;

/// Texts of at least this weight have labels that can be relied upon.
const TRUSTED: f32 = 0.5;

/// How to train the models of kinds.
#[derive(Debug, Clone, Copy)]
pub struct KindOptions {
    /// Number of folds.
    pub folds: usize,
    /// Seed of all chance.
    pub seed: u64,
}

/// What models that saw nothing of its group made of a block or text.
#[derive(Debug, Clone)]
pub struct KindOutcome {
    /// Where it came from.
    pub source: String,
    /// `zh`, `zh-Hant`, `en`, …
    pub lang: String,
    /// What it may be.
    pub allowed: Allowed,
    /// Whether its label can be relied upon: not where a class name or the like is all that tells it.
    pub trusted: bool,
    /// Whether it stands in plain text.
    pub is_text: bool,
    /// Probabilities by its words.
    pub by_words: Probabilities,
    /// Probabilities by everything; none for a text that only the words' model was asked about.
    pub probabilities: Option<Probabilities>,
}

/// The result of a training run.
#[derive(Debug)]
pub struct TrainedKinds {
    /// The models, fitted on everything.
    pub model: KindModel,
    /// What was made of each labelled block and text out of fold.
    pub outcomes: Vec<KindOutcome>,
}

/// Fits the models of kinds on the pages and lines of a dataset and on further rows. `body` gives the probabilities
/// of main content.
///
/// # Errors
/// When there is too little to learn from.
pub fn train_kinds(
    dataset: &Dataset,
    rows: &Rows,
    body: &Filter,
    options: KindOptions,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<TrainedKinds, String> {
    let mut run = Run { options, body, pages: Vec::new(), texts: Vec::new() };
    run.texts.extend(dataset.lines.iter().map(|line| TextRow {
        text: line.text.clone(),
        allowed: Allowed::one(line.label),
        lang: line.lang.clone(),
        source: "training_data/lines".to_owned(),
        group: line.text.clone(),
        weight: 1.0,
    }));
    run.texts.extend(rows.texts.iter().cloned());
    tell(&format!("kinds: reading {} pages", dataset.examples.len() + rows.pages.len()));
    run.pages = dataset.examples.par_iter().flat_map_iter(of_example).collect();
    run.pages.par_extend(rows.pages.par_iter().flat_map_iter(of_row));
    run.pages.retain(|page| !page.allowed.is_empty());
    run.inject();
    let least = 10 * options.folds;
    if run.texts.len() + run.pages.len() < least {
        return Err(format!("expected at least {least} labelled lines or pages to tell kinds, found fewer"));
    }
    run.fit(tell)
}

/// A page whose blocks are known, at least in part.
pub(super) struct KindPage {
    pub(super) page: Page,
    pub(super) allowed: Vec<Option<(Allowed, f32)>>,
    pub(super) source: String,
    pub(super) lang: String,
    pub(super) group: String,
    pub(super) trusted: bool,
}

fn of_example(example: &super::dataset::Example) -> Vec<KindPage> {
    let read = || -> Option<KindPage> {
        let document = example.document().ok()?;
        let page = Page::read(&document, &Limits::default());
        let targets = example.targets(&page, &document).ok()?;
        let known = |target: &Target| match (target.label, target.body) {
            (Some(label), _) => Some((Allowed::one(label), 1.0)),
            (None, Some(share)) if share >= 0.5 => Some((Allowed::one(Label::Body), PARTLY_KNOWN)),
            (None, Some(share)) if share <= 0.0 => Some((Allowed::plain_junk(), PARTLY_KNOWN)),
            _ => None,
        };
        Some(KindPage {
            allowed: targets.blocks.iter().map(known).collect(),
            page,
            source: example.set.clone(),
            lang: example.lang.clone().unwrap_or_else(|| "en".to_owned()),
            group: example.domain.clone(),
            trusted: true,
        })
    };
    read().into_iter().flat_map(with_text).collect()
}

/// A page and the same as text.
fn with_text(page: KindPage) -> Vec<KindPage> {
    let whole = page.allowed.iter().all(Option::is_some);
    if page.page.source().media == Media::Text || !whole {
        return vec![page];
    }
    let targets = (0..page.allowed.len()).map(|at| at as f32).collect();
    let sample = Sample::new("", page.page.clone(), targets, 0, 1.0);
    let text = sample.as_text(None).map(|text| KindPage {
        allowed: text.targets.iter().map(|at| page.allowed.get(*at as usize).copied().flatten()).collect(),
        page: text.page,
        source: page.source.clone(),
        lang: page.lang.clone(),
        group: page.group.clone(),
        trusted: true,
    });
    text.into_iter().chain([page]).collect()
}

fn of_row(row: &PageRow) -> Vec<KindPage> {
    let read = |content: &String, media: Media| {
        let document = Document::html(content.as_str()).with_media(media).with_charset("utf-8");
        let page = Page::read(&document, &Limits::default());
        KindPage {
            allowed: aligned(&page, &row.blocks),
            page,
            source: format!("pages:{}", row.label),
            lang: row.lang.clone(),
            group: row.group.clone(),
            trusted: true,
        }
    };
    let html = row.html.iter().map(|html| read(html, Media::Html));
    html.chain(row.text.iter().map(|text| read(text, Media::Text))).collect()
}

/// What the blocks of a page are by their texts: each labelled text is looked for behind the last one found.
fn aligned(page: &Page, known: &[(String, Allowed)]) -> Vec<Option<(Allowed, f32)>> {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let known: Vec<(String, Allowed)> = known.iter().map(|(text, allowed)| (bare(text), *allowed)).collect();
    let mut next = 0;
    let find = |text: &str| {
        let text = bare(text);
        let ahead = known.iter().enumerate().skip(next).find(|(_, (known, _))| known.contains(&text));
        let (at, (_, allowed)) = ahead?;
        next = at;
        (!text.is_empty()).then_some((*allowed, 0.5))
    };
    page.blocks().map(|block| block.text()).map(find).collect()
}

struct Run<'a> {
    options: KindOptions,
    body: &'a Filter,
    pages: Vec<KindPage>,
    texts: Vec<TextRow>,
}

/// First models: without each fold, and on everything.
struct Words {
    without: Vec<KindModel>,
    all: KindModel,
}

impl Run<'_> {
    fn fold(&self, group: &str) -> usize {
        (xxh3_64_with_seed(group.as_bytes(), self.options.seed) % self.options.folds as u64) as usize
    }

    /// Adds pages with spam in them, each of lines of its own fold.
    fn inject(&mut self) {
        for fold in 0..self.options.folds {
            let rows = self.texts.iter().filter(|row| self.fold(&row.group) == fold);
            let mut injector = Injector::new(rows, self.options.seed.wrapping_add(fold as u64));
            let clean = self
                .pages
                .iter()
                .filter(|page| self.fold(&page.group) == fold && !page.source.starts_with("pages:"));
            let made: Vec<KindPage> = clean.filter_map(|page| injector.page(page)).collect();
            self.pages.extend(made);
        }
    }

    fn fit(&self, tell: &(dyn Fn(&str) + Sync)) -> Result<TrainedKinds, String> {
        let (table, folds) = self.words_table();
        tell(&format!("kinds: fitting words on {} texts", table.len()));
        let words = self.fit_words(&table, &folds);
        drop(table);
        tell("kinds: fitting what stands around them");
        let (table, folds, mut outcomes) = self.context_table(&words);
        let context = |without: Option<usize>| {
            rounded(softmax::fit(
                &table,
                &rows_but(&folds, without),
                Fit { seed: self.options.seed, ..AROUND },
            ))
        };
        let without: Vec<Softmax> =
            (0..self.options.folds).into_par_iter().map(|fold| context(Some(fold))).collect();
        for (row, outcome) in outcomes.iter_mut().enumerate() {
            let model = folds.get(row).and_then(|fold| without.get(*fold));
            outcome.probabilities =
                model.map(|model| model.probabilities(&table.values(row, CONTEXT_COLUMNS)));
        }
        let calibration = label_calibration(&outcomes)?;
        tell("kinds: fitting pages");
        let (pages, figures) = spam::fit(&self.spam_rows(&words, &without), self.options.folds, tell)?;
        let mut header = words.all.header.clone();
        (header.pages, header.page_columns) = (pages, PAGE_SIGNS.map(str::to_owned).to_vec());
        header.label_calibration = calibration;
        header.metrics.insert("pages".to_owned(), figures);
        self.describe(&mut header);
        let model = words.all.with_context(header, context(None));
        Ok(TrainedKinds { model, outcomes }.with_figures())
    }

    /// The grams of all texts, and of some blocks of all pages.
    fn words_table(&self) -> (Table, Vec<usize>) {
        let (mut table, mut folds) = (Table::default(), Vec::new());
        let (mut grams, mut bag) = (Grams::default(), Vec::new());
        let mut add = |text: &str, allowed: Allowed, weight: f32, fold: usize| {
            grams.read(text, &mut bag);
            let value = gram_scale(bag.len());
            table.add(bag.iter().map(|gram| (gram >> (32 - SLOT_BITS), value)), allowed, weight);
            folds.push(fold);
        };
        for row in &self.texts {
            add(&row.text, row.allowed, row.weight, self.fold(&row.group));
        }
        for page in &self.pages {
            let fold = self.fold(&page.group);
            let most = if page.lang.starts_with("zh") { MOST_CHINESE } else { MOST_BLOCKS };
            let step = page.allowed.len() / most + 1;
            for (block, allowed) in page.page.blocks().zip(&page.allowed).step_by(step) {
                if let Some((allowed, weight)) = allowed {
                    add(block.text(), *allowed, *weight, fold);
                }
            }
        }
        table.balance();
        (table, folds)
    }

    fn fit_words(&self, table: &Table, folds: &[usize]) -> Words {
        let fit = |without: Option<usize>| {
            let Fitted { weights, biases } =
                softmax::fit(table, &rows_but(folds, without), Fit { seed: self.options.seed, ..WORDS });
            let header = KindHeader {
                task: "kinds".to_owned(),
                labels: Label::ALL.iter().map(|label| label.as_str().to_owned()).collect(),
                schema: kinds_schema(),
                biases: biases.to_vec(),
                columns: context_columns(),
                ..KindHeader::default()
            };
            KindModel::new(header, &weights, Softmax::default())
        };
        let mut all: Vec<KindModel> = (0..=self.options.folds)
            .into_par_iter()
            .map(|fold| fit((fold < self.options.folds).then_some(fold)))
            .collect();
        let last = all.pop();
        Words { all: last.unwrap_or_else(|| fit(None)), without: all }
    }

    /// The numbers of blocks and of some single texts, scored by models that saw nothing of their group.
    fn context_table(&self, words: &Words) -> (Table, Vec<usize>, Vec<KindOutcome>) {
        let step = self.texts.len() / MOST_TEXTS + 1;
        let texts = self.texts.par_iter().step_by(step).map(|row| {
            let document = Document::html(row.text.as_str()).with_media(Media::Text).with_charset("utf-8");
            let page = Page::read(&document, &Limits::default());
            let blocks = page.blocks().len();
            KindPage {
                allowed: vec![Some((row.allowed, row.weight)); blocks],
                page,
                source: row.source.clone(),
                lang: row.lang.clone(),
                group: row.group.clone(),
                trusted: row.weight >= TRUSTED,
            }
        });
        let texts: Vec<KindPage> = texts.collect();
        let measured: Vec<_> = self
            .pages
            .par_iter()
            .chain(texts.par_iter())
            .map(|page| self.context_rows(page, words))
            .collect();
        let (mut table, mut folds, mut outcomes) = (Table::default(), Vec::new(), Vec::new());
        for (page, rows) in self.pages.iter().chain(&texts).zip(measured) {
            for (inputs, outcome, weight) in rows {
                let items = inputs.iter().enumerate().filter(|(_, value)| **value != 0.0);
                table.add(items.map(|(at, value)| (at as u32, *value)), outcome.allowed, weight);
                folds.push(self.fold(&page.group));
                outcomes.push(outcome);
            }
        }
        table.balance();
        (table, folds, outcomes)
    }

    /// The numbers of pages, from models that saw nothing of their group.
    fn spam_rows(&self, words: &Words, contexts: &[Softmax]) -> Vec<SpamRow> {
        let row = |page: &KindPage| -> Option<SpamRow> {
            let fold = self.fold(&page.group);
            let (words, context) = (words.without.get(fold)?, contexts.get(fold)?);
            let (measured, body, by_words) = self.scored(page, words);
            let scored = Scored { page: &page.page, measured: &measured, body: &body, corrected: None };
            let inputs = naming_inputs(scored, &by_words);
            let probabilities = inputs.iter().map(|inputs| context.probabilities(inputs)).collect();
            let naming = Naming::new(by_words, probabilities);
            let selves = Selves::of(&page.page, &naming, words);
            let has = |label: Label| {
                page.allowed.iter().flatten().any(|(allowed, _)| allowed.only() == Some(label))
            };
            Some(SpamRow {
                inputs: SCORED
                    .iter()
                    .map(|kind| spam_inputs(scored, &naming, &selves, *kind).to_vec())
                    .collect(),
                truth: spam::truth(&page.source, has),
                fold,
                chinese: page.lang.starts_with("zh"),
            })
        };
        self.pages.par_iter().filter_map(row).collect()
    }

    /// A page's numbers, probabilities of main content and what its words say.
    fn scored(&self, page: &KindPage, words: &KindModel) -> (Measured, Vec<f32>, Vec<Probabilities>) {
        let mut measured = measure(&page.page);
        let (body, _) = self.body.probabilities(&page.page, &mut measured);
        (measured, body, naming_words(&page.page, words))
    }

    fn context_rows(&self, page: &KindPage, words: &Words) -> Vec<(Vec<f32>, KindOutcome, f32)> {
        let model = words.without.get(self.fold(&page.group)).unwrap_or(&words.all);
        let (measured, body, by_words) = self.scored(page, model);
        let scored = Scored { page: &page.page, measured: &measured, body: &body, corrected: None };
        let inputs = naming_inputs(scored, &by_words);
        let step = page.allowed.len() / MOST_BLOCKS + 1;
        let rows = inputs.into_iter().zip(by_words).zip(&page.allowed).step_by(step);
        let rows = rows.filter_map(|((inputs, by_words), allowed)| {
            let (allowed, weight) = (*allowed)?;
            let outcome = KindOutcome {
                source: page.source.clone(),
                lang: page.lang.clone(),
                allowed,
                trusted: page.trusted,
                is_text: page.page.source().media == Media::Text,
                by_words,
                probabilities: None,
            };
            Some((inputs, outcome, weight))
        });
        rows.collect()
    }

    fn describe(&self, header: &mut KindHeader) {
        let note = &mut header.training;
        note.insert("folds".to_owned(), format!("{} by page, domain or text", self.options.folds));
        note.insert("seed".to_owned(), self.options.seed.to_string());
        let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
        let pages = self.pages.iter().map(|page| page.source.as_str());
        for source in self.texts.iter().map(|row| row.source.as_str()).chain(pages) {
            *sources.entry(source).or_default() += 1;
        }
        let sources: Vec<String> = sources.iter().map(|(name, rows)| format!("{name} {rows}")).collect();
        note.insert("sources".to_owned(), sources.join(", "));
        note.insert("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    }
}

/// The rows of all folds but one, or of all.
fn rows_but(folds: &[usize], without: Option<usize>) -> Vec<u32> {
    let rows = (0u32..).zip(folds).filter(|(_, fold)| Some(**fold) != without);
    rows.map(|(row, _)| row).collect()
}

/// The fitted rows with the biases as the last.
fn rounded(fitted: Fitted) -> Softmax {
    let mut rows = fitted.weights;
    rows.push(fitted.biases);
    Softmax::new(rows)
}

impl TrainedKinds {
    /// How well labels are told by everything, out of fold: of blocks and texts with one label that can be relied upon.
    pub fn confusion(&self) -> Confusion {
        confusion(self.known().filter_map(|(outcome, label)| Some((label, outcome.probabilities?))))
    }

    /// The same by their words alone.
    pub fn confusion_of_words(&self) -> Confusion {
        confusion(self.known().map(|(outcome, label)| (label, outcome.by_words)))
    }

    /// How far the probability of the likeliest label can be trusted, out of fold, by language.
    pub fn reliability(&self) -> Vec<(String, Reliability)> {
        let languages = [("Chinese", "zh"), ("English", "en")];
        let of = |prefix: &str| {
            let known = self.known().filter(|(outcome, _)| outcome.lang.starts_with(prefix));
            let said = known.filter_map(|(outcome, label)| {
                let (given, inputs) = outcome.said()?;
                Some((self.model.header.label_calibration.probability(&inputs), given == label))
            });
            Reliability::of(said)
        };
        languages.into_iter().map(|(name, prefix)| (format!("labels, {name}"), of(prefix))).collect()
    }

    fn known(&self) -> impl Iterator<Item = (&KindOutcome, Label)> {
        let trusted = self.outcomes.iter().filter(|outcome| outcome.trusted);
        trusted.filter_map(|outcome| Some((outcome, outcome.allowed.only()?)))
    }

    /// Writes the figures into the header, rounded so that the text stays readable.
    fn with_figures(mut self) -> Self {
        let rounded = |figure: f64| (figure * 1e4).round() / 1e4;
        let mut metrics = BTreeMap::new();
        for (name, confusion) in
            [("labels", self.confusion()), ("labels by words", self.confusion_of_words())]
        {
            let mut figures: BTreeMap<String, f64> = BTreeMap::new();
            for label in confusion.labels() {
                figures.insert(format!("{label} f1"), rounded(confusion.figures(label).f1));
            }
            figures.insert("macro_f1".to_owned(), rounded(confusion.macro_f1()));
            figures.insert("blocks".to_owned(), confusion.total() as f64);
            metrics.insert(name.to_owned(), figures);
        }
        for (name, found) in self.reliability() {
            let figures = [("ece", found.ece), ("brier", found.brier), ("blocks", found.count as f64)];
            metrics.insert(name, figures.map(|(name, figure)| (name.to_owned(), rounded(figure))).into());
        }
        self.model.header.metrics.extend(metrics);
        self
    }
}

impl KindOutcome {
    /// The likeliest label, and the numbers that its probability is calibrated by.
    fn said(&self) -> Option<(Label, [f32; 7])> {
        let (label, p) = likeliest(&self.probabilities?);
        Some((label, label_calibration_inputs(p, label.is_body(), self.lang.starts_with("zh"), self.is_text)))
    }
}

/// Fits how the likeliest label's probability becomes the chance that it is right, on what models said that saw
/// nothing of the block's group.
fn label_calibration(outcomes: &[KindOutcome]) -> Result<Logistic, String> {
    let known = outcomes.iter().filter_map(|outcome| {
        let (given, inputs) = outcome.said()?;
        Some((inputs.to_vec(), outcome.allowed.only()? == given))
    });
    let (rows, right): (Vec<Vec<f32>>, Vec<bool>) = known.unzip();
    if right.iter().all(|right| *right) || !right.contains(&true) {
        // The probability as it is: the first number is its log-odds.
        let weights = (0..LABEL_CALIBRATION.len()).map(|at| if at == 0 { 1.0 } else { 0.0 }).collect();
        return Ok(Logistic { intercept: 0.0, weights });
    }
    logistic::fit(&rows, &right, 0.01)
}

fn confusion(said: impl Iterator<Item = (Label, Probabilities)>) -> Confusion {
    let mut confusion = Confusion::default();
    said.for_each(|(label, p)| confusion.add(label, likeliest(&p).0));
    confusion
}

fn likeliest(p: &Probabilities) -> (Label, f32) {
    let said = Label::ALL.iter().copied().zip(p.iter().copied()).max_by(|a, b| a.1.total_cmp(&b.1));
    said.unwrap_or((Label::Body, 0.0))
}

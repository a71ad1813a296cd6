//! Labelled texts and pages → the models of kinds.
//!
//! The first model reads words. The second looks at what the first says of a block and of the blocks around it, at
//! the rules, the body model and the place; it learns from what first models say that saw nothing of the block's
//! group (page, domain or text), as it will meet unknown pages.

use super::dataset::{Dataset, Example};
use super::injected::Injector;
use super::logistic;
use super::page_kinds::{self, Known, PageWords};
use super::rows::{PageRow, TextRow};
use super::run::{Folded, Options, counted, figures, notes, rounded};
use super::samples::{Sample, text_page};
use super::softmax::{self, Fit, Fitted, Table};
use super::spam::{self, SpamRow};
use super::split::fold_of;
use crate::classify::{
    Bags, CONTEXT_COLUMNS, Decided, Filter, Found, Label, Naming, Probabilities, SPAM, Scored, Selves,
    empty_inputs, naming_inputs, naming_words, page_kind_inputs, spam_inputs,
};
use crate::eval::{Confusion, MarkedPage, Reliability, Truth, kinds_of};
use crate::features::vectors::LabelCalibration;
use crate::features::{Grams, Measured, PageGrams, measure};
use crate::model::{KINDS, KindModel, Kinds, Logistic, Softmax, Words, gram_scale};
use crate::page::{Limits, Media, Page, registrable_domain};
use rayon::prelude::*;

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
/// Blocks of a page that the calibration of labels learns from, at most.
const MOST_DECISIONS: usize = 100;
/// A block that only its share in the main content is known of counts less than a labelled one.
const PARTLY_KNOWN: f32 = 0.3;

/// How often a row of a rare label counts at most. Spam is left nearly as rare as it is: a false alarm costs more than a
/// miss.
fn most_balance(label: usize) -> f32 {
    if SPAM.iter().any(|spam| *spam as usize == label) { 2.0 } else { 4.0 }
}

/// Texts of at least this weight have labels that can be relied upon.
const TRUSTED: f32 = 0.5;

/// What models that saw nothing of its group made of a block or text.
#[derive(Debug)]
struct Outcome {
    truth: Truth,
    /// Whether its label can be relied upon: not where a class name or the like is all that tells it.
    trusted: bool,
    by_words: Probabilities,
    /// Probabilities by everything, once they are known.
    probabilities: Option<Probabilities>,
}

/// The result of a training run.
#[derive(Debug)]
pub struct TrainedKinds {
    /// The models, fitted on everything.
    pub model: KindModel,
    /// What was made of each labelled block and text out of fold.
    outcomes: Vec<Outcome>,
    /// What was decided about blocks and texts out of fold.
    decisions: Vec<Decision>,
}

/// What models that saw nothing of its group decided about a block, rules and all, and whether that is right.
#[derive(Debug)]
struct Decision {
    inputs: [f32; LabelCalibration::COUNT],
    right: bool,
    lang: String,
}

/// Fits the models of kinds on the pages, texts and rows of a dataset. `body` gives the probabilities of main content.
///
/// # Errors
/// When there is too little to learn from.
pub fn train_kinds(
    dataset: &Dataset,
    body: &Filter,
    options: Options,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<TrainedKinds, String> {
    let lines = lines(&dataset.texts);
    let mut run = Run { options, body, pages: Vec::new(), texts: &dataset.texts, lines };
    tell(&format!("kinds: reading {} pages", dataset.examples.len() + dataset.pages.len()));
    run.pages = dataset.examples.par_iter().flat_map_iter(of_example).collect();
    run.pages.par_extend(dataset.pages.par_iter().map(of_row));
    run.pages.retain(|page| !page.truths.is_empty());
    run.inject();
    run.pages.par_extend(dataset.written.par_iter().filter_map(|page| of_marked(page, WRITTEN)));
    run.pages.par_extend(dataset.found.par_iter().filter_map(|page| of_marked(page, FOUND)));
    let least = 10 * options.folds;
    if run.texts.len() + run.pages.len() < least {
        return Err(format!("expected at least {least} labelled lines or pages to tell kinds, found fewer"));
    }
    run.fit(tell)
}

/// A page whose blocks are known, at least in part.
pub(super) struct KindPage {
    pub(super) page: Page,
    /// What each block is, and how much it counts.
    pub(super) truths: Vec<Option<(Truth, f32)>>,
    pub(super) source: String,
    pub(super) lang: String,
    pub(super) group: String,
    pub(super) trusted: bool,
    /// What the page may be as a whole, a bit for each kind; 0 where nothing is known.
    pub(super) kinds: u16,
}

/// The page of an example, and the same as text; none if it cannot be read or its labels do not fit.
fn of_example(example: &Example) -> Vec<KindPage> {
    let Ok((page, targets)) = example.read() else { return Vec::new() };
    let weight = |label: Option<Label>| if label.is_some() { 1.0 } else { PARTLY_KNOWN };
    let known = targets.iter().map(|target| target.truth().map(|truth| (truth, weight(target.label))));
    with_text(KindPage {
        truths: known.collect(),
        page,
        source: example.set.clone(),
        lang: example.lang.clone().unwrap_or_else(|| "en".to_owned()),
        group: example.domain.clone(),
        trusted: true,
        kinds: example.kinds(),
    })
}

/// A page and the same as text.
fn with_text(page: KindPage) -> Vec<KindPage> {
    let whole = page.truths.iter().all(Option::is_some);
    if page.page.source().media == Media::Text || !whole {
        return vec![page];
    }
    let places = (0..page.truths.len()).map(|at| at as f32).collect();
    let sample = Sample::new(page.page.clone(), places, 0, 1.0);
    let text = sample.as_text(None).map(|text| KindPage {
        truths: text.targets.iter().map(|at| page.truths.get(*at as usize).copied().flatten()).collect(),
        page: text.page,
        source: page.source.clone(),
        lang: page.lang.clone(),
        group: page.group.clone(),
        trusted: true,
        kinds: page.kinds,
    });
    text.into_iter().chain([page]).collect()
}

fn of_row(row: &PageRow) -> KindPage {
    let page = Page::read(&row.page.document, &Limits::default());
    KindPage {
        truths: row.truths(&page).into_iter().map(|truth| truth.map(|truth| (truth, 0.5))).collect(),
        page,
        source: format!("pages:{}", row.label),
        lang: row.page.lang.clone().unwrap_or_default(),
        group: row.group.clone(),
        trusted: true,
        kinds: kinds_of(&row.label),
    }
}

/// A page of which only its kind is known.
fn of_marked(marked: &MarkedPage, from: &str) -> Option<KindPage> {
    let document = marked.document()?;
    let page = Page::read(document, &Limits::default());
    let domain = document.url().and_then(registrable_domain);
    let truths = vec![None; page.blocks().len()];
    Some(KindPage {
        page,
        truths,
        source: format!("{from}{}:{}", marked.set, marked.label),
        lang: marked.lang.clone().unwrap_or_default(),
        group: domain.unwrap_or_else(|| marked.id.clone()),
        trusted: false,
        kinds: marked.kinds(),
    })
}

/// What the sources of pages start with of which only their kind is known.
pub(super) const WRITTEN: &str = "pages:written:";
/// The same of pages that were found, and not written for training.
pub(super) const FOUND: &str = "pages:found:";

struct Run<'a> {
    options: Options,
    body: &'a Filter,
    pages: Vec<KindPage>,
    texts: &'a [TextRow],
    /// Some of the texts as pages.
    lines: Vec<KindPage>,
}

/// What models that saw nothing of its group make of a page.
struct Judged {
    spam: SpamRow,
    kind: Option<Known>,
    decisions: Vec<Decision>,
}

/// Some texts as pages of their own.
fn lines(texts: &[TextRow]) -> Vec<KindPage> {
    let line = |row: &TextRow| {
        let page = text_page(row.text.clone());
        let blocks = page.blocks().len();
        KindPage {
            truths: vec![Some((row.truth, row.weight)); blocks],
            page,
            source: row.source.clone(),
            lang: row.lang.clone(),
            group: row.group.clone(),
            trusted: row.weight >= TRUSTED,
            kinds: 0,
        }
    };
    texts.par_iter().step_by(texts.len() / MOST_TEXTS + 1).map(line).collect()
}

impl Run<'_> {
    fn fold(&self, group: &str) -> usize {
        fold_of(group, self.options.folds, self.options.seed)
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
        let Options { folds, seed, .. } = self.options;
        let table = self.words_table();
        tell(&format!("kinds: fitting words on {} texts", table.len()));
        let words = Folded::fit(folds, |without| words_model(&table, without, seed));
        drop(table);
        tell("kinds: fitting what stands around them");
        let (table, mut outcomes) = self.context_table(&words);
        let context = Folded::fit(folds, |without| {
            in_eight_bits(softmax::fit(&table, without, Fit { seed, ..AROUND }))
        });
        for (row, outcome) in outcomes.iter_mut().enumerate() {
            let values = table.values(row, CONTEXT_COLUMNS);
            outcome.probabilities = Some(context.without(table.fold(row)).probabilities(&values));
        }
        tell("kinds: fitting pages");
        let bags =
            |page: &KindPage| (page.kinds != 0).then(|| Bags::of(&page.page, &PageGrams::of(&page.page)));
        let bags: Vec<Option<Bags>> = self.pages.par_iter().map(bags).collect();
        let page_words = page_kinds::words(&self.pages, &bags, self.options);
        let judged = |page: &KindPage, bags: Option<&Bags>| {
            self.judged(page, &words, &context, page_words.as_ref().zip(bags))
        };
        let with_bags = self.pages.par_iter().zip(&bags);
        let judged_pages: Vec<Judged> = with_bags.map(|(page, bags)| judged(page, bags.as_ref())).collect();
        let (mut spam, mut decisions, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
        for judged in judged_pages {
            spam.push(judged.spam);
            decisions.push(judged.decisions);
            kinds.extend(judged.kind);
        }
        let of_lines = self.lines.par_iter().flat_map_iter(|line| judged(line, None).decisions);
        let decisions: Vec<Decision> =
            decisions.into_iter().flatten().chain(of_lines.collect::<Vec<_>>()).collect();
        let calibration = label_calibration(&decisions)?;
        let (pages, figures) = spam::fit(&spam, folds, tell)?;
        let mut model = words.all;
        if let Some(page_words) = page_words {
            tell("kinds: fitting what a page is as a whole");
            let (page, figures) = page_kinds::fit(page_words.all, &kinds, self.options)?;
            model.part.page = Some(page);
            model.metrics.insert("page kinds".to_owned(), figures);
        }
        (model.part.pages, model.part.context) = (pages, context.all);
        model.part.label_calibration = calibration;
        model.metrics.insert("pages".to_owned(), figures);
        self.describe(&mut model);
        Ok(TrainedKinds { model, outcomes, decisions }.with_figures())
    }

    /// The grams of all texts, and of some blocks of all pages.
    fn words_table(&self) -> Table {
        let (mut table, mut grams, mut bag) = (Table::default(), Grams::default(), Vec::new());
        let mut add = |text: &str, known: (Truth, f32), group: &str| {
            grams.read(text, &mut bag);
            let value = gram_scale(bag.len());
            table.add(
                bag.iter().map(|gram| (gram >> (32 - SLOT_BITS), value)),
                (known.0.bits(), known.1),
                self.fold(group),
            );
        };
        for row in self.texts {
            add(&row.text, (row.truth, row.weight), &row.group);
        }
        for page in &self.pages {
            let most = if page.lang.starts_with("zh") { MOST_CHINESE } else { MOST_BLOCKS };
            let step = page.truths.len() / most + 1;
            for (block, known) in page.page.blocks().zip(&page.truths).step_by(step) {
                if let Some(known) = known {
                    add(block.text(), *known, &page.group);
                }
            }
        }
        table.balance(most_balance);
        table
    }

    /// The numbers of blocks and of some single texts, scored by models that saw nothing of their group.
    fn context_table(&self, words: &Folded<KindModel>) -> (Table, Vec<Outcome>) {
        let measured: Vec<_> = self
            .pages
            .par_iter()
            .chain(self.lines.par_iter())
            .map(|page| self.context_rows(page, words))
            .collect();
        let (mut table, mut outcomes) = (Table::default(), Vec::new());
        for (page, rows) in self.pages.iter().chain(&self.lines).zip(measured) {
            for (inputs, outcome, weight) in rows {
                let items = inputs.iter().enumerate().filter(|(_, value)| **value != 0.0);
                let items = items.map(|(at, value)| (at as u32, *value));
                table.add(items, (outcome.truth.bits(), weight), self.fold(&page.group));
                outcomes.push(outcome);
            }
        }
        table.balance(most_balance);
        (table, outcomes)
    }

    /// What models that saw nothing of its group make of a page: its numbers for the models of pages, and what they decide
    /// about its blocks.
    fn judged(
        &self,
        page: &KindPage,
        words: &Folded<KindModel>,
        contexts: &Folded<Softmax<KINDS>>,
        words_and_bags: Option<(&PageWords, &Bags)>,
    ) -> Judged {
        let fold = self.fold(&page.group);
        let (words, context) = (words.without(fold), contexts.without(fold));
        let (measured, body, by_words) = self.scored(page, words);
        let scored = Scored { page: &page.page, measured: &measured, body: &body, corrected: None };
        let inputs = naming_inputs(scored, &by_words);
        let probabilities = inputs.iter().map(|inputs| context.probabilities(inputs)).collect();
        let naming = Naming::new(by_words, probabilities);
        let selves = Selves::of(&page.page, &naming, words);
        let has = |label: Label| page.truths.iter().flatten().any(|(truth, _)| truth.only() == Some(label));
        let spam_inputs = spam_inputs(scored, &naming, &selves);
        let spam = SpamRow {
            inputs: spam_inputs.map(|inputs| inputs.to_vec()).to_vec(),
            truth: if page.is_marked() {
                spam::truth_of_kinds(page.kinds)
            } else {
                spam::truth(&page.source, has)
            },
            fold,
            chinese: page.lang.starts_with("zh"),
        };
        let kind = words_and_bags.map(|(page_words, bags)| {
            let page_words = page_words.without(fold);
            let empty = empty_inputs(scored, self.body.confidence(scored));
            let (naming, spam) = (&naming, &spam_inputs);
            let found = Found { scored, naming, spam, empty, model: words, host: bags.host() };
            let inputs = page_kind_inputs(&found, &bags.said(page_words));
            Known::new(page, inputs, &page_words.of_grams(&bags.all()), fold)
        });
        Judged { spam, kind, decisions: page.decisions(self.body.decided(scored, naming)) }
    }

    /// A page's numbers, probabilities of main content and what its words say.
    fn scored(&self, page: &KindPage, words: &KindModel) -> (Measured, Vec<f32>, Vec<Probabilities>) {
        let mut measured = measure(&page.page);
        let (body, _) = self.body.probabilities(&page.page, &mut measured);
        (measured, body, naming_words(&PageGrams::of(&page.page), words))
    }

    fn context_rows(&self, page: &KindPage, words: &Folded<KindModel>) -> Vec<(Vec<f32>, Outcome, f32)> {
        let model = words.without(self.fold(&page.group));
        let (measured, body, by_words) = self.scored(page, model);
        let scored = Scored { page: &page.page, measured: &measured, body: &body, corrected: None };
        let inputs = naming_inputs(scored, &by_words);
        let step = page.truths.len() / MOST_BLOCKS + 1;
        let rows = inputs.into_iter().zip(by_words).zip(&page.truths).step_by(step);
        let rows = rows.filter_map(|((inputs, by_words), known)| {
            let (truth, weight) = (*known)?;
            let outcome = Outcome { truth, trusted: page.trusted, by_words, probabilities: None };
            Some((inputs, outcome, weight))
        });
        rows.collect()
    }

    fn describe(&self, model: &mut KindModel) {
        let texts = self.texts.iter().map(|row| row.source.as_str());
        let pages = self.pages.iter().map(|page| page.source.as_str());
        model.training.extend(notes([
            ("folds", format!("{} by page, domain or text", self.options.folds)),
            ("seed", self.options.seed.to_string()),
            ("sources", counted(texts.chain(pages))),
        ]));
    }
}

/// A first model.
fn words_model(table: &Table, without: Option<usize>, seed: u64) -> KindModel {
    let Fitted { weights, biases } = softmax::fit(table, without, Fit { seed, ..WORDS });
    KindModel::of(Kinds::of_words(Words::new(biases, &weights)))
}

/// The fitted rows with the biases as the last.
fn in_eight_bits(fitted: Fitted<KINDS>) -> Softmax<KINDS> {
    let mut rows = fitted.weights;
    rows.push(fitted.biases);
    Softmax { rows }
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

    /// How far the probability of the given label can be trusted, out of fold, by language.
    pub fn reliability(&self) -> Vec<(String, Reliability)> {
        let languages = [("Chinese", "zh"), ("English", "en")];
        let calibration = &self.model.part.label_calibration;
        let of = |prefix: &str| {
            let known = self.decisions.iter().filter(|decision| decision.lang.starts_with(prefix));
            Reliability::of(known.map(|known| (calibration.probability(&known.inputs), known.right)))
        };
        languages.into_iter().map(|(name, prefix)| (format!("labels, {name}"), of(prefix))).collect()
    }

    fn known(&self) -> impl Iterator<Item = (&Outcome, Label)> {
        let trusted = self.outcomes.iter().filter(|outcome| outcome.trusted);
        trusted.filter_map(|outcome| Some((outcome, outcome.truth.only()?)))
    }

    /// Writes the figures into the header, rounded so that the text stays readable.
    fn with_figures(mut self) -> Self {
        let confusions = [("labels", self.confusion()), ("labels by words", self.confusion_of_words())];
        let reliability = self.reliability();
        let metrics = &mut self.model.metrics;
        metrics.extend(confusions.map(|(name, confusion)| {
            let labels = confusion.labels().into_iter();
            let of_label = |label| (format!("{label} f1"), rounded(confusion.figures(label).f1));
            let all = figures([("macro_f1", confusion.macro_f1()), ("blocks", confusion.total() as f64)]);
            (name.to_owned(), labels.map(of_label).chain(all).collect())
        }));
        metrics.extend(reliability.into_iter().map(|(name, found)| {
            let all = [("ece", found.ece), ("brier", found.brier), ("blocks", found.count as f64)];
            (name, figures(all))
        }));
        self
    }
}

impl KindPage {
    /// Whether it is labelled as a whole, and not block by block.
    pub(super) fn is_marked(&self) -> bool {
        self.source.starts_with(WRITTEN) || self.source.starts_with(FOUND)
    }

    /// Which of the labels that its blocks were given are right, as far as that is known: on a page of which only the main
    /// content is known, nobody can say so of junk.
    fn decisions(&self, decided: Vec<Decided>) -> Vec<Decision> {
        let is_whole = self.truths.iter().flatten().all(|(truth, _)| truth.only().is_some());
        let step = decided.len() / MOST_DECISIONS + 1;
        let known = decided.into_iter().zip(&self.truths).step_by(step);
        let known = known.filter(|(decided, _)| self.trusted && (is_whole || decided.label.is_body()));
        let decision = |(Decided { label, inputs }, truth): (Decided, &Option<(Truth, f32)>)| {
            let right = truth.as_ref()?.0.has(label);
            Some(Decision { inputs, right, lang: self.lang.clone() })
        };
        known.filter_map(decision).collect()
    }
}

/// Fits how the probability of the label that is given becomes the chance that it is right.
fn label_calibration(decisions: &[Decision]) -> Result<Logistic, String> {
    let (rows, right): (Vec<Vec<f32>>, Vec<bool>) =
        decisions.iter().map(|decision| (decision.inputs.to_vec(), decision.right)).unzip();
    if right.iter().all(|right| *right) || !right.contains(&true) {
        // The probability as it is: the first number is its log-odds.
        let weights = (0..LabelCalibration::COUNT).map(|at| if at == 0 { 1.0 } else { 0.0 }).collect();
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

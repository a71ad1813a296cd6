//! Sets + a way to predict → a result for each page.

use super::blocks::{BlockPage, BlockSet, Language};
use super::facts::{FactMatches, Facts};
use super::labelled::{LabelledPage, LabelledSet};
use super::metrics::{Prf, ShingleShares, shingle_shares, snippets_found, squash, word_prf};
use super::{GoldPage, GoldSet};
use crate::classify::Report;
use crate::page::Document;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What was predicted for a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prediction {
    /// The body as text.
    pub text: String,
    /// Why there is no prediction; the page then counts as one without text.
    pub error: Option<String>,
    /// What was said of the page's blocks, where the gold knows something of them.
    pub blocks: Option<BlockPage>,
    /// Title, author and date.
    pub facts: Facts,
}

impl Prediction {
    /// What a report says: its body, and of the blocks of which the gold knows something.
    pub fn of_report(report: &Report, page: &GoldPage) -> Self {
        let language = page.language(report.lang());
        let blocks = page.truths(report.page()).map(|truths| BlockPage::new(report, &truths, language));
        Self { text: report.body(), error: None, blocks, facts: Facts::of_report(report) }
    }

    /// A predicted body.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// No prediction, and why.
    pub fn failed(error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..Self::default() }
    }
}

/// What came out for a page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageResult {
    /// The gold page's identifier.
    pub id: String,
    /// The gold page's type.
    pub page_type: String,
    /// Whether the gold is Chinese.
    pub chinese: bool,
    /// What was predicted.
    pub prediction: Prediction,
    /// Word figures, where the gold has a text.
    pub word: Option<Prf>,
    /// Shares of shingles, where the gold has a text.
    pub shingle: Option<ShingleShares>,
    /// `with` snippets found, and how many there are.
    pub with: (usize, usize),
    /// `without` snippets absent, and how many there are.
    pub without: (usize, usize),
    /// How title, author and date compare.
    pub facts: FactMatches,
}

impl PageResult {
    /// Compares a prediction with the gold.
    pub fn new(page: &GoldPage, prediction: Prediction) -> Self {
        let text = prediction.text.as_str();
        let squashed = squash(text);
        let gold = page.text.as_deref();
        Self {
            id: page.id.clone(),
            page_type: page.page_type.clone(),
            chinese: page.is_chinese(),
            word: gold.map(|gold| word_prf(text, gold)),
            shingle: gold.map(|gold| shingle_shares(text, gold)),
            with: (snippets_found(&squashed, &page.with), page.with.len()),
            without: (page.without.len() - snippets_found(&squashed, &page.without), page.without.len()),
            facts: FactMatches::new(&prediction.facts, &page.facts),
            prediction,
        }
    }

    /// Whether nothing was predicted but white space.
    pub fn is_empty(&self) -> bool {
        squash(&self.prediction.text).is_empty()
    }
}

/// The pages of a set with what came out for them, in the set's order.
#[derive(Debug, Clone, PartialEq)]
pub struct SetResult {
    /// The set's name.
    pub name: String,
    /// One result for each page.
    pub pages: Vec<PageResult>,
}

impl SetResult {
    /// The pages of whose blocks something is known; none where there is no such page.
    pub fn blocks(&self) -> Option<BlockSet> {
        let pages: Vec<BlockPage> =
            self.pages.iter().filter_map(|page| page.prediction.blocks.clone()).collect();
        let errors = self.pages.iter().filter(|page| page.prediction.error.is_some()).count();
        (!pages.is_empty()).then(|| BlockSet { name: self.name.clone(), pages, errors })
    }
}

/// How an evaluation is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evaluation {
    threads: Option<NonZeroUsize>,
}

impl Evaluation {
    /// Sets the number of threads (default: as many as the machine runs at once). The results do not depend on
    /// it.
    pub fn with_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Predicts the body of each page of the sets and compares it with the gold. `predict` sees the page's bytes
    /// and, for the sake of upper bounds, the gold; a page whose file cannot be read, or on which `predict`
    /// panics, is one with an error.
    pub fn run<F>(&self, sets: &[GoldSet], predict: F) -> Vec<SetResult>
    where
        F: Fn(&Document, &GoldPage) -> Prediction + Sync,
    {
        let result = |page: &GoldPage| PageResult::new(page, predict_one(page, &predict));
        let run = |set: &GoldSet| SetResult { name: set.name.clone(), pages: self.map(&set.pages, result) };
        sets.iter().map(run).collect()
    }

    /// Judges pages whose blocks are labelled, and compares the labels.
    pub fn run_labelled<F>(&self, sets: &[LabelledSet], judge: F) -> Vec<BlockSet>
    where
        F: Fn(&Document) -> Report + Sync,
    {
        sets.iter().map(|set| self.run_labelled_set(set, &judge)).collect()
    }

    fn run_labelled_set<F>(self, set: &LabelledSet, judge: &F) -> BlockSet
    where
        F: Fn(&Document) -> Report + Sync,
    {
        let compare = |page: &LabelledPage| {
            let report = judge(&page.document);
            let language = Language::of_code(page.lang.as_deref().or(report.lang()));
            let found = BlockPage::new(&report, &page.truths(report.page()), language);
            BlockPage { source: page.source.clone(), ..found }
        };
        let results = self.map(&set.pages, |page| without_panic(|| compare(page)));
        let pages: Vec<BlockPage> = results.into_iter().flatten().collect();
        let errors = set.pages.len() - pages.len();
        BlockSet { name: set.name.clone(), pages, errors }
    }

    /// Does the same to all items on as many threads as wanted; the results stand in the items' order.
    pub(super) fn map<T: Sync, R: Send>(self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::with_capacity(items.len()));
        let run = || {
            while let Some((at, item)) = take_next(&next, items) {
                let result = work(item);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
            }
        };
        thread::scope(|scope| (0..self.thread_count()).for_each(|_| drop(scope.spawn(run))));
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, result)| result).collect()
    }

    fn thread_count(self) -> usize {
        self.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
    }
}

fn take_next<'i, T>(next: &AtomicUsize, items: &'i [T]) -> Option<(usize, &'i T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    items.get(at).map(|item| (at, item))
}

/// What the work gives; none if it panics.
pub(super) fn without_panic<R>(work: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn predict_one<F>(page: &GoldPage, predict: &F) -> Prediction
where
    F: Fn(&Document, &GoldPage) -> Prediction,
{
    let document = match page.document() {
        Ok(document) => document,
        Err(error) => return Prediction::failed(error.to_string()),
    };
    without_panic(|| predict(&document, page))
        .unwrap_or_else(|| Prediction::failed("the prediction panicked"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What comes out for a page of this gold.
    pub(in crate::eval) fn made_page(id: &str, page_type: &str, gold: &str, predicted: &str) -> PageResult {
        let page = GoldPage {
            id: id.to_owned(),
            page_type: page_type.to_owned(),
            text: Some(gold.to_owned()),
            with: vec!["two".to_owned()],
            ..GoldPage::default()
        };
        PageResult::new(&page, Prediction::new(predicted))
    }

    /// A set of three pages and one that failed.
    pub(in crate::eval) fn made_set() -> SetResult {
        let failed = GoldPage { id: "d".to_owned(), page_type: "forum".to_owned(), ..GoldPage::default() };
        let pages = vec![
            made_page("a", "article", "one two", "one two"),
            made_page("b", "forum", "one two three four", "one two"),
            made_page("c", "forum", "一二三四", "一二"),
            PageResult::new(&failed, Prediction::failed("no such file")),
        ];
        SetResult { name: "made".to_owned(), pages }
    }

    fn set(folder: &std::path::Path, pages: usize) -> GoldSet {
        let page = |n: usize| {
            let path = folder.join(format!("{n}.html"));
            std::fs::write(&path, format!("<p>page {n}")).unwrap();
            GoldPage { id: n.to_string(), text: Some(format!("page {n}")), path, ..GoldPage::default() }
        };
        GoldSet { name: "made".to_owned(), pages: (0..pages).map(page).collect() }
    }

    fn without_tags(document: &Document) -> Prediction {
        Prediction::new(String::from_utf8_lossy(document.bytes()).replace("<p>", ""))
    }

    #[test]
    fn results_do_not_depend_on_the_number_of_threads() {
        let dir = tempfile::tempdir().unwrap();
        let set = set(dir.path(), 40);
        let run = |threads| {
            let evaluation = Evaluation::default().with_threads(NonZeroUsize::new(threads).unwrap());
            evaluation.run(std::slice::from_ref(&set), |document, _| without_tags(document))
        };
        let (one, five) = (run(1), run(5));
        assert_eq!(one, five);
        assert!(one[0].pages.iter().all(|page| page.word.is_some_and(|word| word.f1 > 0.99)));
    }

    #[test]
    fn unreadable_pages_and_panics_are_errors_of_their_pages_only() {
        let dir = tempfile::tempdir().unwrap();
        let set = set(dir.path(), 3);
        std::fs::remove_file(&set.pages[0].path).unwrap();
        let results = Evaluation::default().run(&[set], |document, page| {
            assert!(page.id != "1", "a page that kills its worker");
            without_tags(document)
        });
        let errors: Vec<_> = results[0].pages.iter().map(|page| page.prediction.error.as_deref()).collect();
        assert!(errors[0].is_some_and(|error| error.contains("cannot read")), "{errors:?}");
        assert_eq!(&errors[1..], [Some("the prediction panicked"), None]);
        assert!(results[0].pages[1].is_empty());
    }

    #[test]
    fn snippets_are_counted_where_the_gold_has_them() {
        let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let page =
            GoldPage { with: list(&["潮水", "沙子"]), without: list(&["广告"]), ..GoldPage::default() };
        let result = PageResult::new(&page, Prediction::new("潮水来了"));
        assert_eq!((result.with, result.without, result.word), ((1, 2), (1, 1), None));
    }
}

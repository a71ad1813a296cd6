//! Sets + a way to predict → a result for each page.

use super::metrics::{Prf, ShingleShares, shingle_shares, snippets_found, squash, word_prf};
use super::{GoldPage, GoldSet};
use crate::page::Document;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What was predicted for a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prediction {
    /// The body as text.
    pub text: String,
    /// Why there is no prediction; the page then counts as one without text.
    pub error: Option<String>,
}

impl Prediction {
    /// A predicted body.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), error: None }
    }

    /// No prediction, and why.
    pub fn failed(error: impl Into<String>) -> Self {
        Self { text: String::new(), error: Some(error.into()) }
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
        sets.iter().map(|set| self.run_set(set, &predict)).collect()
    }

    fn run_set<F>(self, set: &GoldSet, predict: &F) -> SetResult
    where
        F: Fn(&Document, &GoldPage) -> Prediction + Sync,
    {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::with_capacity(set.pages.len()));
        let work = || {
            while let Some((at, page)) = take_next(&next, &set.pages) {
                let result = PageResult::new(page, predict_one(page, predict));
                done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, result));
            }
        };
        thread::scope(|scope| (0..self.thread_count()).for_each(|_| drop(scope.spawn(work))));
        let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        done.sort_by_key(|(at, _)| *at);
        SetResult { name: set.name.clone(), pages: done.into_iter().map(|(_, result)| result).collect() }
    }

    fn thread_count(self) -> usize {
        self.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
    }
}

fn take_next<'p>(next: &AtomicUsize, pages: &'p [GoldPage]) -> Option<(usize, &'p GoldPage)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    pages.get(at).map(|page| (at, page))
}

fn predict_one<F>(page: &GoldPage, predict: &F) -> Prediction
where
    F: Fn(&Document, &GoldPage) -> Prediction,
{
    let document = match page.document() {
        Ok(document) => document,
        Err(error) => return Prediction::failed(error.to_string()),
    };
    catch_unwind(AssertUnwindSafe(|| predict(&document, page)))
        .unwrap_or_else(|_| Prediction::failed("the prediction panicked"))
}

#[cfg(test)]
mod tests {
    use super::*;

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

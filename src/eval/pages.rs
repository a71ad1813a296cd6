//! Pages that are labelled as a whole, and clean ones → what a report says of each.

use super::files::{each_line, only_first, parse, split_name, wrong};
use super::labelled::Row;
use super::run::{Evaluation, without_panic};
use super::sums::Form;
use super::{GoldPage, GoldSet, Language};
use crate::Result;
use crate::classify::PageKind::{
    self, Adult, Article, Documentation, Doorway, Forum, Gambling, Hijacked, Listing, Mirrored, Other,
    Placeholder, Product, Scam, Spun,
};
use crate::classify::{Finding, Report, Scores, Verdict};
use crate::page::Document;
use std::path::Path;

/// One of a page's scores.
pub type ScoreOf = fn(&Scores) -> f32;

/// The scores that figures are given for, in the order of the tables, with their stable names.
pub const SCORES: [(&str, ScoreOf); 6] = [
    ("ads", |scores| scores.ads),
    ("adult", |scores| scores.adult),
    ("gambling", |scores| scores.gambling),
    ("scam", |scores| scores.scam),
    ("seo", |scores| scores.seo),
    ("empty", |scores| scores.empty),
];

/// What a page's label asks of a report.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) label: &'static str,
    /// What the page may be.
    pub(super) kinds: &'static [PageKind],
    /// Scores that should be high; all scores of a clean page should be low.
    pub(super) high: &'static [&'static str],
    /// The verdict, where one is right.
    pub(super) verdict: Option<Verdict>,
}

const fn expected(
    label: &'static str,
    kinds: &'static [PageKind],
    high: &'static [&'static str],
    verdict: Option<Verdict>,
) -> Expected {
    Expected { label, kinds, high, verdict }
}

/// Content of any type.
const CONTENT: &[PageKind] = &[Article, Forum, Listing, Product, Documentation, Other];

/// What page labels ask for. `clean` and `none` are the clean pages; the others are named as in the sets that are
/// about: by kind of spam, or by what was done to an article that is worth keeping. A score is judged on pages that
/// should have it high and on clean ones; what other labels should get is not known.
const EXPECTED: &[Expected] = &[
    expected("clean", CONTENT, &[], Some(Verdict::Keep)),
    expected("none", CONTENT, &[], Some(Verdict::Keep)),
    expected("clean-article", &[Article], &[], Some(Verdict::Keep)),
    expected("clean-other", &[Forum, Listing, Product, Documentation, Other], &[], Some(Verdict::Keep)),
    expected("article", &[Article], &[], Some(Verdict::Keep)),
    expected("forum", &[Forum], &[], Some(Verdict::Keep)),
    expected("listing", &[Listing], &[], Some(Verdict::Keep)),
    expected("product", &[Product], &[], Some(Verdict::Keep)),
    expected("documentation", &[Documentation], &[], Some(Verdict::Keep)),
    expected("other", &[Other], &[], Some(Verdict::Keep)),
    expected("collection", &[Listing], &[], Some(Verdict::Keep)),
    expected("service", &[Other], &[], Some(Verdict::Keep)),
    expected("adult", &[Adult], &["adult"], Some(Verdict::Drop)),
    expected("adult-site", &[Adult], &["adult"], Some(Verdict::Drop)),
    expected("gambling", &[Gambling], &["gambling"], Some(Verdict::Drop)),
    expected("scam", &[Scam], &["scam"], Some(Verdict::Drop)),
    expected("seo", &[Doorway, Spun], &["seo"], Some(Verdict::Drop)),
    expected("doorway", &[Doorway], &["seo"], Some(Verdict::Drop)),
    expected("seo-doorway", &[Doorway], &["seo"], Some(Verdict::Drop)),
    expected("gambling-doorway", &[Doorway, Gambling], &["gambling", "seo"], Some(Verdict::Drop)),
    expected("spun", &[Spun], &["seo"], Some(Verdict::Drop)),
    expected("spun-or-garbled", &[Spun], &["seo"], Some(Verdict::Drop)),
    expected("promo", &[Doorway, Scam], &[], Some(Verdict::Drop)),
    expected("promo-mail", &[], &[], Some(Verdict::Drop)),
    expected("error", &[Placeholder], &["empty"], Some(Verdict::Drop)),
    expected("placeholder", &[Placeholder], &["empty"], Some(Verdict::Drop)),
    expected("ads", CONTENT, &["ads"], None),
    expected("adslots", CONTENT, &["ads"], Some(Verdict::Keep)),
    expected("tail", CONTENT, &["adult"], Some(Verdict::Keep)),
    expected("hidden", CONTENT, &["seo"], Some(Verdict::Keep)),
    expected("hijack", &[Hijacked], &["gambling"], Some(Verdict::Review)),
    expected("gambling-hijack", &[Hijacked, Gambling], &["gambling"], Some(Verdict::Review)),
    expected("hijacked", &[Hijacked], &[], Some(Verdict::Review)),
    expected("mirror", &[Mirrored], &["adult", "seo"], Some(Verdict::Review)),
    expected("mirrored", &[Mirrored], &[], Some(Verdict::Review)),
    expected("mirror-noise", &[Mirrored], &["seo"], Some(Verdict::Review)),
    expected("hacked-adult", &[Hijacked, Mirrored], &["adult", "seo"], Some(Verdict::Review)),
];

impl Expected {
    /// Whether such a page is clean.
    pub(super) fn is_clean(&self) -> bool {
        self.high.is_empty() && self.verdict == Some(Verdict::Keep)
    }
}

/// What a page of that label asks for.
pub(super) fn expectation(label: &str) -> Result<&'static Expected, String> {
    EXPECTED.iter().find(|expected| expected.label == label).ok_or_else(|| {
        let known: Vec<&str> = EXPECTED.iter().map(|expected| expected.label).collect();
        format!("unknown page label `{label}`; known are {}", known.join(", "))
    })
}

/// What a page of that label may be, a bit for each kind in the order of [`PageKind::ALL`]; 0 for an unknown one.
#[cfg(feature = "train")]
pub(crate) fn kinds_of(label: &str) -> u16 {
    let kinds = expectation(label).map_or(&[][..], |expected| expected.kinds);
    kinds.iter().fold(0, |bits, kind| bits | 1 << *kind as u16)
}

/// Pages with a label for the page as a whole.
#[derive(Debug, Clone)]
pub struct PageSet {
    /// The file's or folder's name.
    pub name: String,
    /// Its pages, in their order.
    pub pages: Vec<MarkedPage>,
}

/// A page with a label for the page as a whole.
#[derive(Debug, Clone)]
pub struct MarkedPage {
    /// Identifier: the row's `id`, else the line's number.
    pub id: String,
    /// The name of its set.
    pub set: String,
    /// What the page is.
    pub label: String,
    /// Its language as the row gives it.
    pub lang: Option<String>,
    /// The verdict that a reader gave it, where the row says one; else what its label asks for.
    pub verdict: Option<Verdict>,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Here(Document),
    File(Box<GoldPage>),
}

impl PageSet {
    /// Opens JSON lines of `{html or text, label}`, also `id` and `url`, also compressed with gzip. A row with `html`
    /// and `text` is judged as HTML.
    pub fn open(path: &Path) -> Result<Self> {
        Self::read(path, None)
    }

    /// Opens pages that are all clean: JSON lines as [`PageSet::open`] takes them, whatever their labels are, or a
    /// folder that [`GoldSet::open`] knows. Pages whose gold says that they have no main content are left out.
    pub fn open_clean(path: &Path) -> Result<Self> {
        if !path.is_dir() {
            return Self::read(path, Some("clean"));
        }
        let set = GoldSet::open(path)?;
        let is_empty = |page: &GoldPage| page.text.as_deref().is_some_and(|text| text.trim().is_empty());
        let pages = set.pages.into_iter().filter(|page| !is_empty(page)).map(|page| MarkedPage {
            id: page.id.clone(),
            set: set.name.clone(),
            label: "clean".to_owned(),
            lang: page.lang.clone(),
            verdict: Some(Verdict::Keep),
            content: Content::File(Box::new(page)),
        });
        let pages = pages.collect();
        Ok(Self { name: set.name, pages })
    }

    fn read(path: &Path, label: Option<&str>) -> Result<Self> {
        let set = split_name(path).0;
        let marked = |number, line: &str| {
            let row: Row = parse(line)?;
            let label = label.or(row.label.as_deref()).ok_or("expected a `label`, found none")?.to_owned();
            let expected = expectation(&label)?;
            let verdict = row.keep.as_deref().map(verdict).transpose()?.or(expected.verdict);
            let document = row.documents(number)?.swap_remove(0);
            let (id, content) = (document.id().to_owned(), Content::Here(document));
            Ok(MarkedPage { id, set: set.clone(), label, lang: row.lang, verdict, content })
        };
        let pages = each_line(path, marked).map_err(only_first)?;
        if pages.is_empty() {
            return Err(wrong(path, 0, "the set has no page"));
        }
        Ok(Self { name: set, pages })
    }
}

/// The verdict of a name.
fn verdict(name: &str) -> Result<Verdict, String> {
    let known = [Verdict::Keep, Verdict::Review, Verdict::Drop];
    let found = known.into_iter().find(|verdict| verdict.as_str() == name);
    found.ok_or_else(|| format!("unknown verdict `{name}`; known are keep, review, drop"))
}

impl MarkedPage {
    /// The page's kinds that are right, a bit for each in the order of [`PageKind::ALL`]; 0 where nothing is known.
    #[cfg(feature = "train")]
    pub(crate) fn kinds(&self) -> u16 {
        kinds_of(&self.label)
    }

    /// The page; none for one that stands in a folder.
    #[cfg(feature = "train")]
    pub(crate) fn document(&self) -> Option<&Document> {
        match &self.content {
            Content::Here(document) => Some(document),
            Content::File(_) => None,
        }
    }

    fn judged(&self, judge: impl Fn(&Document) -> Report) -> MarkedResult {
        let said = |document: &Document| self.said(document, &judge);
        let said = match &self.content {
            Content::Here(document) => said(document),
            Content::File(page) => {
                page.document().map_err(|error| error.to_string()).and_then(|document| said(&document))
            }
        };
        MarkedResult { id: self.id.clone(), label: self.label.clone(), wanted: self.verdict, said }
    }

    fn said(&self, document: &Document, judge: impl Fn(&Document) -> Report) -> Result<Said, String> {
        let report = without_panic(|| judge(document)).ok_or("the page could not be judged")?;
        let language = Language::of_code(self.lang.as_deref().or(report.lang()));
        let form = Form::of(document, report.page().source().media);
        Ok(Said::new(&report, language, form))
    }
}

/// What a report said of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The verdict.
    pub verdict: Verdict,
    /// The scores.
    pub scores: Scores,
    /// What the page was taken for as a whole, and the probability of that; none without a model that tells.
    pub kind: Option<(PageKind, f32)>,
    /// The page's language: what its row says, else what its body is in.
    pub language: Language,
    /// What the page came in as.
    pub form: Form,
    /// The findings: the decision that each speaks of, and `NAME +WEIGHT: TEXT`.
    pub reasons: Vec<(String, String)>,
    /// The finding with the most weight of those that speak of the verdict.
    pub strongest: Option<String>,
}

impl Said {
    fn new(report: &Report, language: Language, form: Form) -> Self {
        let reasons = report.reasons().iter().map(|found| (found.of.to_owned(), told(found))).collect();
        let of_verdict = report.reasons().iter().filter(|found| found.of == "verdict");
        // The first of those that weigh the same.
        let strongest = of_verdict.rev().max_by(|a, b| a.weight.abs().total_cmp(&b.weight.abs())).map(told);
        let (verdict, scores, kind) = (report.verdict(), report.scores(), report.kind());
        Self { verdict, scores, kind, language, form, reasons, strongest }
    }
}

/// A finding for people.
fn told(found: &Finding) -> String {
    format!("{} {:+.1}: {}", found.reason, found.weight, found.text)
}

/// What came out for a labelled page.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedResult {
    /// The page's identifier.
    pub id: String,
    /// What the page is.
    pub label: String,
    /// The verdict that is right: a reader's, else what the label asks for; none where nobody says.
    pub wanted: Option<Verdict>,
    /// What was said of it, or why nothing was.
    pub said: Result<Said, String>,
}

/// What came out for labelled and clean pages.
#[derive(Debug, Clone, PartialEq)]
pub struct PageResults {
    /// Scores from here on count as a finding, 0 to 1.
    pub threshold: f32,
    /// Each set with its pages.
    pub sets: Vec<(String, Vec<MarkedResult>)>,
}

/// From where on a score counts as a finding: a calibrated probability says here that it is more likely than not.
pub const THRESHOLD: f32 = 0.5;

impl Evaluation {
    /// Judges pages that are labelled as a whole.
    pub fn run_pages<F>(&self, sets: &[PageSet], threshold: f32, judge: F) -> PageResults
    where
        F: Fn(&Document) -> Report + Sync,
    {
        let run = |set: &PageSet| (set.name.clone(), self.map(&set.pages, |page| page.judged(&judge)));
        PageResults { threshold, sets: sets.iter().map(run).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn labelled_pages_are_read_and_clean_ones_need_no_label() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pages.jsonl");
        fs::write(
            &path,
            "{\"html\":\"<p>a\",\"text\":\"a\",\"label\":\"hijack\"}\n{\"text\":\"b\",\"label\":\"none\"}\n",
        )
        .unwrap();
        let set = PageSet::open(&path).unwrap();
        let labels: Vec<_> = set.pages.iter().map(|page| page.label.as_str()).collect();
        assert_eq!((labels, set.name.as_str()), (vec!["hijack", "none"], "pages"));
        assert!(PageSet::open_clean(&path).unwrap().pages.iter().all(|page| page.label == "clean"));
        fs::write(&path, "{\"text\":\"b\",\"label\":\"fine\"}\n").unwrap();
        let error = PageSet::open(&path).unwrap_err().to_string();
        assert!(error.contains(":1: unknown page label `fine`; known are clean"), "{error}");
        fs::write(&path, "{\"text\":\"b\"}\n").unwrap();
        assert!(PageSet::open(&path).unwrap_err().to_string().contains("expected a `label`"));
        assert_eq!(PageSet::open_clean(&path).unwrap().pages.len(), 1);
    }

    #[test]
    fn pages_ask_for_scores_that_there_are() {
        let asked = EXPECTED.iter().flat_map(|expected| expected.high);
        assert!(asked.into_iter().all(|high| SCORES.iter().any(|(name, _)| name == high)));
    }

    #[test]
    fn a_folder_of_gold_pages_is_clean_but_for_those_without_main_content() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("html")).unwrap();
        for id in ["a", "b"] {
            fs::write(dir.path().join(format!("html/{id}.html")), "<p>Bees").unwrap();
        }
        let gold = "{\"id\":\"a\",\"text\":\"Bees\"}\n{\"id\":\"b\",\"text\":\" \"}\n";
        fs::write(dir.path().join("gold.jsonl"), gold).unwrap();
        let set = PageSet::open_clean(dir.path()).unwrap();
        assert_eq!(set.pages.iter().map(|page| page.id.as_str()).collect::<Vec<_>>(), ["a"]);
        let filter = crate::Filter::builtin();
        let found = Evaluation::default().run_pages(&[set], THRESHOLD, |document| filter.check(document));
        assert!(found.sets[0].1[0].said.is_ok());
    }
}

//! Labelled pages and clean ones + what a report says of them → figures of the page's scores, false alarms.

use super::gold::{read_text, wrong};
use super::labelled::split_name;
use super::run::{Evaluation, without_panic};
use super::{GoldPage, GoldSet};
use crate::classify::{Report, Scores, Verdict};
use crate::page::Document;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The scores that figures are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PageScore {
    /// [`Scores::ads`].
    Ads,
    /// [`Scores::adult`].
    Adult,
    /// [`Scores::gambling`].
    Gambling,
    /// [`Scores::scam`].
    Scam,
    /// [`Scores::seo`].
    Seo,
    /// [`Scores::empty`].
    Empty,
}

impl PageScore {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 6] =
        [Self::Ads, Self::Adult, Self::Gambling, Self::Scam, Self::Seo, Self::Empty];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ads => "ads",
            Self::Adult => "adult",
            Self::Gambling => "gambling",
            Self::Scam => "scam",
            Self::Seo => "seo",
            Self::Empty => "empty",
        }
    }

    /// This score of a page.
    pub fn of(self, scores: &Scores) -> f32 {
        match self {
            Self::Ads => scores.ads,
            Self::Adult => scores.adult,
            Self::Gambling => scores.gambling,
            Self::Scam => scores.scam,
            Self::Seo => scores.seo,
            Self::Empty => scores.empty,
        }
    }
}

/// What a page's label asks of a report.
#[derive(Debug)]
struct Expected {
    label: &'static str,
    /// Scores that should be high; all scores of a clean page should be low.
    high: &'static [PageScore],
    /// The verdict, where one is right.
    verdict: Option<Verdict>,
}

const fn expected(label: &'static str, high: &'static [PageScore], verdict: Option<Verdict>) -> Expected {
    Expected { label, high, verdict }
}

/// What page labels ask for. `clean` and `none` are the clean pages; the others are named as in the sets that are
/// about: by kind of spam, or by what was done to an article that is worth keeping. A score is judged on pages that
/// should have it high and on clean ones; what other labels should get is not known.
const EXPECTED: &[Expected] = &[
    expected("clean", &[], Some(Verdict::Keep)),
    expected("none", &[], Some(Verdict::Keep)),
    expected("adult", &[PageScore::Adult], Some(Verdict::Drop)),
    expected("gambling", &[PageScore::Gambling], Some(Verdict::Drop)),
    expected("scam", &[PageScore::Scam], Some(Verdict::Drop)),
    expected("seo", &[PageScore::Seo], Some(Verdict::Drop)),
    expected("doorway", &[PageScore::Seo], Some(Verdict::Drop)),
    expected("gambling-doorway", &[PageScore::Gambling, PageScore::Seo], Some(Verdict::Drop)),
    expected("promo", &[], Some(Verdict::Drop)),
    expected("promo-mail", &[], Some(Verdict::Drop)),
    expected("error", &[PageScore::Empty], Some(Verdict::Drop)),
    expected("placeholder", &[PageScore::Empty], Some(Verdict::Drop)),
    expected("ads", &[PageScore::Ads], None),
    expected("adslots", &[PageScore::Ads], Some(Verdict::Keep)),
    expected("tail", &[PageScore::Adult], Some(Verdict::Keep)),
    expected("hidden", &[PageScore::Seo], Some(Verdict::Keep)),
    expected("hijack", &[PageScore::Gambling], Some(Verdict::Keep)),
    expected("gambling-hijack", &[PageScore::Gambling], None),
    expected("mirror", &[PageScore::Adult, PageScore::Seo], Some(Verdict::Keep)),
    expected("mirror-noise", &[PageScore::Seo], None),
    expected("hacked-adult", &[PageScore::Adult, PageScore::Seo], None),
];

/// The labels of clean pages.
const CLEAN: &[&str] = &["clean", "none"];

fn expectation(label: &str) -> Result<&'static Expected, String> {
    EXPECTED.iter().find(|expected| expected.label == label).ok_or_else(|| {
        let known: Vec<&str> = EXPECTED.iter().map(|expected| expected.label).collect();
        format!("unknown page label `{label}`; known are {}", known.join(", "))
    })
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
    /// What the page is.
    pub label: String,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Here(Document),
    File(GoldPage),
}

/// A line of a file of labelled pages; fields that are not named here are not looked at.
#[derive(Deserialize)]
struct Row {
    id: Option<String>,
    url: Option<String>,
    html: Option<String>,
    text: Option<String>,
    label: Option<String>,
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
            return Self::read(path, CLEAN.first().copied());
        }
        let set = GoldSet::open(path)?;
        let is_empty = |page: &GoldPage| page.text.as_deref().is_some_and(|text| text.trim().is_empty());
        let pages = set.pages.into_iter().filter(|page| !is_empty(page)).map(|page| MarkedPage {
            id: page.id.clone(),
            label: "clean".to_owned(),
            content: Content::File(page),
        });
        Ok(Self { name: set.name, pages: pages.collect() })
    }

    fn read(path: &Path, label: Option<&str>) -> Result<Self> {
        let content = read_text(path)?;
        let mut pages = Vec::new();
        for (at, line) in content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            pages.push(marked(line, at + 1, label).map_err(|problem| wrong(path, at + 1, problem))?);
        }
        if pages.is_empty() {
            return Err(wrong(path, 0, "the set has no page".to_owned()));
        }
        Ok(Self { name: split_name(path).0, pages })
    }
}

fn marked(line: &str, number: usize, label: Option<&str>) -> Result<MarkedPage, String> {
    let row: Row = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let label = label.map(str::to_owned).or(row.label).ok_or("expected a `label`, found none")?;
    expectation(&label)?;
    let document = row.html.map(Document::html).or_else(|| row.text.map(Document::text));
    let document = document.ok_or("expected `html` or `text`, found neither")?.with_charset("utf-8");
    let id = row.id.unwrap_or_else(|| number.to_string());
    let document = document.with_id(id.as_str());
    let document = row.url.iter().fold(document, |document, url| document.with_url(url.as_str()));
    Ok(MarkedPage { id, label, content: Content::Here(document) })
}

impl MarkedPage {
    fn judged(&self, judge: impl Fn(&Document) -> Report) -> MarkedResult {
        let judged = match &self.content {
            Content::Here(document) => without_panic(|| judge(document)).ok_or_else(panicked),
            Content::File(page) => page
                .document()
                .map_err(|error: Error| error.to_string())
                .and_then(|document| without_panic(|| judge(&document)).ok_or_else(panicked)),
        };
        let (id, label) = (self.id.clone(), self.label.clone());
        MarkedResult { id, label, said: judged.map(|report| Said::new(&report)) }
    }
}

fn panicked() -> String {
    "the page could not be judged".to_owned()
}

/// What a report said of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The verdict.
    pub verdict: Verdict,
    /// The scores.
    pub scores: Scores,
    /// The findings, each as `SCORE +WEIGHT NAME: TEXT`.
    pub reasons: Vec<(String, String)>,
}

impl Said {
    fn new(report: &Report) -> Self {
        let reason = |reason: &crate::classify::Reason| {
            (reason.of.to_owned(), format!("{} {:+.1}: {}", reason.name, reason.weight, reason.text))
        };
        let reasons = report.reasons().iter().map(reason).collect();
        Self { verdict: report.verdict(), scores: report.scores(), reasons }
    }
}

/// What came out for a labelled page.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedResult {
    /// The page's identifier.
    pub id: String,
    /// What the page is.
    pub label: String,
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

/// How well a score, or the verdict, tells the pages that should have it from clean ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScoreFigures {
    /// Pages that should have it.
    pub positives: usize,
    /// Clean pages.
    pub negatives: usize,
    /// Probability that one of the first has a higher score than one of the second: 0.5 is chance, 1 is best. None
    /// where there are none of either.
    pub auc: Option<f64>,
    /// Share of the pages that should have it that are over the threshold.
    pub recall: f64,
    /// Share of the pages over the threshold that should have it; 0 if no page is over it.
    pub precision: f64,
    /// Clean pages over the threshold.
    pub false_alarms: usize,
}

impl ScoreFigures {
    fn of(positives: &[f32], negatives: &[f32], threshold: f32) -> Self {
        let over = |scores: &[f32]| scores.iter().filter(|score| **score >= threshold).count();
        let (hits, false_alarms) = (over(positives), over(negatives));
        let share = |of: usize| hits as f64 / of.max(1) as f64;
        Self {
            positives: positives.len(),
            negatives: negatives.len(),
            auc: auc(positives, negatives),
            recall: share(positives.len()),
            precision: share(hits + false_alarms),
            false_alarms,
        }
    }
}

/// Share of the pairs of a positive and a negative in which the positive is higher; equal ones count half.
fn auc(positives: &[f32], negatives: &[f32]) -> Option<f64> {
    if positives.is_empty() || negatives.is_empty() {
        return None;
    }
    let mut sorted = negatives.to_vec();
    sorted.sort_by(f32::total_cmp);
    let wins = |score: &f32| {
        let below = sorted.partition_point(|other| other < score);
        let not_above = sorted.partition_point(|other| other <= score);
        (below + not_above) as f64 / 2.0
    };
    let sum: f64 = positives.iter().map(wins).sum();
    Some(sum / (positives.len() as f64 * negatives.len() as f64))
}

/// The pages of one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkFigures {
    /// The label.
    pub label: String,
    /// Pages.
    pub pages: usize,
    /// Pages that could not be judged.
    pub errors: usize,
    /// Pages to keep, in doubt, and to drop.
    pub verdicts: [usize; 3],
    /// Pages over the threshold, for each of [`PageScore::ALL`].
    pub over: [usize; 6],
}

/// A clean page that was taken for a bad one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FalseAlarm {
    /// The page's set.
    pub set: String,
    /// The page's identifier.
    pub id: String,
    /// What was said of it: `verdict`, or the name of a score.
    pub of: String,
    /// The score; for the verdict, 1.
    pub score: f32,
    /// The findings that led to it.
    pub reasons: Vec<String>,
}

impl PageResults {
    fn all(&self) -> impl Iterator<Item = &MarkedResult> {
        self.sets.iter().flat_map(|(_, pages)| pages)
    }

    /// What was said of the pages whose label `wanted` takes.
    fn said_of(&self, wanted: impl Fn(&Expected) -> bool) -> Vec<&Said> {
        let wanted = |page: &&MarkedResult| expectation(&page.label).is_ok_and(&wanted);
        self.all().filter(wanted).filter_map(|page| page.said.as_ref().ok()).collect()
    }

    /// The figures of each score that some page should have high, and of the verdict `drop`, if some page should be
    /// dropped.
    pub fn figures(&self) -> Vec<(&'static str, ScoreFigures)> {
        let clean = self.said_of(|expected| CLEAN.contains(&expected.label));
        let scores = PageScore::ALL.into_iter().map(|score| {
            let high = self.said_of(|expected| expected.high.contains(&score));
            let of = |pages: &[&Said]| -> Vec<f32> { pages.iter().map(|s| score.of(&s.scores)).collect() };
            (score.as_str(), ScoreFigures::of(&of(&high), &of(&clean), self.threshold))
        });
        let verdict = {
            let drop = self.said_of(|expected| expected.verdict == Some(Verdict::Drop));
            let keep = self.said_of(|expected| expected.verdict == Some(Verdict::Keep));
            let of = |pages: &[&Said]| -> Vec<f32> { pages.iter().map(|said| badness(said.verdict)).collect() };
            ("drop", ScoreFigures::of(&of(&drop), &of(&keep), badness(Verdict::Drop)))
        };
        scores.chain([verdict]).filter(|(_, figures)| figures.positives > 0).collect()
    }

    /// The pages of each label, in the order in which the labels first occur.
    pub fn marks(&self) -> Vec<MarkFigures> {
        let mut marks: Vec<MarkFigures> = Vec::new();
        for page in self.all() {
            let at = marks.iter().position(|mark| mark.label == page.label).unwrap_or_else(|| {
                marks.push(MarkFigures::new(&page.label));
                marks.len() - 1
            });
            if let Some(mark) = marks.get_mut(at) {
                mark.add(page, self.threshold);
            }
        }
        marks
    }

    /// The clean pages with the verdict `drop` or a score over the threshold, one entry for each of these.
    pub fn false_alarms(&self) -> Vec<FalseAlarm> {
        let pages = self.sets.iter().flat_map(|(set, pages)| pages.iter().map(move |page| (set, page)));
        let clean = pages.filter(|(_, page)| CLEAN.contains(&page.label.as_str()));
        clean.flat_map(|(set, page)| self.alarms_of(set, page)).collect()
    }

    fn alarms_of(&self, set: &str, page: &MarkedResult) -> Vec<FalseAlarm> {
        let Ok(said) = &page.said else { return Vec::new() };
        let alarm = |of: &str, score: f32| FalseAlarm {
            set: set.to_owned(),
            id: page.id.clone(),
            of: of.to_owned(),
            score,
            reasons: said.reasons.iter().filter(|(about, _)| about == of).map(|(_, text)| text.clone()).collect(),
        };
        let dropped = (said.verdict == Verdict::Drop).then(|| alarm("verdict", 1.0));
        let scores = PageScore::ALL.into_iter().map(|score| (score.as_str(), score.of(&said.scores)));
        let over = scores.filter(|(_, score)| *score >= self.threshold);
        dropped.into_iter().chain(over.map(|(name, score)| alarm(name, score))).collect()
    }

    /// Pages that could not be judged, and why.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all().filter_map(|page| Some((page.id.as_str(), page.said.as_ref().err()?.as_str())))
    }
}

/// How bad a verdict is, for the order of pages.
fn badness(verdict: Verdict) -> f32 {
    match verdict {
        Verdict::Keep => 0.0,
        Verdict::Review => 0.5,
        Verdict::Drop => 1.0,
    }
}

impl MarkFigures {
    fn new(label: &str) -> Self {
        Self { label: label.to_owned(), pages: 0, errors: 0, verdicts: [0; 3], over: [0; 6] }
    }

    fn add(&mut self, page: &MarkedResult, threshold: f32) {
        self.pages += 1;
        let Ok(said) = &page.said else {
            self.errors += 1;
            return;
        };
        let verdicts = [Verdict::Keep, Verdict::Review, Verdict::Drop].map(|verdict| said.verdict == verdict);
        self.verdicts.iter_mut().zip(verdicts).for_each(|(count, is)| *count += usize::from(is));
        let over = PageScore::ALL.map(|score| score.of(&said.scores) >= threshold);
        self.over.iter_mut().zip(over).for_each(|(count, is)| *count += usize::from(is));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn result(id: &str, label: &str, verdict: Verdict, adult: f32) -> MarkedResult {
        let scores = Scores { adult, ..Scores::default() };
        let reasons = vec![
            ("adult".to_owned(), "words +2.0: bad words".to_owned()),
            ("verdict".to_owned(), "no_body +5.0: none".to_owned()),
        ];
        MarkedResult { id: id.to_owned(), label: label.to_owned(), said: Ok(Said { verdict, scores, reasons }) }
    }

    fn results(pages: Vec<MarkedResult>) -> PageResults {
        PageResults { threshold: THRESHOLD, sets: vec![("made".to_owned(), pages)] }
    }

    #[test]
    fn the_area_under_the_curve_counts_equal_scores_half() {
        assert_eq!(auc(&[0.9, 0.5], &[0.5, 0.1]), Some(0.875));
        assert_eq!(auc(&[0.0], &[0.0, 0.0]), Some(0.5));
        assert_eq!(auc(&[0.1], &[0.9]), Some(0.0));
        assert_eq!(auc(&[], &[0.9]), None);
    }

    #[test]
    fn scores_are_judged_on_the_pages_that_should_have_them_and_on_clean_ones() {
        let found = results(vec![
            result("a", "adult", Verdict::Drop, 0.9),
            result("b", "adult", Verdict::Keep, 0.2),
            result("c", "clean", Verdict::Keep, 0.6),
            result("d", "none", Verdict::Keep, 0.1),
            // what a gambling page's adult score should be is not known
            result("e", "gambling", Verdict::Drop, 0.9),
        ]);
        let figures = found.figures();
        let names: Vec<_> = figures.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["adult", "gambling", "drop"]);
        let adult = figures[0].1;
        assert_eq!((adult.positives, adult.negatives, adult.false_alarms), (2, 2, 1));
        assert_eq!((adult.recall, adult.precision, adult.auc), (0.5, 0.5, Some(0.75)));
        let drop = figures[2].1;
        assert_eq!((drop.positives, drop.recall, drop.precision), (3, 2.0 / 3.0, 1.0));
    }

    #[test]
    fn a_clean_page_over_the_threshold_is_named_with_its_reasons() {
        let found = results(vec![
            result("a", "adult", Verdict::Drop, 0.9),
            result("b", "clean", Verdict::Drop, 0.7),
            result("c", "clean", Verdict::Review, 0.4),
        ]);
        let alarms = found.false_alarms();
        let said: Vec<_> = alarms.iter().map(|a| (a.id.as_str(), a.of.as_str(), a.reasons.join(", "))).collect();
        assert_eq!(
            said,
            [
                ("b", "verdict", "no_body +5.0: none".to_owned()),
                ("b", "adult", "words +2.0: bad words".to_owned())
            ]
        );
        assert!((alarms[1].score - 0.7).abs() < 1e-6);
    }

    #[test]
    fn pages_are_counted_by_label_and_verdict() {
        let failed = MarkedResult { said: Err("no file".to_owned()), ..result("x", "adult", Verdict::Keep, 0.0) };
        let found = results(vec![
            result("a", "adult", Verdict::Drop, 0.9),
            result("b", "clean", Verdict::Review, 0.1),
            failed,
        ]);
        let [adult, clean] = &found.marks()[..] else { panic!("{:?}", found.marks()) };
        assert_eq!((adult.pages, adult.errors, adult.verdicts, adult.over[1]), (2, 1, [0, 0, 1], 1));
        assert_eq!((clean.pages, clean.verdicts, clean.over), (1, [0, 1, 0], [0; 6]));
        assert_eq!(found.errors().collect::<Vec<_>>(), [("x", "no file")]);
    }

    #[test]
    fn labelled_pages_are_read_and_clean_ones_need_no_label() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pages.jsonl");
        fs::write(&path, "{\"html\":\"<p>a\",\"text\":\"a\",\"label\":\"hijack\"}\n{\"text\":\"b\",\"label\":\"none\"}\n")
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

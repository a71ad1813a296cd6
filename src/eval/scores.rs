//! What a report said of labelled pages → figures of the page's scores and verdict, false alarms.

use super::pages::{Expected, MarkedResult, PageResults, SCORES, Said, expectation};
use crate::classify::Verdict;
use serde::Serialize;

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
pub(crate) fn auc(positives: &[f32], negatives: &[f32]) -> Option<f64> {
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
    /// Pages over the threshold, for each of [`SCORES`].
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
        let clean = self.said_of(Expected::is_clean);
        let scores = SCORES.into_iter().map(|(name, score)| {
            let high = self.said_of(|expected| expected.high.contains(&name));
            let of = |pages: &[&Said]| -> Vec<f32> { pages.iter().map(|s| score(&s.scores)).collect() };
            (name, ScoreFigures::of(&of(&high), &of(&clean), self.threshold))
        });
        let verdict = {
            let drop = self.said_of(|expected| expected.verdict == Some(Verdict::Drop));
            let keep = self.said_of(|expected| expected.verdict == Some(Verdict::Keep));
            let of =
                |pages: &[&Said]| -> Vec<f32> { pages.iter().map(|said| badness(said.verdict)).collect() };
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
        let clean = pages.filter(|(_, page)| expectation(&page.label).is_ok_and(Expected::is_clean));
        clean.flat_map(|(set, page)| self.alarms_of(set, page)).collect()
    }

    fn alarms_of(&self, set: &str, page: &MarkedResult) -> Vec<FalseAlarm> {
        let Ok(said) = &page.said else { return Vec::new() };
        let alarm = |of: &str, score: f32| FalseAlarm {
            set: set.to_owned(),
            id: page.id.clone(),
            of: of.to_owned(),
            score,
            reasons: said
                .reasons
                .iter()
                .filter(|(about, _)| about == of)
                .map(|(_, text)| text.clone())
                .collect(),
        };
        let dropped = (said.verdict == Verdict::Drop).then(|| alarm("verdict", 1.0));
        let scores = SCORES.into_iter().map(|(name, score)| (name, score(&said.scores)));
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
        let over = SCORES.map(|(_, score)| score(&said.scores) >= threshold);
        self.over.iter_mut().zip(over).for_each(|(count, is)| *count += usize::from(is));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Scores;
    use crate::eval::{Form, Language, THRESHOLD};

    fn result(id: &str, label: &str, verdict: Verdict, adult: f32) -> MarkedResult {
        let scores = Scores { adult, ..Scores::default() };
        let reasons = vec![
            ("adult".to_owned(), "words +2.0: bad words".to_owned()),
            ("verdict".to_owned(), "no_body +5.0: none".to_owned()),
        ];
        let (language, form) = (Language::English, Form::Html);
        let said = Said { verdict, scores, kind: None, language, form, reasons, strongest: None };
        MarkedResult { id: id.to_owned(), label: label.to_owned(), wanted: None, said: Ok(said) }
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
        let said: Vec<_> =
            alarms.iter().map(|a| (a.id.as_str(), a.of.as_str(), a.reasons.join(", "))).collect();
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
        let failed =
            MarkedResult { said: Err("no file".to_owned()), ..result("x", "adult", Verdict::Keep, 0.0) };
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
}

//! What the built-in filter says of every labelled page.

use super::{FOLDERS, compare, labelled_pages};
use pagesieve::eval::{TrainingPage, word_prf};
use pagesieve::{Filter, Label, Report};
use std::collections::BTreeSet;

const HEADING: &str = "page\tverdict\tword_f1\tlabels\tconfidence\tadult\tgambling\tscam\tseo\tads\tempty\tquality\tboilerplate\tp\tbody_p\treasons\tblock_reasons\trepairs";

/// Gold labels of a page's blocks; those of a page with a body alone are not known.
fn gold(page: &TrainingPage, report: &Report) -> Vec<Option<Label>> {
    let document = page.page.document().unwrap();
    let Some(rules) = &page.rules else { return vec![None; report.page().blocks().len()] };
    rules.resolve(report.page(), &document).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn body_of(page: &TrainingPage, report: &Report, gold: &[Option<Label>]) -> String {
    page.page.text.clone().unwrap_or_else(|| {
        let body = report.page().blocks().zip(gold).filter(|(_, label)| **label == Some(Label::Body));
        body.map(|(block, _)| block.text()).collect::<Vec<_>>().join("\n")
    })
}

/// The word F1 of a body; where there is no main content, 1 for finding none.
fn word_f1(found: &str, gold: &str) -> f64 {
    match (found.is_empty(), gold.is_empty()) {
        (true, true) => 1.0,
        (true, false) | (false, true) => 0.0,
        _ => word_prf(found, gold).f1,
    }
}

fn names<'r>(names: impl Iterator<Item = &'r str>) -> String {
    names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(",")
}

fn line(filter: &Filter, folder: &str, page: &TrainingPage) -> String {
    let report = filter.check(&page.page.document().unwrap());
    let gold = gold(page, &report);
    let known = || report.blocks().zip(&gold).filter_map(|((_, said), gold)| Some((said.label, (*gold)?)));
    let right = known().filter(|(said, gold)| said == gold).count();
    let f1 = word_f1(&report.body(), &body_of(page, &report, &gold));
    let mean = |of: &dyn Fn(&pagesieve::classify::BlockReport) -> f32| {
        report.blocks().map(|(_, said)| of(said)).sum::<f32>() / gold.len().max(1) as f32
    };
    let scores = report.scores();
    let scores = [
        scores.adult, scores.gambling, scores.scam, scores.seo, scores.ads, scores.empty, scores.quality,
        scores.boilerplate,
    ];
    let cells = [
        format!("{folder}/{}", page.page.id),
        report.verdict().as_str().to_owned(),
        format!("{f1:.2}"),
        format!("{right} of {}", known().count()),
        format!("{:.2}", report.confidence()),
    ];
    let cells = cells.into_iter().chain(scores.map(|score| format!("{score:.2}")));
    // The means tell of a shift that no label shows.
    let means = [mean(&|said| said.probability), mean(&|said| said.body_probability)];
    let cells = cells.chain(means.map(|mean| format!("{mean:.3}"))).chain([
        names(report.reasons().iter().map(|found| found.reason.as_str())),
        names(report.blocks().map(|(_, said)| said.reason.as_str())),
        names(report.repairs().iter().map(|repair| repair.name)),
    ]);
    cells.collect::<Vec<_>>().join("\t")
}

#[test]
fn every_page_is_judged_as_it_was() {
    let filter = Filter::builtin();
    let mut table = HEADING.to_owned() + "\n";
    for folder in FOLDERS {
        for page in labelled_pages(folder) {
            table += &line(&filter, folder, &page);
            table.push('\n');
        }
    }
    compare("pages.tsv", &table, "Each line is a page whose answer has moved.");
}

#[test]
fn pages_that_no_model_was_trained_on_are_judged_well() {
    let filter = Filter::builtin();
    let pages = labelled_pages("tests");
    assert!(pages.len() >= 30, "{} pages", pages.len());
    let (mut f1, mut right, mut known) = (0.0, 0, 0);
    for page in &pages {
        let report = filter.check(&page.page.document().unwrap());
        let gold = gold(page, &report);
        f1 += word_f1(&report.body(), &body_of(page, &report, &gold));
        let labels = report.blocks().zip(&gold).filter_map(|((_, said), gold)| Some((said.label, (*gold)?)));
        let agree: Vec<bool> = labels.map(|(said, gold)| said == gold).collect();
        right += agree.iter().filter(|agrees| **agrees).count();
        known += agree.len();
    }
    let (f1, labels) = (f1 / pages.len() as f64, right as f64 / known.max(1) as f64);
    assert!(f1 >= F1_FLOOR && labels >= LABELS_FLOOR, "word F1 {f1:.4}, labels right {labels:.4}");
}

/// Floors of the 32 pages: 0.882 and 0.816 were measured when they were written, less one point. (Since news of eleven sets is
/// learned from it is 0.861: a Chinese listing of notices counts for nearly all of the difference.)
const F1_FLOOR: f64 = 0.852;
const LABELS_FLOOR: f64 = 0.806;

//! Parts add up to what the models say, and signs name what decided.

use super::*;
use crate::classify::{Report, evidence::Scored};
use crate::features::measure;
use crate::model::{Model, logit, sigmoid};
use crate::page::{Document, Page};

const PAGE: &str = "<html><head><title>Ferry refit slips to spring</title></head><body>\
    <nav class='menu'><ul><li><a href=/>Home</a></li><li><a href=/news>News</a></li></ul></nav>\
    <main><article class='post-content'><h1>Ferry refit slips to spring</h1><p class=byline>By Orla Fennimore</p>\
    <p>The harbour board said on Tuesday that the refit of the ferry will take until April, three months longer than \
    planned. Two of the four engines have to be replaced, it said, and the yard has no dock free before the spring.</p>\
    <p>Commuters will be carried by buses until then. The board expects to spend another two million, and will ask the \
    council for it.</p><p>双方在会谈中就渡轮的维修计划交换了意见，并同意在春季之前完成全部工作。</p></article>\
    <aside class='sidebar widget'><h3>Most read</h3><ul><li><a href=/a>Market hall reopens</a></li></ul></aside></main>\
    <div class='x'><a href='//spin.example'>Lucky casino: 200 free spins no deposit bonus</a></div>\
    <footer><p>© 2024 Harbour Post. All rights reserved.</p></footer></body></html>";

const TEXT: &str = "Ferry refit slips to spring\n\nThe harbour board said on Tuesday that the refit will take until April, \
    three months longer than planned.\nRead more: Market hall reopens\n立即注册送彩金，澳门线上赌场\n© 2024 Harbour Post\n";

fn documents() -> [Document; 3] {
    [Document::html(PAGE), Document::text(TEXT), Document::text("Lucky casino: 200 free spins")]
}

fn with_explainer(filter: &Filter, document: &Document, with: impl FnOnce(&mut Explainer<'_>)) {
    let page = Page::read(document, &filter.limits);
    let mut measured = measure(&page);
    let (body, corrected) = filter.probabilities(&page, &mut measured);
    let scored = Scored { page: &page, measured: &measured, body: &body, corrected: corrected.as_ref() };
    let evidence = filter.evidence(scored, document, &[]);
    let kind = evidence.naming.as_ref().zip(evidence.model);
    let kind = kind.map(|(naming, model)| KindOdds::of(model, naming, &evidence));
    with(&mut Explainer { evidence: &evidence, body: BodyOdds::of(filter, scored), kind });
}

fn sum((start, parts): (f32, Parts)) -> f32 {
    start + parts.iter().map(|(_, weight)| weight).sum::<f32>()
}

#[test]
fn parts_of_main_content_add_up_to_the_models_log_odds() {
    for document in documents() {
        with_explainer(&Filter::builtin(), &document, |explainer| {
            for (index, p) in explainer.evidence.scored.body.iter().enumerate() {
                let found = sum(explainer.body.parts(index));
                // logit() of a rounded probability is coarse where the probability is close to 1.
                let close = (found - logit(*p)).abs() < 1e-3 || (sigmoid(found) - p).abs() < 1e-6;
                assert!(close, "block {index}: {found} and {}", logit(*p));
            }
        });
    }
}

#[test]
fn parts_of_a_kind_add_up_to_the_log_odds_of_the_two_labels() {
    for document in documents() {
        with_explainer(&Filter::builtin(), &document, |explainer| {
            let naming = explainer.evidence.naming.as_ref().unwrap();
            for index in 0..explainer.evidence.scored.body.len() {
                for (label, other) in [(Label::Nav, Label::Body), (Label::Gambling, Label::Legal)] {
                    let found = sum(explainer.kind.as_mut().unwrap().parts(index, label, other));
                    let expected = (naming.p(index, label) / naming.p(index, other)).ln();
                    assert!((found - expected).abs() < 1e-3, "block {index} {label}: {found} and {expected}");
                }
            }
        });
    }
}

#[test]
fn an_explained_report_says_what_a_checked_one_says() {
    for document in documents() {
        let (checked, explained) = (Filter::builtin().check(&document), Filter::builtin().explain(&document));
        assert!(checked.signs().is_empty());
        assert_eq!(explained.signs().len(), explained.page().blocks().len());
        assert_eq!(checked.blocks, explained.blocks);
        assert_eq!(explained.signs(), Filter::builtin().explain(&document).signs());
    }
}

#[test]
fn signs_are_few_sorted_and_named() {
    let report = Filter::builtin().explain(&Document::html(PAGE));
    for ((block, said), signs) in report.blocks().zip(report.signs()) {
        assert!(!signs.signs.is_empty() && signs.signs.len() <= MOST_SIGNS, "{:?}", block.text());
        let rest = signs.signs.iter().skip(1).map(|sign| sign.weight.abs());
        assert!(rest.clone().zip(rest.skip(1)).all(|(a, b)| a >= b));
        let known = ["token:", "column:", "gram:", "context:", "rule:"];
        assert!(signs.signs.iter().all(|sign| known.iter().any(|start| sign.name.starts_with(start))));
        assert!(signs.signs.iter().all(|sign| !sign.text.is_empty()));
        let runner_up = signs.runner_up.unwrap();
        assert!(runner_up.label != said.label && (0.0..=said.probability).contains(&runner_up.probability));
        assert_eq!((signs.claims[0].label, signs.claims[0].reason), (said.label, said.reason));
    }
}

fn block<'r>(report: &'r Report, start: &str) -> (&'r BlockReport, &'r BlockSigns) {
    let found = report.blocks().zip(report.signs()).find(|((block, _), _)| block.text().starts_with(start));
    let ((_, said), signs) = found.unwrap();
    (said, signs)
}

#[test]
fn the_words_of_a_casino_line_speak_for_gambling() {
    let report = Filter::builtin().explain(&Document::html(PAGE));
    let (said, signs) = block(&report, "Lucky casino");
    assert_eq!(said.label, Label::Gambling);
    assert!(signs.signs.iter().any(|sign| sign.name.starts_with("gram:")), "{signs:#?}");
    let (_, signs) = block(&report, "The harbour board");
    assert!(signs.signs.iter().map(|sign| sign.weight).sum::<f32>() > 1.0, "{signs:#?}");
}

#[test]
fn a_rule_that_decided_stands_first() {
    let rules = crate::classify::Rules::default().with_drop("h1").unwrap();
    let report = Filter::builtin().with_rules(rules).explain(&Document::html(PAGE));
    let (said, signs) = block(&report, "Ferry refit slips");
    assert_eq!((said.reason.as_str(), signs.signs[0].name.as_str()), ("drop_selector", "rule:drop_selector"));
    assert!(signs.signs[0].weight >= CERTAIN);
    let (said, signs) = block(&report, "© 2024");
    assert_eq!(signs.signs[0].name, format!("rule:{}", said.reason));
}

#[test]
fn without_a_model_of_kinds_the_rules_name_the_runner_up() {
    let report = Filter::new(Model::builtin()).explain(&Document::html(PAGE));
    let (said, signs) = block(&report, "The harbour board");
    let runner_up = signs.runner_up.unwrap();
    assert!(said.label.is_body() && !runner_up.label.is_body());
    assert!((runner_up.probability - (1.0 - said.body_probability)).abs() < 1e-6);
}

#[test]
fn the_words_that_say_a_kind_are_named() {
    with_explainer(&Filter::builtin(), &Document::html(PAGE), |explainer| {
        let at = explainer
            .evidence
            .scored
            .page
            .blocks()
            .position(|block| block.text().starts_with("Lucky casino"))
            .unwrap();
        let kind = explainer.kind.as_mut().unwrap();
        let (_, parts) = kind.parts(at, Label::Gambling, Label::Body);
        let grams = strongest(parts, 1.0, |key| kind.said(at, key, Label::Gambling, Label::Body));
        let grams: Vec<&Sign> = grams.iter().filter(|sign| sign.name.starts_with("gram:")).collect();
        let known = ["gram:lucky", "gram:casino", "gram:spins", "gram:bonus", "gram:free", "gram:deposit"];
        assert!(
            grams.iter().any(|sign| known.contains(&sign.name.as_str()) && sign.weight > 0.1),
            "{grams:#?}"
        );
    });
}

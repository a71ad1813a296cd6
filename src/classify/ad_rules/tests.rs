use super::*;
use crate::model::Model;
use crate::page::Limits;
use crate::{Filter, Label, Reason};

fn rules(list: &str) -> AdRules {
    AdRules::of_lists([(Path::new("own.txt"), list)]).unwrap()
}

const PAGE: &str = "<p>The ferry returned to the harbour on Monday after a refit of eleven weeks, its owners said, and \
    takes up its two crossings a day again.</p><p>Crew and passengers had waited for the new engines since last \
    autumn, when the old ones failed twice within a month.</p><div class='kettles wide'><p>Buy two kettles</p></div>\
    <div id=box><span>Cheap tyres</span></div><p><a href='https://ads.example/t?1'>Holiday flats</a></p>\
    <script src='https://ads.example/a.js'></script><img src='//ads.example/p.gif'><iframe src='/own'></iframe>";

/// The texts of blocks that the list makes ads.
fn ads(list: &str) -> Vec<String> {
    let filter = Filter::new(Model::constant(0.9)).with_ad_rules(rules(list));
    let report = filter.check(&Document::html(PAGE).with_url("https://news.example/1"));
    let ads = report.blocks().filter(|(_, block)| block.reason == Reason::AdRule);
    ads.map(|(block, report)| (block.text().to_owned(), report.label))
        .inspect(|(_, label)| assert_eq!(*label, Label::Ad))
        .map(|(text, _)| text)
        .collect()
}

#[test]
fn elements_are_hidden_by_class_id_and_structure() {
    for (list, expected) in [
        ("##.kettles", &["Buy two kettles"][..]),
        ("##div.kettles.wide", &["Buy two kettles"]),
        ("##.kettles > p", &["Buy two kettles"]),
        ("###box", &["Cheap tyres"]),
        ("##a[href^=\"https://ads.example/\"]", &[]),
        ("##div[class^=\"kettles\"]", &["Buy two kettles"]),
        ("##.other", &[]),
    ] {
        assert_eq!(ads(&format!("{list}\n##.never")), expected, "{list}");
    }
}

#[test]
fn rules_of_a_site_hold_there_and_exceptions_are_kept() {
    assert_eq!(ads("news.example##.kettles"), ["Buy two kettles"]);
    assert!(ads("other.example##.kettles").is_empty());
    assert!(ads("##.kettles\nnews.example#@#.kettles").is_empty());
    assert!(ads("##.kettles\n@@||news.example^$generichide").is_empty());
}

#[test]
fn links_scripts_pictures_and_frames_are_looked_at() {
    let page = Page::read(&Document::html(PAGE), &Limits::default());
    let hits = rules("||ads.example^").hits(&page, &Document::html(PAGE));
    assert_eq!((hits.links.len(), hits.files), (1, 2));
    assert_eq!(ads("||ads.example^"), ["Holiday flats"]);
    assert!(ads("||ads.example^$script").is_empty());
}

#[test]
fn the_page_says_how_often_rules_hit() {
    let filter = Filter::new(Model::constant(0.9)).with_ad_rules(rules("##.kettles\n||ads.example^"));
    let report = filter.check(&Document::html(PAGE).with_url("https://news.example/1"));
    let reason = report.reasons().iter().find(|reason| reason.reason == Reason::AdRule).unwrap();
    assert_eq!((reason.of, reason.blocks.as_slice()), ("ads", &[2, 4][..]));
    assert!(reason.weight > 0.0 && reason.text.contains("files: 2"), "{}", reason.text);
    assert!(report.scores().ads > 0.0);
}

#[test]
fn an_element_that_holds_most_of_the_page_is_left() {
    let html = PAGE.replace("<p>The ferry", "<div class=all><p>The ferry") + "</div>";
    let filter = Filter::new(Model::constant(0.9)).with_ad_rules(rules("##.all"));
    let report = filter.check(&Document::html(html));
    assert!(report.blocks().all(|(_, block)| block.reason != Reason::AdRule));
}

#[test]
fn what_is_no_list_is_refused_with_the_line() {
    let message = |list: &str| AdRules::of_lists([(Path::new("x.txt"), list)]).unwrap_err().to_string();
    assert!(message("<!doctype html><p>x").contains("x.txt:1: expected a filter list"));
    assert!(message("! only comments").contains("found no rule at all"));
    assert!(
        message("##.a\nnot a rule\nnor is this").contains("x.txt:2: "),
        "{}",
        message("##.a\nnot a rule\nnor this")
    );
    assert!(
        AdRules::of_lists([(Path::new("x"), "\u{FEFF}[Adblock Plus 2.0]\r\n! Title\r\n##.a\r\nodd line")])
            .is_ok()
    );
}

#[test]
fn selectors_of_one_element_are_taken_apart() {
    assert!(Simple::parse("div.a#b[href*='x']").is_some());
    for other in
        [".a > .b", ".a .b", ".a:has(p)", "[data-ad]", "div", ".a,.b", "*", "made-up.a", "[href=\"\"]"]
    {
        assert_eq!(Simple::parse(other), None, "{other}");
    }
}

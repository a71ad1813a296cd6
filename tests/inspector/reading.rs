//! What a reader sees of a page: tints, the legend's switches, the other views.

use crate::pages::{self, TAILED, TAILED_LINES};
use crate::scene::{Scene, Seen};
use pagesieve::Label;

fn count(blocks: &[Seen], is: impl Fn(&Seen) -> bool) -> usize {
    blocks.iter().filter(|block| is(block)).count()
}

#[test]
fn an_article_is_plain_and_each_title_of_its_tail_is_tinted() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    let blocks = scene.blocks();
    let (body, tail) = TAILED_LINES;
    assert_eq!(blocks.len(), body + tail);
    for (number, block) in blocks.iter().enumerate() {
        assert_eq!(block.tinted, number >= body, "{block:?}");
        assert_eq!(block.label == "body", !block.tinted, "{block:?}");
        assert_eq!(block.text, TAILED.lines().nth(number).unwrap());
    }
    let sum = scene.browser.text("#page-sum");
    assert_eq!(sum, format!("{body} of {} blocks are body", body + tail));
}

#[test]
fn blocks_have_the_tints_of_their_labels_in_the_training_data() {
    let Some(scene) = Scene::open() else { return };
    let (source, labels) = pages::labelled("zh-forum-tail-phone");
    scene.paste(&source, "text");
    let blocks = scene.blocks();
    assert_eq!(blocks.len(), labels.len());
    for (block, label) in blocks.iter().zip(&labels) {
        assert_eq!(block.tinted, *label != Some(Label::Body), "{label:?}: {block:?}");
    }
}

#[test]
fn the_first_seed_has_sixteen_plain_lines_and_thirty_nine_tinted() {
    let Some(source) = pages::shared("seeds/001.txt") else { return };
    let Some(scene) = Scene::open() else { return };
    scene.paste(&source, "text");
    let blocks = scene.blocks();
    assert_eq!((count(&blocks, |block| !block.tinted), count(&blocks, |block| block.tinted)), (16, 39));
    assert!(blocks.iter().take(16).all(|block| !block.tinted), "the article comes first");
}

#[test]
fn a_kind_that_is_switched_off_is_hidden_until_it_is_switched_on() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    let adult = |block: &Seen| block.label == "adult";
    let of_label = count(&scene.blocks(), adult);
    assert!(of_label > 8, "{of_label}");
    let counted = scene.browser.text("[data-kind=adult] .kind-count");
    assert_eq!(counted, of_label.to_string());
    scene.browser.click("[data-kind=adult]");
    let blocks = scene.blocks();
    assert!(blocks.iter().all(|block| block.visible != adult(block)), "{blocks:?}");
    scene.browser.click("#kinds-all");
    assert!(scene.blocks().iter().all(|block| block.visible));
}

#[test]
fn body_markdown_and_raw_show_what_they_say() {
    let Some(scene) = Scene::open() else { return };
    let (source, _) = pages::labelled("en-harbour-ferry-refit");
    scene.paste(&source, "html");
    let blocks = scene.blocks();
    let body = scene.view("body");
    for block in blocks.iter().filter(|block| block.label == "body" && block.text.len() > 80) {
        assert!(body.as_str().unwrap().contains(block.text.trim()), "{block:?}");
    }
    let cut = blocks.iter().find(|block| block.label == "nav").unwrap();
    assert!(!body.as_str().unwrap().lines().any(|line| line == cut.text), "{cut:?}");
    scene.browser.click("[data-view=markdown]");
    scene.browser.until("document.querySelector('#view pre')");
    let markdown = scene.browser.value("document.querySelector('#view pre').textContent");
    let asked = scene.server.post("/v1/check?body=markdown", crate::server::HTML, &source).json();
    assert_eq!(markdown.as_str(), asked["body"].as_str());
    scene.browser.click("[data-view=raw]");
    scene.browser.until("document.querySelectorAll('#view pre').length === 2");
    let raw = scene.browser.value("document.querySelectorAll('#view pre')[1].textContent");
    assert_eq!(raw.as_str(), Some(source.as_str()));
    scene.browser.click("[data-view=reader]");
    assert_eq!(scene.blocks(), blocks);
}

#[test]
fn a_block_says_why_it_has_its_label() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    let last = scene.blocks().len() - 1;
    scene.browser.click(&format!("#b{last}"));
    let panel = scene.browser.text("#block-detail");
    for part in ["adult", "decided by", "next best", "main content", "What spoke", "Log-odds"] {
        assert!(panel.contains(part), "no `{part}` in {panel}");
    }
    let signs = scene.browser.value("document.querySelectorAll('#block-detail .signs li').length");
    assert!(signs.as_u64().is_some_and(|signs| signs > 0), "{signs}");
    scene.browser.click("#tab-removed");
    let removed = scene.browser.value("document.querySelectorAll('#removed-detail .removed-line').length");
    assert_eq!(removed, TAILED_LINES.1);
    scene.browser.click("#tab-page");
    assert!(scene.browser.text("#page-detail").contains("adult"));
}

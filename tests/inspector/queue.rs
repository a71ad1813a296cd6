//! The walk through the pages of a result.

use crate::scene::Scene;
use crate::server;
use std::fs;
use std::path::Path;

/// Pages of the training data that a queue is made of.
pub(crate) const PAGES: [&str; 4] = [
    "en-harbour-ferry-refit.html",
    "en-valley-events-listing.txt",
    "zh-forum-tail-phone.txt",
    "zh-product-kettle.html",
];

/// Filters pages into a result in `folder`, as a user does, and gives the server's arguments for it.
pub(crate) fn result_in(folder: &Path) -> Vec<String> {
    let inputs = folder.join("crawl");
    fs::create_dir(&inputs).unwrap();
    for name in PAGES {
        fs::write(inputs.join(name), server::page(name)).unwrap();
    }
    let (inputs, result) = (inputs.display().to_string(), folder.join("result.jsonl").display().to_string());
    let output = server::run(&["filter", &inputs, "--blocks", "-o", &result], b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    vec!["--from".into(), result, "--pages".into(), inputs]
}

impl Scene {
    pub(crate) fn open_queue() -> Option<Self> {
        let scene = Self::open_with(result_in)?;
        scene.browser.until("!document.getElementById('start-queue').hidden");
        Some(scene)
    }

    /// Waits until this page of the queue is open, from 1.
    pub(crate) fn at_page(&self, place: usize) {
        let total = PAGES.len();
        self.browser.until(&format!(
            "document.getElementById('walk-at').textContent === '{place} of {total}' && !document.body.classList.contains('busy') && document.querySelector('#reader .block')"
        ));
    }
}

#[test]
fn n_and_p_walk_through_a_result_and_corrected_pages_are_ticked() {
    let Some(scene) = Scene::open_queue() else { return };
    scene.browser.press("n");
    scene.at_page(1);
    let first = scene.browser.value("document.title");
    scene.browser.press("n");
    scene.at_page(2);
    assert_ne!(scene.browser.value("document.title"), first);
    scene.browser.press("p");
    scene.at_page(1);
    assert_eq!(scene.browser.value("document.title"), first);
    scene.browser.press("p");
    assert!(scene.browser.text("#toast").contains("first page of the queue"));
    scene.browser.press("G3");
    scene.saved();
    scene.browser.until("document.querySelector('#queue [aria-current=true] .tick')");
    let labels = scene.saved_labels();
    assert_eq!(labels.last().map(|label| label.as_str()), Some("comment"));
    scene.browser.press("n");
    scene.at_page(2);
    assert_eq!(scene.browser.text("#saving"), "", "this page is not saved");
    scene.browser.press("p");
    scene.at_page(1);
    assert_eq!(scene.browser.text("#saving"), "Saved");
    assert!(scene.blocks().last().unwrap().edited, "the walk back shows what was saved");
}

#[test]
fn the_order_of_a_queue_can_be_chosen() {
    let Some(scene) = Scene::open_queue() else { return };
    let lines = "[...document.querySelectorAll('#queue .queue-title')].map((line) => line.textContent)";
    let mut orders = Vec::new();
    for order in ["order", "uncertain", "different"] {
        let choose = "const by = document.getElementById('queue-by'); by.value = arguments[0]; by.dispatchEvent(new Event('change'))";
        scene.browser.run("document.getElementById('queue').replaceChildren()", vec![]);
        scene.browser.run(choose, vec![order.into()]);
        scene.browser.until(&format!("document.querySelectorAll('#queue li').length === {}", PAGES.len()));
        let titles: Vec<String> = serde_json::from_value(scene.browser.value(lines)).unwrap();
        orders.push(titles);
    }
    let sorted = |titles: &[String]| {
        let mut titles = titles.to_vec();
        titles.sort();
        titles
    };
    assert_eq!(sorted(&orders[0]), sorted(&orders[1]), "every order has all pages");
    assert_eq!(sorted(&orders[0]), sorted(&orders[2]), "every order has all pages");
    let figures = "[...document.querySelectorAll('#queue .queue-facts')].every((facts) => /% different/.test(facts.textContent))";
    assert_eq!(scene.browser.value(figures), true);
}

#[test]
fn what_is_open_has_an_address_that_back_a_reload_and_a_link_find() {
    let Some(scene) = Scene::open_queue() else { return };
    let browser = &scene.browser;
    let title = || browser.value("document.title");
    browser.press("n");
    scene.at_page(1);
    let (first, link) = (title(), browser.value("location.href"));
    browser.press("n");
    scene.at_page(2);
    browser.value("history.back()");
    scene.at_page(1);
    assert_eq!(title(), first);
    browser.value("history.forward()");
    scene.at_page(2);
    browser.click("[data-view=body]");
    browser.until("location.hash.endsWith('&view=body')");
    browser.value("location.reload()");
    browser.until("document.querySelector('#view article') && document.querySelector('#reader .block')");
    browser.value("history.back()");
    browser.until("!document.getElementById('reader').hidden");
    scene.at_page(2);
    browser.visit("about:blank");
    browser.visit(link.as_str().unwrap());
    scene.at_page(1);
    assert_eq!(title(), first);
    scene.paste("<article><p>The river rose in the night.</p></article>", "html");
    browser.value("location.reload()");
    browser.until("document.getElementById('reader').textContent.includes('The river rose')");
    browser.value("history.back()");
    browser.until("!document.getElementById('start').hidden");
    browser.value("history.back()");
    scene.at_page(1);
}

#[test]
fn a_page_of_the_queue_opens_at_its_least_certain_block_and_c_goes_on_from_there() {
    let Some(scene) = Scene::open_queue() else { return };
    let sure = || -> Vec<u64> {
        let percents = "[...document.querySelectorAll('#reader .tag')].map((tag) => parseInt(tag.querySelector('i').textContent) || 101)";
        serde_json::from_value(scene.browser.value(percents)).unwrap()
    };
    scene.browser.press("n");
    scene.at_page(1);
    let (mut seen, mut sorted) = (Vec::new(), sure());
    sorted.sort_unstable();
    for _ in 0..3 {
        seen.push(sure()[scene.focused()]);
        scene.browser.press("c");
    }
    assert_eq!(seen, sorted[..3]);
    scene.browser.press("4c");
    assert!(!scene.blocks()[scene.focused()].edited, "a corrected block is certain");
}

//! Corrections: by keys, by a sweep, undone, saved, and what happens when they cannot be saved.

use crate::pages::{TAILED, TAILED_LINES};
use crate::scene::Scene;
use pagesieve::Label;
use std::fs;

const SHIFT: char = '\u{e008}';
const DOWN: char = '\u{e015}';

fn names(labels: &[Label]) -> Vec<&'static str> {
    labels.iter().map(|label| label.as_str()).collect()
}

fn shown(scene: &Scene) -> Vec<String> {
    scene.blocks().into_iter().map(|block| block.label).collect()
}

#[test]
fn two_corrections_by_keys_are_on_disk_and_training_reads_them() {
    let Some(scene) = Scene::open() else { return };
    scene.paste_from(TAILED, "text", "https://news.linyuan.example/2025/06/18/lamp");
    let first = scene.focused();
    assert_eq!(first, TAILED_LINES.0, "the first block that is cut has the focus");
    scene.browser.press("5j0");
    assert_eq!(scene.focused(), first + 1);
    scene.saved();
    let labels = scene.saved_labels();
    assert_eq!((labels[first], labels[first + 1]), (Label::Related, Label::Scam));
    assert_eq!(names(&labels), shown(&scene));
    assert_eq!(
        scene.saved_pages()[0].page.url.as_deref(),
        Some("https://news.linyuan.example/2025/06/18/lamp")
    );
    let blocks = scene.blocks();
    assert_eq!(blocks.iter().filter(|block| block.edited).count(), 2);
    assert!(blocks[first].spoken.starts_with("related, corrected by you, was adult"), "{:?}", blocks[first]);
}

#[test]
fn undo_takes_corrections_back_in_turn_on_the_page_and_on_disk() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    let before = shown(&scene);
    scene.browser.press("5j0");
    scene.browser.press("u");
    let mut once = before.clone();
    once[TAILED_LINES.0] = "related".into();
    assert_eq!(shown(&scene), once);
    scene.browser.press("u");
    assert_eq!(shown(&scene), before);
    scene.saved();
    assert_eq!(names(&scene.saved_labels()), before);
    scene.browser.press("u");
    assert!(scene.browser.text("#toast").contains("nothing to undo"));
}

#[test]
fn a_sweep_labels_all_of_a_range_at_once_and_one_undo_takes_it_back() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    let (before, first) = (shown(&scene), TAILED_LINES.0);
    scene.browser.press("vjjjj4");
    let swept: Vec<_> = scene.blocks().into_iter().map(|block| block.edited).collect();
    let expected: Vec<_> = (0..swept.len()).map(|i| (first..first + 5).contains(&i)).collect();
    assert_eq!(swept, expected);
    scene.saved();
    assert!(scene.saved_labels()[first..first + 5].iter().all(|label| *label == Label::Nav));
    scene.browser.press("u");
    assert_eq!(shown(&scene), before);
    scene.focus(2);
    scene.browser.press_with(SHIFT, DOWN);
    let selected: Vec<_> = scene.blocks().into_iter().map(|block| block.selected).collect();
    assert_eq!(selected.iter().filter(|selected| **selected).count(), 2);
    assert!(selected[2] && selected[3]);
}

#[test]
fn a_correction_that_cannot_be_saved_is_shown_kept_and_saved_later() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    let folder = scene.labels_folder();
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "a file where the folder was").unwrap();
    scene.browser.press("5");
    scene.browser.until("document.getElementById('saving').dataset.state === 'failed'");
    let message = scene.browser.text("#saving");
    assert!(message.starts_with("Not saved: "), "{message}");
    assert!(scene.blocks()[TAILED_LINES.0].edited, "the correction is kept on the page");
    fs::remove_file(&folder).unwrap();
    scene.browser.click("#save-again");
    scene.saved();
    assert_eq!(scene.saved_labels()[TAILED_LINES.0], Label::Related);
}

#[test]
fn a_folder_that_was_removed_while_the_program_runs_is_made_again() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    scene.browser.press("5");
    scene.saved();
    fs::remove_dir_all(scene.labels_folder()).unwrap();
    scene.browser.press("j0");
    scene.browser.until("document.getElementById('saving').dataset.state === 'saving'");
    scene.saved();
    let labels = scene.saved_labels();
    assert_eq!(&labels[TAILED_LINES.0..TAILED_LINES.0 + 2], [Label::Related, Label::Scam]);
}

#[test]
fn a_page_that_is_pasted_again_has_its_corrections() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    scene.browser.press("5j0");
    scene.saved();
    let corrected = shown(&scene);
    scene.visit();
    scene.paste(TAILED, "text");
    scene.browser.until("document.querySelectorAll('#reader .edited').length === 2");
    assert_eq!(shown(&scene), corrected);
}

#[test]
fn a_page_that_is_taken_out_is_gone_from_disk() {
    let Some(scene) = Scene::open() else { return };
    scene.paste(TAILED, "text");
    scene.browser.press("s");
    scene.saved();
    assert_eq!(scene.saved_pages().len(), 1);
    scene.browser.click("#tab-page");
    let taken_out = "[...document.querySelectorAll('#page-detail button')].find((button) => /take.* out|forget/i.test(button.textContent))";
    scene.browser.until(taken_out);
    scene.browser.value(&format!("{taken_out}.click()"));
    scene.browser.until("/Taken out/.test(document.getElementById('toast').textContent)");
    assert_eq!(scene.saved_pages().len(), 0);
}

//! Floors under the built-in model's figures. They are raised when a better model lands, never lowered to let a
//! worse one pass.

#![cfg(feature = "input")]
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it skips, and fails by panicking"
)]

use pagesieve::Filter;
use pagesieve::eval::{GoldSet, word_prf};
use pagesieve::model::Model;
use std::path::{Path, PathBuf};

#[test]
fn the_builtin_model_reaches_its_floors_out_of_fold() {
    let model = Model::builtin();
    for (set, floor) in [("wcxb-dev", 0.880), ("zh-handmade", 0.925), ("magic-article, Chinese", 0.90)] {
        let figure = model.metrics.get(set).and_then(|figures| figures.get("word_f1"));
        assert!(figure.is_some_and(|f1| *f1 >= floor), "{set}: {figure:?}, floor {floor}");
    }
}

/// A labelled set beside the repository; says how to run the test where there is none.
fn set(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").into();
    let shared: PathBuf = std::env::var_os("PAGESIEVE_SHARED").unwrap_or_else(beside).into();
    let folder = shared.join("corpora").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!(
        "skipped: no {}; run with PAGESIEVE_SHARED=FOLDER cargo test --release --test quality -- --nocapture",
        folder.display()
    );
    None
}

fn word_f1(folder: &Path) -> f64 {
    let filter = Filter::builtin();
    let gold = GoldSet::open(folder).unwrap();
    let known = || gold.pages.iter().filter(|page| page.text.is_some());
    let f1 = known().map(|page| {
        let report = filter.check(&page.document().unwrap());
        word_prf(&report.body(), page.text.as_deref().unwrap()).f1
    });
    f1.sum::<f64>() / known().count() as f64
}

#[test]
fn a_set_that_was_not_trained_on_reaches_its_floor() {
    if cfg!(debug_assertions) {
        println!("skipped: too slow in a debug build; run with cargo test --release --test quality");
        return;
    }
    let Some(folder) = set("readability") else { return };
    let f1 = word_f1(&folder);
    assert!(f1 >= 0.94, "readability: word F1 {f1:.4}, floor 0.94");
}

//! What the built-in models and features give on the pages of the repository, compared with tables beside this file.
//!
//! `features.tsv` has a digest of each feature column, so that a feature whose meaning moves is noticed although no figure
//! of quality moves with it. `pages.tsv` has a line a page: what `Filter::check` says of it, against its labels.
//! The pages are those of `training_data`, which the models know, and those of `tests/pages`, which they do not.
//!
//! A change that is meant is written down by
//! `PAGESIEVE_BLESS=1 cargo test --release --test golden`; the difference is read in review.
#![cfg(feature = "input")]
#![expect(clippy::unwrap_used, reason = "a test fails where it panics")]

mod features;
mod pages;

use pagesieve::eval::{TrainingPage, training_pages};
use std::path::{Path, PathBuf};

/// Folders whose `pages/` are looked at.
const FOLDERS: [&str; 2] = ["training_data", "tests"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every labelled page of a folder, by name.
fn labelled_pages(folder: &str) -> Vec<TrainingPage> {
    training_pages(&root().join(folder)).unwrap_or_else(|errors| panic!("{folder}: {errors:#?}"))
}

/// Compares a table of `key <TAB> …` lines with the committed one; or writes it, when asked to.
fn compare(name: &str, table: &str, advice: &str) {
    let path: PathBuf = root().join("tests/golden").join(name);
    if std::env::var_os("PAGESIEVE_BLESS").is_some() {
        std::fs::write(&path, table).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differences = differences(&committed, table);
    assert!(
        differences.is_empty(),
        "{} lines differ from tests/golden/{name}:\n{}\n{advice}\n\
         If the change is meant: PAGESIEVE_BLESS=1 cargo test --release --test golden",
        differences.len(),
        differences.join("\n")
    );
}

/// The lines of a key that are not alike, both sides of each.
fn differences(committed: &str, found: &str) -> Vec<String> {
    let key = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    let line_of = |table: &str, wanted: &str| {
        let line = table.lines().find(|line| key(line) == wanted);
        line.unwrap_or("(none)").to_owned()
    };
    let mut keys: Vec<String> = committed.lines().chain(found.lines()).map(key).collect();
    keys.sort();
    keys.dedup();
    let pairs = keys.iter().map(|key| (key, line_of(committed, key), line_of(found, key)));
    let differ = pairs.filter(|(_, committed, found)| committed != found);
    differ.map(|(key, committed, found)| format!("{key}\n  was   {committed}\n  found {found}")).collect()
}

#[test]
fn a_line_that_differs_or_is_missing_is_named() {
    assert!(differences("a\t1\nb\t2\n", "a\t1\nb\t2\n").is_empty());
    let found = differences("a\t1\nb\t2\n", "a\t1\nb\t3\nc\t4\n");
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with('b') && found[1].contains("(none)"), "{found:?}");
}

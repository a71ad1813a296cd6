//! Every column of every block has a value, and no value depends on anything but the page.
#![cfg(feature = "input")]
#![expect(clippy::expect_used, reason = "a test fails where it panics")]

use pagesieve::features::schema::column_name;
use pagesieve::features::{BlockScores, COLUMNS, Measured, measure};
use pagesieve::input::{InputOptions, Inputs};
use pagesieve::page::{Limits, Page};
use pagesieve::{Document, Media};
use std::path::Path;

/// No page of the training data has it.
const MICRODATA: &str = "<h1>Plums</h1><div itemprop=articleBody><p>Stone them, and halve them.</div>";

fn documents() -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("training_data/pages");
    let inputs = Inputs::new([folder], InputOptions::default());
    let records = inputs.iter().flat_map(|input| input.open().expect("a page can be opened"));
    let mut documents: Vec<Document> =
        records.map(|record| record.outcome.expect("a page can be read")).collect();
    for odd in ["", "<p>", "<title>t</title>", "<ul><li><li>", "<p>一", "\u{feff}", MICRODATA] {
        documents.push(Document::html(odd));
        documents.push(Document::text(odd));
    }
    documents
}

fn measured(document: &Document) -> Measured {
    let page = Page::read(document, &Limits::default());
    let mut measured = measure(&page);
    let scores = vec![BlockScores::default(); measured.blocks()];
    measured.add_scores(&page, &scores);
    measured
}

#[test]
fn every_column_has_a_value_on_every_page() {
    for document in documents() {
        let measured = measured(&document);
        let empty = measured.rows().iter().position(|value| !value.is_finite());
        let column = empty.map(|at| column_name(at % COLUMNS));
        assert_eq!(column, None, "page `{}`", document.id());
    }
}

#[test]
fn measuring_twice_gives_the_same_numbers() {
    for document in documents() {
        let (first, second) = (measured(&document), measured(&document));
        assert!(first.rows() == second.rows(), "page `{}`", document.id());
    }
}

#[test]
fn every_column_differs_somewhere() {
    let mut values: Vec<Vec<f32>> = vec![Vec::new(); COLUMNS];
    for document in documents().iter().filter(|document| document.media() == Media::Html) {
        for row in measured(document).rows().chunks_exact(COLUMNS) {
            values.iter_mut().zip(row).for_each(|(values, value)| values.push(*value));
        }
    }
    let constant = |values: &[f32]| values.windows(2).all(|pair| pair[0].to_bits() == pair[1].to_bits());
    let dead = (0..COLUMNS).filter(|column| constant(&values[*column]));
    // Scores are all alike here: no model has been asked.
    let dead: Vec<String> = dead.map(column_name).filter(|name| !name.contains("score_")).collect();
    assert_eq!(dead, [""; 0], "columns that no page moves");
}

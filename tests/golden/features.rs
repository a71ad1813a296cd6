//! A digest of every feature column, of the hashed bags and of the blocks themselves, over all labelled pages.

use super::{FOLDERS, compare, labelled_pages};
use pagesieve::features::schema::column_name;
use pagesieve::features::{BlockScores, COLUMNS, measure};
use pagesieve::page::{Limits, Page};
use std::fmt::Write;
use xxhash_rust::xxh3::Xxh3;

/// Values are compared to so many parts of one: the last bits of a logarithm depend on the platform.
const PARTS: f32 = 10_000.0;

/// Digests by name.
#[derive(Default)]
struct Digests {
    columns: Vec<Xxh3>,
    text: Xxh3,
    kinds: Xxh3,
    markup_bags: Xxh3,
    word_bags: Xxh3,
}

impl Digests {
    fn add(&mut self, page: &Page) {
        self.columns.resize_with(COLUMNS, Xxh3::default);
        let mut measured = measure(page);
        let scores: Vec<BlockScores> = (0..measured.blocks()).map(score).collect();
        measured.add_scores(page, &scores);
        for row in measured.rows().chunks_exact(COLUMNS) {
            for (digest, value) in self.columns.iter_mut().zip(row) {
                digest.update(&((value * PARTS).round() as i64).to_le_bytes());
            }
        }
        for block in page.blocks() {
            self.text.update(block.text().as_bytes());
            self.text.update(b"\n");
            self.kinds.update(format!("{:?}\n", block.kind()).as_bytes());
        }
        let mut bag = Vec::new();
        for index in 0..measured.blocks() {
            bag.clear();
            measured.sparse().block_markup(page, index, &mut bag);
            update(&mut self.markup_bags, &bag);
            update(&mut self.word_bags, measured.sparse().block_text(index));
        }
    }

    fn table(&self) -> String {
        let mut table = String::new();
        let columns = self.columns.iter().enumerate().map(|(at, digest)| (column_name(at), digest));
        let others = [
            ("(text of blocks)", &self.text),
            ("(kinds of blocks)", &self.kinds),
            ("(bags of markup)", &self.markup_bags),
            ("(bags of words)", &self.word_bags),
        ];
        let others = others.map(|(name, digest)| (name.to_owned(), digest));
        for (name, digest) in columns.chain(others) {
            writeln!(table, "{name}\t{:016x}", digest.digest()).unwrap();
        }
        table
    }
}

fn update(digest: &mut Xxh3, bag: &[u32]) {
    digest.update(&(bag.len() as u64).to_le_bytes());
    for token in bag {
        digest.update(&token.to_le_bytes());
    }
}

/// Scores for the columns that a model's scores fill; different ones for neighbours.
fn score(index: usize) -> BlockScores {
    let spread = |factor: usize| ((index * factor) % 23) as f32 / 4.0 - 2.5;
    BlockScores { attr: spread(7), text: spread(11), both: spread(5) }
}

#[test]
fn every_feature_column_means_what_it_meant() {
    let mut digests = Digests::default();
    for page in FOLDERS.iter().flat_map(|folder| labelled_pages(folder)) {
        let document = page.page.document().unwrap();
        digests.add(&Page::read(&document, &Limits::default()));
    }
    compare(
        "features.tsv",
        &digests.table(),
        "A column that moved has another meaning: raise its revision in src/features/schema.rs (REVISION for bags and \
         blocks) and retrain with `pagesieve train`, or models read numbers that they were not fitted on.",
    );
}

//! Pages that the tests open.

use pagesieve::eval::training_pages;
use pagesieve::{Label, eval::TrainingPage};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn training_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("training_data")
}

/// A page of the training data: its source and the label of each block.
pub(crate) fn labelled(name: &str) -> (String, Vec<Option<Label>>) {
    let pages = training_pages(&training_data()).unwrap();
    let is_it = |page: &&TrainingPage| page.page.id == name;
    let page = pages.iter().find(is_it).unwrap_or_else(|| panic!("no page {name}"));
    (std::fs::read_to_string(&page.page.path).unwrap(), crate::scene::labels_of(page))
}

/// An article of a town with a long tail of another site's titles, which no line of the training data has.
pub(crate) const TAILED: &str = include_str!("tailed.txt");
/// Lines of its article, and of its tail.
pub(crate) const TAILED_LINES: (usize, usize) = (7, 16);

/// A file of the folder that is not in the repository; none where it is not there, which is said.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub(crate) fn shared(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").into();
    let folder: PathBuf = std::env::var_os("PAGESIEVE_SHARED").unwrap_or_else(beside).into();
    let file = folder.join(name);
    let found = std::fs::read_to_string(&file).ok();
    if found.is_none() {
        let file = file.display();
        println!(
            "skipped: no {file}; run with PAGESIEVE_SHARED=FOLDER cargo test --test inspector -- --nocapture"
        );
    }
    found
}

/// A page of this many blocks: paragraphs, with a menu's line after every fourth.
pub(crate) fn of_blocks(count: usize) -> String {
    let mut page = String::from("<!doctype html><title>Harbour log</title><main>");
    for number in 0..count {
        let written = if number % 5 == 4 {
            write!(page, "<ul><li><a href=\"/berth/{number}\">Berth {number}</a></ul>")
        } else {
            write!(
                page,
                "<p>Entry {number}: the tug went out at {} past six with the barge behind her, and the pilot wrote \
                 down the wind, the tide and the names of those on board.</p>",
                number % 60
            )
        };
        written.unwrap();
    }
    page + "</main>"
}

/// A page of about this many bytes, in paragraphs of a thousand words.
pub(crate) fn of_bytes(bytes: usize) -> String {
    let sentence = "The lock keeper counted the boats again and found one more than in the morning. ";
    let paragraph = format!("<p>{}</p>\n", sentence.repeat(70));
    format!(
        "<!doctype html><title>The lock</title><article>{}</article>",
        paragraph.repeat(bytes / paragraph.len())
    )
}

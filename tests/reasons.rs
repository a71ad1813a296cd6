//! `docs/reasons.md` is written from the table of reasons.

use pagesieve::{Group, Reason};
use std::fmt::Write;
use std::path::Path;

const HEAD: &str = "# Reasons\n\n\
    Why a block has its label, and a page its verdict and scores: the names that stand in `blocks[].reason` and \
    `reasons[].name` of a row.\n\
    This page is written from the table in `src/reason.rs` by `PAGESIEVE_BLESS=1 cargo test --release --test reasons`.\n";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for group in Group::ALL {
        let title = group.title();
        let _ = write!(page, "\n## {title}\n\n| name | meaning | example |\n|---|---|---|\n");
        for reason in Reason::ALL.iter().filter(|reason| reason.group() == group) {
            let example = reason.example().replace('|', "\\|");
            let _ = writeln!(page, "| `{reason}` | {} | `{example}` |", reason.meaning());
        }
    }
    page
}

#[test]
fn the_page_of_reasons_is_that_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reasons.md");
    if std::env::var_os("PAGESIEVE_BLESS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page(),
        "docs/reasons.md is not that of the table: {}",
        "run PAGESIEVE_BLESS=1 cargo test --release --test reasons"
    );
}

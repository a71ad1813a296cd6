//! The four pages that the project was asked for with. They are not in the repository: without them the test says
//! that it is skipped and how to run it.

use pagesieve::page::{Limits, Page};
use pagesieve::{Document, Filter, Label, Media};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// One line of a seed's gold file: a block of an HTML page or a line of a text.
#[derive(Deserialize)]
struct Gold {
    label: String,
    text: String,
}

#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn seeds() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").into();
    let shared: PathBuf = std::env::var_os("PAGESIEVE_SHARED").unwrap_or_else(beside).into();
    let seeds = shared.join("seeds");
    if seeds.is_dir() {
        return Some(seeds);
    }
    println!(
        "skipped: no {}; run with PAGESIEVE_SHARED=FOLDER cargo test --test seeds -- --nocapture",
        seeds.display()
    );
    None
}

fn squashed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The text of a line as the program reads it: what was misread before it was stored is restored.
fn as_read(line: &str) -> String {
    let page = Page::read(&Document::text(line), &Limits::default());
    page.blocks().map(|block| block.text()).collect::<Vec<_>>().join(" ")
}

/// The label of the block with that text.
fn label_of(labels: &[(String, Label)], text: &str) -> Label {
    let text = squashed(text);
    let equal = labels.iter().find(|(found, _)| *found == text);
    let found = equal.or_else(|| labels.iter().find(|(found, _)| found.contains(&text)));
    found.unwrap_or_else(|| panic!("no block holds `{text}`")).1
}

#[test]
fn the_body_of_each_seed_is_kept_whole_and_no_junk_with_it() {
    let Some(folder) = seeds() else { return };
    let filter = Filter::builtin();
    for (name, media) in [
        ("000.html", Media::Html),
        ("001.txt", Media::Text),
        ("002.txt", Media::Text),
        ("003.txt", Media::Text),
    ] {
        let document = Document::new(std::fs::read(folder.join(name)).unwrap()).with_media(media);
        let report = filter.check(&document);
        // The third is an article that a mirror kit has copied.
        let expected = if name == "002.txt" { "review" } else { "keep" };
        assert_eq!(report.verdict().as_str(), expected, "{name}");
        let labels: Vec<_> =
            report.blocks().map(|(block, report)| (squashed(block.text()), report.label)).collect();
        let gold = std::fs::read_to_string(folder.join(name).with_extension("gold.jsonl")).unwrap();
        for line in gold.lines() {
            let gold: Gold = serde_json::from_str(line).unwrap();
            let body = label_of(&labels, &as_read(&gold.text)).is_body();
            match gold.label.as_str() {
                "body" => assert!(body, "{name}: lost `{}`", gold.text),
                "meta" => {}
                junk => assert!(!body, "{name}: {junk} in the body: `{}`", gold.text),
            }
        }
    }
}

/// The line without the brackets that the kit put behind characters: a Han character before, one toned syllable inside.
fn without_brackets(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('(') {
        kept.push_str(before);
        let syllable = behind.split_once(')').filter(|(inside, _)| {
            let toned = inside.chars().any(|c| matches!(c, 'à'..='ü' | 'ā'..='ǜ'));
            toned && before.ends_with(|c: char| c >= '\u{4e00}') && inside.chars().all(char::is_lowercase)
        });
        if syllable.is_none() {
            kept.push('(');
        }
        rest = syllable.map_or(behind, |(_, behind)| behind);
    }
    kept + rest
}

#[test]
fn the_mirrored_seed_gives_its_article_without_the_brackets() {
    let Some(folder) = seeds() else { return };
    let document = Document::new(std::fs::read(folder.join("002.txt")).unwrap()).with_media(Media::Text);
    let report = Filter::builtin().check(&document);
    assert!(report.reasons().iter().any(|found| found.reason == pagesieve::Reason::MirroredPage));
    let gold = std::fs::read_to_string(folder.join("002.gold.jsonl")).unwrap();
    let gold = gold.lines().map(|line| serde_json::from_str::<Gold>(line).unwrap());
    let article: Vec<String> =
        gold.filter(|gold| gold.label == "body").map(|gold| without_brackets(&as_read(&gold.text))).collect();
    let body = report.body();
    assert_eq!(body.lines().collect::<Vec<_>>(), article);
    assert_eq!(report.title(), article.first().map(String::as_str));
    let repairs: Vec<&str> = report.repairs().iter().map(|repair| repair.name).collect();
    assert_eq!(repairs, ["misread_text", "pinyin_brackets"]);
}

//! Pages of HTML and of text: every answer is a row, the same one each time, with probabilities.

use super::mutation::{Random, mutated, stretch};
use pagesieve::classify::{AdRules, Rules, Script};
use pagesieve::output::{BodyFormat, RowFormat, markdown};
use pagesieve::page::{Limits, Page};
use pagesieve::{Document, Filter, Media, Report};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

const TAGS: [&[u8]; 30] = [
    b"<div>",
    b"</div>",
    b"<p>",
    b"<table><tr><td>",
    b"</table>",
    b"<li>",
    b"<ul>",
    b"<b>",
    b"<i>",
    b"<a href='/x'>",
    b"</a>",
    b"<script>",
    b"</script>",
    b"<!--",
    b"-->",
    b"<style>.a{display:none}</style>",
    b"<h1>",
    b"<br>",
    b"<svg>",
    b"<template>",
    b"<noscript>",
    b"class='ad sponsored x'",
    b"id=content",
    b"style='display:none'",
    b"&amp;",
    b"&#x4e2d;",
    "作者：".as_bytes(),
    "\u{202e}\u{200b}".as_bytes(),
    b"<meta charset=gbk>",
    b"<script type='application/ld+json'>{\"@type\":\"Article\",\"articleBody\":\"x",
];
const LINES: [&[u8]; 12] = [
    b"\n",
    b"\n\n",
    b"\r",
    b"# ",
    b"- ",
    b"| a | b |\n",
    "。".as_bytes(),
    b"\0",
    b"\xff\xfe",
    "赌场 ".as_bytes(),
    b"word ",
    "\u{feff}".as_bytes(),
];

/// The pages of the repository of one kind.
fn seeds(ends: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = ["training_data/pages", "tests/pages"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.to_string_lossy().ends_with(ends));
    assert!(!paths.is_empty());
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

static HTML: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| seeds(".html"));
static TEXT: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| seeds(".txt"));

static FILTERS: LazyLock<[Filter; 2]> = LazyLock::new(|| {
    let rules =
        Rules::default().with_drop("div:has(> a) ~ p, .ad").unwrap().with_keep("#content > p").unwrap();
    let list = "##.ad\n##.x ~ p\n##div[class^=\"ad\"]\n###content > .sponsored\n||ads.example^\n";
    let lists = AdRules::of_lists([(Path::new("list.txt"), list)]).unwrap();
    let ruled = Filter::builtin().with_rules(rules).with_ad_rules(lists).with_script(Script::Simplified);
    [Filter::builtin(), ruled]
});

pub(crate) fn html(random: &mut Random) -> Vec<u8> {
    let seed = &HTML[random.below(HTML.len())];
    mutated(stretch(seed, random), &TAGS, random)
}

pub(crate) fn text(random: &mut Random) -> Vec<u8> {
    let seed = &TEXT[random.below(TEXT.len())];
    mutated(stretch(seed, random), &LINES, random)
}

pub(crate) fn check_html(bytes: &[u8], random: &mut Random) {
    let filter = &FILTERS[usize::from(random.once_in(4))];
    check(filter, &Document::new(bytes).with_media(Media::Html).with_url("https://a.example/b/c"), random);
}

pub(crate) fn check_text(bytes: &[u8], random: &mut Random) {
    check(&FILTERS[0], &Document::new(bytes).with_media(Media::Text), random);
}

fn check(filter: &Filter, document: &Document, random: &mut Random) {
    let explained = random.once_in(4);
    let judge = || if explained { filter.explain(document) } else { filter.check(document) };
    let mut format = RowFormat::new().with_blocks();
    if random.once_in(2) {
        format = format.with_body(BodyFormat::Markdown);
    }
    let (report, again) = (judge(), judge());
    let row = row(&format, &report);
    assert_eq!(row, self::row(&format, &again), "the second answer differs");
    check_row(&row);
    check_page(report.page());
    check_page(&Page::read(document, &Limits::default().with_blocks(20).with_elements(60)));
    // Text is escaped, and addresses and indents of a small page are bounded.
    assert!(
        markdown(&report).len()
            <= 3 * report.page().source().bytes + 3 * report.body().len() + (1 << 20) + 1000
    );
}

fn row(format: &RowFormat, report: &Report) -> String {
    let mut row = Vec::new();
    format.append_report(&mut row, report);
    String::from_utf8(row).unwrap()
}

/// A row is one line of JSON whose probabilities and scores are some.
pub(crate) fn check_row(row: &str) {
    assert!(row.ends_with('\n') && row.matches('\n').count() == 1);
    let row: Value = serde_json::from_str(row).unwrap();
    let is_share = |value: &Value| value.as_f64().is_some_and(|p| (0.0..=1.0).contains(&p));
    assert!(is_share(&row["confidence"]), "{}", row["confidence"]);
    for (name, score) in row["scores"].as_object().unwrap() {
        assert!(is_share(score), "{name}: {score}");
    }
    for block in row["blocks"].as_array().into_iter().flatten() {
        assert!(is_share(&block["p"]), "{block}");
    }
}

/// Blocks and spans stand in order, on character boundaries, and are not empty.
fn check_page(page: &Page) {
    let start = page.blocks().next().map_or(0, |block| block.text().as_ptr() as usize);
    let mut end = 0;
    for block in page.blocks() {
        let at = (block.text().as_ptr() as usize).checked_sub(start).unwrap();
        assert!(at >= end && !block.text().is_empty());
        end = at + block.text().len();
        for span in block.spans() {
            assert!(
                block.text().get(span.start as usize..span.end as usize).is_some_and(|text| !text.is_empty())
            );
        }
    }
}

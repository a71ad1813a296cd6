//! Labels that people give survive whatever happens to the program, and `label --from` leads them to the next page.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails where it panics"
)]

use pagesieve::annotate::{LabelledFolder, PageFacts};
use pagesieve::eval::training_pages;
use pagesieve::page::{Limits, Page};
use pagesieve::{Document, Label};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// Pages that the writer saves again and again.
const PAGES: usize = 5;
/// Names the folder to the process that is killed.
const FOLDER: &str = "PAGESIEVE_TEST_SAVES_INTO";

/// The page of a save: every third time it has other bytes.
fn page(save: usize) -> Document {
    let text = format!("<p>Bees {}<p>dance<p>in spring {}", save % 3, "and summer ".repeat(2000));
    Document::html(text).with_url(format!("https://bees.example/{}", save % PAGES))
}

/// Labels that say which save it was.
fn labels(save: usize) -> [Label; 3] {
    [save, save / 14, save / 196].map(|digit| Label::ALL[digit % 14])
}

fn save_of(labels: &[Option<Label>]) -> usize {
    labels.iter().rev().fold(0, |save, label| save * 14 + label.unwrap() as usize)
}

fn save_for_ever(folder: &str) {
    let folder = LabelledFolder::open(folder).unwrap();
    for save in 0.. {
        folder.save(&page(save), &labels(save), &PageFacts::default()).unwrap();
        println!("saved {save}");
    }
}

/// What each page's labels say, by page.
fn loaded(folder: &Path) -> [Option<usize>; PAGES] {
    let mut found = [None; PAGES];
    for labelled in training_pages(folder).unwrap() {
        let document = labelled.page.document().unwrap();
        let read = Page::read(&document, &Limits::default());
        let save = save_of(&labelled.rules.unwrap().resolve(&read, &document).unwrap());
        assert_eq!(document.bytes(), page(save).bytes(), "the page is that of its labels");
        found[save % PAGES] = found[save % PAGES].max(Some(save));
    }
    found
}

#[test]
fn a_writer_that_is_killed_loses_no_label_and_leaves_no_half_file() {
    if let Ok(folder) = std::env::var(FOLDER) {
        return save_for_ever(&folder);
    }
    let mut most = 0;
    for round in 0..12u64 {
        let dir = tempfile::tempdir().unwrap();
        let name = "a_writer_that_is_killed_loses_no_label_and_leaves_no_half_file";
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(FOLDER, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let told = |line: String| line.rsplit_once("saved ")?.1.parse::<usize>().ok();
        let mut saved: Vec<usize> = lines.by_ref().filter_map(told).take(1 + 2 * round as usize).collect();
        std::thread::sleep(Duration::from_millis(round * 3 % 17));
        child.kill().unwrap();
        child.wait().unwrap();
        saved.extend(lines.filter_map(told));
        let found = loaded(dir.path());
        for save in &saved {
            assert!(found[save % PAGES] >= Some(*save), "save {save} of {saved:?} is lost: {found:?}");
        }
        most = most.max(saved.len());
        let folder = LabelledFolder::open(dir.path()).unwrap();
        assert!(folder.save(&page(0), &labels(0), &PageFacts::default()).is_ok(), "the next writer goes on");
        let hidden = std::fs::read_dir(dir.path().join("pages")).unwrap();
        let hidden =
            hidden.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
        assert_eq!(hidden.count(), 0, "what was left is swept");
    }
    assert!(most > 10, "{most} saves are too few to be killed in the middle of");
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pagesieve")).current_dir(folder).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const CRAWL: &str = "{\"id\":\"ferry\",\"url\":\"https://a.example/f\",\"html\":\"<title>Ferry</title><nav><p>Home</p></nav><h1>Ferry</h1>\
    <p>The harbour board said on Tuesday that the refit of the ferry will take until April, three months longer than planned.\"}\n\
    {\"id\":\"top\",\"url\":\"https://b.example/t\",\"html\":\"<p>Top</p><p>Share</p>\"}\n";

#[test]
fn the_queue_of_a_result_leads_to_its_pages() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("crawl.jsonl"), CRAWL).unwrap();
    let filtered = run(dir.path(), &["filter", "crawl.jsonl", "-o", "all.jsonl", "--blocks"]);
    assert!(filtered.status.success(), "{}", text(&filtered.stderr));
    let mut rows = text(&std::fs::read(dir.path().join("all.jsonl")).unwrap());
    rows.push_str("no row\n");
    std::fs::write(dir.path().join("all.jsonl"), &rows).unwrap();

    let listed = run(dir.path(), &["label", "--from", "all.jsonl", "--queue", "--labels", "mine", "--json"]);
    assert_eq!(listed.status.code(), Some(2), "a bad row is an error somewhere");
    assert!(text(&listed.stderr).contains("all.jsonl:"), "{}", text(&listed.stderr));
    let queue = text(&listed.stdout);
    assert_eq!(queue, text(&std::fs::read(dir.path().join("mine/queue.jsonl")).unwrap()));
    let first: serde_json::Value = serde_json::from_str(queue.lines().next().unwrap()).unwrap();
    assert_eq!((first["rank"].as_u64(), first["v"].as_u64()), (Some(1), Some(1)));
    assert!(first["uncertainty"].is_number() && first["id"].is_string());
    let one = run(dir.path(), &["label", "--from", "all.jsonl", "--queue", "--by", "order", "--limit", "1"]);
    assert_eq!(text(&one.stdout).lines().count(), 1);
    assert!(text(&one.stdout).contains("ferry"), "{}", text(&one.stdout));

    let shown = run(
        dir.path(),
        &["label", "--from", "all.jsonl", "--page", "ferry", "--pages", "crawl.jsonl", "--explain"],
    );
    let shown = text(&shown.stdout);
    assert!(shown.contains("Home") && shown.contains("html/body/nav") && shown.contains("or "), "{shown}");
    let of_row = run(dir.path(), &["label", "--from", "all.jsonl", "--page", "ferry"]);
    assert!(text(&of_row.stderr).contains("this is the text of the row"), "{}", text(&of_row.stderr));
    let missing = run(dir.path(), &["label", "--from", "all.jsonl", "--page", "none"]);
    assert!(text(&missing.stderr).contains("the result has no page `none`"), "{}", text(&missing.stderr));
    let neither = run(dir.path(), &["label", "--from", "all.jsonl"]);
    assert_eq!(neither.status.code(), Some(2));
}

#[test]
fn a_row_of_one_page_can_explain_its_blocks() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.html"), "<nav><p>Home</p></nav><h2>Bees</h2><p>Bees dance in spring.")
        .unwrap();
    let row = run(dir.path(), &["score", "--json", "--blocks", "--explain", "a.html"]);
    let row: serde_json::Value = serde_json::from_slice(&row.stdout).unwrap();
    assert_eq!(row["blocks"][1]["kind"], "heading");
    assert!(row["blocks"][0]["signs"].as_array().is_some_and(|signs| !signs.is_empty() && signs.len() <= 8));
    let refused = run(dir.path(), &["score", "--json", "--explain", "a.html"]);
    assert!(text(&refused.stderr).contains("add --blocks"), "{}", text(&refused.stderr));
}

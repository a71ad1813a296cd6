//! `pagesieve eval` on block labels, page labels and clean pages; what its report folder holds.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Standard output, standard error and the exit code of `pagesieve eval`.
    fn eval(&self, arguments: &str) -> (String, String, i32) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pagesieve"));
        command.current_dir(self.folder.path()).arg("eval").args(arguments.split_whitespace());
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }

    fn json(&self, arguments: &str) -> Value {
        let (out, err, code) = self.eval(&format!("{arguments} --json"));
        assert_eq!(code, 0, "{err}");
        serde_json::from_str(&out).unwrap()
    }
}

const ARTICLE: &str = "The council met on the old bridge and agreed to mend its third arch before the spring floods, \
    when carts from both banks have to cross it again every morning.";

/// A page whose blocks are labelled, as HTML and as text.
fn labelled_page() -> String {
    let html = format!(
        "<nav><a href=/>Home</a></nav><article><h1>The old bridge</h1><p>{ARTICLE}<p>{ARTICLE} It will cost little.</article>\
         <footer>© 2020 Bridge News. All rights reserved.</footer>"
    );
    let blocks = json!([
        {"text": "Home", "label": "nav"}, {"text": "The old bridge", "label": "title"},
        {"text": ARTICLE, "label": "body"}, {"text": format!("{ARTICLE} It will cost little."), "label": "body"},
        {"text": "© 2020 Bridge News. All rights reserved.", "label": "copyright"}
    ]);
    let text = format!("Home\nThe old bridge\n{ARTICLE}\n{ARTICLE} It will cost little.\n");
    json!({"id": "bridge", "lang": "en", "html": html, "text": text, "blocks": blocks, "label": "none"})
        .to_string()
}

#[test]
fn labelled_blocks_give_a_confusion_matrix_and_reliability_for_html_and_text() {
    let place = Place::new();
    place.write("pages.jsonl", &labelled_page());
    let found = place.json("pages.jsonl");
    let all = &found["blocks"]["pages"]["all"];
    assert_eq!((&all["pages"], &all["blocks"], &all["unknown"]), (&json!(2), &json!(9), &json!(0)));
    let legal = all["labels"].as_array().unwrap().iter().find(|label| label["label"] == "legal").unwrap();
    assert_eq!((&legal["support"], &legal["recall"]), (&json!(1), &json!(1.0)));
    assert_eq!(found["blocks"]["pages"]["HTML"]["blocks"], 5);
    assert_eq!(found["blocks"]["pages"]["text"]["body"]["count"], 4);
    let (table, ..) = place.eval("pages.jsonl");
    assert!(table.contains("labels of pages") && table.contains("macro F1"), "{table}");
}

#[test]
fn sets_with_gold_text_give_reliability_without_labels() {
    let place = Place::new();
    place.write("set/html/p.html", &format!("<p>{ARTICLE}<footer>All rights reserved.</footer>"));
    place.write("set/gold.jsonl", &json!({"id": "p", "text": ARTICLE}).to_string());
    let all = &place.json("set")["blocks"]["set"]["all"];
    assert_eq!((&all["blocks"], &all["body"]["base_rate"]), (&json!(2), &json!(0.5)));
    assert!(all.get("confusion").is_none(), "{all}");
}

#[test]
fn training_data_gives_labels_of_pages_and_of_lines() {
    let place = Place::new();
    let header = "# url: https://tea.example/\n# type: article\n# lang: zh\n";
    place.write("data/pages/zh-tea.txt", "采茶要在清晨\n版权所有");
    place.write("data/pages/zh-tea.labels", &format!("{header}body\t采茶要在清晨\nlegal\t版权所有\n"));
    place.write("data/lines/zh.tsv", "ad\tzh\t买茶\nlegal\tzh\t版权所有 侵权必究\n");
    let found = place.json("data");
    assert_eq!(found["blocks"]["data"]["all"]["blocks"], 2);
    assert_eq!(found["blocks"]["data lines"]["all"]["pages"], 2);
    fs::remove_dir_all(place.path("data/pages")).unwrap();
    let found = place.json("data");
    assert_eq!((&found["sets"], &found["blocks"]["data lines"]["all"]["pages"]), (&json!({}), &json!(2)));
}

#[test]
fn clean_pages_that_are_dropped_are_false_alarms_with_their_reasons() {
    let place = Place::new();
    let clean = json!({"id": "void", "text": ""});
    place.write("clean.jsonl", &clean.to_string());
    place.write("marked.jsonl", &format!("{}\n{}", labelled_page(), json!({"text": "", "label": "error"})));
    let (table, _, code) = place.eval("--pages marked.jsonl --clean clean.jsonl");
    assert_eq!(code, 0);
    let squeezed = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(squeezed.contains("drop 1 2 0.7500 1.0000 0.5000 1"), "{table}");
    assert!(squeezed.contains("void clean verdict 1.000 no_text"), "{table}");
    assert!(place.json("--clean clean.jsonl --threshold 1")["pages"]["false_alarms"][0]["id"] == "void");
}

#[test]
fn the_report_names_its_command_and_holds_what_it_shows() {
    let place = Place::new();
    place.write("pages.jsonl", &labelled_page());
    let (_, err, code) = place.eval("pages.jsonl --pages pages.jsonl --report out/report");
    assert_eq!(code, 0, "{err}");
    let report = fs::read_to_string(place.path("out/report/report.md")).unwrap();
    assert!(
        report.contains("- command: `pagesieve eval pages.jsonl --pages pages.jsonl --report out/report`")
    );
    for part in [
        "judged with: `profile balanced, model ",
        "| all | 2 | 9 |",
        "### False alarms: 0",
        "pages-confusion.svg",
    ] {
        assert!(report.contains(part), "{part} in {report}");
    }
    let charts = fs::read_dir(place.path("out/report")).unwrap().flatten();
    let charts = charts.filter(|file| file.path().extension().is_some_and(|ending| ending == "svg"));
    assert_eq!(charts.count(), 4);
    place.write("file", "");
    let (_, err, code) = place.eval("pages.jsonl --report file/report");
    assert!(code == 2 && err.contains("file/report"), "{err}");
}

#[test]
fn what_cannot_be_measured_is_told_in_a_line() {
    let place = Place::new();
    place.write("bad.jsonl", "{\"text\":\"x\",\"label\":\"menu\"}");
    for (arguments, part) in [
        ("bad.jsonl", "bad.jsonl:1: unknown label `menu`"),
        ("--pages bad.jsonl", "bad.jsonl:1: unknown page label `menu`"),
        ("--clean nowhere", "nowhere"),
        ("--clean bad.jsonl --threshold 2", "from 0 to 1"),
        ("", "required"),
    ] {
        let (_, err, code) = place.eval(arguments);
        assert!(code == 2 && err.contains(part), "{arguments}: {code} {err}");
    }
}

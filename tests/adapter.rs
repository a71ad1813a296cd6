//! Adapters: the file, what they are bound to, and that corrected pages bring a site family right.
#![cfg(feature = "train")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails where it panics; its pages are small"
)]

#[allow(dead_code, reason = "the experiment uses all of it")]
#[expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails where it panics")]
#[path = "families/render.rs"]
mod render;

use pagesieve::eval::word_prf;
use pagesieve::model::{Adapter, KindModel, Model};
use pagesieve::train::{Adaptation, Dataset, Options};
use pagesieve::{Document, Filter, Label};
use render::{Family, PAGES, Sites};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;

const FAMILY: &str = "en-widget-column";
const CORRECTED: usize = 2;

fn run(family: &str, folder: &Path) -> (Dataset, Adaptation<'static>) {
    Family::open(family).write(folder, 0..PAGES, Sites::One);
    let dataset = Dataset::open(&[folder]).unwrap();
    let go_on = &|_: &str| ControlFlow::Continue(());
    let run = Adaptation::load(&dataset, &Filter::builtin(), Options::default(), go_on).unwrap();
    (dataset, run)
}

/// An adapter that saw the first pages of the family.
fn adapter() -> &'static Adapter {
    static ADAPTER: OnceLock<Adapter> = OnceLock::new();
    ADAPTER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        run(FAMILY, folder.path()).1.adapter(|at| at < CORRECTED).unwrap()
    })
}

fn problem(bytes: &[u8]) -> String {
    Adapter::from_bytes("my.model", bytes).unwrap_err().to_string()
}

#[test]
fn an_adapter_is_written_and_read_back() {
    let bytes = adapter().to_bytes().unwrap();
    let read = Adapter::from_bytes("adapter", &bytes).unwrap();
    assert_eq!(read.to_bytes().unwrap(), bytes);
    assert!(read.corrections().len() > 100);
}

#[test]
fn a_changed_byte_another_schema_and_another_kind_of_model_are_refused() {
    let mut bytes = adapter().to_bytes().unwrap();
    let at = bytes.len() - 20;
    bytes[at] ^= 1;
    assert!(problem(&bytes).contains("my.model`: the checksum does not fit"), "{}", problem(&bytes));
    assert!(problem(&bytes[..bytes.len() / 2]).contains("checksum"), "{}", problem(&bytes));

    let mut other = adapter().clone();
    other.schema = "0123456789abcdef".to_owned();
    let found = problem(&other.to_bytes().unwrap());
    assert!(found.contains("schema of clues 0123456789abcdef") && found.contains("train --base"), "{found}");
    assert!(Adapter::from_bytes("kinds", include_bytes!("../models/kinds.model")).is_err());
}

#[test]
fn an_adapter_works_with_no_other_base_than_its_own() {
    let mut other = Model::clone(&Model::builtin());
    other.licence = "another".to_owned();
    let filter = Filter::new(other).with_kinds(KindModel::builtin());
    let found = filter.with_adapter(adapter().clone()).unwrap_err().to_string();
    assert!(found.contains("model of blocks") && found.contains("pagesieve train --base"), "{found}");
    assert!(Filter::new(Model::builtin()).with_adapter(adapter().clone()).is_err());
    assert!(Filter::builtin().with_adapter(adapter().clone()).is_ok());
}

#[test]
fn the_same_pages_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let again = run(FAMILY, folder.path()).1.adapter(|at| at < CORRECTED).unwrap();
    assert_eq!(again.to_bytes().unwrap(), adapter().to_bytes().unwrap());
}

#[test]
fn an_adapter_moves_next_to_nothing_on_a_page_that_shares_no_template_with_the_corrected_ones() {
    let with = Filter::builtin().with_adapter(adapter().clone()).unwrap();
    let page =
        Document::text("溪水今年来得早\n村里的人在桥头种下了三排柳树，孩子们给每一棵都挂了名牌。\n版权所有");
    let said =
        |filter: &Filter| filter.check(&page).blocks().map(|(_, said)| said.clone()).collect::<Vec<_>>();
    let before = said(&Filter::builtin());
    for (before, after) in before.iter().zip(said(&with)) {
        assert_eq!((before.label, before.reason), (after.label, after.reason));
        assert!((before.body_probability - after.body_probability).abs() < 0.03);
    }
    assert_eq!(said(&with.without_adapter()), before);
}

#[test]
fn a_family_that_the_built_in_models_get_wrong_comes_right_after_two_pages() {
    let folder = tempfile::tempdir().unwrap();
    let (dataset, run) = run(FAMILY, folder.path());
    let sealed: Vec<usize> = (CORRECTED..PAGES).collect();
    let f1 = |filter: &Filter| {
        let pages = run.judge(filter, &sealed);
        pages.iter().map(|page| page.word_f1).sum::<f64>() / pages.len() as f64
    };
    assert!(f1(&Filter::builtin()) < 0.7);
    let with = Filter::builtin().with_adapter(adapter().clone()).unwrap();
    assert!(f1(&with) > 0.95, "{}", f1(&with));

    // the same page as a file without URL
    let document = dataset.examples[PAGES - 1].document().unwrap();
    let body = with.check(&document).body();
    let unknown = Document::html(document.bytes().to_vec());
    assert!(word_prf(&with.check(&unknown).body(), &body).f1 > 0.9);
}

#[test]
fn a_correction_wins_against_a_rule_that_overrules_the_models() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("pages");
    std::fs::create_dir_all(&pages).unwrap();
    let page = |name: &str| {
        format!(
            "<html><body><div class='menu'><a href='/'>Home</a></div><div class='poem'><p>The {name} stood by the water \
             all day and nobody came to fetch it, though the ferry ran on time and the bell was rung.</p>\
             <p class='line'>All rights reserved</p><p>In the evening the {name} was gone, and the landing lay as empty \
             as it had been before the spring.</p></div></body></html>"
        )
    };
    let labels = "# url: https://poems.example/\n# type: article\n# lang: en\nnav\t@ .menu\nbody\t@ .poem\n";
    for name in ["lantern", "basket", "ladder"] {
        std::fs::write(pages.join(format!("en-{name}.html")), page(name)).unwrap();
        std::fs::write(pages.join(format!("en-{name}.labels")), labels).unwrap();
    }
    let dataset = Dataset::open(&[folder.path()]).unwrap();
    let go_on = &|_: &str| ControlFlow::Continue(());
    let run = Adaptation::load(&dataset, &Filter::builtin(), Options::default(), go_on).unwrap();
    let adapter = run.adapter(|_| true).unwrap();
    let document = Document::html(page("kettle")).with_url("https://poems.example/kettle");
    let line = |filter: &Filter| {
        let report = filter.check(&document);
        let line = report.blocks().find(|(block, _)| block.text() == "All rights reserved").unwrap();
        (line.1.label, line.1.reason)
    };
    assert_eq!(line(&Filter::builtin()).0, Label::Legal);
    assert_eq!(
        line(&Filter::builtin().with_adapter(adapter).unwrap()),
        (Label::Body, pagesieve::Reason::Corrections)
    );
}

#[test]
fn training_can_be_broken_off_and_needs_pages() {
    let folder = tempfile::tempdir().unwrap();
    Family::open(FAMILY).write(folder.path(), 0..2, Sites::One);
    let dataset = Dataset::open(&[folder.path()]).unwrap();
    let stop = &|_: &str| ControlFlow::Break(());
    let adapt = |dataset: &Dataset| {
        let found = pagesieve::train::adapt(dataset, &Filter::builtin(), Options::default(), stop);
        found.unwrap_err()[0].to_string()
    };
    assert!(adapt(&dataset).contains("broken off"));
    assert!(adapt(&Dataset::default()).contains("expected labelled pages"));
}

#[test]
fn figures_before_and_after_are_of_the_same_pages() {
    let folder = tempfile::tempdir().unwrap();
    Family::open(FAMILY).write(folder.path(), 0..4, Sites::One);
    let dataset = Dataset::open(&[folder.path()]).unwrap();
    let go_on = &|_: &str| ControlFlow::Continue(());
    let found = pagesieve::train::adapt(&dataset, &Filter::builtin(), Options::default(), go_on).unwrap();
    let of = |sets: &[pagesieve::train::SetFigures]| -> Vec<_> {
        sets.iter().map(|set| (set.set.clone(), set.seen, set.pages, set.blocks)).collect()
    };
    assert_eq!(of(&found.before), of(&found.after));
    assert_eq!(found.after.len(), 3);
    assert!(found.after[1].word_f1 > found.before[1].word_f1, "{found:?}");
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["after"][1]["seen"], "site");
}

#[cfg(feature = "cli")]
mod command {
    use super::*;
    use std::process::{Command, Output};

    fn run(folder: &Path, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pagesieve"));
        command.current_dir(folder).args(arguments.split_whitespace()).output().unwrap()
    }

    fn said(output: &Output) -> String {
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }

    #[test]
    fn train_with_a_base_writes_an_adapter_that_model_and_label_know() {
        let folder = tempfile::tempdir().unwrap();
        Family::open(FAMILY).write(&folder.path().join("mine"), 0..4, Sites::One);
        let run = |arguments: &str| run(folder.path(), arguments);
        let trained = run("train mine -o out --base builtin -q");
        assert!(
            trained.status.success() && said(&trained).contains("other pages of the site seen"),
            "{}",
            said(&trained)
        );
        assert!(run("train mine -o again --base builtin -q").status.success());
        let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        assert_eq!(read("out/adapter.model"), read("again/adapter.model"));
        assert!(said(&run("model show out/adapter.model")).contains("fitted on blocks"));
        assert!(said(&run("model verify out/adapter.model")).contains("whole"));

        let body = |model: &str| said(&run(&format!("body {model} mine/pages/{FAMILY}-0.html")));
        assert_ne!(body("--model out"), body(""));
        let mut bytes = read("out/adapter.model");
        bytes[5000] ^= 1;
        std::fs::write(folder.path().join("out/adapter.model"), bytes).unwrap();
        let damaged = run("model verify out/adapter.model");
        assert_eq!((damaged.status.code(), said(&damaged).contains("checksum")), (Some(2), true));
        assert_eq!(run("train mine -o out --base nowhere -q").status.code(), Some(2));
    }
}

//! The model file: the built-in one opens, and no damage passes for a model.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it panics")]

use pagesieve::model::{
    Adapter, Correction, Forest, KINDS as LABELS, KindModel, Link, Model, ModelFile, Node,
};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

const BUILTIN: &[u8] = include_bytes!("../models/blocks.model");
const KINDS: &[u8] = include_bytes!("../models/kinds.model");

/// The file with an edited header, and a checksum that fits.
fn edited(bytes: &[u8], edit: impl FnOnce(&mut Value)) -> Vec<u8> {
    let start = header_end(bytes);
    let mut header: Value = serde_json::from_slice(&bytes[16..start]).unwrap();
    edit(&mut header);
    let header = serde_json::to_vec(&header).unwrap();
    let mut file = bytes[..12].to_vec();
    file.extend((header.len() as u32).to_le_bytes());
    file.extend(header);
    file.extend(&bytes[start..bytes.len() - 8]);
    with_checksum(file)
}

/// Where the arrays begin.
fn header_end(bytes: &[u8]) -> usize {
    16 + u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize
}

fn with_checksum(mut file: Vec<u8>) -> Vec<u8> {
    let sum = xxh3_64(&file);
    file.extend(sum.to_le_bytes());
    file
}

fn kinds_problem(bytes: &[u8]) -> String {
    KindModel::from_bytes("test", bytes).err().map(|error| error.to_string()).unwrap_or_default()
}

fn list<'h>(header: &'h mut Value, name: &str) -> &'h mut Vec<Value> {
    header[name].as_array_mut().unwrap()
}

/// The file of an adapter of two corrections.
fn adapter() -> Vec<u8> {
    let correction = |body| Correction { body, kinds: [0.25; LABELS] };
    let corrections = [(3, correction(1.0)), (9, correction(-2.0))].into();
    Adapter::new(&Model::builtin(), &KindModel::builtin(), corrections).unwrap().to_bytes().unwrap()
}

fn adapter_problem(bytes: &[u8]) -> String {
    Adapter::from_bytes("test", bytes).err().map(|error| error.to_string()).unwrap_or_default()
}

/// An edit of a header, and what the message must say.
type Edit = (fn(&mut Value), &'static str);

#[test]
fn a_model_of_kinds_with_other_labels_columns_or_weights_is_refused_by_name() {
    let edits: [Edit; 12] = [
        (|header| list(header, "labels").reverse(), "label 0 is `ui` in the file and `body` in this build"),
        (|header| list(header, "labels").truncate(13), "label 13 is `none`"),
        (|header| list(header, "columns").swap(0, 1), "context column 0 is `words.meta`"),
        (|header| list(header, "columns")[17] = json!("near.xyz"), "context column 17 is `near.xyz`"),
        (|header| drop(list(header, "columns").remove(0)), "context column 0 is `words.meta`"),
        (|header| list(header, "columns").push(json!("more")), "context column 122 is `more`"),
        (|header| list(header, "page_columns").swap(3, 4), "page column 3 is `head`"),
        (
            |header| drop(header["pages"]["scam"]["weights"].as_array_mut().unwrap().pop()),
            "page score `scam`",
        ),
        (|header| header["label_calibration"]["weights"] = json!([]), "label calibration: expected 14"),
        (
            |header| header["label_calibration"]["weights"][3] = json!(1e300),
            "label calibration: value 3 is no finite number",
        ),
        (|header| header["biases"] = json!([0.0]), "biases: expected 14 numbers, found 1; retrain"),
        (|header| header["task"] = json!("nonsense"), "expected a model of `kinds`"),
    ];
    assert_eq!(kinds_problem(&edited(KINDS, |_| {})), "");
    for (edit, said) in edits {
        let found = kinds_problem(&edited(KINDS, edit));
        assert!(found.contains(said) && found.lines().count() == 1, "expected `{said}`, found `{found}`");
    }
}

#[test]
fn a_model_of_kinds_with_weights_that_are_no_numbers_is_refused() {
    let mut bytes = KINDS[..KINDS.len() - 8].to_vec();
    let context = header_end(&bytes);
    bytes[context + 4..context + 8].copy_from_slice(&f32::NAN.to_le_bytes());
    let found = kinds_problem(&with_checksum(bytes));
    assert!(found.contains("context: value 1 is no finite number"), "{found}");
}

#[test]
fn weights_whose_sums_would_be_no_numbers_are_refused() {
    let blocks: [Edit; 4] = [
        (|header| header["html_calibration"]["weights"][2] = json!(1e38), "HTML blocks: value 2 is over 1e9"),
        (|header| header["weights"]["attr"]["scale"] = json!(-2e38), "weights.attr: value 0 is over 1e9"),
        (|header| header["biases"]["both"] = json!(3e38), "biases: value 2 is over 1e9"),
        (|header| header["forests"]["html"]["base"] = json!(2e9), "base: value 0 is over 1e9"),
    ];
    for (edit, said) in blocks {
        let found = problem(&edited(BUILTIN, edit));
        assert!(found.contains(said), "expected `{said}`, found `{found}`");
    }
    let mut bytes = KINDS[..KINDS.len() - 8].to_vec();
    let context = header_end(&bytes);
    bytes[context..context + 4].copy_from_slice(&f32::MAX.to_le_bytes());
    let found = kinds_problem(&with_checksum(bytes));
    assert!(found.contains("context: value 0 is over 1e9"), "{found}");
    let leaf = Node { value: 1e30, left: 0, column: 0 };
    assert!(Forest::new(Link::Logistic, 0.0, vec![0], vec![leaf], 4).is_err());
    let cut = Node { value: 1e30, left: 1, column: 0 };
    let leaves = [Node { value: 1.0, ..leaf }; 2];
    assert!(Forest::new(Link::Logistic, 0.0, vec![0], [&[cut][..], &leaves].concat(), 4).is_ok());
}

#[test]
fn a_model_of_blocks_of_another_task_label_or_calibration_is_refused_by_name() {
    let edits: [Edit; 9] = [
        (
            |header| header["task"] = json!("nonsense"),
            "expected a model of `blocks`, found one of `nonsense`",
        ),
        (
            |header| list(header, "labels").reverse(),
            "label 0 is `body` in the file and `other` in this build",
        ),
        (|header| list(header, "labels").clear(), "label 0 is `none`"),
        (|header| header["positive"] = json!("other"), "positive label 0 is `other`"),
        (|header| list(header, "columns").swap(0, 1), "column 0 is `tokens` in the file and `chars`"),
        (
            |header| header["html_calibration"]["weights"] = json!([]),
            "calibration of HTML blocks: expected 3",
        ),
        (|header| header["text_calibration"]["weights"] = json!([1.0]), "calibration of text blocks"),
        (
            |header| header["empty"]["intercept"] = json!(1e300),
            "model of empty pages: value 0 is no finite number",
        ),
        (|header| header["empty"]["weights"] = json!([1.0, 2.0]), "model of empty pages: expected 11"),
    ];
    assert_eq!(problem(&edited(BUILTIN, |_| {})), "");
    for (edit, said) in edits {
        let found = problem(&edited(BUILTIN, edit));
        assert!(found.contains(said) && found.lines().count() == 1, "expected `{said}`, found `{found}`");
    }
}

#[test]
fn an_adapter_of_other_labels_schema_or_task_or_with_damaged_corrections_is_refused_by_name() {
    let edits: [Edit; 6] = [
        (
            |header| list(header, "labels").reverse(),
            "label 0 is `ui` in the file and `body` in this build; train",
        ),
        (|header| drop(list(header, "labels").pop()), "label 13 is `none`"),
        (|header| header["schema"] = json!("00"), "schema of clues 00, this build has"),
        (|header| header["tokens"] = json!(3), "tokens: expected 3 numbers, found 2"),
        (|header| header["task"] = json!("kinds"), "expected a model of `adapter`, found one of `kinds`"),
        (|header| drop(header.as_object_mut().unwrap().remove("blocks")), "missing field `blocks`"),
    ];
    let whole = adapter();
    assert_eq!(adapter_problem(&edited(&whole, |_| {})), "");
    for (edit, said) in edits {
        let found = adapter_problem(&edited(&whole, edit));
        assert!(found.contains(said) && found.lines().count() == 1, "expected `{said}`, found `{found}`");
    }
    // arrays stand in the order of their names: `body`, `kinds`, `tokens`
    let with = |at: usize, value: [u8; 4]| {
        let mut bytes = whole[..whole.len() - 8].to_vec();
        let at = header_end(&whole) + 4 * at;
        bytes[at..at + 4].copy_from_slice(&value);
        adapter_problem(&with_checksum(bytes))
    };
    let nan = f32::NAN.to_le_bytes();
    assert!(with(1, nan).contains("body: value 1 is no finite number"), "{}", with(1, nan));
    assert!(with(5, nan).contains("kinds: value 3 is no finite number"), "{}", with(5, nan));
    let token = 9u32.to_le_bytes();
    assert!(with(2 + 2 * LABELS, token).contains("out of order"), "{}", with(2 + 2 * LABELS, token));
}

#[test]
fn files_are_told_apart_by_the_task_in_their_header() {
    let adapter = adapter();
    let opened = |bytes: &[u8]| ModelFile::from_bytes("test", bytes);
    assert!(matches!(opened(BUILTIN), Ok(ModelFile::Blocks(_))));
    assert!(matches!(opened(KINDS), Ok(ModelFile::Kinds(_))));
    assert!(matches!(opened(&adapter), Ok(ModelFile::Adapter(_))));
    // what else the header says does not matter
    let licence = |header: &mut Value| header["licence"] = json!("\"adapter\"");
    assert!(matches!(opened(&edited(KINDS, licence)), Ok(ModelFile::Kinds(_))));
    let other = opened(&edited(KINDS, |header| header["task"] = json!("nonsense"))).unwrap_err().to_string();
    assert!(other.contains("`blocks`, `kinds` or `adapter`, found one of `nonsense`"), "{other}");
    let kinds_as_blocks = problem(KINDS);
    assert!(
        kinds_as_blocks.contains("expected a model of `blocks`, found one of `kinds`"),
        "{kinds_as_blocks}"
    );
    assert!(problem(&adapter).contains("found one of `adapter`"));
}

#[test]
fn a_part_that_is_missing_is_named() {
    let found =
        problem(&edited(BUILTIN, |header| drop(header["forests"].as_object_mut().unwrap().remove("text"))));
    assert!(found.contains("forest `text` is missing"), "{found}");
    let found =
        problem(&edited(BUILTIN, |header| drop(header["weights"].as_object_mut().unwrap().remove("attr"))));
    assert!(found.contains("weights `attr` are missing"), "{found}");
    let without = |name: &str| {
        kinds_problem(&edited(KINDS, |header| drop(header.as_object_mut().unwrap().remove(name))))
    };
    for name in ["labels", "biases", "columns", "label_calibration", "page_columns"] {
        assert!(without(name).contains(&format!("missing field `{name}`")), "{}", without(name));
    }
}

#[test]
fn a_model_of_another_format_version_is_refused_with_what_to_do() {
    let older = |bytes: &[u8]| {
        let mut bytes = bytes[..bytes.len() - 8].to_vec();
        bytes[8] = 0;
        with_checksum(bytes)
    };
    for found in [problem(&older(BUILTIN)), kinds_problem(&older(KINDS)), adapter_problem(&older(&adapter()))]
    {
        assert!(found.contains("format version 0") && found.contains("retrain"), "{found}");
    }
}

fn problem(bytes: &[u8]) -> String {
    match Model::from_bytes("test", bytes) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

/// The file with `from` replaced by `to` (of equal length) in its header, and a checksum that fits.
fn with_header(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = BUILTIN[..BUILTIN.len() - 8].to_vec();
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    with_checksum(bytes)
}

#[test]
fn files_of_all_tasks_are_written_back_alike() {
    let model = Model::from_bytes("built-in", BUILTIN).unwrap();
    assert!(model.to_bytes().unwrap() == BUILTIN && model.positive == "body");
    assert!(KindModel::from_bytes("built-in", KINDS).unwrap().to_bytes().unwrap() == KINDS);
    let adapter = adapter();
    assert!(Adapter::from_bytes("adapter", &adapter).unwrap().to_bytes().unwrap() == adapter);
}

#[test]
fn a_changed_byte_is_found_wherever_it_is() {
    for at in (0..BUILTIN.len()).step_by(BUILTIN.len() / 300) {
        let mut bytes = BUILTIN.to_vec();
        bytes[at] ^= 0x20;
        assert!(!problem(&bytes).is_empty(), "a change at byte {at} went unseen");
    }
}

#[test]
fn a_cut_file_is_refused() {
    for length in (0..BUILTIN.len()).step_by(BUILTIN.len() / 200) {
        assert!(!problem(&BUILTIN[..length]).is_empty(), "{length} bytes passed for a model");
    }
}

#[test]
fn another_feature_schema_is_named_with_what_to_do() {
    let model = Model::from_bytes("built-in", BUILTIN).unwrap();
    let schema = model.schema.clone();
    let other = schema.replace(|c: char| c != '0', "0");
    let found = problem(&with_header(&schema, &other));
    assert!(found.contains("feature schema") && found.contains("retrain"), "{found}");
    let renamed = with_header("\"link_density\"", "\"link_dansity\"");
    let mut both = renamed[..renamed.len() - 8].to_vec();
    let at = both.windows(schema.len()).position(|window| window == schema.as_bytes()).unwrap();
    both[at..at + schema.len()].copy_from_slice(other.as_bytes());
    let found = problem(&with_checksum(both));
    assert!(found.contains("`link_dansity`") && found.contains("`link_density`"), "{found}");
}

#[test]
fn trees_that_lead_backwards_or_outside_are_refused() {
    use pagesieve::model::{Forest, Link, Node};
    let leaf = Node { value: 1.0, left: 0, column: 0 };
    let cut = |left, column| Node { value: 0.5, left, column };
    let forest = |nodes| Forest::new(Link::Logistic, 0.0, vec![0], nodes, 4);
    assert!(forest(vec![cut(1, 3), leaf, leaf]).is_ok());
    assert!(forest(vec![cut(2, 3), leaf, leaf]).is_err());
    assert!(forest(vec![cut(1, 4), leaf, leaf]).is_err());
    assert!(forest(vec![leaf, cut(1, 0), leaf]).is_err());
    assert!(Forest::new(Link::Logistic, 0.0, vec![3], vec![leaf], 4).is_err());
}

#[test]
fn rows_side_by_side_are_judged_as_rows_by_themselves() {
    use pagesieve::features::COLUMNS;
    let model = Model::from_bytes("built-in", BUILTIN).unwrap();
    let rows: Vec<f32> = (0..COLUMNS * 37).map(|n| ((n * 7919) % 101) as f32 / 25.0 - 1.0).collect();
    let together = model.part.forests.html.log_odds_of_rows(&rows, COLUMNS);
    for (row, together) in rows.chunks_exact(COLUMNS).zip(together) {
        let alone = model.part.forests.html.log_odds(row);
        assert!(
            (alone - together).abs() < 1e-3 || together < -4.0 && alone < -1.0,
            "{alone} against {together}"
        );
    }
}

//! The model file: the built-in one opens, and no damage passes for a model.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it panics")]

use pagesieve::model::Model;
use xxhash_rust::xxh3::xxh3_64;

const BUILTIN: &[u8] = include_bytes!("../models/blocks.model");

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
    let sum = xxh3_64(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

#[test]
fn the_builtin_model_opens_and_is_written_back_alike() {
    let model = Model::from_bytes("built-in", BUILTIN).unwrap();
    assert_eq!(model.to_bytes().unwrap(), BUILTIN);
    assert_eq!(model.header.positive, "body");
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
    let schema = model.header.schema.clone();
    let other = schema.replace(|c: char| c != '0', "0");
    let found = problem(&with_header(&schema, &other));
    assert!(found.contains("feature schema") && found.contains("retrain"), "{found}");
    let renamed = with_header("\"link_density\"", "\"link_dansity\"");
    let mut both = renamed[..renamed.len() - 8].to_vec();
    let at = both.windows(schema.len()).position(|window| window == schema.as_bytes()).unwrap();
    both[at..at + schema.len()].copy_from_slice(other.as_bytes());
    let sum = xxh3_64(&both);
    both.extend(sum.to_le_bytes());
    let found = problem(&both);
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
    let together = model.html.log_odds_of_rows(&rows, COLUMNS);
    for (row, together) in rows.chunks_exact(COLUMNS).zip(together) {
        let alone = model.html.log_odds(row);
        assert!(
            (alone - together).abs() < 1e-3 || together < -4.0 && alone < -1.0,
            "{alone} against {together}"
        );
    }
}

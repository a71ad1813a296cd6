//! The sentence with which the mirror kit opens its list of links: `models/lexicon/closing.tsv`.

use super::table::{BadLine, Row, rows, shipped};
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/closing.tsv");
const COLUMNS: [&str; 3] = ["part", "word", "source"];

/// The words of a sentence, by its parts.
type Parts = [Vec<&'static str>; 4];

static PARTS: LazyLock<Parts> = LazyLock::new(|| shipped(parts(TABLE)));

/// The sentence in its parts; one word of each stands in it, in this order.
pub(crate) fn closing_parts() -> &'static [Vec<&'static str>] {
    &*PARTS
}

fn parts(text: &'static str) -> Result<Parts, BadLine> {
    let mut parts = Parts::default();
    for Row { line, cells: [part, word, _] } in rows(text, COLUMNS)? {
        let [first, second, third, fourth] = &mut parts;
        let words = match part {
            "1" => first,
            "2" => second,
            "3" => third,
            "4" => fourth,
            _ => return Err(BadLine::unknown(line, "part", part, &["1", "2", "3", "4"])),
        };
        words.push(word);
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_words() {
        assert!(parts(TABLE).unwrap().iter().all(|words| words.len() > 1));
    }

    #[test]
    fn a_bad_line_is_named_with_what_to_do() {
        for part in ["0", "5", "one"] {
            let table = format!("part\tword\tsource\n{part}\t感谢\thand\n");
            let found = parts(table.leak()).unwrap_err().to_string();
            assert_eq!(found, format!("line 2: part {part:?} is unknown; write one of: 1, 2, 3, 4"));
        }
    }
}

//! Noise tags that an extractor left in a text as they stood: `<mark id="vd61v"><dl id="vd61v"></dl></mark>`.

use crate::classify::kind::is_noise_tag;
use std::ops::Range;

/// Elements inside each other; the kit nests up to three.
const DEEPEST: usize = 8;
/// Bytes of a tag.
const LONGEST_TAG: usize = 64;

/// The runs of whole, empty noise elements in a text, in bytes.
pub(super) fn runs(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = memchr::memchr(b'<', text.as_bytes().get(at..).unwrap_or_default()) {
        let start = at + start;
        at = start + 1;
        if let Some(length) = text.get(start..).and_then(run) {
            at = start + length;
            found.push(start..at);
        }
    }
    found
}

/// How many noise elements a run opens.
pub(super) fn elements(run: &str) -> usize {
    run.matches('<').count() - run.matches("</").count()
}

/// The ids of the elements of a run.
pub(super) fn ids(run: &str) -> impl Iterator<Item = &str> {
    let values = run.split("id=").skip(1);
    values.filter_map(|value| value.trim_start_matches(['"', '\'']).split(['"', '\'', '>']).next())
}

/// The bytes of the noise elements at the start of a text.
fn run(text: &str) -> Option<usize> {
    let (mut rest, mut open, mut whole) = (text, 0_usize, None);
    while let Some((inner, behind)) = tag(rest) {
        open = match inner.starts_with('/') {
            true if open > 0 => open - 1,
            false if open < DEEPEST && is_noise_tag(inner) => open + 1,
            _ => break,
        };
        if open == 0 {
            whole = Some(text.len() - behind.len());
        }
        rest = behind.trim_start_matches([' ', '\t', '\n', '\r']);
    }
    whole
}

/// The inside of the tag at the start of a text, and what stands behind it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('<')?;
    let end = text.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')?;
    let (inner, behind) = text.split_at_checked(end)?;
    Some((inner, behind.strip_prefix('>')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        runs(text).into_iter().map(|range| text.get(range).unwrap()).collect()
    }

    #[test]
    fn whole_empty_elements_are_found_between_words() {
        let text =
            "前<sub id=\"k2f9w\"><ol id=\"k2f9w\"></ol></sub> <u id=\"k2f9w\"></u>後<b id='k2f9w'></b>";
        assert_eq!(
            found(text),
            ["<sub id=\"k2f9w\"><ol id=\"k2f9w\"></ol></sub> <u id=\"k2f9w\"></u>", "<b id='k2f9w'></b>"]
        );
        assert_eq!(found(text).into_iter().map(elements).sum::<usize>(), 4);
        assert_eq!(found(text).into_iter().flat_map(ids).collect::<Vec<_>>(), ["k2f9w"; 4]);
    }

    #[test]
    fn open_elements_and_elements_with_text_stay() {
        for text in ["<sub id=\"k2f9w\">", "<p id=\"k2f9w\">字</p>", "<p></p>", "a < b > c", "</sub>", "<<<"]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_long_row_of_open_tags_takes_linear_time() {
        let text = "<u id=\"k2f9w\">".repeat(200_000);
        assert_eq!(found(&text), [""; 0]);
    }
}

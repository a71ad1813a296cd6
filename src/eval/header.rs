//! The `# key: value` lines at the start of a file of training data.

use super::files::wrong;
use crate::Error;
use std::path::Path;

/// A header: its entries and how many lines it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Header {
    entries: Vec<(String, String)>,
}

/// Keys that a header may have.
const KEYS: &[&str] = &["v", "url", "type", "lang", "title", "author", "date"];

/// Keys that the header of a `.labels` file must have.
const NEEDED: &[&str] = &["url", "type", "lang"];

/// Types that a labelled page may have.
pub const PAGE_TYPES: &[&str] =
    &["article", "forum", "product", "collection", "listing", "documentation", "service"];

/// Languages of training pages and lines.
pub(crate) const LANGUAGES: &[&str] = &["zh", "zh-Hant", "en"];

impl Header {
    /// The header and what follows it.
    pub(crate) fn split(content: &str) -> (Self, &str) {
        let mut header = Self::default();
        let mut rest = content.strip_prefix('\u{FEFF}').unwrap_or(content);
        while let Some((key, value)) = header_line(rest.lines().next().unwrap_or_default()) {
            header.entries.push((key.to_owned(), value.to_owned()));
            rest = rest.split_once('\n').unwrap_or_default().1;
        }
        (header, rest)
    }

    /// Its lines.
    pub(crate) fn lines(&self) -> usize {
        self.entries.len()
    }

    /// The value of a key.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
    }

    /// What a `.labels` file's header lacks or has wrong.
    pub(crate) fn problems(&self, path: &Path) -> Vec<Error> {
        let lines = self.entries.iter().enumerate();
        let problem = |(at, (key, value)): (usize, &(String, String))| {
            Some(wrong(path, at + 1, value_problem(key, value)?))
        };
        let missing = NEEDED.iter().filter(|key| self.value(key).is_none());
        let missing =
            missing.map(|key| wrong(path, 0, format!("expected the header line `# {key}: …`, found none")));
        lines.filter_map(problem).chain(missing).collect()
    }
}

fn header_line(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix('#')?.split_once(':')?;
    let key = key.trim();
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase());
    is_key.then_some((key, value.trim()))
}

fn value_problem(key: &str, value: &str) -> Option<String> {
    let one_of = |known: &[&str]| {
        let is_known = known.contains(&value);
        (!is_known).then(|| format!("expected `{key}` to be one of {}, found `{value}`", known.join(", ")))
    };
    match key {
        "v" => (value != VERSION).then(|| newer(value)),
        "type" => one_of(PAGE_TYPES),
        "lang" if is_code(value) => None,
        "lang" => one_of(LANGUAGES),
        "url" => url::Url::parse(value).err().map(|error| format!("`{value}` is no URL: {error}")),
        "date" => (!is_date(value)).then(|| format!("expected a date as 2024-12-31, found `{value}`")),
        _ if KEYS.contains(&key) => None,
        _ => Some(format!("unknown key `{key}`; known are {}", KEYS.join(", "))),
    }
}

/// The version of the format; a file that does not say one has this one.
const VERSION: &str = "1";

fn newer(value: &str) -> String {
    format!(
        "expected format version {VERSION}, found `{value}`: another version of pagesieve wrote this file; read it with \
         that one, or label the page again"
    )
}

/// Whether a value looks like an ISO 639-1 code: two letters.
fn is_code(value: &str) -> bool {
    value.len() == 2 && value.bytes().all(|c| c.is_ascii_lowercase())
}

fn is_date(value: &str) -> bool {
    let shape: String = value.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(content: &str) -> Vec<String> {
        let header = Header::split(content).0;
        header.problems("a.labels".as_ref()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn header_lines_end_at_the_first_line_of_another_kind() {
        let (header, rest) =
            Header::split("\u{FEFF}# url: https://a.example/x: y\n#lang:zh\r\n#! note: b\nnav\t@ x");
        assert_eq!(header.value("url"), Some("https://a.example/x: y"));
        assert_eq!((header.value("lang"), header.lines()), (Some("zh"), 2));
        assert_eq!(rest, "#! note: b\nnav\t@ x");
        assert_eq!(Header::split("# url: x").1, "");
    }

    #[test]
    fn missing_and_wrong_header_lines_are_named() {
        assert_eq!(
            problems("# url: https://a.example/\n# type: forum\n# lang: zh-Hant\n# date: 2024-01-02\n").len(),
            0
        );
        let found = problems("# url: a.example\n# type: blog\n# colour: red\n# date: 2 Jan\n");
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(found[0].starts_with("a.labels:1: `a.example` is no URL"), "{found:?}");
        assert!(found[1].starts_with("a.labels:2: expected `type` to be one of article, forum"), "{found:?}");
        assert_eq!(problems("# url: urn:page:1\n# type: forum\n# lang: fr\n# v: 1\n").len(), 0);
        let found_v = problems("# v: 2\n# url: urn:page:1\n# type: forum\n# lang: fr\n");
        assert!(found_v[0].starts_with("a.labels:1: expected format version 1, found `2`"), "{found_v:?}");
        assert!(found[2].starts_with("a.labels:3: unknown key `colour`"), "{found:?}");
        assert!(found[4].starts_with("a.labels:0: expected the header line `# lang: …`"), "{found:?}");
    }
}

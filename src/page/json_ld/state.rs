//! The state that a page hands to its scripts → the texts in it, for pages whose text stands nowhere else.
//!
//! It is JSON, JSON in a string, or a program that builds it, and each framework has names of its own. What all have are
//! strings in double quotes, so those are read, and prose is told from addresses, names and code by its look.

use super::{LONGEST, markup};
use crate::page::words::{is_cjk, words};
use std::collections::HashSet;

/// What stands before the first value of a state, in lower case: `window.__INITIAL_STATE__ =`, `self.__next_f.push(`.
const NAMES: [&str; 6] = ["__", "state", "data", "props", "store", "initial"];
/// A string may hold JSON with strings that hold JSON.
const DEPTH: usize = 3;
/// A string of prose has so many words…
const PROSE_WORDS: usize = 20;
/// …and the strings of an article have so many together. Messages of a program have fewer.
const ARTICLE_WORDS: usize = 80;
/// Shorter strings are not looked at, bytes.
const SHORTEST: usize = 40;

/// Whether a script is a state, by its type or its first words.
pub(crate) fn is_state(kind: &str, source: &str) -> bool {
    let start = source.find(['{', '[', '"']).and_then(|end| source.get(..end)).unwrap_or_default();
    let named = || {
        let start = start.to_ascii_lowercase();
        start.len() < 200 && NAMES.iter().any(|name| start.contains(name))
    };
    source.len() <= LONGEST && (kind.contains("json") || named())
}

/// The lines of an article in the states of a page, each once; none where there is not enough prose for one.
pub(crate) fn texts<'s>(sources: impl IntoIterator<Item = &'s str>) -> Vec<String> {
    let (mut lines, mut seen) = (Vec::new(), HashSet::new());
    sources.into_iter().for_each(|source| collect(source, DEPTH, &mut lines));
    lines.retain(|line| seen.insert(line.clone()));
    let all: usize = lines.iter().map(|line| words(line).count()).sum();
    if all < ARTICLE_WORDS { Vec::new() } else { lines }
}

fn collect(source: &str, depth: usize, lines: &mut Vec<String>) {
    for text in strings(source) {
        if text.contains("\":") || text.contains("\",\"") {
            if depth > 0 {
                collect(&text, depth - 1, lines);
            }
            continue;
        }
        let mut found = Vec::new();
        markup::lines_into(&text, &mut found);
        if found.iter().any(|line| is_prose(line)) {
            lines.append(&mut found);
        }
    }
}

/// The longer strings of a source that are no keys, without their escapes.
fn strings(source: &str) -> impl Iterator<Item = String> {
    let mut rest = source;
    std::iter::from_fn(move || {
        loop {
            let (_, from) = rest.split_once('"')?;
            let (inner, behind) = from.split_at_checked(string_length(from.as_bytes()))?;
            rest = behind.strip_prefix('"').unwrap_or(behind);
            if inner.len() < SHORTEST || rest.trim_start().starts_with(':') {
                continue;
            }
            // Scripts write characters of markup as `\x3c`.
            let quoted = format!("\"{}\"", inner.replace("\\x", "\\u00").replace("\\'", "'"));
            if let Ok(text) = serde_json::from_str(&quoted) {
                return Some(text);
            }
        }
    })
}

/// Bytes of JSON up to the quote that ends the string that they start in; all where none does.
pub(crate) fn string_length(json: &[u8]) -> usize {
    let mut at = 0;
    while let Some(offset) = json.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += offset;
        if json.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }
    json.len()
}

fn is_prose(line: &str) -> bool {
    let count = line.split_whitespace().count() + line.chars().filter(|c| is_cjk(*c)).count();
    let signs = line.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()).count();
    let is_code = line.contains(['{', '}', ';']) && signs > count / 3;
    count >= PROSE_WORDS
        && !is_code
        && line.contains(['。', '，', '！', '？', '.', ',', '!', '?', '؟', '।'])
        && line.chars().filter(|c| c.is_alphabetic()).count() * 10 >= line.chars().count() * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAGRAPH: &str = "The ferry will not sail on Sunday, as the pilot said, because the pier at the old mill has to be \
        mended before the spring tides come in again.";

    fn article() -> String {
        ["One. ", "Two. ", "Three. ", "Four. "].map(|start| format!("<p>{start}{PARAGRAPH}</p>")).concat()
    }

    fn read(source: &str) -> Vec<String> {
        assert!(is_state("application/json", source));
        texts([source])
    }

    #[test]
    fn an_article_is_found_in_every_kind_of_state() {
        let html = serde_json::to_string(&article()).unwrap();
        let json = format!("{{\"props\":{{\"title\":\"The ferry\",\"body\":{html}}}}}");
        let inner = serde_json::to_string(&json).unwrap();
        for source in [
            json.clone(),
            format!("window.__INITIAL_STATE__ = {json};"),
            format!("window.__NUXT__=(function(a,b){{return {{data:[{{body:{html}}}]}}}}(1,2))"),
            format!("self.__next_f.push([1,{inner}])"),
            format!("window.__STATE__=JSON.parse({inner})"),
            json.replace('<', "\\x3c"),
        ] {
            let lines = read(&source);
            assert_eq!(lines.len(), 4, "{source}: {lines:?}");
            assert!(lines[0].starts_with("One. The ferry"), "{lines:?}");
        }
    }

    #[test]
    fn a_chinese_article_of_paragraphs_is_found() {
        let paragraph = "渡口的老船工说，河水比往年涨得更早，镇上的人都在岸边等着看今年的第一班船开过石桥，孩子们也来了。";
        let paragraphs = [1, 2, 3].map(|n| format!("{{\"t\":\"p\",\"text\":\"{n}{paragraph}\"}}")).join(",");
        assert_eq!(read(&format!("{{\"blocks\":[{paragraphs},{paragraphs}]}}")).len(), 3);
    }

    #[test]
    fn messages_addresses_and_programs_are_no_article() {
        let message = format!("{{\"cookie\":\"{PARAGRAPH}\"}}");
        let code = format!("{{\"code\":\"{}\"}}", "if (a.b(c)) { d.e = f[0]; return g; } ".repeat(40));
        let address = format!("{{\"src\":\"https://a.example/{}\"}}", "abc/def,".repeat(90));
        for source in [message, code, address, "\"".to_owned(), "{\"a\":\"\\".to_owned()] {
            assert_eq!(read(&source), Vec::<String>::new(), "{source}");
        }
        assert!(!is_state("", "(function(){var a=\"x\"})()"));
    }
}

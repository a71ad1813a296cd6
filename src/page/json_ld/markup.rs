//! Strings of JSON-LD, in which tags and character references are often left.

use crate::page::entities::{Place, decode_into};

/// Rounds of decoding: markup escaped once inside a string (`&lt;p&gt;`), with references escaped twice.
const ROUNDS: usize = 3;

/// Adds the lines of a string, without markup and with white space collapsed.
pub(super) fn lines_into(text: &str, lines: &mut Vec<String>) {
    let text = without_markup(text);
    lines.extend(
        text.split(['\n', '\r', '\u{2028}', '\u{2029}']).map(collapsed).filter(|line| !line.is_empty()),
    );
}

/// The string in one line.
pub(super) fn plain(text: &str) -> String {
    collapsed(&without_markup(text))
}

fn collapsed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_markup(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        if !text.contains(['<', '&']) {
            break;
        }
        let bare = without_tags(&text);
        text.clear();
        decode_into(&bare, Place::Text, &mut text);
    }
    text
}

/// Cuts tags and comments: those of blocks become line ends, `<` that opens nothing stays.
fn without_tags(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, markup)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        bare.push_str(before);
        let length = tag_length(markup);
        let (tag, after) = markup.split_at_checked(length.unwrap_or(1)).unwrap_or((markup, ""));
        match length {
            None => bare.push_str(tag),
            Some(_) if ends_line(tag) => bare.push('\n'),
            Some(_) => {}
        }
        rest = after;
    }
    bare.push_str(rest);
    bare
}

/// Longest tag or comment that is looked for, bytes; what is longer is text with a stray `<`.
const MARKUP: usize = 4096;

/// Bytes of the tag or comment at the start; none when it is a bare `<`, or has no end near.
fn tag_length(markup: &str) -> Option<usize> {
    let bytes = markup.as_bytes().get(..MARKUP).unwrap_or(markup.as_bytes());
    match bytes.get(1)? {
        b'!' if bytes.starts_with(b"<!--") => memchr::memmem::find(bytes, b"-->").map(|at| at + 3),
        b'/' | b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z' => memchr::memchr(b'>', bytes).map(|at| at + 1),
        _ => None,
    }
}

fn ends_line(tag: &str) -> bool {
    const LINES: [&str; 18] = [
        "p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "table",
        "blockquote", "section", "hr",
    ];
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    LINES.iter().any(|line| line.eq_ignore_ascii_case(name))
}

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

/// Longest tag or comment that is cut, bytes; what is longer is text with a stray `<`.
const MARKUP: usize = 4096;

/// Cuts tags and comments: those of blocks become line ends, `<` that opens nothing stays.
fn without_tags(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut ends = [Ends::new(text, ">"), Ends::new(text, "-->")];
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', text.as_bytes().get(at..).unwrap_or_default()) {
        let start = at + found;
        bare.push_str(text.get(at..start).unwrap_or_default());
        let [tags, comments] = &mut ends;
        at = tag_end(text, start, tags, comments).unwrap_or(start + 1);
        match text.get(start..at).unwrap_or_default() {
            "<" => bare.push('<'),
            tag if ends_line(tag) => bare.push('\n'),
            _ => {}
        }
    }
    bare.push_str(text.get(at..).unwrap_or_default());
    bare
}

/// The end of the tag or comment that starts at `start`; none when it is a bare `<`, or has no end near.
fn tag_end(text: &str, start: usize, tags: &mut Ends, comments: &mut Ends) -> Option<usize> {
    let bytes = text.as_bytes().get(start..)?;
    let end = match bytes.get(1)? {
        b'!' if bytes.starts_with(b"<!--") => comments.after(start + 4),
        b'/' | b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z' => tags.after(start),
        _ => None,
    };
    end.filter(|end| end - start <= MARKUP)
}

/// Where a mark ends next, looked for once and kept until it is passed: many openings without an end cost one
/// look through the text.
struct Ends<'t> {
    text: &'t str,
    mark: &'static str,
    next: Option<usize>,
}

impl<'t> Ends<'t> {
    fn new(text: &'t str, mark: &'static str) -> Self {
        Self { text, mark, next: Some(0) }
    }

    fn after(&mut self, start: usize) -> Option<usize> {
        if self.next.is_some_and(|next| next < start + self.mark.len()) {
            let rest = self.text.get(start..)?;
            self.next = rest.find(self.mark).map(|at| start + at + self.mark.len());
        }
        self.next
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

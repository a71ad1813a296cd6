//! HTML text → tags and runs of text, by the WHATWG tokenizer's rules for what a reader can see.
//!
//! Tokens borrow from the source. Comments, doctypes and attributes that nobody reads are dropped. The caller
//! says when an element's content is raw text ([`Tokenizer::raw_text`]), as only it knows the tree.

#![expect(clippy::indexing_slicing, reason = "every index is bounded by the loop or find above it")]

use super::doctype;
use super::element::{AttrName, Tag};
use memchr::{memchr, memmem};

/// A kept attribute as it stands in the source, character references undecoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawAttr<'s> {
    pub(super) name: AttrName,
    pub(super) value: &'s str,
}

/// A start or end tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TagName<'s> {
    pub(super) tag: Tag,
    /// As written; its case is the source's.
    pub(super) name: &'s str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// Text, character references undecoded.
    Text(&'s str),
    /// A start tag; its attributes stand in [`Tokenizer::attrs`].
    Start {
        name: TagName<'s>,
        self_closing: bool,
    },
    End(TagName<'s>),
    /// A doctype; whether it asks for quirks mode.
    Doctype {
        quirks: bool,
    },
    /// The content of a CDATA section.
    Cdata(&'s str),
}

/// What a tag's content is when it is not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RawText {
    /// Ends at the first end tag of the name.
    Plain,
    /// As [`RawText::Plain`], but `<!-- <script>` hides an end tag.
    Script,
    /// To the end of the page.
    ToEnd,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the last tag or the place")]
pub(super) struct Tokenizer<'s> {
    source: &'s str,
    at: usize,
    attrs: Vec<RawAttr<'s>>,
    foreign: bool,
    styles_font: bool,
    encodes_html: bool,
    /// Whether the tag is one whose size is kept.
    sized: bool,
}

impl<'s> Tokenizer<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            source,
            at: 0,
            attrs: Vec::new(),
            foreign: false,
            styles_font: false,
            encodes_html: false,
            sized: false,
        }
    }

    /// The kept attributes of the last start tag, in order; a name may stand twice, the first counts.
    pub(super) fn attrs(&self) -> &[RawAttr<'s>] {
        &self.attrs
    }

    /// Whether the last start tag has one of the attributes by which a `font` ends an SVG or `MathML` island.
    pub(super) fn styles_font(&self) -> bool {
        self.styles_font
    }

    /// Whether the last start tag has an `encoding` by which an `annotation-xml` holds HTML.
    pub(super) fn encodes_html(&self) -> bool {
        self.encodes_html
    }

    /// Says whether the current node is an SVG or MathML element: only there is CDATA text.
    pub(super) fn set_foreign(&mut self, foreign: bool) {
        self.foreign = foreign;
    }

    /// Takes the raw content of the element `name` that was just opened, with its end tag.
    pub(super) fn raw_text(&mut self, name: &str, kind: RawText) -> &'s str {
        let rest = self.rest();
        let (length, used) = match kind {
            RawText::ToEnd => (rest.len(), rest.len()),
            RawText::Plain => raw_end(rest, name, 0),
            RawText::Script => script_end(rest),
        };
        self.at += used;
        slice(rest, 0, length)
    }

    pub(super) fn next(&mut self) -> Option<Token<'s>> {
        while self.at < self.source.len() {
            let rest = self.rest();
            let bytes = rest.as_bytes();
            if bytes[0] != b'<' || !opens_markup(bytes) {
                return Some(self.text(rest));
            }
            match bytes[1] {
                b'/' if bytes[2] == b'>' => self.at += 3,
                b'/' if bytes[2].is_ascii_alphabetic() => {
                    if let Some(token) = self.end_tag() {
                        return Some(token);
                    }
                }
                b'!' => {
                    if let Some(token) = self.declaration(rest) {
                        return Some(token);
                    }
                }
                b'/' | b'?' => self.bogus_comment(rest),
                _ => {
                    if let Some(token) = self.start_tag() {
                        return Some(token);
                    }
                }
            }
        }
        None
    }

    fn rest(&self) -> &'s str {
        slice(self.source, self.at, self.source.len())
    }

    fn text(&mut self, rest: &'s str) -> Token<'s> {
        let bytes = rest.as_bytes();
        let mut end = usize::from(bytes[0] == b'<');
        loop {
            match memchr(b'<', &bytes[end..]) {
                None => {
                    end = bytes.len();
                    break;
                }
                Some(found) => {
                    end += found;
                    if opens_markup(&bytes[end..]) {
                        break;
                    }
                    end += 1;
                }
            }
        }
        self.at += end;
        Token::Text(slice(rest, 0, end))
    }

    fn bogus_comment(&mut self, rest: &str) {
        self.at += memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
    }

    fn declaration(&mut self, rest: &'s str) -> Option<Token<'s>> {
        let bytes = rest.as_bytes();
        if bytes.starts_with(b"<!--") {
            self.at += comment_length(bytes);
            return None;
        }
        if self.foreign && bytes.starts_with(b"<![CDATA[") {
            let end = memmem::find(bytes, b"]]>");
            self.at += end.map_or(bytes.len(), |end| end + 3);
            return Some(Token::Cdata(slice(rest, 9, end.unwrap_or(bytes.len()))));
        }
        self.bogus_comment(rest);
        let doctype = bytes.get(2..9).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype"));
        let end = memchr(b'>', bytes).unwrap_or(bytes.len());
        doctype.then(|| Token::Doctype { quirks: doctype::is_quirky(slice(rest, 9, end)) })
    }

    fn tag_name(&mut self, start: usize) -> TagName<'s> {
        let bytes = self.source.as_bytes();
        let mut end = start;
        while end < bytes.len() && !matches!(bytes[end], b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'/' | b'>') {
            end += 1;
        }
        self.at = end;
        let name = slice(self.source, start, end);
        TagName { tag: Tag::from_any_case(name.as_bytes()), name }
    }

    fn end_tag(&mut self) -> Option<Token<'s>> {
        let name = self.tag_name(self.at + 2);
        self.attributes().map(|_| Token::End(name))
    }

    fn start_tag(&mut self) -> Option<Token<'s>> {
        let name = self.tag_name(self.at + 1);
        self.sized = name.tag == Tag::Marquee;
        self.attributes().map(|self_closing| Token::Start { name, self_closing })
    }

    /// Reads the attributes up to `>`; whether the tag closes itself. None at the end of the source.
    fn attributes(&mut self) -> Option<bool> {
        self.attrs.clear();
        (self.styles_font, self.encodes_html) = (false, false);
        let bytes = self.source.as_bytes();
        loop {
            let slash = self.skip_to_name();
            match bytes.get(self.at)? {
                b'>' => {
                    self.at += 1;
                    return Some(slash);
                }
                _ => self.attribute(),
            }
        }
    }

    /// Skips blanks and slashes; whether the last one skipped was a slash.
    fn skip_to_name(&mut self) -> bool {
        let bytes = self.source.as_bytes();
        let mut slash = false;
        while let Some(&b) = bytes.get(self.at) {
            match b {
                b'/' => slash = true,
                b' ' | b'\t' | b'\n' | b'\r' | 0x0c => slash = false,
                _ => break,
            }
            self.at += 1;
        }
        slash
    }

    fn skip_blanks(&mut self) {
        let bytes = self.source.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0c)) {
            self.at += 1;
        }
    }

    fn attribute(&mut self) {
        let bytes = self.source.as_bytes();
        let start = self.at;
        self.at += 1; // the first character may be `=`
        while let Some(&b) = bytes.get(self.at) {
            if matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'/' | b'>' | b'=') {
                break;
            }
            self.at += 1;
        }
        let source_name = &bytes[start..self.at];
        let name = kept_attribute(source_name);
        self.skip_blanks();
        let value = if bytes.get(self.at) == Some(&b'=') { self.value() } else { "" };
        match name {
            Some(AttrName::Height | AttrName::Width) if !self.sized => {}
            Some(name) => {
                self.styles_font |= name == AttrName::Color;
                self.attrs.push(RawAttr { name, value });
            }
            None => self.note_foreign_attribute(source_name, value),
        }
    }

    /// Notes the attributes that are not kept but decide where an SVG or `MathML` island ends.
    fn note_foreign_attribute(&mut self, name: &[u8], value: &str) {
        if !matches!(name.len(), 4 | 5 | 8) {
            return;
        }
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        self.styles_font |= is(b"face") || is(b"size");
        let html = |value: &str| {
            ["text/html", "application/xhtml+xml"].iter().any(|h| h.eq_ignore_ascii_case(value))
        };
        self.encodes_html |= is(b"encoding") && html(value);
    }

    fn value(&mut self) -> &'s str {
        self.at += 1;
        self.skip_blanks();
        let bytes = self.source.as_bytes();
        let start = self.at;
        if let Some(&quote @ (b'"' | b'\'')) = bytes.get(start) {
            let end = memchr(quote, &bytes[start + 1..]).map_or(bytes.len(), |end| start + 1 + end);
            self.at = (end + 1).min(bytes.len());
            return slice(self.source, start + 1, end);
        }
        while let Some(&b) = bytes.get(self.at) {
            if matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'>') {
                break;
            }
            self.at += 1;
        }
        slice(self.source, start, self.at)
    }
}

/// `text[start..end]` where both ends are next to ASCII.
fn slice(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// Whether a `<` starts markup here: a tag, an end tag, a comment, a declaration.
fn opens_markup(bytes: &[u8]) -> bool {
    match bytes.get(1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => bytes.len() > 2,
        Some(b) => b.is_ascii_alphabetic(),
        None => false,
    }
}

fn comment_length(bytes: &[u8]) -> usize {
    let body = &bytes[4..];
    if body.starts_with(b">") {
        return 5;
    }
    if body.starts_with(b"->") {
        return 6;
    }
    // `-->` may share its dashes with the opening: `<!--->` was above, `<!---->` ends here too.
    let mut from = 4;
    while let Some(found) = memmem::find(&bytes[from..], b"--") {
        let at = from + found + 2;
        match bytes.get(at) {
            Some(b'>') => return at + 1,
            Some(b'!') if bytes.get(at + 1) == Some(&b'>') => return at + 2,
            _ => from = at - 1,
        }
    }
    bytes.len()
}

/// Length of raw text up to `</name`, and of it with the end tag; searches from `from`.
fn raw_end(rest: &str, name: &str, from: usize) -> (usize, usize) {
    let bytes = rest.as_bytes();
    let mut at = from;
    while let Some(found) = memmem::find(&bytes[at..], b"</") {
        at += found;
        if ends_element(&bytes[at + 2..], name.as_bytes()) {
            let mut tail = Tokenizer { at, ..Tokenizer::new(rest) };
            return match tail.end_tag() {
                Some(_) => (at, tail.at),
                None => (at, rest.len()),
            };
        }
        at += 2;
    }
    (rest.len(), rest.len())
}

fn ends_element(after_slash: &[u8], name: &[u8]) -> bool {
    after_slash.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        && matches!(after_slash.get(name.len()), Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'/' | b'>'))
}

/// As [`raw_end`] for a script: between `<!--` and `-->`, a `<script` makes the next `</script` text.
fn script_end(rest: &str) -> (usize, usize) {
    let bytes = rest.as_bytes();
    let plain = raw_end(rest, "script", 0);
    let mut from = 0;
    while let Some(open) = memmem::find(&bytes[from..plain.0], b"<!--") {
        let open = from + open;
        let escaped = escaped_length(&bytes[open + 4..]);
        let (end, hidden) = double_escape(rest, open + 4, open + 4 + escaped);
        if let Some(end) = end {
            return end;
        }
        from = hidden;
        if from >= plain.0 {
            return script_end_from(rest, from);
        }
    }
    plain
}

fn script_end_from(rest: &str, from: usize) -> (usize, usize) {
    let (length, used) = script_end(slice(rest, from, rest.len()));
    (from + length, from + used)
}

/// Bytes up to `-->`, and with it; the first dashes may belong to the opening `<!--`.
fn escaped_length(bytes: &[u8]) -> usize {
    if bytes.starts_with(b">") {
        return 1;
    }
    if bytes.starts_with(b"->") {
        return 2;
    }
    memmem::find(bytes, b"-->").map_or(bytes.len(), |end| end + 3)
}

/// Walks an escaped part of a script. Gives the script's end if it lies inside, else where to go on.
fn double_escape(rest: &str, start: usize, end: usize) -> (Option<(usize, usize)>, usize) {
    let bytes = rest.as_bytes();
    let mut at = start;
    let mut double = false;
    while let Some(found) = memchr(b'<', &bytes[at..end]) {
        at += found;
        if !double && bytes[at + 1..].first() == Some(&b'/') && ends_element(&bytes[at + 2..], b"script") {
            return (Some(raw_end(rest, "script", at)), end);
        }
        if !double && ends_element(&bytes[at + 1..], b"script") {
            double = true;
        } else if double && bytes.get(at + 1) == Some(&b'/') && ends_element(&bytes[at + 2..], b"script") {
            double = false;
        }
        at += 1;
    }
    (None, end)
}

fn kept_attribute(name: &[u8]) -> Option<AttrName> {
    let mut lower = [0u8; 12];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    AttrName::of(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(source: &str) -> String {
        let mut tokens = Tokenizer::new(source);
        let mut out = String::new();
        while let Some(token) = tokens.next() {
            match token {
                Token::Text(text) | Token::Cdata(text) => out.push_str(text),
                Token::Doctype { quirks } => out.push_str(if quirks { "[quirks]" } else { "[doctype]" }),
                Token::End(name) => out.extend(["[/", name.name, "]"]),
                Token::Start { name, self_closing } => {
                    let attrs: Vec<_> =
                        tokens.attrs().iter().map(|a| format!(" {:?}={}", a.name, a.value)).collect();
                    out.extend(["[", name.name, &attrs.concat(), if self_closing { "/]" } else { "]" }]);
                }
            }
        }
        out
    }

    #[test]
    fn tags_text_and_attributes_follow_the_standard() {
        for (source, expected) in [
            ("<p class=a id='b' title=\"c>d\" x>t</p >", "[p Class=a Id=b Title=c>d]t[/p]"),
            ("a < b <3 </> </ x> <!x> <?php ?>c", "a < b <3    c"),
            ("<br/><img alt=x/>", "[br/][img Alt=x/]"),
            ("<p =a=b class = x>", "[p Class=x]"),
            ("<a href=x/y>z</a", "[a Href=x/y]z"),
            ("<!-- a --><!--> b <!---> c <!-- d --!> e <!-- -- > --> f", " b  c  e  f"),
            ("<!DOCTYPE html>x", "[doctype]x"),
            ("<!doctype html public \"-//IETF//DTD HTML//EN\">x", "[quirks]x"),
            ("x<", "x<"),
            ("x<p", "x"),
        ] {
            assert_eq!(show(source), expected, "{source}");
        }
    }

    #[test]
    fn raw_text_ends_at_its_own_end_tag() {
        for (source, kind, expected) in [
            ("if (a<b) '</p>' </SCRIPT >x", RawText::Script, "if (a<b) '</p>' "),
            ("<!-- <script> </script> --> a </script>x", RawText::Script, "<!-- <script> </script> --> a "),
            ("<!-- <script> </script>x", RawText::Script, "<!-- <script> </script>x"),
            ("<!-- a </script>x", RawText::Script, "<!-- a "),
            ("</scripty></script>x", RawText::Script, "</scripty>"),
            ("a</scripty></script x>", RawText::Plain, "a</scripty>"),
            ("never ends", RawText::Plain, "never ends"),
        ] {
            let mut tokens = Tokenizer::new(source);
            assert_eq!(tokens.raw_text("script", kind), expected, "{source}");
        }
    }
}

//! The charset that a document names in its first bytes: the prescan of the WHATWG standard.

use super::for_label;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use memchr::memmem;

/// Bytes that are scanned. The standard asks for 1024; browsers go on when the head is longer, and pages with
/// long comments or preloads before the `<meta>` are not rare.
const REACH: usize = 4096;

/// The encoding that a `<meta charset>` or `<meta http-equiv=content-type>` names.
pub(super) fn meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..REACH).unwrap_or(bytes);
    let mut scan = Scan { rest: head };
    while let Some(at) = memchr::memchr(b'<', scan.rest) {
        scan.skip(at);
        if let Some(encoding) = scan.markup() {
            return Some(encoding);
        }
    }
    None
}

/// The encoding that an XML declaration names.
pub(super) fn xml(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..REACH).unwrap_or(bytes).trim_ascii_start();
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = memchr::memchr(b'>', declaration)?;
    let declaration = declaration.get(..end)?;
    let at = memmem::find(declaration, b"encoding")?;
    let value = declaration.get(at + b"encoding".len()..)?.trim_ascii_start();
    let value = value.strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let label = value.split(|byte| byte == quote).next()?;
    for_label(std::str::from_utf8(label).ok()?).map(in_ascii)
}

/// A declaration that could be read as ASCII does not stand in UTF-16.
fn in_ascii(encoding: &'static Encoding) -> &'static Encoding {
    match encoding {
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => UTF_8,
        encoding if encoding == X_USER_DEFINED => WINDOWS_1252,
        encoding => encoding,
    }
}

/// What is left to scan.
struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn skip_to(&mut self, at: Option<usize>) {
        self.skip(at.unwrap_or(self.rest.len()));
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Reads one piece of markup at its `<`; gives an encoding when it is a `meta` that names one.
    fn markup(&mut self) -> Option<&'static Encoding> {
        if self.rest.starts_with(b"<!--") {
            // The two dashes that open a comment may close it: `<!-->`.
            self.skip(2);
            self.skip_to(memmem::find(self.rest, b"-->").map(|at| at + 3));
            return None;
        }
        self.skip(1);
        let name = self.rest.strip_prefix(b"/").unwrap_or(self.rest);
        if !name.first().is_some_and(u8::is_ascii_alphabetic) {
            if matches!(self.peek(), Some(b'!' | b'/' | b'?')) {
                self.skip_to(memchr::memchr(b'>', self.rest));
            }
            return None;
        }
        let is_meta = is_meta_tag(self.rest);
        self.skip_to(
            self.rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')),
        );
        self.tag(is_meta)
    }

    /// Reads a tag's attributes.
    fn tag(&mut self, is_meta: bool) -> Option<&'static Encoding> {
        let mut found = MetaTag::default();
        if self.peek() == Some(b'/') {
            // An end tag: its name stands behind the slash.
            self.skip(1);
        }
        while let Some((name, value)) = self.attribute() {
            if is_meta {
                found.read(name, value);
            }
        }
        found.encoding()
    }

    /// The next attribute: its name and value as they stand.
    fn attribute(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.skip_to(self.rest.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b'/'));
        if matches!(self.peek()?, b'>') {
            return None;
        }
        let name_end = self
            .rest
            .iter()
            .skip(1)
            .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/'));
        let name = self.take(name_end.map(|at| at + 1));
        self.skip_to(self.rest.iter().position(|byte| !byte.is_ascii_whitespace()));
        if self.peek() != Some(b'=') {
            return Some((name, b""));
        }
        self.skip(1);
        self.skip_to(self.rest.iter().position(|byte| !byte.is_ascii_whitespace()));
        Some((name, self.value()))
    }

    fn value(&mut self) -> &'a [u8] {
        let Some(quote @ (b'"' | b'\'')) = self.peek() else {
            let end = self.rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>');
            return self.take(end);
        };
        self.skip(1);
        let value = self.take(memchr::memchr(quote, self.rest));
        self.skip(1);
        value
    }

    fn take(&mut self, at: Option<usize>) -> &'a [u8] {
        let (taken, rest) =
            self.rest.split_at_checked(at.unwrap_or(self.rest.len())).unwrap_or((self.rest, b""));
        self.rest = rest;
        taken
    }
}

fn is_meta_tag(name: &[u8]) -> bool {
    let delimited = name.get(4).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    delimited && name.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
}

/// What one `meta` tag says; the first of several attributes of one name counts.
#[derive(Default)]
struct MetaTag<'a> {
    pragma: Option<bool>,
    charset: Option<&'a [u8]>,
    content: Option<&'a [u8]>,
}

impl<'a> MetaTag<'a> {
    fn read(&mut self, name: &[u8], value: &'a [u8]) {
        if name.eq_ignore_ascii_case(b"http-equiv") {
            let _ = self.pragma.get_or_insert(value.eq_ignore_ascii_case(b"content-type"));
        } else if name.eq_ignore_ascii_case(b"charset") {
            let _ = self.charset.get_or_insert(value);
        } else if name.eq_ignore_ascii_case(b"content") {
            let _ = self.content.get_or_insert(value);
        }
    }

    fn encoding(&self) -> Option<&'static Encoding> {
        let pragma = self.content.filter(|_| self.pragma == Some(true));
        let label = self.charset.or_else(|| charset_in(pragma?))?;
        for_label(std::str::from_utf8(label).ok()?).map(in_ascii)
    }
}

/// The label behind `charset=` in the `content` of a `meta`.
fn charset_in(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    loop {
        let at = rest.windows(7).position(|word| word.eq_ignore_ascii_case(b"charset"))?;
        rest = rest.get(at + 7..)?;
        if let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") {
            return Some(unquoted(value.trim_ascii_start()));
        }
    }
}

/// A label without its quotes and without what follows it.
fn unquoted(value: &[u8]) -> &[u8] {
    let end = match value.split_first() {
        Some((quote @ (b'"' | b'\''), value)) => {
            return value.split(|byte| byte == quote).next().unwrap_or_default();
        }
        _ => value.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b';'),
    };
    value.get(..end.unwrap_or(value.len())).unwrap_or_default()
}

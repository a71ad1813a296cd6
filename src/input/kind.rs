//! What an input is: by its name where that says it, else by its first bytes.

/// The kinds of input. Any of them may be compressed with gzip or Zstandard; the bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// One HTML page.
    Html,
    /// One page of text that is already extracted.
    Text,
    /// One JSON object a line; also one JSON array of objects, or objects that span lines.
    JsonLines,
    /// WARC or WET records.
    Warc,
    /// A WACZ: a ZIP archive with WARC files in it.
    Wacz,
    /// Rows of a Parquet file, a page each.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// How many bytes [`Kind::sniff`] wants to see. The first key of a JSON object may stand behind white space.
pub(super) const SNIFF: usize = 4096;

impl Kind {
    /// The kind that a file name states; compression suffixes are passed over.
    ///
    /// ```
    /// use pagesieve::input::Kind;
    /// assert_eq!(Kind::of_name("crawl/CC-MAIN-01.warc.gz"), Some(Kind::Warc));
    /// assert_eq!(Kind::of_name("style.css"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let name = without_compression(name);
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "html" | "htm" | "xhtml" | "xht" | "shtml" => Some(Self::Html),
            "txt" | "md" | "text" | "markdown" => Some(Self::Text),
            "jsonl" | "ndjson" | "json" => Some(Self::JsonLines),
            "warc" | "wet" | "wat" => Some(Self::Warc),
            "wacz" => Some(Self::Wacz),
            #[cfg(feature = "parquet")]
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// The kind that the first (decompressed) bytes show; none for what may be text or anything else.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"WARC/") {
            return Some(Self::Warc);
        }
        if starts_json_object(head) {
            return Some(Self::JsonLines);
        }
        looks_like_html(head).then_some(Self::Html)
    }
}

/// Formats that hold pages but that are not read, by their first bytes; what to do about each.
const FOREIGN: &[(&[u8], &str)] = &[
    #[cfg(not(feature = "parquet"))]
    (
        b"PAR1",
        "a Parquet file, and this program was built without the `parquet` feature; export its rows as JSON lines",
    ),
    (b"%PDF-", "a PDF file; extract its text first"),
    (b"filedesc://", "an ARC file; convert it to WARC"),
];

/// What a file is that no page can be read from; none where the bytes may be a page.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, advice)| *advice)
}

/// Whether the bytes are those of a ZIP archive, which may be a WACZ.
fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// The kind of a file that is read from its end, by its first bytes.
pub(super) fn of_magic(head: &[u8]) -> Option<Kind> {
    #[cfg(feature = "parquet")]
    if head.starts_with(b"PAR1") {
        return Some(Kind::Parquet);
    }
    is_archive(head).then_some(Kind::Wacz)
}

/// The name without a final `.gz` or `.zst`.
pub(super) fn without_compression(name: &str) -> &str {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let known = ["gz", "zst", "zstd"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    if known { stem } else { name }
}

/// Whether the bytes start with `{ "key" :` or `[ {`.
fn starts_json_object(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let head = head.strip_prefix(b"[").map_or(head, <[u8]>::trim_ascii_start);
    let Some(rest) = head.strip_prefix(b"{").map(<[u8]>::trim_ascii_start) else { return false };
    let Some(key) = rest.strip_prefix(b"\"") else { return rest.starts_with(b"}") };
    let end = key.iter().position(|&byte| byte == b'"');
    end.and_then(|end| key.get(end + 1..)).is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
}

/// Tags that open a page, from the WHATWG MIME sniffing standard (section 7.1), and `<meta` and `<link`, with
/// which pages without a head start.
const OPENING_TAGS: &[&[u8]] = &[
    b"<!doctype html", b"<html", b"<head", b"<script", b"<iframe", b"<h1", b"<div", b"<font", b"<table",
    b"<a", b"<style", b"<title", b"<b", b"<body", b"<br", b"<p", b"<meta", b"<link",
];

/// Whether the bytes open as an HTML page does, in an ASCII superset or in UTF-16.
pub(super) fn looks_like_html(head: &[u8]) -> bool {
    let ascii: Vec<u8> = head
        .iter()
        .take(SNIFF)
        .filter(|&&byte| byte != 0 && byte < 0x80)
        .map(u8::to_ascii_lowercase)
        .collect();
    let mut head = ascii.trim_ascii_start();
    loop {
        let rest = match head {
            [b'<', b'!', b'-', b'-', ..] => after(head, b"-->"),
            [b'<', b'?', b'x', b'm', b'l', ..] => after(head, b"?>"),
            _ => return opens_page(head),
        };
        match rest {
            Some(rest) => head = rest.trim_ascii_start(),
            // A comment that is longer than what was read; an XML file that is longer is no sign.
            None => return head.starts_with(b"<!--"),
        }
    }
}

fn after<'a>(head: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let at = memchr::memmem::find(head, end)?;
    head.get(at + end.len()..)
}

fn opens_page(head: &[u8]) -> bool {
    OPENING_TAGS.iter().any(|tag| {
        let rest = head.strip_prefix(*tag);
        rest.is_some_and(|rest| {
            matches!(rest.first(), None | Some(b' ' | b'>' | b'\t' | b'\n' | b'\r' | b'/' | b'\x0C'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_state_the_kind_whatever_the_case_and_compression() {
        assert_eq!(Kind::of_name("A.HTML.GZ"), Some(Kind::Html));
        assert_eq!(Kind::of_name("a.ndjson.zst"), Some(Kind::JsonLines));
        assert_eq!(Kind::of_name("a.warc.wet.gz"), Some(Kind::Warc));
        assert_eq!(Kind::of_name("crawl.WACZ"), Some(Kind::Wacz));
        assert_eq!(Kind::of_name("README"), None);
        assert_eq!(Kind::of_name("page.gz"), None);
    }

    #[test]
    fn first_bytes_show_the_kind() {
        for html in ["<!DOCTYPE HTML>", "  \n<html lang=en>", "<!-- x --><p>", "<?xml version='1.0'?><html>"]
        {
            assert_eq!(Kind::sniff(html.as_bytes()), Some(Kind::Html), "{html}");
        }
        let utf16: Vec<u8> = "\u{FEFF}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(Kind::sniff(&utf16), Some(Kind::Html));
        for json in ["{\"a\":1}", " {\n \"text\" : \"x\"", "[{\"a\": 1}]", "{}"] {
            assert_eq!(Kind::sniff(json.as_bytes()), Some(Kind::JsonLines), "{json}");
        }
        assert_eq!(Kind::sniff(b"WARC/1.0\r\n"), Some(Kind::Warc));
        for text in ["{ braces }", "plain words", "<abbr>no page", "<?xml version='1.0'?><rss>", ""] {
            assert_eq!(Kind::sniff(text.as_bytes()), None, "{text}");
        }
    }
}

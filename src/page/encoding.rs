//! Bytes → text: which encoding a page is in, and its text in UTF-8.
//!
//! The signs are read in the order of the WHATWG standard: byte order mark, transport label, `<meta>`, XML
//! declaration, detector. A sign that the bytes plainly contradict is passed over.

mod binary;
mod detect;
mod prescan;
mod restore;

#[cfg(feature = "input")]
pub(crate) use binary::is_binary;

use super::Media;
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// A document's text and how it was read.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// The text without its byte order mark; NUL characters stand as they were. Empty when `binary`.
    pub(crate) text: Cow<'a, str>,
    /// The encoding's name in the WHATWG standard; empty when `binary`.
    pub(crate) charset: &'static str,
    /// Whether malformed sequences were replaced by U+FFFD.
    pub(crate) replaced: bool,
    /// Whether the bytes are no text at all: an image, an archive, a PDF file.
    pub(crate) binary: bool,
    /// Characters of text that had been misread before it was stored, and was restored.
    pub(crate) restored: usize,
}

/// Decodes a document, and restores text in it that was misread before; `transport` is the charset label of the HTTP header or of the enclosing format.
///
/// Labels mean what they mean in browsers: `gb2312` and `gbk` are read by a decoder of all of GB18030,
/// `iso-8859-1` is windows-1252, an unknown label is no sign at all.
pub(crate) fn decode<'a>(bytes: &'a [u8], transport: Option<&str>, media: Media) -> Decoded<'a> {
    let decoded = as_it_stands(bytes, transport, media);
    match restore::restore(&decoded.text) {
        Some(restored) => {
            Decoded { text: Cow::Owned(restored.text), restored: restored.characters, ..decoded }
        }
        None => decoded,
    }
}

/// The text of the bytes in their encoding.
fn as_it_stands<'a>(bytes: &'a [u8], transport: Option<&str>, media: Media) -> Decoded<'a> {
    let marked = Encoding::for_bom(bytes);
    if marked.is_none() && binary::is_binary(bytes) {
        return Decoded { text: Cow::Borrowed(""), charset: "", replaced: false, binary: true, restored: 0 };
    }
    let body = marked.and_then(|(_, length)| bytes.get(length..)).unwrap_or(bytes);
    let marked = marked.map(|(encoding, _)| encoding);
    if let Some(encoding) = marked.filter(|encoding| *encoding != UTF_8) {
        return read(encoding, body);
    }
    let utf8 = Utf8Census::of(body);
    let signs = [marked, transport.and_then(for_label), declared(body, media)];
    let named = signs.into_iter().flatten().find_map(|sign| attempt(sign, body, &utf8));
    named.unwrap_or_else(|| match undeclared(body, &utf8) {
        encoding if encoding == UTF_8 => utf8.read(body),
        encoding => read(encoding, body),
    })
}

/// The encoding that the document itself names.
fn declared(bytes: &[u8], media: Media) -> Option<&'static Encoding> {
    if media == Media::Text { None } else { prescan::meta(bytes).or_else(|| prescan::xml(bytes)) }
}

/// The encoding of bytes that no usable sign speaks of.
fn undeclared(bytes: &[u8], utf8: &Utf8Census<'_>) -> &'static Encoding {
    if let Some(encoding) = binary::utf16_without_mark(bytes) {
        return encoding;
    }
    if utf8.is_plausible() { UTF_8 } else { detect::detect(bytes) }
}

/// The encoding of a label, with names of code pages that servers send though browsers do not know them.
fn for_label(label: &str) -> Option<&'static Encoding> {
    const ALIASES: [(&str, &str); 9] = [
        ("utf8mb4", "utf-8"),
        ("utf_8", "utf-8"),
        ("gb-2312", "gbk"),
        ("cp936", "gbk"),
        ("ms936", "gbk"),
        ("cp950", "big5"),
        ("big-5", "big5"),
        ("cp932", "shift_jis"),
        ("cp949", "euc-kr"),
    ];
    let label = label.trim_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | ';' | ','));
    let known = Encoding::for_label_no_replacement(label.as_bytes());
    known.or_else(|| {
        let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(label))?;
        Encoding::for_label_no_replacement(alias.1.as_bytes())
    })
}

/// Reads the bytes in the encoding that a sign names, or says by `None` that they contradict it.
fn attempt<'a>(sign: &'static Encoding, bytes: &'a [u8], utf8: &Utf8Census<'a>) -> Option<Decoded<'a>> {
    if sign == UTF_8 {
        return utf8.is_plausible().then(|| utf8.read(bytes));
    }
    if sign == UTF_16LE || sign == UTF_16BE {
        let decoded = read(sign, bytes);
        return (!decoded.replaced && looks_like_utf16(bytes)).then_some(decoded);
    }
    if sign != ISO_2022_JP && utf8.contradicts(sign) {
        return Some(utf8.read(bytes));
    }
    if sign == WINDOWS_1252 && non_ascii_stand_together(bytes) {
        return None;
    }
    Some(read(sign, bytes)).filter(|decoded| !decoded.replaced || mostly_well_formed(&decoded.text))
}

/// Decodes with replacement; borrows when the bytes are UTF-8 already.
fn read<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, replaced) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, charset: encoding.name(), replaced, binary: false, restored: 0 }
}

/// Text in UTF-16 of a page or of any language has zero bytes (line ends, blanks, tags); text in a byte
/// encoding has next to none.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096).unwrap_or(bytes);
    memchr::memchr_iter(0, head).count() * 50 >= head.len()
}

/// Whether most non-ASCII bytes have a non-ASCII neighbour: letters with accents stand alone between ASCII
/// letters, two-byte characters do not. Servers name windows-1252 (as `iso-8859-1`) by default.
fn non_ascii_stand_together(bytes: &[u8]) -> bool {
    let all = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let pairs = bytes.windows(2).filter(|pair| pair.iter().all(|byte| !byte.is_ascii())).count();
    pairs * 2 > all
}

/// Whether replaced sequences are rare enough for the encoding to be the right one. A wrong two-byte encoding
/// breaks every few characters; a right one breaks where an editor cut a text at a byte.
fn mostly_well_formed(text: &str) -> bool {
    let non_ascii = text.chars().filter(|c| !c.is_ascii()).count();
    let replaced = text.matches('\u{FFFD}').count();
    replaced * 20 <= non_ascii || replaced <= 2
}

/// How well bytes do as UTF-8.
struct Utf8Census<'a> {
    /// The text, when all of it is well-formed.
    text: Option<&'a str>,
    /// Malformed sequences, without one that the end of the bytes cuts.
    malformed: usize,
    /// Characters of more than one byte; counted only where something is malformed.
    long: usize,
}

impl<'a> Utf8Census<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self { text: Some(text), malformed: 0, long: 0 };
        }
        let mut census = Self { text: None, malformed: 0, long: 0 };
        for chunk in bytes.utf8_chunks() {
            census.long += long_characters(chunk.valid());
            census.malformed += usize::from(!chunk.invalid().is_empty());
        }
        census.malformed = census.malformed.saturating_sub(usize::from(is_cut(bytes)));
        census
    }

    /// Reads the bytes as UTF-8 without a second look where they are known to be well-formed.
    fn read(&self, bytes: &'a [u8]) -> Decoded<'a> {
        match self.text {
            Some(text) => Decoded {
                text: Cow::Borrowed(text),
                charset: "UTF-8",
                replaced: false,
                binary: false,
                restored: 0,
            },
            None => read(UTF_8, bytes),
        }
    }

    /// Whether the bytes may be UTF-8. About one in six characters of GBK text is well-formed by chance, and
    /// hardly any letter with an accent of windows-1252, so a fifth of malformed sequences is far from both.
    fn is_plausible(&self) -> bool {
        self.malformed * 4 <= self.long
    }

    /// Whether the bytes are UTF-8 although the page names another encoding. For a two-byte encoding four
    /// characters are asked for, because two or three may be well-formed UTF-8 by chance.
    fn contradicts(&self, sign: &'static Encoding) -> bool {
        let needed = if sign.is_single_byte() { 1 } else { 4 };
        let long = self.text.map_or(self.long, long_characters);
        self.malformed * 20 <= long && long >= needed
    }
}

/// Characters of more than one byte in UTF-8.
fn long_characters(text: &str) -> usize {
    text.bytes().filter(|byte| *byte >= 0xC0).count()
}

/// Whether the last character is cut by the end of the bytes.
fn is_cut(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().last().is_some_and(|chunk| !chunk.invalid().is_empty())
}

#[cfg(test)]
mod tests;

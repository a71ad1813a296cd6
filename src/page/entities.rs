//! Character references: `&amp;`, `&#x4e2d;`, by the WHATWG rules.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr;

/// The longest name in the standard's table is `CounterClockwiseContourIntegral;`.
const LONGEST_NAME: usize = 33;

/// Where a character reference stands: a name without its semicolon that goes on as a word is text inside
/// an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Text,
    Attribute,
}

/// Appends `raw` to `out` with its character references decoded.
pub(super) fn decode_into(raw: &str, place: Place, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let used = decode_one(reference, place, out);
        rest = reference.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Decodes the reference that `reference` starts with; gives the bytes used, at least the ampersand.
fn decode_one(reference: &str, place: Place, out: &mut String) -> usize {
    let bytes = reference.as_bytes();
    let used = match bytes.get(1) {
        Some(b'#') => numeric(bytes, out),
        Some(c) if c.is_ascii_alphanumeric() => named(reference, place, out),
        _ => 0,
    };
    if used == 0 {
        out.push('&');
        return 1;
    }
    used
}

fn numeric(bytes: &[u8], out: &mut String) -> usize {
    let hex = matches!(bytes.get(2), Some(b'x' | b'X'));
    let start = if hex { 3 } else { 2 };
    let radix = if hex { 16 } else { 10 };
    let mut value: u32 = 0;
    let mut at = start;
    while let Some(digit) = bytes.get(at).and_then(|b| (*b as char).to_digit(radix)) {
        value = value.saturating_mul(radix).saturating_add(digit).min(0x11_0000);
        at += 1;
    }
    if at == start {
        return 0;
    }
    out.push(scalar(value));
    at + usize::from(bytes.get(at) == Some(&b';'))
}

/// The character of a numeric reference: windows-1252 for the C1 range, U+FFFD for what is no character.
fn scalar(value: u32) -> char {
    let replaced = match value {
        0x80..=0x9f => C1_REPLACEMENTS.get(value as usize - 0x80).copied().flatten(),
        0 => None,
        _ => char::from_u32(value),
    };
    replaced.or_else(|| char::from_u32(value).filter(|c| *c != '\0')).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn named(reference: &str, place: Place, out: &mut String) -> usize {
    let bytes = reference.as_bytes();
    let letters = bytes.iter().skip(1).take(LONGEST_NAME).take_while(|b| b.is_ascii_alphanumeric()).count();
    let semicolon = usize::from(bytes.get(1 + letters) == Some(&b';'));
    for length in (1..=letters + semicolon).rev() {
        let Some(&(first, second)) = reference.get(1..=length).and_then(|name| NAMED_ENTITIES.get(name))
        else {
            continue;
        };
        let (Some(first), second) = (char::from_u32(first).filter(|c| *c != '\0'), char::from_u32(second))
        else {
            continue; // a prefix of a longer name
        };
        if place == Place::Attribute && goes_on_as_word(bytes, length) {
            return 0;
        }
        out.push(first);
        out.extend(second.filter(|c| *c != '\0'));
        return 1 + length;
    }
    0
}

fn goes_on_as_word(bytes: &[u8], length: usize) -> bool {
    bytes.get(length) != Some(&b';')
        && bytes.get(length + 1).is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &str, place: Place) -> String {
        let mut out = String::new();
        decode_into(raw, place, &mut out);
        out
    }

    #[test]
    fn references_in_text_decode_by_the_standard() {
        for (raw, expected) in [
            ("a &amp; b", "a & b"),
            ("&lt;p&gt", "<p>"),
            ("&notit; &notin;", "¬it; ∉"),
            ("&#20013;&#x56FD;", "中国"),
            ("&#x80;&#0;&#xD800;&#x110000;", "€\u{fffd}\u{fffd}\u{fffd}"),
            ("& &; &# &#x; &unknown;", "& &; &# &#x; &unknown;"),
            ("&NotEqualTilde;", "≂\u{338}"),
            ("&CounterClockwiseContourIntegral;", "∳"),
        ] {
            assert_eq!(decoded(raw, Place::Text), expected, "{raw}");
        }
    }

    #[test]
    fn a_name_that_goes_on_as_a_word_is_text_in_an_attribute() {
        assert_eq!(decoded("?a=1&copy=2&amp;b", Place::Attribute), "?a=1&copy=2&b");
        assert_eq!(decoded("?a=1&copy=2", Place::Text), "?a=1©=2");
    }
}

//! Text of strangers for a terminal: what would steer the terminal or turn the reading order is replaced.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether the character steers a terminal or hides what a text says: C0 but for tab and line feed, DEL, C1,
/// the bidirectional embeddings, overrides and isolates.
fn steers(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    }
}

/// The text with `U+FFFD` in place of every character that steers a terminal or turns the reading order.
///
/// ```
/// assert_eq!(pagesieve::output::printable("a\u{1b}[31mb"), "a\u{fffd}[31mb");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect())
}

/// The JSON text with every character that steers a terminal written as `\uXXXX`; it parses to the same
/// value, as such characters can stand in a JSON text only inside its strings.
///
/// ```
/// assert_eq!(pagesieve::output::printable_json("\"a\u{9b}\""), "\"a\\u009b\"");
/// ```
pub fn printable_json(json: &str) -> Cow<'_, str> {
    let steers = |c: char| steers(c) && c != '\r';
    if !json.contains(steers) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if steers(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{:04x}", c as u32);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_of_seven_and_eight_bits_lose_their_first_character() {
        let text = "\u{1b}]0;title\u{7}\u{9b}31m\u{90}q\u{7f}\r";
        let shown = printable(text);
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{90}', '\u{7f}', '\r']), "{shown:?}");
        assert!(shown.contains("]0;title"));
    }

    #[test]
    fn bidirectional_overrides_are_shown_as_replacement() {
        assert_eq!(printable("a\u{202e}b\u{2066}c"), "a\u{fffd}b\u{fffd}c");
    }

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(printable("正文 and\n\ttext"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_with_steering_characters_parses_to_the_same_value() {
        let value = serde_json::json!({"a": "x\u{9b}y\u{202e}z\u{7f}\n"});
        let text = value.to_string();
        let shown = printable_json(&text);
        assert!(!shown.contains(['\u{9b}', '\u{202e}', '\u{7f}']));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}

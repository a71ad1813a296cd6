//! Characters without a shape, and a text without those of them that say nothing where they stand.
//!
//! Joiners belong to words of Persian and Indic scripts and to emoji, word breaks to Thai and Khmer, marks of direction to
//! Arabic and Hebrew; anywhere else they are traces of tools, or hide what a text says.

use super::is_han;

/// Zero-width characters, marks of direction, tags, selectors beyond the first sixteen.
pub(super) fn is_shapeless(c: char) -> bool {
    matches!(c as u32, 0xad | 0x61c | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xfeff
        | 0xe0000..=0xe01ef)
}

/// What is no text anywhere: control characters, joiners of graphemes, marks of annotations, fillers, non-characters.
fn is_never_text(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c as u32, 0x34f | 0x3164 | 0xfff9..=0xfffb | 0xffa0)
        || c as u32 & 0xfffe == 0xfffe
}

/// Whether a text may not be given as it is: [`visible`] gives another one.
pub(crate) fn has_invisible(text: &str) -> bool {
    let plain = |c: char| matches!(c, '\n' | '\t' | ' '..='~' | '\u{3400}'..='\u{d7ff}');
    let suspect = |c: char| !plain(c) && (is_shapeless(c) || is_never_text(c) || is_line_end(c));
    text.contains(suspect)
}

/// The text without the invisible characters that have no meaning where they stand, and how many those were. What ends a line
/// for some programs is a blank.
pub(crate) fn visible(text: &str) -> (String, usize) {
    let (mut shown, mut count) = (String::with_capacity(text.len()), 0);
    let mut before = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let new = match c {
            _ if is_line_end(c) => Some(' '),
            _ if is_never_text(c) => None,
            _ if is_shapeless(c) => has_meaning(c, before, chars.clone().next()).then_some(c),
            _ => Some(c),
        };
        if c == '\x1b' {
            chars = behind_colour(chars);
        }
        count += usize::from(new != Some(c));
        shown.extend(new);
        before = new.or(before);
    }
    (shown, count)
}

/// Line ends of other systems than the web's.
fn is_line_end(c: char) -> bool {
    matches!(c, '\x0b' | '\x0c' | '\r' | '\x1c'..='\x1f' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character without a shape changes how its neighbours are written or read.
fn has_meaning(c: char, before: Option<char>, after: Option<char>) -> bool {
    let is = |kind: fn(char) -> bool| [before.is_some_and(kind), after.is_some_and(kind)];
    match c as u32 {
        0x200d => is(is_complex)[0] || is(is_emoji) == [true; 2],
        0x61c | 0x200b..=0x200f => is(is_complex).contains(&true),
        0x180b..=0x180f => is(|c| matches!(c as u32, 0x1820..=0x18aa))[0],
        0xe0020..=0xe007f => is(|c| matches!(c as u32, 0x1f3f4 | 0xe0020..=0xe007e))[0],
        0xe0100..=0xe01ef => is(is_han)[0],
        _ => false,
    }
}

/// Scripts that are written from right to left, with joined letters, or without blanks between words.
fn is_complex(c: char) -> bool {
    matches!(c as u32, 0x590..=0x109f | 0x1780..=0x18af | 0x1900..=0x1cff | 0xa800..=0xabff | 0xfb1d..=0xfdff
        | 0xfe70..=0xfefc | 0x10800..=0x11fff)
}

fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x20e3 | 0x2190..=0x2bff | 0xfe0f | 0x1f000..=0x1faff)
}

/// What stands behind the rest of a sequence that colours a terminal, `[31m`.
fn behind_colour(chars: std::str::Chars<'_>) -> std::str::Chars<'_> {
    let Some(rest) = chars.as_str().strip_prefix('[') else { return chars };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ';' | '?'));
    rest.strip_prefix(|c: char| c.is_ascii_alphabetic()).map_or(chars, str::chars)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_shape_goes() {
        for (written, meant, count) in [
            ("桥\u{0}下\u{7}的\u{1b}[1;31m水\u{1b}[0m", "桥下的水", 4),
            ("a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{ad}f\u{2060}g", "abcdefg", 6),
            ("灯\u{200d}塔\u{200c}在\u{200e}河边", "灯塔在河边", 3),
            ("one\u{2028}two\u{b}three\u{85}four", "one two three four", 3),
            ("a\u{e0041}b\u{fffe}c\u{3164}", "abc", 3),
            ("line\n\tcode [31m", "line\n\tcode [31m", 0),
        ] {
            assert_eq!(visible(written), (meant.to_owned(), count), "{written:?}");
            assert_eq!(has_invisible(written), count > 0, "{written:?}");
        }
    }

    #[test]
    fn what_belongs_to_a_word_or_an_emoji_stays() {
        for text in [
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "ภาษา\u{200b}ไทย",
            "שלום\u{200f}!",
            "👩\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}\u{200d}🔥",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
            "葛\u{e0100}城",
            "👍🏽 naïve — “x”",
        ] {
            assert_eq!(visible(text), (text.to_owned(), 0), "{text:?}");
        }
    }
}

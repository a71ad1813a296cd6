//! How wide a text is on a screen of fixed columns: a Chinese character says as much as two letters.

/// Half-width columns of a text.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// Whether a character of the wide scripts of East Asia, which takes two columns.
pub(super) fn is_wide(c: char) -> bool {
    // nearly all texts are of lower ones
    c >= '\u{1100}'
        && matches!(c as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x20000..=0x3fffd)
}

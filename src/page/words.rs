//! What a word is, for counting: in Chinese and Japanese a character, else a run of letters and digits.
//!
//! A word is one Han ideograph, one kana, or the longest run of letters, digits and `_` between them. Letters
//! and digits are Python's `\w` (Unicode's L and N categories), so that figures compare with the published
//! scorers of the field; Rust's `char::is_alphanumeric` also has combining vowel signs and circled letters.

pub use crate::lexicon::is_han;

/// The words of `text`, in order, as they are written.
///
/// ```
/// use pagesieve::page::words::words;
/// assert_eq!(words("Rust 1.91 很快").collect::<Vec<_>>(), ["Rust", "1", "91", "很", "快"]);
/// ```
pub fn words(text: &str) -> Words<'_> {
    Words { rest: text }
}

/// Iterator over the words of a text; [`words`] makes it.
#[derive(Debug, Clone)]
pub struct Words<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let start = self.rest.find(|c| is_cjk(c) || is_word_char(c))?;
        let (_, from) = self.rest.split_at_checked(start)?;
        let first = from.chars().next()?;
        let end = if is_cjk(first) {
            first.len_utf8()
        } else {
            from.find(|c| !is_word_char(c) || is_cjk(c)).unwrap_or(from.len())
        };
        let (word, rest) = from.split_at_checked(end)?;
        self.rest = rest;
        Some(word)
    }
}

/// Whether `c` is a word of its own: a Han ideograph, a kana, `々` or `〇`.
pub fn is_cjk(c: char) -> bool {
    c >= '\u{3005}'
        && (is_han(c)
            || matches!(u32::from(c),
                0x3005 | 0x3007 | 0x3041..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x31F0..=0x31FF))
}

/// Whether `c` may stand in a word of letters and digits.
pub fn is_word_char(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { c.is_alphanumeric() && !is_sign(c) }
}

/// Whether `c` is "alphabetic" to Unicode without being a letter or a number.
fn is_sign(c: char) -> bool {
    let c = u32::from(c);
    let after = SIGNS.partition_point(|(first, _)| *first <= c);
    after.checked_sub(1).and_then(|at| SIGNS.get(at)).is_some_and(|(_, last)| c <= *last)
}

/// Ranges of characters with Unicode's derived property Alphabetic and a general category of Mn, Mc or So
/// (Unicode 14); where no letter stands between two ranges they are joined.
const SIGNS: &[(u32, u32)] = &[
    (0x345, 0x36F),
    (0x5B0, 0x5C7),
    (0x610, 0x61A),
    (0x64B, 0x65F),
    (0x670, 0x670),
    (0x6D6, 0x6E4),
    (0x6E7, 0x6ED),
    (0x711, 0x711),
    (0x730, 0x73F),
    (0x7A6, 0x7B0),
    (0x816, 0x817),
    (0x81B, 0x823),
    (0x825, 0x827),
    (0x829, 0x82C),
    (0x8D4, 0x903),
    (0x93A, 0x93B),
    (0x93E, 0x94F),
    (0x955, 0x957),
    (0x962, 0x963),
    (0x981, 0x983),
    (0x9BE, 0x9CC),
    (0x9D7, 0x9D7),
    (0x9E2, 0x9E3),
    (0xA01, 0xA03),
    (0xA3E, 0xA51),
    (0xA70, 0xA71),
    (0xA75, 0xA83),
    (0xABE, 0xACC),
    (0xAE2, 0xAE3),
    (0xAFA, 0xB03),
    (0xB3E, 0xB57),
    (0xB62, 0xB63),
    (0xB82, 0xB82),
    (0xBBE, 0xBCC),
    (0xBD7, 0xBD7),
    (0xC00, 0xC04),
    (0xC3E, 0xC56),
    (0xC62, 0xC63),
    (0xC81, 0xC83),
    (0xCBE, 0xCD6),
    (0xCE2, 0xCE3),
    (0xD00, 0xD03),
    (0xD3E, 0xD4C),
    (0xD57, 0xD57),
    (0xD62, 0xD63),
    (0xD81, 0xD83),
    (0xDCF, 0xDDF),
    (0xDF2, 0xDF3),
    (0xE31, 0xE31),
    (0xE34, 0xE3A),
    (0xE4D, 0xE4D),
    (0xEB1, 0xEB1),
    (0xEB4, 0xEBC),
    (0xECD, 0xECD),
    (0xF71, 0xF83),
    (0xF8D, 0xFBC),
    (0x102B, 0x103E),
    (0x1056, 0x1059),
    (0x105E, 0x1060),
    (0x1062, 0x1064),
    (0x1067, 0x106D),
    (0x1071, 0x1074),
    (0x1082, 0x108D),
    (0x108F, 0x108F),
    (0x109A, 0x109D),
    (0x1712, 0x1713),
    (0x1732, 0x1733),
    (0x1752, 0x1753),
    (0x1772, 0x1773),
    (0x17B6, 0x17C8),
    (0x1885, 0x1886),
    (0x18A9, 0x18A9),
    (0x1920, 0x1938),
    (0x1A17, 0x1A1B),
    (0x1A55, 0x1A74),
    (0x1ABF, 0x1B04),
    (0x1B35, 0x1B43),
    (0x1B80, 0x1B82),
    (0x1BA1, 0x1BAD),
    (0x1BE7, 0x1BF1),
    (0x1C24, 0x1C36),
    (0x1DD3, 0x1DF4),
    (0x24B6, 0x24E9),
    (0x2DE0, 0x2DFF),
    (0xA674, 0xA67B),
    (0xA69E, 0xA69F),
    (0xA802, 0xA802),
    (0xA80B, 0xA80B),
    (0xA823, 0xA827),
    (0xA880, 0xA881),
    (0xA8B4, 0xA8C5),
    (0xA8FF, 0xA8FF),
    (0xA926, 0xA92A),
    (0xA947, 0xA952),
    (0xA980, 0xA983),
    (0xA9B4, 0xA9BF),
    (0xA9E5, 0xA9E5),
    (0xAA29, 0xAA36),
    (0xAA43, 0xAA43),
    (0xAA4C, 0xAA4D),
    (0xAA7B, 0xAA7D),
    (0xAAB0, 0xAAB0),
    (0xAAB2, 0xAAB4),
    (0xAAB7, 0xAAB8),
    (0xAABE, 0xAABE),
    (0xAAEB, 0xAAEF),
    (0xAAF5, 0xAAF5),
    (0xABE3, 0xABEA),
    (0xFB1E, 0xFB1E),
    (0x10376, 0x1037A),
    (0x10A01, 0x10A0F),
    (0x10D24, 0x10D27),
    (0x10EAB, 0x10EAC),
    (0x11000, 0x11002),
    (0x11038, 0x11045),
    (0x11073, 0x11074),
    (0x11080, 0x11082),
    (0x110B0, 0x110C2),
    (0x11100, 0x11102),
    (0x11127, 0x11132),
    (0x11145, 0x11146),
    (0x11180, 0x11182),
    (0x111B3, 0x111BF),
    (0x111CE, 0x111CF),
    (0x1122C, 0x1123E),
    (0x112DF, 0x112E8),
    (0x11300, 0x11303),
    (0x1133E, 0x1134C),
    (0x11357, 0x11357),
    (0x11362, 0x11363),
    (0x11435, 0x11445),
    (0x114B0, 0x114C1),
    (0x115AF, 0x115BE),
    (0x115DC, 0x115DD),
    (0x11630, 0x11640),
    (0x116AB, 0x116B5),
    (0x1171D, 0x1172A),
    (0x1182C, 0x11838),
    (0x11930, 0x1193C),
    (0x11940, 0x11940),
    (0x11942, 0x11942),
    (0x119D1, 0x119DF),
    (0x119E4, 0x119E4),
    (0x11A01, 0x11A0A),
    (0x11A35, 0x11A39),
    (0x11A3B, 0x11A3E),
    (0x11A51, 0x11A5B),
    (0x11A8A, 0x11A97),
    (0x11C2F, 0x11C3E),
    (0x11C92, 0x11CB6),
    (0x11D31, 0x11D43),
    (0x11D47, 0x11D47),
    (0x11D8A, 0x11D96),
    (0x11EF3, 0x11EF6),
    (0x16F4F, 0x16F4F),
    (0x16F51, 0x16F92),
    (0x16FF0, 0x16FF1),
    (0x1BC9E, 0x1BC9E),
    (0x1E000, 0x1E02A),
    (0x1E947, 0x1E947),
    (0x1F130, 0x1F189),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<&str> {
        words(text).collect()
    }

    #[test]
    fn han_and_kana_are_words_of_their_own() {
        assert_eq!(list("第3章「テスト」"), ["第", "3", "章", "テ", "ス", "ト"]);
        assert_eq!(list("人々・〇"), ["人", "々", "〇"]);
    }

    #[test]
    fn runs_of_letters_digits_and_underscores_are_words() {
        assert_eq!(
            list(" don't snake_case x86-64 ½ naïve "),
            ["don", "t", "snake_case", "x86", "64", "½", "naïve"]
        );
    }

    #[test]
    fn combining_signs_and_circled_letters_split_words_as_in_python() {
        assert_eq!(list("हिन्दी"), ["ह", "न", "द"]);
        assert_eq!(list("aⒶb e\u{301}a"), ["a", "b", "e", "a"]);
    }

    #[test]
    fn the_sign_ranges_are_sorted_and_apart() {
        assert!(SIGNS.iter().all(|(first, last)| first <= last));
        assert!(SIGNS.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn a_text_without_words_has_none() {
        assert_eq!(list("").len() + list(" —，。\u{3000}!?\n").len(), 0);
    }
}

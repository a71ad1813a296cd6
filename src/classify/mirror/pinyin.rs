//! Pinyin in brackets behind the character whose reading it is: `計(jì)`.

use crate::page::words::is_han;
use pinyin::{Pinyin, ToPinyinMulti};
use std::ops::Range;

/// A bracket with a reading of the character before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// The character.
    pub(super) han: char,
    /// The bracket, in bytes of the text.
    pub(super) bracket: Range<usize>,
    pub(super) syllable: Syllable,
}

/// The longest syllable is `zhuang`.
const LETTERS: usize = 6;

/// A syllable of pinyin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Syllable {
    /// ASCII letters, `v` for `ü`, zero behind the last.
    letters: [u8; LETTERS],
    /// 1 to 4; 0 without a mark.
    tone: u8,
}

impl Syllable {
    /// Reads lower-case letters with or without a tone mark, composed or not.
    fn of(text: &str) -> Option<Self> {
        let (mut syllable, mut count) = (Self::default(), 0);
        for c in text.chars() {
            match c {
                '\u{308}' => *syllable.letters.get_mut(usize::checked_sub(count, 1)?)? = b'v',
                '\u{304}' => syllable.tone = 1,
                '\u{301}' => syllable.tone = 2,
                '\u{30c}' | '\u{306}' => syllable.tone = 3,
                '\u{300}' => syllable.tone = 4,
                _ => {
                    let (letter, tone) = letter(c)?;
                    *syllable.letters.get_mut(count)? = letter;
                    syllable.tone = syllable.tone.max(tone);
                    count += 1;
                }
            }
        }
        (count > 0).then_some(syllable)
    }

    pub(super) fn is_toned(self) -> bool {
        self.tone > 0
    }

    /// Whether a character is read so; a syllable without a tone mark stands for all its tones.
    fn is_reading_of(self, han: char) -> bool {
        let readings = han.to_pinyin_multi().into_iter().flatten();
        let mut readings = readings.map(Pinyin::with_tone).filter_map(Self::of);
        readings.any(|known| known.letters == self.letters && (known.tone == self.tone || self.tone == 0))
    }
}

/// A letter of pinyin without its mark, and the tone that the mark stands for. Breves are often written for the third
/// tone, and `ɑ` and `ɡ` by programs that follow the letters of the standard.
fn letter(c: char) -> Option<(u8, u8)> {
    const MARKED: [(u8, [char; 4]); 6] = [
        (b'a', ['ā', 'á', 'ǎ', 'à']),
        (b'e', ['ē', 'é', 'ě', 'è']),
        (b'i', ['ī', 'í', 'ǐ', 'ì']),
        (b'o', ['ō', 'ó', 'ǒ', 'ò']),
        (b'u', ['ū', 'ú', 'ǔ', 'ù']),
        (b'v', ['ǖ', 'ǘ', 'ǚ', 'ǜ']),
    ];
    match c {
        'a'..='z' => Some((c as u8, 0)),
        'ü' => Some((b'v', 0)),
        'ɑ' => Some((b'a', 0)),
        'ɡ' => Some((b'g', 0)),
        'ă' => Some((b'a', 3)),
        'ĕ' => Some((b'e', 3)),
        'ĭ' => Some((b'i', 3)),
        'ŏ' => Some((b'o', 3)),
        'ŭ' => Some((b'u', 3)),
        _ => (1_u8..).zip(0..4).find_map(|(tone, at)| {
            let found = MARKED.iter().find(|(_, marked)| marked.get(at) == Some(&c));
            found.map(|(letter, _)| (*letter, tone))
        }),
    }
}

/// The readings in a text, in order. Brackets of half and of full width count, mixed as well.
pub(super) fn readings(text: &str) -> impl Iterator<Item = Reading> + '_ {
    // `（` is ef bc 88
    memchr::memchr2_iter(b'(', 0x88, text.as_bytes()).filter_map(|at| reading(text, at))
}

/// The reading whose opening bracket ends at byte `at`.
fn reading(text: &str, at: usize) -> Option<Reading> {
    let (head, rest) = text.split_at_checked(at + 1)?;
    let before = head.strip_suffix('(').or_else(|| head.strip_suffix('（'))?;
    let han = before.chars().next_back().filter(|c| is_han(*c))?;
    let (close, sign) = rest.char_indices().take(2 * LETTERS).find(|(_, c)| matches!(c, ')' | '）'))?;
    let syllable = Syllable::of(rest.get(..close)?).filter(|syllable| syllable.is_reading_of(han))?;
    Some(Reading { han, bracket: before.len()..at + 1 + close + sign.len_utf8(), syllable })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        readings(text).map(|reading| reading.han).collect()
    }

    #[test]
    fn a_reading_of_the_character_before_it_counts() {
        assert_eq!(found("智能計(jì)算的業（yè）界,還(hái)有還(huán)的綠（lǜ)"), "計業還還綠");
        assert_eq!(found("計(ji\u{300})算,綠(lu\u{308}\u{300}),馬(mă),綱(ɡɑ\u{304}nɡ)"), "計綠馬綱");
    }

    #[test]
    fn syllables_without_a_tone_mark_count_as_such() {
        let plain: Vec<bool> =
            readings("計(ji)算(suàn)").map(|reading| reading.syllable.is_toned()).collect();
        assert_eq!(plain, [false, true]);
    }

    #[test]
    fn explanations_and_other_brackets_do_not_count() {
        for text in [
            "重慶(Chóngqìng)",
            "重慶（chóngqìng）",
            "蘋果(apple)",
            "計(yè)算",
            "計(jí)算",
            "仇（Qiú）",
            "計()算",
            "計(jì",
            "「計」(jì)",
            "the bank (yín)",
            "",
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }

    #[test]
    fn the_bracket_is_taken_with_both_its_signs() {
        let text = "業（yè）界";
        let ranges: Vec<_> = readings(text).map(|reading| text.get(reading.bracket).unwrap()).collect();
        assert_eq!(ranges, ["（yè）"]);
    }
}

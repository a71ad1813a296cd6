//! How rare a character is in ordinary text: `models/lexicon/common.tsv` for Chinese, the script for all others.
//!
//! The unit is the bit: a character of n bits is one in 2ⁿ of the text of its script. So the bits of two readings of the
//! same bytes say which one is likelier.

use super::table::{BadLine, Row, rows, shipped};
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/common.tsv");
const COLUMNS: [&str; 3] = ["bits", "characters", "source"];

/// What an ideograph costs that stands in no text that was counted.
const UNSEEN: u8 = 18;
/// What stands in no text at all.
const NEVER: u8 = 20;
/// The letters of which most words of Cyrillic languages are made.
const CYRILLIC: &str = "оеаинтсрвлкмдпуы";
/// The first ideograph of the table, and how many there can be.
const FIRST: u32 = 0x4E00;
const IDEOGRAPHS: usize = 0x5200;

static BITS: LazyLock<Vec<u8>> = LazyLock::new(|| shipped(bits_of_ideographs(TABLE)));

fn bits_of_ideographs(text: &'static str) -> Result<Vec<u8>, BadLine> {
    let mut all = vec![UNSEEN; IDEOGRAPHS];
    for Row { line, cells: [bits, characters, _] } in rows(text, COLUMNS)? {
        let bits = bits.parse().map_err(|_| BadLine::new(line, "bits is no number below 256"))?;
        for c in characters.chars() {
            let place = u32::from(c).checked_sub(FIRST).and_then(|at| all.get_mut(at as usize));
            *place.ok_or_else(|| BadLine::new(line, format_args!("{c:?} is no ideograph; take it out")))? =
                bits;
        }
    }
    Ok(all)
}

/// How rare a character is, in bits.
#[expect(clippy::match_same_arms, reason = "arms that overlap stand in their order")]
pub(crate) fn bits(c: char) -> u8 {
    let code = u32::from(c);
    match code {
        0..0x80 => 5,
        0xA0 => 8,
        0x80..0xA0 => NEVER,
        0xC0..0x100 if c.is_alphabetic() => 12,
        0x100..0x180 | 0x1A0 | 0x1A1 | 0x1AF | 0x1B0 | 0x1E00..0x1F00 => 13,
        0x400..0x500 if CYRILLIC.contains(c) => 6,
        0x391..=0x3C9 | 0x410..=0x44F | 0x401 | 0x451 | 0x454 | 0x456 | 0x457 => 9,
        0x531..0x588 | 0x5D0..0x6D4 | 0x900..0x1100 if c.is_alphabetic() => 8,
        0x180..0x370 | 0x400..0x900 => NEVER,
        0x2190..0x2C00 => 10,
        0x2010..0x2027 | 0x3000..0x3100 | 0xFF00..0xFF5F => 8,
        0x4E00..0xA000 => BITS.get((code - FIRST) as usize).copied().unwrap_or(UNSEEN),
        0xAC00..0xD7A4 => 11,
        0xE000..0xF900 | 0xFFFD => NEVER,
        0x3400..0x4E00 | 0xF900..0xFB00 | 0x2_0000.. => NEVER,
        _ => 14,
    }
}

/// From so many bits on a character is none of the common ones of its script: some 3,200 ideographs are.
const RARE: u8 = 16;

/// Whether a character is not among the common ones of its script.
pub(crate) fn is_rare(c: char) -> bool {
    bits(c) >= RARE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_characters_have_few_bits() {
        assert!(bits('的') < bits('桥') && bits('桥') < bits('鐭'));
        assert!(bits('é') > bits('й') && bits('\u{fffd}') == NEVER);
        let rare: String = "石桥將重新開放锟斤拷烫鍥藉唴\u{fffd}".chars().filter(|c| is_rare(*c)).collect();
        assert_eq!(rare, "锟拷烫鍥唴\u{fffd}");
    }

    #[test]
    fn a_bad_line_of_the_table_is_named() {
        let problem = |text| bits_of_ideographs(text).unwrap_err().to_string();
        assert!(problem("bits\tcharacters\tsource\nsix\t的\thand\n").contains("line 2: bits is no number"));
        assert!(problem("bits\tcharacters\tsource\n06\t的a\thand\n").contains("line 2: 'a' is no ideograph"));
    }
}

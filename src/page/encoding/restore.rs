//! Text that somebody read in a wrong encoding before it was stored → the text that it was.
//!
//! The ways in which this happens are few. Each is undone by writing a stretch in the encoding that it was wrongly read
//! in, and reading the bytes in the right one. Which of the two texts is likelier say the bits of their characters
//! ([`bits`]): text of a wrong reading costs twice as much. The way that saves most is undone, then the next one; those of
//! UTF-8 first, as hardly any other text is well-formed UTF-8 by chance.

use crate::lexicon::{bits, is_han};
use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, WINDOWS_1251, WINDOWS_1252};
use std::ops::Range;
use std::sync::LazyLock;

/// A text that was restored, and what that took.
#[derive(Debug)]
pub(super) struct Restored {
    pub(super) text: String,
    /// Characters that stand where others stood.
    pub(super) characters: usize,
}

/// A wrong reading, and the right one.
type Way = (&'static Encoding, &'static Encoding);

/// The wrong readings that are seen. What is read as Latin-1 is windows-1252 as well. Twice the same encoding is text that
/// was read from the second byte of a character on.
const WAYS: [Way; 13] = [
    (WINDOWS_1252, UTF_8),
    (WINDOWS_1252, GBK),
    (WINDOWS_1252, BIG5),
    (WINDOWS_1252, SHIFT_JIS),
    (WINDOWS_1252, EUC_KR),
    (WINDOWS_1252, WINDOWS_1251),
    (WINDOWS_1251, UTF_8),
    (GBK, UTF_8),
    (GBK, BIG5),
    (GBK, GBK),
    (BIG5, UTF_8),
    (BIG5, GBK),
    (SHIFT_JIS, UTF_8),
];

/// UTF-8 is read wrongly twice, and a page has parts of several sources.
const ROUNDS: usize = 3;
/// A way is undone on a page if that saves so many bits: chance saves less.
const ENOUGH: i32 = 60;
/// The right text costs at most so many tenths of a wrong reading…
const TENTHS: i32 = 8;
/// …and where signs of Latin-1 are no UTF-8: letters of any other encoding cost less than they, but not so much less.
const TENTHS_OF_SIGNS: i32 = 6;
/// A stretch saves so many bits at least: two letters do.
const LEAST: i32 = 8;
/// Of so many bytes of the right text one character may be lost that was not lost before.
const LOST_BYTES: usize = 30;
/// What a letter costs beside a letter of another script.
const MIXED: i32 = 10;

/// The text, restored, if a part of it was read wrongly.
pub(super) fn restore(text: &str) -> Option<Restored> {
    let mut restored: Option<Restored> = None;
    for _ in 0..ROUNDS {
        let now = restored.as_ref().map_or(text, |restored| restored.text.as_str());
        let suspects = suspects(now);
        let sample = sample(now, &suspects);
        let saved = WAYS.iter().map(|way| (way, Undone::of(now, &sample, *way).saved));
        let enough = saved.filter(|(_, saved)| *saved >= ENOUGH);
        let Some((way, _)) = enough.max_by_key(|((_, right), saved)| (*right == UTF_8, *saved)) else {
            break;
        };
        let best = Undone::of(now, &suspects, *way);
        let characters = restored.as_ref().map_or(0, |restored| restored.characters);
        restored = Some(Restored { characters: characters + best.characters(), text: best.applied(now) });
    }
    restored
}

/// A part of a text, between line ends, tags and quotes, and what makes it look misread.
#[derive(Debug, Clone)]
struct Suspect {
    range: Range<usize>,
    /// Characters of single-byte encodings that stand together as the bytes of longer ones do.
    pairs: usize,
    /// How much more than ordinary text the worst stretch costs.
    excess: i32,
}

/// A character of ordinary text costs no more, on the mean of a stretch.
const ORDINARY: i32 = 11;
/// A part is looked at from this excess on…
const EXCESS: i32 = 8;
/// …if the page has one of this excess, as hardly any page has whose text is in order…
const MUCH: i32 = 40;
/// …or so many pairs.
const PAIRS: usize = 2;

/// The parts of a text that look misread; none if nothing on the page speaks for it plainly.
fn suspects(text: &str) -> Vec<Suspect> {
    if !is_plain(text) {
        return Vec::new();
    }
    let mut at = 0;
    let parts = text.split_inclusive(['\n', '<', '>', '"']).filter_map(|part| {
        let range = at..at + part.len();
        at = range.end;
        if part.is_ascii() {
            return None;
        }
        let mut signs = Signs::default();
        part.chars().for_each(|c| signs.see(c));
        let suspect = Suspect { range, pairs: signs.pairs, excess: signs.excess };
        (suspect.pairs > 0 || suspect.excess >= EXCESS).then_some(suspect)
    });
    parts.collect()
}

/// Bytes that are passed over at a time if all are ASCII.
const STEP: usize = 64;

/// Whether something on the page speaks plainly for a misreading. Nearly all pages are done with here, so it is quick.
fn is_plain(text: &str) -> bool {
    let (mut signs, mut rest) = (Signs::default(), text);
    while !rest.is_empty() {
        let (step, behind) = rest.split_at(rest.floor_char_boundary(STEP));
        if step.is_ascii() {
            signs.end();
        } else {
            step.chars().for_each(|c| signs.see(c));
        }
        rest = behind;
    }
    signs.pairs >= PAIRS || signs.excess >= MUCH
}

/// What makes the characters of a text look misread, as far as it was seen.
#[derive(Debug, Default)]
struct Signs {
    /// Letters that may be the first byte of a longer character, with a sign behind them, and triples of Latin-1.
    pairs: usize,
    excess: i32,
    /// Of the stretch that goes on.
    sum: i32,
    run: usize,
    leads: bool,
}

impl Signs {
    fn see(&mut self, c: char) {
        if c.is_ascii() {
            self.sum = (self.sum - ASCII).max(0);
            (self.run, self.leads) = (0, false);
            return;
        }
        self.run = if matches!(c, '\u{80}'..='\u{ff}') { self.run + 1 } else { 0 };
        self.pairs += usize::from((self.leads && is_trail(c)) || self.run == 3);
        self.leads = matches!(c, 'Â'..='ô' | 'Р' | 'С');
        self.sum = (self.sum + i32::from(bits(c)) - ORDINARY).max(0);
        self.excess = self.excess.max(self.sum);
    }

    /// Ends the stretch: other text follows.
    fn end(&mut self) {
        (self.sum, self.run, self.leads) = (0, 0, false);
    }
}

/// What an ASCII character costs less than ordinary text.
const ASCII: i32 = 6;

/// Bytes of suspects that say which way is undone.
const SAMPLE: usize = 64 << 10;

/// The first suspects of a text.
fn sample(text: &str, suspects: &[Suspect]) -> Vec<Suspect> {
    let mut rest = SAMPLE;
    let cut = suspects.iter().map_while(|suspect| {
        let length = suspect.range.len().min(rest);
        rest -= length;
        let end = text.floor_char_boundary(suspect.range.start + length);
        (length > 0).then(|| Suspect { range: suspect.range.start..end, ..suspect.clone() })
    });
    cut.collect()
}

/// Whether a character of windows-1252 or 1251 may be a byte that goes on with a character of UTF-8.
fn is_trail(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{bf}' | '\u{152}'..='\u{192}' | '\u{2c6}' | '\u{2dc}' | '\u{2013}'..='\u{2122}' | 'Ё'..='Џ' | 'ё'..='џ')
}

/// The stretch that costs most beyond ordinary text, and how much that is.
fn dense(text: &str) -> (Range<usize>, i32) {
    let (mut sum, mut start, mut best) = (0, 0, (0..0, 0));
    for (at, c) in text.char_indices() {
        if sum <= 0 {
            (sum, start) = (0, at);
        }
        sum += i32::from(bits(c)) - ORDINARY;
        if sum > best.1 {
            best = (start..at + c.len_utf8(), sum);
        }
    }
    best
}

/// What a way gives, undone on a text.
#[derive(Debug, Default)]
struct Undone {
    /// Stretches and their right texts, in order.
    parts: Vec<(Range<usize>, String)>,
    saved: i32,
    /// What the stretch saves that saves most: a rare word may be another one by chance, a sentence not.
    longest: i32,
}

impl Undone {
    fn of(text: &str, suspects: &[Suspect], way: Way) -> Self {
        let mut undone = Self::default();
        let may_be = |suspect: &&Suspect| {
            if way.0.is_single_byte() { suspect.pairs > 0 } else { suspect.excess >= EXCESS }
        };
        for suspect in suspects.iter().filter(may_be) {
            undone.add(text.get(suspect.range.clone()).unwrap_or_default(), suspect.range.start, way);
        }
        let is_plain = is_of_signs(way) || undone.longest >= MUCH;
        if is_plain { undone } else { Self::default() }
    }

    /// Adds the stretches of a part that starts at `at`. Where more runs of it are right as they stand, it speaks of misread
    /// text, and a sign that stands alone may be an example of it: neither speaks for the way.
    fn add(&mut self, part: &str, at: usize, way: Way) {
        let stretches = stretches(part, way);
        let runs = stretches.len();
        let found: Vec<Right> =
            stretches.into_iter().filter_map(|stretch| found(part, stretch, way)).collect();
        if found.len() * 2 < runs {
            return;
        }
        for (range, new, saved) in found {
            let behind = part.get(range.end..).unwrap_or_default();
            let touches =
                part.get(..range.start).is_some_and(|before| before.ends_with(char::is_alphanumeric))
                    || behind.starts_with(char::is_alphanumeric);
            let is_text = touches || new.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some();
            self.saved += if is_text { saved } else { 0 };
            self.longest = self.longest.max(saved);
            self.parts.push((at + range.start..at + range.end, new));
        }
    }

    fn characters(&self) -> usize {
        self.parts.iter().map(|(_, new)| new.chars().filter(|c| !c.is_ascii()).count()).sum()
    }

    fn applied(&self, text: &str) -> String {
        let (mut new, mut at) = (String::with_capacity(text.len()), 0);
        for (range, right) in &self.parts {
            new.extend([text.get(at..range.start).unwrap_or_default(), right]);
            at = range.end;
        }
        new + text.get(at..).unwrap_or_default()
    }
}

/// A range of a stretch, its right text, and how many bits that saves.
type Right = (Range<usize>, String, i32);

/// A stretch of a part, or a run within it, in its right encoding.
fn found(part: &str, stretch: Range<usize>, way: Way) -> Option<Right> {
    let old = part.get(stretch.clone())?;
    let (range, new, saved) = reread(old, way).or_else(|| reread_within(old, way))?;
    Some((stretch.start + range.start..stretch.start + range.end, new, saved))
}

/// The stretch in its right encoding, if that is likelier.
fn reread(old: &str, way: Way) -> Option<Right> {
    let mut new = read_right(old, way);
    let lost = |text: &str| text.matches(LOST).count();
    let common = i32::from(bits(LOST)) * i32::try_from(lost(old).min(lost(&new))).unwrap_or(i32::MAX / 256);
    let (before, after) = (cost(old) - common, cost(&new) - common);
    fold_lost(&mut new);
    let is_of_latin_1 = way.0 == WINDOWS_1252 && way.1 != UTF_8;
    let tenths = if is_of_latin_1 { TENTHS_OF_SIGNS } else { TENTHS };
    let is_likelier = 10 * after <= tenths * before
        && before - after >= LEAST
        && lost(&new) <= lost(old) + new.len() / LOST_BYTES;
    is_likelier.then(|| (0..old.len(), new, before - after))
}

/// Characters at both ends of a dense stretch that may be misread as well, or not.
const MARGIN: usize = 3;
/// A longer run, bytes, is no run amid other text.
const LONGEST_RUN: usize = 4096;

/// The same for a run of characters amid right ones: wrong two-byte encodings have common characters, so the ends of
/// the run are sought around those of the densest stretch.
fn reread_within(old: &str, way: Way) -> Option<Right> {
    let (dense, excess) = dense(old);
    if way.0.is_single_byte() || excess < MUCH || dense.len() > LONGEST_RUN {
        return None;
    }
    let before = old.get(..dense.start)?.char_indices().rev().map(|(at, _)| at);
    let behind = old.get(dense.end..)?.char_indices().map(|(at, c)| dense.end + at + c.len_utf8());
    let ends: Vec<usize> = std::iter::once(dense.end).chain(behind.take(MARGIN)).collect();
    let starts = std::iter::once(dense.start).chain(before.take(MARGIN));
    let ranges = starts.flat_map(|start| ends.iter().map(move |end| start..*end));
    let found = ranges.filter_map(|range| {
        let (_, new, saved) = reread(old.get(range.clone())?, way)?;
        Some((range, new, saved))
    });
    found.max_by_key(|(_, _, saved)| *saved)
}

/// Whether all characters of a wrong reading are non-ASCII: UTF-8 has no ASCII byte in a longer character.
fn is_of_signs((wrong, right): Way) -> bool {
    wrong.is_single_byte() && right == UTF_8
}

/// The stretches of a part that a way may have made: of characters that the wrong encoding has.
fn stretches(part: &str, way: Way) -> Vec<Range<usize>> {
    let (wrong, right) = way;
    let is_outside = |c: char| match c {
        _ if c.is_ascii() => is_of_signs(way),
        LOST => right.is_single_byte(),
        _ => code(wrong, c).is_none(),
    };
    let mut at = 0;
    let runs = part.split_inclusive(is_outside).filter_map(|piece| {
        let start = at;
        at += piece.len();
        let run = piece.trim_end_matches(is_outside);
        let with_blank = run.ends_with('Â') && piece.ends_with("Â ");
        let may_be = !run.is_ascii() && (!wrong.is_single_byte() || is_of_signs(way) || stand_together(run));
        may_be.then_some(start..start + run.len() + usize::from(with_blank))
    });
    runs.collect()
}

/// Whether most non-ASCII characters have another one beside them: letters with accents stand between ASCII letters.
fn stand_together(text: &str) -> bool {
    let (mut all, mut pairs, mut before) = (0, 0, true);
    for is_ascii in text.chars().map(|c| c.is_ascii()) {
        all += usize::from(!is_ascii);
        pairs += usize::from(!is_ascii && !before);
        before = is_ascii;
    }
    pairs * 2 > all
}

/// The text that the bytes of a stretch give in the right encoding. What cannot be read is U+FFFD.
fn read_right(old: &str, (wrong, right): Way) -> String {
    let mut bytes = Vec::with_capacity(old.len());
    for c in old.chars() {
        match code(wrong, c).unwrap_or(u16::from(NO_BYTE)).to_be_bytes() {
            [0, byte] => bytes.push(byte),
            pair => bytes.extend(pair),
        }
    }
    if is_of_signs((wrong, right)) {
        repair_ends(&mut bytes);
    }
    if right == wrong {
        bytes.splice(..1, [NO_BYTE]);
    }
    right.decode_without_bom_handling(&bytes).0.into_owned()
}

/// Leaves one sign of a lost character where several stand together: how many bytes were lost is not known.
fn fold_lost(text: &mut String) {
    let mut before = ' ';
    text.retain(|c| std::mem::replace(&mut before, c) != LOST || c != LOST);
}

/// Repairs what is often changed again: a blank that does not break is a plain one, and ” has lost its last byte, which
/// windows-1252 does not have.
fn repair_ends(bytes: &mut Vec<u8>) {
    match bytes.as_slice() {
        [.., 0xC2, b' '] => {
            bytes.remove(bytes.len() - 2);
        }
        [.., 0xE2, 0x80] => bytes.push(0x9D),
        _ => {}
    }
}

const LOST: char = char::REPLACEMENT_CHARACTER;
/// A byte that no encoding reads.
const NO_BYTE: u8 = 0xFF;

/// The bytes of every character of the wrong encodings, as a number; 0 for none. `encoding_rs` searches its tables for each
/// ideograph, which takes a thousand times as long.
static BYTES: LazyLock<Vec<(&'static Encoding, Vec<u16>)>> = LazyLock::new(|| {
    let mut wrong: Vec<&'static Encoding> = WAYS.iter().map(|(wrong, _)| *wrong).collect();
    wrong.dedup();
    wrong.into_iter().map(|encoding| (encoding, bytes_of(encoding))).collect()
});

fn bytes_of(encoding: &'static Encoding) -> Vec<u16> {
    let mut all = vec![0; 1 << 16];
    let singles = (0x80..=0xFF_u16).map(|byte| (byte, vec![byte as u8]));
    let pairs = (0x81..=0xFE_u16).flat_map(|lead| (0x40..=0xFE).map(move |trail| lead << 8 | trail));
    let pairs = pairs.filter(|_| !encoding.is_single_byte()).map(|pair| (pair, pair.to_be_bytes().to_vec()));
    for (code, bytes) in singles.chain(pairs) {
        let read = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
        let mut chars = read.iter().flat_map(|text| text.chars());
        if let (Some(c), None) = (chars.next(), chars.next())
            && let Some(place @ 0) = all.get_mut(c as usize)
        {
            *place = code;
        }
        if let Some(place @ 0) = all.get_mut(usize::from(code)).filter(|_| encoding == WINDOWS_1252) {
            *place = code;
        }
    }
    all
}

/// The bytes of a character in a wrong encoding; windows-1252 has those of Latin-1 as well.
fn code(wrong: &'static Encoding, c: char) -> Option<u16> {
    if c.is_ascii() {
        return Some(c as u16);
    }
    let (_, all) = BYTES.iter().find(|(encoding, _)| *encoding == wrong)?;
    all.get(c as usize).copied().filter(|code| *code > 0)
}

/// How unlikely the non-ASCII characters of a text are, in bits.
fn cost(text: &str) -> i32 {
    let (mut sum, mut before) = (0, ' ');
    for c in text.chars() {
        sum += if c.is_ascii() { 0 } else { i32::from(bits(c)) } + if mix(before, c) { MIXED } else { 0 };
        before = c;
    }
    sum
}

/// Whether two characters do not stand beside each other in a word: letters of two scripts, a capital behind a small letter.
fn mix(before: char, c: char) -> bool {
    match (Script::of(before), Script::of(c)) {
        (Script::Other, Script::Other) => before.is_lowercase() && c.is_uppercase(),
        (Script::None, _)
        | (_, Script::None)
        | (Script::Latin, Script::Han)
        | (Script::Han, Script::Latin) => false,
        (before, script) => before != script,
    }
}

/// What letters do not stand together in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Other,
    Hangul,
    Han,
    /// No letter, or kana.
    None,
}

impl Script {
    fn of(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Self::Latin,
            '\u{250}'..='\u{10ff}' => Self::Other,
            '\u{ac00}'..='\u{d7a3}' => Self::Hangul,
            _ if is_han(c) => Self::Han,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{WINDOWS_874, WINDOWS_1253, WINDOWS_1255};

    const ZH: &str = "石桥将重新开放，工程师说河水太急了。";
    const HANT: &str = "石橋將重新開放，工程師說河水太急了。";

    fn misread(text: &str, (wrong, right): Way) -> String {
        let (bytes, _, _) = right.encode(text);
        wrong.decode_without_bom_handling(&bytes).0.into_owned()
    }

    fn restored(text: &str) -> String {
        restore(text).map_or_else(|| text.to_owned(), |restored| restored.text)
    }

    #[test]
    fn each_way_is_undone() {
        let japanese = "橋は冬のあいだ閉じられていた。";
        for (way, text) in [
            ((WINDOWS_1252, UTF_8), ZH),
            ((WINDOWS_1252, UTF_8), "The town’s bridge – “closed” for months – isn’t a café."),
            ((WINDOWS_1252, GBK), ZH),
            ((WINDOWS_1252, BIG5), HANT),
            ((WINDOWS_1252, SHIFT_JIS), japanese),
            ((WINDOWS_1252, EUC_KR), "다리는 겨울 내내 닫혀 있었다"),
            ((WINDOWS_1252, WINDOWS_1251), "Мост был закрыт всю зиму."),
            ((WINDOWS_1251, UTF_8), "Мост был закрыт всю зиму."),
            ((GBK, UTF_8), "石桥将重新开放，河水很深，工程师要换石料"),
            ((GBK, UTF_8), "הגשר היה סגור כל החורף"),
            ((GBK, BIG5), HANT),
            ((BIG5, GBK), ZH),
        ] {
            let wrong = misread(text, way);
            assert_eq!(restored(&wrong), text, "{wrong}");
        }
    }

    #[test]
    fn what_was_misread_twice_is_undone_twice() {
        let once = misread("The town’s bridge isn’t open", (WINDOWS_1252, UTF_8));
        let twice = misread(&once, (WINDOWS_1252, UTF_8));
        assert_eq!(restored(&twice), "The town’s bridge isn’t open");
    }

    #[test]
    fn a_run_amid_right_text_is_undone_and_lost_characters_stay_lost() {
        let way = (GBK, UTF_8);
        let text = format!(
            "河上的桥整个冬天都关着，{}，要到三月才会开放。",
            misread("石桥将重新开放，河水很深", way)
        );
        assert_eq!(restored(&text), "河上的桥整个冬天都关着，石桥将重新开放，河水很深，要到三月才会开放。");
        for (way, text, whole) in
            [(way, ZH, "工程师说河水"), ((SHIFT_JIS, UTF_8), "橋は冬のあいだ閉じられていた。", "冬のあい")]
        {
            let holes = misread(text, way);
            assert!(holes.contains(LOST) && restored(&holes).contains(whole), "{}", restored(&holes));
        }
    }

    #[test]
    fn text_that_was_read_from_within_a_character_is_undone() {
        let (bytes, _, _) = GBK.encode("橋很寬，河水流得太急了，什么樣的懲罰");
        let (wrong, _) = GBK.decode_without_bom_handling(&bytes[1..]);
        assert!(restored(&wrong).ends_with("什么樣的懲罰"), "{wrong} {}", restored(&wrong));
    }

    #[test]
    fn what_no_known_way_explains_stays() {
        for (right, text) in [
            (WINDOWS_1253, "Η παλιά βάρκα δεν έχει κινηθεί από την άνοιξη"),
            (WINDOWS_1255, "המעבורת הישנה לא פעלה מאז שיטפונות האביב"),
            (WINDOWS_874, "เรือข้ามฟากเก่าไม่ได้วิ่งตั้งแต่น้ำท่วม"),
        ] {
            let wrong = misread(text, (WINDOWS_1252, right));
            assert_eq!(restored(&wrong), wrong);
        }
    }

    #[test]
    fn ordinary_text_stays() {
        for text in [
            "L’été, à Paris, où l’on goûte « des crêpes » à 3 €… Noël déjà passé.",
            "Über die Brücke fährt größtenteils der Straßenverkehr – für 5 €.",
            "Việt Nam đã mở lại cây cầu vào tháng ba; Âu Cơ, Ấn Độ.",
            "São João não é só uma região: AMANHÃ É FERIADO, NÃO HÁ PÃO À MÃO.",
            "Þórður á Íslandi áði við ána í ágúst.",
            "Это «мост», Россия… СССР» и т. д. № 5 °C",
            "饕餮、貔貅、魑魅魍魉，龃龉、耄耋、踟蹰。",
            "橋は冬のあいだ閉じられていた。",
            "The sign “’” became â€™ when it was read as windows-1252: “don’t” → “donâ€™t”, “it’s” → “itâ€™s”, “café” → “cafÃ©”.",
            "<td>â€™</td><td>’</td><td>â€œ</td><td>“</td><td>â€</td><td>”</td><td>Ã©</td><td>é</td><td>Ã¼</td><td>ü</td>",
            "NESCAFÉ® Classic, NESCAFÉ® Gold, NESCAFÉ® Azera, NESCAFÉ® Dolce Gusto, NESCAFÉ™",
            "\u{a0}\u{a0}\u{a0}\u{a0}一\u{a0}\u{a0}\u{a0}\u{a0}二\u{a0}\u{a0}\u{a0}\u{a0}三",
            "└──────┬──────┘ ······ ★★★★★ →→→ ①②③④⑤",
            HANT,
            ZH,
        ] {
            assert_eq!(restored(text), text);
        }
    }
}

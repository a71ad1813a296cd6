//! Text → its normal form, in which spam that was written to be missed by filters reads as it is meant.
//!
//! Full-width and decorated forms become plain, traditional characters simplified, accents, zero-width and
//! combining characters go, runs of digits become one `0`, look-alike letters inside Latin words become Latin,
//! pinyin in brackets behind a character goes, and so do signs between characters (加·微·信) or letters (c a s h)
//! that stand alone. Phrases of the lexicon are compared in a shorter form of the same characters ([`super::key`]). The
//! methods are those of the `DMoS` detector (Yang et al. 2021): shape first, then spacing.

use super::invisible::is_shapeless;
use super::is_han;
use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use unicode_normalization::char::decompose_compatible;

/// The normal form of a text's start.
#[derive(Debug, Default)]
pub(crate) struct Normal {
    chars: Vec<char>,
    /// Signs without meaning that were taken out or stand as blanks: emoji, stars, arrows, zero-width characters.
    decorations: usize,
    /// Ideographs since the last sign, and in the segment before it.
    segment: usize,
    before: usize,
}

/// Letters that stand alone, from which they are one word.
const SPACED_LETTERS: usize = 4;
/// Letters of a syllable of pinyin, at most.
const SYLLABLE: usize = 7;

impl Normal {
    /// Reads a text, up to so many characters of the normal form, reusing the memory of the last one.
    pub(crate) fn read(&mut self, text: &str, most: usize) {
        self.chars.clear();
        (self.decorations, self.segment, self.before) = (0, 0, 0);
        let mut chars = text.chars();
        while self.chars.len() < most {
            let Some(c) = chars.next() else { break };
            let opens = matches!(c, '(' | '（') && self.chars.last().is_some_and(|c| is_han(*c));
            if !(opens && skip_pinyin(&mut chars)) {
                self.push(c);
            }
        }
        self.join_letters();
    }

    /// The normal form.
    pub(crate) fn chars(&self) -> &[char] {
        &self.chars
    }

    /// Signs without meaning.
    pub(crate) fn decorations(&self) -> usize {
        self.decorations
    }

    fn push(&mut self, c: char) {
        match c {
            'a'..='z' => self.chars.push(c),
            'A'..='Z' => self.chars.push(c.to_ascii_lowercase()),
            '0'..='9' => self.push_digit(),
            '!'..='~' => self.push_sign(c),
            FIRST..=LAST => self.push_han(simplified(c)),
            _ if c.is_whitespace() => self.push_sign(' '),
            _ if c.is_ascii() => {}
            _ => self.push_other(c),
        }
    }

    /// Runs of digits are one: what a number is says nothing.
    fn push_digit(&mut self) {
        if self.chars.last() != Some(&'0') {
            self.chars.push('0');
        }
    }

    fn push_sign(&mut self, c: char) {
        if c != ' ' || !matches!(self.chars.last(), None | Some(' ')) {
            self.chars.push(c);
            if self.segment > 0 {
                (self.before, self.segment) = (self.segment, 0);
            }
        }
    }

    /// A sign behind a character that stood alone goes.
    fn push_han(&mut self, c: char) {
        if let [.., last, sign] = self.chars.as_slice()
            && (self.segment, self.before) == (0, 1)
            && is_han(*last)
            && is_separator(*sign)
        {
            self.chars.pop();
        }
        self.chars.push(c);
        self.segment += 1;
    }

    fn push_other(&mut self, c: char) {
        if is_invisible(c) {
            self.decorations += 1;
        } else if let Some(latin) =
            latin_of(c).filter(|_| self.chars.last().is_some_and(char::is_ascii_lowercase))
        {
            self.chars.push(latin);
        } else if is_decoration(c) {
            self.decorations += 1;
            self.push_sign(' ');
        } else if let Some(digit) = digit_of(c) {
            self.chars.extend((self.chars.last() != Some(&'0')).then_some(digit));
        } else {
            self.push_plain(c);
        }
    }

    /// The character without its width, circle and accents, in lower case.
    fn push_plain(&mut self, c: char) {
        if unfold(c, &mut |part| self.push(part)) {
            return;
        }
        match sign(c) {
            None if c.is_alphanumeric() => self.chars.extend(c.to_lowercase()),
            sign => self.push_sign(sign.unwrap_or(c)),
        }
    }

    /// Joins letters that stand alone: `c a s h`, `c.a.s.h`.
    fn join_letters(&mut self) {
        let chars = &mut self.chars;
        let alone = |chars: &[char], at: usize| {
            let is = |at: usize| chars.get(at).is_some_and(char::is_ascii_alphanumeric);
            is(at) && !is(at + 1) && (at == 0 || !is(at - 1))
        };
        let mut at = 0;
        while at < chars.len() {
            let mut end = at;
            while alone(chars, end)
                && chars.get(end + 1).is_some_and(|c| is_separator(*c))
                && alone(chars, end + 2)
            {
                end += 2;
            }
            if (end - at) / 2 + 1 >= SPACED_LETTERS {
                let mut place = 0;
                let run = at..=end;
                chars.retain(|c| {
                    place += 1;
                    !run.contains(&(place - 1)) || !is_separator(*c)
                });
            }
            at = end.max(at) + 1;
        }
    }
}

/// The plain characters that stand for one: narrow, simplified, without accents, in lower case. A decoration is a
/// blank, and an invisible character nothing.
pub(crate) fn plain(c: char, push: &mut dyn FnMut(char)) {
    match c {
        '\0'..='\x7f' => push(c.to_ascii_lowercase()),
        FIRST..=LAST => push(simplified(c)),
        _ if is_invisible(c) => {}
        _ if c.is_whitespace() || is_decoration(c) => push(' '),
        _ if unfold(c, &mut |part| plain(part, push)) => {}
        _ => match sign(c) {
            Some(sign) => push(sign),
            None => c.to_lowercase().for_each(push),
        },
    }
}

/// Gives the characters that one is made of, in lower case and without its accents; whether there are any.
fn unfold(c: char, push: &mut dyn FnMut(char)) -> bool {
    let mut whole = true;
    decompose_compatible(c, |part| {
        whole &= part == c;
        if part != c && !is_invisible(part) {
            part.to_lowercase().for_each(&mut *push);
        }
    });
    !whole
}

/// The plain sign of its kind.
fn sign(c: char) -> Option<char> {
    match c {
        '，' | '、' => Some(','),
        '。' => Some('.'),
        '【' | '「' | '『' | '《' | '〈' | '〔' => Some('['),
        '】' | '」' | '』' | '》' | '〉' | '〕' => Some(']'),
        '“' | '”' => Some('"'),
        '‘' | '’' => Some('\''),
        '–' | '—' => Some('-'),
        '·' | '•' | '・' => Some('·'),
        _ => None,
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '·' | '-' | '_' | '*' | '/' | '|' | '~' | '+' | ',' | '\'')
}

/// Characters without a shape, combining marks and variation selectors.
fn is_invisible(c: char) -> bool {
    let is_mark = || {
        matches!(c as u32,
            0x300..=0x36f | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f)
    };
    is_shapeless(c) || is_mark()
}

/// Arrows, stars, boxes, dingbats, emoji.
fn is_decoration(c: char) -> bool {
    matches!(c as u32, 0x2190..=0x23ff | 0x2500..=0x2775 | 0x2794..=0x2bff | 0x203b | 0x3012 | 0x3013 | 0x1f000..=0x1f0ff
        | 0x1f200..=0x1faff | 0xfffd)
}

/// The digit of circled and Chinese capital numerals that stand for telephone and account numbers.
fn digit_of(c: char) -> Option<char> {
    matches!(c as u32, 0x2460..=0x249b | 0x24ea..=0x24ff | 0x2776..=0x2793).then_some('0')
}

/// The Latin letter that a Cyrillic or Greek one looks like.
fn latin_of(c: char) -> Option<char> {
    const ALIKE: [(&str, &str); 2] =
        [("аеорсухіјѕьтмкнвгԁԛѡ", "aeopcyxijsbtmkhbrdqw"), ("αεικνορτυχωβγ", "aeikvoptuxwby")];
    let find = |(theirs, ours): &(&str, &str)| {
        let at = theirs.chars().position(|their| their == c)?;
        ours.chars().nth(at)
    };
    ALIKE.iter().find_map(find)
}

/// Steps over `jì)` if that is what follows: letters of one syllable, one of them with a tone.
pub(super) fn skip_pinyin(chars: &mut std::str::Chars<'_>) -> bool {
    let mut ahead = chars.clone();
    let mut toned = false;
    for at in 0..=SYLLABLE {
        match ahead.next() {
            Some(')' | '）') if at > 0 && toned => {
                *chars = ahead;
                return true;
            }
            Some('a'..='z') => {}
            Some('à'..='ü' | 'ā'..='ǜ') => toned = true,
            _ => return false,
        }
    }
    false
}

/// The simplified forms of the characters from [`FIRST`] to [`LAST`], as `OpenCC` has them for characters.
struct Simplified {
    converter: Option<OpenCC>,
    /// What was asked for so far, 0 for the others: a page has some hundreds of characters, and all take longer to be told than
    /// a page to be judged.
    forms: Box<[AtomicU32]>,
}

const FIRST: char = '\u{3400}';
const LAST: char = '\u{9fff}';

static SIMPLIFIED: LazyLock<Simplified> = LazyLock::new(|| Simplified {
    converter: OpenCC::from_config(BuiltinConfig::T2s).ok(),
    forms: (FIRST..=LAST).map(|_| AtomicU32::new(0)).collect(),
});

impl Simplified {
    fn of(&self, c: char) -> char {
        let Some(place) = self.forms.get((c as usize).wrapping_sub(FIRST as usize)) else { return c };
        // threads that ask for the same one write the same
        match place.load(Ordering::Relaxed) {
            0 => {
                let form = self.convert(c);
                place.store(form as u32, Ordering::Relaxed);
                form
            }
            known => char::from_u32(known).unwrap_or(c),
        }
    }

    fn convert(&self, c: char) -> char {
        let form = self.converter.as_ref().map(|converter| converter.convert(c.encode_utf8(&mut [0; 4])));
        form.and_then(|form| form.chars().next()).unwrap_or(c)
    }
}

/// The simplified forms of all characters that have a table entry.
#[cfg(test)]
pub(crate) fn simplified_forms() -> String {
    (FIRST..=LAST).map(simplified).collect()
}

/// The simplified form of a character.
pub(super) fn simplified(c: char) -> char {
    if matches!(c, FIRST..=LAST) { SIMPLIFIED.of(c) } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        let mut normal = Normal::default();
        normal.read(text, 200);
        normal.chars().iter().collect()
    }

    #[test]
    fn what_hides_a_word_is_taken_away() {
        for (written, meant) in [
            ("Ｃａｓｉｎｏ　ＢＯＮＵＳ", "casino bonus"),
            ("加\u{200b}微\u{200d}信", "加微信"),
            ("加 微 信 领 福利", "加微信领福利"),
            ("博·彩·公·司", "博彩公司"),
            ("加★微★信", "加微信"),
            ("c a s i n o bonus", "casino bonus"),
            ("v.i.a.g.r.a", "viagra"),
            ("саsinо", "саsino"),
            ("cаsinо", "casino"),
            ("賭場開戶", "赌场开户"),
            ("計(jì)算", "计算"),
            ("苹果(apple)", "苹果(apple)"),
            ("①③⑧ 2024", "0 0"),
            ("𝐅𝐫𝐞𝐞 café", "free cafe"),
            ("[20P]【12p】", "[0p][0p]"),
        ] {
            assert_eq!(normal(written), meant, "{written}");
        }
    }

    #[test]
    fn plain_text_keeps_its_words_apart() {
        assert_eq!(normal("A  plan I had: e.g. a car"), "a plan i had: e.g. a car");
        assert_eq!(normal("新闻 体育 财经"), "新闻 体育 财经");
    }

    #[test]
    fn marks_on_every_character_cost_no_text() {
        let hidden: String = "赌场".chars().flat_map(|c| [c, '\u{301}', '\u{200b}']).collect();
        assert_eq!(normal(&hidden), "赌场");
    }
}

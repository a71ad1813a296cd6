//! The tokens of a page's blocks: words, and each Chinese or Japanese character, as hashes.

use std::sync::LazyLock;

/// Classes of ASCII characters.
const UPPER: u8 = 1;
const LOWER: u8 = 2;
const DIGIT: u8 = 4;
const MARK: u8 = 8;
const SYMBOL: u8 = 16;

static ASCII: LazyLock<[u8; 128]> = LazyLock::new(|| {
    let mut classes = [0u8; 128];
    for (class, byte) in classes.iter_mut().zip(0u8..) {
        *class = match byte {
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' | b'_' => LOWER,
            b'0'..=b'9' => DIGIT,
            b'|' | b'>' | b'<' | b'/' | b'*' | b'+' | b'=' | b'#' | b'\\' | b'^' | b'~' => SYMBOL | MARK,
            b'!'..=b'~' => MARK,
            _ => 0,
        };
    }
    classes
});

/// Counts of one block's characters and tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) chars: u32,
    pub(super) tokens: u32,
    pub(super) words: u32,
    pub(super) word_chars: u32,
    pub(super) longest: u32,
    pub(super) upper: u32,
    pub(super) digits: u32,
    pub(super) cjk: u32,
    pub(super) punctuation: u32,
    pub(super) commas: u32,
    pub(super) stops: u32,
    pub(super) symbols: u32,
    pub(super) currency: bool,
    pub(super) contact: bool,
    pub(super) first: char,
    pub(super) last: char,
}

/// The tokens of all blocks, one after another.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// A hash of each token: lower case, digits alike.
    pub(super) hashes: Vec<u32>,
    /// Whether the token is a Chinese or Japanese character.
    pub(super) cjk: Vec<bool>,
    /// Range of each block's tokens.
    pub(super) ranges: Vec<(u32, u32)>,
    pub(super) counts: Vec<Counts>,
}

impl Tokens {
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut tokens = Self::default();
        for text in texts {
            let first = tokens.hashes.len() as u32;
            let counts = tokens.read(text);
            tokens.counts.push(counts);
            tokens.ranges.push((first, tokens.hashes.len() as u32));
        }
        tokens
    }

    pub(super) fn block(&self, index: usize) -> &[u32] {
        let (start, end) = self.ranges.get(index).copied().unwrap_or_default();
        self.hashes.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn block_cjk(&self, index: usize) -> &[bool] {
        let (start, end) = self.ranges.get(index).copied().unwrap_or_default();
        self.cjk.get(start as usize..end as usize).unwrap_or_default()
    }

    fn read(&mut self, text: &str) -> Counts {
        let mut counts = Counts::default();
        let mut word = Word::default();
        for c in text.chars() {
            counts.chars += 1;
            if let Some(&class) = ASCII.get(c as usize) {
                if class & (UPPER | LOWER | DIGIT) != 0 {
                    counts.upper += u32::from(class & UPPER != 0);
                    counts.digits += u32::from(class & DIGIT != 0);
                    word.push(if class & DIGIT != 0 { u32::from('0') } else { c as u32 | 0x20 });
                    continue;
                }
                self.end(&mut word, &mut counts);
                ascii_mark(c, class, &mut counts);
            } else {
                self.wide(c, &mut word, &mut counts);
            }
        }
        self.end(&mut word, &mut counts);
        counts.first = text.chars().next().unwrap_or_default();
        counts.last = text.chars().next_back().unwrap_or_default();
        counts
    }

    fn wide(&mut self, c: char, word: &mut Word, counts: &mut Counts) {
        if is_cjk(c) {
            self.end(word, counts);
            counts.cjk += 1;
            counts.tokens += 1;
            self.hashes.push(mix(c as u32));
            self.cjk.push(true);
        } else if c.is_alphanumeric() {
            counts.upper += u32::from(c.is_uppercase());
            counts.digits += u32::from(c.is_numeric());
            word.push(c.to_lowercase().next().unwrap_or(c) as u32);
        } else {
            self.end(word, counts);
            wide_mark(c, counts);
        }
    }

    fn end(&mut self, word: &mut Word, counts: &mut Counts) {
        if word.chars > 0 {
            counts.tokens += 1;
            counts.words += 1;
            counts.word_chars += word.chars;
            counts.longest = counts.longest.max(word.chars);
            self.hashes.push(mix(word.hash));
            self.cjk.push(false);
            *word = Word::default();
        }
    }
}

#[derive(Debug)]
struct Word {
    hash: u32,
    chars: u32,
}

impl Default for Word {
    fn default() -> Self {
        Self { hash: 0x811c_9dc5, chars: 0 }
    }
}

impl Word {
    fn push(&mut self, c: u32) {
        self.hash = (self.hash ^ c).wrapping_mul(0x0100_0193);
        self.chars += 1;
    }
}

/// The hash of a lower-case word, as [`Tokens`] has it.
pub(super) fn word_hash(word: &str) -> u32 {
    let mut hash = Word::default();
    for c in word.chars() {
        hash.push(if c.is_ascii_digit() { u32::from('0') } else { c as u32 });
    }
    mix(hash.hash)
}

/// The hash of a Chinese or Japanese character, as [`Tokens`] has it.
pub(super) fn character_hash(c: char) -> u32 {
    mix(c as u32)
}

/// The finaliser of `MurmurHash3`: every bit of the input reaches every bit of the output.
pub(crate) fn mix(mut hash: u32) -> u32 {
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

fn ascii_mark(c: char, class: u8, counts: &mut Counts) {
    counts.punctuation += u32::from(class & MARK != 0);
    counts.symbols += u32::from(class & SYMBOL != 0);
    match c {
        ',' | ';' => counts.commas += 1,
        '.' | '!' | '?' => counts.stops += 1,
        '$' => counts.currency = true,
        '@' => counts.contact = true,
        _ => {}
    }
}

fn wide_mark(c: char, counts: &mut Counts) {
    match c {
        '，' | '、' | '；' => counts.commas += 1,
        '。' | '！' | '？' | '…' => counts.stops += 1,
        '€' | '£' | '¥' | '￥' | '₹' | '₽' | '元' => counts.currency = true,
        '»' | '›' | '«' | '‹' | '©' | '•' | '·' | '→' | '↑' | '▼' | '★' | '|' | '®' | '™' | '✓' | '×'
        | '●' | '■' | '◆' => {
            counts.symbols += 1;
        }
        _ => {}
    }
    counts.punctuation += u32::from(!c.is_whitespace());
}

/// Ideographs and kana: each is a token.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(
        c as u32,
        0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3134f
            | 0x3041..=0x309f | 0x30a1..=0x30fa | 0x30fc..=0x30ff | 0x31f0..=0x31ff | 0x3005 | 0x3007
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_words_and_ideographs() {
        let tokens = Tokens::of(["Hello 世界, 2024!"].into_iter());
        assert_eq!(
            tokens.block(0),
            [word_hash("hello"), character_hash('世'), character_hash('界'), word_hash("2024")]
        );
        let counts = tokens.counts[0];
        assert_eq!((counts.words, counts.cjk, counts.digits, counts.stops, counts.commas), (2, 2, 4, 1, 1));
    }
}

//! What a line is by its shape: pagination, breadcrumbs, markup without text.

use crate::page::words::{is_cjk, words};
use rustc_hash::FxHashSet;

/// Words of a row of page numbers, in lower case.
const PAGE_WORDS: [&str; 17] = [
    "上一页", "下一页", "首页", "尾页", "末页", "上页", "下页", "上一頁", "下一頁", "首頁", "previous",
    "prev", "next", "first", "last", "index", "older",
];
/// A row of numbers without words has at least so many, from 1 on.
const NUMBERS: usize = 3;
/// A higher number is not a page's.
const MOST_PAGES: u32 = 9999;
/// The longest row of page numbers, bytes.
const LONGEST_ROW: usize = 160;

/// What numbers without words are: at the end of a page they are its pages, in its midst they are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    Counts,
    DoesNotCount,
}

/// Whether the text is a row of page numbers: `1 2 3 4 5`, `« Previous 1 2 … 9 Next »`.
pub(super) fn is_pagination(text: &str, alone: Alone) -> bool {
    if text.len() > LONGEST_ROW {
        return false;
    }
    if is_page_of(text) {
        return true;
    }
    let (mut numbers, mut words, mut last) = (0, 0, 0);
    let tokens = text.split(|c: char| c.is_whitespace() || c == '|');
    let tokens = tokens.map(|token| token.trim_matches(|c: char| !c.is_alphanumeric()));
    for token in tokens.filter(|token| !token.is_empty()) {
        match token.parse::<u32>() {
            Ok(number) if number > last && number <= MOST_PAGES => (numbers, last) = (numbers + 1, number),
            Err(_) if PAGE_WORDS.iter().any(|word| word.eq_ignore_ascii_case(token)) => words += 1,
            _ => return false,
        }
    }
    words > 0 && words + numbers > 1 || alone == Alone::Counts && numbers >= NUMBERS && starts_at_one(text)
}

/// `Page 2 of 9`.
fn is_page_of(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let mut is = |word: &str| words.next().is_some_and(|found| found.eq_ignore_ascii_case(word));
    if !is("page") {
        return false;
    }
    let number = |word: Option<&str>| word.is_some_and(|word| word.parse::<u32>().is_ok());
    let first = number(words.next());
    let of = words.next() == Some("of");
    first && of && number(words.next()) && words.next().is_none()
}

fn starts_at_one(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    numbers.next() == Some("1") && numbers.next() == Some("2")
}

/// The longest breadcrumb, bytes, and the longest of its parts but the last.
const LONGEST_CRUMBS: usize = 360;
const LONGEST_CRUMB: usize = 60;
/// What stands between the parts of a breadcrumb.
const SEPARATORS: [char; 3] = ['>', '»', '›'];
/// The first part of a breadcrumb, in lower case, ends with one of these.
const HOME: [&str; 6] = ["首页", "首頁", "主页", "主頁", "home", "门户"];

/// How many parts a breadcrumb has, and whether it starts at a home page; `None` for another text.
pub(super) fn breadcrumb(text: &str) -> Option<(usize, bool)> {
    // `»` starts with the byte c2, `›` with e2
    let may = text.len() <= LONGEST_CRUMBS && memchr::memchr3(b'>', 0xc2, 0xe2, text.as_bytes()).is_some();
    if !may || !text.contains(SEPARATORS) {
        return None;
    }
    let mut parts = text.split(SEPARATORS).map(str::trim).filter(|part| !part.is_empty()).peekable();
    let home = parts.peek().is_some_and(|first| {
        let first = without_pinyin(&first.to_lowercase());
        HOME.iter().any(|home| first.ends_with(home))
    });
    let (mut count, mut sentences) = (0, false);
    while let Some(part) = parts.next() {
        count += 1;
        sentences |= part.contains(['。', '！', '？', '<', '=', ';']) || part.contains(". ");
        if parts.peek().is_some() && part.len() > LONGEST_CRUMB {
            return None;
        }
    }
    (count >= 3 && !sentences).then_some((count, home))
}

fn without_pinyin(part: &str) -> String {
    let mut key = crate::lexicon::Key::default();
    key.read(part);
    key.whole().unwrap_or_default().to_owned()
}

/// Values of the `id` of noise tags have so many characters.
const NOISE_ID: std::ops::RangeInclusive<usize> = 4..=8;

/// Whether a line of extracted text is noise tags alone: `<mark id="vd61v"><dl id="vd61v"></dl></mark>`, empty
/// elements that have an id of letters and digits and nothing else.
pub(super) fn is_noise_markup(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "•-*·".contains(c));
    let (mut rest, mut open, mut opened) = (text, 0_usize, 0);
    while let Some(tag) = rest.strip_prefix('<') {
        let Some((inner, after)) = tag.split_once('>') else { return false };
        if inner.starts_with('/') {
            open = open.saturating_sub(1);
        } else if is_noise_tag(inner) {
            (open, opened) = (open + 1, opened + 1);
        } else {
            return false;
        }
        rest = after.trim_start();
    }
    rest.is_empty() && opened > 0 && open == 0
}

/// Whether the inside of a tag is a name and an id: `mark id="vd61v"`.
pub(in crate::classify) fn is_noise_tag(inner: &str) -> bool {
    let Some((name, rest)) = inner.split_once(' ') else { return false };
    let value = rest.trim().strip_prefix("id=").map(|value| value.trim_matches(['"', '\'']));
    let id =
        |value: &str| NOISE_ID.contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric());
    name.bytes().all(|b| b.is_ascii_alphanumeric()) && value.is_some_and(id)
}

/// What stands between the entries of a menu in one line.
const MENU_SIGNS: [char; 6] = ['|', '·', '｜', '\u{3000}', '•', '/'];

/// Whether the line is a menu: three or more short entries between signs or blanks.
pub(super) fn is_menu(text: &str) -> bool {
    if text.len() > LONGEST_CRUMBS || text.contains(['。', '，', ',', '？', '！']) || text.contains(". ")
    {
        return false;
    }
    let entries = |parts: &mut dyn Iterator<Item = &str>| {
        let (mut count, mut short) = (0, true);
        for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
            count += 1;
            short &= part.chars().count() <= 16;
        }
        count >= 3 && short
    };
    let ideographs = text.chars().next().is_some_and(crate::page::words::is_han);
    entries(&mut text.split(MENU_SIGNS)) || ideographs && entries(&mut text.split_whitespace())
}

/// Whether there is nothing but numbers and signs.
pub(super) fn is_number(text: &str) -> bool {
    text.len() <= 16 && text.bytes().any(|b| b.is_ascii_digit()) && !text.chars().any(char::is_alphabetic)
}

/// Whether a list mark stands before the line.
pub(super) fn is_list_item(text: &str) -> bool {
    text.starts_with(['-', '•', '*', '·', '●', '■', '◆', '▪', '○', '🔥'])
}

/// A dump of search words has so many pieces…
const PIECES: usize = 100;
/// …and twice as many where it names each but once or its pieces are single words…
const MANY_PIECES: usize = 200;
/// …of at most so many characters and words…
const PIECE_CHARS: usize = 40;
const PIECE_IDEOGRAPHS: usize = 14;
const PIECE_WORDS: usize = 5;
/// …at most one in so many of which ends a sentence, is longer or no word at all…
const ODD: usize = 20;
/// …and at most one character or word in so many joins others: in sentences it is one in ten.
const JOINING: usize = 40;
/// It says the same pieces, or the same pairs of characters and words, so many times over.
const TIMES: usize = 2;
/// What joins words to sentences.
const JOINING_IDEOGRAPHS: &str = "的了是在和也就都而及与或我他她你们这那不";
const JOINING_WORDS: [&str; 16] =
    ["the", "of", "and", "to", "a", "is", "that", "in", "it", "was", "i", "you", "are", "we", "he", "with"];

/// Whether a text is a dump of search words: hundreds of short pieces, no sentence, the same words again and again.
pub(super) fn is_keyword_dump(text: &str) -> bool {
    if text.len() < PIECES * 4 {
        return false;
    }
    let counts = Counts::of(text);
    let chinese = counts.ideographs * 4 > counts.characters;
    let is_sign = |c: char| is_list_sign(c) || chinese && c.is_whitespace();
    let signs = counts.signs + if chinese { counts.blanks } else { 0 };
    let single = signs < PIECES;
    // single words need twice as many pieces, and there are no more pieces than signs and blanks between them
    if single && counts.signs + counts.blanks + 1 < MANY_PIECES {
        return false;
    }
    let pieces = text.split(|c: char| is_sign(c) || single && c.is_whitespace());
    let pieces: Vec<&str> = pieces.map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let odd = pieces.iter().filter(|piece| is_odd(piece)).count();
    if pieces.len() < PIECES || odd * ODD > pieces.len() || joins(text, chinese) {
        return false;
    }
    let distinct = pieces.iter().collect::<FxHashSet<_>>().len();
    let repeats = distinct * TIMES <= pieces.len();
    let is_long = pieces.len() >= MANY_PIECES;
    if single { repeats && is_long } else { repeats || is_long && repeats_within(&pieces) }
}

/// Whether a character stands between the pieces of a list.
fn is_list_sign(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | ';' | '；' | '|' | '｜' | '·' | '•' | '\n' | '\t' | '/' | '\u{3000}')
}

/// Characters of a text, and what they are.
#[derive(Debug, Default)]
struct Counts {
    characters: usize,
    ideographs: usize,
    /// Signs between the pieces of a list.
    signs: usize,
    /// Blanks that are no such signs.
    blanks: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for c in text.chars() {
            counts.characters += 1;
            counts.ideographs += usize::from(is_cjk(c));
            let sign = is_list_sign(c);
            counts.signs += usize::from(sign);
            counts.blanks += usize::from(!sign && c.is_whitespace());
        }
        counts
    }
}

/// Whether a piece is no search word.
fn is_odd(piece: &str) -> bool {
    let chars = piece.chars().count();
    let longest = if piece.chars().any(is_cjk) { PIECE_IDEOGRAPHS } else { PIECE_CHARS };
    chars > longest
        || piece.ends_with(['.', '。', '!', '！', '?', '？', ':', '：', '”'])
        || piece.split_whitespace().count() > PIECE_WORDS
        || !piece.chars().any(char::is_alphabetic)
}

/// Whether a text has the words by which sentences are joined.
fn joins(text: &str, chinese: bool) -> bool {
    let (found, all) = if chinese {
        let found = text.chars().filter(|c| JOINING_IDEOGRAPHS.contains(*c)).count();
        (found, text.chars().filter(|c| c.is_alphabetic()).count())
    } else {
        let of = |word: &&str| JOINING_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known));
        (words(text).filter(of).count(), words(text).count())
    };
    found * JOINING > all
}

/// Whether pieces that may stand but once are made of the same words.
fn repeats_within(pieces: &[&str]) -> bool {
    let (mut seen, mut all) = (FxHashSet::default(), 0);
    for piece in pieces {
        let chars: Vec<char> = piece.chars().collect();
        let pairs = chars.windows(2).filter(|pair| pair.iter().all(|c| is_cjk(*c)));
        let pairs = pairs.map(|pair| pair.iter().collect::<String>());
        let letters = words(piece).filter(|word| !word.chars().any(is_cjk)).map(str::to_lowercase);
        for unit in pairs.chain(letters) {
            all += 1;
            seen.insert(unit);
        }
    }
    seen.len() * TIMES <= all
}

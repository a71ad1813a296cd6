//! What a line is by its shape: pagination, breadcrumbs, markup without text.

/// Words of a row of page numbers, in lower case.
const PAGE_WORDS: [&str; 17] = [
    "上一页", "下一页", "首页", "尾页", "末页", "上页", "下页", "上一頁", "下一頁", "首頁", "previous",
    "prev", "next", "first", "last", "index", "older",
];
/// A row of page numbers has at least so many numbers, or a word and one number.
const NUMBERS: usize = 3;
/// The longest row of page numbers, bytes.
const LONGEST_ROW: usize = 160;

/// Whether the text is a row of page numbers: `1 2 3 4 5`, `« Previous 1 2 … 9 Next »`.
pub(super) fn is_pagination(text: &str) -> bool {
    if text.len() > LONGEST_ROW {
        return false;
    }
    let (mut numbers, mut words, mut last) = (0, 0, 0);
    let tokens = text.split(|c: char| c.is_whitespace() || c == '|');
    for token in tokens.map(|token| token.trim_matches(|c: char| !c.is_alphanumeric())) {
        if token.is_empty() {
            continue;
        }
        match token.parse::<u32>() {
            Ok(number) if number > last && number < 10_000 && token.len() <= 4 => {
                (numbers, last) = (numbers + 1, number);
            }
            Ok(_) => return false,
            Err(_) if PAGE_WORDS.iter().any(|word| word.eq_ignore_ascii_case(token)) => words += 1,
            Err(_) => return false,
        }
    }
    numbers >= NUMBERS && (words > 0 || starts_at_one(text)) || words > 0 && numbers > 0 || words > 1
}

fn starts_at_one(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    numbers.next() == Some("1") && numbers.next() == Some("2")
}

/// The longest breadcrumb, bytes, and the longest of its parts but the last.
const LONGEST_CRUMBS: usize = 360;
const LONGEST_CRUMB: usize = 60;
/// What stands between the parts of a breadcrumb.
const SEPARATORS: [char; 5] = ['>', '»', '›', '＞', '→'];
/// The first part of a breadcrumb, in lower case, ends with one of these.
const HOME: [&str; 6] = ["首页", "首頁", "主页", "主頁", "home", "门户"];

/// How many parts a breadcrumb has, and whether it starts at a home page; `None` for another text.
pub(super) fn breadcrumb(text: &str) -> Option<(usize, bool)> {
    if text.len() > LONGEST_CRUMBS || !text.contains(SEPARATORS) {
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
    let mut key = super::key::Key::default();
    key.read(part);
    key.whole().unwrap_or_default().to_owned()
}

/// Whether a line of extracted text is markup alone: `<mark id="vd61v"><dl id="vd61v"></dl></mark>`.
pub(super) fn is_bare_markup(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "•-*·".contains(c));
    if !text.starts_with('<') || !text.ends_with('>') {
        return false;
    }
    let mut rest = text;
    while let Some(tag) = rest.strip_prefix('<') {
        let starts = tag.starts_with(|c: char| c == '/' || c == '!' || c.is_ascii_alphabetic());
        match tag.split_once('>') {
            Some((inner, after)) if starts && !inner.contains('<') => rest = after.trim_start(),
            _ => return false,
        }
    }
    rest.is_empty()
}

/// Whether the line is an item of a list: a list mark or a number before it.
pub(super) fn is_list_item(text: &str) -> bool {
    let marked = text.starts_with(['-', '•', '*', '·', '●', '■', '◆', '▪', '○', '#', '>', '[', '【', '🔥']);
    marked || text.starts_with(|c: char| c.is_ascii_digit())
}

//! The author in a visible line: `作者：…`, `（记者 …）`, `By …`.

/// The longest name, characters: several authors of a paper fit, a sentence does not.
const LONGEST: usize = 60;

/// Labels in front of Chinese authors, the best sign first. With the flag a colon or a slash must follow.
const LABELS: [(&str, bool); 16] = [
    ("作者", true),
    ("文字", true),
    ("撰文", true),
    ("撰稿", true),
    ("记者", false),
    ("記者", false),
    ("通讯员", false),
    ("通訊員", false),
    ("供稿", true),
    ("文", true),
    ("楼主", true),
    ("发布者", true),
    ("责任编辑", true),
    ("責任編輯", true),
    ("编辑", true),
    ("責編", true),
];

/// The author that a line names, if it is a byline.
///
/// Chinese labels may stand anywhere in a line (`来源：… 作者：…`), English ones at its start.
pub(crate) fn parse_byline(text: &str) -> Option<String> {
    let text = text.trim();
    chinese(text).or_else(|| english(text))
}

fn chinese(text: &str) -> Option<String> {
    LABELS.iter().find_map(|(label, needs_colon)| {
        text.match_indices(label).find_map(|(at, _)| {
            let before = text.get(..at)?.trim_end().chars().next_back();
            let after = text.get(at + label.len()..)?;
            match after.trim_start().strip_prefix([':', '：', '/', '／', '|', '｜', '丨']) {
                Some(name) if starts_label(label, before) => chinese_name(name.trim_start()),
                None if !needs_colon => reporter(after, before),
                _ => None,
            }
        })
    })
}

/// A short label must not be the end of another word: `中文：`, `论文：`.
fn starts_label(label: &str, before: Option<char>) -> bool {
    label.chars().count() > 1 || !before.is_some_and(char::is_alphanumeric)
}

/// The name behind a label and a colon: up to a mark or the next label.
fn chinese_name(text: &str) -> Option<String> {
    let end = text.find(is_stop).unwrap_or(text.len());
    let (part, tail) = text.split_at_checked(end)?;
    let mut words: Vec<&str> = part.split_whitespace().collect();
    if words.len() > 1 && tail.starts_with([':', '：', '/', '／']) {
        // The word before a colon is a label itself.
        words.pop();
    }
    let other =
        words.iter().position(|word| is_label(word) || word.starts_with(|c: char| c.is_ascii_digit()));
    words.truncate(other.unwrap_or(words.len()));
    let name = words.join(" ");
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    is_name(name).then(|| name.to_owned())
}

/// The names of `本报记者张三`, `（记者 张三 李四）`, `记者张三摄`: two to four Chinese characters each.
/// `记者从省厅获悉` has none.
fn reporter(text: &str, before: Option<char>) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    let mut rest = text;
    loop {
        let word = rest.trim_start();
        let (word, tail) = word.split_at_checked(word.find(|c| !is_han(c)).unwrap_or(word.len()))?;
        let name = without_verb(word);
        let attached = rest.starts_with(is_han) && name.len() == word.len() && names.is_empty();
        if !(2..=4).contains(&name.chars().count()) || is_label(name) || (attached && before.is_none()) {
            break;
        }
        names.push(name);
        rest = tail.strip_prefix('、').unwrap_or(tail);
        if name.len() < word.len() || !tail.starts_with([' ', '\u{3000}', '、']) {
            break;
        }
    }
    (!names.is_empty()).then(|| names.join(" "))
}

/// Cuts the word that follows a reporter's name: `报道`, `摄`, `通讯员`.
fn without_verb(word: &str) -> &str {
    const AFTER: [&str; 8] = ["报道", "報道", "報導", "摄影", "摄", "攝", "文", "通讯员"];
    AFTER.iter().find_map(|after| word.strip_suffix(after)).unwrap_or(word)
}

fn is_label(word: &str) -> bool {
    const OTHERS: [&str; 11] =
        ["来源", "來源", "时间", "時間", "日期", "发布", "阅读", "浏览", "点击", "更新", "报道"];
    OTHERS
        .iter()
        .chain(LABELS.iter().map(|(label, _)| label))
        .any(|label| label.chars().count() > 1 && word.starts_with(label))
}

fn is_stop(c: char) -> bool {
    matches!(
        c,
        '|' | '｜'
            | '丨'
            | ','
            | '，'
            | ';'
            | '；'
            | '。'
            | '('
            | '（'
            | ')'
            | '）'
            | '['
            | '【'
            | ']'
            | '】'
            | '<'
            | '>'
            | '\n'
            | '\t'
            | '/'
            | '／'
            | ':'
            | '：'
            | '“'
            | '《'
    )
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}' | '·')
}

fn is_name(name: &str) -> bool {
    (1..=LONGEST).contains(&name.chars().count()) && name.chars().any(char::is_alphabetic)
}

fn english(text: &str) -> Option<String> {
    const OPENINGS: [&str; 8] =
        ["written by", "posted by", "published by", "reported by", "story by", "author:", "authors:", "by"];
    let opening = OPENINGS.iter().find(|opening| starts_with_word(text, opening))?;
    let rest = text.get(opening.len()..)?.trim_start_matches([' ', ':', '\u{a0}']);
    english_name(rest)
}

fn starts_with_word(text: &str, opening: &str) -> bool {
    let fits = text.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening));
    let next = text.get(opening.len()..).and_then(|rest| rest.chars().next());
    fits && next.is_some_and(|c| c.is_whitespace() || matches!(c, ':') || opening.ends_with(':'))
}

/// Capitalised words up to a mark, a number or a word that no name has.
fn english_name(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| is_stop(c) || c.is_ascii_digit() || matches!(c, '•' | '·' | '—' | '–'))
        .unwrap_or(text.len());
    let part = text.get(..end)?;
    let part = part.split(" - ").next()?;
    let words: Vec<&str> = part.split_whitespace().take_while(|word| !ends_name(word)).collect();
    let fits = words.iter().all(|word| is_name_word(word));
    let name = words.join(" ");
    let first_capital = name.chars().next().is_some_and(char::is_uppercase);
    (fits && first_capital && words.len() <= 8 && is_name(&name)).then_some(name)
}

fn ends_name(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ':']).to_ascii_lowercase();
    matches!(
        word.as_str(),
        "on" | "at"
            | "in"
            | "for"
            | "updated"
            | "published"
            | "posted"
            | "last"
            | "staff"
            | "jan"
            | "feb"
            | "mar"
            | "apr"
            | "may"
            | "jun"
            | "jul"
            | "aug"
            | "sep"
            | "sept"
            | "oct"
            | "nov"
            | "dec"
            | "january"
            | "february"
            | "march"
            | "april"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
    )
}

fn is_name_word(word: &str) -> bool {
    const PARTICLES: [&str; 12] =
        ["and", "&", "de", "da", "di", "del", "la", "van", "von", "der", "den", "bin"];
    PARTICLES.contains(&word) || word.chars().next().is_some_and(|c| c.is_uppercase() || is_han(c))
}

#[cfg(test)]
mod tests {
    use super::parse_byline;

    #[test]
    fn chinese_bylines_give_their_author() {
        for (line, author) in [
            ("作者：林小满", "林小满"),
            ("作者: 林小满 发布时间：2025-08-06", "林小满"),
            ("来源：清河日报 作者：林小满 责任编辑：周平", "林小满"),
            ("责任编辑：周平 作者：林小满", "林小满"),
            ("（责任编辑：周平）", "周平"),
            ("文/林小满 图/周平", "林小满"),
            ("文｜林小满", "林小满"),
            ("本报记者 林小满 周平", "林小满 周平"),
            ("（记者 林小满）", "林小满"),
            ("新华社记者林小满摄", "林小满"),
            ("记者：林小满 | 编辑：周平", "林小满"),
            ("作者：阿卜杜拉·买买提", "阿卜杜拉·买买提"),
            ("作者：J. K. Rowan 译者：周平", "J. K. Rowan"),
            ("楼主：雨后的屋檐", "雨后的屋檐"),
        ] {
            assert_eq!(parse_byline(line).as_deref(), Some(author), "{line}");
        }
    }

    #[test]
    fn english_bylines_give_their_author() {
        for (line, author) in [
            ("By Ann Lee", "Ann Lee"),
            ("by Ann Lee | Aug 6, 2025", "Ann Lee"),
            ("BY ANN LEE AND BOB RAY", "ANN LEE AND BOB RAY"),
            ("By Ann van der Lee on August 6, 2025", "Ann van der Lee"),
            ("Written by: Ann Lee", "Ann Lee"),
            ("Author: Ann Lee", "Ann Lee"),
            ("Posted by Ann Lee at 10:15", "Ann Lee"),
            ("By Ann Lee, Staff Writer", "Ann Lee"),
            ("By Ann Lee - The Valley Post", "Ann Lee"),
        ] {
            assert_eq!(parse_byline(line).as_deref(), Some(author), "{line}");
        }
    }

    #[test]
    fn sentences_are_no_bylines() {
        for line in [
            "",
            "By",
            "by the river the old man sells soy milk",
            "By clicking you agree to our terms",
            "Bye Ann",
            "记者从省水利厅获悉，今年的汛期比往年来得早",
            "记者在现场看到，河水已经退去",
            "记者手记",
            "中文：简体",
            "作者：",
            "作者简介",
            "编辑本段",
            "作者：2025-08-06",
        ] {
            assert_eq!(parse_byline(line), None, "{line}");
        }
    }
}

//! The article's title in a `<title>` that has the site's name in it.

use crate::page::width::{columns, is_wide};

/// What stands between a title and a site's name. Blanks around are part of it where the bare mark also stands
/// inside titles.
const SEPARATORS: [&str; 19] = [
    " - ", " – ", " — ", " | ", " · ", " • ", " » ", " « ", " :: ", " _ ", "_", "|", "｜", "丨", "－", "—",
    "–", "-", "·",
];

/// Width of the longest tail that is taken for a site's name without knowing it: twelve Chinese characters.
const TAIL: usize = 24;

/// Cuts the site's name, and the channels before it, off a title.
pub(super) fn without_site<'t>(title: &'t str, site: Option<&str>) -> &'t str {
    let title = title.trim();
    let mut kept = title;
    while let Some(shorter) = cut_once(kept, site) {
        kept = shorter;
    }
    kept
}

fn cut_once<'t>(title: &'t str, site: Option<&str>) -> Option<&'t str> {
    let (head, tail, separator) = last_separator(title)?;
    if is_site(tail, site) || is_short_tail(head, tail, separator) {
        return Some(head);
    }
    first_separator(title).filter(|(head, _)| is_site(head, site)).map(|(_, tail)| tail)
}

/// The parts around the last separator; of those at one place the widest.
fn last_separator(title: &str) -> Option<(&str, &str, &'static str)> {
    let end = |separator: &&&str| title.rfind(**separator).map(|at| (at + separator.len(), separator.len()));
    let separator = SEPARATORS.iter().filter(|s| title.contains(**s)).max_by_key(end)?;
    let (head, tail) = title.rsplit_once(separator)?;
    let (head, tail) = (head.trim(), tail.trim());
    (!head.is_empty() && !tail.is_empty()).then_some((head, tail, separator))
}

fn first_separator(title: &str) -> Option<(&str, &str)> {
    let separator = SEPARATORS.iter().filter(|s| title.contains(**s)).min_by_key(|s| title.find(**s))?;
    let (head, tail) = title.split_once(separator)?;
    Some((head.trim(), tail.trim())).filter(|(_, tail)| !tail.is_empty())
}

fn is_site(part: &str, site: Option<&str>) -> bool {
    let bare = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    site.is_some_and(|site| !bare(site).is_empty() && bare(site) == bare(part))
}

/// Whether a tail looks like a site's or channel's name: short, no longer than the title, and behind a mark
/// that does not stand inside titles.
fn is_short_tail(head: &str, tail: &str, separator: &str) -> bool {
    let short =
        columns(tail) <= TAIL && columns(tail) <= columns(head) && tail.chars().any(char::is_alphabetic);
    short
        && match separator {
            "—" | "–" | "·" => false,
            "-" | "_" => head.ends_with(is_wide) && (tail.starts_with(is_wide) || is_latin_name(tail)),
            _ => true,
        }
}

/// A site's name in Latin letters behind a Chinese title: `…-CNBeta`, but not the `-19` of a number.
fn is_latin_name(tail: &str) -> bool {
    tail.len() > 2 && tail.starts_with(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::without_site;

    #[test]
    fn short_tails_are_cut() {
        for (title, expected) in [
            ("河边的豆浆摊_本地新闻_清河网", "河边的豆浆摊"),
            ("河边的豆浆摊重新开张了-清河网", "河边的豆浆摊重新开张了"),
            ("河边的豆浆摊重新开张了 - 清河日报", "河边的豆浆摊重新开张了"),
            ("河边的豆浆摊重新开张了｜清河", "河边的豆浆摊重新开张了"),
            ("The old man by the river | The Valley Post", "The old man by the river"),
            ("The old man by the river - News - Valley", "The old man by the river"),
            ("  Plain title ", "Plain title"),
        ] {
            assert_eq!(without_site(title, None), expected);
        }
    }

    #[test]
    fn marks_inside_titles_stay() {
        for title in [
            "COVID-19",
            "关于COVID-19的问答",
            "雄关漫道——记一位老人",
            "雄关漫道—记一位老人",
            "Rust - a systems programming language for everyone",
            "Fix for snake_case names",
            "10 - 20",
            "| |",
            "-",
            "",
        ] {
            assert_eq!(without_site(title, None), title);
        }
    }

    #[test]
    fn a_known_site_name_is_cut_wherever_it_stands() {
        let site = Some("The Very Long Name Of A Valley Post");
        assert_eq!(without_site("Flood—The very long name of a Valley Post", site), "Flood");
        assert_eq!(
            without_site("The Very Long Name of a Valley Post: a history", site),
            "The Very Long Name of a Valley Post: a history"
        );
        assert_eq!(
            without_site("The Very Long Name Of A Valley Post | Flood in the lower town again today", site),
            "Flood in the lower town again today"
        );
    }
}

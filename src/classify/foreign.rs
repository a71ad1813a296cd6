//! Shops and casinos in a language that is not the site's: pages that somebody has put on a hacked server.
//!
//! A page all in Thai or Japanese says nothing. One whose menu, foot and site name are in English or Chinese, and whose text
//! is the offer of a shop in another language, is nobody's own page.

use super::{Finding, Label, Reason};
use crate::lexicon::{SURE_WORD, shop_words};
use crate::page::words::{is_cjk, is_han};
use crate::page::{Block, Page};

/// Scripts that a page of another one has no honest reason to write its title in. (Chinese sites have pages in English under
/// Chinese titles, and the other way round.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Kana,
    Hangul,
    Thai,
    Cyrillic,
}

impl Script {
    const ALL: [Self; 4] = [Self::Kana, Self::Hangul, Self::Thai, Self::Cyrillic];

    fn of(c: char) -> Option<Self> {
        match u32::from(c) {
            0x0400..=0x04FF => Some(Self::Cyrillic),
            0x0E01..=0x0E5B => Some(Self::Thai),
            0x1100..=0x11FF | 0xAC00..=0xD7AF => Some(Self::Hangul),
            0x3041..=0x30FA | 0x30FC..=0x30FF => Some(Self::Kana),
            _ => None,
        }
    }

    /// The language whose shops are known in this script.
    fn language(self) -> &'static str {
        match self {
            Self::Kana => "ja",
            Self::Hangul => "ko",
            Self::Thai => "th",
            Self::Cyrillic => "ru",
        }
    }

    /// The script of a text; none of one in other scripts, as most are.
    fn of_text(text: &str) -> Option<Self> {
        if text.is_ascii() || !text.chars().any(|c| Self::of(c).is_some()) {
            return None;
        }
        Self::ALL.into_iter().find(|script| script.is_of(text))
    }

    /// Whether a text is in this script: every tenth letter of Japanese is kana, at the least.
    fn is_of(self, text: &str) -> bool {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let alike = text.chars().filter(|c| Self::of(*c) == Some(self)).count();
        alike * 10 > letters
    }
}

/// A title is in a script from so many letters on…
const LETTERS: usize = 4;
/// …and a page of so many does not have it if it is rarer than one letter of so many.
const LONG_PAGE: usize = 200;
const RARE: usize = 100;

/// Whether a text is written in a script that the page does not have.
pub(super) fn is_in_foreign_script(text: &str, page: &Page) -> bool {
    let Some(script) = text.chars().find_map(Script::of) else { return false };
    if text.chars().filter(|c| Script::of(*c) == Some(script)).count() < LETTERS {
        return false;
    }
    let (mut letters, mut alike) = (0, 0);
    for c in shown(page).flat_map(|block| block.text().chars()).filter(|c| c.is_alphabetic()) {
        letters += 1;
        alike += usize::from(Script::of(c) == Some(script));
    }
    letters >= LONG_PAGE && alike * RARE < letters
}

fn shown(page: &Page) -> impl DoubleEndedIterator<Item = Block<'_>> {
    let shown: Vec<Block<'_>> = page.blocks().filter(|block| !block.kind().is_pseudo()).collect();
    shown.into_iter()
}

/// What words of a shop must count together: one of the trade itself, or three that honest shops write too. (Chosen by hand.)
const SHOP: u32 = SURE_WORD;
/// Letters by which the site speaks another language than the shop.
const SITE_LETTERS: usize = 8;
/// Log-odds that such a page is made for search engines. (Chosen by hand.)
const WEIGHT: f32 = 2.2;

/// The finding of a shop in a language that is not the site's.
pub(super) fn shop(page: &Page) -> Option<Finding> {
    let language = in_script(page).or_else(|| in_letters(page))?;
    Some(Finding {
        reason: Reason::ForeignShop,
        of: Label::Seo.as_str(),
        weight: WEIGHT,
        text: format!("a shop or a casino in another language ({language}) than the site's"),
        blocks: Vec::new(),
    })
}

/// The language of a shop in one script that stands between the menu and the foot of a site in another.
fn in_script(page: &Page) -> Option<&'static str> {
    let of_block = |block: Block<'_>| Script::of_text(block.text());
    let scripts: Vec<Option<Script>> = shown(page).map(of_block).collect();
    let (first, last) =
        (scripts.iter().position(Option::is_some)?, scripts.iter().rposition(Option::is_some)?);
    let script = scripts.get(first).copied().flatten()?;
    let (mut shop, mut other, mut site) = (0, 0, 0);
    for (at, (block, of)) in shown(page).zip(&scripts).enumerate() {
        let count = |is: &dyn Fn(char) -> bool| block.text().chars().filter(|c| is(*c)).count();
        let letters = count(&char::is_alphabetic);
        *(if *of == Some(script) { &mut shop } else { &mut other }) += letters;
        if at < first || at > last {
            site += count(&|c| c.is_ascii_alphabetic() || is_han(c) && may_be_chinese(script, page));
        }
    }
    let is_site = site >= SITE_LETTERS && shop > other && !declares(page, script.language());
    let words = || shop_words(&lower(page)).get(script.language()).copied() >= Some(SHOP);
    (is_site && words()).then(|| script.language())
}

/// Whether ideographs speak for another language than the script's: Japanese menus are written in them, too.
fn may_be_chinese(script: Script, page: &Page) -> bool {
    script != Script::Kana || declares(page, "zh")
}

fn declares(page: &Page, language: &str) -> bool {
    page.metadata().lang.as_deref().is_some_and(|lang| lang.to_ascii_lowercase().starts_with(language))
}

/// The page's text in lower case, without the blanks between words of Japanese.
fn lower(page: &Page) -> String {
    let text: Vec<char> = page.text.chars().collect();
    let is_wide = |at: Option<&char>| at.is_some_and(|c| is_cjk(*c));
    let is_gap = |at: usize| {
        text.get(at).is_some_and(|c| c.is_whitespace())
            && is_wide(at.checked_sub(1).and_then(|before| text.get(before)))
            && is_wide(text.get(at + 1))
    };
    let kept = (0..text.len()).filter(|at| !is_gap(*at)).filter_map(|at| text.get(at));
    kept.flat_map(|c| c.to_lowercase()).collect()
}

/// Languages in Latin letters whose shops are known.
const IN_LETTERS: [(whatlang::Lang, &str); 8] = [
    (whatlang::Lang::Por, "pt"),
    (whatlang::Lang::Spa, "es"),
    (whatlang::Lang::Fra, "fr"),
    (whatlang::Lang::Deu, "de"),
    (whatlang::Lang::Ita, "it"),
    (whatlang::Lang::Ind, "id"),
    (whatlang::Lang::Tur, "tr"),
    (whatlang::Lang::Vie, "vi"),
];
/// In Latin letters names of one language stand in texts of another: two words of the trade are asked for.
const SHOP_IN_LETTERS: u32 = 2 * SURE_WORD;

/// The language of a shop in Latin letters on a page that declares another language.
fn in_letters(page: &Page) -> Option<&'static str> {
    page.metadata().lang.as_ref()?;
    let words = shop_words(&page.text);
    let may_be = |(_, language): &&(_, &'static str)| {
        words.get(language).copied() >= Some(SHOP_IN_LETTERS) && !declares(page, language)
    };
    let (lang, language) = IN_LETTERS.iter().find(may_be)?;
    let is_written = whatlang::detect(&page.text).is_some_and(|info| info.lang() == *lang);
    is_written.then_some(*language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    fn is_shop(html: &str) -> bool {
        shop(&Page::read(&Document::html(html), &Limits::default())).is_some()
    }

    const SHOP_TEXT: &str =
        "<h1>スーパーコピー 時計 激安 通販</h1><p>当店は最高の品質の時計を送料無料でお届けいたします。</p>";

    #[test]
    fn a_shop_in_another_language_than_the_site_is_foreign() {
        let site = "<html lang=en><nav><a>Admissions</a><a>Library</a></nav>";
        assert!(is_shop(&format!("{site}{SHOP_TEXT}<footer>© Sedge Valley School</footer>")));
        assert!(is_shop(
            "<html lang=en><p>Sedge School</p><h1>Cassino online e apostas esportivas</h1><p>As melhores casas de \
             apostas do Brasil com rodadas grátis para você começar a jogar hoje mesmo, sem depósito.</p>"
        ));
    }

    #[test]
    fn a_shop_on_its_own_site_is_not() {
        let menu = "<nav><a>ホーム</a><a>お問い合わせ</a></nav>";
        assert!(!is_shop(&format!("<html lang=ja>{menu}{SHOP_TEXT}<footer>© Tokei Store Inc.</footer>")));
        assert!(!is_shop(&format!("<html lang=en>{menu}{SHOP_TEXT}<footer>時計のお店</footer>")));
    }

    #[test]
    fn an_article_in_another_language_than_the_menu_is_not() {
        let site = "<html lang=en><nav><a>Admissions</a><a>Library</a></nav>";
        assert!(!is_shop(&format!(
            "{site}<p>本日の会議は三時から図書館で行われる予定です。</p><p>Sedge School</p>"
        )));
    }

    #[test]
    fn a_title_in_a_script_of_the_page_is_its_own() {
        let page = |html: &str| Page::read(&Document::html(html), &Limits::default());
        let english = page(&format!("<p>{}</p>", "The owls came back to the valley. ".repeat(10)));
        assert!(is_in_foreign_script("ブランド 激安 通販", &english));
        assert!(!is_in_foreign_script("谷地猫头鹰归来", &english));
        let with_kana = page(&format!("<p>{}フクロウの谷へようこそ</p>", "The owls came back. ".repeat(10)));
        assert!(!is_in_foreign_script("ブランド 激安 通販", &with_kana));
    }
}

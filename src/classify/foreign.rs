//! Scripts that are not the page's.

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
    fn of(c: char) -> Option<Self> {
        match u32::from(c) {
            0x0400..=0x04FF => Some(Self::Cyrillic),
            0x0E01..=0x0E5B => Some(Self::Thai),
            0x1100..=0x11FF | 0xAC00..=0xD7AF => Some(Self::Hangul),
            0x3041..=0x30FA | 0x30FC..=0x30FF => Some(Self::Kana),
            _ => None,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

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

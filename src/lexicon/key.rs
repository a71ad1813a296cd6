//! Text → the form in which phrases are written and compared: the characters of [`super::normal`], with their digits.

use super::is_han;
use super::normal::{plain, skip_pinyin};

/// Characters of the form of a text's start; nobody looks further.
const LONGEST: usize = 64;

/// The form of a text's start. Marks of lists and brackets before the first letter are dropped, so is pinyin that was
/// put behind a character; blanks stand between words of letters only.
#[derive(Debug, Default)]
pub(crate) struct Key {
    text: String,
    /// Characters, blanks left out, and how many there may be.
    count: usize,
    most: usize,
    /// Whether the text has no more of them.
    complete: bool,
    last: char,
    /// Whether a blank stood behind the last one.
    blank: bool,
}

impl Key {
    /// Reads a text, reusing the memory of the last one.
    pub(crate) fn read(&mut self, text: &str) {
        self.read_chars(text, LONGEST);
    }

    /// The first three characters of the form: enough to see that no phrase can hold.
    pub(super) fn peek(&mut self, text: &str) -> [char; 3] {
        self.read_chars(text, 3);
        start_of(&self.text)
    }

    fn read_chars(&mut self, text: &str, most: usize) {
        self.text.clear();
        (self.count, self.most, self.complete, self.last, self.blank) = (0, most, true, ' ', false);
        let mut chars = text.chars();
        while let Some(c) = chars.next().filter(|_| self.complete) {
            if c.is_ascii() && c != '(' {
                self.push(c.to_ascii_lowercase());
                continue;
            }
            let opens = matches!(c, '(' | '（') && is_han(self.last);
            if !(opens && (skip_pinyin(&mut chars) || skip_neutral(self.last, &mut chars))) {
                plain(c, &mut |c| self.push(c));
            }
        }
    }

    fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.blank = true;
        } else if self.count == 0 && !c.is_alphanumeric() && c != '©' {
            // signs before the first letter
        } else if self.count >= self.most {
            self.complete = false;
        } else {
            if self.blank && self.count > 0 && !is_han(self.last) && !is_han(c) {
                self.text.push(' ');
            }
            self.text.push(c);
            (self.last, self.blank) = (c, false);
            self.count += 1;
        }
    }

    /// The normal form of the start.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The normal form of the whole text without signs at its end, if it is short enough.
    pub(crate) fn whole(&self) -> Option<&str> {
        self.complete.then(|| self.text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '©'))
    }
}

/// The first three characters, blanks where there are none.
pub(super) fn start_of(text: &str) -> [char; 3] {
    let mut chars = text.chars();
    [(); 3].map(|()| chars.next().unwrap_or(' '))
}

/// Characters that are read without a tone, and the rest of the bracket behind each.
const NEUTRAL: [(char, &str); 6] =
    [('们', "men)"), ('的', "de)"), ('了', "le)"), ('么', "me)"), ('着', "zhe)"), ('子', "zi)")];

/// Steps over the reading of such a character, which has no tone to be known by.
fn skip_neutral(before: char, chars: &mut std::str::Chars<'_>) -> bool {
    let reading = NEUTRAL.iter().find(|(read, _)| *read == before);
    let rest = reading.and_then(|(_, reading)| chars.as_str().strip_prefix(reading));
    if let Some(rest) = rest {
        *chars = rest.chars();
    }
    rest.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        let mut key = Key::default();
        key.read(text);
        key
    }

    #[test]
    fn signs_forms_and_pinyin_are_made_alike() {
        assert_eq!(key(" 【關(guān)閉】").whole(), Some("关闭"));
        assert_eq!(key("作者： 時(shí)間：2025-07-08  來源:Di").text(), "作者:时间:2025-07-08来源:di");
        assert_eq!(key("— Back to  TOP ↑").whole(), Some("back to top"));
        assert_eq!(key("© 2020 A").text(), "© 2020 a");
        assert_eq!(key("苹果（Apple Inc）").text(), "苹果(apple inc)");
    }

    #[test]
    fn a_long_text_has_a_start_and_no_whole() {
        let long = key(&"长".repeat(70));
        assert_eq!(long.text().chars().count(), LONGEST);
        assert_eq!(long.whole(), None);
        assert!(key("").whole().is_some_and(str::is_empty));
    }

    #[test]
    fn only_a_reading_goes_out_of_a_bracket() {
        for (written, meant) in [
            ("關(guān)于我們(men)", "关于我们"),
            ("相关(app)阅读", "相关(app)阅读"),
            ("免责(abc)声明", "免责(abc)声明"),
            ("版权(men)", "版权(men)"),
        ] {
            assert_eq!(key(written).text(), meant);
        }
    }

    #[test]
    fn the_form_has_the_characters_of_the_normal_form() {
        let mut normal = super::super::normal::Normal::default();
        for text in ["Ｃａｆé 關於", "相\u{200b}关（yuè）、閱讀", "★評論★ №", "加载中… ①"]
        {
            normal.read(text, 99);
            let plain = |c: &char| !c.is_whitespace() && !c.is_ascii_digit();
            let normal: String = normal.chars().iter().filter(|c| plain(c)).collect();
            let form: String = key(text).text().chars().filter(plain).collect();
            assert_eq!(form, normal, "{text}");
        }
    }
}

//! Text → its normal form, in which phrases are written: lower case, simplified characters, plain signs.

use super::is_han;
use std::sync::LazyLock;

/// Characters of the normal form of a block; nobody looks further.
const LONGEST: usize = 64;

/// The normal form of a block's start. Marks of lists and brackets before the first letter are dropped, so is
/// pinyin that was put behind a character; blanks stand between words of letters only.
#[derive(Debug, Default)]
pub(crate) struct Key {
    text: String,
    complete: bool,
}

impl Key {
    /// Reads a text, reusing the memory of the last one.
    pub(crate) fn read(&mut self, text: &str) {
        self.read_chars(text, LONGEST);
    }

    /// The first three characters of the normal form: enough to see that no phrase can hold.
    pub(super) fn peek(&mut self, text: &str) -> [char; 3] {
        self.read_chars(text, 3);
        start_of(&self.text)
    }

    fn read_chars(&mut self, text: &str, most: usize) {
        self.text.clear();
        self.complete = true;
        let mut chars = text.chars();
        let (mut last, mut blank, mut count) = (' ', false, 0);
        while let Some(c) = chars.next() {
            if c.is_whitespace() {
                blank = true;
                continue;
            }
            let c = plain(c);
            if count == 0 && !c.is_alphanumeric() && c != '©' {
                continue;
            }
            if c == '(' && is_han(last) && skip_pinyin(&mut chars) {
                continue;
            }
            if count >= most {
                self.complete = false;
                break;
            }
            if blank && count > 0 && !is_han(last) && !is_han(c) {
                self.text.push(' ');
            }
            self.text.push(c);
            (last, blank) = (c, false);
            count += 1;
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

/// Steps over `jì)` if that is what follows.
fn skip_pinyin(chars: &mut std::str::Chars<'_>) -> bool {
    let mut ahead = chars.clone();
    for at in 0..8 {
        match ahead.next() {
            Some(')' | '）') if at > 0 => {
                *chars = ahead;
                return true;
            }
            Some('a'..='z' | 'à'..='ü' | 'ā'..='ǜ') => {}
            _ => return false,
        }
    }
    false
}

/// A character in lower case, simplified, and as the plain sign of its kind.
fn plain(c: char) -> char {
    match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        '：' => ':',
        '（' => '(',
        '）' => ')',
        '，' => ',',
        '｜' | '│' => '|',
        '’' => '\'',
        '\u{4e00}'..='\u{9fff}' => simplified(c),
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).map_or(c, |c| c.to_ascii_lowercase()),
        _ => c,
    }
}

/// Traditional characters of phrases, and their simplified forms.
const FORMS: &str = "關关閉闭評评論论標标籤签鍵键詞词責责編编輯辑來来源源時时間间發发佈布閱阅讀读熱热門门專专區区點点擊击載载開开繼继續续複复製制連连結结廣广\
    告告贊赞助助訂订電电報报權权聲声隱隐條条聯联繫系係系們们首首頁页導导覽览網网錄录註注冊册會会員员買买購购車车顯显還还為为這这歡欢讚赞討讨覆复應应檢检舉举\
    轉转見见內内圖图負负僅仅參参與与無无違违備备許许證证經经營营務务聞闻業业態态動动術术數数據据載载處处請请將将侵侵刪删除除屬属場场觀观當当\
    個个實实對对過过從从類类別别預预檔档質质號号碼码誌志錯错誤误誰谁說说話话設设計计語语選选擇择鏈链鏡镜長长頭头題题須须風风飛飞馬马體体薦荐隨随\
    識识領领瀏浏審审攝摄監监終终資资訊讯範范約约協协議议獨独執执掃扫紹绍庫库稱称屆届錶表佔占擬拟傳传輯辑";

/// For each of the characters from U+4E00 to U+9FFF its simplified form.
static SIMPLIFIED: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table: Vec<u16> = (0x4e00..=0x9fff).collect();
    let mut forms = FORMS.chars();
    while let (Some(traditional), Some(simplified)) = (forms.next(), forms.next()) {
        if let Some(entry) = table.get_mut((traditional as usize).wrapping_sub(0x4e00)) {
            *entry = simplified as u16;
        }
    }
    table
});

/// The simplified form of a character.
pub(super) fn simplified(c: char) -> char {
    let entry = SIMPLIFIED.get((c as usize).wrapping_sub(0x4e00));
    entry.and_then(|code| char::from_u32(u32::from(*code))).unwrap_or(c)
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
    fn every_form_is_a_pair() {
        assert_eq!(FORMS.chars().count() % 2, 0);
        assert_eq!(simplified('關'), '关');
        assert_eq!(simplified('体'), '体');
    }
}

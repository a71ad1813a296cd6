use super::*;
use encoding_rs::{BIG5, EUC_KR, GB18030, GBK, SHIFT_JIS, WINDOWS_1251};

const SIMPLIFIED: &str = "秋天的早晨，河边的雾还没有散去，卖豆浆的老人已经支起了摊子。他说这条街从前只有三户人家，\
    后来修了桥，才慢慢热闹起来。孩子们背着书包跑过石板路，留下一串清脆的笑声。";
const TRADITIONAL: &str = "秋天的早晨，河邊的霧還沒有散去，賣豆漿的老人已經支起了攤子。他說這條街從前只有三戶人家，\
    後來修了橋，才慢慢熱鬧起來。孩子們背著書包跑過石板路，留下一串清脆的笑聲。";
const JAPANESE: &str = "秋の朝、川のほとりの霧はまだ晴れていませんが、豆腐売りの老人はもう屋台を出しています。\
    この通りには昔三軒の家しかなく、橋ができてから少しずつにぎやかになったそうです。";
const KOREAN: &str = "가을 아침, 강가의 안개가 아직 걷히지 않았지만 두부를 파는 노인은 벌써 가게를 열었습니다. \
    이 거리에는 예전에 세 집만 있었고 다리가 놓인 뒤에야 조금씩 북적이기 시작했다고 합니다.";
const RUSSIAN: &str = "Осенним утром туман над рекой ещё не рассеялся, а старик уже открыл свою лавку. Он говорит, \
    что раньше на этой улице стояло всего три дома, и только после постройки моста здесь стало оживлённо.";
const FRENCH: &str = "Un matin d’automne, la brume n’avait pas encore quitté la rivière que le vieux marchand était \
    déjà installé. Il répète qu’autrefois cette rue ne comptait que trois maisons, et qu’après le pont tout a changé.";

fn page(text: &str) -> String {
    let head = "<html><head><title>x</title></head><body>";
    format!("{head}{}<p>{text}</p><p>{text}</p></body></html>", "<div class=nav></div>".repeat(900))
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "the sample does not fit {}", encoding.name());
    bytes.into_owned()
}

fn html(bytes: &[u8]) -> Decoded<'_> {
    decode(bytes, None, Media::Html)
}

#[test]
fn unlabelled_pages_with_a_long_ascii_head_are_detected() {
    let cases = [
        (SIMPLIFIED, GBK),
        (TRADITIONAL, BIG5),
        (JAPANESE, SHIFT_JIS),
        (KOREAN, EUC_KR),
        (RUSSIAN, WINDOWS_1251),
        (FRENCH, WINDOWS_1252),
    ];
    for (text, encoding) in cases {
        let page = page(text);
        let bytes = encoded(&page, encoding);
        let decoded = html(&bytes);
        assert_eq!(decoded.charset, encoding.name());
        assert_eq!(decoded.text, page.as_str());
    }
}

#[test]
fn four_byte_gb18030_is_read_with_and_without_a_gb_label() {
    let page = page(&format!("{SIMPLIFIED}𠮷野家的名字里有一个少见的字。"));
    let bytes = encoded(&page, GB18030);
    for label in ["gb2312", "GBK", "gb18030", "cp936", " gb_2312-80;"] {
        assert_eq!(decode(&bytes, Some(label), Media::Html).text, page.as_str(), "{label}");
    }
    assert_eq!(html(&bytes).text, page.as_str());
}

#[test]
fn one_character_cut_at_a_byte_does_not_hide_an_unlabelled_gbk_page() {
    let mut bytes = encoded(&page(SIMPLIFIED), GBK);
    let cut = encoded("<p>摘要：河", GBK);
    bytes.splice(41..41, cut[..cut.len() - 1].iter().copied().chain(*b"</p>"));
    bytes.splice(41..41, encoded(&format!("<p>{SIMPLIFIED}</p>"), GBK));
    let decoded = html(&bytes);
    assert_eq!(decoded.charset, "GBK");
    assert!(decoded.replaced && decoded.text.contains(SIMPLIFIED));
}

#[test]
fn utf8_is_borrowed_and_needs_no_label() {
    let decoded = html(SIMPLIFIED.as_bytes());
    assert!(matches!(decoded.text, Cow::Borrowed(_)) && decoded.charset == "UTF-8" && !decoded.replaced);
}

#[test]
fn marks_win_over_labels_and_are_cut_off() {
    let utf8 = format!("\u{FEFF}{SIMPLIFIED}");
    assert_eq!(decode(utf8.as_bytes(), Some("gbk"), Media::Html).text, SIMPLIFIED);
    let little: Vec<u8> = utf8.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = utf8.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(decode(&little, Some("utf-8"), Media::Html).text, SIMPLIFIED);
    assert_eq!(html(&big).text, SIMPLIFIED);
}

#[test]
fn utf16_without_a_mark_is_seen_by_its_zero_bytes() {
    let text = page(SIMPLIFIED);
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(html(&little).text, text.as_str());
    assert_eq!(html(&big).text, text.as_str());
    assert_eq!(decode(&little, Some("utf-16"), Media::Html).charset, "UTF-16LE");
}

#[test]
fn the_transport_wins_over_the_meta_and_the_meta_over_the_detector() {
    let big5 = encoded(&format!("<meta charset=gbk><p>{TRADITIONAL}"), BIG5);
    assert_eq!(decode(&big5, Some("Big5"), Media::Html).charset, "Big5");
    assert_eq!(html(&big5).charset, "GBK");
    assert_eq!(decode(&big5, Some("klingon"), Media::Html).charset, "GBK");
    assert_eq!(decode(&big5, None, Media::Text).charset, "Big5", "plain text has no meta");
}

#[test]
fn a_wrong_label_of_a_utf8_page_is_passed_over() {
    for label in ["gb2312", "iso-8859-1", "windows-1251", "utf-16"] {
        let page = format!("<meta charset={label}><p>{SIMPLIFIED}");
        assert_eq!(decode(page.as_bytes(), Some(label), Media::Html).text, page.as_str(), "{label}");
    }
    assert_eq!(decode("© 2024".as_bytes(), Some("iso-8859-1"), Media::Html).text, "© 2024");
}

#[test]
fn a_utf8_label_of_another_page_is_passed_over() {
    for (text, encoding) in [(SIMPLIFIED, GBK), (TRADITIONAL, BIG5), (FRENCH, WINDOWS_1252)] {
        let page = page(text);
        let bytes = encoded(&page, encoding);
        assert_eq!(decode(&bytes, Some("utf-8"), Media::Html).text, page.as_str());
    }
}

#[test]
fn the_default_label_of_servers_does_not_hide_the_meta() {
    let page = format!("<meta charset=gb2312><p>{SIMPLIFIED}");
    let bytes = encoded(&page, GBK);
    assert_eq!(decode(&bytes, Some("ISO-8859-1"), Media::Html).text, page.as_str());
    let french = encoded(FRENCH, WINDOWS_1252);
    assert_eq!(decode(&french, Some("ISO-8859-1"), Media::Html).text, FRENCH);
}

#[test]
fn a_utf8_page_with_a_few_broken_bytes_stays_utf8() {
    let mut bytes = page(SIMPLIFIED).into_bytes();
    bytes.truncate(bytes.len() - "</p></body></html>".len() - 1);
    bytes.insert(30, 0xA3);
    for label in [None, Some("utf-8")] {
        let decoded = decode(&bytes, label, Media::Html);
        assert_eq!((decoded.charset, decoded.replaced), ("UTF-8", true));
    }
}

#[test]
fn iso_2022_jp_is_read_by_its_label_alone() {
    let bytes = encoded(JAPANESE, ISO_2022_JP);
    assert_eq!(decode(&bytes, Some("iso-2022-jp"), Media::Html).text, JAPANESE);
    assert_eq!(html(&bytes).charset, "UTF-8", "escapes alone are no sign on the Web");
}

#[test]
fn metas_are_found_where_the_standard_finds_them() {
    let found = [
        "<meta charset=gbk>",
        "<META CHARSET = 'GBK'/>",
        "<meta/charset=gbk>",
        "<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">",
        "<meta content='text/html;charset = \"gbk\" ' http-equiv='content-type'>",
        "<!-- <meta charset=big5> --><meta charset=gbk>",
        "<!--><meta charset=gbk>",
        "<!doctype html><html a='>'><script src=\"/a>b\"></script></p><meta charset=gbk>",
        "<meta charset=nonsense><meta charset=gbk>",
        "<meta charset=gbk charset=big5>",
        "<?php x ?><meta content='charsetcharset=gbk' http-equiv=content-type>",
        "< meta charset=big5><meta charset=gbk>",
    ];
    for source in found {
        assert_eq!(prescan::meta(source.as_bytes()), Some(GBK), "{source}");
    }
}

#[test]
fn metas_are_not_found_where_the_standard_finds_none() {
    let missing = [
        "",
        "<",
        "<meta",
        "<meta charset",
        "<meta charset=",
        "<metal charset=gbk>",
        "<meta name=a/charset=gbk>",
        "</meta charset=gbk>",
        "<meta content='text/html; charset=gbk'>",
        "<meta http-equiv=refresh content='text/html; charset=gbk'>",
        "<!-- <meta charset=gbk>",
        "<div title='<meta charset=gbk>'>",
    ];
    for source in missing {
        assert_eq!(prescan::meta(source.as_bytes()), None, "{source}");
    }
    let far = format!("<!--{}--><meta charset=gbk>", "-".repeat(5000));
    assert_eq!(prescan::meta(far.as_bytes()), None, "out of reach");
}

#[test]
fn labels_that_cannot_be_true_in_ascii_are_read_as_browsers_do() {
    assert_eq!(prescan::meta(b"<meta charset=utf-16le>"), Some(UTF_8));
    assert_eq!(prescan::meta(b"<meta charset=x-user-defined>"), Some(WINDOWS_1252));
}

#[test]
fn an_xml_declaration_counts_when_no_meta_does() {
    let page = format!("\n<?xml version=\"1.0\" encoding = 'Big5' ?><p>{TRADITIONAL}");
    assert_eq!(html(&encoded(&page, BIG5)).charset, "Big5");
    assert_eq!(prescan::xml(b"<?xml encoding"), None);
    assert_eq!(prescan::xml(b"<?xml encoding=>"), None);
}

#[test]
fn what_is_no_text_is_called_binary() {
    let noise: Vec<u8> = (0..4000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let zeros = vec![0; 500];
    let cases = [b"%PDF-1.7\nabc".as_slice(), b"PK\x03\x04rest", b"RIFF\0\0\0\0WEBPVP8 ", &noise, &zeros];
    for bytes in cases {
        let decoded = decode(bytes, Some("utf-8"), Media::Unknown);
        assert!(decoded.binary && decoded.text.is_empty());
    }
}

#[test]
fn text_with_stray_control_characters_is_not_binary() {
    for text in ["", "a\0b", "<p>a\0b\0c</p> \u{1} and more", "RIFFs and hooks", SIMPLIFIED] {
        let decoded = html(text.as_bytes());
        assert!(!decoded.binary);
        assert_eq!(decoded.text, text);
    }
}

//! Which signs together make a page the kit's.

use super::*;
use crate::page::{Document, Limits};

const NOISE: &str = "<tt id=\"u3k9e\"></tt><ul id=\"u3k9e\"><b id=\"u3k9e\"></b></ul>";
const BODY: &str =
    "停航三年的渡輪下個月將以新的身份重新開動，公司宣布，這艘船已經改裝為水上學堂，八月起對外開放。";
const TITLE: &str = "国产视频在线观看,免费电影网,热门资讯大全";
const CLOSING: &str = "感谢您访问我们的网站，您可能还对以下资源感兴趣：\n视频资源";

/// Judges the lines of a text, of which those with a full stop at their end are the body.
fn mirror(text: &str, title_kind: Option<Label>) -> Mirror {
    let page = Page::read(&Document::text(text), &Limits::default());
    let label = |text: &str| if text.ends_with('。') { Label::Body } else { Label::Related };
    let labels: Vec<Label> = page.blocks().map(|block| label(block.text())).collect();
    Mirror::of(&page, &labels, title_kind)
}

fn names(mirror: &Mirror) -> Vec<Reason> {
    mirror.reasons.iter().map(|found| found.reason).collect()
}

#[test]
fn two_signs_beside_pinyin_are_enough() {
    let noise = mirror(&format!("{TITLE}\n{NOISE}\n{BODY}"), None);
    assert_eq!(names(&noise), [Reason::MirrorNoise, Reason::MirrorScriptMix]);
    assert!(noise.is_mirrored());
    let closing = mirror(&format!("{TITLE}\n{BODY}\n{CLOSING}"), Some(Label::Adult));
    assert_eq!(names(&closing), [Reason::MirrorClosing, Reason::MirrorTitle, Reason::MirrorScriptMix]);
    assert!(closing.is_mirrored());
}

#[test]
fn one_sign_is_not() {
    for text in [format!("{NOISE}\n{BODY}"), format!("{BODY}\n{CLOSING}"), format!("{TITLE}\n{BODY}")] {
        let mirror = mirror(&text, None);
        assert!(!mirror.is_mirrored() && mirror.score < 0.2, "{text}: {}", mirror.score);
    }
    let adult = mirror(&format!("{TITLE}\n{BODY}"), Some(Label::Adult));
    assert!(!adult.is_mirrored(), "{}", adult.score);
}

#[test]
fn a_page_without_a_sign_scores_nothing() {
    let mirror = mirror(BODY, None);
    assert!(mirror.reasons.is_empty() && mirror.finding().is_none());
    assert!(mirror.score.abs() < f32::EPSILON);
}

#[test]
fn pinyin_again_and_again_behind_traditional_characters_is_the_kits() {
    let annotated = BODY.replace('開', "開(kāi)").replace('這', "這(zhè)").replace('對', "對(duì)");
    let few = mirror(&annotated, None);
    assert_eq!(names(&few), [Reason::MirrorPinyin]);
    assert!(!few.is_mirrored(), "{}", few.score);
    let many = mirror(&[annotated.as_str(); 3].join("\n"), None);
    assert!(many.is_mirrored() && many.score > 0.9, "{}", many.score);
}

#[test]
fn what_the_kit_put_in_is_named() {
    let mirror = mirror(&format!("{TITLE}\n{NOISE}\n{BODY}\n{CLOSING}"), None);
    assert_eq!(
        mirror.additions,
        [(0, Reason::MirrorPhrases), (3, Reason::MirrorLinks), (4, Reason::MirrorLinks)]
    );
}

#[test]
fn the_title_is_the_articles_if_the_body_has_its_words() {
    let page = |title: &str| {
        let html = format!("<title>{title}</title><p>{BODY}</p>");
        Page::read(&Document::html(html), &Limits::default())
    };
    let body = [Label::Body];
    assert!(is_foreign(&page(TITLE), &body, None, None));
    assert!(!is_foreign(&page("停航渡轮改装为水上学堂"), &body, None, None));
    assert!(is_foreign(&page("停航渡轮改装为水上学堂"), &body, Some(Label::Adult), None));
}

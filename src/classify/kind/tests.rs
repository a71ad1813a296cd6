//! Each rule with what it takes, and sentences with the same words that it must not take.

use super::*;
use crate::features::measure;
use crate::page::{Document, Limits};

/// What the rules say of each block: the text, what overrules the model, and the kind as junk.
fn ruled(document: &Document) -> Vec<(String, Option<Ruled>, Ruled)> {
    let page = Page::read(document, &Limits::default());
    let measured = measure(&page);
    let kinds = Kinds::of(&page, &measured);
    let text = |index| page.block(index).unwrap().text().to_owned();
    (0..page.blocks().len()).map(|at| (text(at), kinds.overruled(at), kinds.of_junk(at))).collect()
}

const PARAGRAPHS: &str = "昨天上午，城西的旧码头重新开放，数百名居民前来参观修缮后的仓库和吊车。\n\n\
    管理处表示，整个工程历时两年，花费约四千万元，木结构全部按原样修复。\n\n\
    市民可以免费参观至本月底，之后仓库将用作展厅，每周一闭馆维护一天。\n\n";

/// What overrules the model for a line behind an article of plain text.
fn behind(line: &str) -> Option<Ruled> {
    let found = ruled(&Document::text(format!("{PARAGRAPHS}{line}\n")));
    found.last().and_then(|(_, ruled, _)| *ruled)
}

#[test]
fn each_rule_takes_its_lines() {
    let lines = [
        ("闽ICP备11008920号", "legal", Reason::FilingNumber),
        ("ICP备案：京ICP证030173号", "legal", Reason::FilingNumber),
        ("粤公网安备 44990002000317号", "legal", Reason::FilingNumber),
        ("网络文化经营许可证：川网文〔2019〕2210-044号", "legal", Reason::PermitNumber),
        ("Copyright © 2011-2023 Pier Media All Rights Reserved", "legal", Reason::CopyrightLine),
        ("© Inland Review 2022. Reproduction only with leave.", "legal", Reason::CopyrightLine),
        ("清水网版权所有", "legal", Reason::CopyrightLine),
        ("[免责声明]文章配图来自网络，仅作交流。", "legal", Reason::Disclaimer),
        ("本文僅代表作者個人觀點，與本站立場無關", "legal", Reason::Disclaimer),
        ("图文由网友上传，如有侵权请联系删除", "legal", Reason::Disclaimer),
        ("The views expressed here are the author's own.", "legal", Reason::Disclaimer),
        ("This site uses cookies to improve your visit.", "legal", Reason::CookieNotice),
        ("违法和不良信息举报电话：0712-5550188", "legal", Reason::ReportLine),
        ("Powered by BoardKit 3.0", "legal", Reason::PoweredBy),
        ("【责任编辑：伍青】", "meta", Reason::EditorLine),
        ("来源：德国之声", "meta", Reason::SourceLine),
        ("作者: 時(shí)間:2025-07-08 來源:DigiPost 收藏", "meta", Reason::AuthorLine),
        ("Posted on August 19, 2022 by Tobiah", "meta", Reason::AuthorLine),
        ("更新时间：2024-02-14 09:05", "meta", Reason::TimeLine),
        ("Last updated 9 February 2024", "meta", Reason::TimeLine),
        ("標籤：#離島 #慢旅行", "meta", Reason::TagLine),
        ("Tags: canals, history", "meta", Reason::TagLine),
        ("浏览次数：1420", "meta", Reason::ViewCount),
        ("信源：", "meta", Reason::SourceHeading),
        ("Skip to main content", "nav", Reason::SkipLink),
        ("当前位置：首页 > 快讯 > 正文", "nav", Reason::Breadcrumb),
        ("机电網首頁 > 工業自動化 > 產品", "nav", Reason::Breadcrumb),
        ("下一篇：一张保单引出的官司", "nav", Reason::AdjacentPage),
        ("Next post: keeping ducks", "nav", Reason::AdjacentPage),
        ("1 2 3 4 5", "nav", Reason::Pagination),
        ("Page 2 of 9", "nav", Reason::Pagination),
        ("« Previous 1 2 3 … 9 Next »", "nav", Reason::Pagination),
        ("上一页 1 2 3 4 下一页 尾页", "nav", Reason::Pagination),
        ("網站首頁", "nav", Reason::SiteMenu),
        ("相關(guān)推薦", "related", Reason::RelatedHeading),
        ("You may also like", "related", Reason::RelatedHeading),
        ("延伸阅读：渡口的灯", "related", Reason::RelatedLine),
        ("分享到：微信 微博 复制链接", "social", Reason::ShareRow),
        ("評(píng)論(lùn)", "social", Reason::CommentPrompt),
        ("Leave a comment", "social", Reason::CommentPrompt),
        ("Follow us on Chirp and Picster", "social", Reason::FollowUs),
        ("展开阅读全文 ∨", "ui", Reason::ExpandButton),
        ("上滑加载更多 ↓", "ui", Reason::ExpandButton),
        ("關(guān)閉", "ui", Reason::WidgetWord),
        ("Back to top ↑", "ui", Reason::WidgetWord),
        ("您的浏览器不支持视频播放", "ui", Reason::PlayerNotice),
        ("— 广告 —", "ad", Reason::AdSlot),
        ("ADVERTISEMENT - CONTINUE READING BELOW", "ad", Reason::AdSlot),
        ("打开APP，阅读体验更佳", "promo", Reason::AppOffer),
        ("扫描二维码关注官方微信", "promo", Reason::FollowOffer),
        ("Sign up for our newsletter and get ten percent off", "promo", Reason::NewsletterOffer),
        ("商务合作请联系 ads@site.example", "promo", Reason::ContactOffer),
        ("免费PC翻墙、安卓VPN翻墙APP", "promo", Reason::CircumventionOffer),
        ("• <sub id=\"vd61v\"><ol id=\"vd61v\"></ol></sub>", "seo", Reason::NoiseMarkup),
    ];
    for (line, label, name) in lines {
        let found = behind(line).map(|(label, name)| (label.as_str(), name));
        assert_eq!(found, Some((label, name)), "{line}");
    }
}

#[test]
fn every_reason_has_a_line_or_a_link_that_it_takes() {
    let source = include_str!("tests.rs");
    for reason in lexicon::OVERRULING {
        assert!(source.contains(&format!("Reason::{reason:?})")), "no example for {reason}");
    }
}

#[test]
fn a_link_to_a_policy_is_legal() {
    let page =
        ruled(&Document::html("<p>Text.</p><div><a href=/p>Privacy Policy</a></div><h1>Privacy Policy</h1>"));
    let found: Vec<_> = page.iter().map(|(_, ruled, _)| *ruled).collect();
    assert_eq!(found, [None, Some((Label::Legal, Reason::PolicyLink)), None]);
}

#[test]
fn sentences_with_the_same_words_stay() {
    let lines = [
        "法院认为，网站在页脚写明版权所有，并不意味着其对转载的内容享有著作权。",
        "未取得ICP备案的网站将被关停，工信部在通知中这样写道，各省须在年底前完成核查。",
        "编辑部的来源显示，这批稿件由三名记者共同采写，责任编辑没有署名。",
        "他在微博上写道，广告收入已经跌去了一半，公司将关闭两家门店。",
        "关闭两家门店",
        "广告收入跌去一半",
        "评论员认为，这是十年来最好的一届展会。",
        "推荐阅读的书目由三位老师共同选定，每年更新一次。",
        "The court held that the words all good things reserved for later had no legal effect.",
        "Advertisements for tobacco were banned in the region thirty years ago.",
        "Sponsored by the council, the choir travelled to four cities.",
        "Home prices > wages > rents, said the chart on the wall.",
        "Share prices fell by a third on Tuesday.",
        "Follow the river north until the old mill comes into view.",
        "Close to the harbour stands a tower that nobody has used since the war.",
        "Tags on the sheep are read by a gate at the edge of the field.",
        "<p>The element p holds a paragraph</p>",
        "5 4 3 2 1",
        "2020 2021 2022",
    ];
    for line in lines {
        assert_eq!(behind(line), None, "{line}");
    }
}

#[test]
fn a_row_of_numbers_amid_an_article_stays() {
    let page = ruled(&Document::text(format!("1 2 3 4 5\n\n{PARAGRAPHS}")));
    assert_eq!(page[0].1, None);
    assert_eq!(page[0].2, (Label::Meta, Reason::Number));
}

#[test]
fn the_list_below_a_heading_of_junk_is_related() {
    let page = format!(
        "{PARAGRAPHS}随便看看\n- [图说] 镇上的老澡堂要拆了\n- 为什么三国里没有好人？\n沪ICP备18002291号\n"
    );
    let found: Vec<_> = ruled(&Document::text(page)).into_iter().skip(3).map(|(_, ruled, _)| ruled).collect();
    let list = Some((Label::Related, Reason::RelatedList));
    let heading = Some((Label::Related, Reason::RelatedHeading));
    assert_eq!(found, [heading, list, list, Some((Label::Legal, Reason::FilingNumber))]);
}

#[test]
fn what_follows_the_heading_of_sources_is_meta() {
    let page = format!("{PARAGRAPHS}信源\n\n晨报 2025-08-06 旧码头重新开放\n\n展开阅读全文\n");
    let found: Vec<_> = ruled(&Document::text(page)).into_iter().skip(4).map(|(_, ruled, _)| ruled).collect();
    assert_eq!(found, [Some((Label::Meta, Reason::SourceList)), Some((Label::Ui, Reason::ExpandButton))]);
}

#[test]
fn a_list_amid_the_article_is_not_taken() {
    let page = format!("推荐阅读\n- 一本旧书\n- 一本新书\n{PARAGRAPHS}");
    let found = ruled(&Document::text(page));
    assert_eq!(found[1].1, None);
    assert_eq!(found[1].2, (Label::Related, Reason::RelatedList));
}

#[test]
fn a_page_that_is_a_list_is_not_taken() {
    let items = "- 一台便携投影仪，亮度很高，适合在宿舍和小客厅里使用\n".repeat(9);
    let found = ruled(&Document::text(format!("{PARAGRAPHS}相关推荐\n{items}")));
    assert_eq!(found[5].1, None);
}

#[test]
fn elements_around_a_block_name_its_kind() {
    let html = "<html><head><meta name=description content='A page about a harbour and its cranes'></head><body>\
        <nav><ul><li><a href=/a>Harbour</a></ul></nav>\
        <main><article><p>The old crane was lifted on Monday. It took six hours, said the engineer.</p></article>\
        <div class=post-tags>Cranes</div>\
        <section id=comments><div class=comment><p>My father drove it for years.</p></div></section>\
        <div class=share-buttons><span>Chirp</span></div><div class=newsletter-box><p>Every Friday at six.</p></div>\
        <div class=ad-slot><p>A heater that everybody buys</p></div>\
        <div class=related><a href=/b>The bridge that never opened to anyone</a></div></main>\
        <aside><a href=/c>Tides</a></aside><button>Go</button>\
        <footer><p>Pier House, Dock Street</p></footer></body></html>";
    let kinds: Vec<_> = ruled(&Document::html(html)).iter().map(|(_, _, kind)| kind.0.as_str()).collect();
    let expected =
        ["nav", "related", "meta", "comment", "social", "promo", "ad", "related", "nav", "ui", "nav", "meta"];
    assert_eq!(kinds, expected);
}

#[test]
fn shape_names_what_nothing_else_does() {
    let page = format!(
        "港口网\n首页 渔业 航运 天气\n2025-05-03 06:48 港口网\n{PARAGRAPHS}• 海边民宿怎么选，听听老板自己怎么说\n"
    );
    let found: Vec<_> = ruled(&Document::text(page)).into_iter().map(|(_, _, kind)| kind.1).collect();
    assert_eq!(found[..3], [Reason::ShortEntry, Reason::MenuLine, Reason::DateLine]);
    assert_eq!(found.last(), Some(&Reason::ListItem));
}

#[test]
fn text_that_is_not_shown_and_code_are_never_taken() {
    let html = "<html><head><meta name=description content='版权所有'></head><body><pre>// © 2020 All rights reserved</pre></body></html>";
    let found = ruled(&Document::html(html));
    assert!(found.iter().all(|(_, ruled, _)| ruled.is_none()), "{found:?}");
}

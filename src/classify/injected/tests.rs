use super::*;
use crate::model::Model;
use crate::page::{Document, Limits};
use crate::{Filter, Report};

fn page(html: &str) -> Page {
    let document = Document::html(html).with_url("https://www.harbour.example/news/1");
    Page::read(&document, &Limits::default())
}

/// The names under which the blocks of a page are overruled.
fn overruled(html: &str) -> Vec<Option<Reason>> {
    let page = page(html);
    let injected = Injected::of(&page, &[]);
    (0..page.blocks().len()).map(|at| injected.overruled(at).map(|(_, name)| name)).collect()
}

fn report(html: &str) -> Report {
    Filter::new(Model::constant(0.9))
        .check(&Document::html(html).with_url("https://www.harbour.example/news/1"))
}

const SPAM: &str = "<a href='http://www.i06v9.cn/'>ultimate online casino</a> <a href=http://www.bkcb5d.xyz/>poker \
    88</a> <a href=http://www.lec4he.top/>live escort</a> <a href=http://payday-now.example/>payday loan</a>";

/// A menu of a publisher's other sites, as pages of publishers hide it.
const SISTERS: &str = "<a href=https://www.theverge.com/>The Verge</a> <a href=https://www.polygon.com>Polygon</a> \
    <a href=https://www.eater.com>Eater</a> <a href=https://www.thecut.com/>The Cut</a> \
    <a href=https://www.grubstreet.com>Grub Street</a> <a href=https://curbed.com>Curbed</a>";

/// An exchange of links between public bodies.
const EXCHANGE: &str = "<a href=http://www.gov.cn/>中国政府网</a> <a href=http://www.people.com.cn/>人民网</a> \
    <a href=http://www.xinhuanet.com/>新华网</a> <a href=http://www.cctv.com/>央视网</a> \
    <a href=http://www.chinanews.com/>中国新闻网</a> <a href=http://www.gmw.cn/>光明网</a>";

const ARTICLE: &str = "<p>The ferry returned to the harbour on Monday after a refit of eleven weeks, its owners said, \
    and takes up its two crossings a day again.</p><p>Crew and passengers had waited for the new engines since \
    last autumn, when the old ones failed twice within a month.</p>";

#[test]
fn hidden_links_of_spam_are_for_search_engines() {
    for hiding in [
        "style='display:none'",
        "hidden",
        "style='position:fixed;top:-9999px'",
        "style='height:0;overflow:hidden'",
    ] {
        let found = overruled(&format!("{ARTICLE}<div {hiding}>{SPAM}</div>"));
        assert_eq!(found, [None, None, Some(Reason::HiddenLinks)], "{hiding}");
    }
}

#[test]
fn hidden_menus_sister_sites_and_exchanges_are_not() {
    for links in [SISTERS, EXCHANGE] {
        for hiding in [
            "style='display:none'",
            "style='position:absolute;left:-9999px'",
            "style='height:0;overflow:hidden'",
        ] {
            let found = overruled(&format!("{ARTICLE}<div {hiding}>{links}</div>"));
            assert_eq!(found, [None; 3], "{hiding} {links}");
        }
    }
}

const TRADES: &str = "<a href=http://s1.example/>office cleaning</a> <a href=http://s2.example/>garden sheds</a> \
    <a href=http://s3.example/>搬家公司电话</a> <a href=http://s4.example/>wedding cars</a>";

#[test]
fn hidden_links_to_ordinary_trades_are_named_and_count_for_nothing() {
    for hiding in ["style='display:none'", "hidden", "style='font-size:0'", "style='transform:scale(0)'"] {
        let report = report(&format!("{ARTICLE}<div {hiding}>{TRADES}</div>"));
        assert!(report.reasons().iter().any(|found| found.reason == Reason::HiddenLinks), "{hiding}");
        assert!(report.scores().seo < f32::EPSILON && report.verdict() == crate::Verdict::Keep, "{hiding}");
    }
    let menu = format!("{ARTICLE}<div style='display:none'><a href=/own>Contact</a> {TRADES}</div>");
    assert_eq!(overruled(&menu), [None; 3]);
    let dialog = format!("{ARTICLE}<div role=dialog style='display:none'>{TRADES}</div>");
    assert_eq!(overruled(&dialog), [None; 3]);
    assert_eq!(overruled(&format!("{ARTICLE}<div>{TRADES}</div>")), [None; 3]);
}

#[test]
fn shown_lists_of_spam_to_many_sites_are_named_and_others_are_not() {
    let more = "<a href=http://x7q2k.top/>slots</a> <a href=http://b4d9z.xyz/>xxx tube</a>";
    assert_eq!(
        overruled(&format!("{ARTICLE}<div>{SPAM} {more}</div>")),
        [None, None, Some(Reason::ForeignLinks)]
    );
    let list = format!("{ARTICLE}<ul><li>{}</ul>", SPAM.replace("</a>", "</a><li>") + more);
    assert!(overruled(&list).iter().skip(2).all(|name| *name == Some(Reason::ForeignLinks)));
    for links in [SISTERS, EXCHANGE] {
        assert_eq!(overruled(&format!("{ARTICLE}<div>{links}</div>")), [None; 3]);
    }
}

#[test]
fn what_a_model_says_of_a_text_counts_as_spam() {
    let html = "<div style='display:none'><a href=http://a1.example/>one</a> <a href=http://b2.example/>two</a></div>";
    let page = page(html);
    assert!(Injected::of(&page, &[0.1]).overruled(0).is_none());
    assert_eq!(Injected::of(&page, &[0.95]).overruled(0), Some((Label::Seo, Reason::HiddenLinks)));
}

#[test]
fn a_vendor_slot_is_an_ad_and_a_wrapper_named_after_ads_is_not() {
    let slot = "<div id=div-gpt-ad-1-0><p>Buy two kettles for one</div>";
    assert_eq!(overruled(&format!("{ARTICLE}{slot}")), [None, None, Some(Reason::VendorSlot)]);
    assert_eq!(overruled(&format!("<div class=mediavine>{ARTICLE}</div>")), [None, None]);
}

#[test]
fn links_on_words_go_and_the_words_stay() {
    let html = ARTICLE.replace("harbour", "<a class='st_tag internal_tag' href=/tag/harbour>harbour</a>");
    let report = report(&html);
    assert_eq!(
        report.repairs().iter().map(|r| (r.name, r.count)).collect::<Vec<_>>(),
        [("keyword_links", 1)]
    );
    let kinds: Vec<_> = report.page().spans.iter().map(|span| span.kind).collect();
    assert_eq!(kinds, [SpanKind::KeywordLink]);
    assert!(report.body().contains("returned to the harbour on Monday"));
    assert!(
        report.reasons().iter().any(|reason| reason.reason == Reason::KeywordLinks && reason.blocks == [0])
    );
}

#[test]
fn a_list_of_tags_keeps_its_links() {
    let html =
        format!("{ARTICLE}<p><a class=st_tag href=/tag/a>ferry</a> <a class=st_tag href=/tag/b>port</a>");
    assert!(report(&html).repairs().is_empty());
}

#[test]
fn empty_slots_make_advertising_likely() {
    let clean = report(ARTICLE);
    assert!(clean.scores().ads.abs() < f32::EPSILON);
    let slots = "<ins class=adsbygoogle></ins><div id=a728x90_ADSLOT1></div>";
    let report = report(&format!("{ARTICLE}{slots}"));
    assert!(report.scores().ads > 0.8, "{}", report.scores().ads);
    let sum: f32 = report.reasons().iter().filter(|reason| reason.of == "ads").map(|r| r.weight).sum();
    let told = crate::model::sigmoid(ADS_BIAS + sum);
    assert!((report.scores().ads - told).abs() < 1e-6, "the reasons add up to the score");
}

#[test]
fn noise_tags_and_titles_of_references_are_reasons() {
    let references: Vec<_> = "在线视频精品在线视频".chars().map(|c| format!("&#{};", c as u32)).collect();
    let title = references.concat();
    let noise = "<th id=gckmo></th><ul id=gckmo><center id=gckmo></center></ul><bdo id=gckmo></bdo>";
    let report = report(&format!("<title>{title}</title>{noise}{ARTICLE}"));
    let names: Vec<_> = report.reasons().iter().filter(|r| r.of == "seo").map(|r| r.reason).collect();
    assert_eq!(names, [Reason::NoiseTags, Reason::EntityTitle]);
}

/// The texts of a page's body, with a paragraph that a stranger wrote, and with the same sentence amid the article's own.
fn with_sentence(sentence: &str) -> [Report; 2] {
    let alone = format!("{ARTICLE}<p>{sentence}</p>");
    let within =
        ARTICLE.replace("a day again.", &format!("a day again. {sentence} The crossing takes an hour."));
    [report(&alone), report(&within)]
}

#[test]
fn an_offer_amid_an_article_is_taken_out() {
    for (sentence, label) in [
        ("Order <a href=http://x.example>cheap replica watches</a> with free shipping.", Label::Scam),
        ("Claim your free spins at our online casino now.", Label::Gambling),
    ] {
        let [alone, within] = with_sentence(sentence);
        let said = alone.blocks().last().unwrap().1;
        assert_eq!((said.label, said.reason), (label, Reason::TradeOffer));
        assert_eq!(alone.body(), report(ARTICLE).body());
        assert_eq!(
            within.body(),
            report(&ARTICLE.replace("again.", "again. The crossing takes an hour.")).body()
        );
        assert_eq!(within.repairs()[0].name, "foreign_text");
        for found in [alone, within] {
            assert!(found.reasons().iter().any(|reason| reason.reason == Reason::InjectedText));
        }
    }
}

#[test]
fn reports_of_a_trade_and_articles_about_it_stay() {
    let [alone, within] = with_sentence("Police seized a box of replica watches on board the ferry.");
    assert!(alone.body().contains("replica") && within.body().contains("replica"));
    let about = format!(
        "{ARTICLE}<p>The ferry's shop sells replica bells and replica anchors to the passengers, who \
        have asked for them since the ship was shown in a film about smugglers.</p><p>Order a replica bell in the shop on the upper deck, where the crew have hung one, and take it home in a box of wood.</p>"
    );
    assert!(report(&about).body().contains("Order a replica"));
}

#[test]
fn notices_of_serial_sites_and_their_addresses_are_taken_out() {
    let html = "<p>山路转过第三个弯，陈砚便看见了那座庙，庙门上的红漆剥落得厉害，门环却是新的。www.novel.example</p>\
        <p>天才一秒记住本站地址，最快更新！</p><p>布鞋动了动，一个孩子爬了出来，怀里抱着一只木匣。本章未完，请点击下一页！</p>";
    let found = report(html);
    assert!(
        found.body().ends_with("门环却是新的。\n布鞋动了动，一个孩子爬了出来，怀里抱着一只木匣。"),
        "{}",
        found.body()
    );
}

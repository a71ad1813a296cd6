//! Pages that were made to break a parser: no panic, bounded work, blocks in order.

use pagesieve::page::{Limit, Limits, Page};
use pagesieve::{Document, Filter, Media};
use proptest::prelude::*;

/// What must hold of every page: spans are ordered, disjoint, on character boundaries and not empty; spans lie
/// in their blocks; chains of elements end at the root.
fn check(page: &Page) {
    let mut end = 0;
    let text = page.blocks().map(|block| block.text().as_ptr() as usize).min().unwrap_or_default();
    for block in page.blocks() {
        let start = block.text().as_ptr() as usize - text;
        assert!(start >= end && !block.text().is_empty());
        end = start + block.text().len();
        for span in block.spans() {
            assert!(span.start < span.end);
            assert!(block.text().get(span.start as usize..span.end as usize).is_some());
            assert!(block.href(span).is_none_or(|href| href.len() <= page.source().bytes * 3));
        }
        assert!(!block.path().is_empty() || block.element().is_none());
    }
}

fn read(bytes: &[u8], media: Media) -> Page {
    let document = Document::new(bytes).with_media(media);
    let page = Page::read(&document, &Limits::default());
    check(&page);
    page
}

#[expect(clippy::unwrap_used, reason = "the pattern is a constant")]
fn tag_soup() -> impl Strategy<Value = String> {
    let names = "(p|div|table|tr|td|tbody|caption|colgroup|ul|li|dl|dd|a|b|i|font|nobr|form|button|select|option|h1|svg|math|mi|\
        annotation-xml|desc|title|foreignObject|template|noscript|script|style|textarea|xmp|plaintext|pre|br|hr|img|\
        input|ruby|rt|html|head|body|frameset|object|x-y|zz)";
    let piece = prop_oneof![
        8 => proptest::string::string_regex(&format!("</?{names}( (class|href|id|type)=[\"']?[a-z>]{{0,3}}[\"']?)?/?>")).unwrap(),
        4 => "[a-z0-9中文 \n\r\u{0}\u{a0}\u{3000}]{0,6}",
        1 => "[<>&;!/'\"=\\-\\[\\]]{1,4}",
        1 => "(<!--|-->|<!doctype html>|<!\\[CDATA\\[|\\]\\]>|<\\?x|&amp|&#x4e2d;|&notit;|</|<a )",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_tag_soup_gives_an_ordered_page(source in tag_soup()) {
        let page = read(source.as_bytes(), Media::Html);
        prop_assert_eq!(page.source().limit, None);
    }

    #[test]
    fn any_bytes_give_an_ordered_page(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for media in [Media::Html, Media::Text, Media::Unknown] {
            read(&bytes, media);
        }
    }

    #[test]
    fn a_page_reads_the_same_every_time(source in tag_soup()) {
        let texts = |page: &Page| page.blocks().map(|block| (block.text().to_owned(), block.path())).collect::<Vec<_>>();
        let first = read(source.as_bytes(), Media::Html);
        prop_assert_eq!(texts(&first), texts(&read(source.as_bytes(), Media::Html)));
    }
}

/// Opening parts of pages that nest or repeat without end.
const UNITS: [&str; 20] = [
    "<div>", "<ul><li>", "<b>", "<b><div>", "<a href=x>", "<a href=x><div>", "<table>", "<table><tr><td>",
    "<table><div>", "<svg>", "<svg><desc>", "<math><mi>", "<template>", "<p><font size=1>", "<select>",
    "<button>", "<form>", "<nobr>", "<object>", "</span>",
];

#[test]
fn deep_nesting_is_cut_at_the_depth_and_keeps_its_text() {
    for unit in UNITS {
        let count = if unit == "<div>" { 200_000 } else { 10_000 };
        let source = format!("<!doctype html><body>{}end", unit.repeat(count));
        let page = read(source.as_bytes(), Media::Html);
        let depths = page.blocks().filter_map(|block| block.element().map(pagesieve::page::Element::depth));
        // Formatting that is opened again may stand below the deepest element.
        assert!(depths.max().unwrap_or(0) <= 2 * 512, "{unit}");
        let text: String = page.blocks().map(|block| block.text().to_owned()).collect();
        let unseen = ["<svg>", "<svg><desc>", "<object>"].contains(&unit);
        assert_eq!(text, if unseen { "" } else { "end" }, "{unit}");
    }
}

#[test]
fn formatting_that_is_opened_again_in_every_paragraph_meets_a_limit() {
    let numbered = |count: usize, unit: &str| -> String {
        (0..count).map(|number| unit.replace('#', &number.to_string())).collect()
    };
    let unique = numbered(1000, "<b class=c#>");
    for source in [
        format!("<p>{unique}{}", "<p>x".repeat(2000)),
        numbered(3000, "<p><b class=c#>x</p>"),
        format!("<p>{unique}</p>{}{}", "<div>".repeat(600), "x<i></i>".repeat(3000)),
    ] {
        assert!(read(source.as_bytes(), Media::Html).source().limit.is_some());
    }
}

#[test]
fn fifty_megabytes_of_one_tag_are_cut_at_the_limit() {
    let limits = Limits::default().with_bytes(1 << 20);
    for unit in
        ["<div>", "<!--", "<p>", "<img alt=x>", "</p>", "<a href='", "&amp;", "<td>", "<script>", "<", "</"]
    {
        let source = unit.repeat((50 << 20) / unit.len());
        let page = Page::read(&Document::html(source.as_str()), &limits);
        check(&page);
        assert_eq!((page.source().bytes, page.source().limit), (source.len(), Some(Limit::Bytes)), "{unit}");
    }
}

#[test]
fn no_field_about_a_page_is_longer_than_the_limit() {
    let long = "John ".repeat(200_000);
    let filter = Filter::builtin();
    let sources = [
        format!("<h1>{long}</h1><p>By {long}</p>"),
        format!("<title>{long}</title><meta name=author content='{long}'><meta name=date content='{long}'>"),
        format!("<html lang='{long}'><meta property='og:title' content='{long}'><p>By {long}</p>"),
        format!(
            "<script type='application/ld+json'>{{\"headline\":\"{long}\",\"author\":\"{long}\"}}</script>"
        ),
    ];
    let body =
        "<p>The ferry returned to the harbour on Monday after a refit of eleven weeks, its owners said.</p>"
            .repeat(3);
    for (at, source) in sources.iter().enumerate() {
        let report = filter.check(&Document::html(format!("{source}{body}")));
        for field in [report.title(), report.author(), report.date(), report.lang()].into_iter().flatten() {
            assert!(field.chars().count() <= 2000, "page {at}: {} characters", field.chars().count());
        }
    }
    let report =
        filter.check(&Document::text(format!("{long}\n作者：{long}\n记者{}\n", "张三 ".repeat(200_000))));
    assert!(
        report.title().is_none_or(|title| title.len() <= 2000)
            && report.author().is_none_or(|name| name.len() <= 2000)
    );
}

/// Each letter of the name starts and ends as many parts of it as it has letters: were they all looked up, this would take
/// days.
#[test]
fn a_class_or_id_of_megabytes_is_a_page_like_others() {
    for letter in ["z", "名"] {
        let name = letter.repeat((3 << 20) / letter.len());
        for attribute in ["id", "class"] {
            let page =
                format!("<div {attribute}={name}><p>The ferry returned to the harbour on Monday.</p></div>");
            let report = Filter::builtin().check(&Document::html(page));
            assert_eq!(report.blocks().count(), 1);
        }
    }
}

#[test]
fn line_feeds_are_no_lines() {
    let source = "\n".repeat(4 << 20) + "a\n" + &"\n".repeat(4 << 20) + "b";
    let page = read(source.as_bytes(), Media::Text);
    let lines: Vec<_> = page.blocks().map(|block| block.lines().unwrap().0).collect();
    assert_eq!(lines, [(4 << 20) + 1, (8 << 20) + 2]);
    let many = Page::read(&Document::text("a\n".repeat(300)), &Limits::default().with_blocks(100));
    assert_eq!((many.blocks().count(), many.source().limit), (100, Some(Limit::Blocks)));
}

#[test]
fn a_line_of_five_megabytes_is_read_in_linear_time() {
    for unit in [
        "word", "word ", "字", "字。", "字 ", "(", "). ", ".", ". ", ".)", "? ", "Mr. ", "A. ", "• ", "| ",
        "1、", "\u{0}", "\u{7} \u{1b}", "\r", "\u{200b} ", "a@/.A ", "\u{a0}", "”", "。”",
    ] {
        let source = format!("A.{}", unit.repeat((5 << 20) / unit.len()));
        let page = read(source.as_bytes(), Media::Text);
        assert!(page.blocks().all(|block| block.lines() == Some((1, 1))), "{unit}");
        let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let held: usize = page.blocks().map(|block| count(block.text())).sum();
        assert!(page.source().binary || held == count(&source), "{unit:?}");
    }
}

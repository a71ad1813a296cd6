//! What is written is read by a Markdown parser, and text and structure are compared.

use super::super::testing::Sample;
use super::markdown;
use crate::classify::{Label, Report};
use crate::page::{BlockKind, ElementId, SpanKind, Tag};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag as Md};

fn events(source: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    Parser::new_ext(source, options).collect()
}

/// The text that a reader sees, without white space.
fn seen(source: &str) -> String {
    let text = events(source).into_iter().map(|event| match event {
        Event::Text(text) | Event::Code(text) => text.to_string(),
        Event::InlineHtml(html) if &*html == "<br>" => String::new(),
        Event::Html(html) | Event::InlineHtml(html) => format!("HTML {html}"),
        _ => String::new(),
    });
    text.collect::<String>().split_whitespace().collect()
}

fn squeezed(report: &Report) -> String {
    report.body_blocks().flat_map(|block| block.text().split_whitespace()).collect()
}

fn html(source: &str) -> String {
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, events(source).into_iter());
    out.replace('\n', "")
}

fn one(kind: BlockKind, text: &str) -> String {
    markdown(&Sample::new().block(kind, text).report())
}

fn item(depth: u8, ordinal: impl Into<Option<u16>>) -> BlockKind {
    BlockKind::ListItem { depth, ordinal: ordinal.into() }
}

fn cell(row: u32, column: u16) -> BlockKind {
    BlockKind::Cell { row, table: 0, column, header: row == 0 }
}

/// Lines that would be markup if they were not escaped.
const RISKY: &[&str] = &[
    "# no heading",
    "#",
    "1. no list",
    "2) no",
    "12345",
    "- no list",
    "-",
    "+ no",
    "* no",
    "> no quote",
    "---",
    "***",
    "===",
    "a\n===",
    "a\n---",
    "a|b\n-|-",
    "a|b\n:-|-",
    "```",
    "~~~",
    "~~no~~",
    "1~2~3",
    "<b>no</b>",
    "<!-- -->",
    "a <http://x>",
    "&amp; &#65; &copy",
    "[a](b)",
    "![a](b)",
    "[a]: b",
    "[ ] task",
    "[^1]",
    "_no_",
    "snake_case",
    "__no__",
    "`no`",
    "a\\",
    "\\*",
    "a  \nb",
    "| a |\n| - |",
    "1986. A year",
    "    code",
    "\tcode",
    "5 * 3 * 2",
    "$x$",
    "a\n\nb",
    "a\n- b",
    "a\n1. b",
    "a\n# b",
    "a\n> b",
    "+",
    "1.",
    "a\n    b",
    "😀_a_",
    "Ⓐ_a_Ⓑ",
];

#[test]
fn risky_lines_stay_text() {
    for text in RISKY {
        for kind in [BlockKind::Paragraph, item(1, None), item(1, 1), BlockKind::Quote, BlockKind::Heading(2)]
        {
            let report = Sample::new().block(kind, text).report();
            let source = markdown(&report);
            assert_eq!(seen(&source), squeezed(&report), "{kind:?} {text:?} was written {source:?}");
            let structure = html(&source);
            for tag in
                ["<em>", "<strong>", "<del>", "<code>", "<a ", "<img", "<table", "<h1", "<hr", "<input"]
            {
                assert!(!structure.contains(tag), "{kind:?} {text:?} was written {source:?}: {structure}");
            }
        }
    }
}

#[test]
fn headings_keep_their_level_and_one_line() {
    assert_eq!(one(BlockKind::Heading(3), "A\nB #"), "### A B \\#");
    assert_eq!(html(&one(BlockKind::Heading(6), "C# 简介 ##")), "<h6>C# 简介 ##</h6>");
}

#[test]
fn nested_lists_keep_depth_and_numbers() {
    let sample =
        Sample::new().block(item(1, 3), "three").block(item(2, None), "inner").block(item(2, None), "more");
    let source = markdown(&sample.block(item(1, 4), "four").block(BlockKind::Paragraph, "end").report());
    assert_eq!(source, "3. three\n   - inner\n   - more\n4. four\n\nend");
    assert_eq!(
        html(&source),
        "<ol start=\"3\"><li>three<ul><li>inner</li><li>more</li></ul></li><li>four</li></ol><p>end</p>"
    );
}

#[test]
fn a_list_that_starts_again_is_a_list_of_its_own() {
    let sample = Sample::new()
        .block(item(1, 1), "a")
        .block(item(1, 2), "b")
        .block(item(1, 1), "c")
        .block(item(1, 2), "d");
    let source = markdown(&sample.report());
    assert_eq!(html(&source), "<ol><li>a</li><li>b</li></ol><ol><li>c</li><li>d</li></ol>");
}

#[test]
fn blocks_of_one_item_stay_in_it() {
    let mut sample = Sample::new();
    let list = sample.element(ElementId(0), Tag::Ol, &[]);
    let first = sample.element(list, Tag::Li, &[]);
    let code = sample.element(first, Tag::Pre, &[]);
    let second = sample.element(list, Tag::Li, &[]);
    let sample = sample.block_in(first, item(1, 1), "one").block_in(first, item(1, 1), "still one");
    let sample = sample.block_in(code, BlockKind::Code, "x\n\ny").block_in(second, item(1, 2), "two");
    let source = markdown(&sample.report());
    assert_eq!(
        html(&source),
        "<ol><li><p>one</p><p>still one</p><pre><code>xy</code></pre></li><li><p>two</p></li></ol>"
    );
}

#[test]
fn quotations_that_follow_each_other_are_one() {
    let source =
        markdown(&Sample::new().block(BlockKind::Quote, "a\nb").block(BlockKind::Quote, "c").report());
    assert_eq!(source, "> a\\\n> b\n>\n> c");
    assert_eq!(html(&source), "<blockquote><p>a<br />b</p><p>c</p></blockquote>");
}

#[test]
fn a_fence_is_longer_than_the_backticks_inside() {
    let code = "```\nlet a = `b`;\n````";
    let source = one(BlockKind::Code, code);
    assert!(source.starts_with("`````\n"), "{source}");
    assert_eq!(html(&source), "<pre><code>```let a = `b`;````</code></pre>");
    assert_eq!(html(&one(BlockKind::Code, "# a\n\n\n    b")), "<pre><code># a    b</code></pre>");
}

#[test]
fn the_language_of_code_is_named() {
    let mut sample = Sample::new();
    let pre = sample.element(ElementId(0), Tag::Pre, &[(crate::page::AttrName::Class, "hl language-rust")]);
    let source = markdown(&sample.block_in(pre, BlockKind::Code, "fn a() {}").report());
    assert_eq!(source, "```rust\nfn a() {}\n```");
    let mut sample = Sample::new();
    let pre = sample.element(ElementId(0), Tag::Pre, &[]);
    let code = sample.element(pre, Tag::Code, &[(crate::page::AttrName::Class, "language-c++")]);
    let word = sample.element(code, Tag::Span, &[(crate::page::AttrName::Class, "k")]);
    let source = markdown(&sample.block_in(pre, BlockKind::Code, "int a;").starting_in(word).report());
    assert_eq!(source, "```c++\nint a;\n```");
}

#[test]
fn tables_survive_pipes_breaks_and_empty_cells() {
    let sample = Sample::new().block(cell(0, 0), "a|b").block(cell(0, 1), "c\nd").block(cell(0, 2), "e");
    let sample = sample.block(cell(1, 1), "x").block(cell(1, 1), "y").block(cell(1, 2), "x `|` y");
    let source = markdown(&sample.marked(SpanKind::Code, "`|`").report());
    assert_eq!(
        html(&source),
        "<table><thead><tr><th>a|b</th><th>c<br>d</th><th>e</th></tr></thead><tbody>\
         <tr><td></td><td>x<br>y</td><td>x <code>`|`</code> y</td></tr></tbody></table>"
    );
}

#[test]
fn layout_tables_give_paragraphs() {
    let sample = Sample::new().block(cell(0, 0), "one").block(cell(1, 0), "two");
    assert_eq!(markdown(&sample.report()), "one\n\ntwo");
}

#[test]
fn a_wide_row_does_not_multiply_the_page() {
    let mut sample = Sample::new();
    for column in 0..5000 {
        sample = sample.block(cell(0, column), "x");
    }
    for row in 1..5000 {
        sample = sample.block(cell(row, 0), "y");
    }
    assert!(markdown(&sample.report()).len() < 100_000);
}

#[test]
fn one_long_address_around_many_blocks_does_not_multiply_the_page() {
    let mut sample = Sample::new();
    let href = format!("https://news.example/{}", "a".repeat(2000));
    for number in 0..2000 {
        sample = sample.block(BlockKind::Paragraph, "word").linked("word", &href);
        if number == 0 {
            let source = markdown(&sample.clone().report());
            assert_eq!(source, format!("[word]({href})"));
        }
    }
    let report = sample.report();
    let source = markdown(&report);
    assert!(source.len() < (1 << 20) + 100_000, "{}", source.len());
    assert_eq!(seen(&source), squeezed(&report));
}

#[test]
fn lines_deep_in_lists_do_not_multiply_the_page() {
    let mut sample = Sample::new();
    for depth in 0..100 {
        sample = sample.block(item(depth, None), "x");
    }
    let report = sample.block(item(100, None), &"y\n".repeat(20_000)).report();
    let source = markdown(&report);
    assert!(source.len() < (1 << 20) + 150_000, "{}", source.len());
    assert_eq!(source.matches('y').count(), 20_000);
}

/// Words, each with a span of its own, so many times.
fn spans(periods: usize) -> String {
    let period = [
        ("bold ", SpanKind::Strong),
        ("“it” ", SpanKind::Emphasis),
        ("code ", SpanKind::Code),
        ("plain ", SpanKind::KeywordLink),
        ("code ", SpanKind::Code),
        ("bold ", SpanKind::Strong),
        ("it ", SpanKind::Emphasis),
        ("link ", SpanKind::Link),
    ];
    let text: String = period.iter().map(|(text, _)| *text).collect();
    let mut sample = Sample::new().block(BlockKind::Paragraph, &text.repeat(periods));
    let link = sample.element(ElementId(0), Tag::A, &[(crate::page::AttrName::Href, "https://a.example/")]);
    let mut start = 0;
    for (text, kind) in period.iter().cycle().take(period.len() * periods) {
        let end = start + text.len() as u32;
        sample = sample.span_range(*kind, start, end, link);
        start = end;
    }
    markdown(&sample.report())
}

/// Were each span looked for among all others, this would take minutes.
#[test]
fn a_block_of_many_spans_is_written_as_each_part_alone() {
    let period = spans(1);
    assert_eq!(period, "**bold** *“it”* `code` plain `code` **bold** *it* [link](https://a.example/)");
    let periods = 30_000;
    assert!(spans(periods) == vec![period; periods].join(" "));
}

#[test]
fn links_are_absolute_and_unsafe_ones_are_text() {
    let sample = Sample::new()
        .with_url("https://news.example/a/b")
        .block(BlockKind::Paragraph, "See [this] and that!now");
    let report = sample
        .linked("[this]", "../c_(d)?x=1&copy;=2")
        .linked("that", "javascript:alert(1)")
        .linked("now", "e");
    assert_eq!(
        html(&markdown(&report.report())),
        "<p>See <a href=\"https://news.example/c_(d)?x=1&amp;copy;=2\">[this]</a> and that!\
         <a href=\"https://news.example/a/e\">now</a></p>"
    );
}

#[test]
fn bold_and_italic_survive_next_to_punctuation() {
    let quoted =
        Sample::new().block(BlockKind::Paragraph, "他说“引用”之后").marked(SpanKind::Strong, "“引用”");
    assert_eq!(html(&markdown(&quoted.report())), "<p>他说“<strong>引用</strong>”之后</p>");
    let plain =
        Sample::new().block(BlockKind::Paragraph, "a bold and it b").marked(SpanKind::Strong, " bold ");
    let plain = plain.marked(SpanKind::Emphasis, "it").report();
    assert_eq!(html(&markdown(&plain)), "<p>a <strong>bold</strong> and <em>it</em> b</p>");
}

#[test]
fn a_link_that_a_program_set_is_written_as_its_words() {
    let sample = Sample::new().block(BlockKind::Paragraph, "to the harbour and back");
    let source = markdown(&sample.marked(SpanKind::KeywordLink, "harbour").report());
    assert_eq!(html(&source), "<p>to the harbour and back</p>");
}

#[test]
fn bold_around_links_and_code_is_split_at_them() {
    let sample = Sample::new().block(BlockKind::Paragraph, "very bold `x` link text");
    let sample = sample.marked(SpanKind::Strong, "bold `x` link").marked(SpanKind::Code, "`x`");
    assert_eq!(
        html(&markdown(&sample.linked("link", "https://a.example/").report())),
        "<p>very <strong>bold</strong> <code>`x`</code> <a href=\"https://a.example/\"><strong>link</strong></a> text</p>"
    );
}

#[test]
fn plain_text_lines_keep_their_list_marks() {
    let sample = Sample::new()
        .line(1, "标题")
        .line(3, "- one")
        .line(4, "  - inner")
        .line(5, "- two")
        .line(6, "End *x*");
    assert_eq!(markdown(&sample.report()), "标题\n\n- one\n  - inner\n- two\n\nEnd *x*");
}

#[test]
fn the_pieces_of_a_line_stand_on_one_line() {
    let mut sample = Sample::new().line(1, "标题").line(2, "甲。").piece("", "乙。").piece("  ", "• 丙");
    assert_eq!(markdown(&sample.clone().report()), "标题\n\n甲。乙。  • 丙");
    sample = sample
        .piece(" ", "丁")
        .labelled(Label::Ad, 0.1, crate::classify::Reason::Model)
        .piece(" ", "戊")
        .line(3, "末");
    let report = sample.report();
    assert_eq!(markdown(&report), "标题\n\n甲。乙。  • 丙 戊\n\n末");
    assert_eq!(report.body(), "标题\n甲。乙。  • 丙 戊\n末");
}

#[test]
fn junk_is_not_written() {
    let sample = Sample::new().block(BlockKind::Paragraph, "body").block(BlockKind::Paragraph, "ad");
    assert_eq!(markdown(&sample.labelled(Label::Ad, 0.1, crate::classify::Reason::Model).report()), "body");
}

/// Texts that are mostly risky characters.
fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "#", "##", "-", "--", "+", "*", "**", "_", "__", "`", "``", "~", "~~", "<", ">", "</b>", "<b", "&",
        "&amp;", "&#1;", "[", "]", "(", ")", "![", "](", "|", "\\", ":", "=", "==", "!", "1.", "2)", "99",
        "a", "b c", "x", "中", "文字", "“", "”", "。", "é", "😀", "Ⓐ", " ", " ", " ", "\n", "http://a.b",
        "$", "^", "\"", "'", "\u{3000}", "\u{a0}",
    ]);
    prop::collection::vec(part, 1..14).prop_map(|parts| parts.concat())
}

fn kind() -> impl Strategy<Value = BlockKind> {
    prop_oneof![
        Just(BlockKind::Paragraph),
        Just(BlockKind::Quote),
        Just(BlockKind::Code),
        Just(BlockKind::Caption),
        (1u8..7).prop_map(BlockKind::Heading),
        (1u8..5, prop::option::of(1u16..200)).prop_map(|(depth, ordinal)| item(depth, ordinal)),
        (0u32..3, 0u16..4).prop_map(|(row, column)| cell(row, column)),
    ]
}

/// A block's kind and text, and spans: which, from and to as shares of the text.
type Given = (BlockKind, String, Vec<(usize, f64, f64)>);

prop_compose! {
    fn block()(kind in kind(), text in text(), spans in prop::collection::vec((0..4usize, 0.0..1.0f64, 0.0..1.0f64), 0..4))
        -> Given {
        (kind, text, spans)
    }
}

fn sample_of(blocks: &[Given]) -> Report {
    let mut sample = Sample::new();
    for (kind, text, spans) in blocks {
        let link = sample.element(
            ElementId(0),
            Tag::A,
            &[(crate::page::AttrName::Href, "https://a.example/(x)_*&amp;")],
        );
        sample = sample.block(*kind, text);
        for (what, a, b) in spans {
            let at = |share: f64| text.floor_char_boundary((share * text.len() as f64) as usize) as u32;
            let what = [SpanKind::Link, SpanKind::Strong, SpanKind::Emphasis, SpanKind::Code][*what];
            sample = sample.span_range(what, at(a.min(*b)), at(a.max(*b)), link);
        }
    }
    sample.report()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_blocks_are_read_back_as_their_text(blocks in prop::collection::vec(block(), 1..6)) {
        let report = sample_of(&blocks);
        let source = markdown(&report);
        prop_assert_eq!(seen(&source), squeezed(&report), "{}", source);
        let headings = blocks.iter().filter(|(kind, text, _)| matches!(kind, BlockKind::Heading(_)) && !text.trim().is_empty());
        let read = events(&source).into_iter().filter(|event| matches!(event, Event::Start(Md::Heading { .. })));
        prop_assert_eq!(read.count(), headings.count(), "{}", source);
        let code = blocks.iter().filter(|(kind, text, _)| *kind == BlockKind::Code && !text.trim().is_empty());
        let read = events(&source).into_iter().filter(|event| matches!(event, Event::Start(Md::CodeBlock(_))));
        prop_assert_eq!(read.count(), code.count(), "{}", source);
    }
}

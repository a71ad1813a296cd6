use super::{Limits, Stream};
use crate::page::{Document, Limit, Page};

const DEPTH: usize = 64;

/// Reads a page token by token with a bound on what a token can cost; gives the number of tokens.
fn tokens_of_bounded_cost(source: &str) -> usize {
    let mut stream = Stream::new(source, Limits::default().with_depth(DEPTH));
    let mut tokens = 0;
    while stream.advance() {
        tokens += 1;
        assert!(stream.stack.open.len() <= DEPTH, "{} open", stream.stack.open.len());
        assert!(stream.active.len() <= 2 * DEPTH, "{} active", stream.active.len());
    }
    assert_eq!(stream.builder.page.source.limit, Some(Limit::Depth));
    tokens
}

#[test]
fn no_page_makes_a_token_cost_more_than_the_depth() {
    let unit = |i: usize, unit: &str| unit.replace('#', &i.to_string());
    for (units, closers) in [
        ("<div>", "</p>"),
        ("<b class=c#>", "</b>"),
        ("<p><b class=c#>x", "</i>"),
        ("<a href=#><div>", "</a>"),
        ("<table><tr><td><i class=c#>", "</td>x"),
        ("<table><b class=c#>", "x"),
        ("<svg><desc><u class=c#>", "</u>"),
        ("<template><s class=c#>", "<i>x</i>"),
        ("<button><form><nobr class=c#>", "</nobr>"),
    ] {
        let opened: String = (0..3000).map(|i| unit(i, units)).collect();
        let source = format!("{opened}{}{}", "<div>".repeat(DEPTH), closers.repeat(3000));
        assert!(tokens_of_bounded_cost(&source) >= 6000, "{units}");
    }
}

#[test]
fn paragraphs_that_end_formatting_do_not_pile_it_up() {
    let paragraphs: Vec<_> = (0..3000).map(|i| format!("<p><b class=c{i}>x</p>")).collect();
    let source = paragraphs.concat();
    assert_eq!(tokens_of_bounded_cost(&source), 12_000);
}

#[test]
fn an_island_that_is_too_deep_leaves_the_stack_as_it_was() {
    let source = format!("{}<svg/><math/>x", "<div>".repeat(DEPTH));
    let mut stream = Stream::new(&source, Limits::default().with_depth(DEPTH));
    stream.run();
    assert_eq!((stream.stack.open.len(), stream.islands), (DEPTH, 0));
}

#[test]
fn a_heading_has_no_link_to_itself() {
    let html = "<h1>Install<a class=x href=#install>¶</a></h1><h2>C# <a href=#c>#</a></h2><p><a href=/>#</a></p><p>See <a href=#n>note</a>";
    let page = Page::read(&Document::html(html), &Limits::default());
    let blocks: Vec<(&str, u16)> = page.blocks().map(|block| (block.text(), block.inline().links)).collect();
    assert_eq!(blocks, [("Install", 0), ("C#", 0), ("#", 1), ("See note", 1)]);
}

#[test]
fn a_formula_that_is_said_and_drawn_is_read_once() {
    let math = "<math><mi>v</mi><mo>=</mo><mfrac><mi>s</mi><mi>t</mi></mfrac><annotation>\\frac{s}{t}</annotation></math>";
    let drawn = "<span class='katex-html' aria-hidden=true><span>v</span><span>=st</span></span>";
    let read = |html: &str| {
        let page = Page::read(&Document::html(html), &Limits::default());
        page.blocks().map(|block| block.text().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(read(&format!("<p>So <span class=katex>{math}{drawn}</span> holds")), ["So v=s/t holds"]);
    assert_eq!(read(&format!("<p>So <span class=katex>{drawn}</span> holds")), ["So v=st holds"]);
}

//! CSS selectors over a [`Page`]'s own elements.
//!
//! `scraper` builds the standard's tree of the same source and matches the selectors. Both the tree and the page
//! have the elements in the order of their start tags, so that the two lists pair off; where broken markup gives
//! one of them an element that the other lacks, the pairing goes on at the next place where they agree.

use crate::page::{AttrName, ElementId, Page, Tag};
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::{ElementRef, Html, HtmlTreeSink, Selector};
use std::fmt;

/// The tree of a page's source with the page's own element for each of the tree's.
pub(crate) struct Tree {
    html: Html,
    /// In the order of the tree's elements.
    counterparts: Vec<Option<ElementId>>,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").field("elements", &self.counterparts.len()).finish_non_exhaustive()
    }
}

/// What two elements must share to be taken for the same one: name, classes, id.
type Likeness = (&'static str, String, String);

impl Tree {
    /// Builds the tree of the source that `page` was read from.
    pub(crate) fn new(page: &Page, source: &str) -> Self {
        let html = parse(source);
        let in_tree: Vec<Likeness> = elements(&html).map(likeness).collect();
        let (ids, in_page): (Vec<ElementId>, Vec<Likeness>) = elements_of(page).unzip();
        let pairs = pair_off(&in_tree, &in_page);
        let counterparts = pairs.into_iter().map(|at| ids.get(at?).copied()).collect();
        Self { html, counterparts }
    }

    /// The page's elements that a selector matches, in document order.
    pub(crate) fn select<'t>(&'t self, selector: &'t Selector) -> impl Iterator<Item = ElementId> + 't {
        let pairs = elements(&self.html).zip(&self.counterparts);
        pairs.filter(|(element, _)| selector.matches(element)).filter_map(|(_, counterpart)| *counterpart)
    }
}

/// Parses with scripting off, so that what stands in `noscript` is markup, as it is to [`Page`].
fn parse(source: &str) -> Html {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    parse_document(HtmlTreeSink::new(Html::new_document()), options).one(source)
}

/// The tree's elements that a block may stand in, in document order.
fn elements(html: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    let all = html.tree.root().descendants().filter_map(ElementRef::wrap);
    let in_head = |element: &ElementRef<'_>| element.ancestors().filter_map(ElementRef::wrap).any(is_head);
    all.filter(move |element| {
        !NEVER_AROUND_BLOCKS.contains(&element.value().name()) && !is_head(*element) && !in_head(element)
    })
}

/// Elements in which no block stands; a [`Page`] need not have them.
const NEVER_AROUND_BLOCKS: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "script", "source",
    "style", "track", "wbr",
];

fn is_head(element: ElementRef<'_>) -> bool {
    element.value().name() == "head"
}

/// The page's elements that a block may stand in.
fn elements_of(page: &Page) -> impl Iterator<Item = (ElementId, Likeness)> {
    let mut head = Vec::new();
    let ids = (0..).map(ElementId).map_while(|id| page.element(id).map(|element| (id, element)));
    ids.filter_map(move |(id, element)| {
        let in_head = element.tag() == Tag::Head || head.contains(&element.parent());
        if in_head {
            head.push(id);
        }
        if in_head || NEVER_AROUND_BLOCKS.contains(&element.tag().as_str()) {
            return None;
        }
        let attr = |name| spaced_once(page.attr(id, name));
        Some((id, (element.tag().as_str(), attr(AttrName::Class), attr(AttrName::Id))))
    })
}

fn likeness(element: ElementRef<'_>) -> Likeness {
    let attr = |name| spaced_once(element.attr(name));
    (kept_name(element.value().name()), attr("class"), attr("id"))
}

/// The name by which a [`Page`] knows an element.
fn kept_name(name: &str) -> &'static str {
    let other = if name.contains('-') { Tag::Custom } else { Tag::Unknown };
    Tag::ALL.iter().find(|tag| tag.as_str() == name).copied().unwrap_or(other).as_str()
}

fn spaced_once(value: Option<&str>) -> String {
    value.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Elements that are passed over in both lists together, at most, before the pairing gives an element up.
const MOST_SKIPPED: usize = 200;

/// Elements that must agree at the place where the pairing goes on; one is enough if it has a class or an id.
const AGREEMENT: usize = 2;

/// For each element of the tree the place of its counterpart among the page's.
fn pair_off(tree: &[Likeness], page: &[Likeness]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; tree.len()];
    let (mut at, mut to) = (0, 0);
    while let (Some(left), Some(right)) = (tree.get(at..), page.get(to..)) {
        if left.is_empty() || right.is_empty() {
            break;
        }
        let (skip_left, skip_right) = nearest_agreement(left, right).unwrap_or((1, 0));
        (at, to) = (at + skip_left, to + skip_right);
        if let Some(pair) = pairs.get_mut(at).filter(|_| tree.get(at) == page.get(to)) {
            *pair = Some(to);
            (at, to) = (at + 1, to + 1);
        }
    }
    pairs
}

/// How many elements of each list to pass over until the two agree.
fn nearest_agreement(left: &[Likeness], right: &[Likeness]) -> Option<(usize, usize)> {
    if left.first() == right.first() {
        return Some((0, 0));
    }
    let skips = (1..=MOST_SKIPPED).flat_map(|sum| (0..=sum).map(move |skip| (skip, sum - skip)));
    let agree = |left: &[Likeness], right: &[Likeness]| {
        let has_name = |(_, class, id): &Likeness| !class.is_empty() || !id.is_empty();
        let needed = if left.first().is_some_and(has_name) { 1 } else { AGREEMENT };
        !left.is_empty() && !right.is_empty() && left.iter().zip(right).take(needed).all(|(a, b)| a == b)
    };
    skips.into_iter().find(|(skip_left, skip_right)| {
        match (left.get(*skip_left..), right.get(*skip_right..)) {
            (Some(left), Some(right)) => agree(left, right),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    fn list(names: &str) -> Vec<Likeness> {
        names.split(' ').map(|name| (kept_name(name), String::new(), String::new())).collect()
    }

    #[test]
    fn elements_that_only_one_side_has_are_passed_over() {
        let pairs = pair_off(&list("html body p p div span ul li"), &list("html body p div span b ul li"));
        assert_eq!(pairs, [Some(0), Some(1), Some(2), None, Some(3), Some(4), Some(6), Some(7)]);
    }

    #[test]
    fn lists_without_anything_in_common_pair_off_nothing() {
        assert_eq!(pair_off(&list("p p"), &list("div div div")), [None, None]);
        assert_eq!(pair_off(&list("p p"), &[]), [None, None]);
    }

    /// The texts of the blocks whose element a selector matches.
    fn selected(source: &str, selector: &str) -> Vec<String> {
        let page = Page::read(&Document::html(source), &Limits::default());
        let tree = Tree::new(&page, source);
        let selector = Selector::parse(selector).unwrap();
        let elements: Vec<_> = tree.select(&selector).collect();
        let blocks = page.blocks().filter(|block| elements.contains(&block.element_id()));
        blocks.map(|block| block.text().to_owned()).collect()
    }

    #[test]
    fn elements_are_told_apart_by_their_place_among_their_like() {
        let source = "<body><p class=a>1<p class='a b'>2<div><p class=a>3</div><p class=\" b  a\">4<p id=a>5";
        assert_eq!(selected(source, "p.a"), ["1", "2", "3", "4"]);
        assert_eq!(selected(source, "div > p"), ["3"]);
        assert_eq!(selected(source, "p:nth-of-type(2), #a"), ["2", "5"]);
    }

    #[test]
    fn selectors_reach_into_noscript_custom_elements_and_tables() {
        let source = "<body><noscript><p>off</p></noscript><x-card><p>card</p></x-card><y-card><p>other</p></y-card>\
            <table><tr><td>cell<td>next</table>";
        assert_eq!(selected(source, "noscript p"), ["off"]);
        assert_eq!(selected(source, "x-card p"), ["card"]);
        assert_eq!(selected(source, "table tr > td + td"), ["next"]);
    }

    #[test]
    fn markup_without_end_tags_and_with_stray_ones_keeps_the_count() {
        let source = "<ul><li>1<li>2</p></ul><svg><title>t</title><a>x</a></svg><p>3<div>4</div></b><p>5<b><p>6</b>7<p>8";
        assert_eq!(selected(source, "li:last-child"), ["2"]);
        assert_eq!(selected(source, "p:last-of-type"), ["8"]);
    }
}

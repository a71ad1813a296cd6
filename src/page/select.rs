//! CSS selectors over a [`Page`]'s own elements.
//!
//! `scraper` builds the standard's tree of the same source and matches the selectors. Both the tree and the page
//! have the elements in the order of their start tags, so that the two lists pair off; where broken markup gives
//! one of them an element that the other lacks, the pairing goes on at the next place where they agree.
//!
//! The tree of a page that met a limit, or whose tree would be far larger than the page, is made of the page's own elements: html5ever's builder is quadratic in
//! the depth. Selectors see only the names and attributes there that a [`Page`] keeps.

use super::{AttrName, Document, Element, ElementId, Page, Tag};
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, LocalName, QualName, ns};
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::error::SelectorErrorKind;
use scraper::{ElementRef, Html, HtmlTreeSink, Node, Selector};
use std::fmt;

/// The selector of a list of CSS selectors; the error says what is wrong and shows a right one.
pub(crate) fn parse_selector(css: &str) -> Result<Selector, String> {
    Selector::parse(css).map_err(|error| {
        let cause = cause(&error);
        format!("`{css}` is no CSS selector: {cause}; write one such as `div.ad-slot` or `#comments > p`")
    })
}

fn cause(error: &SelectorErrorKind) -> String {
    match error {
        SelectorErrorKind::UnexpectedToken => "a character stands where it must not".to_owned(),
        SelectorErrorKind::EndOfLine => "it ends too early".to_owned(),
        SelectorErrorKind::UnexpectedSelectorParseError(kind) => words(&format!("{kind:?}")),
        other => other.to_string().to_lowercase(),
    }
}

/// `DanglingCombinator` as `dangling combinator`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

type NodeId = <HtmlTreeSink as TreeSink>::Handle;

/// The tree of a page's source with the page's own element for each of the tree's.
pub(crate) struct Tree {
    html: Html,
    of_node: FxHashMap<NodeId, ElementId>,
    of_element: FxHashMap<ElementId, NodeId>,
}

/// How many children each node of a tree has that has any.
#[cfg(feature = "ad-rules")]
pub(crate) struct Children(FxHashMap<NodeId, usize>);

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").field("elements", &self.of_node.len()).finish_non_exhaustive()
    }
}

/// What two elements must share to be taken for the same one: name, classes, id.
type Likeness = (&'static str, String, String);

impl Tree {
    /// Builds the tree of the document that `page` was read from.
    pub(crate) fn of(page: &Page, document: &Document) -> Self {
        if page.source().limit.is_none()
            && let Some(html) = parse(&decode(page, document), MOST_NODES)
        {
            return Self::paired(page, html);
        }
        Self::of_elements(page)
    }

    fn paired(page: &Page, html: Html) -> Self {
        let (nodes, in_tree): (Vec<NodeId>, Vec<Likeness>) =
            elements(&html).into_iter().map(|element| (element.id(), likeness(element))).unzip();
        let (ids, in_page): (Vec<ElementId>, Vec<Likeness>) = elements_of(page).unzip();
        let pairs = nodes.into_iter().zip(pair_off(&in_tree, &in_page));
        let pairs: Vec<_> = pairs.filter_map(|(node, at)| Some((node, *ids.get(at?)?))).collect();
        Self::new(html, &pairs)
    }

    /// The tree of the page's own elements.
    fn of_elements(page: &Page) -> Self {
        let mut html = Html::new_document();
        let root = html.tree.root().id();
        let mut pairs: Vec<(NodeId, ElementId)> = Vec::with_capacity(page.elements.len());
        for (id, element) in (0..).map(ElementId).zip(&page.elements) {
            let above = pairs.get(element.parent.0 as usize).map_or(root, |(node, _)| *node);
            if let Some(mut above) = html.tree.get_mut(above) {
                pairs.push((above.append(node_of(page, id, element)).id(), id));
            }
        }
        Self::new(html, &pairs)
    }

    fn new(html: Html, pairs: &[(NodeId, ElementId)]) -> Self {
        let of_node = pairs.iter().copied().collect();
        let of_element = pairs.iter().map(|(node, element)| (*element, *node)).collect();
        Self { html, of_node, of_element }
    }

    /// The page's elements that a selector matches, in no order.
    pub(crate) fn select<'t>(&'t self, selector: &'t Selector) -> impl Iterator<Item = ElementId> + 't {
        self.html.select(selector).filter_map(|element| self.of_node.get(&element.id()).copied())
    }

    fn element(&self, id: ElementId) -> Option<ElementRef<'_>> {
        self.of_element.get(&id).and_then(|node| self.html.tree.get(*node)).and_then(ElementRef::wrap)
    }

    /// The text of an inline element without white space; nothing where it has more than [`LONGEST_INLINE`]
    /// bytes or the tree has no text.
    pub(crate) fn inline_text(&self, id: ElementId) -> String {
        let element = self.element(id);
        let mut text = String::new();
        for part in element.iter().flat_map(ElementRef::text) {
            text.extend(part.split_whitespace());
            if text.len() > LONGEST_INLINE {
                return String::new();
            }
        }
        text
    }
}

#[cfg(feature = "ad-rules")]
impl Tree {
    /// Whether a selector matches an element.
    pub(crate) fn matches(&self, selector: &Selector, id: ElementId) -> bool {
        self.element(id).is_some_and(|element| selector.matches(&element))
    }

    pub(crate) fn children(&self) -> Children {
        let mut children = FxHashMap::default();
        for parent in self.html.tree.nodes().filter_map(|node| node.parent()) {
            *children.entry(parent.id()).or_default() += 1;
        }
        Children(children)
    }

    /// Nodes above an element, with those beside them and it where `children` is given: all that a selector without `:has`
    /// may walk over.
    pub(crate) fn steps_up(&self, id: ElementId, children: Option<&Children>) -> usize {
        let Some(element) = self.element(id) else { return 0 };
        let beside = |parent: NodeId| children.and_then(|Children(of)| of.get(&parent).copied()).unwrap_or(1);
        element.ancestors().map(|parent| beside(parent.id())).sum()
    }

    /// Nodes below an element and beside it, but no more than `most`: what `:has` may walk over.
    pub(crate) fn steps_down(&self, id: ElementId, most: usize) -> usize {
        let around = self.element(id).and_then(|element| element.parent());
        around.map_or(1, |around| around.descendants().take(most).count())
    }

    /// All classes and ids.
    pub(crate) fn names(&self) -> (FxHashSet<String>, FxHashSet<String>) {
        let (mut classes, mut ids) = (FxHashSet::default(), FxHashSet::default());
        for element in self.html.tree.values().filter_map(Node::as_element) {
            classes.extend(element.classes().map(str::to_owned));
            ids.extend(element.id().map(str::to_owned));
        }
        (classes, ids)
    }
}

/// What has a longer text, bytes, is no inline element in earnest.
const LONGEST_INLINE: usize = 1 << 16;

/// An element and those above it, from below.
pub(crate) fn chain(page: &Page, id: ElementId) -> impl Iterator<Item = ElementId> {
    let above = |id: &ElementId| page.element(*id).map(Element::parent).filter(|parent| parent != id);
    std::iter::successors(page.element(id).map(|_| id), above)
}

/// The source in the encoding that the page was read with.
pub(super) fn decode(page: &Page, document: &Document) -> String {
    let encoding = encoding_rs::Encoding::for_label(page.source().charset.as_bytes());
    encoding.unwrap_or(encoding_rs::UTF_8).decode(document.bytes()).0.into_owned()
}

/// An element of a page as one of a tree.
fn node_of(page: &Page, id: ElementId, element: &Element) -> Node {
    let attribute = |(name, value): (AttrName, &str)| Attribute {
        name: QualName::new(None, ns!(), LocalName::from(name.as_str())),
        value: StrTendril::from_slice(value),
    };
    let name = QualName::new(None, ns!(html), LocalName::from(element.tag().as_str()));
    Node::Element(scraper::node::Element::new(name, page.attributes(id).map(attribute).collect()))
}

/// Characters that the parser takes at once.
const CHUNK: usize = 256;

/// Nodes of a tree at most, in the order of 200 MB. Formatting elements that are left open come again in every
/// paragraph, so that a tree can be quadratic in its source.
const MOST_NODES: usize = 1_000_000;

/// Parses with scripting off, so that what stands in `noscript` is markup, as it is to [`Page`]. Gives nothing
/// where the tree has more nodes than `most`.
fn parse(source: &str, most: usize) -> Option<Html> {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let mut parser = parse_document(HtmlTreeSink::new(Html::new_document()), options);
    let mut rest = source;
    while !rest.is_empty() {
        let (chunk, behind) = rest.split_at(rest.ceil_char_boundary(CHUNK));
        parser.process(StrTendril::from_slice(chunk));
        if parser.tokenizer.sink.sink.0.borrow().tree.values().len() > most {
            return None;
        }
        rest = behind;
    }
    Some(parser.finish())
}

/// The tree's elements that a block may stand in, in document order.
fn elements(html: &Html) -> Vec<ElementRef<'_>> {
    let mut in_head = FxHashSet::default();
    let all = html.tree.root().descendants().filter_map(ElementRef::wrap);
    all.filter(|element| {
        let name = element.value().name();
        if name == "head" || element.parent().is_some_and(|parent| in_head.contains(&parent.id())) {
            in_head.insert(element.id());
            return false;
        }
        !NEVER_AROUND_BLOCKS.contains(&name)
    })
    .collect()
}

/// Elements in which no block stands; a [`Page`] need not have them.
const NEVER_AROUND_BLOCKS: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "script", "source",
    "style", "track", "wbr",
];

/// The page's elements that a block may stand in.
fn elements_of(page: &Page) -> impl Iterator<Item = (ElementId, Likeness)> {
    let mut head = FxHashSet::default();
    let ids = (0..).map(ElementId).map_while(|id| page.element(id).map(|element| (id, element)));
    ids.filter_map(move |(id, element)| {
        let in_head = element.tag() == Tag::Head || head.contains(&element.parent());
        if in_head {
            head.insert(id);
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
    Tag::from_any_case(name.as_bytes()).as_str()
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
    use crate::page::Limits;

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
        let document = Document::html(source);
        let page = Page::read(&document, &Limits::default());
        let tree = Tree::of(&page, &document);
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

    #[test]
    fn a_tree_that_is_quadratic_in_its_source_is_given_up() {
        // each paragraph opens again all the formatting that was left open before it
        let paragraphs = |count: usize| {
            let paragraphs: Vec<_> = (0..count).map(|n| format!("<p><b id=b{n}>{n}</p>")).collect();
            paragraphs.concat()
        };
        assert!(parse(&paragraphs(50), 10_000).is_some());
        assert!(parse(&paragraphs(200), 10_000).is_none());
    }

    #[test]
    fn what_is_wrong_with_a_selector_is_said_in_words() {
        let found = parse_selector("main >").unwrap_err();
        assert!(found.starts_with("`main >` is no CSS selector: dangling combinator; write one"), "{found}");
    }
}

//! CSS selectors over a [`Page`]'s own elements.
//!
//! `scraper` builds the standard's tree of the same source and matches the selectors; a matched element is then
//! looked up in the page as the n-th one of its name, classes and id. Both number elements by their start tags, so
//! the two agree except inside badly broken markup.

use crate::page::{AttrName, ElementId, Page, Tag};
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::{ElementRef, Html, HtmlTreeSink, Selector};
use std::collections::HashMap;
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
        let mut left = elements_by_likeness(page);
        let mut counterpart = |element: ElementRef<'_>| left.get_mut(&likeness(element))?.next();
        let counterparts = elements(&html).map(&mut counterpart).collect();
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

fn elements(html: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    html.tree.root().descendants().filter_map(ElementRef::wrap)
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

fn elements_by_likeness(page: &Page) -> HashMap<Likeness, std::vec::IntoIter<ElementId>> {
    let mut lists: HashMap<Likeness, Vec<ElementId>> = HashMap::new();
    for id in (0..).map(ElementId) {
        let Some(element) = page.element(id) else { break };
        let attr = |name| spaced_once(page.attr(id, name));
        let likeness = (element.tag().as_str(), attr(AttrName::Class), attr(AttrName::Id));
        lists.entry(likeness).or_default().push(id);
    }
    lists.into_iter().map(|(likeness, list)| (likeness, list.into_iter())).collect()
}

fn spaced_once(value: Option<&str>) -> String {
    value.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

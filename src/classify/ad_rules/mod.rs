//! Filter lists of ad blockers → the elements of a page that they hide, and the URLs on it that they block.
//!
//! In: the texts of lists in the syntax of Adblock Plus (`EasyList`, `EasyList` China, one's own), and a page. Out: what
//! the rules hit. The lists' generic rules are looked up by the classes and ids that stand on the page, so that a
//! page does not pay for the rules that it has nothing to do with. Rules that need a browser (procedural ones,
//! scripts) are passed over, as are exceptions to them.
//!
//! Start reading at [`AdRules::hits`].

mod simple;
mod structure;
#[cfg(test)]
mod tests;

use crate::page::{AttrName, Document, Element, ElementId, Loaded, Media, Page, SpanKind, Tag, loaded};
use crate::{Error, Result};
use adblock::Engine;
use adblock::cosmetic_filter_cache::UrlSpecificResources;
use adblock::lists::{FilterSet, ParseOptions, ParsedLine, parse_filter};
use adblock::request::Request;
use rustc_hash::FxHashSet;
use simple::{Simple, SimpleSet};
use std::collections::HashSet;
use std::fmt;
use std::path::Path;
use url::Url;

/// Rules of ad blockers' lists, compiled.
///
/// ```
/// use pagesieve::classify::AdRules;
/// use std::path::Path;
/// let rules = AdRules::of_lists([(Path::new("own.txt"), "##.ad-slot\n||ads.example^")])?;
/// assert_eq!((rules.hiding(), rules.blocking()), (1, 1));
/// assert!(AdRules::of_lists([(Path::new("page.html"), "<!doctype html><p>no list")]).is_err());
/// # Ok::<(), pagesieve::Error>(())
/// ```
pub struct AdRules {
    engine: Engine,
    /// Rules for all pages that start with neither a class nor an id.
    anywhere: SimpleSet,
    /// Their selectors as the lists have them.
    known: HashSet<String>,
    hiding: usize,
    blocking: usize,
}

impl fmt::Debug for AdRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdRules")
            .field("hiding", &self.hiding)
            .field("blocking", &self.blocking)
            .finish_non_exhaustive()
    }
}

/// What the rules hit on a page.
#[derive(Debug, Default)]
pub(super) struct Hits {
    /// Hidden elements.
    pub(super) elements: FxHashSet<ElementId>,
    /// `a` elements whose URL is blocked.
    pub(super) links: FxHashSet<ElementId>,
    /// Scripts, pictures and frames whose URL is blocked.
    pub(super) files: usize,
}

impl Hits {
    /// How many elements, links and files were hit.
    pub(super) fn count(&self) -> usize {
        self.elements.len() + self.links.len() + self.files
    }
}

/// An address that no list has rules for, for pages whose own is not known.
const NOWHERE: &str = "https://page.invalid/";

/// URLs of a page that are looked at; what a page loads beyond does not change what it is.
const MOST_URLS: usize = 2000;

impl AdRules {
    /// Compiles lists; the paths stand in messages.
    ///
    /// # Errors
    /// [`Error::Data`] when a text is no list: markup, no rule at all, or more lines that are none than rules.
    pub fn of_lists<'l>(lists: impl IntoIterator<Item = (&'l Path, &'l str)>) -> Result<Self> {
        let mut set = FilterSet::new(false);
        let (mut hiding, mut blocking) = (0, 0);
        for (path, content) in lists {
            let content = content.strip_prefix('\u{FEFF}').unwrap_or(content);
            let count = Count::of(content);
            count.check(path, content)?;
            hiding += count.hiding;
            blocking += count.blocking;
            set.add_filter_list(content.to_owned(), ParseOptions::default());
        }
        let engine = Engine::new_with_filter_set(set);
        let known = engine.url_cosmetic_resources(NOWHERE).hide_selectors;
        let anywhere = SimpleSet::of(known.iter().filter_map(|css| Simple::parse(css)));
        Ok(Self { engine, anywhere, known, hiding, blocking })
    }

    /// Rules that hide elements.
    pub fn hiding(&self) -> usize {
        self.hiding
    }

    /// Rules that block URLs.
    pub fn blocking(&self) -> usize {
        self.blocking
    }

    /// What the rules hit on a page of HTML.
    pub(super) fn hits(&self, page: &Page, document: &Document) -> Hits {
        let mut hits = Hits::default();
        if page.source().media != Media::Html {
            return hits;
        }
        let url = page.source().url.as_deref().and_then(|url| Url::parse(url).ok());
        let source = url.as_ref().map_or(NOWHERE, Url::as_str);
        if self.hiding > 0 {
            hits.elements = self.hidden(page, document, source);
        }
        if self.blocking > 0 {
            self.blocked(page, document, url.as_ref(), &mut hits);
        }
        hits
    }

    fn hidden(&self, page: &Page, document: &Document, source: &str) -> FxHashSet<ElementId> {
        let own = self.engine.url_cosmetic_resources(source);
        let selectors = self.selectors(page, &own);
        let mut simple = Vec::new();
        let mut others = Vec::new();
        for css in &selectors {
            match Simple::parse(css) {
                Some(rule) => simple.push(rule),
                None => others.push(css.as_str()),
            }
        }
        let mut hidden = SimpleSet::of(simple).matches(page);
        if own.hide_selectors.is_superset(&self.known) {
            hidden.extend(self.anywhere.matches(page));
        } else {
            let left = own.hide_selectors.intersection(&self.known);
            hidden.extend(SimpleSet::of(left.filter_map(|css| Simple::parse(css))).matches(page));
        }
        hidden.extend(structure::matched(others, page, document));
        hidden
    }

    /// Selectors for the page's site, and those whose class or id stands on the page.
    fn selectors(&self, page: &Page, own: &UrlSpecificResources) -> Vec<String> {
        let specific = own.hide_selectors.iter().filter(|css| !self.known.contains(*css)).cloned();
        let mut selectors: Vec<String> = specific.collect();
        if own.generichide {
            return selectors;
        }
        let mut classes = FxHashSet::default();
        let mut ids = FxHashSet::default();
        for id in (0..page.elements.len() as u32).map(ElementId) {
            for (name, value) in page.attributes(id) {
                match name {
                    AttrName::Class => classes.extend(value.split_ascii_whitespace()),
                    AttrName::Id => ids.extend((!value.is_empty()).then_some(value)),
                    _ => {}
                }
            }
        }
        selectors.extend(self.engine.hidden_class_id_selectors(classes, ids, &own.exceptions));
        selectors
    }

    fn blocked(&self, page: &Page, document: &Document, url: Option<&Url>, hits: &mut Hits) {
        let source = url.map_or(NOWHERE, Url::as_str);
        let is_blocked = |target: &str, kind: &str| {
            let target = absolute(target, url);
            let request = target.and_then(|target| Request::new(&target, source, kind, "get").ok());
            request.is_some_and(|request| self.engine.check_network_request(&request).should_block())
        };
        let links = page.spans.iter().filter(|span| span.kind == SpanKind::Link).take(MOST_URLS);
        for link in links.map(|span| span.element) {
            if page.attr(link, AttrName::Href).is_some_and(|href| is_blocked(href, "other")) {
                hits.links.insert(link);
            }
        }
        let files = loaded(page, document).into_iter().take(MOST_URLS);
        hits.files = files.filter(|Loaded { tag, src }| is_blocked(src, request_type(*tag))).count();
    }
}

/// The name by which rules know what an element loads.
fn request_type(tag: Tag) -> &'static str {
    match tag {
        Tag::Script => "script",
        Tag::Iframe => "subdocument",
        _ => "image",
    }
}

/// An address with its host; none for one that has none, and for one that is no address.
fn absolute(target: &str, base: Option<&Url>) -> Option<String> {
    let target = target.trim();
    let web = |url: &Url| matches!(url.scheme(), "http" | "https");
    let url = match base {
        Some(base) => base.join(target).ok(),
        None if target.starts_with("//") => Url::parse(&format!("https:{target}")).ok(),
        None => Url::parse(target).ok(),
    };
    url.filter(web).map(String::from)
}

/// What the lines of a list are.
#[derive(Debug, Default)]
struct Count {
    hiding: usize,
    blocking: usize,
    /// Lines that are no rules; rules that are known but not supported do not count.
    wrong: usize,
    first_wrong: Option<(usize, String)>,
}

impl Count {
    fn of(content: &str) -> Self {
        let mut count = Self::default();
        for (number, line) in (1..).zip(content.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['!', '[']) {
                continue;
            }
            match parse_filter(line, false, ParseOptions::default()) {
                Ok(ParsedLine::Cosmetic(_)) => count.hiding += 1,
                // a URL has no blanks, so that a sentence is no rule
                Ok(ParsedLine::Network(_)) if !line.contains(char::is_whitespace) => count.blocking += 1,
                _ if line.contains("##")
                    || line.contains("#@#")
                    || line.contains("#?#")
                    || line.contains('$') => {}
                _ => {
                    count.wrong += 1;
                    count.first_wrong.get_or_insert_with(|| (number, line.chars().take(80).collect()));
                }
            }
        }
        count
    }

    fn check(&self, path: &Path, content: &str) -> Result<()> {
        let rules = self.hiding + self.blocking;
        let wrong = |line: usize, found: String| Error::Data {
            path: path.to_owned(),
            line,
            problem: format!(
                "expected a filter list in the syntax of Adblock Plus, such as EasyList, with rules like \
                 `##.ad-slot` or `||ads.example^`; found {found}"
            ),
        };
        if content.trim_start().starts_with('<') {
            return Err(wrong(1, "markup; give the list itself, not a page about it".to_owned()));
        }
        match &self.first_wrong {
            Some((line, text)) if self.wrong > rules => Err(wrong(*line, format!("`{text}`"))),
            _ if rules == 0 => Err(wrong(0, "no rule at all".to_owned())),
            _ => Ok(()),
        }
    }
}

/// An element and those above it, from below.
pub(super) fn is_within(page: &Page, elements: &FxHashSet<ElementId>, id: ElementId) -> bool {
    let above = |id: &ElementId| page.element(*id).map(Element::parent).filter(|parent| parent != id);
    !elements.is_empty() && std::iter::successors(Some(id), above).any(|id| elements.contains(&id))
}

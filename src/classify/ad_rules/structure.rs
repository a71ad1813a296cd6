//! Selectors of several elements → the elements of a page that they match, in a bounded number of steps.
//!
//! The page chooses which rules it wakes, and for how many elements each is tried: a rule of siblings walks over all of
//! them for every element. So a rule is tried only where all its classes and ids stand on the page, only at elements that
//! have what its last part asks for, and each try is paid for beforehand.

use crate::page::select::{Children, Tree, parse_selector};
use crate::page::{AttrName, Document, ElementId, Page, Tag};
use rustc_hash::{FxHashMap, FxHashSet};

/// Steps from element to element that the rules may take on a page, about a quarter of a second; chosen by hand. Behind that
/// no rule of several elements is looked for any more. A page of 2,000 elements takes some thousands with `EasyList`.
const STEPS: usize = 20_000_000;

/// The elements that one of the selectors matches.
pub(super) fn matched(mut selectors: Vec<&str>, page: &Page, document: &Document) -> FxHashSet<ElementId> {
    if selectors.is_empty() {
        return FxHashSet::default();
    }
    // What is found before the steps are used up must not depend on the order in which a hash table has the rules.
    selectors.sort_unstable();
    let tree = Tree::of(page, document);
    let mut search = Search::new(page, &tree, STEPS);
    for css in selectors {
        search.select(css);
    }
    search.found
}

struct Search<'p> {
    tree: &'p Tree,
    index: Index<'p>,
    children: Children,
    /// Classes and ids that stand in the tree.
    names: (FxHashSet<String>, FxHashSet<String>),
    /// Steps that are left.
    left: usize,
    found: FxHashSet<ElementId>,
}

impl<'p> Search<'p> {
    fn new(page: &'p Page, tree: &'p Tree, steps: usize) -> Self {
        let (index, children, names) = (Index::of(page), tree.children(), tree.names());
        Self { tree, index, children, names, left: steps, found: FxHashSet::default() }
    }

    fn select(&mut self, css: &str) {
        let needs = Needs::of(css);
        if self.left == 0 || !needs.as_ref().is_none_or(|needs| self.has_all(needs)) {
            return;
        }
        let Ok(selector) = parse_selector(css) else { return };
        let last = needs.and_then(|mut needs| needs.parts.pop()).unwrap_or_default();
        for id in self.index.candidates(&last) {
            let left = self.left.checked_sub(self.cost(css, *id));
            self.left = left.unwrap_or_default();
            if left.is_none() {
                return;
            }
            if self.tree.matches(&selector, *id) {
                self.found.insert(*id);
            }
        }
    }

    fn has_all(&self, needs: &Needs) -> bool {
        let (classes, ids) = &self.names;
        needs.parts.iter().all(|part| {
            part.classes.iter().all(|class| classes.contains(class))
                && part.ids.iter().all(|id| ids.contains(id))
        })
    }

    /// Steps that a try may take: up the tree, over the siblings on the way, and for `:has` down as well.
    fn cost(&self, css: &str, id: ElementId) -> usize {
        let beside = Some(&self.children).filter(|_| css.contains(['~', ':']));
        let up = self.tree.steps_up(id, beside);
        if css.contains(":has(") { up.saturating_mul(self.tree.steps_down(id, self.left)) } else { up }
    }
}

/// The elements of a page by what they have.
#[derive(Default)]
struct Index<'p> {
    by_class: FxHashMap<&'p str, Vec<ElementId>>,
    by_id: FxHashMap<&'p str, Vec<ElementId>>,
    by_tag: FxHashMap<Tag, Vec<ElementId>>,
    all: Vec<ElementId>,
}

impl<'p> Index<'p> {
    fn of(page: &'p Page) -> Self {
        let mut index = Self::default();
        for (id, element) in (0..).map(ElementId).zip(&page.elements) {
            index.all.push(id);
            index.by_tag.entry(element.tag()).or_default().push(id);
            if let Some(own) = page.attr(id, AttrName::Id) {
                index.by_id.entry(own).or_default().push(id);
            }
            let classes = page.attr(id, AttrName::Class).unwrap_or_default().split_ascii_whitespace();
            for class in classes {
                let elements = index.by_class.entry(class).or_default();
                if elements.last() != Some(&id) {
                    elements.push(id);
                }
            }
        }
        index
    }

    /// Elements among which all are that have what a part asks for.
    fn candidates(&self, part: &Part) -> &[ElementId] {
        let classes = part.classes.iter().map(|class| slice(self.by_class.get(class.as_str())));
        let ids = part.ids.iter().map(|id| slice(self.by_id.get(id.as_str())));
        let tag = part.tag.map(|tag| slice(self.by_tag.get(&tag)));
        classes.chain(ids).chain(tag).min_by_key(|elements| elements.len()).unwrap_or(&self.all)
    }
}

fn slice(elements: Option<&Vec<ElementId>>) -> &[ElementId] {
    elements.map_or(&[], Vec::as_slice)
}

/// What a selector asks of its elements, as far as that is seen without a CSS engine.
#[derive(Debug, PartialEq, Eq)]
struct Needs {
    parts: Vec<Part>,
}

/// What one of its elements must have.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    tag: Option<Tag>,
    classes: Vec<String>,
    ids: Vec<String>,
}

impl Needs {
    /// None for a list of selectors, and for one with escapes.
    fn of(css: &str) -> Option<Self> {
        let parts = compounds(css.trim())?;
        Some(Self { parts: parts.iter().map(|compound| Part::of(compound)).collect() })
    }
}

impl Part {
    fn of(compound: &str) -> Self {
        let mut part = Self::default();
        let mut rest = compound;
        while let Some(first) = rest.chars().next() {
            let ends = |c: char| matches!(c, '.' | '#' | ':');
            let behind = rest.get(first.len_utf8()..).unwrap_or_default();
            let end = behind.find(ends).map_or(rest.len(), |at| at + first.len_utf8());
            let (piece, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            part.add(piece);
            rest = behind;
        }
        part
    }

    fn add(&mut self, piece: &str) {
        if let Some(class) = piece.strip_prefix('.') {
            self.classes.push(class.to_owned());
        } else if let Some(id) = piece.strip_prefix('#') {
            self.ids.push(id.to_owned());
        } else if !piece.starts_with(':') {
            let tag = Tag::from_any_case(piece.as_bytes());
            self.tag = Some(tag).filter(|tag| tag.as_str().eq_ignore_ascii_case(piece));
        }
    }
}

/// The parts of a selector between combinators, without what stands in brackets and parentheses.
fn compounds(css: &str) -> Option<Vec<String>> {
    let mut compounds = vec![String::new()];
    let (mut depth, mut quote) = (0_usize, None);
    for c in css.chars() {
        match (c, quote) {
            ('\\', _) => return None,
            (_, Some(open)) => quote = quote.filter(|_| c != open),
            ('"' | '\'', None) => quote = Some(c),
            ('[' | '(', None) => depth += 1,
            (']' | ')', None) => depth = depth.checked_sub(1)?,
            _ if depth > 0 => {}
            (',', None) => return None,
            ('>' | '+' | '~', None) => open(&mut compounds),
            (c, None) if c.is_whitespace() => open(&mut compounds),
            (c, None) => compounds.last_mut()?.push(c),
        }
    }
    Some(compounds)
}

/// Starts a part, if the last one has begun.
fn open(compounds: &mut Vec<String>) {
    if compounds.last().is_none_or(|last| !last.is_empty()) {
        compounds.push(String::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Limits;

    fn parts(css: &str) -> Option<Vec<(Option<&'static str>, String, String)>> {
        let parts = Needs::of(css)?.parts;
        Some(
            parts
                .iter()
                .map(|part| (part.tag.map(Tag::as_str), part.classes.join(" "), part.ids.join(" ")))
                .collect(),
        )
    }

    #[test]
    fn what_a_selector_asks_for_is_read() {
        let part = |tag: &'static str, classes: &str, ids: &str| {
            (Some(tag).filter(|tag| !tag.is_empty()), classes.to_owned(), ids.to_owned())
        };
        for (css, expected) in [
            (".a > div.b.c", vec![part("", "a", ""), part("div", "b c", "")]),
            ("#x:not(.y, #z) ~ P:first-child", vec![part("", "", "x"), part("p", "", "")]),
            (".a [href=\"~ .b\"]", vec![part("", "a", ""), part("", "", "")]),
            ("div:has(> .ad) + .b:hover", vec![part("div", "", ""), part("", "b", "")]),
            ("x-card > *", vec![part("", "", ""), part("", "", "")]),
            ("[a]>.b  .c", vec![part("", "b", ""), part("", "c", "")]),
        ] {
            assert_eq!(parts(css), Some(expected), "{css}");
        }
        assert_eq!(parts(".a, .b"), None);
        assert_eq!(parts(".a\\:b > p"), None);
    }

    /// What the selectors match on a page, and the steps that this took of so many.
    fn search(selectors: &[&str], html: &str, steps: usize) -> (usize, usize) {
        let document = Document::html(html);
        let page = Page::read(&document, &Limits::default());
        let tree = Tree::of(&page, &document);
        let mut search = Search::new(&page, &tree, steps);
        for css in selectors {
            search.select(css);
        }
        (search.found.len(), steps - search.left)
    }

    #[test]
    fn candidates_are_all_that_the_tree_finds() {
        let html = "<div class='a b' id=x><p class=c>1<p class='c d'>2</div><div class=a><section><p class=c>3</section></div>\
            <p class=c>4<x-card><p>5</p></x-card><img class=d><p id=y class='c c'>6";
        let document = Document::html(html);
        let page = Page::read(&document, &Limits::default());
        let tree = Tree::of(&page, &document);
        for css in [
            ".a > p",
            ".a .c",
            "#x .c.d",
            ".c ~ .c",
            "p + p.c",
            "div:has(.d) p",
            ".a, .d",
            "x-card > p",
            "[class] > p:first-child",
            "img.d + p",
            ".c:not(.d)",
            "DIV > *",
            ".none > p",
            "body #y",
        ] {
            let selector = parse_selector(css).unwrap();
            let mut search = Search::new(&page, &tree, STEPS);
            search.select(css);
            let all: FxHashSet<ElementId> = tree.select(&selector).collect();
            assert_eq!(search.found, all, "{css}");
        }
    }

    #[test]
    fn a_selector_of_which_a_class_is_missing_costs_nothing() {
        let page = "<div class=a>x</div>".repeat(1000);
        assert_eq!(search(&[".a.b ~ .a", ".a ~ .c", "#y .a", ".a ~ .a"], &page, STEPS).0, 999);
        assert_eq!(search(&[".a.b ~ .a", ".a ~ .c", "#y .a"], &page, STEPS).1, 0);
    }

    #[test]
    fn selectors_of_siblings_stop_when_the_steps_are_used_up() {
        let page = format!("{}<i class=b>y</i>", "<div class=a>x</div>".repeat(3000));
        let (found, steps) = search(&[".b ~ .a", ".b ~ div.a"], &page, 1_000_000);
        assert_eq!((found, steps), (0, 1_000_000));
        let (found, steps) = search(&[".a > .a", "div:has(~ div ~ div b)"], &page, 1_000_000);
        assert_eq!((found, steps), (0, 1_000_000));
        let few = "<div class=a>x</div>".repeat(30);
        assert!(search(&[".a ~ .a", ".a + .a:last-child"], &few, STEPS).1 < 10_000);
    }
}

//! Selectors of one element: a tag, classes, ids and attributes, without a CSS engine.

use crate::page::{AttrName, ElementId, Page, Tag};
use rustc_hash::{FxHashMap, FxHashSet};

/// `div.ad[href^="https://ads."]`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Simple {
    tag: Option<Tag>,
    classes: Vec<String>,
    ids: Vec<String>,
    attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribute {
    name: AttrName,
    test: Test,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Present,
    Is,
    Starts,
    Ends,
    Holds,
}

impl Simple {
    /// The selector, if it is of that kind and asks for nothing that a page does not keep.
    pub(super) fn parse(css: &str) -> Option<Self> {
        let mut rule = Self { tag: None, classes: Vec::new(), ids: Vec::new(), attributes: Vec::new() };
        let (name, mut rest) = word(css.trim());
        if !name.is_empty() {
            rule.tag = Some(Tag::from_any_case(name.as_bytes())).filter(|tag| tag.as_str() == name);
            rule.tag?;
        }
        while !rest.is_empty() {
            rest = rule.part(rest)?;
        }
        let asks = !rule.classes.is_empty() || !rule.ids.is_empty() || !rule.attributes.is_empty();
        asks.then_some(rule)
    }

    /// Takes one part off the start.
    fn part<'c>(&mut self, css: &'c str) -> Option<&'c str> {
        if let Some(inside) = css.strip_prefix('[') {
            let (inside, rest) = inside.split_once(']')?;
            self.attributes.push(attribute(inside)?);
            return Some(rest);
        }
        let (list, rest) = match css.strip_prefix('.') {
            Some(rest) => (&mut self.classes, rest),
            None => (&mut self.ids, css.strip_prefix('#')?),
        };
        let (name, rest) = word(rest);
        list.push(name.to_owned());
        (!name.is_empty()).then_some(rest)
    }

    fn matches(&self, page: &Page, id: ElementId) -> bool {
        let Some(element) = page.element(id) else { return false };
        let class = page.attr(id, AttrName::Class).unwrap_or_default();
        let own = page.attr(id, AttrName::Id);
        self.tag.is_none_or(|tag| tag == element.tag())
            && self.classes.iter().all(|name| class.split_ascii_whitespace().any(|class| class == name))
            && self.ids.iter().all(|name| own == Some(name))
            && self
                .attributes
                .iter()
                .all(|test| page.attr(id, test.name).is_some_and(|value| test.holds(value)))
    }
}

impl Attribute {
    fn holds(&self, value: &str) -> bool {
        match self.test {
            Test::Present => true,
            Test::Is => value == self.value,
            Test::Starts => value.starts_with(&self.value),
            Test::Ends => value.ends_with(&self.value),
            Test::Holds => value.contains(&self.value),
        }
    }
}

/// The name at the start.
fn word(css: &str) -> (&str, &str) {
    let end = css.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(css.len());
    css.split_at_checked(end).unwrap_or((css, ""))
}

fn attribute(inside: &str) -> Option<Attribute> {
    let (name, rest) = word(inside);
    let name = match name {
        "href" => AttrName::Href,
        "class" => AttrName::Class,
        "id" => AttrName::Id,
        "style" => AttrName::Style,
        "title" => AttrName::Title,
        "role" => AttrName::Role,
        "rel" => AttrName::Rel,
        "name" => AttrName::Name,
        "aria-label" => AttrName::AriaLabel,
        "data-testid" => AttrName::TestId,
        _ => return None,
    };
    let (test, value) = match rest.split_once('=') {
        None if rest.is_empty() => (Test::Present, ""),
        Some(("", value)) => (Test::Is, value),
        Some(("^", value)) => (Test::Starts, value),
        Some(("$", value)) => (Test::Ends, value),
        Some(("*", value)) => (Test::Holds, value),
        _ => return None,
    };
    let value = value.trim_matches('"').trim_matches('\'').to_owned();
    let asks = test == Test::Present || !value.is_empty();
    (asks && !value.contains('\\')).then_some(Attribute { name, test, value })
}

/// What a rule is looked up by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Class(String),
    Id(String),
    Attribute(AttrName),
}

/// Selectors, arranged for looking up.
#[derive(Debug, Default)]
pub(super) struct SimpleSet {
    by_key: FxHashMap<Key, Vec<Simple>>,
}

impl SimpleSet {
    pub(super) fn of(rules: impl Iterator<Item = Simple>) -> Self {
        let mut set = Self::default();
        rules.for_each(|rule| set.add(rule));
        set
    }

    pub(super) fn add(&mut self, rule: Simple) {
        let class = rule.classes.first().map(|class| Key::Class(class.clone()));
        let id = || rule.ids.first().map(|id| Key::Id(id.clone()));
        let attribute = || rule.attributes.first().map(|test| Key::Attribute(test.name));
        if let Some(key) = class.or_else(id).or_else(attribute) {
            self.by_key.entry(key).or_default().push(rule);
        }
    }

    /// The elements of a page that a selector matches.
    pub(super) fn matches(&self, page: &Page) -> FxHashSet<ElementId> {
        let mut found = FxHashSet::default();
        if self.by_key.is_empty() {
            return found;
        }
        for id in (0..page.elements.len() as u32).map(ElementId) {
            if page.attributes(id).any(|(name, value)| self.has(page, id, name, value)) {
                found.insert(id);
            }
        }
        found
    }

    /// Whether a rule matches that is looked up by this attribute of the element.
    fn has(&self, page: &Page, id: ElementId, name: AttrName, value: &str) -> bool {
        let holds = |key: Key| {
            let rules = self.by_key.get(&key).map_or(&[][..], Vec::as_slice);
            rules.iter().any(|rule| rule.matches(page, id))
        };
        let named = match name {
            AttrName::Class => {
                value.split_ascii_whitespace().any(|class| holds(Key::Class(class.to_owned())))
            }
            AttrName::Id => holds(Key::Id(value.to_owned())),
            _ => false,
        };
        named || holds(Key::Attribute(name))
    }
}

//! Selectors of one element: a tag, classes, ids and attributes, without a CSS engine.

use crate::page::{AttrName, ElementId, Page, Tag};
use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

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

    fn matches(&self, page: &Page, element: &Named<'_>) -> bool {
        self.tag.is_none_or(|tag| tag == element.tag)
            && self.classes.iter().all(|name| element.has_class(name))
            && self.ids.iter().all(|name| element.own_id == Some(name))
            && self
                .attributes
                .iter()
                .all(|test| page.attr(element.id, test.name).is_some_and(|value| test.holds(value)))
    }
}

/// An element with its tag, classes and id. A page may write a class a million times, so each is here once.
struct Named<'p> {
    id: ElementId,
    tag: Tag,
    /// In order.
    classes: Vec<&'p str>,
    own_id: Option<&'p str>,
}

impl<'p> Named<'p> {
    fn of(page: &'p Page, id: ElementId) -> Option<Self> {
        let class = page.attr(id, AttrName::Class).unwrap_or_default();
        let mut classes: Vec<&str> = class.split_ascii_whitespace().collect();
        classes.sort_unstable();
        classes.dedup();
        Some(Self { id, tag: page.element(id)?.tag(), classes, own_id: page.attr(id, AttrName::Id) })
    }

    fn has_class(&self, name: &str) -> bool {
        self.classes.binary_search(&name).is_ok()
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
    (asks && !value.contains(['\\', '"', '\''])).then_some(Attribute { name, test, value })
}

/// Selectors, arranged for looking up: by a class, else by an id, else by the value of an attribute.
#[derive(Debug, Default)]
pub(super) struct SimpleSet {
    rules: Vec<Simple>,
    by_class: FxHashMap<String, Vec<usize>>,
    by_id: FxHashMap<String, Vec<usize>>,
    by_attribute: FxHashMap<(Option<Tag>, AttrName), Values>,
}

impl SimpleSet {
    pub(super) fn of(rules: impl IntoIterator<Item = Simple>) -> Self {
        let mut set = Self::default();
        rules.into_iter().for_each(|rule| set.add(rule));
        set.by_attribute.values_mut().for_each(Values::finish);
        set
    }

    fn add(&mut self, rule: Simple) {
        let at = self.rules.len();
        if let Some(class) = rule.classes.first() {
            self.by_class.entry(class.clone()).or_default().push(at);
        } else if let Some(id) = rule.ids.first() {
            self.by_id.entry(id.clone()).or_default().push(at);
        } else if let Some(test) = rule.attributes.first() {
            self.by_attribute.entry((rule.tag, test.name)).or_default().add(test, at);
        }
        self.rules.push(rule);
    }

    /// The elements of a page that a selector matches.
    pub(super) fn matches(&self, page: &Page) -> FxHashSet<ElementId> {
        let mut found = FxHashSet::default();
        if self.rules.is_empty() {
            return found;
        }
        let mut candidates = Vec::new();
        for id in (0..page.elements.len() as u32).map(ElementId) {
            let Some(element) = Named::of(page, id) else { continue };
            candidates.clear();
            self.candidates(page, &element, &mut candidates);
            let mut rules = candidates.iter().filter_map(|at| self.rules.get(*at));
            if rules.any(|rule| rule.matches(page, &element)) {
                found.insert(id);
            }
        }
        found
    }

    /// The rules that an element may match, by the first thing that they ask of it.
    fn candidates(&self, page: &Page, element: &Named<'_>, found: &mut Vec<usize>) {
        let classes = element.classes.iter().filter_map(|class| self.by_class.get(*class));
        let ids = element.own_id.iter().filter_map(|id| self.by_id.get(*id));
        classes.chain(ids).for_each(|rules| found.extend(rules));
        if self.by_attribute.is_empty() {
            return;
        }
        for (name, value) in page.attributes(element.id) {
            for tag in [Some(element.tag), None] {
                if let Some(values) = self.by_attribute.get(&(tag, name)) {
                    values.candidates(value, found);
                }
            }
        }
    }
}

/// The rules that ask one attribute of elements of one tag, by the value that they ask for. Lists have thousands of them, so
/// a value is looked up and not compared with each.
#[derive(Debug, Default)]
struct Values {
    present: Vec<usize>,
    is: FxHashMap<String, Vec<usize>>,
    starts: Affixes,
    ends: Affixes,
    holds: Parts,
}

impl Values {
    fn add(&mut self, test: &Attribute, rule: usize) {
        let value = test.value.as_str();
        match test.test {
            Test::Present => self.present.push(rule),
            Test::Is => self.is.entry(value.to_owned()).or_default().push(rule),
            Test::Starts => self.starts.add(value, rule),
            Test::Ends => self.ends.add(value, rule),
            Test::Holds => self.holds.add(value, rule),
        }
    }

    fn finish(&mut self) {
        // More than the automaton can hold, which no list comes near, are all candidates.
        self.holds.scanner = AhoCorasick::new(&self.holds.texts).ok();
    }

    fn candidates(&self, value: &str, found: &mut Vec<usize>) {
        found.extend(self.present.iter().chain(self.is.get(value).into_iter().flatten()));
        self.starts.candidates(|length| value.get(..length), found);
        self.ends.candidates(|length| value.get(value.len().checked_sub(length)?..), found);
        self.holds.candidates(value, found);
    }
}

/// Starts or ends of values.
#[derive(Debug, Default)]
struct Affixes {
    rules: FxHashMap<String, Vec<usize>>,
    /// Bytes of those that are asked for.
    lengths: BTreeSet<usize>,
}

impl Affixes {
    fn add(&mut self, text: &str, rule: usize) {
        self.lengths.insert(text.len());
        self.rules.entry(text.to_owned()).or_default().push(rule);
    }

    fn candidates<'v>(&self, affix: impl Fn(usize) -> Option<&'v str>, found: &mut Vec<usize>) {
        let affixes = self.lengths.iter().filter_map(|length| affix(*length));
        found.extend(affixes.filter_map(|affix| self.rules.get(affix)).flatten());
    }
}

/// Parts of values.
#[derive(Debug, Default)]
struct Parts {
    texts: Vec<String>,
    /// The rule of each text.
    rules: Vec<usize>,
    scanner: Option<AhoCorasick>,
}

impl Parts {
    fn add(&mut self, text: &str, rule: usize) {
        self.texts.push(text.to_owned());
        self.rules.push(rule);
    }

    fn candidates(&self, value: &str, found: &mut Vec<usize>) {
        let Some(scanner) = &self.scanner else {
            found.extend(&self.rules);
            return;
        };
        let mut seen = FxHashSet::default();
        for at in scanner.find_overlapping_iter(value).map(|found| found.pattern().as_usize()) {
            if seen.insert(at) {
                found.extend(self.rules.get(at));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::page::Limits;

    fn page(html: &str) -> Page {
        Page::read(&Document::html(html), &Limits::default())
    }

    fn set(rules: impl IntoIterator<Item = String>) -> SimpleSet {
        SimpleSet::of(rules.into_iter().map(|css| Simple::parse(&css).unwrap()))
    }

    /// How many rules are tried on all elements together.
    fn tried(set: &SimpleSet, page: &Page) -> usize {
        let mut candidates = Vec::new();
        for id in (0..page.elements.len() as u32).map(ElementId) {
            set.candidates(page, &Named::of(page, id).unwrap(), &mut candidates);
        }
        candidates.len()
    }

    #[test]
    fn rules_that_an_element_may_match_are_looked_up() {
        let tests = ["^=\"ad", "$=\"ad", "*=\"ad", "=\"ad"];
        let tags = ["", "div", "span"];
        let numbers = 0..3000;
        let rules = set(numbers.map(|number| {
            let (tag, test) = (tags[number % 3], tests[number % 4]);
            format!("{tag}[class{test}{number}x\"]")
        }));
        let html = "<div class='ad1x wide'><p>a</p></div><div class='wide ad13x'>b</div><span class=ad2x>c</span>\
            <div class='some ad6xs'>d</div><div class=ad3x>e</div><p class='ad1001x'>f";
        let page = page(&html.repeat(100));
        assert_eq!(tried(&rules, &page), 100 * 4);
        assert_eq!(rules.matches(&page).len(), 100 * 4);
    }

    #[test]
    fn looked_up_rules_match_what_each_matches_alone() {
        let css = [
            "div[class^=\"ad-\"]",
            "[class$=\"-ad\"]",
            "[class*=\"sponsor\"]",
            "[class*=\"sponsor\"].wide",
            "[id=\"x\"]",
            "p[id]",
            "#y.ad",
            ".ad",
            "a[href^=\"https://a.example/\"][href*=\"q=\"]",
            "[class*=\"广告\"]",
            "[class^=\"广\"]",
            "div[class=\"ad-1 ad\"]",
        ];
        let page = page(
            "<div class='ad-1 ad'><p id=x>1</p><p class='top-ad' id=y>2</p></div><i class='sponsored wide'>3</i>\
             <a href='https://a.example/?q=1'>4</a><a href='https://a.example/'>5</a><b class='我的广告'>6</b>\
             <b class='广' id=y>7</b><div class='ad ad ad'>8</div><span class='ad' id=y>9</span>",
        );
        let alone = css.iter().flat_map(|css| set([(*css).to_owned()]).matches(&page)).collect();
        let plain: FxHashSet<ElementId> = (0..page.elements.len() as u32)
            .map(ElementId)
            .filter(|id| {
                let element = Named::of(&page, *id).unwrap();
                css.iter().any(|css| Simple::parse(css).unwrap().matches(&page, &element))
            })
            .collect();
        let together = set(css.iter().map(|css| (*css).to_owned())).matches(&page);
        assert_eq!((&together, &alone), (&plain, &plain));
        assert_eq!(plain.len(), 9);
    }

    #[test]
    fn a_class_that_is_written_many_times_is_looked_up_once() {
        let rules = set((0..100).map(|number| format!(".ad.other{number}")));
        let page = page(&format!("<p class='{}'>x", "ad ".repeat(300_000)));
        assert_eq!(tried(&rules, &page), 100);
        assert!(rules.matches(&page).is_empty());
    }
}

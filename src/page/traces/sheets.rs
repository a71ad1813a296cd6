//! The style sheets in a page → what their rules say of an element.

use super::hiding::{Look, is_light};
use crate::page::element::{AttrName, ElementId, Tag};
use crate::page::{Page, select};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::Hasher;

/// Rules that hide elements, that give letters the colour of paper, or that colour the paper.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    /// By the hash of a name of the element.
    rules: FxHashMap<u64, Vec<Rule>>,
    /// Names of what some rule shows, in whatever state of the page: what hides it says little.
    shown: FxHashSet<u64>,
}

#[derive(Debug)]
struct Rule {
    /// The element's own step last.
    steps: Vec<Step>,
    look: Look,
}

/// Rules that are kept for one name.
const MOST: usize = 8;

/// A part of a selector: `font.jammer`.
#[derive(Debug)]
struct Step {
    tag: Option<Tag>,
    /// With their signs, `.` or `#`.
    names: Vec<String>,
}

impl Sheets {
    /// Reads a sheet. Rules for some media only are passed over, but for what they show.
    pub(super) fn read(&mut self, css: &str) {
        let (mut nested, mut selectors) = (0usize, None);
        for part in css.split_inclusive(['{', '}']) {
            if let Some(head) = part.strip_suffix('{') {
                let head = head.rsplit(['/', ';']).next().unwrap_or_default().trim();
                if head.starts_with('@') { nested += 1 } else { selectors = Some(head) }
            } else if let Some(style) = part.strip_suffix('}') {
                match selectors.take() {
                    Some(selectors) => self.rule(selectors, style, nested > 0),
                    None => nested = nested.saturating_sub(1),
                }
            }
        }
    }

    fn rule(&mut self, selectors: &str, style: &str, nested: bool) {
        let look = Look::of(style);
        let shows = look.shows && look.hiding.is_none();
        let tells = look.hiding.is_some() || look.ground.is_some() || look.colour.is_some_and(is_light);
        for selector in selectors.split(',').map(str::trim).filter(|_| shows || tells && !nested) {
            let steps: Option<Vec<Step>> =
                selector.split([' ', '>', '\n', '\t']).filter(|s| !s.is_empty()).map(Step::of).collect();
            let last = selector
                .rsplit([' ', '>', '\n', '\t'])
                .next()
                .and_then(|last| Step::of(last.split([':', '[']).next()?));
            if let Some(last) = last.as_ref().filter(|_| shows) {
                self.shown.extend(last.names.iter().map(|name| hash(name)));
            }
            if let Some((steps, key)) =
                steps.zip(last.and_then(|last| last.key())).filter(|_| tells && !nested)
            {
                let rules = self.rules.entry(key).or_default();
                if rules.len() < MOST {
                    rules.push(Rule { steps, look });
                }
            }
        }
    }

    /// What the rules say of an element.
    pub(super) fn look(&self, page: &Page, id: ElementId) -> Look {
        let mut look = Look::default();
        if self.rules.is_empty() {
            return look;
        }
        let tag = page.element(id).map_or("", |element| element.tag.as_str());
        let keys = names(page, id).map(|(sign, name)| hash_of(sign, name)).chain([hash_of('<', tag)]);
        for key in keys {
            let fitting = self.rules.get(&key).into_iter().flatten().filter(|rule| rule.fits(page, id));
            for rule in fitting {
                let hides = rule.look.hiding.filter(|by| !by.is_usual() || !self.shown.contains(&key));
                look = look.then(Look { hiding: hides, ..rule.look });
            }
        }
        look
    }
}

impl Rule {
    fn fits(&self, page: &Page, id: ElementId) -> bool {
        let mut steps = self.steps.iter().rev();
        let mut above = select::chain(page, id);
        let own = steps.next().is_some_and(|own| above.next().is_some_and(|id| own.fits(page, id)));
        own && steps.all(|step| above.any(|id| step.fits(page, id)))
    }
}

impl Step {
    /// A step of names alone; none of another selector.
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty()
            || text.contains(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '#'))
        {
            return None;
        }
        let (tag, names) = text.split_at(text.find(['.', '#']).unwrap_or(text.len()));
        let tag = (!tag.is_empty()).then(|| Tag::from_any_case(tag.as_bytes()));
        let mut marks =
            names.char_indices().filter(|(_, c)| matches!(c, '.' | '#')).map(|(at, _)| at).peekable();
        let mut parts = Vec::new();
        while let Some(from) = marks.next() {
            parts.push(names.get(from..marks.peek().copied().unwrap_or(names.len()))?.to_owned());
        }
        Some(Self { tag, names: parts })
    }

    /// What the rule is found by: a name, or the whole page.
    fn key(&self) -> Option<u64> {
        let whole = self.tag.filter(|tag| matches!(tag, Tag::Html | Tag::Body));
        self.names.first().map(|name| hash(name)).or(whole.map(|tag| hash_of('<', tag.as_str())))
    }

    fn fits(&self, page: &Page, id: ElementId) -> bool {
        let tag = page.element(id).map(|element| element.tag);
        let has =
            |wanted: &String| names(page, id).any(|(sign, name)| wanted.strip_prefix(sign) == Some(name));
        self.tag.is_none_or(|wanted| tag == Some(wanted)) && self.names.iter().all(has)
    }
}

/// The classes and the id of an element, with their signs.
fn names(page: &Page, id: ElementId) -> impl Iterator<Item = (char, &str)> {
    page.attributes(id).flat_map(|(attr, value)| {
        let (sign, value) = match attr {
            AttrName::Class => ('.', value),
            AttrName::Id => ('#', value),
            _ => (' ', ""),
        };
        value.split_ascii_whitespace().map(move |name| (sign, name))
    })
}

fn hash(name: &str) -> u64 {
    let mut chars = name.chars();
    hash_of(chars.next().unwrap_or_default(), chars.as_str())
}

fn hash_of(sign: char, name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(sign as u32);
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::hiding::Hiding;
    use super::*;
    use crate::page::{Document, Limits};

    /// How the element of the first word of the last block is hidden.
    fn hiding(css: &str, html: &str) -> Option<Hiding> {
        let page = Page::read(&Document::html(html), &Limits::default());
        let mut sheets = Sheets::default();
        sheets.read(css);
        sheets.look(&page, page.blocks().last().unwrap().inner_id()).hiding
    }

    #[test]
    fn a_rule_hides_what_its_selector_names() {
        let html = "<div class=post><p><i class='a z9q'>text</i>";
        for css in [
            ".z9q{display:none}",
            "/* x */ @charset 'a'; i.z9q , b { display : none }",
            ".post p > .z9q{display:none}",
            "#x,.z9q.a{display:none;color:red}",
            "@media screen{.q{color:red}} .z9q{display:none}",
        ] {
            assert_eq!(hiding(css, html), Some(Hiding::Style), "{css}");
        }
        for css in [
            ".z9{display:none}",
            "b.z9q{display:none}",
            ".other .z9q{display:none}",
            ".z9q:hover{display:none}",
            "@media print{.z9q{display:none}}",
            ".z9q{display:none} @media screen{.z9q{display:inline}}",
            ".z9q{display:none} .open .z9q:not(.b){display:inline}",
        ] {
            assert_eq!(hiding(css, html), None, "{css}");
        }
    }
}

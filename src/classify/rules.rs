//! The user's own rules: blocks in elements that match a CSS selector are body, or never are.
//!
//! A rules file has one rule a line: a host or `*` for all pages, `drop` or `keep`, and a CSS selector; tabs or
//! blanks stand between them. A host counts for its subdomains too. Empty lines and lines that start with `#`
//! are passed over.
//!
//! ```text
//! # the share bar stands inside the article on every page
//! *             drop  .share-bar, aside.newsletter
//! news.example  keep  #story > .summary
//! ```
//!
//! Of nested elements that rules match the deepest decides; on one element `keep` wins over `drop`.
//!
//! A selector is tried at every element. One of siblings (`~`) or with `:has` may walk over all others from there, which on a
//! page of many thousand elements takes seconds; those of ad blockers' lists are tried in a bounded number of steps.

use super::Reason;
use crate::page::select::{Tree, chain, parse_selector};
use crate::page::{Block, Document, ElementId, Media, Page};
use crate::{Error, Result};
use rustc_hash::FxHashMap;
use scraper::Selector;
use std::collections::HashMap;
use std::iter::successors;
use std::path::Path;
use url::{Host, Url};

/// CSS selectors of what is body and what is not, for all pages or those of a host. Only HTML pages have
/// elements to match; a selector that matches nothing changes nothing.
///
/// ```
/// use pagesieve::classify::Rules;
/// let rules = Rules::default()
///     .with_drop(".share-bar")?
///     .with_host("news.example", &["aside"], &["#story > .summary"])?;
/// assert!(Rules::default().with_drop("div..ad").is_err());
/// # Ok::<(), pagesieve::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Rules {
    everywhere: Vec<Rule>,
    by_host: HashMap<String, Vec<Rule>>,
}

#[derive(Debug, Clone)]
struct Rule {
    ruling: Ruling,
    selector: Selector,
}

/// What a rule says of a block; the greater one wins on one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ruling {
    Drop,
    Keep,
}

impl Ruling {
    /// The reason of a block's label.
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::Drop => Reason::DropSelector,
            Self::Keep => Reason::KeepSelector,
        }
    }
}

impl Rules {
    /// Adds a selector of what is never body, on all pages.
    ///
    /// # Errors
    /// [`Error::Settings`] when it is no CSS selector.
    pub fn with_drop(self, css: &str) -> Result<Self> {
        self.with("*", Ruling::Drop, css).map_err(Error::Settings)
    }

    /// Adds a selector of what is body, on all pages.
    ///
    /// # Errors
    /// [`Error::Settings`] when it is no CSS selector.
    pub fn with_keep(self, css: &str) -> Result<Self> {
        self.with("*", Ruling::Keep, css).map_err(Error::Settings)
    }

    /// Adds selectors for the pages of a host and its subdomains; `*` means all pages.
    ///
    /// # Errors
    /// [`Error::Settings`] when the host is no host name or a selector is no CSS selector.
    pub fn with_host(self, host: &str, drop: &[&str], keep: &[&str]) -> Result<Self> {
        let drop = drop.iter().map(|css| (Ruling::Drop, css));
        let mut rules = drop.chain(keep.iter().map(|css| (Ruling::Keep, css)));
        rules.try_fold(self, |all, (ruling, css)| all.with(host, ruling, css)).map_err(Error::Settings)
    }

    /// Adds the rules of a file; `path` stands in messages.
    ///
    /// # Errors
    /// [`Error::Data`] that names the first line that cannot be used.
    pub fn with_lines(mut self, path: &Path, content: &str) -> Result<Self> {
        let content = content.strip_prefix('\u{FEFF}').unwrap_or(content);
        for (line, text) in (1..).zip(content.lines()) {
            let text = text.trim();
            if !text.is_empty() && !text.starts_with('#') {
                let wrong = |problem| Error::Data { path: path.to_owned(), line, problem };
                let (host, ruling, css) = split(text).map_err(wrong)?;
                self = self.with(host, ruling, css).map_err(wrong)?;
            }
        }
        Ok(self)
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.by_host.is_empty()
    }

    fn with(mut self, host: &str, ruling: Ruling, css: &str) -> Result<Self, String> {
        let rule = Rule { ruling, selector: parse_selector(css)? };
        match host {
            "*" => self.everywhere.push(rule),
            _ => self.by_host.entry(parse_host(host)?).or_default().push(rule),
        }
        Ok(self)
    }

    /// What the rules say of each block; empty when no rule is meant for the page or none matches.
    pub(super) fn rulings(&self, page: &Page, document: &Document) -> Vec<Option<Ruling>> {
        let rules: Vec<&Rule> = self.of_host(page.source().url.as_deref()).collect();
        if rules.is_empty() || page.source().media != Media::Html || page.blocks().len() == 0 {
            return Vec::new();
        }
        let tree = Tree::of(page, document);
        let mut matched = FxHashMap::default();
        for rule in rules {
            for id in tree.select(&rule.selector) {
                let ruling = matched.entry(id).or_insert(rule.ruling);
                *ruling = rule.ruling.max(*ruling);
            }
        }
        if matched.is_empty() {
            return Vec::new();
        }
        let mut search = Search { page, tree, matched, texts: FxHashMap::default() };
        page.blocks().map(|block| search.of_block(block)).collect()
    }

    /// The rules for the pages of a URL's host.
    fn of_host(&self, url: Option<&str>) -> impl Iterator<Item = &Rule> {
        let host = url.filter(|_| !self.by_host.is_empty()).and_then(host_of).unwrap_or_default();
        let domains = successors(Some(host.as_str()), |host| Some(host.split_once('.')?.1));
        let own: Vec<&Vec<Rule>> = domains.filter_map(|domain| self.by_host.get(domain)).collect();
        self.everywhere.iter().chain(own.into_iter().flatten())
    }
}

/// Host, ruling and selector of a line.
fn split(line: &str) -> Result<(&str, Ruling, &str), String> {
    let (host, rest) = cut_word(line);
    let (name, css) = cut_word(rest);
    let ruling = match name {
        "drop" => Some(Ruling::Drop),
        "keep" => Some(Ruling::Keep),
        _ => None,
    };
    ruling.filter(|_| !css.is_empty()).map(|ruling| (host, ruling, css)).ok_or_else(|| {
        format!(
            "expected a host or `*`, then `drop` or `keep`, then a CSS selector, such as \
             `example.com drop .share-bar`; found `{line}`"
        )
    })
}

/// The first word, and what follows it.
fn cut_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

/// A host as it stands in a URL: in lower case, and in ASCII.
fn parse_host(host: &str) -> Result<String, String> {
    let parsed = Host::parse(host.trim_end_matches('.')).ok().filter(|_| !host.contains('*'));
    parsed.map(|host| host.to_string()).ok_or_else(|| {
        format!(
            "expected `*` or a host such as `example.com`, which counts for its subdomains too; found `{host}`"
        )
    })
}

/// The host of a URL, whose scheme may be missing.
fn host_of(url: &str) -> Option<String> {
    let host = |url: &str| Some(Url::parse(url).ok()?.host_str()?.trim_end_matches('.').to_owned());
    host(url).or_else(|| host(&format!("http://{}", url.trim_start_matches('/'))))
}

/// The elements of a page that rules match.
struct Search<'p> {
    page: &'p Page,
    tree: Tree,
    matched: FxHashMap<ElementId, Ruling>,
    /// Texts of matched inline elements, without white space.
    texts: FxHashMap<ElementId, String>,
}

impl Search<'_> {
    /// The ruling of the deepest matched element that holds the block. Pseudo-blocks stand in no element.
    fn of_block(&mut self, block: Block<'_>) -> Option<Ruling> {
        if block.kind().is_pseudo() {
            return None;
        }
        let inline = chain(self.page, block.inner_id()).take_while(|id| *id != block.element_id());
        for id in inline {
            if let Some(ruling) = self.matched.get(&id).copied().filter(|_| self.holds(id, block)) {
                return Some(ruling);
            }
        }
        chain(self.page, block.element_id()).find_map(|id| self.matched.get(&id).copied())
    }

    /// Whether the inline element around the block's first word holds all of the block.
    fn holds(&mut self, id: ElementId, block: Block<'_>) -> bool {
        let text: String = block.text().split_whitespace().collect();
        self.texts.entry(id).or_insert_with(|| self.tree.inline_text(id)).contains(&text)
    }
}

#[cfg(test)]
mod tests;

//! Targets of links: absolute where the page's URL is known, dropped where a click would run something.

use super::allowance::Allowance;
use crate::page::{AttrName, Page, Tag};
use std::fmt::Write as _;
use url::Url;

/// Schemes that are written; `javascript:`, `data:`, `vbscript:` and everything unknown are not.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "ftp"];

/// Elements that are looked at for a `<base>`; it stands in the head.
const HEAD_ELEMENTS: usize = 300;

/// Bytes of a written address, as the sitemaps protocol allows them; the text of a link with a longer one is written
/// without a link. One link around many blocks is written once for each of them.
const ADDRESS_BYTES: usize = 2048;

/// Resolves the targets of one page's links.
#[derive(Debug)]
pub(super) struct Targets {
    /// What relative addresses are joined to; none where it is too long for an address itself.
    base: Option<Url>,
    pub(super) allowance: Allowance,
}

impl Targets {
    pub(super) fn new(page: &Page) -> Self {
        let url = page.source().url.as_deref().and_then(|url| Url::parse(url).ok());
        let base = match (url, base_href(page)) {
            (Some(url), Some(href)) => url.join(href).ok().or(Some(url)),
            (None, Some(href)) => Url::parse(href).ok(),
            (url, None) => url,
        };
        let fits = |base: &Url| !base.cannot_be_a_base() && base.as_str().len() <= ADDRESS_BYTES;
        Self { base: base.filter(fits), allowance: Allowance::of(page) }
    }

    /// The target as Markdown writes it between parentheses; none when it must not be written.
    pub(super) fn resolve(&self, href: &str) -> Option<String> {
        let href = href.trim_matches(|c: char| c <= ' ');
        if href.is_empty() || href.len() > ADDRESS_BYTES {
            return None;
        }
        let resolved = match &self.base {
            Some(base) => base.join(href),
            None => Url::parse(href),
        };
        let target = match resolved {
            Ok(url) => SCHEMES.contains(&url.scheme()).then(|| destination(url.as_str())),
            Err(url::ParseError::RelativeUrlWithoutBase) => Some(destination(href)),
            Err(_) => None,
        };
        target.filter(|target| target.len() <= ADDRESS_BYTES && self.allowance.pays(target.len()))
    }
}

fn base_href(page: &Page) -> Option<&str> {
    let elements = page.elements.iter().take(HEAD_ELEMENTS);
    let index =
        elements.take_while(|element| element.tag() != Tag::Body).position(|e| e.tag() == Tag::Base)?;
    page.attr(crate::page::ElementId(index as u32), AttrName::Href)
}

/// The URL with what would end a destination, or be taken for code or HTML, percent-encoded; parentheses and
/// backslashes are escaped, as encoding them could name another page.
fn destination(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '(' | ')' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '&' if rest.contains(';') => out.push_str("\\&"),
            _ if c.is_control() || c.is_whitespace() || "<>`\"".contains(c) => encode(&mut out, c),
            _ => out.push(c),
        }
    }
    out
}

fn encode(out: &mut String, c: char) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        // Writing to a String cannot fail.
        let _ = write!(out, "%{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Sample;
    use super::*;

    fn resolved(page_url: Option<&str>, href: &str) -> Option<String> {
        let sample = Sample::new();
        let report = page_url.map_or(Sample::new(), |url| sample.with_url(url)).report();
        Targets::new(report.page()).resolve(href)
    }

    #[test]
    fn targets_are_absolute_when_the_page_url_is_known() {
        let page = Some("https://news.example/a/b.html?x=1");
        assert_eq!(resolved(page, "../c").as_deref(), Some("https://news.example/c"));
        assert_eq!(resolved(page, "//cdn.example/x").as_deref(), Some("https://cdn.example/x"));
        assert_eq!(resolved(page, "#note").as_deref(), Some("https://news.example/a/b.html?x=1#note"));
        assert_eq!(resolved(None, "../c d").as_deref(), Some("../c%20d"));
    }

    #[test]
    fn a_base_element_counts() {
        let mut sample = Sample::new().with_url("https://news.example/a");
        sample.element(crate::page::ElementId(0), Tag::Base, &[(AttrName::Href, "/deep/down/")]);
        let report = sample.report();
        let target = Targets::new(report.page()).resolve("x");
        assert_eq!(target.as_deref(), Some("https://news.example/deep/down/x"));
    }

    #[test]
    fn targets_that_run_something_are_dropped() {
        for href in
            ["javascript:alert(1)", " JavaScript:x", "java\nscript:x", "data:text/html,x", "vbscript:x", ""]
        {
            assert_eq!(resolved(None, href), None, "{href:?}");
            assert_eq!(resolved(Some("https://a.example/"), href), None, "{href:?}");
        }
    }

    #[test]
    fn parentheses_and_blanks_do_not_end_the_destination() {
        assert_eq!(
            resolved(None, "https://a.example/x_(y) z").as_deref(),
            Some("https://a.example/x_\\(y\\)%20z")
        );
    }
    #[test]
    fn an_address_that_is_too_long_is_not_written() {
        let page = Some("https://news.example/");
        let path = "a".repeat(ADDRESS_BYTES);
        let fits = path.get("https://news.example/".len()..).unwrap();
        assert_eq!(resolved(page, fits).map(|target| target.len()), Some(ADDRESS_BYTES));
        assert_eq!(resolved(page, &path), None);
        assert_eq!(resolved(None, &path).map(|target| target.len()), Some(ADDRESS_BYTES));
        assert_eq!(resolved(None, &format!("{path}a")), None);
        assert_eq!(resolved(None, &"(".repeat(ADDRESS_BYTES)), None);
        let long = format!("https://news.example/{path}/");
        assert_eq!(resolved(Some(&long), "x").as_deref(), Some("x"));
    }
}

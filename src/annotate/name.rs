//! Names of saved pages: language, what the URL (else the id) says, which page, which version of it.

use crate::page::Document;
use xxhash_rust::xxh3::xxh3_64;

/// Characters of the URL in a name.
const LONGEST: usize = 48;

/// `en-news-example-ferry-1a2b3c4d-5e6f7a8b`: the last two are of the page (its URL and medium, else its bytes) and of its
/// bytes. Another version of the same page differs in the last one alone, but for the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) whole: String,
    /// The part that all versions of a page share.
    pub(super) page: String,
}

impl Name {
    pub(super) fn of(document: &Document, ending: &str, lang: &str, bytes: &[u8]) -> Self {
        let content = xxh3_64(bytes) as u32;
        let page = match document.url() {
            Some(url) => xxh3_64(format!("{ending} {url}").as_bytes()) as u32,
            None => content,
        };
        let lang = lang.split('-').next().unwrap_or_default();
        let slug = slug(document.url().unwrap_or(document.id()));
        Self { whole: format!("{lang}-{slug}-{page:08x}-{content:08x}"), page: format!("{page:08x}") }
    }

    /// Whether a name is of a version of this page.
    pub(super) fn is_version(&self, name: &str) -> bool {
        let mut parts = name.rsplit('-');
        let content = parts.next().unwrap_or_default();
        content.len() == 8 && parts.next() == Some(self.page.as_str()) && parts.count() >= 2
    }
}

/// Lower-case ASCII letters and digits of a host and path, or of an id, runs of all else as one hyphen.
fn slug(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let mut slug = String::new();
    for c in rest.chars().take(4 * LONGEST) {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "page".to_owned() } else { slug.to_owned() }
}

/// Whether a name may be one of a saved page: no path leads out of the folder.
pub(super) fn is_name(name: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= 120 && name.chars().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_language_and_url() {
        let document = Document::html("a").with_url("https://News.example/Ferry_refit/2024?x=1");
        let name = Name::of(&document, "html", "zh-Hant", b"a");
        assert!(name.whole.starts_with("zh-news-example-ferry-refit-2024-"), "{name:?}");
        assert!(is_name(&name.whole) && !is_name("../a") && !is_name("a.b") && !is_name(""));
        let other = Name::of(&document, "html", "en", b"b");
        assert!(name.is_version(&other.whole) && other.is_version(&name.whole));
        assert!(!name.is_version(&Name::of(&document, "txt", "en", b"b").whole));
        assert!(Name::of(&Document::html("a"), "html", "en", b"a").whole.starts_with("en-page-"));
    }
}

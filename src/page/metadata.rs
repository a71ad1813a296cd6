//! What a page says of itself, from `<title>`, `meta`, `link`, `time` and JSON-LD → [`Metadata`].
//!
//! Each field keeps the value of its best sign; of equal signs the first counts.

mod byline;
mod date;
mod title;

pub(crate) use byline::parse_byline;
pub(crate) use date::parse_date;

use super::Metadata;
use super::json_ld;

/// Longest value that is kept, characters; longer ones are stuffed with keywords or are an article.
const LONGEST: usize = 2000;
/// Types of JSON-LD that are kept. An ordinary page has some dozens; of each type it is asked whether it is known already.
const MOST_TYPES: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Author,
    Date,
    Lang,
    Description,
    Keywords,
    OgType,
    SiteName,
    Canonical,
}

/// Names of meta tags in lower case with what they say and their rank among the signs of that field, 0 best.
/// Open Graph, Dublin Core, schema.org, the metadata standard of Chinese government sites, and the vendors whose
/// tags news sites carry (Parsely, Sailthru, Baidu, Weibo, `ByteDance`).
const NAMES: [(&str, Field, u8); 73] = [
    ("og:title", Field::Title, 1),
    ("articletitle", Field::Title, 1),
    ("headline", Field::Title, 2),
    ("twitter:title", Field::Title, 3),
    ("parsely-title", Field::Title, 3),
    ("sailthru.title", Field::Title, 3),
    ("citation_title", Field::Title, 3),
    ("dc.title", Field::Title, 4),
    ("dcterms.title", Field::Title, 4),
    ("author", Field::Author, 1),
    ("article:author", Field::Author, 2),
    ("og:article:author", Field::Author, 2),
    ("article:author_name", Field::Author, 1),
    ("byl", Field::Author, 1),
    ("byline", Field::Author, 1),
    ("parsely-author", Field::Author, 2),
    ("sailthru.author", Field::Author, 2),
    ("citation_author", Field::Author, 2),
    ("dc.creator", Field::Author, 3),
    ("dcterms.creator", Field::Author, 3),
    ("dc.contributor", Field::Author, 4),
    ("twitter:creator", Field::Author, 6),
    ("weibo: article:create_by", Field::Author, 5),
    ("article:published_time", Field::Date, 0),
    ("og:published_time", Field::Date, 0),
    ("og:article:published_time", Field::Date, 0),
    ("datepublished", Field::Date, 0),
    ("bytedance:published_time", Field::Date, 1),
    ("weibo: article:create_at", Field::Date, 1),
    ("article.published", Field::Date, 1),
    ("pubdate", Field::Date, 2),
    ("publishdate", Field::Date, 2),
    ("publish_date", Field::Date, 2),
    ("publish-date", Field::Date, 2),
    ("publishtime", Field::Date, 2),
    ("publish_time", Field::Date, 2),
    ("publication_date", Field::Date, 2),
    ("published_time", Field::Date, 2),
    ("ptime", Field::Date, 2),
    ("parsely-pub-date", Field::Date, 2),
    ("sailthru.date", Field::Date, 2),
    ("citation_publication_date", Field::Date, 2),
    ("citation_online_date", Field::Date, 3),
    ("citation_date", Field::Date, 3),
    ("og:release_date", Field::Date, 3),
    ("dc.date.issued", Field::Date, 3),
    ("dcterms.issued", Field::Date, 3),
    ("dcterms.created", Field::Date, 3),
    ("dcterms.date", Field::Date, 4),
    ("dc.date", Field::Date, 4),
    ("date", Field::Date, 4),
    ("article:modified_time", Field::Date, 8),
    ("og:updated_time", Field::Date, 8),
    ("bytedance:updated_time", Field::Date, 8),
    ("datemodified", Field::Date, 8),
    ("content-language", Field::Lang, 1),
    ("dc.language", Field::Lang, 2),
    ("og:locale", Field::Lang, 3),
    ("description", Field::Description, 0),
    ("og:description", Field::Description, 1),
    ("twitter:description", Field::Description, 2),
    ("sailthru.description", Field::Description, 2),
    ("dc.description", Field::Description, 3),
    ("keywords", Field::Keywords, 0),
    ("news_keywords", Field::Keywords, 1),
    ("parsely-tags", Field::Keywords, 2),
    ("sailthru.tags", Field::Keywords, 2),
    ("og:type", Field::OgType, 0),
    ("og:site_name", Field::SiteName, 0),
    ("sitename", Field::SiteName, 1),
    ("application-name", Field::SiteName, 2),
    ("og:url", Field::Canonical, 1),
    ("twitter:url", Field::Canonical, 2),
];

/// A value and the rank of its sign.
#[derive(Debug, Default)]
struct Slot {
    rank: u8,
    value: Option<String>,
}

impl Slot {
    fn offer(&mut self, rank: u8, value: String) {
        if self.value.is_none() || rank < self.rank {
            *self = Self { rank, value: Some(value) };
        }
    }
}

/// Collects a page's signs in the order of the source; values come with their character references decoded.
#[derive(Debug, Default)]
pub(crate) struct MetaCollector {
    title_tag: Option<String>,
    slots: [Slot; 9],
    ld_types: Vec<String>,
}

impl MetaCollector {
    /// A `meta` element: its `name`, `property`, `itemprop` or `http-equiv`, and its `content`.
    pub(crate) fn meta(&mut self, name: &str, content: &str) {
        let name = name.trim();
        if let Some((_, field, rank)) = NAMES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name)) {
            self.offer(*field, *rank, content);
        }
    }

    /// A `link` element.
    pub(crate) fn link(&mut self, rel: &str, href: &str) {
        if rel.split_ascii_whitespace().any(|token| token.eq_ignore_ascii_case("canonical")) {
            self.offer(Field::Canonical, 0, href);
        }
    }

    /// The text of a `title` element; the first one with text counts.
    pub(crate) fn title(&mut self, text: &str) {
        if self.title_tag.is_none() {
            self.title_tag = clean(text);
        }
    }

    /// The `lang` attribute of `html`.
    pub(crate) fn html_lang(&mut self, lang: &str) {
        self.offer(Field::Lang, 0, lang);
    }

    /// A `time` element: its `datetime` and its `itemprop`, or `pubdate` where it has that attribute.
    pub(crate) fn time_element(&mut self, datetime: &str, property: &str) {
        let property = property.to_ascii_lowercase();
        let rank = match property.as_str() {
            property if property.contains("modified") => 8,
            property if property.contains("publish") || property == "pubdate" => 2,
            _ => 6,
        };
        self.offer(Field::Date, rank, datetime);
    }

    /// The source of a JSON-LD script; gives the texts in it, a line each.
    pub(crate) fn json_ld(&mut self, source: &str) -> Vec<String> {
        let data = json_ld::read(source);
        for (field, rank, value) in
            [(Field::Title, 0, data.headline), (Field::Author, 0, data.author), (Field::Date, 1, data.date)]
        {
            self.offer(field, rank, &value.unwrap_or_default());
        }
        for kind in data.types {
            if self.ld_types.len() < MOST_TYPES && kind.len() <= LONGEST && !self.ld_types.contains(&kind) {
                self.ld_types.push(kind);
            }
        }
        data.texts
    }

    fn offer(&mut self, field: Field, rank: u8, value: &str) {
        let value = match field {
            Field::Date => parse_date(value),
            Field::Author => clean(value).and_then(author),
            Field::Lang => clean(value).and_then(|lang| language(&lang)),
            _ => clean(value),
        };
        if let (Some(value), Some(slot)) = (value, self.slots.get_mut(field as usize)) {
            slot.offer(rank, value);
        }
    }

    fn take(&mut self, field: Field) -> Option<String> {
        self.slots.get_mut(field as usize).and_then(|slot| slot.value.take())
    }

    /// What was collected.
    pub(crate) fn finish(mut self) -> Metadata {
        let site_name = self.take(Field::SiteName);
        let title = self.take(Field::Title).or_else(|| self.title_tag.clone());
        Metadata {
            title: title.map(|title| title::without_site(&title, site_name.as_deref()).to_owned()),
            author: self.take(Field::Author),
            date: self.take(Field::Date),
            lang: self.take(Field::Lang),
            description: self.take(Field::Description),
            keywords: self.take(Field::Keywords),
            og_type: self.take(Field::OgType),
            canonical: self.take(Field::Canonical),
            title_tag: self.title_tag,
            site_name,
            ld_types: self.ld_types,
        }
    }
}

/// A value as far as one is kept.
pub(crate) fn bounded(value: &str) -> &str {
    let end = value.char_indices().nth(LONGEST).map_or(value.len(), |(at, _)| at);
    value.get(..end).unwrap_or_default()
}

/// The value with its white space collapsed; none if nothing is left.
fn clean(value: &str) -> Option<String> {
    let mut cleaned = String::new();
    for word in value.split_whitespace() {
        if !cleaned.is_empty() {
            cleaned.push(' ');
        }
        cleaned.push_str(word);
    }
    cleaned.truncate(bounded(&cleaned).len());
    (!cleaned.is_empty()).then_some(cleaned)
}

/// An author's name: without `By`, and no address of a profile, which `article:author` often holds.
fn author(value: String) -> Option<String> {
    if value.contains("://") || value.starts_with("www.") || matches!(value.as_str(), "null" | "undefined") {
        return None;
    }
    let by = value.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
    if by { value.get(3..).and_then(clean) } else { Some(value) }
}

/// A language tag in its usual form, `zh-CN`; of several the first.
fn language(value: &str) -> Option<String> {
    let first = value.split([',', ' ', ';']).next()?.replace('_', "-");
    let fits = first.len() <= 35 && first.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (fits && first.len() >= 2).then_some(first)
}

#[cfg(test)]
mod tests;

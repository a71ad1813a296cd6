//! Bytes → [`Page`]: a page's blocks with their places, kinds, links and element chains.
//!
//! In: a [`Document`] (bytes, media type, charset from the header). Out: a [`Page`] that owns its text.
//! The room decodes (WHATWG order of charset signs), segments HTML or plain text into blocks, and collects
//! title, author, date and the like. It never sees a label or a model, never touches a file, and loses text
//! only where a named [`Limit`] says so.
//!
//! Start reading at [`Page::read`].

mod block;
mod builder;
mod content;
mod doctype;
mod document;
mod domain;
mod element;
mod encoding;
mod entities;
mod json_ld;
mod limits;
#[cfg(feature = "ad-rules")]
mod loaded;
mod metadata;
mod parts;
mod rewrite;
pub(crate) mod select;
mod stack;
mod stream;
mod text;
mod tokenizer;
mod traces;
mod width;
pub mod words;

pub use block::{Block, BlockKind, Span, SpanKind};
pub use document::{Document, Media};
pub use domain::registrable_domain;
pub use element::{AttrName, Element, ElementId, Tag};
pub use limits::{Limit, Limits};
pub use traces::{Hidden, Hiding, Scripts, Slot, TitleReferences, Traces};

pub(crate) use block::BlockData;
#[cfg(test)]
pub(crate) use element::Attr;
#[cfg(feature = "input")]
pub(crate) use encoding::is_binary;
#[cfg(feature = "input")]
pub(crate) use json_ld::state::string_length;
#[cfg(feature = "ad-rules")]
pub(crate) use loaded::{Loaded, loaded};
pub(crate) use metadata::{bounded, parse_byline, parse_date};
pub(crate) use text::sentences_of;
pub(crate) use width::columns;

/// A decoded and segmented document.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// HTML: the blocks' texts one after another. Plain text: the whole decoded input.
    pub(crate) text: String,
    /// Values of the kept attributes, entities decoded.
    pub(crate) attrs: String,
    pub(crate) elements: Vec<Element>,
    pub(crate) attr_list: Vec<element::Attr>,
    pub(crate) blocks: Vec<BlockData>,
    pub(crate) spans: Vec<Span>,
    pub(crate) meta: Metadata,
    pub(crate) source: Source,
    pub(crate) traces: Traces,
}

/// Where a page came from and how its bytes were read.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The page's URL, when known.
    pub url: Option<String>,
    /// What the bytes were taken for.
    pub media: Media,
    /// Name of the encoding that the bytes were decoded with.
    pub charset: &'static str,
    /// How many bytes came in.
    pub bytes: usize,
    /// Whether malformed sequences were replaced by U+FFFD.
    pub replaced: bool,
    /// Characters of text that had been misread in another encoding before it was stored, and was restored.
    pub restored: usize,
    /// Whether the bytes are no text at all: an image, an archive. The page has no block then.
    pub binary: bool,
    /// The first limit that cut the page, if one did.
    pub limit: Option<Limit>,
    /// The status of the HTTP response, where it is known.
    pub status: Option<u16>,
    /// Whether the bytes are the start of the page, and the rest was lost before they came in.
    pub is_cut: bool,
}

impl Source {
    /// The status of a response that has no content of its own: a redirection or an error.
    pub fn failed_status(&self) -> Option<u16> {
        self.status.filter(|status| *status >= 300)
    }
}

/// What a page says of itself: `<title>`, meta tags and JSON-LD.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `og:title`, the JSON-LD headline, or `<title>`.
    pub title: Option<String>,
    /// The text of `<title>` as it stands.
    pub title_tag: Option<String>,
    /// Author named by a meta tag or JSON-LD.
    pub author: Option<String>,
    /// Publication date, `YYYY-MM-DD` where it could be read.
    pub date: Option<String>,
    /// Language declared by `<html lang>` or a header.
    pub lang: Option<String>,
    /// Description of the page.
    pub description: Option<String>,
    /// Keywords as the page gives them.
    pub keywords: Option<String>,
    /// `og:type`.
    pub og_type: Option<String>,
    /// `og:site_name`.
    pub site_name: Option<String>,
    /// `<link rel=canonical>`.
    pub canonical: Option<String>,
    /// JSON-LD `@type` values, in order of appearance.
    pub ld_types: Vec<String>,
}

impl Page {
    /// Decodes and segments a document. It always gives a page; a limit that cut it is in
    /// [`Page::source`].
    pub fn read(document: &Document, limits: &Limits) -> Self {
        let bytes = document.bytes();
        let cut = bytes.get(..limits.bytes()).unwrap_or(bytes);
        let decoded = encoding::decode(cut, document.charset(), document.media());
        let media = media_of(document.media(), &decoded.text);
        let mut page = match media {
            Media::Text => text::segment(decoded.text.into_owned(), limits),
            _ => stream::segment(&decoded.text, *limits),
        };
        if document.starts_with_title() {
            page.meta = text::title_line(&page.text);
        }
        page.source.url = document.url().map(str::to_owned);
        page.source.media = media;
        page.source.charset = decoded.charset;
        page.source.bytes = bytes.len();
        page.source.binary = decoded.binary;
        page.source.replaced = decoded.replaced;
        page.source.restored = decoded.restored;
        page.source.status = document.status();
        page.source.is_cut = document.is_cut();
        if cut.len() < bytes.len() {
            page.source.limit = Some(Limit::Bytes);
        }
        page
    }

    /// The text that a document's bytes decode to, without limits and without a byte order span.
    #[cfg(feature = "input")]
    pub(crate) fn decoded(document: &Document) -> String {
        encoding::decode(document.bytes(), document.charset(), document.media()).text.into_owned()
    }

    /// The page's blocks in reading order; pseudo-blocks (JSON-LD and meta text) stand behind the others.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = Block<'_>> + Clone {
        (0..self.blocks.len()).map(|index| Block { page: self, index })
    }

    /// The block at `index`, if there is one.
    pub fn block(&self, index: usize) -> Option<Block<'_>> {
        (index < self.blocks.len()).then_some(Block { page: self, index })
    }

    /// What the page says of itself.
    pub fn metadata(&self) -> &Metadata {
        &self.meta
    }

    /// What the markup shows of ads, links that a program set, hidden links and noise; nothing on a plain-text page.
    pub fn traces(&self) -> &Traces {
        &self.traces
    }

    /// Where the page came from and how it was read.
    pub fn source(&self) -> &Source {
        &self.source
    }
}

/// Bytes of a document of unknown type that are searched for markup.
const SNIFFED: usize = 8192;

/// What a document is whose type nobody named: HTML if it starts with markup, or if tags that extracted text
/// does not keep stand near its start.
fn media_of(named: Media, text: &str) -> Media {
    if named != Media::Unknown {
        return named;
    }
    let start: String = text.chars().take(SNIFFED).collect::<String>().to_ascii_lowercase();
    let starts_with_tag = start
        .trim_start()
        .strip_prefix('<')
        .is_some_and(|rest| rest.starts_with(|c: char| c == '!' || c == '?' || c.is_ascii_alphabetic()));
    let tags = ["<html", "<body", "<head", "<div", "<p>", "</p>", "<table", "<br"];
    if starts_with_tag || tags.iter().any(|tag| start.contains(tag)) { Media::Html } else { Media::Text }
}

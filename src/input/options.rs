//! What a user can say about the inputs.

use super::Kind;
use super::ahead::Helpers;
use std::sync::Arc;

/// Settings of [`super::Inputs`].
#[derive(Debug, Clone)]
pub struct InputOptions {
    pub(super) kind: Option<Kind>,
    pub(super) json: JsonFields,
    pub(super) record_bytes: usize,
    pub(super) line_bytes: usize,
    pub(super) any_status: bool,
    pub(super) helpers: Option<Arc<Helpers>>,
    #[cfg(feature = "fetch")]
    pub(super) fetch: super::fetch::FetchOptions,
}

impl Default for InputOptions {
    fn default() -> Self {
        Self {
            kind: None,
            json: JsonFields::default(),
            record_bytes: 64 << 20,
            line_bytes: 256 << 20,
            any_status: false,
            helpers: None,
            #[cfg(feature = "fetch")]
            fetch: super::fetch::FetchOptions::default(),
        }
    }
}

impl InputOptions {
    /// Takes every input for this kind, whatever its name and first bytes say; folders then give all their
    /// files.
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// The fields of JSON lines.
    pub fn with_json(mut self, fields: JsonFields) -> Self {
        self.json = fields;
        self
    }

    /// Which fields of JSON lines come back with their rows (default: all).
    pub fn with_kept_fields(mut self, kept: KeptFields) -> Self {
        self.json.kept = kept;
        self
    }

    /// Largest page, decompressed, in bytes (default 64 MiB): a file or the body of a WARC record. What is
    /// larger becomes an error row; what compresses too well is read no further than this.
    pub fn with_record_bytes(mut self, bytes: usize) -> Self {
        self.record_bytes = bytes;
        self
    }

    /// Reads files of gzip members ahead, so many stretches of 128 KiB at most, which are left to whoever calls
    /// [`super::Inputs::help`]; what is not inflated when its turn comes is inflated by the reader. Rows are the same.
    pub fn with_helpers(mut self, stretches: usize) -> Self {
        self.helpers = Some(Arc::new(Helpers::new(stretches)));
        self
    }

    /// Longest line of JSON lines in bytes (default 256 MiB). What is longer becomes an error row.
    pub fn with_line_bytes(mut self, bytes: usize) -> Self {
        self.line_bytes = bytes;
        self
    }

    /// Gives redirections and errors of WARC files as pages like any other. Without it they carry their status, and a filter
    /// finds no main content in them.
    pub fn with_any_status(mut self, any: bool) -> Self {
        self.any_status = any;
        self
    }

    /// How URLs among the inputs are fetched.
    #[cfg(feature = "fetch")]
    pub fn with_fetch(mut self, fetch: super::fetch::FetchOptions) -> Self {
        self.fetch = fetch;
        self
    }
}

/// Names of the fields of a JSON line, tried in order; a dot leads into an object (`metadata.url`).
///
/// The defaults are what common tools write: datatrove (`text`, `id`, `metadata.url`), trafilatura (`text`,
/// `raw_text`, `source`), Firecrawl (`data.rawHtml`, `metadata.sourceURL`), converters of WARC files (`warc_record_id`, `warc_target_uri`, `html`) and
/// web corpora (`raw_content`, `content`).
#[derive(Debug, Clone)]
pub struct JsonFields {
    pub(super) id: Vec<String>,
    pub(super) url: Vec<String>,
    pub(super) html: Vec<String>,
    pub(super) text: Vec<String>,
    /// Fields that hold HTML with some tools and text with others; the bytes decide.
    pub(super) either: Vec<String>,
    pub(super) kept: KeptFields,
}

/// Which fields of a record come back with its row, beside those that hold the page, its id and its URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeptFields {
    /// All of them.
    #[default]
    All,
    /// None of them.
    None,
    /// Those of these names, at the top of the record.
    Named(Vec<String>),
}

impl KeptFields {
    /// Whether a field comes back.
    pub(super) fn keeps(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Named(names) => names.iter().any(|kept| kept == name),
        }
    }
}

impl Default for JsonFields {
    fn default() -> Self {
        Self {
            id: owned(&[
                "id",
                "record_id",
                "warc_record_id",
                "WARC-Record-ID",
                "doc_id",
                "_id",
                "uuid",
                "metadata.id",
                "metadata.record_id",
                "metadata.warc_record_id",
                "metadata.WARC-Record-ID",
            ]),
            url: owned(&[
                "url",
                "source-url",
                "source_url",
                "warc_target_uri",
                "WARC-Target-URI",
                "target_uri",
                "uri",
                "page_url",
                "link",
                "source",
                "sourceURL",
                "u",
                "metadata.url",
                "metadata.source_url",
                "metadata.sourceURL",
                "metadata.warc_target_uri",
                "metadata.WARC-Target-URI",
                "meta.url",
                "data.url",
                "data.metadata.url",
                "data.metadata.sourceURL",
            ]),
            html: owned(&[
                "html", "raw_html", "rawHtml", "page_html", "html_content", "html_body", "body_html",
                "page_source", "outer_html", "data.rawHtml", "data.html",
            ]),
            text: owned(&[
                "text", "raw_text", "extracted_text", "plain_text", "maintext", "article_text",
                "data.markdown",
            ]),
            either: owned(&[
                "content", "raw_content", "articleBody", "article_body", "body", "document", "markdown",
            ]),
            kept: KeptFields::All,
        }
    }
}

impl JsonFields {
    /// Puts these names in the place of the default ones of the id.
    pub fn with_id<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.id = collect(names);
        self
    }

    /// Puts these names in the place of the default ones of the URL.
    pub fn with_url<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.url = collect(names);
        self
    }

    /// Fields that hold HTML, in the place of the default ones; where a line has both, HTML wins over text.
    pub fn with_html<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.html = collect(names);
        self.either.retain(|name| !self.html.contains(name));
        self
    }

    /// Fields that hold text, in the place of the default ones and of those that may hold either.
    pub fn with_text<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.text = collect(names);
        self.either.clear();
        self
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    collect(names.iter().copied())
}

fn collect<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}

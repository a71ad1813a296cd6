//! A row of columns → a document, or why it gives none.

use crate::column::Column;
use sieve::{Document, Media, RecordError};

/// The columns of a batch that are read.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) html: Option<Column>,
    pub(crate) text: Option<Column>,
    pub(crate) url: Option<Column>,
    pub(crate) id: Option<Column>,
    /// Rows of the batch.
    pub(crate) count: usize,
}

/// Bytes of one page, before they are a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) media: Media,
    /// Whether the bytes come from a string, which is UTF-8 whatever the page says.
    pub(crate) is_text: bool,
}

impl Rows {
    /// The row's page. HTML goes before text, and what has characters before what is empty, as in JSON lines.
    pub(crate) fn page(&self, row: usize) -> Result<Page<'_>, RecordError> {
        let columns = [(Media::Html, &self.html), (Media::Text, &self.text)];
        let mut blank = None;
        for (media, column) in
            columns.into_iter().filter_map(|(media, column)| Some((media, column.as_ref()?)))
        {
            let cell = column.get(row).map_err(|found| {
                let message = format!(
                    "column `{}` must hold the page as strings or bytes, but holds {found}",
                    column.name()
                );
                self.error(row, "bad_field", message)
            })?;
            let Some(bytes) = cell else { continue };
            let page = Page { bytes, media, is_text: column.is_text() };
            if !bytes.is_empty() {
                return Ok(page);
            }
            blank = blank.or(Some(page));
        }
        blank.ok_or_else(|| self.error(row, "missing_field", self.missing()))
    }

    fn missing(&self) -> String {
        let columns = [&self.html, &self.text].into_iter().flatten();
        let names: Vec<String> = columns.map(|column| format!("`{}`", column.name())).collect();
        format!("no page in this row: null in {}; a page is a string or bytes", names.join(" and "))
    }

    /// The row's identifier; empty where it has none.
    pub(crate) fn id(&self, row: usize) -> String {
        name(self.id.as_ref(), row).unwrap_or_default()
    }

    /// The row's URL; a blank one is none.
    pub(crate) fn url(&self, row: usize) -> Option<String> {
        name(self.url.as_ref(), row)
    }

    /// The error row of a row.
    pub(crate) fn error(&self, row: usize, kind: &'static str, message: String) -> RecordError {
        RecordError { id: self.id(row), url: self.url(row), kind, message }
    }
}

fn name(column: Option<&Column>, row: usize) -> Option<String> {
    trimmed(column?.get(row).ok()??)
}

/// Bytes as a string without blanks around it; none where nothing is left.
pub(crate) fn trimmed(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl Page<'_> {
    /// The document of these bytes.
    pub(crate) fn document(self, id: String, url: Option<String>) -> Document {
        let document = Document::new(self.bytes).with_media(self.media).with_id(id).with_url_if(url);
        if self.is_text { document.with_charset("utf-8") } else { document }
    }
}

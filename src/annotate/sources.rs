//! The page of a row: from the crawl that was filtered, from the web, or what the row itself has of it.

use super::rows::Row;
use crate::input::Inputs;
#[cfg(feature = "fetch")]
use crate::input::fetch::{FetchOptions, fetch};
use crate::page::Document;
use crate::provenance::Provenance;
use crate::{Error, Result};

/// Where pages of rows are looked for.
#[derive(Debug, Default)]
pub struct Sources {
    inputs: Option<Inputs>,
    #[cfg(feature = "fetch")]
    fetch: Option<FetchOptions>,
}

/// A page that was found.
#[derive(Debug)]
pub struct Found {
    /// The page, with the row's id and URL.
    pub document: Document,
    /// Where it is from.
    pub origin: Origin,
    /// Where the row says that the page came from when it was filtered.
    pub provenance: Option<Provenance>,
}

/// Where a page is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The crawl that was filtered: the very page that was judged.
    Input,
    /// The web, now.
    Web,
    /// The row: the texts of its blocks, a line for each, without their markup; the body alone where it has no blocks.
    Row,
}

impl Sources {
    /// Looks at nothing but the row.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for pages in the inputs of the crawl first, by the row's id and, where both have one, URL. The inputs are read
    /// from their start up to the page.
    pub fn with_inputs(mut self, inputs: Inputs) -> Self {
        self.inputs = Some(inputs);
        self
    }

    /// Fetches pages by the row's URL where the inputs do not have them.
    #[cfg(feature = "fetch")]
    pub fn with_fetch(mut self, options: FetchOptions) -> Self {
        self.fetch = Some(options);
        self
    }

    /// The page of a row, a line as `filter` wrote it.
    ///
    /// # Errors
    /// [`Error::Settings`] when the line is no row or nothing has the page, [`Error::Fetch`] when it could not be fetched.
    pub fn document(&self, row: &str) -> Result<Found> {
        let row = Row::read(row.as_bytes()).map_err(Error::Settings)?;
        let provenance = row.provenance();
        if let Some(document) = self.in_inputs(&row) {
            return Ok(Found { document, origin: Origin::Input, provenance });
        }
        #[cfg(feature = "fetch")]
        if let (Some(options), Some(url)) = (&self.fetch, row.url.as_deref()) {
            let document = fetch(url, options)?.with_id(row.id.as_ref());
            return Ok(Found { document, origin: Origin::Web, provenance });
        }
        of_row(&row).map(|document| Found { document, origin: Origin::Row, provenance })
    }

    /// An input that cannot be opened, or a record of it that cannot be read, is passed over: another one may have the page.
    fn in_inputs(&self, row: &Row<'_>) -> Option<Document> {
        let opened = self.inputs.iter().flat_map(Inputs::iter).filter_map(|input| input.open().ok());
        let mut documents = opened.flatten().filter_map(|record| record.outcome.ok());
        documents.find(|document| {
            let urls = document.url().zip(row.url.as_deref());
            document.id() == row.id && urls.is_none_or(|(found, wanted)| found == wanted)
        })
    }
}

fn of_row(row: &Row<'_>) -> Result<Document> {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = match (&row.blocks, &row.body) {
        (Some(blocks), _) => blocks.iter().map(|block| line(&block.text) + "\n").collect(),
        (None, Some(body)) if !body.is_empty() => body.clone().into_owned(),
        _ => {
            return Err(Error::Settings(format!(
                "the row of `{}` has neither blocks nor a body; name the inputs that were filtered",
                row.id
            )));
        }
    };
    let document = Document::text(text).with_charset("utf-8").with_id(row.id.as_ref());
    Ok(match &row.url {
        Some(url) => document.with_url(url.as_ref()),
        None => document,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::InputOptions;
    use std::fs;

    const ROW: &str = r#"{"v":1,"id":"b","url":"https://b.example/","status":"ok","verdict":"keep","confidence":0.9,"title":null,
        "body":"Bees dance.","blocks":[{"label":"nav","p":0.9,"text":"Home\nNews"},{"label":"body","p":0.9,"text":"Bees dance."}]}"#;

    #[test]
    fn the_crawl_goes_before_the_row() {
        let dir = tempfile::tempdir().unwrap();
        let crawl = dir.path().join("crawl.jsonl");
        let lines = "{\"id\":\"a\",\"html\":\"<p>A\"}\n{\"id\":\"b\",\"url\":\"https://other.example/\",\"html\":\"<p>no\"}\n\
                     {\"id\":\"b\",\"url\":\"https://b.example/\",\"html\":\"<nav>Home</nav><p>Bees\"}\n";
        fs::write(&crawl, lines).unwrap();
        let inputs = Inputs::new([&crawl, &dir.path().join("none.jsonl")], InputOptions::default());
        let found = Sources::new().with_inputs(inputs).document(ROW).unwrap();
        assert_eq!((found.origin, found.document.url()), (Origin::Input, Some("https://b.example/")));
        assert!(found.document.bytes().starts_with(b"<nav>"));
        let found = Sources::new().document(ROW).unwrap();
        assert_eq!(
            (found.origin, found.document.bytes()),
            (Origin::Row, b"Home News\nBees dance.\n".as_slice())
        );
    }

    #[test]
    fn a_row_without_any_text_says_what_to_do() {
        let row = r#"{"v":1,"id":"x","url":null,"status":"ok","verdict":"drop","confidence":0,"title":null,"body":""}"#;
        let error = Sources::new().document(row).unwrap_err().to_string();
        assert!(error.contains("name the inputs"), "{error}");
    }
}

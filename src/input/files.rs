//! One page: a file or standard input as a whole.

use super::compression::{Bounded, read_bounded};
use super::fault::Fault;
use super::records::{Counts, Failed, Row, Source};
use super::stream::Stream;
use crate::page::{Document, Media};

/// What is known of a page before it is read.
pub(super) struct Page {
    /// The file's path; none for standard input.
    pub(super) id: Option<String>,
    pub(super) media: Media,
    /// Most bytes to read.
    pub(super) limit: usize,
}

/// A page that is read when its row is asked for.
pub(super) struct PageFile(Option<(Stream, Page)>);

impl PageFile {
    pub(super) fn new(stream: Stream, page: Page) -> Self {
        Self(Some((stream, page)))
    }
}

impl Source for PageFile {
    fn next_row(&mut self, _: &mut Counts) -> Option<Row> {
        let (stream, page) = self.0.take()?;
        Some(Row::new(1, read(stream, page)))
    }
}

/// Reads the whole stream as one page.
fn read(stream: Stream, page: Page) -> Result<Document, Failed> {
    let fault = match read_bounded(stream, page.limit) {
        Bounded::Whole(bytes) => {
            let document = Document::new(bytes).with_media(page.media);
            return Ok(document.with_id(page.id.unwrap_or_default()));
        }
        Bounded::TooLarge => Fault::too_large("the page", page.limit),
        Bounded::Failed(bytes, error) => {
            Fault::read(&format!("the page, after {} readable bytes", bytes.len()), &error)
        }
    };
    Err(Failed { id: page.id, url: None, fault })
}

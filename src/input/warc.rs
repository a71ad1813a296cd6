//! WARC and WET records → documents: which records are pages, and what is known of them.

use super::compression::{Bounded, read_bounded};
use super::fault::Fault;
use super::framing::{Block, Framing, Header};
use super::http::Head;
use super::media_type::{MediaType, Page};
use super::options::InputOptions;
use super::records::{Counts, Failed, Row, Source};
use super::stream::Stream;
use crate::page::{Document, Media};
use std::sync::Arc;

/// The records of one WARC input.
pub(super) struct Warc {
    framing: Framing,
    position: u64,
    /// Rows up to this position are not wanted.
    after: u64,
    options: Arc<InputOptions>,
}

/// A record that was read: a page, or the reason why it is none.
type Read = Result<Result<Document, &'static str>, Fault>;

impl Warc {
    pub(super) fn new(stream: Stream, after: u64, options: Arc<InputOptions>) -> Self {
        Self { framing: Framing::new(stream), position: 0, after, options }
    }

    /// The position of the last record, or damaged stretch, that was read.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    fn page(&mut self, header: &Header) -> Read {
        let mut content = Content {
            what: format!("record {} at byte {} (decompressed)", self.position, header.offset),
            limit: self.options.record_bytes,
            block: self.framing.block(),
            header,
            is_cut: header.truncated,
        };
        let page = match header.record_type.as_str() {
            "response" => content.response(self.options.any_status),
            "resource" | "conversion" if header.is_of_a_tool() => Ok(Err("tool_record")),
            "resource" => content.payload(&MediaType::parse(&header.content_type)),
            "conversion" => content.conversion(),
            other => Ok(Err(skip_reason(other))),
        };
        let is_cut = content.is_cut;
        page.map(|page| page.map(|document| document.with_rest_lost(is_cut)))
    }
}

impl Source for Warc {
    fn next_row(&mut self, counts: &mut Counts) -> Option<Row> {
        loop {
            let framed = self.framing.advance()?;
            self.position += 1;
            let is_wanted = self.position > self.after;
            let header = match framed {
                Ok(header) => header,
                Err(fault) if is_wanted => return Some(Row::fault(self.position, fault)),
                Err(_) => continue,
            };
            if !is_wanted {
                // Damage is this record's where its block is read, and a row of its own where that is passed over. So a record
                // that is left out is read as it was before, or the positions of those behind it would be others.
                drop(self.page(&header));
                continue;
            }
            let outcome = match self.page(&header) {
                Ok(Err(reason)) => {
                    counts.skip(reason);
                    continue;
                }
                Ok(Ok(document)) => Ok(named(document, header)),
                Err(fault) => Err(Failed { id: header.id, url: header.url, fault }),
            };
            return Some(Row::new(self.position, outcome));
        }
    }
}

fn named(document: Document, header: Header) -> Document {
    document.with_id(header.id.unwrap_or_default()).with_url_if(header.url)
}

fn skip_reason(record_type: &str) -> &'static str {
    const TYPES: [&str; 5] = ["warcinfo", "request", "metadata", "revisit", "continuation"];
    TYPES.into_iter().find(|&known| known == record_type).unwrap_or("other_record_type")
}

/// A record's block on its way to a document.
struct Content<'a> {
    what: String,
    limit: usize,
    block: Block<'a>,
    header: &'a Header,
    /// Whether the end of the page is known to be missing.
    is_cut: bool,
}

impl Content<'_> {
    /// A response has an HTTP head, but for writers that store the body alone (`ClueWeb22`).
    fn response(&mut self, any_status: bool) -> Read {
        let start = self.block.peek(5).map(<[u8]>::to_vec);
        if start.map_err(|error| self.block.failed(&self.what, &error))? != b"HTTP/" {
            let is_http = self.header.content_type.starts_with("application/http");
            let stated = if is_http { "" } else { self.header.content_type.as_str() };
            return self.payload(&MediaType::parse(stated));
        }
        let head = Head::read(&mut self.block).map_err(|error| self.block.failed(&self.what, &error))?;
        let media_type = self.media_type(&head);
        if media_type.page() == Page::No {
            return Ok(Err("not_a_page"));
        }
        let (body, is_cut) = head.decode(self.bytes()?, self.limit).map_err(|fault| self.at(fault))?;
        self.is_cut |= is_cut;
        if matches!(head.status, 300..400) && body.trim_ascii().is_empty() {
            return Ok(Err("redirect"));
        }
        let document = media_type.document_as_sent(body).ok_or("not_a_page");
        Ok(document.map(|document| if any_status { document } else { document.with_status(head.status) }))
    }

    /// The server's word, or the crawler's guess where the server said nothing.
    fn media_type(&self, head: &Head) -> MediaType {
        let stated = MediaType::parse(&head.content_type);
        match &self.header.identified_type {
            Some(guess) if stated.name().is_empty() => MediaType::parse(guess),
            _ => stated,
        }
    }

    fn payload(&mut self, media_type: &MediaType) -> Read {
        if media_type.page() == Page::No {
            return Ok(Err("not_a_page"));
        }
        Ok(media_type.document_as_sent(self.bytes()?).ok_or("not_a_page"))
    }

    /// Text that was extracted from a page, as in WET files, with the page's title in the first line; UTF-8 unless it says
    /// otherwise.
    fn conversion(&mut self) -> Read {
        let media_type = MediaType::parse(&self.header.content_type);
        match media_type.page() {
            Page::No => return Ok(Err("not_a_page")),
            Page::Yes(Media::Html) => return self.payload(&media_type),
            Page::Yes(_) | Page::Sniff => {}
        }
        let charset = media_type.charset.unwrap_or_else(|| "utf-8".to_owned());
        Ok(Ok(Document::text(self.bytes()?).with_charset(charset).with_title_line()))
    }

    /// The rest of the block. A length over the limit may be wrong: then the block ends with the next record, or with the input,
    /// whose end is a row of its own.
    fn bytes(&mut self) -> Result<Vec<u8>, Fault> {
        let in_doubt = self.block.remaining() > self.limit as u64;
        match read_bounded(&mut self.block, self.limit) {
            Bounded::Failed(_, error) => Err(self.block.failed(&self.what, &error)),
            Bounded::TooLarge => Err(Fault::too_large(&self.what, self.limit)),
            Bounded::Whole(_) if self.block.remaining() > 0 && !in_doubt => Err(self.block.cut(&self.what)),
            Bounded::Whole(bytes) => {
                self.is_cut |= in_doubt || self.block.is_overrun();
                Ok(bytes)
            }
        }
    }

    /// The fault with the record's place.
    fn at(&self, fault: Fault) -> Fault {
        let Fault { kind, message } = fault;
        Fault { kind, message: format!("{}: {message}", self.what) }
    }
}

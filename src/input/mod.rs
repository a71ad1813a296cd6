//! Files, folders, standard input, JSON lines, Parquet, WARC, WET, WACZ, one URL → [`Document`]s.
//!
//! In: paths, `-` and URLs. Out: a stream of [`Record`]s in a fixed order. The room frames records and sniffs
//! container formats; it never parses HTML and never decodes a page's text. A record that cannot be read is
//! an error *row*, and the stream goes on at the next one that can.
//!
//! Start reading at [`Inputs`], then [`Input::open`]. The layers below it, from the disk upwards: `open`
//! (bytes), `compression` (gzip and Zstandard, member by member), `stream` (look-ahead), then one of `files`
//! (one page), `json_lines` and `warc` (`wacz` reads the WARC files of an `archive`); `fetch` has its own door, [`fetch::fetch`].

#[cfg(feature = "fetch")]
mod address;
mod ahead;
mod archive;
mod body;
mod compression;
mod fault;
#[cfg(feature = "fetch")]
pub mod fetch;
mod files;
mod framing;
mod http;
mod inputs;
mod json_lines;
mod json_page;
mod kind;
mod list;
mod media_type;
mod open;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod records;
#[cfg(feature = "fetch")]
mod robots;
mod stream;
mod wacz;
mod warc;
mod warc_copy;

pub use crate::error::RecordError;
pub use body::{json_document, json_lines, stated_document};
pub use inputs::{Input, Inputs};
pub use kind::Kind;
pub use options::{InputOptions, JsonFields, KeptFields};
pub use records::{Counts, Records};
pub(crate) use stream::{LONGEST_ROW, read_line};
pub use warc_copy::{Copied, RecordIds, TakeRecord};

/// A file's bytes, decompressed where they are gzip or Zstandard: for files that are no pages, as lists of hosts.
pub fn decompressed_file(path: &std::path::Path) -> crate::Result<impl std::io::BufRead + use<>> {
    let opened = open::file(path).map_err(crate::Error::io("read", path))?;
    Ok(opened.stream)
}

use crate::page::Document;
use crate::provenance::Provenance;

/// One record of an input, in the input's order.
#[derive(Debug)]
pub struct Record {
    /// Where it came from, and what it says beside the page.
    pub provenance: Provenance,
    /// The document, or why there is none.
    pub outcome: Result<Document, RecordError>,
}

impl Record {
    /// Bytes of the page and of the record's own fields.
    pub fn bytes(&self) -> usize {
        self.outcome.as_ref().map_or(0, |document| document.bytes().len()) + self.provenance.fields.len()
    }
}

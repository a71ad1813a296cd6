//! Files, folders, standard input, JSON lines, WARC, WET, one URL → [`Document`]s.
//!
//! In: paths and URLs. Out: a stream of [`Record`]s in a fixed order. The room frames records and sniffs
//! container formats; it never parses HTML and never decodes a page's text. A record that cannot be read is
//! an error *row*, and the stream goes on.

use crate::page::Document;
use std::sync::Arc;

/// One record of an input, in the input's order.
#[derive(Debug)]
pub struct Record {
    /// The input it came from, as the user named it.
    pub input: Arc<str>,
    /// Its position in the input: record or line number, from 1.
    pub position: u64,
    /// The document, or why there is none.
    pub outcome: Result<Document, RecordError>,
}

/// Why a record gave no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordError {
    /// The record's id where one could be read, else `input#position`.
    pub id: String,
    /// The URL where one could be read.
    pub url: Option<String>,
    /// Stable name of the kind, `snake_case`.
    pub kind: &'static str,
    /// What was expected, what was found and what to do.
    pub message: String,
}

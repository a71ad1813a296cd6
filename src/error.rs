//! The one error of the library: misconfiguration and unreadable inputs, never a page's bytes; and that of a record.

use std::path::PathBuf;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong outside a page. A page's own bytes never cause an error: they give a report or an
/// error row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was tried: `read`, `write`, `create`…
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A model file is damaged, of another version, or of another feature schema.
    #[error("model `{name}`: {problem}")]
    Model {
        /// The file, or `built-in`.
        name: String,
        /// What was expected, what was found and what to do.
        problem: String,
    },
    /// A file of labelled data or of selector rules has a line that cannot be used.
    #[error("{}:{line}: {problem}", path.display())]
    Data {
        /// The file.
        path: PathBuf,
        /// The line, from 1; 0 when the file as a whole is meant.
        line: usize,
        /// What was expected, what was found and what to do.
        problem: String,
    },
    /// An option or a settings file asks for something that cannot be done.
    #[error("{0}")]
    Settings(String),
    /// A database of host evidence or a host list cannot be used.
    #[error("`{}`: {problem}", path.display())]
    Hosts {
        /// The file.
        path: PathBuf,
        /// What was expected, what was found and what to do.
        problem: String,
    },
    /// A URL could not be fetched, or must not be.
    #[error("cannot fetch `{url}`: {problem}")]
    Fetch {
        /// The URL as given.
        url: String,
        /// Why, and what to do.
        problem: String,
    },
}

/// Why a record of an input gave no document; its row is an error row.
///
/// The kinds of `input` are `truncated` (the data ends too early), `damaged` (it cannot be decompressed or framed), `io` (the
/// system could not read on), `too_large`, `unsupported_encoding`, `unsupported_format`, `not_json`, `not_object`,
/// `missing_field` and `bad_field`; `panic` is a bug in judging the page.
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

impl Error {
    /// Makes an I/O error's closure: `.map_err(Error::io("read", path))`.
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

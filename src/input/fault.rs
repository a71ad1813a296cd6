//! What went wrong with one record, before its id and URL are added.

use super::RecordError;
use std::io;

/// Kind and message of a [`RecordError`].
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) kind: &'static str,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// The fault behind a failed read of `what`, a phrase such as `record 3 at byte 120`.
    pub(super) fn read(what: &str, error: &io::Error) -> Self {
        if is_fatal(error) {
            return Self::new("io", format!("{what}: the system could not read on: {error}; read it again"));
        }
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::new("truncated", format!("{what}: {error}; fetch or copy the input again"));
        }
        Self::new("damaged", format!("{what}: {error}; fetch or copy the input again"))
    }

    /// The fault of something over a limit of bytes.
    pub(super) fn too_large(what: &str, limit: usize) -> Self {
        Self::new(
            "too_large",
            format!(
                "{what} is larger than the limit of {limit} bytes and was left out; raise the limit to read it"
            ),
        )
    }

    /// The same with the part of the input in which it happened.
    pub(super) fn within(self, part: &str) -> Self {
        Self { message: format!("`{part}`: {}", self.message), ..self }
    }

    pub(super) fn into_error(self, id: String, url: Option<String>) -> RecordError {
        RecordError { id, url, kind: self.kind, message: self.message }
    }
}

/// Whether reading on makes no sense: the system failed, not the data.
pub(super) fn is_fatal(error: &io::Error) -> bool {
    error.raw_os_error().is_some()
}

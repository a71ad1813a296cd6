//! A `Content-Type` header: which media a body is, and its charset label.

use super::kind::{SNIFF, looks_like_html};
use crate::page::{Document, Media};
use memchr::memmem;

/// What a `Content-Type` says.
#[derive(Debug, Default)]
pub(super) struct MediaType {
    /// Lower case, without parameters; empty when there was none.
    name: String,
    /// The `charset` parameter.
    pub(super) charset: Option<String>,
}

/// Whether a body of a media type is a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Yes(Media),
    /// Only the bytes can say.
    Sniff,
    No,
}

impl MediaType {
    pub(super) fn parse(header: &str) -> Self {
        let mut parts = header.split(';');
        let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (key, value) = part.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']).trim();
            (key.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
        });
        Self { name, charset }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Types that servers send for want of a better one are left to the bytes.
    pub(super) fn page(&self) -> Page {
        match self.name.as_str() {
            "text/html" | "application/xhtml+xml" | "application/vnd.wap.xhtml+xml" => Page::Yes(Media::Html),
            "text/plain" | "text/markdown" | "text/x-markdown" => Page::Yes(Media::Text),
            ""
            | "*/*"
            | "application/octet-stream"
            | "application/x-unknown-content-type"
            | "application/unknown"
            | "unknown/unknown"
            | "text/*"
            | "text"
            | "html"
            | "text/htm"
            | "application/xml"
            | "text/xml"
            | "application/html"
            | "application/text" => Page::Sniff,
            _ => Page::No,
        }
    }

    /// The document of a body that a server sent: servers send HTML as plain text.
    pub(super) fn document_as_sent(&self, body: Vec<u8>) -> Option<Document> {
        let is_html = self.name == "text/plain" && is_html_throughout(&body);
        self.document(body).map(|document| if is_html { document.with_media(Media::Html) } else { document })
    }

    /// The document of a body, or none when it is no page.
    pub(super) fn document(&self, body: Vec<u8>) -> Option<Document> {
        let media = match self.page() {
            Page::Yes(media) => media,
            Page::Sniff if looks_like_html(&body) => Media::Html,
            Page::Sniff | Page::No => return None,
        };
        let document = Document::new(body).with_media(media);
        Some(match &self.charset {
            Some(charset) => document.with_charset(charset),
            None => document,
        })
    }
}

/// Whether a body is HTML, and no text that starts with a tag, as Markdown may: it opens a document, or it ends with a tag too.
fn is_html_throughout(body: &[u8]) -> bool {
    let opens = || {
        let head = body.get(..SNIFF).unwrap_or(body).to_ascii_lowercase();
        ["<!doctype html", "<html", "<head", "<body"]
            .iter()
            .any(|tag| memmem::find(&head, tag.as_bytes()).is_some())
    };
    looks_like_html(body) && (opens() || body.trim_ascii_end().ends_with(b">"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charset_is_found_in_every_usual_spelling() {
        for header in
            ["text/html; charset=GBK", "text/html;Charset=\"GBK\"", "text/html; x=1; charset= 'GBK' "]
        {
            assert_eq!(MediaType::parse(header).charset.as_deref(), Some("GBK"), "{header}");
        }
        assert_eq!(MediaType::parse("text/html; charset=").charset, None);
    }

    #[test]
    fn types_without_meaning_are_left_to_the_bytes() {
        let unknown = MediaType::parse("application/octet-stream");
        assert!(unknown.document(b"<!DOCTYPE html><p>x".to_vec()).is_some());
        assert!(unknown.document(b"\x89PNG".to_vec()).is_none());
        assert!(MediaType::parse("image/png").document(b"<html>".to_vec()).is_none());
    }
}

//! A page together with its row, so that its corrections can be saved: `{"v":1,"document","row","saved"}`.

use super::check;
use super::errors::Refusal;
use super::state::{State, Task};
use crate::page::{Media, Page};
use crate::{Document, Report};
use axum::body::Body;
use axum::http::Response;
use serde::Serialize;
use std::sync::Arc;

/// A page as `/v1/check` and `/v1/pages` take it. Its text is decoded: a JSON string is Unicode.
#[derive(Serialize)]
struct Source<'a> {
    id: &'a str,
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// The answer with a page, its row and what is saved of it.
pub(super) async fn opened(state: &Arc<State>, task: Task) -> Result<Response<Body>, Refusal> {
    let opening = Arc::clone(state);
    let work = state.judging(task, move |document, report, row| answer(&opening, &document, &report, &row));
    Ok(check::json(state.pool.run(work).await??))
}

fn answer(state: &State, document: &Document, report: &Report, row: &[u8]) -> Result<Vec<u8>, Refusal> {
    let text = Page::decoded(document);
    let is_text = report.page().source().media == Media::Text;
    let source = Source {
        id: document.id(),
        url: document.url(),
        html: (!is_text).then_some(&*text),
        text: is_text.then_some(&*text),
    };
    let mut answer = b"{\"v\":1,\"document\":".to_vec();
    answer.append(&mut json(&source));
    answer.extend_from_slice(b",\"row\":");
    answer.extend_from_slice(row.trim_ascii_end());
    answer.extend_from_slice(b",\"saved\":");
    answer.append(&mut json(&state.saved(&as_sent(document, is_text, text), report)?));
    answer.extend_from_slice(b"}\n");
    Ok(answer)
}

/// The document that comes back with the corrections.
fn as_sent(document: &Document, is_text: bool, text: String) -> Document {
    let media = if is_text { Media::Text } else { Media::Html };
    let sent = Document::new(text).with_media(media).with_charset("utf-8");
    sent.with_id(document.id()).with_url_if(document.url())
}

/// Serialising the types of this room into memory fails on nothing.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// A value as a line of JSON.
pub(super) fn line(value: &impl Serialize) -> Vec<u8> {
    let mut line = json(value);
    line.push(b'\n');
    line
}

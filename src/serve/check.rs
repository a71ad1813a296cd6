//! `POST /v1/check`: one page in, its row out.

use super::errors::Refusal;
use super::query::Query;
use super::state::{State, Task};
use super::{body, document, guard};
use crate::input::{JsonFields, Record, json_document, stated_document};
use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use std::sync::Arc;

/// Where the endpoint is.
pub(super) const PATH: &str = "/v1/check";

/// Parameters of the endpoint besides those of a row: id and URL of a page, which raw HTML and text cannot say, and
/// whether the page comes with its row.
const OWN: [&str; 3] = ["id", "url", "document"];

pub(super) async fn check(
    Shared(state): Shared<Arc<State>>,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let (parts, body) = request.into_parts();
    let query = Query::of(parts.uri.query(), &OWN)?;
    // Its share of the memory is given back when the row is there.
    let held = body::read(&state, &parts.headers, body).await?;
    let Record { provenance, outcome } = sent(&parts.headers, held.bytes)?;
    let mut document = outcome?.with_url_if(query.own("url"));
    if let Some(id) = query.own("id") {
        document = document.with_id(id);
    }
    let with_document = query.switch("document")?;
    row(&state, Task { document, from: Some(provenance), format: query.format }, with_document).await
}

fn sent(headers: &HeaderMap, body: Vec<u8>) -> Result<Record, Refusal> {
    let stated = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let stated = String::from_utf8_lossy(stated);
    if guard::is_json(&stated) {
        return Ok(json_document(body, &JsonFields::default()));
    }
    stated_document(&stated, body).ok_or_else(|| {
        let message = format!(
            "the body's type is `{stated}`; send HTML as text/html, text as text/plain, or a JSON object as application/json"
        );
        Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_type", message)
    })
}

/// The answer with a page's row, and with the page itself where that was asked for.
pub(super) async fn row(
    state: &Arc<State>,
    task: Task,
    with_document: bool,
) -> Result<Response<Body>, Refusal> {
    if with_document {
        return document::opened(state, task).await;
    }
    let work = state.judging(task, |_, _, row| row);
    Ok(json(state.pool.run(work).await?))
}

/// A successful answer of JSON.
pub(super) fn json(text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

//! `GET /v1/score?url=`: a page is fetched, as carefully as `pagesieve score` does it, and judged.

use super::check;
use super::errors::Refusal;
use super::query::Query;
use super::state::{State, Task};
use crate::input::fetch::fetch;
use crate::provenance::Provenance;
use crate::{Document, Error};
use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::{Response, StatusCode};
use std::sync::Arc;
use std::time::Instant;

pub(super) async fn score(
    Shared(state): Shared<Arc<State>>,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let query = Query::of(request.uri().query(), &["url", "document"])?;
    let Some(url) = query.own("url") else {
        return Err(Refusal::bad("bad_query", "expected `?url=`, found none; name the page to fetch"));
    };
    let url = url.to_owned();
    let with_document = query.switch("document")?;
    let document = fetched(&state, url.clone()).await?;
    let from = Some(Provenance::new(url, 1));
    check::row(&state, Task { document, from, format: query.format }, with_document).await
}

async fn fetched(state: &Arc<State>, url: String) -> Result<Document, Refusal> {
    let Ok(place) = Arc::clone(&state.fetches).try_acquire_owned() else {
        return Err(Refusal::busy("too many pages are fetched at the same time"));
    };
    let started = Instant::now();
    let options = state.options.fetch.clone();
    let fetching = tokio::task::spawn_blocking(move || {
        let document = fetch(&url, &options);
        drop(place);
        document
    });
    let document = fetching.await.map_err(|_| Refusal::panic())?;
    state.metrics.fetch.since(started);
    document.map_err(|error: Error| Refusal::new(StatusCode::BAD_GATEWAY, "not_fetched", error.to_string()))
}

//! A request's body → bytes in memory, within limits of size, of time and of what all requests hold together.

use super::errors::Refusal;
use super::state::State;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use std::time::{Duration, Instant};
use tokio::sync::OwnedSemaphorePermit;

/// How long the rest of a body that is refused is read and thrown away. A connection that is closed while its client
/// still sends takes the answer with it.
const LINGER: Duration = Duration::from_secs(2);

/// A body, and its share of the memory for bodies as long as this is kept.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    pub(super) share: Option<OwnedSemaphorePermit>,
}

/// Reads a body whole. One that says that it is too large is not read at all.
pub(super) async fn read(state: &State, headers: &HeaderMap, body: Body) -> Result<Held, Refusal> {
    let started = Instant::now();
    let mut chunks = body.into_data_stream();
    let read = collect(state, headers, &mut chunks).await;
    state.metrics.read.since(started);
    if read.as_ref().is_err_and(|refusal| refusal.status() == StatusCode::PAYLOAD_TOO_LARGE)
        && !headers.contains_key(header::EXPECT)
    {
        tokio::spawn(throw_away(chunks));
    }
    read
}

async fn collect(state: &State, headers: &HeaderMap, chunks: &mut BodyDataStream) -> Result<Held, Refusal> {
    plain(headers)?;
    let limit = state.options.page_bytes;
    let stated = length(headers);
    if stated.is_some_and(|length| length > limit as u64) {
        return Err(Refusal::too_large(limit));
    }
    let mut held = Held { bytes: Vec::new(), share: None };
    while let Some(chunk) = next(chunks, state.options.idle_time).await? {
        if held.bytes.len() + chunk.len() > limit {
            return Err(Refusal::too_large(limit));
        }
        held.take(state, &chunk)?;
    }
    Ok(held)
}

impl Held {
    fn take(&mut self, state: &State, chunk: &[u8]) -> Result<(), Refusal> {
        let permits = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
        let Ok(share) = std::sync::Arc::clone(&state.bytes).try_acquire_many_owned(permits) else {
            return Err(Refusal::busy("the memory for bodies is full"));
        };
        match &mut self.share {
            Some(all) => all.merge(share),
            None => self.share = Some(share),
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }
}

/// The next bytes of a body; none at its end.
pub(super) async fn next(chunks: &mut BodyDataStream, idle: Duration) -> Result<Option<Bytes>, Refusal> {
    let chunk = tokio::time::timeout(idle, chunks.next()).await.map_err(|_| too_slow(idle))?;
    chunk
        .transpose()
        .map_err(|error| Refusal::bad("broken_body", format!("the body breaks off: {error}; send it again")))
}

fn too_slow(idle: Duration) -> Refusal {
    let idle = idle.as_secs_f32();
    let message = format!("no byte of the body came within {idle} seconds; send it without a pause");
    Refusal::new(StatusCode::REQUEST_TIMEOUT, "slow_body", message)
}

/// Refuses a body that is compressed: its size would say nothing about its page's.
fn plain(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get(header::CONTENT_ENCODING) {
        None => Ok(()),
        Some(encoding) if encoding.as_bytes().eq_ignore_ascii_case(b"identity") => Ok(()),
        Some(_) => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_encoding",
            "the body is compressed; send it as it is, without `Content-Encoding`",
        )),
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn throw_away(mut chunks: BodyDataStream) {
    let read = async { while let Some(Ok(_)) = chunks.next().await {} };
    // Whoever still sends after that loses the connection.
    let _ = tokio::time::timeout(LINGER, read).await;
}

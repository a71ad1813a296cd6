//! `POST /v1/batch`: JSON lines in, rows out, in order, while the body still comes in.
//!
//! Four steps run at the same time: the body's chunks, the lines and their documents (`input`, on a thread
//! of its own, as it reads without async), the threads that judge, the rows. Between them stand short queues. A
//! client that does not read its rows fills them from behind, until its body is not read any further.

use super::body;
use super::errors::Refusal;
use super::query::Query;
use super::state::{State, Task};
use crate::input::{InputOptions, Record, json_lines};
use crate::output::RowFormat;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, Response, header};
use futures_util::{Stream, StreamExt, stream};
use std::convert::Infallible;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// Chunks of a body that wait to be cut into lines; hyper's are 8 to 400 KB.
const CHUNKS: usize = 4;

pub(super) async fn batch(
    Shared(state): Shared<Arc<State>>,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let query = Query::of(request.uri().query(), &[])?;
    let Ok(place) = Arc::clone(&state.batches).try_acquire_owned() else {
        return Err(Refusal::busy("too many batches run at the same time"));
    };
    let (sender, chunks) = mpsc::channel(CHUNKS);
    tokio::spawn(feed(request.into_body(), sender, state.options.idle_time));
    let (sender, lines) = mpsc::channel(1);
    let cutting = Arc::clone(&state);
    tokio::task::spawn_blocking(move || {
        cut(&cutting, Chunks { chunks, current: Bytes::new() }, &sender);
        drop(place);
    });
    let mut response = Response::new(Body::from_stream(rows(state, lines, query.format)));
    let media = HeaderValue::from_static("application/x-ndjson");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    Ok(response)
}

/// Sends the body's chunks on; what is wrong with the body becomes an error of the reader.
async fn feed(body: Body, sender: mpsc::Sender<io::Result<Bytes>>, idle: Duration) {
    let mut chunks = body.into_data_stream();
    loop {
        let chunk = match body::next(&mut chunks, idle).await {
            Ok(Some(chunk)) => Ok(chunk),
            Ok(None) => return,
            Err(refusal) => Err(io::Error::other(refusal.into_message())),
        };
        let ends = chunk.is_err();
        if sender.send(chunk).await.is_err() || ends {
            return;
        }
    }
}

/// A record, and its share of the memory for bodies until its row is there.
struct Line {
    record: Record,
    share: Option<OwnedSemaphorePermit>,
}

/// Cuts the lines until the body ends or nobody wants rows any more.
fn cut(state: &State, chunks: Chunks, sender: &mpsc::Sender<Line>) {
    let options = InputOptions::default().with_line_bytes(state.options.page_bytes);
    for record in json_lines(chunks, options) {
        let bytes = record.bytes().min(state.options.page_bytes);
        let share = Arc::clone(&state.bytes).acquire_many_owned(bytes as u32);
        // The semaphore is never closed, and what came out of a line is never larger than it.
        let share = Handle::current().block_on(share).ok();
        if sender.blocking_send(Line { record, share }).is_err() {
            return;
        }
    }
}

/// The rows in the order of the records, of which as many are judged at a time as there are threads.
fn rows(
    state: Arc<State>,
    mut lines: mpsc::Receiver<Line>,
    format: RowFormat,
) -> impl Stream<Item = Result<Vec<u8>, Infallible>> {
    let at_once = state.options.threads;
    let lines = stream::poll_fn(move |context| lines.poll_recv(context));
    let row = move |Line { record, share }: Line| {
        let (state, format) = (Arc::clone(&state), format.clone());
        async move {
            let Record { provenance, outcome } = record;
            let row = match outcome {
                Ok(document) => state.row_in_turn(Task { document, from: Some(provenance), format }).await,
                Err(error) => state.failure_row(&error, Some(&provenance), &format),
            };
            drop(share);
            Ok(row)
        }
    };
    lines.map(row).buffered(at_once)
}

/// Chunks that come in as a reader without async.
struct Chunks {
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    current: Bytes,
}

impl Read for Chunks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.current = chunk?,
                None => return Ok(0),
            }
        }
        let part = self.current.split_to(out.len().min(self.current.len()));
        out.get_mut(..part.len()).unwrap_or_default().copy_from_slice(&part);
        Ok(part.len())
    }
}

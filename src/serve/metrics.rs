//! Counters and times for Prometheus.

use super::errors::Refusal;
use super::state::State;
use crate::Verdict;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State as Shared};
use axum::http::{Response, StatusCode, header};
use axum::middleware::Next;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::time::Instant;

/// Upper ends of the histograms' buckets in seconds: a small page takes half a millisecond, the request's limit is a
/// minute by default.
const BUCKETS: [f64; 13] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0, 60.0];

/// The media type of `GET /metrics`.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels<const N: usize> = [(&'static str, String); N];

/// The kind of an answer that is an error, for the counters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind(pub(super) &'static str);

/// Everything that is counted.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    pages: Counter,
    bytes: Counter,
    verdicts: Family<Labels<1>, Counter>,
    errors: Family<Labels<1>, Counter>,
    /// From a request's head to the end of its body.
    pub(super) read: Stage,
    /// From the queue's end to a thread.
    pub(super) queue: Stage,
    /// [`Filter::check`](crate::Filter::check).
    pub(super) check: Stage,
    /// A report to a row.
    pub(super) write: Stage,
    /// A URL to a document.
    pub(super) fetch: Stage,
    waiting: Gauge,
    /// Open connections.
    pub(super) connections: Gauge,
}

/// The times of one stage.
#[derive(Debug)]
pub(super) struct Stage(Histogram);

impl Stage {
    /// Takes down the time since then.
    pub(super) fn since(&self, start: Instant) {
        self.0.observe(start.elapsed().as_secs_f64());
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("pagesieve");
        let seconds = Family::<Labels<1>, Histogram>::new_with_constructor(histogram);
        let stage = |name: &str| Stage(seconds.get_or_create_owned(&[("stage", name.to_owned())]));
        let [read, queue, check, write, fetch] = ["read", "queue", "check", "write", "fetch"].map(stage);
        let metrics = Self {
            requests: Family::default(),
            pages: Counter::default(),
            bytes: Counter::default(),
            verdicts: Family::default(),
            errors: Family::default(),
            waiting: Gauge::default(),
            connections: Gauge::default(),
            registry: Registry::default(),
            read,
            queue,
            check,
            write,
            fetch,
        };
        metrics.register(&mut registry);
        registry.register_with_unit("stage", "Time of a stage of the work", Unit::Seconds, seconds);
        Self { registry, ..metrics }
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("requests", "Answers by method, path and status", self.requests.clone());
        registry.register("pages", "Pages that were judged", self.pages.clone());
        registry.register("page_bytes", "Bytes of these pages", self.bytes.clone());
        registry.register("verdicts", "Pages by their verdict", self.verdicts.clone());
        registry.register("errors", "Error answers and error rows by their kind", self.errors.clone());
        registry.register("waiting_pages", "Pages that wait for a thread", self.waiting.clone());
        registry.register("connections", "Open connections", self.connections.clone());
    }

    /// Counts a page.
    pub(super) fn judged(&self, verdict: Verdict, bytes: usize) {
        self.pages.inc();
        self.bytes.inc_by(bytes as u64);
        self.verdicts.get_or_create(&[("verdict", verdict.as_str().to_owned())]).inc();
    }

    /// Counts an error answer or an error row.
    pub(super) fn error(&self, kind: &str) {
        self.errors.get_or_create(&[("kind", kind.to_owned())]).inc();
    }

    /// Pages that were judged so far.
    pub(super) fn pages(&self) -> u64 {
        self.pages.get()
    }

    fn answered(&self, method: &str, path: &str, response: &Response<Body>) {
        let status = response.status().as_str().to_owned();
        let labels = [("method", method.to_owned()), ("path", path.to_owned()), ("status", status)];
        self.requests.get_or_create(&labels).inc();
        if let Some(Kind(kind)) = response.extensions().get() {
            self.error(kind);
        }
    }
}

/// Counts every answer. Paths that do not exist and methods that nobody knows share a name each, so that strangers cannot
/// make the figures grow.
pub(super) async fn count(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response<Body> {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
    let method = known.into_iter().find(|name| *name == request.method().as_str()).unwrap_or("other");
    let response = next.run(request).await;
    state.metrics.answered(method, path.as_ref().map_or("other", MatchedPath::as_str), &response);
    response
}

/// `GET /metrics`.
pub(super) async fn show(Shared(state): Shared<Arc<State>>) -> Result<Response<Body>, Refusal> {
    state.metrics.waiting.set(i64::try_from(state.pool.waiting()).unwrap_or(i64::MAX));
    let mut text = String::new();
    encode(&mut text, &state.metrics.registry).map_err(|error| {
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "metrics",
            format!("cannot write the figures: {error}"),
        )
    })?;
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(OPEN_METRICS));
    Ok(response)
}

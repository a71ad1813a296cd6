//! What an endpoint answers when it cannot do what was asked.

use super::metrics::Kind;
use super::pool::Missed;
use crate::RecordError;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;

/// Seconds after which a client that was sent away because of too much work may ask again.
const RETRY_AFTER: u32 = 1;

/// An answer that is no success: `{"v":1,"error":{"kind","message"}}`.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: StatusCode,
    /// Stable name, `snake_case`.
    kind: &'static str,
    /// What was expected, what was found and what to do.
    message: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into() }
    }

    /// A request that can never work as it is.
    pub(super) fn bad(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, kind, message)
    }

    /// More work than the service has been allowed.
    pub(super) fn busy(what: &str) -> Self {
        let message = format!("{what}; ask again after the seconds of `Retry-After`");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
    }

    /// A body over the limit.
    pub(super) fn too_large(limit: usize) -> Self {
        let message = format!(
            "the body is larger than the limit of {limit} bytes; send less, or start the service with a larger --max-page"
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    }

    /// A thing that is not there.
    pub(super) fn missing(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, kind, message)
    }

    /// A request that does not fit the state in which things are.
    pub(super) fn conflict(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, kind, message)
    }

    /// Files of the service's own that cannot be used.
    pub(super) fn files(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, message)
    }

    /// A bug.
    pub(super) fn panic() -> Self {
        let message = "the page could not be judged, which is a bug; please report it with the page";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "panic", message)
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn into_message(self) -> String {
        self.message
    }

    /// Whether the client may try the same again soon.
    fn is_temporary(&self) -> bool {
        matches!(self.kind, "busy" | "timeout")
    }
}

impl From<RecordError> for Refusal {
    fn from(error: RecordError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.kind, error.message)
    }
}

impl From<Missed> for Refusal {
    fn from(missed: Missed) -> Self {
        match missed {
            Missed::Full => Self::busy("all threads are at work and the queue is full"),
            Missed::Panicked => Self::panic(),
        }
    }
}

/// The fields that an error row has too, in the same order.
#[derive(Serialize)]
struct Row<'a> {
    v: u8,
    error: ErrorField<'a>,
}

#[derive(Serialize)]
struct ErrorField<'a> {
    kind: &'a str,
    message: &'a str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        let row = Row { v: 1, error: ErrorField { kind: self.kind, message: &self.message } };
        // Serialising these types into memory fails on nothing.
        let text = serde_json::to_string(&row).unwrap_or_default();
        let mut response = Response::new(Body::from(text + "\n"));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.is_temporary() {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Kind(self.kind));
        response
    }
}

//! Files that are part of the program: the page inspector and the description of the service.

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};

const PAGE: &str = include_str!("inspector/index.html");
const STYLE: &str = include_str!("inspector/inspector.css");
const SCRIPT: &str = include_str!("inspector/inspector.js");
const DESCRIPTION: &str = include_str!("openapi.json");

/// Paths that need no token: they say nothing of any page, and a browser cannot send one with a visit.
const OPEN: [&str; 4] = ["/", "/inspector.css", "/inspector.js", "/healthz"];

pub(super) fn is_open(path: &str) -> bool {
    OPEN.contains(&path)
}

pub(super) async fn page() -> Response<Body> {
    answer("text/html; charset=utf-8", PAGE)
}

pub(super) async fn style() -> Response<Body> {
    answer("text/css; charset=utf-8", STYLE)
}

pub(super) async fn script() -> Response<Body> {
    answer("text/javascript; charset=utf-8", SCRIPT)
}

/// `GET /openapi.json`.
pub(super) async fn description() -> Response<Body> {
    answer("application/json", DESCRIPTION)
}

/// `GET /healthz`.
pub(super) async fn health() -> Response<Body> {
    answer(
        "application/json",
        concat!(r#"{"v":1,"status":"ok","version":""#, env!("CARGO_PKG_VERSION"), "\"}\n"),
    )
}

fn answer(media: &'static str, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

//! Who may ask: the token, and what keeps web pages in a browser on this machine away from the service.
//!
//! A browser sends requests of any page to any address, also to loopback. A page of another site is told by
//! `Sec-Fetch-Site` and `Origin`; a name that somebody has pointed at this machine (DNS rebinding) by `Host`; and a
//! form cannot send JSON without being asked for permission first.

use super::errors::Refusal;
use super::state::State;
use super::{assets, check};
use axum::extract::{Request, State as Shared};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;

/// Lets a request through, or says why not.
pub(super) async fn admit(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let admitted = host(&state, &request)
        .and_then(|()| same_site(&request))
        .and_then(|()| if assets::is_open(path) { Ok(()) } else { token(&state, request.headers()) })
        .and_then(|()| content_type(&request));
    match admitted {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// A service without a token answers under this machine's own names only.
fn host(state: &State, request: &Request) -> Result<(), Refusal> {
    if state.options.token.is_some() {
        return Ok(());
    }
    let stated = value(request.headers(), &header::HOST).or(request.uri().authority().map(Authority::as_str));
    let name = name_of(stated.unwrap_or_default());
    if is_loopback(&name) || state.options.hosts.contains(&name) {
        return Ok(());
    }
    let message = format!(
        "the host `{name}` is not this machine's; ask for 127.0.0.1 or localhost, or start the service with --host-name {name}"
    );
    Err(Refusal::new(StatusCode::FORBIDDEN, "foreign_host", message))
}

/// A host without its port, in lower case.
fn name_of(host: &str) -> String {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

fn is_loopback(name: &str) -> bool {
    name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn same_site(request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    let site = value(headers, &HeaderName::from_static("sec-fetch-site"));
    let is_own = match site {
        None | Some("same-origin" | "none") => true,
        // A link may lead to the inspector.
        Some(_) => is_visit(request),
    };
    if is_own && origin_is_own(headers) {
        return Ok(());
    }
    let message = "the request comes from a page of another site, which may not use this service; ask from the \
                   inspector's own page, or from a program that is no browser";
    Err(Refusal::new(StatusCode::FORBIDDEN, "cross_site", message))
}

/// Whether somebody goes to the inspector's page, which alone shows and changes nothing.
fn is_visit(request: &Request) -> bool {
    let mode = value(request.headers(), &HeaderName::from_static("sec-fetch-mode"));
    mode == Some("navigate") && request.method() == Method::GET && request.uri().path() == "/"
}

fn origin_is_own(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let own = value(headers, &header::HOST).unwrap_or_default();
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    host.is_some_and(|(scheme, host)| matches!(scheme, "http" | "https") && host.eq_ignore_ascii_case(own))
}

fn token(state: &State, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(token) = &state.options.token else { return Ok(()) };
    let sent = value(headers, &header::AUTHORIZATION).unwrap_or_default();
    let sent = sent.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    if sent.is_some_and(|(_, sent)| token.is(sent.trim().as_bytes())) {
        return Ok(());
    }
    let message = match sent {
        Some(_) => "the token is not the service's; send the one that it was started with",
        None => "this service needs a token; send it as `Authorization: Bearer TOKEN`",
    };
    Err(Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", message))
}

/// What changes something is sent as JSON, which no form of another site can send. `/v1/check` changes nothing.
fn content_type(request: &Request) -> Result<(), Refusal> {
    let changes = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    let stated = value(request.headers(), &header::CONTENT_TYPE).unwrap_or_default();
    if !changes || request.uri().path() == check::PATH || is_json(stated) {
        return Ok(());
    }
    let message = format!(
        "expected a body of JSON, found `{stated}`; send it as application/json, JSON lines as application/x-ndjson"
    );
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_type", message))
}

/// Whether a `Content-Type` is that of JSON or of JSON lines.
pub(super) fn is_json(stated: &str) -> bool {
    let name = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let names = ["application/json", "application/x-ndjson", "application/ndjson", "application/jsonl"];
    names.contains(&name.as_str())
}

fn value<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Compares every byte, wherever the first difference is; only the length shows in the time.
pub(super) fn equal(expected: &[u8], found: &[u8]) -> bool {
    let differ = expected.iter().zip(found).fold(0, |differ, (a, b)| std::hint::black_box(differ | (a ^ b)));
    expected.len() == found.len() && differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_known_with_and_without_a_port() {
        for host in ["localhost", "LOCALHOST:8040", "127.0.0.1:1", "127.9.9.9", "[::1]:80", "[::1]"] {
            assert!(is_loopback(&name_of(host)), "{host}");
        }
        for host in ["", "rebound.example:8040", "localhost.example", "10.0.0.1", "127.0.0.1.example", "::2"]
        {
            assert!(!is_loopback(&name_of(host)), "{host}");
        }
    }

    #[test]
    fn an_origin_is_compared_whole() {
        let own = |origin: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "127.0.0.1:8040".parse().unwrap());
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            origin_is_own(&headers)
        };
        assert!(own("http://127.0.0.1:8040"));
        for origin in ["null", "http://127.0.0.1:9999", "http://a.example", "file://127.0.0.1:8040", ""] {
            assert!(!own(origin), "{origin}");
        }
    }
}

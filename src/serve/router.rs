//! All endpoints, and what every answer has in common.

use super::errors::Refusal;
use super::state::State;
use super::{assets, batch, check, fetch, guard, hosts, labels, metrics, pages, queue, training};
use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post, put};
use std::sync::Arc;
use tower_http::set_header::SetResponseHeaderLayer;

/// One method of one path.
struct Route {
    method: &'static str,
    path: &'static str,
    endpoint: fn() -> MethodRouter<Arc<State>>,
}

const fn route(
    method: &'static str,
    path: &'static str,
    endpoint: fn() -> MethodRouter<Arc<State>>,
) -> Route {
    Route { method, path, endpoint }
}

/// `openapi.json` describes the same.
const ROUTES: &[Route] = &[
    route("post", check::PATH, || post(check::check)),
    route("post", "/v1/batch", || post(batch::batch)),
    route("get", "/v1/score", || get(fetch::score)),
    route("get", "/v1/hosts/{host}", || get(hosts::show)),
    route("get", "/v1/labels", || get(labels::show)),
    route("put", "/v1/pages", || put(pages::put)),
    route("delete", "/v1/pages/{name}", || delete(pages::delete)),
    route("get", "/v1/queue", || get(queue::list)),
    route("get", "/v1/queue/{at}", || get(queue::show)),
    route("post", "/v1/train", || post(training::start)),
    route("get", "/v1/train", || get(training::show)),
    route("delete", "/v1/train", || delete(training::cancel)),
    route("get", "/v1/model", || get(training::model)),
    route("post", "/v1/model", || post(training::choose)),
    route("get", "/metrics", || get(metrics::show)),
    route("get", "/healthz", || get(assets::health)),
    route("get", "/openapi.json", || get(assets::description)),
    route("get", "/", || get(assets::page)),
    route("get", "/inspector/{file}", || get(assets::file)),
];

/// Method and path of every endpoint, as `OpenAPI` writes them: `("get", "/v1/hosts/{host}")`.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().map(|route| (route.method, route.path))
}

pub(super) fn router(state: Arc<State>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.endpoint)());
    }
    let router = router
        .fallback(no_path)
        .method_not_allowed_fallback(no_method)
        .layer(from_fn_with_state(Arc::clone(&state), in_time))
        .layer(from_fn_with_state(Arc::clone(&state), guard::admit))
        .layer(from_fn_with_state(Arc::clone(&state), metrics::count))
        .with_state(state);
    // They come last, so that every answer has them.
    HEADERS.into_iter().fold(router, |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value)))
    })
}

async fn no_path(uri: Uri) -> Refusal {
    let message = format!("there is no `{}`; /openapi.json lists what there is", uri.path());
    Refusal::new(StatusCode::NOT_FOUND, "not_found", message)
}

async fn no_method(method: Method, uri: Uri) -> Refusal {
    let message = format!("`{}` does not take {method}; /openapi.json says what it takes", uri.path());
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
}

/// Ends a request that takes too long. A streamed answer has its own limits.
async fn in_time(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let limit = state.options.request_time;
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let limit = limit.as_secs_f32();
        let message =
            format!("the request took longer than {limit} seconds; ask again, or raise --request-time");
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", message).into_response()
    })
}

/// Nothing from elsewhere runs in the inspector, nothing is kept by a cache, nobody learns where a request came from.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

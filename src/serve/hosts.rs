//! `GET /v1/hosts/{host}`: what is known of a host.

use super::check;
use super::errors::Refusal;
use super::pool::blocking;
use super::state::{Hosts, State};
use crate::Error;
use crate::host::Known;
use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{Response, StatusCode};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// After this time it is read anew what is usual in the database, to which a crawl may be adding.
const FRESH: Duration = Duration::from_mins(1);

pub(super) async fn show(
    Shared(state): Shared<Arc<State>>,
    Path(host): Path<String>,
) -> Result<Response<Body>, Refusal> {
    let known = blocking(move || known(&state, &host)).await?;
    Ok(check::json(known.json().to_string() + "\n"))
}

fn known(state: &State, host: &str) -> Result<Known, Refusal> {
    let Some(hosts) = state.hosts() else {
        let message =
            "the service knows nothing of hosts; start it with --hosts FILE.db, --lists DIR, or both";
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "no_hosts", message));
    };
    let mut hosts = hosts.lock().unwrap_or_else(PoisonError::into_inner);
    let known = hosts.known(host).map_err(refusal)?;
    if known.is_nothing() {
        let message = format!(
            "nothing is known of `{host}`: no page in the database, no list names it; add pages with `filter --hosts`, or a list"
        );
        return Err(Refusal::new(StatusCode::NOT_FOUND, "unknown_host", message));
    }
    Ok(known)
}

impl Hosts {
    fn known(&mut self, host: &str) -> crate::Result<Known> {
        if self.read.elapsed() >= FRESH {
            self.sources.refresh()?;
            self.read = Instant::now();
        }
        self.sources.known(host)
    }
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::Settings(message) => Refusal::bad("bad_host", message),
        error => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "database", error.to_string()),
    }
}

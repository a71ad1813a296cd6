//! `GET /v1/queue` and `GET /v1/queue/{at}`: the pages of a result in the order in which they are worth a look.

use super::errors::Refusal;
use super::labels::unreadable;
use super::pool::blocking;
use super::query::Query;
use super::state::{State, Task};
use super::{check, document};
use crate::Error;
use crate::annotate::{Found, LabelledFolder, Order, Queue, Queued, Sources};
use axum::body::Body;
use axum::extract::{Path, Request, State as Shared};
use axum::http::{Response, StatusCode};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Pages of an answer where nothing is said, and at most.
const USUAL: usize = 50;
const MOST: usize = 500;

/// A result, and where its pages are.
#[derive(Debug)]
pub(super) struct Worklist {
    list: Mutex<List>,
    sources: Sources,
}

/// The pages, in the orders that were asked for. An order stays as it is until somebody asks for its start again, so that
/// whoever walks through it sees every page once.
#[derive(Debug)]
struct List {
    queue: Queue,
    orders: HashMap<&'static str, Vec<usize>>,
    /// Whether the folder of labelled pages has changed since it was compared with.
    is_stale: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    v: u8,
    total: usize,
    pages: Vec<&'a Queued>,
}

impl Worklist {
    pub(super) fn new(queue: Queue, sources: Sources) -> Self {
        let list = List { queue, orders: HashMap::new(), is_stale: true };
        Self { list: Mutex::new(list), sources }
    }

    /// The folder of labelled pages is another one than before.
    pub(super) fn labels_changed(&self) {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).is_stale = true;
    }

    fn page(&self, at: usize) -> Result<Found, Refusal> {
        let row = {
            let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
            let total = list.queue.pages().len();
            if at >= total {
                let message = format!("the queue has {total} pages, from 0; there is no page {at}");
                return Err(Refusal::missing("not_in_queue", message));
            }
            list.queue.row(at).map_err(not_found)?
        };
        self.sources.document(&row).map_err(not_found)
    }
}

impl List {
    /// Compares with what is labelled, and ranks.
    fn refresh(&mut self, folder: Option<&LabelledFolder>) -> Result<(), Refusal> {
        if let Some(folder) = folder.filter(|_| self.is_stale) {
            self.queue.compare(folder.dir()).map_err(|errors| unreadable(&errors))?;
        }
        if self.is_stale {
            self.orders.clear();
            self.is_stale = false;
        }
        Ok(())
    }

    fn answer(&mut self, order: Order, offset: usize, limit: usize) -> Vec<u8> {
        let queue = &self.queue;
        let places = self.orders.entry(order.as_str());
        let places = places.or_insert_with(|| queue.ranked(order).map(|page| page.at).collect());
        let chosen = places.iter().skip(offset).take(limit);
        let pages = chosen.filter_map(|at| queue.pages().get(*at)).collect();
        document::line(&Answer { v: 1, total: places.len(), pages })
    }
}

pub(super) async fn list(
    Shared(state): Shared<Arc<State>>,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let query = Query::only(request.uri().query(), &["by", "offset", "limit"])?;
    let order = order(query.own("by"))?;
    let (offset, limit) = (query.number("offset", 0)?, query.number("limit", USUAL)?.min(MOST));
    let work = state.worklist()?;
    let answer = blocking(move || {
        let mut list = work.list.lock().unwrap_or_else(PoisonError::into_inner);
        if offset == 0 {
            list.refresh(state.labels.as_deref())?;
        }
        Ok(list.answer(order, offset, limit))
    });
    Ok(check::json(answer.await?))
}

pub(super) async fn show(
    Shared(state): Shared<Arc<State>>,
    Path(at): Path<String>,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let query = Query::of(request.uri().query(), &[])?;
    let at = at.parse().map_err(|_| {
        Refusal::bad(
            "bad_place",
            format!("expected a page's place in the queue, a number from 0, found `{at}`"),
        )
    })?;
    let work = state.worklist()?;
    let Ok(place) = Arc::clone(&state.fetches).try_acquire_owned() else {
        return Err(Refusal::busy("too many pages are looked for at the same time"));
    };
    let found = blocking(move || {
        let found = work.page(at);
        drop(place);
        found
    });
    let Found { document, provenance, .. } = found.await?;
    document::opened(&state, Task { document, from: provenance, format: query.format }).await
}

fn order(name: Option<&str>) -> Result<Order, Refusal> {
    let Some(name) = name else { return Ok(Order::default()) };
    Order::from_name(name).ok_or_else(|| {
        Refusal::bad("bad_query", format!("`by` must be uncertain, different or order, but is `{name}`"))
    })
}

impl State {
    fn worklist(&self) -> Result<Arc<Worklist>, Refusal> {
        self.queue.clone().ok_or_else(|| {
            let message = "the service has no result to walk through; start it with --from RESULT.jsonl, or with --labels \
                           DIR after `pagesieve label --from RESULT.jsonl --queue --labels DIR`";
            Refusal::missing("no_queue", message)
        })
    }

    /// Whatever was derived from the folder of labelled pages must be derived anew.
    pub(super) fn labels_changed(&self) {
        if let Some(work) = &self.queue {
            work.labels_changed();
        }
    }
}

fn not_found(error: Error) -> Refusal {
    match error {
        Error::Settings(message) => Refusal::missing("no_source", message),
        Error::Fetch { .. } => Refusal::new(StatusCode::BAD_GATEWAY, "not_fetched", error.to_string()),
        error => Refusal::files("queue_unreadable", error.to_string()),
    }
}

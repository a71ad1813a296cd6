//! `PUT /v1/pages` and `DELETE /v1/pages/{name}`: corrections into the folder of labelled pages, and out of it.

use super::errors::Refusal;
use super::labels::{SavedPage, not_written};
use super::pool::blocking;
use super::state::State;
use super::{body, check, document};
use crate::annotate::{PAGE_TYPES, PageFacts};
use crate::classify::Label;
use crate::input::{JsonFields, json_document};
use crate::{Document, Error};
use axum::body::Body;
use axum::extract::{Path, Request, State as Shared};
use axum::http::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What is sent.
#[derive(Deserialize)]
struct Sent {
    document: Map<String, Value>,
    #[serde(rename = "type")]
    page_type: Option<String>,
    labels: Vec<String>,
    /// Indexes of the blocks whose label a person chose.
    #[serde(default)]
    chosen: Vec<usize>,
}

/// A page with a label for each block, not yet compared with the page.
struct Correction {
    document: Document,
    page_type: String,
    labels: Vec<Label>,
}

#[derive(Serialize)]
struct Answer {
    v: u8,
    name: String,
    blocks: usize,
    changed: usize,
    saved: SavedPage,
}

#[derive(Serialize)]
struct Removed {
    v: u8,
    name: String,
}

pub(super) async fn put(
    Shared(state): Shared<Arc<State>>,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let folder = state.folder()?;
    let (parts, body) = request.into_parts();
    // Its share of the memory is given back when the page is saved.
    let held = body::read(&state, &parts.headers, body).await?;
    let correction = Correction::read(&held.bytes)?;
    let judging = Arc::clone(&state);
    let (correction, facts) = state.pool.run(move || facts(&judging, correction)).await??;
    let answer = blocking(move || {
        let Correction { document, page_type, labels } = correction;
        let saved = folder.save(&document, &labels, &facts).map_err(|error| not_written(&error))?;
        state.labels_changed();
        let kept = SavedPage { name: saved.name.clone(), page_type, labels };
        Ok(Answer { v: 1, name: saved.name, blocks: saved.blocks, changed: saved.changed, saved: kept })
    });
    Ok(check::json(document::line(&answer.await?)))
}

pub(super) async fn delete(
    Shared(state): Shared<Arc<State>>,
    Path(name): Path<String>,
) -> Result<Response<Body>, Refusal> {
    let folder = state.folder()?;
    let answer = blocking(move || match folder.remove(&name) {
        Ok(true) => {
            state.labels_changed();
            Ok(Removed { v: 1, name })
        }
        Ok(false) => {
            Err(Refusal::missing("unknown_page", format!("no page `{name}` is saved; it may be out already")))
        }
        Err(Error::Settings(message)) => Err(Refusal::bad("bad_name", message)),
        Err(error) => Err(not_written(&error)),
    });
    Ok(check::json(document::line(&answer.await?)))
}

impl Correction {
    fn read(body: &[u8]) -> Result<Self, Refusal> {
        let sent: Sent = serde_json::from_slice(body).map_err(|error| {
            let expected = r#"expected {"document":{…},"type":"article","labels":["body",…]}"#;
            Refusal::bad("bad_page", format!("{expected}, found something else: {error}"))
        })?;
        let labels = labels(&sent.labels)?;
        if let Some(at) = sent.chosen.iter().find(|at| **at >= labels.len()) {
            let message =
                format!("expected `chosen` to have places of labels, below {}, found {at}", labels.len());
            return Err(Refusal::bad("bad_page", message));
        }
        let page_type = sent.page_type.unwrap_or_else(|| "article".to_owned());
        if !PAGE_TYPES.contains(&page_type.as_str()) {
            let known = PAGE_TYPES.join(", ");
            return Err(Refusal::bad("bad_type", format!("expected a type of {known}; found `{page_type}`")));
        }
        // What was read from JSON can be written as JSON.
        let document = serde_json::to_vec(&sent.document).unwrap_or_default();
        Ok(Self { document: json_document(document, &JsonFields::default()).outcome?, page_type, labels })
    }
}

fn labels(names: &[String]) -> Result<Vec<Label>, Refusal> {
    let label = |name: &String| {
        Label::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = Label::ALL.iter().map(|label| label.as_str()).collect();
            let message = format!("there is no label `{name}`; known are {}", known.join(", "));
            Refusal::bad("unknown_label", message)
        })
    };
    names.iter().map(label).collect()
}

/// What the header of the page says. Labels that are not one for each block are refused.
fn facts(state: &State, correction: Correction) -> Result<(Correction, PageFacts), Refusal> {
    let report = state.filter().check(&correction.document);
    let (blocks, found) = (report.page().blocks().len(), correction.labels.len());
    if blocks != found {
        return Err(Refusal::conflict(
            "other_blocks",
            format!(
                "expected {blocks} labels, one for each block as this version sees the page, found {found}; judge the page \
                 again and label it as it is now"
            ),
        ));
    }
    let facts = PageFacts::of(&report).with_type(&correction.page_type);
    Ok((correction, facts))
}

//! The folder of labelled pages: what labels there are, and what the folder has of a page.

use super::errors::Refusal;
use super::pool::blocking;
use super::state::State;
use super::{check, document};
use crate::annotate::{Kept, LabelledFolder};
use crate::classify::Label;
use crate::{Document, Error, Report};
use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{Response, StatusCode};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Answer {
    v: u8,
    labels: Vec<Meaning>,
    pages: usize,
    folder: Option<String>,
}

#[derive(Serialize)]
struct Meaning {
    name: Label,
    text: &'static str,
}

/// What the folder has of a page: a label for each of its blocks.
#[derive(Debug, Serialize)]
pub(super) struct SavedPage {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) page_type: String,
    pub(super) labels: Vec<Label>,
}

/// `GET /v1/labels`.
pub(super) async fn show(Shared(state): Shared<Arc<State>>) -> Result<Response<Body>, Refusal> {
    let answer = blocking(move || answer(state.labels.as_deref())).await?;
    Ok(check::json(document::line(&answer)))
}

fn answer(folder: Option<&LabelledFolder>) -> Result<Answer, Refusal> {
    let pages = folder.map_or(Ok(0), |folder| folder.pages().map(|pages| pages.len()));
    Ok(Answer {
        v: 1,
        labels: Label::ALL.iter().map(|label| Meaning { name: *label, text: label.meaning() }).collect(),
        pages: pages.map_err(|errors| unreadable(&errors))?,
        folder: folder.map(|folder| folder.dir().display().to_string()),
    })
}

impl State {
    /// The folder, or where to get one.
    pub(super) fn folder(&self) -> Result<Arc<LabelledFolder>, Refusal> {
        self.labels.clone().ok_or_else(|| {
            Refusal::missing(
                "no_labels",
                "the service has no folder for labelled pages; start it with --labels DIR",
            )
        })
    }

    /// What the folder has of a page; blocks that it does not know have the label of the report.
    pub(super) fn saved(&self, document: &Document, report: &Report) -> Result<Option<SavedPage>, Refusal> {
        let Some(folder) = &self.labels else { return Ok(None) };
        let kept = folder.kept(document).map_err(|errors| unreadable(&errors))?;
        let filled = |Kept { name, page_type, labels }: Kept| {
            let known = labels.into_iter().chain(std::iter::repeat(None));
            let labels = report.blocks().zip(known).map(|((_, block), known)| known.unwrap_or(block.label));
            SavedPage { name, page_type, labels: labels.collect() }
        };
        Ok(kept.map(filled))
    }
}

/// Lines of a folder's files that are named in a message.
const NAMED: usize = 3;

/// Files of labels that this version cannot read.
pub(super) fn unreadable(errors: &[Error]) -> Refusal {
    let named: Vec<String> = errors.iter().take(NAMED).map(ToString::to_string).collect();
    let more = errors.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let message = format!(
        "the folder of labelled pages cannot be read: {}{more}; correct these files, or move them elsewhere",
        named.join("; ")
    );
    Refusal::files("labels_unreadable", message)
}

/// What could not be saved or taken out.
pub(super) fn not_written(error: &Error) -> Refusal {
    match error {
        Error::Io { .. } => Refusal::files(
            "labels_unwritable",
            format!("{error}; check that the folder is there, may be written, and the disk has room"),
        ),
        Error::Settings(message) => Refusal::conflict("not_saved", message.as_str()),
        error => Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "not_saved", error.to_string()),
    }
}

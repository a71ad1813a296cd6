//! `/v1/train` and `/v1/model`: corrected pages → another filter, in the background, used only when told.

use super::errors::Refusal;
use super::state::State;
use super::{body, check, document};
use crate::{Error, Filter};
use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Is told what a training is at, and may break it off.
pub type Progress<'a> = dyn Fn(&str) -> ControlFlow<()> + Sync + 'a;

/// Makes a filter of corrected pages. The service itself knows no training.
pub trait Trainer: Send + Sync {
    /// Learns from a folder of labelled pages on top of the filter with which the service was started. It runs on a thread
    /// of its own, while the folder may grow.
    ///
    /// # Errors
    /// Why there is no other filter; also that `progress` has broken it off.
    fn train(&self, base: &Filter, labels: &Path, progress: &Progress<'_>) -> Result<Trained, Vec<Error>>;
}

/// What a training gave.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The filter that has learned.
    pub filter: Filter,
    /// What was done, in a sentence for people.
    pub message: String,
    /// Figures of the filter from before: an object of numbers and of such objects.
    pub before: Value,
    /// The same figures of the filter that has learned.
    pub after: Value,
    /// Where it is worse than before.
    pub warnings: Vec<String>,
}

/// Which filter judges pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Which {
    /// The one with which the service was started.
    #[default]
    Started,
    /// The one of the last training.
    Trained,
}

/// What trains, and how far it is.
pub(super) struct Training {
    trainer: Option<Box<dyn Trainer>>,
    started: Arc<Filter>,
    course: Mutex<Course>,
}

#[derive(Debug, Default)]
struct Course {
    phase: Phase,
    /// What is being done, what was done, or why not.
    message: Option<String>,
    is_broken_off: bool,
    trained: Option<Arc<Trained>>,
    used: Which,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Phase {
    #[default]
    None,
    Running,
    Done,
    Failed,
}

#[derive(Serialize)]
struct Answer<'a> {
    v: u8,
    state: Phase,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome<'a>>,
}

#[derive(Serialize)]
struct Outcome<'a> {
    before: &'a Value,
    after: &'a Value,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Running {
    v: u8,
    #[serde(rename = "use")]
    used: Which,
    /// Whether there is a trained filter to use.
    trained: bool,
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(rename = "use")]
    used: Which,
}

impl fmt::Debug for Training {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Training").field("course", &self.course).finish_non_exhaustive()
    }
}

impl Training {
    pub(super) fn new(started: Arc<Filter>) -> Self {
        Self { trainer: None, started, course: Mutex::default() }
    }

    pub(super) fn with_trainer(self, trainer: Box<dyn Trainer>) -> Self {
        Self { trainer: Some(trainer), ..self }
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trainer(&self) -> Result<&dyn Trainer, Refusal> {
        self.trainer.as_deref().ok_or_else(|| {
            let message = "this build of pagesieve cannot train; take one with the feature `train`";
            Refusal::new(StatusCode::NOT_IMPLEMENTED, "no_trainer", message)
        })
    }

    /// Takes the only place for a training.
    fn begin(&self) -> Result<(), Refusal> {
        let mut course = self.course();
        if course.phase == Phase::Running {
            let message =
                "a training runs already; wait until GET /v1/train says `done`, or end it with DELETE";
            return Err(Refusal::conflict("training_runs", message));
        }
        (course.phase, course.message, course.is_broken_off) = (Phase::Running, None, false);
        Ok(())
    }

    fn tell(&self, text: &str) -> ControlFlow<()> {
        let mut course = self.course();
        if course.is_broken_off {
            return ControlFlow::Break(());
        }
        course.message = Some(text.to_owned());
        ControlFlow::Continue(())
    }

    fn run(&self, labels: &Path) {
        let work = AssertUnwindSafe(|| match self.trainer() {
            Ok(trainer) => {
                trainer.train(&self.started, labels, &|text| self.tell(text)).map_err(|errors| all(&errors))
            }
            Err(refusal) => Err(refusal.into_message()),
        });
        let outcome = catch_unwind(work);
        let outcome =
            outcome.unwrap_or_else(|_| Err("it broke down, which is a bug; please report it".to_owned()));
        self.end(outcome);
    }

    fn end(&self, outcome: Result<Trained, String>) {
        let mut course = self.course();
        match outcome {
            _ if course.is_broken_off => {
                (course.phase, course.message) = (Phase::Failed, Some("it was broken off".to_owned()));
            }
            Ok(trained) => {
                (course.phase, course.message) = (Phase::Done, Some(trained.message.clone()));
                course.trained = Some(Arc::new(trained));
            }
            Err(problem) => (course.phase, course.message) = (Phase::Failed, Some(problem)),
        }
    }

    fn answer(&self) -> Vec<u8> {
        let course = self.course();
        let trained = course.trained.as_ref().filter(|_| course.phase == Phase::Done);
        let outcome = trained.map(|trained| Outcome {
            before: &trained.before,
            after: &trained.after,
            warnings: &trained.warnings,
        });
        document::line(&Answer { v: 1, state: course.phase, message: course.message.as_deref(), outcome })
    }

    fn model(&self) -> Vec<u8> {
        let course = self.course();
        document::line(&Running { v: 1, used: course.used, trained: course.trained.is_some() })
    }
}

/// Problems that are named in a message.
const NAMED: usize = 3;

fn all(errors: &[Error]) -> String {
    let named: Vec<String> = errors.iter().take(NAMED).map(ToString::to_string).collect();
    named.join("; ")
}

/// `POST /v1/train`.
pub(super) async fn start(Shared(state): Shared<Arc<State>>) -> Result<Response<Body>, Refusal> {
    let folder = state.folder()?;
    state.training.trainer()?;
    state.training.begin()?;
    let training = Arc::clone(&state);
    let thread = std::thread::Builder::new().name("train".to_owned());
    let thread = thread.spawn(move || training.training.run(folder.dir()));
    if let Err(error) = thread {
        let problem = format!("cannot start a thread: {error}");
        state.training.end(Err(problem.clone()));
        return Err(Refusal::busy(&problem));
    }
    Ok(accepted(&state))
}

/// `GET /v1/train`.
pub(super) async fn show(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    check::json(state.training.answer())
}

/// `DELETE /v1/train`: it ends where it next says what it is at.
pub(super) async fn cancel(Shared(state): Shared<Arc<State>>) -> Result<Response<Body>, Refusal> {
    {
        let mut course = state.training.course();
        if course.phase != Phase::Running {
            return Err(Refusal::conflict("no_training", "no training runs; POST /v1/train starts one"));
        }
        course.is_broken_off = true;
    }
    Ok(accepted(&state))
}

fn accepted(state: &State) -> Response<Body> {
    let mut response = check::json(state.training.answer());
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

/// `GET /v1/model`.
pub(super) async fn model(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    check::json(state.training.model())
}

/// `POST /v1/model`.
pub(super) async fn choose(
    Shared(state): Shared<Arc<State>>,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    let (parts, body) = request.into_parts();
    let held = body::read(&state, &parts.headers, body).await?;
    let Ok(Wanted { used }) = serde_json::from_slice(&held.bytes) else {
        return Err(Refusal::bad("bad_model", r#"expected {"use":"trained"} or {"use":"started"}"#));
    };
    {
        let mut course = state.training.course();
        let filter = match (used, &course.trained) {
            (Which::Started, _) => Arc::clone(&state.training.started),
            (Which::Trained, Some(trained)) => Arc::new(trained.filter.clone()),
            (Which::Trained, None) => {
                let message =
                    "nothing was trained yet; POST /v1/train, and wait until GET /v1/train says `done`";
                return Err(Refusal::conflict("not_trained", message));
            }
        };
        state.put(filter);
        course.used = used;
    }
    Ok(check::json(state.training.model()))
}

#[cfg(test)]
mod tests;

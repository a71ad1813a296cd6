//! What all requests share.

use super::metrics::Metrics;
use super::options::Options;
use super::pool::Pool;
use super::queue::Worklist;
use super::training::{Trainer, Training};
use crate::annotate::{LabelledFolder, Queue, Sources as PageSources};
use crate::host::Sources;
use crate::output::RowFormat;
use crate::provenance::Provenance;
use crate::{Document, Error, Filter, RecordError, Report, Result};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;
use tokio::sync::Semaphore;

/// Batches at a time; each has a thread of its own that cuts its lines.
const BATCHES: usize = 32;
/// Pages that are fetched at a time.
const FETCHES: usize = 16;

/// The filter that judges pages, which can be swapped while requests run, the threads, the limits and the figures.
#[derive(Debug)]
pub struct State {
    filter: RwLock<Arc<Filter>>,
    pub(super) options: Options,
    pub(super) pool: Pool,
    pub(super) metrics: Metrics,
    /// Bytes of bodies that may still be taken into memory.
    pub(super) bytes: Arc<Semaphore>,
    pub(super) batches: Arc<Semaphore>,
    pub(super) fetches: Arc<Semaphore>,
    hosts: Option<Mutex<Hosts>>,
    pub(super) labels: Option<Arc<LabelledFolder>>,
    pub(super) queue: Option<Arc<Worklist>>,
    pub(super) training: Training,
}

/// What is known of hosts, and when it was last read what is usual among them.
#[derive(Debug)]
pub(super) struct Hosts {
    pub(super) sources: Sources,
    pub(super) read: Instant,
}

/// A page to judge.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) document: Document,
    /// Where it came from; none where nothing says so.
    pub(super) from: Option<Provenance>,
    /// What its row has.
    pub(super) format: RowFormat,
}

impl State {
    /// Starts the threads that judge pages.
    ///
    /// Fails with [`Error::Settings`] for options that cannot be, and when the system gives no thread.
    pub fn new(filter: Filter, options: Options) -> Result<Self> {
        options.check()?;
        let pool = Pool::start(options.threads, options.queue).map_err(|error| {
            Error::Settings(format!("cannot start {} threads: {error}; ask for fewer", options.threads))
        })?;
        let filter = Arc::new(filter);
        let bytes = options.body_bytes().min(Semaphore::MAX_PERMITS);
        Ok(Self {
            training: Training::new(Arc::clone(&filter)),
            filter: RwLock::new(filter),
            options,
            pool,
            metrics: Metrics::new(),
            bytes: Arc::new(Semaphore::new(bytes)),
            batches: Arc::new(Semaphore::new(BATCHES)),
            fetches: Arc::new(Semaphore::new(FETCHES)),
            hosts: None,
            labels: None,
            queue: None,
        })
    }

    /// Adds what is known of hosts.
    pub fn with_hosts(mut self, sources: Sources) -> Self {
        self.hosts = Some(Mutex::new(Hosts { sources, read: Instant::now() }));
        self
    }

    /// Adds the folder into which corrections go.
    pub fn with_labels(mut self, folder: LabelledFolder) -> Self {
        self.labels = Some(Arc::new(folder));
        self
    }

    /// Adds a result to walk through, and where its pages are.
    pub fn with_queue(mut self, queue: Queue, sources: PageSources) -> Self {
        self.queue = Some(Arc::new(Worklist::new(queue, sources)));
        self
    }

    /// Adds what learns from the folder of labelled pages.
    pub fn with_trainer(mut self, trainer: Box<dyn Trainer>) -> Self {
        self.training = self.training.with_trainer(trainer);
        self
    }

    /// The filter that judges pages now.
    pub fn filter(&self) -> Arc<Filter> {
        Arc::clone(&self.filter.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another filter in its place. Pages that are being judged are judged to the end by the one before.
    pub fn swap(&self, filter: Filter) {
        self.put(Arc::new(filter));
    }

    pub(super) fn put(&self, filter: Arc<Filter>) {
        *self.filter.write().unwrap_or_else(PoisonError::into_inner) = filter;
    }

    pub(super) fn hosts(&self) -> Option<&Mutex<Hosts>> {
        self.hosts.as_ref()
    }

    /// The row of a page, with the wait for a place in the queue; of a page that cannot be judged, its error row.
    pub(super) async fn row_in_turn(self: &Arc<Self>, task: Task) -> Vec<u8> {
        let Task { document, from, format } = &task;
        let panicked = panicked(document.id().to_owned(), document.url().map(str::to_owned));
        let (from, format) = (from.clone(), format.clone());
        match self.pool.run_in_turn(self.judging(task, |_, _, row| row)).await {
            Ok(row) => row,
            Err(_) => self.failure_row(&panicked, from.as_ref(), &format),
        }
    }

    pub(super) fn failure_row(
        &self,
        error: &RecordError,
        from: Option<&Provenance>,
        format: &RowFormat,
    ) -> Vec<u8> {
        self.metrics.error(error.kind);
        let mut row = Vec::new();
        format.append_failure(&mut row, error, from);
        row
    }

    /// The work of judging a page, and of what is to be made of its report and its row.
    pub(super) fn judging<T, F>(
        self: &Arc<Self>,
        task: Task,
        finish: F,
    ) -> impl FnOnce() -> T + Send + use<T, F>
    where
        F: FnOnce(Document, Report, Vec<u8>) -> T + Send,
    {
        let (state, queued) = (Arc::clone(self), Instant::now());
        move || {
            let Task { document, from, format } = task;
            state.metrics.queue.since(queued);
            let started = Instant::now();
            let filter = state.filter();
            let report = if format.explains() { filter.explain(&document) } else { filter.check(&document) };
            state.metrics.check.since(started);
            let started = Instant::now();
            let mut row = Vec::new();
            format.append_record(&mut row, &report, from.as_ref());
            state.metrics.write.since(started);
            state.metrics.judged(report.verdict(), document.bytes().len());
            finish(document, report, row)
        }
    }
}

fn panicked(id: String, url: Option<String>) -> RecordError {
    let message = "the page could not be judged, which is a bug; please report it with the page".to_owned();
    RecordError { id, url, kind: "panic", message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Profile;

    #[test]
    fn a_swapped_filter_is_used_from_the_next_page_on() {
        let state = State::new(Filter::builtin(), Options::default().with_threads(1)).unwrap();
        let before = state.filter();
        state.swap(Filter::builtin().with_profile(Profile::Recall));
        assert!(!Arc::ptr_eq(&before, &state.filter()));
        // Who has the first one goes on with it.
        assert_eq!(before.check(&Document::text("a line")).page().blocks().len(), 1);
    }
}

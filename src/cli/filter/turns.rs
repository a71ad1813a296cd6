//! Whose turn it is: batches are cut in order, their rows are written in order, and what is between is bounded.

use super::reader::Batch;
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Batches that may be cut and not yet written, for each thread: so far can the others go ahead of one that
/// has a slow page.
pub(super) const BATCHES_PER_THREAD: usize = 32;
/// Bytes of pages that may be in flight for each thread; the last batch may go over it.
const BYTES_PER_THREAD: usize = 8 << 20;

/// What became of a batch.
pub(super) trait Done: Send {
    /// The batch's number.
    fn sequence(&self) -> u64;
    /// The batch's bytes.
    fn bytes(&self) -> usize;
}

/// Where threads get batches and hand in what became of them: their rows. What cuts and what writes are each used by one thread
/// at a time.
pub(super) struct Turns<C, R, W> {
    cutter: Mutex<C>,
    state: Mutex<State<R, W>>,
    /// Rows were written, or the run is over.
    changed: Condvar,
    threads: usize,
}

struct State<R, W> {
    /// None while a thread writes; what others hand in meanwhile, that thread writes too.
    writer: Option<W>,
    /// Rows that wait for those before them.
    early: BTreeMap<u64, R>,
    /// The batch whose rows are written next.
    next: u64,
    /// Batches in flight, and bytes of their pages.
    batches: usize,
    bytes: usize,
    stopped: bool,
    outcome: anyhow::Result<()>,
}

impl<C, R, W> Turns<C, R, W>
where
    C: Iterator<Item = Batch>,
    R: Done,
    W: FnMut(&R) -> anyhow::Result<()>,
{
    /// For this number of threads; `cutter` numbers its batches from 0.
    pub(super) fn new(cutter: C, writer: W, threads: usize) -> Self {
        let state = State {
            writer: Some(writer),
            early: BTreeMap::new(),
            next: 0,
            batches: 0,
            bytes: 0,
            stopped: false,
            outcome: Ok(()),
        };
        Self { cutter: Mutex::new(cutter), state: Mutex::new(state), changed: Condvar::new(), threads }
    }

    /// Cuts the next batch once there is room for it; none when there are no more or the run is over.
    pub(super) fn cut(&self) -> Option<Batch> {
        // Poisoned, it does not know any more where it is.
        let mut cutter = self.cutter.lock().ok()?;
        let full = |state: &mut State<R, W>| !state.stopped && state.is_full(self.threads);
        let waited = self.changed.wait_while(self.state(), full);
        if waited.unwrap_or_else(PoisonError::into_inner).stopped {
            return None;
        }
        let batch = cutter.next()?;
        let mut state = self.state();
        state.batches += 1;
        state.bytes += batch.bytes;
        Some(batch)
    }

    /// Takes the rows of a batch and writes them as soon as all before them are written.
    pub(super) fn hand_in(&self, rows: R) {
        let mut state = self.state();
        state.early.insert(rows.sequence(), rows);
        let Some(mut writer) = state.writer.take() else { return };
        while let Some(rows) = state.take_next() {
            // Nobody waits for the outputs but this thread.
            drop(state);
            let written = writer(&rows);
            state = self.state();
            state.wrote(&rows, written);
            self.changed.notify_all();
        }
        state.writer = Some(writer);
    }

    /// Ends the run: nothing is cut or written any more.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
        self.changed.notify_all();
    }

    /// What became of the rows.
    pub(super) fn into_outcome(self) -> anyhow::Result<()> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).outcome
    }

    fn state(&self) -> MutexGuard<'_, State<R, W>> {
        // The state is whole between any two statements, so a panic of another thread does not matter.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: Done, W> State<R, W> {
    fn is_full(&self, threads: usize) -> bool {
        self.batches >= threads.saturating_mul(BATCHES_PER_THREAD)
            || self.bytes >= threads.saturating_mul(BYTES_PER_THREAD)
    }

    fn take_next(&mut self) -> Option<R> {
        if self.stopped { None } else { self.early.remove(&self.next) }
    }

    fn wrote(&mut self, rows: &R, written: anyhow::Result<()>) {
        self.next += 1;
        self.batches -= 1;
        self.bytes -= rows.bytes();
        if written.is_err() {
            self.stopped = true;
            self.outcome = written;
        }
    }
}

//! Whose turn it is: batches are cut, gathered and written in order, and what is between is bounded.

use super::order::{Order, Step};
use super::reader::Batch;
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

/// What cuts batches, numbered from 0.
pub(super) type Cutter<'s> = Box<dyn Iterator<Item = Batch> + Send + 's>;

/// What is done in no order.
type FreeStep<'s, R> = Box<dyn Fn(&mut R) -> anyhow::Result<()> + Sync + 's>;

/// What a thread may do for the one that cuts; whether there was something to do.
type Help<'s> = Box<dyn Fn() -> bool + Sync + 's>;

/// What is done with what became of a batch. What is done in order is done by one thread at a time, so it should be little.
pub(super) struct Steps<'s, R> {
    /// Before a batch is cut, by any number of threads.
    pub(super) help: Help<'s>,
    /// First, in order.
    pub(super) gather: Step<'s, R>,
    /// Then, by any number of threads.
    pub(super) pack: FreeStep<'s, R>,
    /// At last, in order.
    pub(super) write: Step<'s, R>,
}

impl<'s, R> Steps<'s, R> {
    /// Help, and nothing but this in order.
    pub(super) fn only_write(
        help: impl Fn() -> bool + Sync + 's,
        write: impl FnMut(&mut R) -> anyhow::Result<()> + Send + 's,
    ) -> Self {
        Self {
            help: Box::new(help),
            gather: Box::new(|_| Ok(())),
            pack: Box::new(|_| Ok(())),
            write: Box::new(write),
        }
    }
}

/// Where threads get batches and hand in what became of them: their rows.
pub(super) struct Turns<'s, R> {
    cutter: Mutex<Cutter<'s>>,
    gather: Order<'s, R>,
    pack: FreeStep<'s, R>,
    write: Order<'s, R>,
    flight: Mutex<Flight>,
    /// Rows were written, or the run is over.
    changed: Condvar,
    help: Help<'s>,
    threads: usize,
}

/// What is cut and not yet written.
struct Flight {
    /// Batches, and bytes of their pages.
    batches: usize,
    bytes: usize,
    stopped: bool,
    outcome: anyhow::Result<()>,
}

impl<'s, R: Done> Turns<'s, R> {
    /// For this number of threads.
    pub(super) fn new(cutter: Cutter<'s>, steps: Steps<'s, R>, threads: usize) -> Self {
        Self {
            cutter: Mutex::new(cutter),
            gather: Order::new(steps.gather),
            pack: steps.pack,
            write: Order::new(steps.write),
            flight: Mutex::new(Flight { batches: 0, bytes: 0, stopped: false, outcome: Ok(()) }),
            changed: Condvar::new(),
            help: steps.help,
            threads,
        }
    }

    /// Cuts the next batch once there is room for it; none when there are no more or the run is over.
    pub(super) fn cut(&self) -> Option<Batch> {
        // All that can be done by many is done before one has the cutter and the others wait for it.
        while (self.help)() {}
        // Poisoned, it does not know any more where it is.
        let mut cutter = self.cutter.lock().ok()?;
        let full = |flight: &mut Flight| !flight.stopped && flight.is_full(self.threads);
        let waited = self.changed.wait_while(self.flight(), full);
        if waited.unwrap_or_else(PoisonError::into_inner).stopped {
            return None;
        }
        let batch = cutter.next()?;
        let mut flight = self.flight();
        flight.batches += 1;
        flight.bytes += batch.bytes;
        Some(batch)
    }

    /// Takes the rows of a batch, and writes what is written next.
    pub(super) fn hand_in(&self, rows: R) {
        self.gather.put(rows.sequence(), rows);
        if let Err(error) = self.go_on() {
            self.flight().outcome = Err(error);
            self.stop();
        }
    }

    /// Does the steps with all batches whose turn it is.
    fn go_on(&self) -> anyhow::Result<()> {
        while !self.is_stopped()
            && let Some(gathered) = self.gather.take_next()
        {
            let mut rows = gathered?;
            (self.pack)(&mut rows)?;
            self.write.put(rows.sequence(), rows);
            while let Some(written) = self.write.take_next() {
                self.wrote(&written?);
            }
        }
        Ok(())
    }

    fn wrote(&self, rows: &R) {
        let mut flight = self.flight();
        flight.batches -= 1;
        flight.bytes -= rows.bytes();
        self.changed.notify_all();
    }

    /// Ends the run: nothing is cut or gathered any more.
    pub(super) fn stop(&self) {
        self.flight().stopped = true;
        self.changed.notify_all();
    }

    fn is_stopped(&self) -> bool {
        self.flight().stopped
    }

    /// What became of the rows.
    pub(super) fn into_outcome(self) -> anyhow::Result<()> {
        self.flight.into_inner().unwrap_or_else(PoisonError::into_inner).outcome
    }

    fn flight(&self) -> MutexGuard<'_, Flight> {
        // It is whole between any two statements, so a panic of another thread does not matter.
        self.flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight {
    fn is_full(&self, threads: usize) -> bool {
        self.batches >= threads.saturating_mul(BATCHES_PER_THREAD)
            || self.bytes >= threads.saturating_mul(BYTES_PER_THREAD)
    }
}

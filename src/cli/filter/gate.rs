//! How much may be in flight between the reader and the writer.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of pages in flight. Large enough that no worker waits for the reader, small enough that a run stays
/// far under 100 MB with the rows made of them.
const BYTES: usize = 16 << 20;

/// A budget of bytes and batches: the reader takes from it, the writer gives back.
#[derive(Debug)]
pub(super) struct Gate {
    state: Mutex<State>,
    given_back: Condvar,
    batches: usize,
}

#[derive(Debug, Default)]
struct State {
    bytes: usize,
    batches: usize,
    closed: bool,
}

impl Gate {
    /// A gate for at most so many batches at a time.
    pub(super) fn new(batches: usize) -> Self {
        Self { state: Mutex::default(), given_back: Condvar::new(), batches }
    }

    /// Waits until the batch fits; a batch alone always does. False when the gate is closed.
    pub(super) fn enter(&self, bytes: usize) -> bool {
        let full = |state: &mut State| {
            let fits = state.bytes + bytes <= BYTES && state.batches < self.batches;
            !state.closed && state.batches > 0 && !fits
        };
        let guard = self.given_back.wait_while(self.state(), full);
        let mut state = guard.unwrap_or_else(PoisonError::into_inner);
        state.bytes += bytes;
        state.batches += 1;
        !state.closed
    }

    /// Gives back what a batch took.
    pub(super) fn leave(&self, bytes: usize) {
        let mut state = self.state();
        state.bytes = state.bytes.saturating_sub(bytes);
        state.batches = state.batches.saturating_sub(1);
        drop(state);
        self.given_back.notify_all();
    }

    /// Lets nobody in any more.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.given_back.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is whole between any two statements, so a panic of another thread does not matter.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_batch_larger_than_the_budget_goes_through_alone() {
        let gate = Gate::new(4);
        assert!(gate.enter(10 * BYTES));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| gate.enter(1));
            std::thread::sleep(Duration::from_millis(20));
            assert!(!waiting.is_finished());
            gate.leave(10 * BYTES);
            assert!(waiting.join().unwrap());
        });
    }

    #[test]
    fn closing_frees_those_who_wait() {
        let gate = Gate::new(1);
        assert!(gate.enter(1));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| gate.enter(1));
            gate.close();
            assert!(!waiting.join().unwrap());
        });
    }
}

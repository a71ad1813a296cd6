//! Numbered things that come as they like, taken in the order of their numbers by one thread at a time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is done with each thing in its turn.
pub(super) type Step<'s, T> = Box<dyn FnMut(&mut T) -> anyhow::Result<()> + Send + 's>;

/// What is done in order, and what waits for it. No thread waits here: one that finds another at it leaves, and that other
/// one goes on with what was put in meanwhile.
pub(super) struct Order<'s, T> {
    state: Mutex<State<'s, T>>,
}

struct State<'s, T> {
    /// None while a thread is at it, and for good once it has failed.
    step: Option<Step<'s, T>>,
    /// What waits for those before it.
    early: BTreeMap<u64, T>,
    /// The number that is next.
    next: u64,
}

impl<'s, T> Order<'s, T> {
    /// Things are numbered from 0.
    pub(super) fn new(step: Step<'s, T>) -> Self {
        Self { state: Mutex::new(State { step: Some(step), early: BTreeMap::new(), next: 0 }) }
    }

    /// Puts a thing in; whoever does must then take until there is nothing to take.
    pub(super) fn put(&self, number: u64, thing: T) {
        self.state().early.insert(number, thing);
    }

    /// Does the step with the next thing and gives it. None where it is not there yet, or a thread is at the one before it.
    pub(super) fn take_next(&self) -> Option<anyhow::Result<T>> {
        let (mut step, mut thing) = self.begin()?;
        // Nothing is locked meanwhile, so others put in.
        if let Err(error) = step(&mut thing) {
            return Some(Err(error));
        }
        let mut state = self.state();
        state.step = Some(step);
        state.next += 1;
        Some(Ok(thing))
    }

    fn begin(&self) -> Option<(Step<'s, T>, T)> {
        let mut state = self.state();
        state.step.as_ref()?;
        let number = state.next;
        let thing = state.early.remove(&number)?;
        state.step.take().map(|step| (step, thing))
    }

    fn state(&self) -> MutexGuard<'_, State<'s, T>> {
        // The state is whole between any two statements, so a panic of another thread does not matter.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_taken_in_the_order_of_their_numbers() {
        let order = Order::new(Box::new(|_| Ok(())));
        order.put(1, "b");
        assert!(order.take_next().is_none());
        order.put(0, "a");
        let taken: Vec<_> = std::iter::from_fn(|| order.take_next()).map(Result::unwrap).collect();
        assert_eq!(taken, ["a", "b"]);
    }

    #[test]
    fn nothing_is_taken_after_a_failure() {
        let order = Order::new(Box::new(|()| anyhow::bail!("the disk is full")));
        order.put(0, ());
        order.put(1, ());
        assert!(order.take_next().unwrap().is_err());
        assert!(order.take_next().is_none());
    }
}

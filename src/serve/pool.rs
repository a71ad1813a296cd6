//! A fixed number of threads that judge pages, and a bounded queue before them.

use super::errors::Refusal;
use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};

type Job = Box<dyn FnOnce() + Send>;

/// The threads. They end when the pool is dropped.
#[derive(Debug)]
pub(super) struct Pool {
    jobs: mpsc::Sender<Job>,
}

/// Why a job has no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missed {
    /// The queue is full.
    Full,
    /// The work panicked.
    Panicked,
}

impl Pool {
    pub(super) fn start(threads: usize, queue: usize) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel::<Job>(queue);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads {
            let waiting = Arc::clone(&waiting);
            std::thread::Builder::new().name(format!("check-{number}")).spawn(move || work(&waiting))?;
        }
        Ok(Self { jobs })
    }

    /// Runs the work if there is a place in the queue.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Missed> {
        let (job, outcome) = job(work);
        self.jobs.try_send(job).map_err(|_| Missed::Full)?;
        outcome_of(outcome).await
    }

    /// Waits for a place in the queue and runs the work.
    pub(super) async fn run_in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Missed> {
        let (job, outcome) = job(work);
        self.jobs.send(job).await.map_err(|_| Missed::Full)?;
        outcome_of(outcome).await
    }

    /// Jobs that wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }
}

/// Runs work that reads or writes files, away from the threads that move bytes.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::panic())?
}

type Outcome<T> = oneshot::Receiver<Result<T, Box<dyn Any + Send>>>;

/// The work with a way back; work that nobody waits for any more is not done.
fn job<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> (Job, Outcome<T>) {
    let (sender, receiver) = oneshot::channel();
    let job = move || {
        if !sender.is_closed() {
            // Where the client has gone away, nobody takes it.
            let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
        }
    };
    (Box::new(job), receiver)
}

async fn outcome_of<T>(outcome: Outcome<T>) -> Result<T, Missed> {
    outcome.await.map_err(|_| Missed::Full)?.map_err(|_| Missed::Panicked)
}

fn work(waiting: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        match job {
            Some(job) => job(),
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc as std_mpsc;
    use std::task::{Context, Waker};

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn a_full_queue_refuses_and_work_that_nobody_waits_for_is_not_done() {
        let pool = Pool::start(1, 1).unwrap();
        let (release, held) = std_mpsc::channel::<()>();
        let (started, begun) = std_mpsc::channel::<()>();
        runtime().block_on(async {
            let mut waker = Context::from_waker(Waker::noop());
            let mut first = Box::pin(pool.run(move || {
                started.send(()).unwrap();
                held.recv().unwrap();
                1
            }));
            assert!(first.as_mut().poll(&mut waker).is_pending());
            begun.recv().unwrap();
            let mut second = Box::pin(pool.run(|| -> u8 { panic!("nobody waits for this") }));
            assert!(second.as_mut().poll(&mut waker).is_pending());
            assert_eq!(pool.waiting(), 1);
            assert_eq!(pool.run(|| 3).await, Err(Missed::Full));
            drop(second);
            release.send(()).unwrap();
            assert_eq!(first.await, Ok(1));
            assert_eq!(pool.run_in_turn(|| 4).await, Ok(4));
        });
    }

    #[test]
    fn a_panic_costs_its_own_work_only() {
        let pool = Pool::start(1, 4).unwrap();
        runtime().block_on(async {
            assert_eq!(pool.run(|| -> u8 { panic!("a page of the test") }).await, Err(Missed::Panicked));
            assert_eq!(pool.run(|| 2).await, Ok(2));
        });
    }
}

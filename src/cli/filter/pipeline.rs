//! The threads: each cuts a batch, works on it and hands in what became of it, in turn with the others.

use super::reader::Batch;
use super::turns::{Done, Steps, Turns};
use std::io;
use std::thread::Builder;

/// Stack of a thread that judges, in bytes.
const STACK: usize = 16 << 20;

/// Has so many threads work on batches, and takes the steps with what becomes of them. This thread only waits for those.
pub(super) fn run<R: Done>(
    batches: impl Iterator<Item = Batch> + Send,
    threads: usize,
    work: impl Fn(Batch) -> R + Sync,
    steps: Steps<'_, R>,
) -> anyhow::Result<()> {
    let turns = Turns::new(Box::new(batches), steps, threads);
    take_turns(&turns, threads, || {
        while let Some(batch) = turns.cut() {
            turns.hand_in(work(batch));
        }
    })?;
    turns.into_outcome()
}

/// Has so many threads do the work. A panic of one ends the run, and is this thread's then.
fn take_turns<R: Done>(turns: &Turns<'_, R>, threads: usize, work: impl Fn() + Sync) -> io::Result<()> {
    let work = || {
        let _stopping = Stopping(turns);
        work();
    };
    std::thread::scope(|scope| {
        let start = |_| Builder::new().name("judge".to_owned()).stack_size(STACK).spawn_scoped(scope, work);
        // Threads that have started must not go on alone.
        let started = (0..threads).try_for_each(|number| start(number).map(drop));
        started.inspect_err(|_| turns.stop())
    })
}

/// Ends the run when the thread panics, so that no other one waits for its rows.
struct Stopping<'t, 's, R: Done>(&'t Turns<'s, R>);

impl<R: Done> Drop for Stopping<'_, '_, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::journal::Place;
    use super::super::reader::End;
    use super::super::turns::BATCHES_PER_THREAD;
    use super::super::worker::{self, Judge, Rows, Sorting};
    use super::*;
    use crate::input::Counts;
    use crate::input::{Record, RecordError};
    use crate::output::RowFormat;
    use crate::provenance::Provenance;
    use crate::{Document, Report};
    use std::collections::HashSet;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// A batch of one page, which has the batch's number as its id.
    fn batch(sequence: u64, bytes: usize) -> Batch {
        let document = Document::text("text").with_id(sequence.to_string());
        let place = Place { input: 0, position: sequence + 1 };
        Batch {
            sequence,
            records: vec![Record { provenance: Provenance::new("in", sequence + 1), outcome: Ok(document) }],
            bytes,
            mended: 0,
            notes: Vec::new(),
            end: End { place, passed: Counts::default(), failed: Vec::new(), section: false },
        }
    }

    fn batches(count: u64) -> impl Iterator<Item = Batch> + Send {
        (0..count).map(|sequence| batch(sequence, 1))
    }

    #[expect(clippy::unnecessary_wraps, reason = "what judges may fail")]
    fn report(document: &Document) -> Result<Report, RecordError> {
        Ok(Report::unread(document.id()))
    }

    /// Judges these batches with so many threads.
    fn run(
        batches: impl Iterator<Item = Batch> + Send,
        judge: &impl Judge,
        threads: usize,
        mut write: impl FnMut(&Rows) -> anyhow::Result<()> + Send,
    ) -> anyhow::Result<()> {
        let sorting = Sorting {
            kept: RowFormat::new(),
            rejected: RowFormat::new(),
            keep_review: true,
            write_rejected: true,
            examples: false,
            dedup: None,
            #[cfg(feature = "hosts")]
            count_hosts: false,
        };
        let work = |batch| worker::judged(judge, &sorting, batch);
        super::run(batches, threads, work, Steps::only_write(|| false, |rows: &mut Rows| write(rows)))
    }

    #[test]
    fn rows_are_written_in_the_order_in_which_batches_were_cut() {
        let uneven = |document: &Document| {
            let number: u64 = document.id().parse().unwrap();
            std::thread::sleep(Duration::from_micros(number * 7919 % 700));
            report(document)
        };
        for threads in [1, 2, 5] {
            let mut written = Vec::new();
            let write = |rows: &Rows| {
                written.push(rows.sequence);
                Ok(())
            };
            run(batches(200), &uneven, threads, write).unwrap();
            assert_eq!(written, (0..200).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_more_threads_work_than_were_asked_for() {
        for threads in [1, 3] {
            let seen = Mutex::new(HashSet::new());
            let note = || {
                seen.lock().unwrap().insert(std::thread::current().id());
            };
            let judge = |document: &Document| {
                note();
                report(document)
            };
            let write = |_: &Rows| {
                note();
                Ok(())
            };
            run(batches(100).inspect(|_| note()), &judge, threads, write).unwrap();
            let seen = seen.into_inner().unwrap();
            assert!((1..=threads).contains(&seen.len()), "{threads} threads: {seen:?}");
            assert!(!seen.contains(&std::thread::current().id()));
        }
    }

    fn count(counter: &AtomicUsize) {
        counter.fetch_add(1, Ordering::SeqCst);
    }

    /// How many batches were cut while the first page was being judged.
    fn cut_beside_a_slow_page(bytes: usize) -> usize {
        let (cut, judged) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let beside = AtomicUsize::new(0);
        let judge = |document: &Document| {
            if document.id() == "0" {
                let mut last = 0;
                // Slow until nothing has happened for a while.
                while last != judged.load(Ordering::SeqCst) || last == 0 {
                    last = judged.load(Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(50));
                }
                beside.store(cut.load(Ordering::SeqCst), Ordering::SeqCst);
            }
            count(&judged);
            report(document)
        };
        let batches = (0..100).map(|sequence| batch(sequence, bytes));
        let counted = batches.inspect(|_| count(&cut));
        run(counted, &judge, 2, |_| Ok(())).unwrap();
        assert_eq!(judged.into_inner(), 100);
        beside.into_inner()
    }

    #[test]
    fn a_slow_page_does_not_let_batches_or_bytes_in_flight_grow() {
        assert_eq!(cut_beside_a_slow_page(1), 2 * BATCHES_PER_THREAD);
        // 16 MiB for two threads.
        assert_eq!(cut_beside_a_slow_page(4 << 20), 4);
    }

    #[test]
    fn a_batch_larger_than_the_bound_goes_through() {
        let large = (0..3).map(|sequence| batch(sequence, 100 << 20));
        let mut written = 0;
        let write = |_: &Rows| {
            written += 1;
            Ok(())
        };
        run(large, &report, 2, write).unwrap();
        assert_eq!(written, 3);
    }

    #[test]
    fn an_output_that_fails_stops_the_run() {
        let cut = AtomicUsize::new(0);
        let counted = batches(1000).inspect(|_| count(&cut));
        let mut written = 0;
        let write = |rows: &Rows| {
            written += 1;
            if rows.sequence == 3 { Err(anyhow::anyhow!("the disk is full")) } else { Ok(()) }
        };
        let error = run(counted, &report, 2, write).unwrap_err();
        assert_eq!((error.to_string().as_str(), written), ("the disk is full", 4));
        assert!(cut.into_inner() <= 4 + 2 * BATCHES_PER_THREAD);
    }

    #[test]
    fn a_panic_outside_of_a_page_ends_the_run_and_is_passed_on() {
        let broken = batches(1000).inspect(|batch| assert!(batch.sequence < 5, "cannot cut any more"));
        let cutting = AssertUnwindSafe(|| run(broken, &report, 3, |_| Ok(())));
        assert!(catch_unwind(cutting).is_err());
        let writing = AssertUnwindSafe(|| run(batches(1000), &report, 3, |_| panic!("cannot write")));
        assert!(catch_unwind(writing).is_err());
    }
}

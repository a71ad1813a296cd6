//! Reader → workers → writer: the threads and the order of rows.

use super::gate::Gate;
use super::reader::{self, Batch};
use super::worker::{self, Judge, Rows, Sorting};
use super::writer::Writer;
use crate::input::Inputs;
use crossbeam_channel::{Receiver, bounded};
use std::collections::BTreeMap;
use std::thread::Builder;

/// Batches in flight for each thread that judges.
const BATCHES_PER_THREAD: usize = 8;
/// Stack of a thread that judges, in bytes.
const STACK: usize = 16 << 20;

/// Judges the inputs' pages from the writer's place on.
pub(super) fn run(
    inputs: &Inputs,
    judge: &impl Judge,
    sorting: Sorting,
    threads: usize,
    writer: &mut Writer,
) -> anyhow::Result<()> {
    let in_flight = threads.saturating_mul(BATCHES_PER_THREAD).max(1);
    let gate = Gate::new(in_flight);
    let (batch_sender, batches) = bounded::<Batch>(in_flight);
    let (row_sender, rows) = bounded::<Rows>(in_flight);
    let start = writer.place();
    worker::silence_panics();
    std::thread::scope(|scope| {
        let spawned = || -> std::io::Result<()> {
            let gate = &gate;
            Builder::new().name("read".to_owned()).spawn_scoped(scope, move || {
                reader::read(inputs, start, gate, &batch_sender);
            })?;
            for _ in 0..threads {
                let (batches, row_sender) = (batches.clone(), row_sender.clone());
                let named = Builder::new().name(worker::THREAD_NAME.to_owned()).stack_size(STACK);
                named.spawn_scoped(scope, move || worker::work(judge, sorting, &batches, &row_sender))?;
            }
            Ok(())
        }();
        // The channels must end with their threads, also where not all of them could be started.
        drop((batches, row_sender));
        let written =
            spawned.map_err(anyhow::Error::from).and_then(|()| write_in_order(&rows, &gate, writer));
        gate.close();
        drop(rows);
        written
    })
}

/// Appends the batches' rows in the order of their numbers.
fn write_in_order(rows: &Receiver<Rows>, gate: &Gate, writer: &mut Writer) -> anyhow::Result<()> {
    let mut early: BTreeMap<u64, Rows> = BTreeMap::new();
    let mut next = 0;
    for arrived in rows {
        early.insert(arrived.sequence, arrived);
        while let Some(rows) = early.remove(&next) {
            writer.append(&rows)?;
            gate.leave(rows.bytes);
            next += 1;
        }
    }
    Ok(())
}

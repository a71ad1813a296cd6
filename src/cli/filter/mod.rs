//! `pagesieve filter`: many pages in, kept and rejected rows out.
//!
//! As many threads work as were asked for, and no other ([`pipeline`]). Each in its turn cuts a batch of records
//! from the inputs ([`reader`]), judges the pages and writes their rows into memory ([`worker`]), gathers what is next in the
//! inputs' order ([`gather`]), compresses what is gathered, and appends it to the outputs ([`writer`]). Cutting, gathering and
//! writing are done by one thread at a time ([`turns`], [`order`]), and all that can be is done beside them. How far a thread may
//! go ahead of the rows that are written is bounded in batches and bytes, so memory does not grow with the inputs. Where
//! batches end depends on the inputs alone, so the output is the same for any number of threads.
//!
//! Every now and then the writer notes in a [`journal`] how far it is; a run that was stopped goes on from
//! there, and reads once more what could not be read ([`plan`]). Whether a page is a copy of an earlier one is decided where
//! rows are gathered, as that is in the inputs' order ([`copies`]). What repeats on a site is counted in a first pass ([`templates`]). Start reading at [`run`].

mod arguments;
mod copies;
mod gather;
#[cfg(feature = "hosts")]
mod hosts;
mod journal;
mod order;
mod pipeline;
mod plan;
mod progress;
mod reader;
mod report;
mod sink;
mod tally;
mod templates;
mod turns;
mod worker;
mod writer;

pub(super) use arguments::FilterArguments;

use super::known::Known;
use super::{Exit, message};
use crate::Document;
use crate::atomic_file;
use crate::input::Inputs;
use anyhow::bail;
use gather::{Gatherer, Packing};
use journal::{Journal, Settings};
use plan::Plan;
use reader::Batches;
use std::path::PathBuf;
use std::time::Instant;
use tally::Tally;
use turns::Steps;
use worker::Sorting;
use writer::Writer;

pub(super) fn run(arguments: &FilterArguments) -> anyhow::Result<Exit> {
    arguments.check()?;
    let inputs = Inputs::listed(&arguments.inputs, &arguments.from_list, arguments.input_options())?;
    arguments.check_listed(&inputs)?;
    if arguments.templates {
        templates::check(&inputs)?;
    }
    if inputs.is_empty() {
        bail!(
            "no page was found in what was given; folders are searched for HTML, text, JSON lines, WARC and WACZ files"
        );
    }
    note_ignored(arguments, inputs.ignored());
    let known = arguments.known.open()?;
    let settings = Settings::new(&inputs, [arguments.settings()?, known.settings()].concat());
    let resumed = match arguments.output() {
        Some(path) if arguments.resume => Journal::resumed(path, &settings, &inputs)?,
        _ => None,
    };
    if let Some(journal) = resumed.as_ref().filter(|journal| journal.is_finished(&inputs)) {
        message::note("the run has finished already; there is nothing left to do (--force starts anew)");
        return Ok(exit(&journal.tally));
    }
    let before = resumed.as_ref().map(|journal| journal.tally.clone()).unwrap_or_default();
    let started = Instant::now();
    let plan = Plan::new(&inputs, resumed.as_ref());
    let sorting = arguments.sorting()?;
    let writer = Writer::open(arguments, &sorting, settings, resumed, &plan)?;
    let total = sort(arguments, (&sorting, &known), &inputs, &plan, writer)?;
    if let Some(path) = &arguments.summary {
        atomic_file::write(path, total.summary_file(started.elapsed())?)?;
    }
    if let Some(path) = &arguments.report {
        atomic_file::write(path, report::html(&total, started.elapsed()))?;
    }
    if !arguments.quiet {
        total.write_summary(started.elapsed(), &before);
    }
    Ok(exit(&total))
}

/// Judges all pages and writes their rows; gives what was counted.
fn sort(
    arguments: &FilterArguments,
    (sorting, known): (&Sorting, &Known),
    inputs: &Inputs,
    plan: &Plan<'_>,
    mut writer: Writer<'_>,
) -> anyhow::Result<Tally> {
    let mut filter = arguments.judge.filter()?;
    worker::silence_panics();
    if arguments.templates {
        filter = filter.clone().with_templates(templates::count(inputs, &filter, arguments.threads())?);
    }
    let judge = |document: &Document| Ok(filter.check_from(document, known.of(document)?));
    let packing = Packing::new(arguments);
    let mut gatherer = Gatherer::new(packing, writer.copies(arguments, sorting)?);
    let batches = Batches::new(plan, writer.place());
    let steps = Steps {
        help: Box::new(|| inputs.help()),
        gather: Box::new(|rows| gatherer.gather(rows)),
        pack: Box::new(|rows| packing.pack(rows)),
        write: Box::new(|rows| writer.append(rows)),
    };
    let work = |batch| worker::judged(&judge, sorting, batch);
    let outcome = pipeline::run(batches, arguments.threads(), work, steps);
    writer.clear();
    outcome.and_then(|()| writer.finish()).map_err(|error| with_advice(error, arguments))?;
    Ok(writer.total())
}

/// The error with what to do, where the run can be resumed.
fn with_advice(error: anyhow::Error, arguments: &FilterArguments) -> anyhow::Error {
    if arguments.output().is_none() || message::is_broken_pipe(&error) {
        return error;
    }
    let cause = message::one_line(&error);
    anyhow::anyhow!("{cause}; when the cause is gone, the same command with --resume goes on")
}

fn note_ignored(arguments: &FilterArguments, ignored: &[PathBuf]) {
    if let Some(first) = ignored.first().filter(|_| !arguments.quiet) {
        let (count, first) = (ignored.len(), first.display());
        message::note(&format!(
            "{count} files in folders were left out, hidden or of no known kind: `{first}`…"
        ));
    }
}

fn exit(tally: &Tally) -> Exit {
    if tally.has_errors() { Exit::Failed } else { Exit::Fine }
}

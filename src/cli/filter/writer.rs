//! Rows in the inputs' order → outputs, journal, progress.

use super::arguments::{FilterArguments, holds_rows, is_device};
use super::copies::Copies;
#[cfg(feature = "hosts")]
use super::hosts::Ledger;
use super::journal::{Journal, Settings};
use super::plan::Plan;
use super::progress::Progress;
use super::sink::{Sink, is_parquet};
use super::tally::Tally;
use super::worker::{Rows, Sorting};
use crate::Error;
use crate::cli::message;
use anyhow::bail;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time between two journals; what is done since the last one is done again when the run is resumed.
const JOURNAL_EVERY: Duration = Duration::from_millis(500);
/// Errors that are shown while the run goes on; more of them only stand in the rejected rows and the summary.
const SHOWN: usize = 5;

/// Appends rows and notes how far the run is.
pub(super) struct Writer<'p> {
    kept: Sink,
    rejected: Option<Sink>,
    #[cfg(feature = "hosts")]
    hosts: Option<Ledger>,
    copies: Option<Copies>,
    plan: &'p Plan<'p>,
    /// The journal as it was written last, and its output.
    journal: Journal,
    journal_of: Option<PathBuf>,
    /// When the journal was written last, after the one that starts the run.
    written: Option<Instant>,
    /// Everything that was counted but for the records passed over since the run was resumed.
    tally: Tally,
    /// The same, with those.
    total: Tally,
    progress: Progress,
    quiet: bool,
    shown: usize,
}

impl<'p> Writer<'p> {
    /// Opens the outputs where `resumed` ended, or anew.
    pub(super) fn open(
        arguments: &FilterArguments,
        sorting: &Sorting,
        settings: Settings,
        resumed: Option<Journal>,
        plan: &'p Plan<'p>,
    ) -> anyhow::Result<Self> {
        if resumed.is_none() && !arguments.force {
            arguments.outputs().try_for_each(refuse_existing)?;
        }
        #[cfg(feature = "hosts")]
        let open = if resumed.is_some() { Ledger::go_on } else { Ledger::begin };
        let journal = resumed.unwrap_or_else(|| Journal::new(settings));
        #[cfg(feature = "hosts")]
        let hosts = arguments.hosts().map(|path| open(path, &journal)).transpose()?;
        // What cannot be written is found before the journal says that a run has started.
        arguments.outputs().filter(|path| !is_parquet(path)).try_for_each(create)?;
        let journal_of =
            arguments.output().filter(|path| !is_device(path) && !is_parquet(path)).map(Path::to_owned);
        if let Some(output) = &journal_of {
            journal.write(output)?;
        }
        let kept = match arguments.output() {
            Some(path) => Sink::open(path, journal.kept_bytes, &sorting.kept)?,
            None => Sink::standard_output(),
        };
        let rejected = arguments.rejected.as_deref();
        let rejected = rejected.map(|path| Sink::open(path, journal.rejected_bytes, &sorting.rejected));
        let copies = Copies::open(arguments, sorting, &journal, journal_of.as_deref())?;
        let tally = journal.tally.clone();
        Ok(Self {
            kept,
            rejected: rejected.transpose()?,
            #[cfg(feature = "hosts")]
            hosts,
            copies,
            plan,
            journal,
            journal_of,
            written: None,
            total: tally.clone(),
            progress: Progress::new(arguments.quiet, &tally),
            tally,
            quiet: arguments.quiet,
            shown: 0,
        })
    }

    /// Where the inputs are to be read on.
    pub(super) fn place(&self) -> super::journal::Place {
        self.journal.place
    }

    /// Appends a batch's rows.
    pub(super) fn append(&mut self, rows: &Rows) -> anyhow::Result<()> {
        self.tally.add(&rows.tally);
        let copies = self.copies.as_mut();
        let settled = copies.map_or(Ok(None), |copies| copies.settle(rows, &mut self.tally))?;
        let (kept, rejected) = match &settled {
            Some(settled) => (&settled.kept, &settled.rejected),
            None => (&rows.kept, &rows.rejected),
        };
        self.kept.append(kept)?;
        if let Some(sink) = &mut self.rejected {
            sink.append(rejected)?;
        }
        #[cfg(feature = "hosts")]
        if let Some(hosts) = &mut self.hosts {
            hosts.add(rows)?;
        }
        self.total = self.tally.with_passed(&rows.end.passed);
        self.progress.show(&self.total);
        self.tell(&rows.messages);
        if let Some(text) = self.copies.as_mut().and_then(Copies::note) {
            self.progress.suspend(|| message::note(&text));
        }
        if rows.end.section {
            self.end_section(rows)?;
        }
        Ok(())
    }

    /// Tells errors; a quiet run only those of which there is no row.
    fn tell(&mut self, messages: &[String]) {
        if self.quiet && self.rejected.is_some() {
            return;
        }
        for text in messages.iter().take(SHOWN.saturating_sub(self.shown)) {
            self.progress.suspend(|| message::note(text));
            self.shown += 1;
            if self.shown == SHOWN {
                self.progress
                    .suspend(|| message::note("more errors are only counted; --rejected FILE has them all"));
            }
        }
    }

    fn end_section(&mut self, rows: &Rows) -> anyhow::Result<()> {
        self.journal.kept_bytes = self.kept.end_section()?;
        if let Some(rejected) = &mut self.rejected {
            self.journal.rejected_bytes = rejected.end_section()?;
        }
        if let Some(copies) = &mut self.copies {
            self.journal.copies_bytes = copies.end_section()?;
        }
        self.journal.place = rows.end.place;
        self.journal.again = [self.plan.again(), rows.end.failed.as_slice()].concat();
        self.journal.tally = self.total.clone();
        if self.written.is_none_or(|written| written.elapsed() >= JOURNAL_EVERY) {
            self.note()?;
        }
        Ok(())
    }

    /// Writes the journal, the rows and the evidence before it.
    fn note(&mut self) -> anyhow::Result<()> {
        if self.journal_of.is_some() {
            self.kept.sync()?;
            self.rejected.iter().try_for_each(Sink::sync)?;
            self.copies.iter().try_for_each(Copies::sync)?;
        }
        #[cfg(feature = "hosts")]
        self.hosts.as_mut().map_or(Ok(()), Ledger::note)?;
        if let Some(output) = &self.journal_of {
            self.journal.head = self.plan.head(self.journal.place);
            self.journal.write(output)?;
        }
        self.written = Some(Instant::now());
        Ok(())
    }

    /// Ends the outputs and marks the run as finished.
    pub(super) fn finish(&mut self) -> anyhow::Result<()> {
        self.progress.clear();
        self.journal.kept_bytes = self.kept.finish()?;
        if let Some(rejected) = &mut self.rejected {
            self.journal.rejected_bytes = rejected.finish()?;
        }
        #[cfg(feature = "hosts")]
        self.hosts.as_mut().map_or(Ok(()), Ledger::finish)?;
        self.journal.done = true;
        self.note()?;
        // What failed is read once more when the run goes on, and compared with what was read now.
        let nothing_left = self.journal.again.len() == self.plan.again().len();
        self.copies.as_mut().filter(|_| nothing_left).map_or(Ok(()), Copies::remove)
    }

    /// Takes the progress from the terminal.
    pub(super) fn clear(&self) {
        self.progress.clear();
    }

    /// Everything that was counted, resumed runs included.
    pub(super) fn total(&self) -> &Tally {
        &self.total
    }
}

/// Creates the file, if there is none.
fn create(path: &Path) -> anyhow::Result<()> {
    let created = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    Ok(created.map(drop).map_err(Error::io("write", path))?)
}

fn refuse_existing(path: &Path) -> anyhow::Result<()> {
    if holds_rows(path) {
        let path = path.display();
        bail!(
            "`{path}` exists; give --resume to go on with the run that wrote it, --force to overwrite it, or another name"
        );
    }
    Ok(())
}

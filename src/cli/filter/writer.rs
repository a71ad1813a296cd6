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
use crate::cli::message;
use crate::input::Counts;
use crate::output::RowFormat;
use crate::{Error, atomic_file};
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
    /// The pages with which later ones are compared, where the run can be resumed, and the file's name.
    log: Option<(Sink, PathBuf)>,
    plan: &'p Plan<'p>,
    /// The journal as it was written last, and its output.
    journal: Journal,
    journal_of: Option<PathBuf>,
    /// When the journal was written last, after the one that starts the run.
    written: Option<Instant>,
    /// Everything that was counted but for the records passed over since this start of the run.
    tally: Tally,
    /// Those.
    passed: Counts,
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
        let path_of_log =
            journal_of.as_deref().filter(|_| sorting.dedup.is_some()).map(Journal::path_of_copies);
        let log = path_of_log
            .map(|path| Sink::open(&path, journal.copies_bytes, &RowFormat::new()).map(|sink| (sink, path)));
        let tally = journal.tally.clone();
        Ok(Self {
            kept,
            rejected: rejected.transpose()?,
            #[cfg(feature = "hosts")]
            hosts,
            log: log.transpose()?,
            plan,
            journal,
            journal_of,
            written: None,
            passed: Counts::default(),
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

    /// What tells copies, with the bodies that stand in the log.
    pub(super) fn copies(
        &self,
        arguments: &FilterArguments,
        sorting: &Sorting,
    ) -> anyhow::Result<Option<Copies>> {
        let log = self.log.as_ref().map(|(log, path)| (path.as_path(), log.length()));
        Copies::open(arguments, sorting, log)
    }

    /// Appends a batch's rows.
    pub(super) fn append(&mut self, rows: &Rows) -> anyhow::Result<()> {
        self.kept.append(&rows.kept)?;
        if let Some(sink) = &mut self.rejected {
            sink.append(&rows.rejected)?;
        }
        if let Some((log, _)) = &mut self.log {
            log.append(&rows.entered)?;
        }
        #[cfg(feature = "hosts")]
        if let Some(hosts) = &mut self.hosts {
            hosts.add(rows)?;
        }
        self.tally.add(&rows.tally);
        self.passed.clone_from(&rows.end.passed);
        self.progress.show(&self.tally);
        self.tell(&rows.messages);
        if let Some(text) = &rows.remark {
            self.progress.suspend(|| message::note(text));
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
        self.journal.kept_bytes = self.kept.length();
        self.journal.rejected_bytes = self.rejected.as_ref().map_or(0, Sink::length);
        self.journal.copies_bytes = self.log.as_ref().map_or(0, |(log, _)| log.length());
        self.journal.place = rows.end.place;
        self.journal.again = [self.plan.again(), rows.end.failed.as_slice()].concat();
        if self.written.is_none_or(|written| written.elapsed() >= JOURNAL_EVERY) {
            self.note()?;
        }
        Ok(())
    }

    /// Writes the journal behind the end of a section, the rows and the evidence before it.
    fn note(&mut self) -> anyhow::Result<()> {
        if self.journal_of.is_some() {
            self.kept.sync()?;
            self.rejected.iter().try_for_each(Sink::sync)?;
            self.log.iter().try_for_each(|(log, _)| log.sync())?;
        }
        #[cfg(feature = "hosts")]
        self.hosts.as_mut().map_or(Ok(()), Ledger::note)?;
        if let Some(output) = &self.journal_of {
            self.journal.tally = self.total();
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
        let log = self.log.take_if(|_| nothing_left);
        Ok(log.map_or(Ok(()), |(_, path)| atomic_file::remove(&path))?)
    }

    /// Takes the progress from the terminal.
    pub(super) fn clear(&self) {
        self.progress.clear();
    }

    /// Everything that was counted, resumed runs included.
    pub(super) fn total(&self) -> Tally {
        self.tally.with_passed(&self.passed)
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

//! Evidence about hosts, added up in a database beside the rows.
//!
//! The counts of some sections and the place where the last of them ends go into the database in one
//! transaction, before the journal says that the rows are written. A run that was stopped between the two finds
//! its pages counted: the database knows up to where, and they are not counted again.

use super::journal::{Journal, Place};
use super::worker::Rows;
use crate::host::{Evidence, Progress, Store};
use anyhow::bail;
use std::path::Path;

/// The database of a run.
pub(super) struct Ledger {
    store: Store,
    /// The run's id.
    run: String,
    /// Up to where pages are counted in the database.
    counted: Progress,
    /// Where the section starts that is being read.
    start: Progress,
    /// Evidence of that section.
    section: Evidence,
    /// Evidence of the sections before it that is not in the database yet, and where they end.
    waiting: Evidence,
    end: Progress,
}

impl Ledger {
    /// Opens the database for a run that starts.
    pub(super) fn begin(path: &Path, journal: &Journal) -> anyhow::Result<Self> {
        let mut store = Store::create(path)?;
        store.begin(&journal.run)?;
        Ok(Self::new(store, journal, Progress::default()))
    }

    /// Opens the database for a run that goes on where its journal says.
    pub(super) fn go_on(path: &Path, journal: &Journal) -> anyhow::Result<Self> {
        let mut store = Store::create(path)?;
        let counted = store.go_on(&journal.run, journal.place.into())?;
        Ok(Self::new(store, journal, counted))
    }

    fn new(store: Store, journal: &Journal, counted: Progress) -> Self {
        let (section, waiting) = (Evidence::default(), Evidence::default());
        let start = journal.place.into();
        Self { store, run: journal.run.clone(), counted, start, section, waiting, end: start }
    }

    /// Takes in a batch.
    pub(super) fn add(&mut self, rows: &Rows) -> anyhow::Result<()> {
        self.section.add(&rows.evidence);
        if rows.end.section { self.end_section(rows.end.place.into()) } else { Ok(()) }
    }

    fn end_section(&mut self, end: Progress) -> anyhow::Result<()> {
        let section = std::mem::take(&mut self.section);
        let start = std::mem::replace(&mut self.start, end);
        if end <= self.counted {
            return Ok(());
        }
        if start < self.counted {
            bail!(
                "the database `{}` ends in the middle of a section, so the run was another one; start anew with --force \
                 and a new database",
                self.store.path().display()
            );
        }
        self.waiting.add(&section);
        self.end = end;
        Ok(())
    }

    /// Writes what waits into the database.
    pub(super) fn note(&mut self) -> anyhow::Result<()> {
        if self.end > self.counted {
            self.store.add(&self.run, self.end, &self.waiting)?;
            self.waiting = Evidence::default();
            self.counted = self.end;
        }
        Ok(())
    }

    /// Writes that the run is finished.
    pub(super) fn finish(&mut self) -> anyhow::Result<()> {
        self.note()?;
        Ok(self.store.finish(&self.run)?)
    }
}

impl From<Place> for Progress {
    fn from(place: Place) -> Self {
        Self { input: place.input as u64, position: place.position }
    }
}

//! What `filter` and `score` are told of a page's source.
//!
//! A build without the feature `hosts` has no options for it, and knows nothing of any source.

use crate::classify::SourceEvidence;
use crate::{Document, RecordError};
use clap::Args;
use std::path::Path;
#[cfg(feature = "hosts")]
use {
    crate::host::{List, Lookup, Store},
    anyhow::bail,
    std::path::PathBuf,
};

/// What is known of the sources of pages.
#[derive(Debug, Args)]
pub(super) struct KnownArguments {
    /// Folder of lists that `pagesieve hosts import` wrote, or the `.json` of one; may be given several times. A list's entry
    /// is evidence with a bounded weight: it drops no page that is clean by itself
    #[cfg(feature = "hosts")]
    #[arg(long, value_name = "DIR|FILE", help_heading = "Sources")]
    lists: Vec<PathBuf>,
    /// Database that an earlier `filter --hosts` wrote: what the host's pages were like then is evidence with a bounded
    /// weight. It is only read
    #[cfg(feature = "hosts")]
    #[arg(long, value_name = "FILE", help_heading = "Sources")]
    known_hosts: Option<PathBuf>,
}

/// Where it is looked up what is known of a page's source.
#[derive(Debug)]
pub(super) struct Known {
    #[cfg(feature = "hosts")]
    lookup: Option<Lookup>,
}

#[cfg(feature = "hosts")]
impl KnownArguments {
    /// Opens what was given.
    pub(super) fn open(&self) -> anyhow::Result<Known> {
        if self.lists.is_empty() && self.known_hosts.is_none() {
            return Ok(Known { lookup: None });
        }
        let store = self.known_hosts.as_ref().map(Store::open).transpose()?;
        let mut lists = Vec::new();
        for path in &self.lists {
            let found = List::open_all(path)?;
            if found.is_empty() {
                bail!(
                    "`{}` has no list: expected `NAME.json` with `NAME.fst` beside it; make them with `pagesieve hosts import`",
                    path.display()
                );
            }
            lists.extend(found);
        }
        Ok(Known { lookup: Some(Lookup::new(store, lists)?) })
    }

    /// The database of the earlier run.
    pub(super) fn known_hosts(&self) -> Option<&Path> {
        self.known_hosts.as_deref()
    }
}

#[cfg(not(feature = "hosts"))]
#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "builds with lists have something to open")]
impl KnownArguments {
    pub(super) fn open(&self) -> anyhow::Result<Known> {
        Ok(Known {})
    }

    pub(super) fn known_hosts(&self) -> Option<&Path> {
        None
    }
}

#[cfg(feature = "hosts")]
impl Known {
    /// What is known of a page's source. Fails where the database cannot be read any more.
    pub(super) fn of(&self, document: &Document) -> Result<SourceEvidence, RecordError> {
        let Some(lookup) = &self.lookup else { return Ok(SourceEvidence::default()) };
        lookup.of(document.url()).map_err(|error| RecordError {
            id: document.id().to_owned(),
            url: document.url().map(str::to_owned),
            kind: "unreadable_evidence",
            message: format!(
                "what is known of the page's source could not be read, so it was not judged: {error}"
            ),
        })
    }

    /// Names and values of what changes the output, for the journal of a run.
    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        let (lists, known_hosts) = self.lookup.as_ref().map(Lookup::digest).unwrap_or_default();
        vec![("lists", lists), ("known-hosts", known_hosts)]
    }
}

#[cfg(not(feature = "hosts"))]
#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "builds with lists know something")]
impl Known {
    pub(super) fn of(&self, _: &Document) -> Result<SourceEvidence, RecordError> {
        Ok(SourceEvidence::default())
    }

    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

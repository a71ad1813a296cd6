//! One page: the argument and the way to its report, for `score`, `label` and `body`.

use super::arguments::{JudgeArguments, SourceArguments};
use super::known::Known;
use crate::input::{Input, Inputs};
use crate::provenance::Provenance;
use crate::{Document, Report};
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// One page and how it is judged.
#[derive(Debug, Args)]
pub(super) struct SinglePageArguments {
    /// A file, a URL, or `-` for standard input
    #[arg(value_name = "URL|FILE|-")]
    page: PathBuf,
    #[command(flatten)]
    reading: ReadingArguments,
}

/// How one page is read and judged.
#[derive(Debug, Args)]
pub(super) struct ReadingArguments {
    /// The page's URL, where the file does not say it; links in Markdown are made absolute with it
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    pub(super) judge: JudgeArguments,
    #[command(flatten)]
    pub(super) source: SourceArguments,
}

impl SinglePageArguments {
    /// Reads and judges the page.
    pub(super) fn report(&self) -> anyhow::Result<(Report, Provenance)> {
        let (document, from) = self.reading.page(&self.page)?;
        Ok((self.reading.judge.filter()?.check(&document), from))
    }

    /// The same with what is known of the page's source, and with why each block has its label where that is asked for.
    pub(super) fn report_from(&self, known: &Known, explained: bool) -> anyhow::Result<(Report, Provenance)> {
        let (document, from) = self.reading.page(&self.page)?;
        let known = known.of(&document).map_err(|error| anyhow::anyhow!(error.message))?;
        let filter = self.reading.judge.filter()?;
        let judged = if explained {
            filter.explain_from(&document, known)
        } else {
            filter.check_from(&document, known)
        };
        Ok((judged, from))
    }
}

impl ReadingArguments {
    /// The page of a file, of a URL, or of standard input.
    pub(super) fn document(&self, page: &Path) -> anyhow::Result<Document> {
        Ok(self.page(page)?.0)
    }

    /// The page, and where it came from.
    fn page(&self, page: &Path) -> anyhow::Result<(Document, Provenance)> {
        let (document, from) = self.record(page)?;
        // An empty URL is no URL.
        let url = self.url.as_deref().map(str::trim).filter(|url| !url.is_empty());
        Ok((document.with_url_if(url), from))
    }

    fn record(&self, page: &Path) -> anyhow::Result<(Document, Provenance)> {
        if page.is_dir() {
            bail!("`{}` is a folder and this command takes one page; use `pagesieve filter`", page.display());
        }
        let inputs = Inputs::new([page], self.source.options());
        let input = inputs.iter().next().context("no page was given; name a file, a URL, or `-`")?;
        only_record(input)
    }
}

fn only_record(input: &Input) -> anyhow::Result<(Document, Provenance)> {
    let mut records = input.open()?;
    let Some(record) = records.next() else {
        bail!("`{}` holds no page; a page is HTML or text", input.name());
    };
    if records.next().is_some() {
        bail!(
            "`{}` holds more than one page and this command takes one; use `pagesieve filter`",
            input.name()
        );
    }
    let document = record.outcome.map_err(|error| anyhow::anyhow!("{}: {}", error.id, error.message))?;
    Ok((document, record.provenance))
}

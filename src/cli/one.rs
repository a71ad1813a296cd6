//! One page: the argument and the way to its report, for `score`, `label` and `body`.

use super::arguments::{JudgeArguments, SourceArguments};
use crate::input::{Input, Inputs};
use crate::{Document, Report};
use anyhow::{Context, bail};
use clap::Args;
use std::path::PathBuf;

/// One page and how it is judged.
#[derive(Debug, Args)]
pub(super) struct OneArguments {
    /// A file, a URL, or `-` for standard input
    #[arg(value_name = "URL|FILE|-")]
    page: PathBuf,
    /// The page's URL, where the file does not say it; links in Markdown are made absolute with it
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    judge: JudgeArguments,
    #[command(flatten)]
    source: SourceArguments,
}

impl OneArguments {
    /// Reads and judges the page.
    pub(super) fn report(&self) -> anyhow::Result<Report> {
        let mut document = self.document()?;
        if let Some(url) = &self.url {
            document = document.with_url(url);
        }
        Ok(self.judge.filter()?.check(&document))
    }

    fn document(&self) -> anyhow::Result<Document> {
        if self.page.is_dir() {
            bail!(
                "`{}` is a folder and this command takes one page; use `pagesieve filter`",
                self.page.display()
            );
        }
        let inputs = Inputs::new([&self.page], self.source.options());
        let input = inputs.iter().next().context("no page was given; name a file, a URL, or `-`")?;
        only_record(input)
    }
}

fn only_record(input: &Input) -> anyhow::Result<Document> {
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
    record.outcome.map_err(|error| anyhow::anyhow!("{}: {}", error.id, error.message))
}

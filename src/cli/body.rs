//! `pagesieve body`: the article alone.

use super::arguments::FormatName;
use super::single_page::SinglePageArguments;
use super::{Exit, message};
use crate::output::{BodyFormat, printable};
use clap::Args;
use std::io::{self, IsTerminal};

/// Print the main content of one page, as text or Markdown
#[derive(Debug, Args)]
pub(super) struct BodyArguments {
    /// How the body is written
    #[arg(long, value_enum, default_value_t)]
    format: FormatName,
    #[command(flatten)]
    page: SinglePageArguments,
}

pub(super) fn run(arguments: &BodyArguments) -> anyhow::Result<Exit> {
    let (report, _) = arguments.page.report()?;
    let body = BodyFormat::from(arguments.format).write(&report);
    if body.is_empty() {
        message::note(
            "no main content was found; `pagesieve label --explain` says what each block was taken for",
        );
        return Ok(Exit::Fine);
    }
    let text = if io::stdout().is_terminal() { printable(&body) } else { body.as_str().into() };
    message::print(format!("{text}\n"))?;
    Ok(Exit::Fine)
}

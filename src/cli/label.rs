//! `pagesieve label`: every block, coloured by its label; and which pages of a result are worth a look.

mod queue;

use super::Exit;
use super::single_page::ReadingArguments;
use crate::Report;
use crate::output::{Listing, write_labels};
use anstream::{AutoStream, ColorChoice};
use clap::{Args, ValueEnum};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Columns where standard output is no terminal.
const COLUMNS: usize = 100;

/// List every block of one page with its label and probability
///
/// The number is the calibrated probability that the label is right, 0 to 1. With --from the page is one of those that
/// `pagesieve filter` judged, and with --queue all of them are listed, those first that are worth a correction.
#[derive(Debug, Args)]
pub(super) struct LabelArguments {
    /// Add why each block has its label: the reason, its index and its place in the page, the runner-up, and the three
    /// strongest signs for and against in log-odds
    #[arg(long)]
    explain: bool,
    /// When to colour; `auto` does on a terminal unless `NO_COLOR` is set
    #[arg(long, value_enum, default_value_t)]
    color: ColorName,
    /// Columns of a line, from 40 (default: the terminal's, else 100); a CJK character takes two
    #[arg(long, value_parser = clap::value_parser!(u16).range(40..))]
    width: Option<u16>,
    /// A file, a URL, or `-` for standard input
    #[arg(value_name = "URL|FILE|-", required_unless_present = "from", conflicts_with = "from")]
    input: Option<PathBuf>,
    #[command(flatten)]
    queue: queue::QueueArguments,
    #[command(flatten)]
    reading: ReadingArguments,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ColorName {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<ColorName> for ColorChoice {
    fn from(name: ColorName) -> Self {
        match name {
            ColorName::Auto => Self::Auto,
            ColorName::Always => Self::Always,
            ColorName::Never => Self::Never,
        }
    }
}

impl LabelArguments {
    fn listing(&self) -> Listing {
        let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let listing = Listing::new(self.width.map(usize::from).or(terminal).unwrap_or(COLUMNS));
        if self.explain { listing.with_explanations() } else { listing }
    }
}

pub(super) fn run(arguments: &LabelArguments) -> anyhow::Result<Exit> {
    if arguments.queue.lists() {
        return arguments.queue.list();
    }
    let (document, exit) = match &arguments.input {
        Some(input) => (arguments.reading.document(input)?, Exit::Fine),
        None => arguments.queue.document(&arguments.reading.source)?,
    };
    let filter = arguments.reading.judge.filter()?;
    show(&if arguments.explain { filter.explain(&document) } else { filter.check(&document) }, arguments)?;
    Ok(exit)
}

fn show(report: &Report, arguments: &LabelArguments) -> anyhow::Result<()> {
    let stream = AutoStream::new(io::stdout().lock(), arguments.color.into());
    let mut out = BufWriter::new(stream);
    write_labels(&mut out, report, arguments.listing())?;
    Ok(out.flush()?)
}

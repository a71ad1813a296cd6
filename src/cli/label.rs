//! `pagesieve label`: every block, coloured by its label.

use super::Exit;
use super::one::OneArguments;
use crate::output::{Listing, write_labels};
use anstream::{AutoStream, ColorChoice};
use clap::{Args, ValueEnum};
use std::io::{self, BufWriter, Write};

/// Columns where standard output is no terminal.
const COLUMNS: usize = 100;

/// List every block of one page with its label and probability
///
/// The number is the calibrated probability that the label is right, 0 to 1.
#[derive(Debug, Args)]
pub(super) struct LabelArguments {
    /// Add why each block has its label, its index, and its lines or its path in the page
    #[arg(long)]
    explain: bool,
    /// When to colour; `auto` does on a terminal unless `NO_COLOR` is set
    #[arg(long, value_enum, default_value_t)]
    color: ColorName,
    /// Columns of a line, from 40 (default: the terminal's, else 100); a CJK character takes two
    #[arg(long, value_parser = clap::value_parser!(u16).range(40..))]
    width: Option<u16>,
    #[command(flatten)]
    one: OneArguments,
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
    let report = arguments.one.report()?;
    let stream = AutoStream::new(io::stdout().lock(), arguments.color.into());
    let mut out = BufWriter::new(stream);
    write_labels(&mut out, &report, arguments.listing())?;
    out.flush()?;
    Ok(Exit::Fine)
}

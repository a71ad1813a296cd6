//! `pagesieve hosts export`: evidence → lists for crawlers.

use super::ListArguments;
use crate::Error;
use crate::cli::{Exit, message};
use crate::host::{ExportFormat, MIN_PAGES, Purpose, Rule, Selection, Store};
use clap::{ArgGroup, Args, ValueEnum};
use std::fs;
use std::path::PathBuf;

/// Write a list for a crawler: what to leave out, or what to fetch first
///
/// A registrable domain is denied as a whole by its typical section; where only a section is bad, the section is
/// denied alone, in formats that can say so. The list says by which rule it was made and how long it is.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("purpose").required(true).args(["deny", "priority"]))]
pub(super) struct ExportArguments {
    /// What to leave out
    #[arg(long)]
    deny: bool,
    /// What to fetch first: by authority where it is known, then by behaviour
    #[arg(long)]
    priority: bool,
    /// How the list is written
    #[arg(long, value_enum, default_value_t)]
    format: FormatName,
    /// The database of evidence
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
    #[command(flatten)]
    lists: ListArguments,
    /// --deny: the highest score of behaviour that is denied
    #[arg(long, value_name = "SCORE", default_value_t = 0.1, value_parser = score)]
    max_behaviour: f64,
    /// --priority: the lowest score of behaviour that comes first
    #[arg(long, value_name = "SCORE", default_value_t = 0.8, value_parser = score)]
    min_behaviour: f64,
    /// Pages under which behaviour chooses nothing
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(MIN_PAGES..))]
    min_pages: u64,
    /// --deny: deny also what the lists score at most so high; without it lists deny nothing
    #[arg(long, value_name = "SCORE", requires = "lists", conflicts_with = "priority", value_parser = score)]
    max_lists: Option<f64>,
    /// The file that is written (default: standard output)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum FormatName {
    /// One registrable domain a line; sections are left out
    #[default]
    Domains,
    /// One SURT prefix a line
    Surt,
    /// JSON: arguments of Scrapy's `LinkExtractor`, or a priority by domain
    Scrapy,
    /// Heritrix: lines of a SURT prefix file, or seeds
    Heritrix,
    /// Nutch: lines of regex-urlfilter.txt, or seeds with `nutch.score`
    Nutch,
}

impl From<FormatName> for ExportFormat {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Domains => Self::Domains,
            FormatName::Surt => Self::Surt,
            FormatName::Scrapy => Self::Scrapy,
            FormatName::Heritrix => Self::Heritrix,
            FormatName::Nutch => Self::Nutch,
        }
    }
}

fn score(text: &str) -> Result<f64, String> {
    let score = text.parse().ok().filter(|score| (0.0..=1.0).contains(score));
    score.ok_or_else(|| "expected a score from 0 to 1".to_owned())
}

pub(super) fn run(arguments: &ExportArguments) -> anyhow::Result<Exit> {
    let rule = arguments.rule();
    let selection = Selection::of(rule, &Store::open(&arguments.db)?, &arguments.lists.open()?)?;
    let mut text = Vec::new();
    let (written, left_out) = selection.write(arguments.format.into(), &mut text)?;
    if let Some(path) = &arguments.output {
        fs::write(path, &text).map_err(Error::io("write", path))?;
    } else {
        message::print(&text)?;
    }
    message::note(&format!(
        "{written} chosen of {} registrable domains, {left_out} sections left out: {rule}",
        selection.domains
    ));
    Ok(Exit::Fine)
}

impl ExportArguments {
    fn rule(&self) -> Rule {
        let (purpose, behaviour) = if self.deny {
            (Purpose::Deny, self.max_behaviour)
        } else {
            (Purpose::Priority, self.min_behaviour)
        };
        Rule { purpose, behaviour, min_pages: self.min_pages, lists: self.max_lists }
    }
}

//! `pagesieve eval`: figures of labelled sets, through the door that everybody uses.

use super::arguments::JudgeArguments;
use super::{Exit, message};
use crate::eval::{
    Evaluation, Floors, GoldPage, GoldSet, Prediction, SetResult, oracle, pieces, to_json, write_predictions, write_table,
};
use crate::page::{Limits, Page};
use crate::{Document, Error};
use anyhow::Context;
use clap::Args;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Measure how well main content is found on labelled pages
///
/// A set is a folder: `gold.jsonl` and html/, WCXB's dev or test, the article-extraction-benchmark, or
/// training data of this project. Word and shingle precision, recall and F1 run from 0 to 1; the figure behind
/// ± is the standard error of F1. Exit code 1 when a figure is below its floor.
#[derive(Debug, Args)]
pub(super) struct EvalArguments {
    /// Folders of labelled pages
    #[arg(required = true, value_name = "SET")]
    sets: Vec<PathBuf>,
    /// JSON file of figures that must be reached: `{"wcxb-dev": {"word_f1": 0.88}}`
    #[arg(long, value_name = "FILE")]
    floors: Option<PathBuf>,
    /// Leave out pages whose id this set has
    #[arg(long, value_name = "SET")]
    minus: Option<PathBuf>,
    /// Take the blocks that the gold text is aligned to instead of the model's choice: the best that a choice of whole
    /// blocks can reach
    #[arg(long)]
    oracle: bool,
    /// Print the figures as one JSON object
    #[arg(long)]
    json: bool,
    /// List so many pages of lowest word F1 of each set
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "json")]
    worst: usize,
    /// Write each set's predicted bodies to DIR/SET.jsonl
    #[arg(long, value_name = "DIR")]
    predictions: Option<PathBuf>,
    /// Threads that judge pages, 1 to 1024 (default: one for each processor)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    judge: JudgeArguments,
}

pub(super) fn run(arguments: &EvalArguments) -> anyhow::Result<Exit> {
    let floors = arguments.floors.as_deref().map(Floors::open).transpose()?;
    let sets = arguments.gold()?;
    let filter = arguments.judge.filter()?;
    let results =
        arguments.evaluation().run(&sets, |document, page| match arguments.oracle(document, page) {
            Some(best) => Prediction::new(best),
            None => Prediction::new(filter.check(document).body()),
        });
    arguments.write(&results)?;
    if let Some(folder) = &arguments.predictions {
        results.iter().try_for_each(|set| write_set(folder, set))?;
    }
    Ok(judged(&results, floors.as_ref()))
}

impl EvalArguments {
    fn gold(&self) -> anyhow::Result<Vec<GoldSet>> {
        let minus = self.minus.as_deref().map(GoldSet::open).transpose()?;
        let without = |set: GoldSet| match &minus {
            Some(minus) => set.without_pages_of(minus),
            None => set,
        };
        self.sets.iter().map(|folder| Ok(without(GoldSet::open(folder)?))).collect()
    }

    /// The text of the blocks that the gold was aligned to, when it was asked for.
    fn oracle(&self, document: &Document, page: &GoldPage) -> Option<String> {
        let gold = page.text.as_deref().filter(|_| self.oracle)?;
        let page = Page::read(document, &Limits::default());
        Some(oracle(&pieces(&page), gold))
    }

    fn evaluation(&self) -> Evaluation {
        match self.threads.and_then(|threads| NonZeroUsize::new(usize::from(threads))) {
            Some(threads) => Evaluation::default().with_threads(threads),
            None => Evaluation::default(),
        }
    }

    fn write(&self, results: &[SetResult]) -> anyhow::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        if self.json {
            writeln!(out, "{}", to_json(results))?;
        } else {
            write_table(&mut out, results, self.worst)?;
        }
        Ok(out.flush()?)
    }
}

fn write_set(folder: &Path, set: &SetResult) -> anyhow::Result<()> {
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let path = folder.join(format!("{}.jsonl", set.name));
    let mut out = BufWriter::new(File::create(&path).map_err(Error::io("write", &path))?);
    let written = write_predictions(&mut out, set).and_then(|()| out.flush());
    written.with_context(|| format!("cannot write `{}`", path.display()))
}

/// Tells what fell short and gives the exit code.
fn judged(results: &[SetResult], floors: Option<&Floors>) -> Exit {
    let errors = results
        .iter()
        .flat_map(|set| &set.pages)
        .filter_map(|page| page.prediction.error.as_ref().map(|error| format!("{}: {error}", page.id)));
    let errors = errors.inspect(|error| message::note(error)).count();
    let short = floors.map(|floors| floors.shortfalls(results)).unwrap_or_default();
    for shortfall in &short {
        message::note(&shortfall.to_string());
    }
    match (errors, short.is_empty()) {
        (1.., _) => Exit::Failed,
        (0, false) => Exit::Below,
        (0, true) => Exit::Fine,
    }
}

//! `pagesieve train`: labelled pages in, a model file out, with its figures out of fold.

mod adapt;

use super::model;
use super::{Exit, message};
use crate::eval::{Confusion, write_predictions, write_reliability, write_table};
use crate::model::{Bundle, Part};
use crate::train::{Backend, Dataset, Options, RowFilter, train, train_kinds};
use crate::{Error, atomic_file};
use anyhow::bail;
use clap::{Args, ValueEnum};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Train the model on labelled pages
///
/// Data are folders in any layout that `pagesieve eval` reads (pages with block labels and single lines count too), and
/// files of JSON lines with labelled texts or pages. Writes DIR/blocks.model (what is main content), DIR/kinds.model (what
/// the rest is) and their readable headers, and prints figures out of fold: each page is judged by a model that saw no
/// page of its registrable domain. Use the models with --model DIR. With --base the models stay as they are, and what is
/// fitted are corrections on top of them, DIR/adapter.model.
#[derive(Debug, Args)]
pub(super) struct TrainArguments {
    /// Folders of labelled pages, files of JSON lines
    #[arg(required = true, value_name = "DATA")]
    data: Vec<PathBuf>,
    /// Pages that are labelled as a whole, JSON lines of {html or text, kind}, also {url, id}: what a page's kind is learned
    /// from. May be given several times
    #[arg(long, value_name = "FILE")]
    pages: Vec<PathBuf>,
    /// Folder of the model file; it is made where there is none
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Folds by registrable domain, 2 to 64
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=64))]
    folds: u16,
    /// Seed of all chance; the same data and seed give the same bytes
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Write what was predicted out of fold there, a file SET.jsonl of {"id","text"} lines for each set
    #[arg(long, value_name = "DIR")]
    predictions: Option<PathBuf>,
    /// Licence of the model and of its sources, for the model's header
    #[arg(long, value_name = "TEXT", default_value = "not stated")]
    licence: String,
    /// What fits the block forests
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
    /// What is trained: what is main content (blocks), what the rest is (kinds)
    #[arg(long, value_enum, value_name = "MODEL")]
    only: Option<Only>,
    /// Leave out rows of JSON lines that are marked `"redist": false`: for a model that is passed on
    #[arg(long)]
    redistributable: bool,
    /// Leave out rows of JSON lines whose `source` starts with this; may be given again
    #[arg(long, value_name = "SOURCE")]
    exclude_source: Vec<String>,
    /// Fit corrections on top of models that stay as they are: `builtin`, or a folder with blocks.model and kinds.model.
    /// Takes seconds, writes DIR/adapter.model, and prints figures before and after
    #[arg(long, value_name = "builtin|DIR", conflicts_with_all = ["only", "pages", "predictions", "backend", "redistributable", "exclude_source"])]
    base: Option<PathBuf>,
    /// No messages about what is going on
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum BackendName {
    /// Gradient-boosted trees
    #[default]
    Boosted,
    /// A random forest
    Forest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    Blocks,
    Kinds,
}

impl From<BackendName> for Backend {
    fn from(name: BackendName) -> Self {
        match name {
            BackendName::Boosted => Self::Boosted,
            BackendName::Forest => Self::RandomForest,
        }
    }
}

pub(super) fn run(arguments: &TrainArguments) -> anyhow::Result<Exit> {
    let (files, folders): (Vec<_>, Vec<_>) = arguments.data.iter().partition(|path| path.is_file());
    let mut dataset = report_problems(Dataset::open(&folders))?;
    if let Some(base) = &arguments.base {
        return adapt::run(arguments, &dataset, base, &files);
    }
    if arguments.only != Some(Only::Kinds) {
        train_blocks(arguments, &dataset)?;
    }
    if arguments.only != Some(Only::Blocks) {
        let filter = arguments.filter();
        files.iter().try_for_each(|file| report_problems(dataset.add_rows(file, &filter)))?;
        arguments.pages.iter().try_for_each(|file| dataset.add_found(file))?;
        train_of_kinds(arguments, &dataset)?;
    }
    Ok(Exit::Fine)
}

/// Trains the models of kinds, with the body model that stands in the output folder, else the built-in one.
fn train_of_kinds(arguments: &TrainArguments, dataset: &Dataset) -> anyhow::Result<()> {
    let blocks = arguments.output.join("blocks.model");
    let body = model::body_filter(&blocks)?;
    let tell = |text: &str| arguments.tell(text);
    let mut trained = match train_kinds(dataset, &body, arguments.options(), &tell) {
        Ok(trained) => trained,
        Err(problem) if arguments.only.is_none() => {
            tell(&format!("{problem}; no model of kinds is written, the built-in one serves"));
            return Ok(());
        }
        Err(problem) => bail!(problem),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for (title, confusion) in
        [("labels", trained.confusion()), ("labels by their words alone", trained.confusion_of_words())]
    {
        write_labels(&mut out, title, &confusion)?;
    }
    let reliability = trained.reliability();
    let rows = reliability.iter().map(|(name, found)| (name.clone(), found));
    write_reliability(&mut out, "probability of the likeliest label, out of fold", rows)?;
    out.flush()?;
    write_model(arguments, &mut trained.model)
}

/// Figures of each label, out of fold.
fn write_labels(out: &mut impl Write, title: &str, confusion: &Confusion) -> io::Result<()> {
    writeln!(
        out,
        "{title}, out of fold: macro F1 {:.4} of {} blocks",
        confusion.macro_f1(),
        confusion.total()
    )?;
    for label in confusion.labels() {
        let found = confusion.figures(label);
        let (name, support) = (label.as_str(), found.support);
        writeln!(
            out,
            "  {name:<10} {:.4} {:.4} {:.4} {support:>8}",
            found.precision, found.recall, found.f1
        )?;
    }
    writeln!(out)
}

fn train_blocks(arguments: &TrainArguments, dataset: &Dataset) -> anyhow::Result<()> {
    let tell = |text: &str| arguments.tell(text);
    let mut trained = report_problems(train(dataset, arguments.options(), &tell))?;
    write_model(arguments, &mut trained.model)?;
    let reliability = trained.reliability();
    if let Some(folder) = &arguments.predictions {
        write_predictions(folder, &trained.sets)?;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    write_table(&mut out, &trained.sets, 0)?;
    writeln!(out)?;
    let rows = reliability.iter().map(|(name, found)| (name.clone(), found));
    write_reliability(&mut out, "probability of main content, out of fold", rows)?;
    out.flush()?;
    Ok(())
}

impl TrainArguments {
    /// Says what is going on, if that is wanted.
    fn tell(&self, text: &str) {
        if !self.quiet {
            message::note(text);
        }
    }

    /// Which rows of JSON lines are read.
    fn filter(&self) -> RowFilter {
        let filter = if self.redistributable {
            RowFilter::default().with_redistributable_only()
        } else {
            RowFilter::default()
        };
        self.exclude_source.iter().fold(filter, |filter, source| filter.with_excluded(source))
    }

    fn options(&self) -> Options {
        let options = Options::default().with_folds(usize::from(self.folds)).with_seed(self.seed);
        options.with_backend(self.backend.into())
    }
}

/// Reports every problem of the data, each on a line of its own.
fn report_problems<T>(outcome: Result<T, Vec<Error>>) -> anyhow::Result<T> {
    outcome.or_else(|problems| {
        let count = problems.len();
        if let [_] = problems.as_slice() {
            return Err(problems.into_iter().next().map_or_else(|| anyhow::anyhow!("no data"), Into::into));
        }
        for problem in problems {
            message::error(&problem.into());
        }
        bail!("{count} problems in the labelled data; mend them and train again")
    })
}

/// Writes a model, read back to prove it, and its readable header.
fn write_model<P: Part>(arguments: &TrainArguments, model: &mut Bundle<P>) -> anyhow::Result<()> {
    model.licence.clone_from(&arguments.licence);
    let folder = &arguments.output;
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let bytes = model.to_bytes()?;
    let header = serde_json::to_string_pretty(&Bundle::<P>::from_bytes("new model", &bytes)?)? + "\n";
    for (ending, bytes) in [("model", bytes), ("json", header.into_bytes())] {
        atomic_file::write(&folder.join(format!("{}.{ending}", P::TASK)), bytes)?;
    }
    Ok(())
}

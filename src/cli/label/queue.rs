//! `pagesieve label --from`: the queue of a result file, and one of its pages.

use crate::annotate::{Order, Origin, Queue, Queued, Sources};
use crate::cli::arguments::SourceArguments;
use crate::cli::{Exit, message};
use crate::input::Inputs;
use crate::output::printable;
use crate::{Document, Error, atomic_file};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// Which page of a result.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pages of a result")]
pub(super) struct QueueArguments {
    /// A result of `pagesieve filter --blocks`, also .gz and .zst
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// List the pages of --from in the order in which they are worth a look
    #[arg(long, requires = "from")]
    queue: bool,
    /// What is worth a look
    #[arg(long, value_enum, default_value_t, requires = "queue")]
    by: OrderName,
    /// Folder of pages that are labelled already: they come last, and the queue is written to `queue.jsonl` in it, in the
    /// order in which the inspector walks through it
    #[arg(long, value_name = "DIR", requires = "queue")]
    labels: Option<PathBuf>,
    /// List so many pages
    #[arg(long, value_name = "N", requires = "queue", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Print the queue as JSON lines
    #[arg(long, requires = "queue")]
    json: bool,
    /// Show the page of this id
    #[arg(long, value_name = "ID", requires = "from", conflicts_with = "queue", required_unless_present_any = ["queue", "input"])]
    page: Option<String>,
    /// Inputs that were filtered, in which the page is looked for by its id; several --pages, one each
    #[arg(long, value_name = "INPUT", requires = "page")]
    pages: Vec<PathBuf>,
    /// Fetch the page by its URL where the inputs do not have it; else the texts of its row are shown
    #[cfg(feature = "fetch")]
    #[arg(long, requires = "page")]
    fetch: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum OrderName {
    /// What the models were least sure of
    #[default]
    Uncertain,
    /// What is least like all that is labelled already, and like the pages before it
    Different,
    /// As the rows stand in the file
    Order,
}

impl From<OrderName> for Order {
    fn from(name: OrderName) -> Self {
        match name {
            OrderName::Uncertain => Self::Uncertain,
            OrderName::Different => Self::Different,
            OrderName::Order => Self::File,
        }
    }
}

/// A line of `queue.jsonl` and of `--queue --json`.
#[derive(Serialize)]
struct Ranked<'a> {
    v: u8,
    /// Place in the queue, from 1.
    rank: usize,
    /// The result it is from.
    from: &'a str,
    #[serde(flatten)]
    page: &'a Queued,
}

impl QueueArguments {
    /// Whether the queue is asked for.
    pub(super) fn lists(&self) -> bool {
        self.queue
    }

    /// Prints the queue and writes it into the folder of labels.
    pub(super) fn list(&self) -> anyhow::Result<Exit> {
        let (mut queue, exit) = self.read()?;
        if let Some(labels) = &self.labels {
            queue.compare(labels).map_err(|errors| all(&errors))?;
        }
        let most = self.limit.map_or(usize::MAX, |limit| limit as usize);
        let pages: Vec<&Queued> = queue.ranked(self.by.into()).take(most).collect();
        let rows = rows(&pages, &self.whole_path()?)?;
        if let Some(labels) = &self.labels {
            write_into(labels, &rows)?;
        }
        message::print(if self.json { rows } else { table(&pages) })?;
        Ok(exit)
    }

    /// The page that --page names.
    pub(super) fn document(&self, source: &SourceArguments) -> anyhow::Result<(Document, Exit)> {
        let (queue, exit) = self.read()?;
        let id = self.page.as_deref().context("name the page with --page, or list all with --queue")?;
        let Some(at) = queue.position(id) else {
            bail!("the result has no page `{id}`; `--queue --by order` lists its pages");
        };
        let mut sources = Sources::new();
        if !self.pages.is_empty() {
            sources = sources.with_inputs(Inputs::new(&self.pages, source.options()));
        }
        #[cfg(feature = "fetch")]
        if self.fetch {
            sources = sources.with_fetch(source.fetch());
        }
        let found = sources.document(&queue.row(at)?)?;
        if found.origin == Origin::Row {
            message::note(
                "this is the text of the row; --pages INPUT or --fetch shows the page with its markup",
            );
        }
        Ok((found.document, exit))
    }

    /// Where the result is, whatever folder somebody reads the queue in.
    fn whole_path(&self) -> anyhow::Result<String> {
        let path = self.from.as_deref().unwrap_or(Path::new(""));
        Ok(std::path::absolute(path).map_err(Error::io("read", path))?.display().to_string())
    }

    fn read(&self) -> anyhow::Result<(Queue, Exit)> {
        let path = self.from.as_deref().context("name a result of `pagesieve filter` with --from")?;
        let queue = Queue::read(path)?;
        let (count, named) = queue.bad_rows();
        for bad in named {
            message::note(&format!("{}:{}: {}", path.display(), bad.line, bad.problem));
        }
        if count > named.len() as u64 {
            message::note(&format!("{} more lines are no rows", count - named.len() as u64));
        }
        Ok((queue, if count == 0 { Exit::Fine } else { Exit::Failed }))
    }
}

fn all(errors: &[Error]) -> anyhow::Error {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("{}", lines.join("\n"))
}

fn rows(pages: &[&Queued], from: &str) -> anyhow::Result<String> {
    let mut rows = String::new();
    for (at, page) in pages.iter().enumerate() {
        rows.push_str(&serde_json::to_string(&Ranked { v: 1, rank: at + 1, from, page })?);
        rows.push('\n');
    }
    Ok(rows)
}

fn table(pages: &[&Queued]) -> String {
    let line = |(at, page): (usize, &&Queued)| {
        let title = page.title.as_deref().or(page.url.as_deref()).unwrap_or("-");
        let (id, title) = (printable(&page.id), printable(title).replace('\n', " "));
        let known = if page.labelled { "  labelled" } else { "" };
        format!("{:>5}  {:.2}  {id}  {title}{known}\n", at + 1, page.uncertainty)
    };
    pages.iter().enumerate().map(line).collect()
}

/// Writes `queue.jsonl`, whole or not at all.
fn write_into(folder: &Path, rows: &str) -> anyhow::Result<()> {
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    Ok(atomic_file::write(&folder.join("queue.jsonl"), rows)?)
}
